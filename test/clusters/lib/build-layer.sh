# shellcheck shell=bash
# build-layer.sh BASE TARGET ROOT DEBS PACKAGE... : fills TARGET with what apt-get install changes on BASE.
# Runs in mount and pid namespaces of its own, so that nothing of it survives being killed.
set -euo pipefail
base=$1
target=$2
root=$3
debs=$4
shift 4

apt_options=(
  -o APT::Install-Recommends=false
  -o Acquire::Languages=none
  -o Acquire::Check-Valid-Until=false # snapshots and sid may have an expired Release file
  -o Acquire::Retries=3
)

# A layer must stack on layers it was not built on: no overlay feature that ties it to its lower directories.
mount -t overlay overlay -o "lowerdir=$base,upperdir=$target,workdir=$root.work,index=off,redirect_dir=off,metacopy=off" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"

# Downloads stay outside the layer: a changed package list fetches only what is new.
mkdir -p "$debs/partial" "$root/var/cache/apt/archives"
mount --bind "$debs" "$root/var/cache/apt/archives"

cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
chroot "$root" debconf-set-selections <"$root.preseed"
chroot "$root" apt-get "${apt_options[@]}" update
chroot "$root" apt-get "${apt_options[@]}" \
  -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \
  -o APT::Keep-Downloaded-Packages=1 -o Binary::apt::APT::Keep-Downloaded-Packages=1 \
  install -y "$@"
