/**
 * Shell functions for a private place of the runtimes on one node, below a directory made by `make_scratch`: Podman's
 * store, its run files and its temporary ones, Apptainer's cache and temporary files. A store in a home that several
 * nodes share breaks, and Podman's own fallback is a name in /tmp that anybody can guess.
 *
 * `make_scratch` sets `scratch` to a new 0700 directory. It is short, since Podman refuses a run directory of over 50
 * characters. `use_scratch DIR` sends everything there; a sign-in at a registry stays known.
 * `private_podman ARGS` is Podman with that store. `drop_scratch DIR` ends what runs there and removes it: files of other
 * ids than the user's own go only from inside his user namespace, and Podman leaves a process that holds it open.
 */
export const storeFunctions = `make_scratch() {
  base=\${TMPDIR:-/tmp}
  [ "\${#base}" -le 28 ] && [ -w "$base" ] || base=/tmp
  scratch=$(mktemp -d "$base/tunel-XXXXXXXX")
}
use_scratch() {
  scratch=$1
  mkdir -p "$scratch/run" "$scratch/tmp" "$scratch/cache" || return 1
  auth=\${REGISTRY_AUTH_FILE:-\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/containers/auth.json}
  if [ -f "$auth" ]; then REGISTRY_AUTH_FILE=$auth; export REGISTRY_AUTH_FILE; fi
  XDG_RUNTIME_DIR=$scratch/run
  TMPDIR=$scratch/tmp
  APPTAINER_CACHEDIR=$scratch/cache SINGULARITY_CACHEDIR=$scratch/cache
  APPTAINER_TMPDIR=\${APPTAINER_TMPDIR:-$scratch/tmp} SINGULARITY_TMPDIR=\${SINGULARITY_TMPDIR:-$scratch/tmp}
  export XDG_RUNTIME_DIR TMPDIR APPTAINER_CACHEDIR SINGULARITY_CACHEDIR APPTAINER_TMPDIR SINGULARITY_TMPDIR
  unset DBUS_SESSION_BUS_ADDRESS
}
private_podman() {
  "$program" --root "$scratch/root" --runroot "$scratch/run/r" --tmpdir "$scratch/run/l" \\
    --cgroup-manager cgroupfs --events-backend none "$@"
}
drop_scratch() {
  [ -n "$1" ] && [ -d "$1" ] && [ -O "$1" ] || return 0
  if [ -d "$1/root" ] && use_scratch "$1"; then
    private_podman rm -f -a -t 0 >/dev/null 2>&1
    private_podman unshare rm -rf "$1/root" >/dev/null 2>&1
    for pause in $(find "$1/run" -name pause.pid 2>/dev/null); do kill "$(cat "$pause")" 2>/dev/null; done
  fi
  chmod -R u+w "$1" 2>/dev/null
  rm -rf "$1"
}
`;
