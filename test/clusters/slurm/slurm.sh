# shellcheck shell=bash
# A Slurm cluster, whatever its version: slogin (ssh, the commands), sctl (slurmctld, slurmdbd, mariadb), c1 and c2
# (slurmd; ssh only for who has a job there). Only slogin is reachable from here.
# Set before sourcing: STACK, PREFIX (outside), INNER (between the nodes), slurm_conf_for_version, and HAS_CONTAINERS=yes
# where jobs may run containers.

ENTRY=slogin
NODES=(sctl slogin c1 c2)
STACKS=("$STACK")
[ "${HAS_CONTAINERS:=no}" = no ] || STACKS+=(container-images)

# Nodes that run something already are as good: a cluster may come back with jobs in its queue.
slurm_ready() {
  # shellcheck disable=SC2016 # runs inside the node
  node_exec slogin bash -c '[ "$(sinfo -h -t idle,mixed,allocated -o %n | sort -u | wc -l)" = 2 ]'
}

# slurm_node NODE NETWORKS
slurm_node() {
  local binds=$BINDS
  node_files "$1" "$STATE/munge.key"
  if [ "$HAS_CONTAINERS" = yes ]; then
    cp "$HERE/lib/containers-node.sh" "$STATE/$1/files/"
    binds+=" $(container_binds "$1")"
  fi
  BINDS=$binds node_up "$1" "$STACK" "$2" "$HERE/slurm/init.sh"
}

cluster_up() {
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
  slurm_node sctl "nodes:$INNER.3"
  slurm_node slogin "outside:$PREFIX.2 nodes:$INNER.2"
  slurm_node c1 "nodes:$INNER.11"
  slurm_node c2 "nodes:$INNER.12"

  wait_for 120 port_open "$PREFIX.2" 22
  wait_for 300 slurm_ready
  wait_for 120 node_exec slogin sacct -n -X
  write_cluster_json
}
