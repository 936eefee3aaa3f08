# shellcheck shell=bash
# podman, rootless.
FROM=trixie
PACKAGES=(podman crun passt slirp4netns uidmap fuse-overlayfs)
