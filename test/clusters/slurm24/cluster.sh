# shellcheck shell=bash
# Slurm 24.11 on Debian trixie, with jupyter, the Python web servers, R, Open MPI, TigerVNC, Apptainer and podman on every node.

STACK=$CONTAINER_STACK:compute:venv:vnc:jupyter:python-web:slurm24:trixie
PREFIX=198.18.10
INNER=198.18.110
HAS_CONTAINERS=yes

slurm_conf_for_version() {
  :
}

# shellcheck source=../slurm/slurm.sh
source "$HERE/slurm/slurm.sh"
