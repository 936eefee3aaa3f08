# shellcheck shell=bash
# Debian sid: what comes next. It changes every day, so nothing depends on it.
SUITE=sid
# shellcheck source=base-packages.sh
source "$IMAGE_DEFS/base-packages.sh"
