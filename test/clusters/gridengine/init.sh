# shellcheck shell=bash
# The nodes' init, run under tini; what a node does follows from its name.
# shellcheck source=../lib/sshd.sh
source /etc/node/sshd.sh
install_host_key
# shellcheck source=../lib/containers-node.sh
source /etc/node/containers-node.sh
allow_containers

# Who logs in gets these from /etc/profile.d, who runs a command over ssh from PAM.
printf 'export SGE_ROOT=/var/lib/gridengine SGE_CELL=default\n' >/etc/profile.d/gridengine.sh
printf 'SGE_ROOT=/var/lib/gridengine\nSGE_CELL=default\n' >>/etc/environment
source /etc/profile.d/gridengine.sh
echo sgelogin >"$SGE_ROOT/default/common/act_qmaster"
mkdir -p /run/gridengine
chown sgeadmin: /run/gridengine

as_admin() {
  setpriv --reuid=sgeadmin --regid=sgeadmin --init-groups "$@"
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

admits_this_host() {
  qconf -sh | grep -qx "$(hostname)"
}

# A queue as a change of Grid Engine's own template.
add_queue() {
  local name=$1
  shift
  qconf -sq | sed -e "s/^qname .*/qname $name/" "$@" >"/run/queue-$name"
  as_admin qconf -Aq "/run/queue-$name"
}

start_qmaster() {
  local configured=$SGE_ROOT/configured
  [ -s /var/spool/gridengine/spooldb/sge ] || as_admin /usr/lib/gridengine/spooldefaults defaults
  as_admin /usr/sbin/sge_qmaster
  poll 120 qconf -sh
  [ ! -e "$configured" ] || return 0 # the node was restarted

  as_admin qconf -ah sgelogin,e1,e2
  as_admin qconf -as sgelogin,e1,e2
  as_admin qconf -Ahgrp /etc/node/allhosts.hostgroup
  as_admin qconf -Ap /etc/node/smp.pe
  # unix_behavior: a script's first line picks its shell. Without load thresholds a busy machine still starts jobs.
  local common=(-e 's/^hostlist .*/hostlist @allhosts/' -e 's/^slots .*/slots 4/' -e 's/^pe_list .*/pe_list smp/'
    -e 's/^shell .*/shell \/bin\/bash/' -e 's/^shell_start_mode .*/shell_start_mode unix_behavior/'
    -e 's/^load_thresholds .*/load_thresholds NONE/' -e 's/^h_vmem .*/h_vmem 8G/')
  add_queue all.q "${common[@]}" -e 's/^h_rt .*/h_rt 8:00:00/'
  add_queue short.q "${common[@]}" -e 's/^h_rt .*/h_rt 0:10:00/' -e 's/^seq_no .*/seq_no 10/'

  qconf -ssconf | sed -e 's/^schedule_interval .*/schedule_interval 0:0:2/' \
    -e 's/^flush_submit_sec .*/flush_submit_sec 1/' -e 's/^flush_finish_sec .*/flush_finish_sec 1/' \
    -e 's/^queue_sort_method .*/queue_sort_method seqno/' >/run/sched_conf
  as_admin qconf -Msconf /run/sched_conf
  qconf -sconf global | sed -e 's/^load_report_time .*/load_report_time 00:00:05/' \
    -e 's/^gid_range .*/gid_range 20000-20100/' -e 's/^reporting_params /&accounting_flush_time=00:00:00 /' >/run/global
  (cd /run && as_admin qconf -Mconf global)
  touch "$configured"
}

case $(hostname) in
  sgelogin)
    start_sshd 22 "UsePAM yes" "PasswordAuthentication yes" "AcceptEnv LANG"
    start_qmaster
    ;;
  e*)
    poll 120 admits_this_host
    /usr/sbin/sge_execd
    ;;
esac
exec sleep infinity
