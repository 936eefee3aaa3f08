/**
 * Shell functions for what a runtime keeps on one node. Podman's own directories will not do: a store in a home that several
 * nodes share breaks, and without a run directory it takes a name in /tmp that anybody can guess.
 *
 * `make_scratch` sets `scratch` to a new 0700 directory of this node, for temporary files.
 * `use_scratch DIR` sends temporary files, caches and Podman's run files there. Podman's store is there too and goes with
 * it, unless the site or the user has named a directory for stores outside the home: that one is kept, in a folder of ours,
 * so that an image is unpacked once a node. A sign-in at a registry stays known.
 * `private_podman ARGS` is Podman with that store.
 * `mend_store` lets Podman use it again after its containers were killed with their job: Podman still counts them as running,
 * joins none of them and refuses everything ("could not find any running process", or "cannot re-exec process to join the
 * existing user namespace"). As after a restart of the node, which removes the file `alive`, it then looks anew.
 * That would lose a container that runs, so it is done only where no process of the store is left.
 * `end_pause` ends the process that holds Podman's user namespace, and nobody else who has got its number.
 * `drop_scratch DIR CONTAINER` ends the container and removes the directory. Files of other ids than the user's own go
 * only from inside his user namespace; Podman leaves a process that holds that open, which goes with the last container.
 */
export const storeFunctions = `make_scratch() {
  base=\${TMPDIR:-/tmp}
  [ "\${#base}" -le 28 ] && [ -w "$base" ] || base=/tmp
  scratch=$(mktemp -d "$base/tunel-XXXXXXXX")
}
named_storage() {
  own=\${CONTAINERS_STORAGE_CONF:-$HOME/.config/containers/storage.conf}
  for file in "$own" /etc/containers/storage.conf /usr/share/containers/storage.conf; do
    [ -r "$file" ] || continue
    named=$(sed -n 's/^[[:space:]]*rootless_storage_path[[:space:]]*=[[:space:]]*"\\([^"]*\\)".*/\\1/p' "$file" | head -n 1)
    if [ -z "$named" ] && [ "$file" = "$own" ]; then
      named=$(sed -n 's/^[[:space:]]*graphroot[[:space:]]*=[[:space:]]*"\\([^"]*\\)".*/\\1/p' "$file" | head -n 1)
    fi
    if [ -n "$named" ]; then
      printf '%s\\n' "$named" | sed "s|\\$HOME|$HOME|g; s|\\$UID|$(id -u)|g; s|\\$USER|$(id -un)|g"
      return
    fi
  done
}
use_scratch() {
  scratch=$1
  state=$scratch
  kept=$(named_storage)
  # Podman refuses a run directory whose path is over 50 characters.
  case $kept in
    "$HOME"/*) ;;
    /*) if [ "\${#kept}" -le 36 ] && mkdir -p -m 700 "$kept/tunel" 2>/dev/null && [ -O "$kept/tunel" ]; then state=$kept/tunel; fi ;;
  esac
  mkdir -p "$state/run" "$state/tmp" "$scratch/tmp" "$scratch/cache" || return 1
  auth=\${REGISTRY_AUTH_FILE:-\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/containers/auth.json}
  if [ -f "$auth" ]; then REGISTRY_AUTH_FILE=$auth; export REGISTRY_AUTH_FILE; fi
  XDG_RUNTIME_DIR=$state/run
  TMPDIR=$state/tmp
  APPTAINER_CACHEDIR=$scratch/cache SINGULARITY_CACHEDIR=$scratch/cache
  APPTAINER_TMPDIR=\${APPTAINER_TMPDIR:-$scratch/tmp} SINGULARITY_TMPDIR=\${SINGULARITY_TMPDIR:-$scratch/tmp}
  export XDG_RUNTIME_DIR TMPDIR APPTAINER_CACHEDIR SINGULARITY_CACHEDIR APPTAINER_TMPDIR SINGULARITY_TMPDIR
  unset DBUS_SESSION_BUS_ADDRESS
}
private_podman() {
  "$program" --root "$state/root" --runroot "$state/run/r" --tmpdir "$state/run/l" \\
    --cgroup-manager cgroupfs --events-backend none "$@"
}
end_pause() {
  for pause in $(find "$state/run" -name pause.pid 2>/dev/null); do
    pid=$(cat "$pause")
    case $(cat "/proc/$pid/comm" 2>/dev/null) in podman* | catatonit*) kill "$pid" 2>/dev/null ;; esac
    rm -f "$pause"
  done
}
mend_store() {
  private_podman ps -q >/dev/null 2>&1 || (
    ! command -v flock >/dev/null || flock 9
    # It may fail for a moment, while another app of this user ends.
    for wait in 1 1 2 0; do
      private_podman ps -q >/dev/null 2>&1 && exit
      sleep "$wait"
    done
    pgrep -u "$(id -u)" -f "(podman|conmon) .*$state/" >/dev/null || { end_pause; rm -f "$state/run/l/alive"; }
  ) 9>"$state/run/lock"
}
drop_scratch() {
  [ -n "$1" ] && [ -d "$1" ] && [ -O "$1" ] || return 0
  if use_scratch "$1" && [ -d "$state/root" ]; then
    mend_store
    [ -z "\${2-}" ] || private_podman rm -f -t 0 "$2" >/dev/null 2>&1
    [ "$state" != "$scratch" ] || private_podman unshare rm -rf "$state/root" >/dev/null 2>&1
    left=$(private_podman ps -aq 2>/dev/null) && [ -z "$left" ] && end_pause
  fi
  rm -rf "$1"
}
`;
