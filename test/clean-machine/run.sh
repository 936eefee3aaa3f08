#!/usr/bin/env bash
# Runs commands in a clone of this checkout on a minimal Debian that has nothing but Node and npm: it finds what set-up
# forgets to install. Without commands: lint, types and unit tests, then `npm start`.
# usage: sudo bash test/clean-machine/run.sh [COMMAND...]   (SUITE=trixie for another Debian; KEEP=1 keeps the root)
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
node=$(node --print process.execPath)
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
npm_settings=("$(npm config get userconfig)" "$(npm config get globalconfig)")
# The cluster scripts know how to make a Debian root here; they read their own folder and a mirror's address from HERE.
HERE=$repository/test/clusters
# shellcheck source=../clusters/lib/host.sh
source "$HERE/lib/host.sh"
# shellcheck source=../clusters/lib/images.sh
source "$HERE/lib/images.sh"

suite=${SUITE:-bookworm}
[ $# -gt 0 ] || set -- 'npm test -- lint types unit' 'npm start'

make_root() {
  local mirror
  mirror=$(debian_mirror)
  mmdebstrap --mode=root --variant=apt --skip=check/empty \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
    "$suite" "$root" ${mirror:+"deb $mirror $suite main"}
}

# The Node and the npm that run this checkout, as Debian's may be older than the build needs.
copy_node() {
  install -D "$node" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
}

# How this machine reaches its package sources: resolver, certificates, and the settings of apt and npm.
copy_network_settings() {
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99network"
  mkdir -p "$root/etc/ssl/certs" "$root/usr/local/share/ca-certificates" "$root/usr/local/etc"
  cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  [ ! -e "${npm_settings[0]}" ] || install -m 600 "${npm_settings[0]}" "$root/root/.npmrc"
  [ ! -e "${npm_settings[1]}" ] || cp "${npm_settings[1]}" "$root/usr/local/etc/npmrc"
}

# Names of the variables that say how to reach package sources.
network_variables() {
  compgen -e | grep -iE '^((https?|no|all)_proxy|npm_config_(registry|cafile|proxy|https_proxy|noproxy)|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$' || true
}

# in_root COMMAND : in the clone, with namespaces that end with it, and without this shell's environment.
in_root() {
  local name variables=()
  for name in $(network_variables); do
    variables+=("$name=${!name}")
  done
  # shellcheck disable=SC2016 # the inner shell expands
  setpriv --pdeathsig KILL unshare --mount --pid --ipc --uts --fork --kill-child --propagation private sh -ec '
    mount -t proc proc "$1/proc"
    mount -t sysfs sysfs "$1/sys"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/dev/shm"
    root=$1
    shift
    exec chroot "$root" "$@"' sh "$root" \
    env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${variables[@]}" \
    sh -ec "cd /root/checkout && $1" </dev/null
}

need_linux_root
mkdir -p "$LOGS"
need_host_packages
git -C "$repository" diff --quiet HEAD || say 'changes that are not committed are not in the clone'
root=$(mktemp -d --tmpdir tunel-clean-machine.XXXXXX)
[ -n "${KEEP:-}" ] || trap 'rm -rf --one-file-system "$root"' EXIT
say "making a minimal Debian $suite in $root"
make_root >"$root.log" 2>&1 || { tail -n 15 "$root.log" >&2; die 'mmdebstrap failed'; }
rm "$root.log"
copy_node
copy_network_settings
git clone --quiet "file://$repository" "$root/root/checkout"
say "made with $(chroot "$root" dpkg-query --show | wc -l) packages and Node $(chroot "$root" node --version)"

failed=0
report=()
for command in "$@"; do
  started=$SECONDS
  say "$command"
  code=0
  in_root "$command" || code=$?
  [ "$code" = 0 ] || failed=1
  report+=("$(printf '%5d s  ended with %d: %s' $((SECONDS - started)) "$code" "$command")")
done
printf 'In a minimal Debian %s with Node %s:\n' "$suite" "$("$node" --version)"
printf '%s\n' "${report[@]}"
exit "$failed"
