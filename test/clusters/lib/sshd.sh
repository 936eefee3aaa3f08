# shellcheck shell=bash
# Sourced by a node's init from /etc/node: one sshd with a policy per port.

install_host_key() {
  install -m 600 /etc/node/host_key /etc/ssh/ssh_host_ed25519_key
  install -m 644 /etc/node/host_key.pub /etc/ssh/ssh_host_ed25519_key.pub
}

# start_sshd PORT OPTION... : each option is a line of sshd_config. Logs to /var/log/sshd_PORT.log.
start_sshd() {
  local port=$1
  shift
  cat >"/etc/ssh/sshd_$port" <<CONFIG
Port $port
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd/$port.pid
UseDNS no
PermitRootLogin no
X11Forwarding no
PrintMotd no
MaxStartups 100
CONFIG
  printf '%s\n' "$@" "Subsystem sftp internal-sftp" >>"/etc/ssh/sshd_$port"
  /usr/sbin/sshd -f "/etc/ssh/sshd_$port" -E "/var/log/sshd_$port.log"
}
