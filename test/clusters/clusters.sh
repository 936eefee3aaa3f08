#!/usr/bin/env bash
# Real test clusters on one Linux machine: namespaces and overlayfs, no container engine.
# Usage: see usage() below, or README.md beside this file.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib/host.sh
source "$HERE/lib/host.sh"
# shellcheck source=lib/jobs.sh
source "$HERE/lib/jobs.sh"
# shellcheck source=lib/images.sh
source "$HERE/lib/images.sh"
# shellcheck source=lib/network.sh
source "$HERE/lib/network.sh"
# shellcheck source=lib/nodes.sh
source "$HERE/lib/nodes.sh"
# shellcheck source=lib/access.sh
source "$HERE/lib/access.sh"
# shellcheck source=lib/containers.sh
source "$HERE/lib/containers.sh"

usage() {
  cat <<USAGE
usage: npm run clusters -- COMMAND [NAME...]
  up NAME...            start clusters (building what is missing); quick when they are up
  down [NAME...]        stop clusters and forget their state (all of them without a name)
  status                every cluster, its nodes and addresses
  info NAME             path of cluster.json: addresses, keys, users (what tests read)
  build NAME...         only build the images
  exec NAME NODE CMD... run a command as root inside a node
  prune                 delete cached images that no cluster uses any more
clusters: $(cluster_names | tr '\n' ' ')
cache:    $CACHE (set TUNEL_CLUSTERS_CACHE to move it)
USAGE
}

# A cluster is a folder with a cluster.sh.
cluster_names() {
  local file
  for file in "$HERE"/*/cluster.sh; do
    basename "$(dirname "$file")"
  done
}

# Puts one cluster's definition into this shell. Callers use a subshell, so that two never mix.
load_cluster() {
  CLUSTER=$1
  CLUSTER_DIR=$HERE/$1
  STATE=$RUN/$1
  SHARED=$RUN/$1-shared
  [ -f "$CLUSTER_DIR/cluster.sh" ] || die "no cluster named '$1'; there are: $(cluster_names | tr '\n' ' ')"
  # shellcheck source=/dev/null
  source "$CLUSTER_DIR/cluster.sh"
}

# Every node alive, the cable plugged in and the file that tests read in place: nothing to do.
cluster_is_up() {
  local node
  network_link_is_up || return 1
  [ -s "$SHARED/cluster.json" ] || return 1
  for node in "${NODES[@]}"; do
    node_alive "$node" || return 1
  done
}

stacks_of() (
  load_cluster "$1"
  printf '%s\n' "${STACKS[@]}"
)

# plan_for CLUSTER... : a job for each image that these need and the cache does not have.
plan_for() {
  local name stacks=() missing=()
  for name in "$@"; do
    mapfile -t -O "${#stacks[@]}" stacks < <(stacks_of "$name")
  done
  mapfile -t missing < <(images_missing "${stacks[@]}")
  plan_images "${missing[@]}"
}

# The jobs a cluster waits for: what it is not made of counts as done.
image_jobs_of() {
  stacks_of "$1" | tr ':' '\n' | sed 's/^/image:/'
}

# The lock makes two callers at once safe: the second waits, then finds the cluster up.
up_one() (
  load_cluster "$1"
  exec 9>"$RUN/.$CLUSTER.lock"
  flock 9
  if cluster_is_up; then
    say "$CLUSTER is up"
    exit 0
  fi
  local started=$SECONDS
  mkdir -p "$STATE" "$SHARED"
  cluster_up
  say "$CLUSTER is up after $((SECONDS - started)) s: ssh -F $SHARED/ssh_config $ENTRY"
)

down_one() (
  load_cluster "$1"
  exec 9>"$RUN/.$CLUSTER.lock"
  flock 9
  nodes_down
  networks_down
  rm -rf --one-file-system "$STATE" "$SHARED"
  say "$CLUSTER is down"
)

missing_clusters() {
  local name
  for name in "$@"; do
    (
      load_cluster "$name"
      cluster_is_up
    ) || echo "$name"
  done
}

# Each starts as soon as its images are there.
command_up() {
  local name wanted=()
  [ $# -gt 0 ] || die "name at least one cluster: $(cluster_names | tr '\n' ' ')"
  for name in "$@"; do
    (load_cluster "$name")
  done
  mapfile -t wanted < <(missing_clusters "$@")
  if [ ${#wanted[@]} -gt 0 ]; then
    need_host_packages
    plan_for "${wanted[@]}"
  fi
  for name in "$@"; do
    plan "cluster:$name" "$(image_jobs_of "$name")" up_one "$name"
  done
  run_jobs
  [ "$JOBS_FAILED" = 0 ]
}

command_build() {
  need_host_packages
  plan_for "$@"
  run_jobs
  [ "$JOBS_FAILED" = 0 ]
}

command_down() {
  local name
  if [ $# -eq 0 ]; then
    mapfile -t names < <(cluster_names)
    set -- "${names[@]}"
  fi
  for name in "$@"; do
    (load_cluster "$name")
    [ ! -e "$RUN/$name" ] || down_one "$name"
  done
}

command_status() {
  local name
  for name in $(cluster_names); do
    (
      load_cluster "$name"
      if cluster_is_up; then
        printf '%-10s up      %s\n' "$name" "$SHARED/cluster.json"
      elif [ -e "$STATE" ]; then
        printf '%-10s partly  (up again, or down)\n' "$name"
      else
        printf '%-10s down\n' "$name"
      fi
      for node in "${NODES[@]}"; do
        ! node_alive "$node" || printf '  %-8s pid %-7s %s\n' "$node" "$(node_pid "$node")" "$(cat "$STATE/$node/address")"
      done
    )
  done
}

command_info() {
  load_cluster "${1:?info needs the name of a cluster}"
  cluster_is_up || die "$1 is not up: npm run clusters -- up $1"
  echo "$SHARED/cluster.json"
}

command_exec() {
  load_cluster "${1:?exec needs a cluster, a node and a command}"
  node_alive "${2:?exec needs a node}" || die "$1 has no running node '$2'"
  node_exec "${@:2}"
}

# Background jobs of a script ignore Ctrl-C, and pid 1 of a namespace ignores TERM, so what was begun is killed by pid.
# Nodes of clusters that are up are no longer among the descendants.
kill_descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    kill -STOP "$child" 2>/dev/null || true
    kill_descendants "$child"
    kill -KILL "$child" 2>/dev/null || true
  done
}

interrupted() {
  say "interrupted"
  kill_descendants $$
  exit 130
}
trap interrupted INT TERM

main() {
  local command=${1:-help}
  [ $# -eq 0 ] || shift
  case $command in
    up | down | build | prune)
      need_linux_root
      mkdir -p "$IMAGES" "$DEBS" "$RUN" "$LOGS"
      ;;
  esac
  case $command in
    up) command_up "$@" ;;
    down) command_down "$@" ;;
    status) command_status ;;
    info) command_info "$@" ;;
    exec) command_exec "$@" ;;
    build) command_build "$@" ;;
    prune)
      mapfile -t names < <(cluster_names)
      images_prune "${names[@]}"
      ;;
    help | -h | --help) usage ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

main "$@"
