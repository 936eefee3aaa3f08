# shellcheck shell=bash
# HTCondor as sid has it.
FROM=sid
PACKAGES=(condor)
