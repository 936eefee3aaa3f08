# shellcheck shell=bash
# Debian bookworm.
SUITE=bookworm
# shellcheck source=base-packages.sh
source "$IMAGE_DEFS/base-packages.sh"
