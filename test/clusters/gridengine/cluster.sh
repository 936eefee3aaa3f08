# shellcheck shell=bash
# Son of Grid Engine 8.1.9: sgelogin (ssh, the commands, qmaster), e1 and e2 (execd, no ssh). Homes are shared. Only
# sgelogin is reachable from here. jupyter, the Python web servers, R, Open MPI, Apptainer and podman are on every node.

ENTRY=sgelogin
NODES=(sgelogin e1 e2)
STACK=$CONTAINER_STACK:compute:jupyter:python-web:gridengine:trixie
STACKS=("$STACK" container-images)

gridengine_ready() {
  # shellcheck disable=SC2016 # runs inside the node
  node_exec sgelogin bash -c '. /etc/profile.d/gridengine.sh; [ "$(qstat -f -q all.q | grep -c "lx-amd64 *$")" = 2 ]'
}

# engine_node NODE NETWORKS
engine_node() {
  BINDS="$SHARED/home:/home $(container_binds "$1")" node_up "$1" "$STACK" "$2" "$CLUSTER_DIR/init.sh"
}

cluster_up() {
  local node
  make_keys

  known_host sgelogin 198.18.30.2 >"$SHARED/known_hosts"
  {
    ssh_host sgelogin 198.18.30.2
    ssh_defaults
  } >"$SHARED/ssh_config"
  make_homes

  network_up outside 198.18.30
  network_up nodes 198.18.130
  network_reachable_from_here outside 198.18.30

  local HOSTS=$'198.18.130.2 sgelogin\n198.18.130.11 e1\n198.18.130.12 e2'
  for node in "${NODES[@]}"; do
    node_files "$node" "$CLUSTER_DIR"/files/* "$HERE/lib/containers-node.sh"
  done
  engine_node sgelogin "outside:198.18.30.2 nodes:198.18.130.2"
  engine_node e1 "nodes:198.18.130.11"
  engine_node e2 "nodes:198.18.130.12"

  wait_for 120 port_open 198.18.30.2 22
  wait_for 300 gridengine_ready
  write_cluster_json
}
