# shellcheck shell=bash
# The nodes' init, run under tini: the bastion has one sshd, the login node one per policy.
# shellcheck source=../lib/sshd.sh
source /etc/node/sshd.sh
install_host_key

if [ "$(hostname)" = bastion ]; then
  start_sshd 22 "UsePAM no" "PasswordAuthentication yes" "KbdInteractiveAuthentication no" \
    "AllowStreamLocalForwarding no" "Banner /etc/node/banner"
  exec sleep infinity
fi

install -m 644 /etc/node/userca.pub /etc/ssh/userca.pub
install -m 644 /etc/node/pam_menu.so "/lib/$(uname -m)-linux-gnu/security/pam_menu.so"
sh /etc/node/reset-codes.sh

# pam_stack NAME AUTH_LINE... : a service of its own for the port that names it with PAMServiceName (OpenSSH >= 9.8).
pam_stack() {
  local name=$1
  shift
  {
    printf 'auth %s\n' "$@"
    echo 'account required pam_unix.so'
    echo 'session required pam_unix.so'
  } >"/etc/pam.d/$name"
}

PASSWORD_FIRST='requisite pam_unix.so'
OATH='required pam_oath.so usersfile=/etc/users.oath window=30 digits=6'
# shellcheck disable=SC2016 # pam expands ${USER}
GOOGLE='required pam_google_authenticator.so secret=/etc/ga/${USER} user=root'
pam_stack sshd-oath "$PASSWORD_FIRST" "$OATH"
pam_stack sshd-otponly "$OATH"
pam_stack sshd-ga "$PASSWORD_FIRST" "$GOOGLE"
pam_stack sshd-menu "$PASSWORD_FIRST" 'required pam_menu.so'

KEY_ONLY=("UsePAM no" "PasswordAuthentication no" "KbdInteractiveAuthentication no")
ASKS=("UsePAM yes" "PasswordAuthentication no" "KbdInteractiveAuthentication yes")

start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "KbdInteractiveAuthentication yes" \
  "TrustedUserCAKeys /etc/ssh/userca.pub" "AcceptEnv LANG"
start_sshd 2201 "${KEY_ONLY[@]}" "AllowStreamLocalForwarding no"
start_sshd 2202 "${KEY_ONLY[@]}" "AllowTcpForwarding no"
start_sshd 2203 "${KEY_ONLY[@]}" "DisableForwarding yes"
start_sshd 2204 "${ASKS[@]}" "PAMServiceName sshd-oath" "AuthenticationMethods keyboard-interactive"
start_sshd 2205 "${ASKS[@]}" "PAMServiceName sshd-otponly" "AuthenticationMethods publickey,keyboard-interactive"
start_sshd 2206 "${ASKS[@]}" "PAMServiceName sshd-ga" "AuthenticationMethods keyboard-interactive"
start_sshd 2207 "${ASKS[@]}" "PAMServiceName sshd-menu" "AuthenticationMethods keyboard-interactive"
start_sshd 2208 "${KEY_ONLY[@]}" "MaxSessions 1" "PermitTTY no" "Banner /etc/node/banner" \
  "ClientAliveInterval 5" "ClientAliveCountMax 1"
start_sshd 2209 "${KEY_ONLY[@]}" "ForceCommand internal-sftp"
exec sleep infinity
