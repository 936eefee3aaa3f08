# shellcheck shell=bash
# Images: images/NAME.sh says what is in one, the cache keeps it under a hash of exactly that.
# A base (SUITE) is made by mmdebstrap; a layer (FROM) is the overlay upper directory of one apt-get install on its base,
# so that layers built apart stack in any node: jupyter:python-web:slurm24:trixie. What is neither is a folder of files
# that a script makes of other images (MAKE, NEEDS).

IMAGE_DEFS=$HERE/images

# Mounts and processes of a build end with it, however it ends; and it leaves room for what runs beside it.
APART=(nice -n 5 setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc --propagation private)

# Reads images/NAME.sh: SUITE or FROM, and PACKAGES; a layer may have PRESEED (answers for debconf), FROM_SID (packages
# that its suite lacks) and ALONE (packages to take without what they depend on). Or MAKE and NEEDS.
image_load() {
  SUITE=''
  FROM=''
  PACKAGES=()
  PRESEED=()
  FROM_SID=()
  ALONE=()
  MAKE=''
  NEEDS=()
  [ -f "$IMAGE_DEFS/$1.sh" ] || die "no image named '$1' in $IMAGE_DEFS"
  # shellcheck source=/dev/null
  source "$IMAGE_DEFS/$1.sh"
  [ -z "$FROM" ] || NEEDS=("$FROM")
}

# The directory of an image: its name and a hash of all that decides its content.
image_path() (
  image_load "$1"
  {
    printf '%s\n' "suite=$SUITE" "${PACKAGES[@]}"
    [ ${#PRESEED[@]} -eq 0 ] || printf '%s\n' "${PRESEED[@]}"
    [ ${#FROM_SID[@]} -eq 0 ] || printf 'sid=%s\n' "${FROM_SID[@]}"
    [ ${#ALONE[@]} -eq 0 ] || printf 'alone=%s\n' "${ALONE[@]}"
    [ -z "$SUITE" ] || cat "$HERE/lib/users.sh"
    [ -z "$FROM" ] || cat "$HERE/lib/build-layer.sh"
    [ -z "$MAKE" ] || cat "$HERE/$MAKE"
    for need in "${NEEDS[@]}"; do
      basename "$(image_path "$need")"
    done
  } | sha256sum | printf '%s/%s-%s\n' "$IMAGES" "$1" "$(cut -c1-12)"
)

# images_needed IMAGE... : these and all they are made of, each once.
images_needed() {
  local name
  for name in "$@"; do
    (
      image_load "$name"
      images_needed "${NEEDS[@]}"
    )
    echo "$name"
  done | awk '!seen[$0]++'
}

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
  PRESEED=$(printf '%s\n' "${PRESEED[@]}") FROM_SID=${FROM_SID[*]} ALONE=${ALONE[*]} \
    "${APART[@]}" bash "$HERE/lib/build-layer.sh" "$(image_path "$FROM")" "$target" "$root" "$DEBS/$name" "${PACKAGES[@]}"
  rm -rf --one-file-system "$root" "$root.work"
}

build_made() {
  local target=$1 need paths=()
  for need in "${NEEDS[@]}"; do
    paths+=("$(image_path "$need")")
  done
  "${APART[@]}" bash "$HERE/$MAKE" "$target" "${paths[@]}"
}

# Shows the end of the log of a build that failed.
image_explain() {
  say "image $1 failed; the end of its log:"
  tail -n 15 "$LOGS/image-$1.log" >&2
}

# Builds one image; what it is made of is there. It gets its name only when complete, so a killed build leaves no half image.
image_build() (
  local name=$1
  local path
  path=$(image_path "$name")
  exec 8>"$IMAGES/.$name.lock"
  flock 8
  [ ! -d "$path" ] || exit 0
  [ "${TUNEL_CLUSTERS_BUILD:-yes}" = yes ] || die "image $name is not built, and TUNEL_CLUSTERS_BUILD says not to"
  local log=$LOGS/image-$name.log
  local started=$SECONDS
  local target=$path.building
  say "building image $name (log: $log)"
  # shellcheck disable=SC2064 # the name of now
  trap "image_explain '$name'" EXIT
  rm -rf --one-file-system "$target"
  mkdir -p "$target"
  image_load "$name"
  if [ -n "$SUITE" ]; then
    build_base "$target" >"$log" 2>&1 7>&- 8>&-
  elif [ -n "$FROM" ]; then
    build_layer "$name" "$target" >"$log" 2>&1 7>&- 8>&-
  else
    build_made "$target" >"$log" 2>&1 7>&- 8>&-
  fi
  mv "$target" "$path"
  trap - EXIT
  say "built image $name in $((SECONDS - started)) s"
)

# images_missing STACK... : what these need and the cache does not have, each after what it is made of.
images_missing() {
  local name
  # shellcheck disable=SC2046,SC2048,SC2086 # names have no spaces
  for name in $(images_needed $(printf '%s\n' ${*//:/ } | sort -u)); do
    [ -d "$(image_path "$name")" ] || echo "$name"
  done
}

# plan_images NAME... : a job for each image, which begins when what it is made of is there.
plan_images() {
  local name needs
  for name in "$@"; do
    needs=$(
      image_load "$name"
      printf 'image:%s ' "${NEEDS[@]}"
    )
    plan "image:$name" "$needs" image_build "$name"
  done
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
