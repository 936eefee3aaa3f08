# shellcheck shell=bash
# Images: images/NAME.sh says what is in one, the cache keeps it under a hash of exactly that.
# A base (SUITE) is made by mmdebstrap; a layer (FROM) is the overlay upper directory of one apt-get install on its base,
# so that layers built apart stack in any node: jupyter:python-web:slurm24:trixie.

IMAGE_DEFS=$HERE/images

# Mounts and processes of a build end with it, however it ends.
APART=(unshare --mount --pid --fork --kill-child --mount-proc --propagation private)

# Reads images/NAME.sh into SUITE or FROM, and PACKAGES. A layer may have PRESEED: answers for debconf.
image_load() {
  SUITE=''
  FROM=''
  PACKAGES=()
  PRESEED=()
  [ -f "$IMAGE_DEFS/$1.sh" ] || die "no image named '$1' in $IMAGE_DEFS"
  # shellcheck source=/dev/null
  source "$IMAGE_DEFS/$1.sh"
}

# The directory of an image: its name and a hash of all that decides its content.
image_path() (
  image_load "$1"
  {
    printf '%s\n' "suite=$SUITE" "${PACKAGES[@]}"
    [ ${#PRESEED[@]} -eq 0 ] || printf '%s\n' "${PRESEED[@]}"
    if [ -n "$FROM" ]; then
      basename "$(image_path "$FROM")"
    else
      cat "$HERE/lib/users.sh"
    fi
  } | sha256sum | printf '%s/%s-%s\n' "$IMAGES" "$1" "$(cut -c1-12)"
)

# The Debian mirror this machine's apt uses; empty (mmdebstrap's default) where apt has no Debian.
debian_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1
}

# stack_lowerdirs a:b:c : the overlay option for a stack of images, topmost first.
stack_lowerdirs() {
  local name lower=()
  for name in ${1//:/ }; do
    lower+=("$(image_path "$name")")
  done
  (
    IFS=:
    echo "${lower[*]}"
  )
}

build_base() {
  local target=$1
  local include
  include=$(
    IFS=,
    echo "${PACKAGES[*]}"
  )
  local mirror
  mirror=$(debian_mirror)
  # policy-rc.d keeps packages from starting daemons while layers are built.
  # shellcheck disable=SC2016 # the hooks are run by mmdebstrap, with its own $1
  "${APART[@]}" mmdebstrap --mode=root --variant=apt --include="$include" \
    --skip=check/empty,cleanup/apt/lists \
    --aptopt='APT::Install-Recommends "false"' \
    --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"' \
    --customize-hook='chmod 755 "$1/usr/sbin/policy-rc.d"' \
    --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
    --customize-hook="chroot \"\$1\" bash -es <'$HERE/lib/users.sh'" \
    "$SUITE" "$target" ${mirror:+"deb $mirror $SUITE main"}
}

build_layer() {
  local name=$1 target=$2
  local root=$IMAGES/.root-$name
  rm -rf --one-file-system "$root" "$root.work"
  mkdir -p "$root" "$root.work"
  printf '%s\n' "${PRESEED[@]}" >"$root.preseed"
  "${APART[@]}" bash "$HERE/lib/build-layer.sh" "$(image_path "$FROM")" "$target" "$root" "$DEBS/$name" "${PACKAGES[@]}"
  rm -rf --one-file-system "$root" "$root.work" "$root.preseed"
}

# Builds one image whose base is there. It gets its name only when complete, so a killed build leaves no half image.
image_build() (
  local name=$1
  local path
  path=$(image_path "$name")
  exec 8>"$IMAGES/.$name.lock"
  flock 8
  [ ! -d "$path" ] || exit 0
  local log=$LOGS/image-$name.log
  local started=$SECONDS
  local target=$path.building
  say "building image $name (log: $log)"
  rm -rf --one-file-system "$target"
  mkdir -p "$target"
  image_load "$name"
  if [ -n "$FROM" ]; then
    build_layer "$name" "$target" >"$log" 2>&1 8>&-
  else
    build_base "$target" >"$log" 2>&1 8>&-
  fi
  mv "$target" "$path"
  say "built image $name in $((SECONDS - started)) s"
)

# Builds images side by side: their downloads and dpkg runs overlap.
build_together() {
  local name pid failed=0
  local -A building=()
  for name in "$@"; do
    [ ! -d "$(image_path "$name")" ] || continue
    image_build "$name" &
    building[$!]=$name
  done
  for pid in "${!building[@]}"; do
    if ! wait "$pid"; then
      failed=1
      say "image ${building[$pid]} failed; the end of its log:"
      tail -n 15 "$LOGS/image-${building[$pid]}.log" >&2
    fi
  done
  return "$failed"
}

# images_build STACK... : bases first, then all layers.
images_build() {
  local name bases=() layers=()
  for name in $(printf '%s\n' "${@//:/$'\n'}" | sort -u); do
    image_load "$name"
    if [ -n "$FROM" ]; then
      layers+=("$name")
    else
      bases+=("$name")
    fi
  done
  build_together "${bases[@]}"
  build_together "${layers[@]}"
}

# images_prune CLUSTER... : deletes what none of these clusters would use, and running nodes do not use.
images_prune() {
  local path keep
  keep=$(
    for name in "$@"; do
      stacks_of "$name"
    done | tr ':' '\n' | sort -u | while read -r name; do image_path "$name"; done
    cat "$RUN"/*/*/lowerdirs 2>/dev/null | tr ':' '\n' || true
  )
  for path in "$IMAGES"/*-????????????/; do # complete ones: a build under way ends in .building
    path=${path%/}
    grep -qxF "$path" <<<"$keep" && continue
    say "removing $path"
    rm -rf --one-file-system "$path"
  done
}
