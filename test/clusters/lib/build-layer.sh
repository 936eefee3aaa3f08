# shellcheck shell=bash
# build-layer.sh BASE TARGET ROOT DEBS PACKAGE... : fills TARGET with what apt-get install changes on BASE.
# From the environment: PRESEED (lines for debconf), FROM_SID (packages to take from sid) and ALONE (packages to
# take without what they depend on).
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
[ -z "$PRESEED" ] || chroot "$root" debconf-set-selections <<<"$PRESEED"
if [ -n "$FROM_SID" ]; then
  # Nothing comes from sid by itself; the named packages do although trixie's priority is 500.
  sed -n 's/^deb \([^ ]*\) .*/deb \1 sid main/p' "$root/etc/apt/sources.list" >"$root/etc/apt/sources.list.d/sid.list"
  printf 'Package: *\nPin: release a=unstable\nPin-Priority: 50\n\nPackage: %s\nPin: release a=unstable\nPin-Priority: 900\n' \
    "$FROM_SID" >"$root/etc/apt/preferences.d/sid"
fi
chroot "$root" apt-get "${apt_options[@]}" update
chroot "$root" apt-get "${apt_options[@]}" \
  -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \
  -o APT::Keep-Downloaded-Packages=1 -o Binary::apt::APT::Keep-Downloaded-Packages=1 \
  install -y "$@"
if [ -n "$ALONE" ]; then
  # shellcheck disable=SC2016,SC2086 # sh expands the script; a list
  chroot "$root" sh -ec 'cd /var/cache/apt/archives && apt-get download "$@" && dpkg --force-depends --install $(printf "%s_*.deb " "$@")' sh $ALONE
fi

# dpkg makes a directory under another name and renames it, and overlayfs then marks it as hiding what lies below. In a
# layer that would hide the same directory of another layer.
umount -R "$root"
# It ends with 1 where a file has no such mark.
{ getfattr --recursive --physical --no-dereference --absolute-names --name=trusted.overlay.opaque "$target" 2>/dev/null || true; } |
  sed -n 's/^# file: //p' |
  while IFS= read -r directory; do
    if [ ! -e "$base${directory#"$target"}" ]; then setfattr --no-dereference --remove=trusted.overlay.opaque "$directory"; fi
  done
