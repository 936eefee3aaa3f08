# shellcheck shell=bash
# An HTCondor pool, whatever its version: csub (ssh, the commands, collector, negotiator, schedd), w1 and w2 (startd, no
# ssh). No shared home: files travel with the job. Only csub is reachable from here.
# Set before sourcing: STACK, PREFIX (outside), INNER (between the nodes), and HAS_CONTAINERS=yes where jobs may run
# containers.

ENTRY=csub
NODES=(csub w1 w2)
STACKS=("$STACK")
[ "${HAS_CONTAINERS:=no}" = no ] || STACKS+=(container-images)

condor_ready() {
  # shellcheck disable=SC2016 # runs inside the node
  node_exec csub bash -c '[ "$(condor_status -af Machine | sort -u | wc -l)" = 2 ] && condor_q'
}

# condor_node NODE NETWORKS
condor_node() {
  local binds=$BINDS
  node_files "$1" "$STATE/POOL" "$HERE/condor/files/pool.conf"
  if [ "$HAS_CONTAINERS" = yes ]; then
    cp "$HERE/lib/containers-node.sh" "$STATE/$1/files/"
    binds+=" $(container_binds "$1")"
  fi
  BINDS=$binds node_up "$1" "$STACK" "$2" "$HERE/condor/init.sh"
}

cluster_up() {
  make_keys

  known_host csub "$PREFIX.2" >"$SHARED/known_hosts"
  {
    ssh_host csub "$PREFIX.2"
    ssh_defaults
  } >"$SHARED/ssh_config"
  make_homes

  # What the daemons of a pool trust each other by.
  [ -e "$STATE/POOL" ] || (umask 077 && head -c 64 /dev/urandom >"$STATE/POOL")

  network_up outside "$PREFIX"
  network_up nodes "$INNER"
  network_reachable_from_here outside "$PREFIX"

  local HOSTS="$INNER.2 csub.pool.test csub
$INNER.11 w1.pool.test w1
$INNER.12 w2.pool.test w2"
  BINDS="$SHARED/home:/home" condor_node csub "outside:$PREFIX.2 nodes:$INNER.2"
  BINDS='' condor_node w1 "nodes:$INNER.11"
  BINDS='' condor_node w2 "nodes:$INNER.12"

  wait_for 120 port_open "$PREFIX.2" 22
  wait_for 300 condor_ready
  write_cluster_json
}
