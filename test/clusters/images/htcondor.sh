# shellcheck shell=bash
# HTCondor 23.9.
FROM=trixie
PACKAGES=(htcondor)
