# shellcheck shell=bash
# What the machine must have, where things are kept, and small helpers.

CACHE=${TUNEL_CLUSTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tunel-clusters}
IMAGES=$CACHE/images
DEBS=$CACHE/debs
LOGS=$CACHE/logs
RUN=$CACHE/run

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

# wait_for SECONDS COMMAND... : polls until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      say "${CLUSTER:-}: gave up waiting for: $*"
      return 1
    fi
    sleep 0.1
  done
}

port_open() {
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}
