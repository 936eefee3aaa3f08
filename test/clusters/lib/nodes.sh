# shellcheck shell=bash
# Nodes: overlay root, namespaces of their own (mount, pid, uts, ipc, cgroup, network), tini as pid 1.
# A node's state is the folder $STATE/NODE: pid, start, address, console.log and the overlay's upper directory.

# node_files NODE FILE... : what a node finds in /etc/node: its host key, the sshd functions, and these.
node_files() {
  local dir=$STATE/$1/files
  mkdir -p "$dir"
  cp "$HERE/lib/sshd.sh" "$dir/"
  cp "$SHARED/keys/host_$1" "$dir/host_key"
  cp "$SHARED/keys/host_$1.pub" "$dir/host_key.pub"
  [ $# -eq 1 ] || cp "${@:2}" "$dir/"
}

# node_up NODE STACK "NETWORK:ADDRESS ..." INIT
# STACK: images, topmost first. INIT runs as root inside, under tini. From the environment: BINDS ("src:dst src:dst:ro
# ...", no spaces in paths) and HOSTS (text for /etc/hosts).
node_up() {
  local node=$1 stack=$2 networks=$3 init=$4
  local dir=$STATE/$node
  local ns lower device=0 network binds=${BINDS:-}
  ns=$(node_namespace "$node")
  if node_alive "$node"; then
    return 0
  fi
  node_kill "$node"
  mkdir -p "$dir/upper" "$dir/work" "$dir/root"
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  for network in $networks; do
    network_attach "$node" "eth$device" "${network%%:*}" "${network##*:}"
    device=$((device + 1))
  done
  lower=$(stack_lowerdirs "$stack")
  echo "$lower:${binds// /:}" >"$dir/lowerdirs" # all that images_prune must leave
  # shellcheck disable=SC2001 # a pattern substitution would be greedy
  sed 's/[^ ]*://g' <<<"$networks" >"$dir/address"
  # env -i: nothing of the caller leaks in. setsid: a Ctrl-C in the caller's terminal does not reach the node.
  # 7>&- 9>&-: the node holds neither the pipe of the jobs nor the cluster's lock.
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    NODE_DIR="$dir" NODE_NAME="$node" NODE_LOWER="$lower" NODE_INIT="$init" NODE_BINDS="$dir/files:/etc/node $binds" NODE_HOSTS="${HOSTS:-}" \
    setsid ip netns exec "$ns" \
    unshare --cgroup --mount --uts --ipc --pid --fork --propagation private \
    bash "$HERE/lib/node-boot.sh" </dev/null >"$dir/console.log" 2>&1 7>&- 9>&- &
  local outer=$!
  if ! wait_for 120 test -e "$dir/ready"; then
    tail -n 10 "$dir/console.log" >&2
    die "$CLUSTER: node $node did not start"
  fi
  # unshare waits outside; its one child is the node's pid 1.
  local pid
  pid=$(pgrep -P "$outer")
  process_start "$pid" >"$dir/start"
  echo "$pid" >"$dir/pid"
}

# The kernel's start time of a process: with the pid it names one process for as long as the machine runs.
process_start() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

node_pid() {
  cat "$STATE/$1/pid"
}

node_alive() {
  local dir=$STATE/$1
  [ -s "$dir/pid" ] && [ "$(process_start "$(cat "$dir/pid")")" = "$(cat "$dir/start")" ]
}

# node_exec NODE COMMAND... : as root inside the node.
node_exec() {
  nsenter --target "$(node_pid "$1")" --mount --uts --ipc --net --pid --cgroup -- "${@:2}"
}

# Ends pid 1, and with it all in its pid namespace and all mounts; keeps the node's disk.
node_kill() {
  local dir=$STATE/$1
  if node_alive "$1"; then
    kill -KILL "$(node_pid "$1")"
    wait_for 60 node_gone "$1"
  fi
  rm -f "$dir/pid" "$dir/start" "$dir/ready"
  if namespace_exists "$(node_namespace "$1")"; then
    ip netns del "$(node_namespace "$1")"
  fi
}

node_gone() {
  ! node_alive "$1"
}

nodes_down() {
  local node
  for node in "${NODES[@]}"; do
    node_kill "$node"
  done
}
