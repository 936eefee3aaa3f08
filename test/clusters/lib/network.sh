# shellcheck shell=bash
# Networks: a namespace with a bridge each. No default route anywhere, so that nodes reach what the picture shows, no more.

network_namespace() {
  echo "tunel-$CLUSTER-net-$1"
}

node_namespace() {
  echo "tunel-$CLUSTER-$1"
}

namespace_exists() {
  [ -e "/run/netns/$1" ]
}

# network_up NAME PREFIX : PREFIX.0/24, for example: network_up dmz 198.18.1
network_up() {
  local ns
  ns=$(network_namespace "$1")
  namespace_exists "$ns" && return 0
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  ip -n "$ns" link add br0 type bridge
  ip -n "$ns" addr add "$2.1/24" dev br0
  ip -n "$ns" link set br0 up
}

# network_reachable_from_here NAME PREFIX : this machine joins it as PREFIX.254. Taking h-CLUSTER down cuts the cable.
network_reachable_from_here() {
  local ns
  local link=h-$CLUSTER
  ns=$(network_namespace "$1")
  if ! ip link show "$link" >/dev/null 2>&1; then
    ip link add "$link" type veth peer name host netns "$ns"
    ip -n "$ns" link set host master br0 up
    ip addr add "$2.254/24" dev "$link"
  fi
  ip link set "$link" up
}

# network_attach NODE DEVICE NETWORK ADDRESS : plugs a node in.
network_attach() {
  local node_ns network_ns
  node_ns=$(node_namespace "$1")
  network_ns=$(network_namespace "$3")
  # The kernel takes a removed namespace apart later: the other end of its old cable may still be here, under the same name.
  ip -n "$network_ns" link del "v-$1" 2>/dev/null || true
  ip link add "$2" netns "$node_ns" type veth peer name "v-$1" netns "$network_ns"
  ip -n "$network_ns" link set "v-$1" master br0 up
  ip -n "$node_ns" addr add "$4/24" dev "$2"
  ip -n "$node_ns" link set "$2" up
}

# False after a test cut the cable and did not plug it in again.
network_link_is_up() {
  [ "$(cat "/sys/class/net/h-$CLUSTER/operstate" 2>/dev/null)" = up ]
}

networks_down() {
  local file
  if ip link show "h-$CLUSTER" >/dev/null 2>&1; then
    ip link del "h-$CLUSTER"
  fi
  for file in "/run/netns/tunel-$CLUSTER-net-"*; do
    [ ! -e "$file" ] || ip netns del "$(basename "$file")"
  done
}
