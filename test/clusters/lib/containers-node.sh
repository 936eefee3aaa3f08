# shellcheck shell=bash
# Sourced by a node's init from /etc/node: podman and apptainer for ordinary users.

# As on a site that lets people run podman: storage on the node's own disk, no systemd. People have /run/user as after a login.
allow_containers() {
  mount --make-rshared / # podman warns otherwise
  local uid
  for uid in 1001 1002; do
    install -d -m 700 -o "$uid" -g "$uid" "/local/$uid" "/run/user/$uid"
  done
  mkdir -p /etc/containers
  # shellcheck disable=SC2016 # podman expands $UID
  printf '[storage]\ndriver = "overlay"\nrootless_storage_path = "/local/$UID/containers"\n' >/etc/containers/storage.conf
  cat >/etc/containers/containers.conf <<'CONF'
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
}
