# shellcheck shell=bash
# make-images.sh TARGET PYTHON JUPYTER TRIXIE APPTAINER : the last four are the folders of images.
# Makes NAME.sif (apptainer) and NAME.tar (docker-archive, what `podman load` takes) of one root each.
# Runs in mount and pid namespaces of its own.
set -euo pipefail
target=$1 python=$2 jupyter=$3 trixie=$4 apptainer=$5

work=$target/.work
mkdir -p "$work"/{tools,tools.upper,tools.work,tmp,empty}
overlay=index=off,redirect_dir=off,metacopy=off
mount -t overlay overlay -o "lowerdir=$apptainer:$trixie,upperdir=$work/tools.upper,workdir=$work/tools.work,$overlay" "$work/tools"
mount -t proc proc "$work/tools/proc"
mount --bind /dev "$work/tools/dev"
mkdir -p "$work/tools/mnt/root" "$work/tools/mnt/out"
mount --bind "$target" "$work/tools/mnt/out"

# Hides what a container has no use for.
slim() {
  local dir
  for dir in var/lib/apt var/cache/apt usr/share/doc usr/share/locale; do
    [ ! -d "$1/$dir" ] || mount --bind "$work/empty" "$1/$dir"
  done
}

sha256() {
  sha256sum "$1" | cut -d' ' -f1
}

make_sif() {
  chroot "$work/tools" env APPTAINER_TMPDIR=/mnt/out/.work/tmp HOME=/root \
    apptainer build --mksquashfs-args '-comp zstd -Xcompression-level 3' "/mnt/out/$1.sif" /mnt/root
}

# One layer, as the format wants it: the archive's own hash in the config, the config's hash as its name.
make_archive() {
  local name=$1 dir=$work/$1 layer config
  mkdir "$dir"
  tar --create --file "$dir/layer.tar" --directory "$work/tools/mnt/root" --numeric-owner --xattrs .
  layer=$(sha256 "$dir/layer.tar")
  cat >"$dir/config.json" <<JSON
{"architecture": "$(dpkg --print-architecture)", "os": "linux", "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"], "Cmd": ["/bin/bash"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}, "history": [{"created_by": "tunel test clusters"}]}
JSON
  config=$(sha256 "$dir/config.json")
  mv "$dir/config.json" "$dir/$config.json"
  mv "$dir/layer.tar" "$dir/$layer.tar"
  echo "[{\"Config\": \"$config.json\", \"RepoTags\": [\"localhost/$name:latest\"], \"Layers\": [\"$layer.tar\"]}]" >"$dir/manifest.json"
  tar --create --file "$target/$name.tar" --directory "$dir" manifest.json "$config.json" "$layer.tar"
  rm -r "$dir"
}

mount --bind "$python" "$work/tools/mnt/root"
slim "$work/tools/mnt/root"
make_sif tunel-python
make_archive tunel-python
umount --recursive "$work/tools/mnt/root"

mount -t overlay overlay -o "lowerdir=$jupyter:$trixie,$overlay" "$work/tools/mnt/root"
slim "$work/tools/mnt/root"
make_sif tunel-jupyter
make_archive tunel-jupyter
umount --recursive "$work/tools/mnt/root"

umount --recursive "$work/tools"
rm -rf --one-file-system "$work"
chmod 644 "$target"/*
