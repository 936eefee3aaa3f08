# shellcheck shell=bash
# Slurm 24.11 on Debian trixie, with jupyter and the Python web servers on every node.

STACK=jupyter:python-web:slurm24:trixie
PREFIX=198.18.10
INNER=198.18.110

slurm_conf_for_version() {
  :
}

# shellcheck source=../slurm/slurm.sh
source "$HERE/slurm/slurm.sh"
