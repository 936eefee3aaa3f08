# shellcheck shell=bash
# Apptainer, which trixie lacks: that one package is sid's, all it needs is trixie's.
FROM=trixie
PACKAGES=(apptainer squashfs-tools squashfuse fuse3 fakeroot)
FROM_SID=(apptainer)
