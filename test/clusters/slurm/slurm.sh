# shellcheck shell=bash
# A Slurm cluster, whatever its version: slogin (ssh, the commands), sctl (slurmctld, slurmdbd, mariadb), c1 and c2
# (slurmd; ssh only for who has a job there). Only slogin is reachable from here.
# Set before sourcing: STACK, PREFIX (outside), INNER (between the nodes) and slurm_conf_for_version.

ENTRY=slogin
NODES=(sctl slogin c1 c2)
STACKS=("$STACK")

slurm_idle() {
  # shellcheck disable=SC2016 # runs inside the node
  node_exec slogin bash -c '[ "$(sinfo -h -t idle -o %n | sort -u | wc -l)" = 2 ]'
}

cluster_up() {
  local node
  local SLURM_ETC=$STATE/etc-slurm
  make_keys

  {
    known_host slogin "$PREFIX.2"
    known_host c1 "$INNER.11"
    known_host c2 "$INNER.12"
  } >"$SHARED/known_hosts"
  {
    ssh_host slogin "$PREFIX.2"
    ssh_host c1 "$INNER.11" slogin
    ssh_host c2 "$INNER.12" slogin
    ssh_defaults
  } >"$SHARED/ssh_config"
  make_homes

  mkdir -p "$SLURM_ETC"
  cp "$HERE"/slurm/files/* "$SLURM_ETC/"
  slurm_conf_for_version "$SLURM_ETC"
  echo "ClusterName=$CLUSTER" >>"$SLURM_ETC/slurm.conf"
  [ -e "$STATE/munge.key" ] || (umask 077 && head -c 1024 /dev/urandom >"$STATE/munge.key")

  network_up outside "$PREFIX"
  network_up nodes "$INNER"
  network_reachable_from_here outside "$PREFIX"

  local BINDS="$SHARED/home:/home $SLURM_ETC:/etc/slurm"
  local HOSTS="$INNER.2 slogin
$INNER.3 sctl
$INNER.11 c1
$INNER.12 c2"
  for node in "${NODES[@]}"; do
    node_files "$node" "$STATE/munge.key"
  done
  node_up sctl "$STACK" "nodes:$INNER.3" "$HERE/slurm/init.sh"
  node_up slogin "$STACK" "outside:$PREFIX.2 nodes:$INNER.2" "$HERE/slurm/init.sh"
  node_up c1 "$STACK" "nodes:$INNER.11" "$HERE/slurm/init.sh"
  node_up c2 "$STACK" "nodes:$INNER.12" "$HERE/slurm/init.sh"

  wait_for 20 port_open "$PREFIX.2" 22
  wait_for 60 slurm_idle
  wait_for 30 node_exec slogin sacct -n -X
  write_cluster_json
}
