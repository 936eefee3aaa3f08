# shellcheck shell=bash
# What a node needs to run containers as an ordinary user: images at /opt/images, and a disk of its own at /local.

CONTAINER_STACK=podman:apptainer

# container_binds NODE : for BINDS. Podman cannot keep its storage in a home that comes over a network, nor its layers on
# the node's overlay root.
container_binds() {
  local disk=$STATE/$1/local
  mkdir -p "$disk"
  echo "$disk:/local $(image_path container-images):/opt/images:ro"
}
