# shellcheck shell=sh
# One-time-code state as new: no code used yet, no rate limit hit. Both modules hold the same secret.
umask 077
mkdir -p /etc/ga
echo 'HOTP/T30/6 ada - 3132333435363738393031323334353637383930' >/etc/users.oath
cat >/etc/ga/ada <<'STATE'
GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
" RATE_LIMIT 100 30
" WINDOW_SIZE 17
" DISALLOW_REUSE
" TOTP_AUTH
STATE
