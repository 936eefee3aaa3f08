#!/bin/bash
PATH=$PATH:/usr/lib/rstudio-server/bin:/opt/rstudio-server/bin
{% include "bash/tunel/words.sh" %}
{% include "bash/tunel/environment.sh" %}
absent=""
command -v rserver >/dev/null || absent="rserver (RStudio Server)"
r={{ tunel.quoted.r or "R" }}
case $r in */*) r=$(expand "$r") ;; esac
r=$(command -v "$r") || absent="$absent${absent:+ and }R"
[ -z "$absent" ] || missing "$absent: not found on $(hostname)." \
  "Load a module that has it (often 'rstudio-server' or 'rstudio', and 'r'), or run it in a container: rocker/rstudio has both."

# All that rserver keeps by itself is this launch's own: several run side by side, and nothing of root's is needed.
# R gets the umask of the user back, so that what it saves in a group's folder is as it would be anywhere else.
mask=$(umask)
umask 077
state=$TUNEL_DIR/rstudio
mkdir -p "$state/data" "$state/run" "$state/lib"
printf 'provider=sqlite\ndirectory=%s\n' "$state/lib" >"$state/database.conf"
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$state/secure-cookie-key"
# Called with the user's name, the password on stdin. Neither is in the environment or on a command line.
cat >"$state/pam-helper" <<EOF
#!/bin/sh
IFS= read -r given
[ "\$1" = "$(id -un)" ] && [ "\$given" = "\$(cat '$TUNEL_TOKEN_FILE')" ]
EOF
chmod 700 "$state/pam-helper"
umask "$mask"
# A job may be given that of the login node, which is not on this one.
[ -d "${XDG_RUNTIME_DIR:-}" ] || unset XDG_RUNTIME_DIR

help=$(rserver --help 2>&1)
options=(
  --server-daemonize=0 --server-user "$(id -un)" --server-data-dir "$state/run" --rsession-which-r "$r"
  --auth-none=0 --auth-pam-helper-path "$state/pam-helper" --auth-encrypt-password 0 --auth-stay-signed-in-days 30
  --secure-cookie-key-file "$state/secure-cookie-key"
)
knows() { grep -q -- "$1" <<<"$help"; }
knows database-config-file && options+=(--database-config-file "$state/database.conf")
knows auth-timeout-minutes && options+=(--auth-timeout-minutes 0)
knows www-verify-user-agent && options+=(--www-verify-user-agent 0)
if knows www-socket; then
  exec rserver "${options[@]}" --www-socket "$TUNEL_SOCKET"
fi
# Before 2024.09 it listens on ports only: one of loopback, which asks for the password, and a socket that leads to it.
command -v python3 >/dev/null || {
  echo "This RStudio Server cannot listen on a Unix socket (2024.09 and newer can), and python3 is not there to help." >&2
  exit 127
}
exec python3 "$TUNEL_DIR/files/bridge.py" "$TUNEL_SOCKET" rserver "${options[@]}" --www-address 127.0.0.1 --www-port
