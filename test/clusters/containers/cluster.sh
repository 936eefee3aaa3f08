# shellcheck shell=bash
# One node, apx (ssh), with Apptainer and rootless podman, as on a login node or a workstation. Images for tests are in
# /opt/images, a root to build others from is /opt/rootfs. It has jupyter and the Python web servers too.

ENTRY=apx
NODES=(apx)
STACK=$CONTAINER_STACK:jupyter:python-web:trixie
STACKS=("$STACK" container-images)

cluster_up() {
  make_keys
  known_host apx 198.18.40.2 >"$SHARED/known_hosts"
  {
    ssh_host apx 198.18.40.2
    ssh_defaults
  } >"$SHARED/ssh_config"
  make_homes

  network_up outside 198.18.40
  network_reachable_from_here outside 198.18.40

  local HOSTS='198.18.40.2 apx'
  node_files apx "$HERE/lib/containers-node.sh"
  BINDS="$SHARED/home:/home $(container_binds apx) $(image_path trixie):/opt/rootfs:ro" \
    node_up apx "$STACK" "outside:198.18.40.2" "$CLUSTER_DIR/init.sh"

  wait_for 120 port_open 198.18.40.2 22
  write_cluster_json
}
