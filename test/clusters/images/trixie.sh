# shellcheck shell=bash
# Debian trixie.
SUITE=trixie
# shellcheck source=base-packages.sh
source "$IMAGE_DEFS/base-packages.sh"
