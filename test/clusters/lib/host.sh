# shellcheck shell=bash
# What the machine must have, where things are kept, and small helpers.

CACHE=${TUNEL_CLUSTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tunel-clusters}
IMAGES=$CACHE/images
DEBS=$CACHE/debs
LOGS=$CACHE/logs
RUN=$CACHE/run

# The system's programs alone: a version manager's python would slow down every build, or break it.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive
export LC_ALL=C.UTF-8

# Each line with the seconds since the command began.
say() {
  printf 'clusters %3d s: %s\n' "$SECONDS" "$*" >&2
}

die() {
  say "$*"
  exit 1
}

# Fails early and in words where namespaces, overlayfs or root are missing.
need_linux_root() {
  [ "$(uname -s)" = Linux ] || die "the test clusters need Linux (this is $(uname -s)): they are made of namespaces and overlayfs"
  [ "$(id -u)" = 0 ] || die "the test clusters need root, to make namespaces and mounts: sudo npm run clusters -- ..."
  unshare --mount true 2>/dev/null || die "this machine does not let root make mount namespaces (a container without CAP_SYS_ADMIN?)"
}

# gcc and libpam0g-dev compile the login cluster's menu module.
HOST_PACKAGES=(mmdebstrap attr iproute2 util-linux procps openssh-client gcc libc6-dev libpam0g-dev)

# Installs only what is not there: on a machine that has it all this costs one dpkg-query.
need_host_packages() {
  local package missing=()
  command -v apt-get >/dev/null || die "the test clusters need apt (Debian or Ubuntu), or these installed: ${HOST_PACKAGES[*]}"
  for package in "${HOST_PACKAGES[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing on this machine: ${missing[*]}"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >"$LOGS/host.log" 2>&1 ||
    die "apt could not install ${missing[*]}: $(tail -3 "$LOGS/host.log")"
}

# wait_for SECONDS COMMAND... : asks until the command succeeds, each time after a longer pause, up to 2 s.
wait_for() {
  local end=$((SECONDS + $1)) pause=100
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      say "${CLUSTER:-}: gave up waiting for: $*"
      return 1
    fi
    sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
    pause=$((pause < 1500 ? pause * 4 / 3 : 2000))
  done
}

port_open() {
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}
