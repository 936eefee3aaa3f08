# shellcheck shell=bash
# Slurm 26.05 on Debian sid. No test waits for it: sid changes every day.

STACK=slurm26:sid
PREFIX=198.18.12
INNER=198.18.112

slurm_conf_for_version() {
  :
}

# shellcheck source=../slurm/slurm.sh
source "$HERE/slurm/slurm.sh"
