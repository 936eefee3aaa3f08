# shellcheck shell=bash
# The nodes' init, run under tini; what a node does follows from its name.
# shellcheck source=../lib/sshd.sh
source /etc/node/sshd.sh
install_host_key

as_slurm() {
  setpriv --reuid=slurm --regid=slurm --init-groups "$@"
}

# poll SECONDS COMMAND... : asks until the command succeeds, each time after a longer pause, up to 1 s.
poll() {
  local end=$((SECONDS + $1)) pause=100
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
    pause=$((pause < 750 ? pause * 4 / 3 : 1000))
  done
}

slurmdbd_answers() {
  (exec 3<>/dev/tcp/127.0.0.1/6819)
}

# munged refuses to start unless the modes are exactly these.
start_munge() {
  mkdir -p /etc/munge /var/lib/munge /var/log/munge /run/munge
  cp /etc/node/munge.key /etc/munge/munge.key
  chown -R munge: /etc/munge /var/lib/munge /var/log/munge /run/munge
  chmod 600 /etc/munge/munge.key
  chmod 700 /etc/munge /var/log/munge
  chmod 711 /var/lib/munge
  chmod 755 /run/munge
  setpriv --reuid=munge --regid=munge --init-groups /usr/sbin/munged --num-threads=2
}

# A small, fast database: what it holds need not survive a power cut.
start_mariadb() {
  mkdir -p /run/mysqld /run/mariadbd /var/lib/mysql
  chown mysql: /run/mysqld /run/mariadbd /var/lib/mysql
  [ -d /var/lib/mysql/mysql ] || mariadb-install-db --user=mysql --skip-test-db >/dev/null
  setpriv --reuid=mysql --regid=mysql --init-groups /usr/sbin/mariadbd --skip-networking --skip-log-bin \
    --innodb-buffer-pool-size=32M --innodb-log-file-size=8M \
    --innodb-flush-log-at-trx-commit=0 --innodb-lock-wait-timeout=900 >/var/log/mariadb.log 2>&1 &
  poll 120 mysqladmin ping
  mysql <<'SQL'
create database if not exists slurm_acct_db;
create user if not exists slurm@localhost identified via unix_socket;
grant all on slurm_acct_db.* to slurm@localhost;
SQL
}

# sacctmgr fails when the thing is there already, as after a restart of this node.
start_accounting() {
  # slurmdbd insists on a file only slurm can read; /etc/slurm is shared by all nodes.
  install -m 600 -o slurm -g slurm /etc/slurm/slurmdbd.conf.in /run/slurm/slurmdbd.conf
  as_slurm env --chdir=/ SLURM_CONF=/run/slurm/slurmdbd.conf /usr/sbin/slurmdbd -D >/var/log/slurm/slurmdbd.out 2>&1 &
  poll 120 slurmdbd_answers
  local cluster
  cluster=$(sed -n 's/^ClusterName=//p' /etc/slurm/slurm.conf)
  sacctmgr -i add cluster "$cluster" || true
  sacctmgr -i add account lab description=lab organization=lab || true
  sacctmgr -i add user ada account=lab || true
  sacctmgr -i add user ben account=lab || true
}

# ssh to a compute node only with a job there.
only_with_a_job() {
  cat >/etc/pam.d/sshd <<'PAM'
account required pam_slurm.so
account required pam_unix.so
auth required pam_unix.so
session required pam_unix.so
PAM
}

keep_slurmd_running() {
  while :; do
    /usr/sbin/slurmd -D >>/var/log/slurm/slurmd.out 2>&1 || true
    sleep 0.3
  done
}

if [ -e /etc/node/containers-node.sh ]; then
  # shellcheck source=../lib/containers-node.sh
  source /etc/node/containers-node.sh
  allow_containers
fi
start_munge
mkdir -p /var/lib/slurm/ctld /var/lib/slurm/slurmd /var/log/slurm /run/slurm
chown -R slurm: /var/lib/slurm /var/log/slurm /run/slurm

case $(hostname) in
  sctl)
    start_mariadb
    start_accounting
    as_slurm /usr/sbin/slurmctld -D >/var/log/slurm/slurmctld.out 2>&1 &
    ;;
  c*)
    if [ "$(hostname)" = c2 ]; then
      touch /dev/fakegpu0 /dev/fakegpu1
    fi
    only_with_a_job
    start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "AcceptEnv LANG"
    keep_slurmd_running &
    ;;
  slogin)
    start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "AcceptEnv LANG"
    ;;
esac
exec sleep infinity
