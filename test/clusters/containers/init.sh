# shellcheck shell=bash
# The node's init, run under tini.
# shellcheck source=../lib/sshd.sh
source /etc/node/sshd.sh
# shellcheck source=../lib/containers-node.sh
source /etc/node/containers-node.sh
install_host_key
allow_containers
start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "AcceptEnv LANG"
exec sleep infinity
