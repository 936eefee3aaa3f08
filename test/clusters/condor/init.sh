# shellcheck shell=bash
# The nodes' init, run under tini; what a node does follows from its name.
# shellcheck source=../lib/sshd.sh
source /etc/node/sshd.sh
install_host_key

if [ -e /etc/node/containers-node.sh ]; then
  # shellcheck source=../lib/containers-node.sh
  source /etc/node/containers-node.sh
  allow_containers
fi

daemons='MASTER STARTD'
case $(hostname) in
  csub)
    daemons='MASTER COLLECTOR NEGOTIATOR SCHEDD'
    start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "AcceptEnv LANG"
    ;;
  w*)
    # A person's home is on csub only: what is here is empty, and not theirs to write.
    mkdir -p /home/ada /home/ben
    ;;
esac

mkdir -p /etc/condor/config.d /run/condor /var/lock/condor /var/log/condor /var/lib/condor/spool /var/lib/condor/execute
chown condor: /run/condor /var/lock/condor /var/log/condor /var/lib/condor /var/lib/condor/*
install -d -m 700 /etc/condor/passwords.d /etc/condor/tokens.d
install -m 600 /etc/node/POOL /etc/condor/passwords.d/POOL
{
  cat /etc/node/pool.conf
  echo "FILESYSTEM_DOMAIN = $(hostname).pool.test"
  echo "DAEMON_LIST = $daemons"
} >/etc/condor/config.d/90-pool
/usr/sbin/condor_master -f >/var/log/condor/master.out 2>&1 &
exec sleep infinity
