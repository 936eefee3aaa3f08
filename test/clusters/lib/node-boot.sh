# shellcheck shell=bash
# The first process of a node, in fresh namespaces: builds the root, moves into it and becomes tini.
set -euo pipefail
root=$NODE_DIR/root

mount_root() {
  hostname "$NODE_NAME"
  mount -t overlay overlay -o "lowerdir=$NODE_LOWER,upperdir=$NODE_DIR/upper,workdir=$NODE_DIR/work,index=off,redirect_dir=off,metacopy=off" "$root"
  cd "$root"
  mkdir -p proc sys dev run tmp home .old
  # A full, unmasked proc: user namespaces inside need it.
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  # Slurm 22.05 and container runtimes look for cgroup2 here; not every kernel gives it to us.
  mount -t cgroup2 cgroup2 sys/fs/cgroup || true
}

# Device nodes of its own: a chmod inside on a bind mount would change this machine's.
make_dev() {
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/net dev/pts dev/shm
  local name mode major minor
  while read -r name mode major minor; do
    mknod -m "$mode" "dev/$name" c "$major" "$minor"
  done <<DEVICES
null 666 1 3
zero 666 1 5
full 666 1 7
random 666 1 8
urandom 666 1 9
tty 666 5 0
fuse 666 10 229
net/tun 666 10 200
DEVICES
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  mount -t tmpfs -o mode=1777 tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s fd/0 dev/stdin
  ln -s fd/1 dev/stdout
  ln -s fd/2 dev/stderr
}

make_run_and_tmp() {
  mount -t tmpfs -o mode=755 tmpfs run
  mkdir -p run/lock run/sshd run/user
  chmod 1777 run/lock
  mount -t tmpfs -o mode=1777,size=2g tmpfs tmp
}

# "SOURCE:TARGET" or "SOURCE:TARGET:ro". /home waits at /.home: see share_home.
bind_folders() {
  local bind source target options
  for bind in $NODE_BINDS; do
    IFS=: read -r source target options <<<"$bind"
    [ "$target" != /home ] || target=/.home
    mkdir -p ".$target"
    mount --bind "$source" ".$target"
    [ -z "$options" ] || mount -o "remount,bind,$options" ".$target"
  done
}

name_things() {
  printf '127.0.0.1 localhost\n%s\n' "$NODE_HOSTS" >etc/hosts
  echo "$NODE_NAME" >etc/hostname
  rm -f etc/resolv.conf
  : >etc/resolv.conf
  cp "$NODE_INIT" run/node-init
}

# bindfs, one mount a node: as on NFS, a Unix socket made on one node answers only there. With a plain bind mount the
# login node could reach a compute node's socket, and bugs in choosing a route would hide.
share_home() {
  [ ! -d /.home ] || bindfs /.home /home
}

mount_root
make_dev
make_run_and_tmp
bind_folders
name_things
# Not chroot: a chrooted process may not create user namespaces.
pivot_root . .old
cd /
share_home
# Layers were built apart, each with an ld.so.cache that lacks the others' libraries.
ldconfig
: >".old$NODE_DIR/ready"
umount -l .old
rmdir .old
exec /usr/bin/tini -- /bin/bash -euo pipefail /run/node-init
