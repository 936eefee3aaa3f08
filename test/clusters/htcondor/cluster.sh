# shellcheck shell=bash
# HTCondor 23.9 on Debian trixie, with jupyter, the Python web servers, R, Open MPI, Apptainer and podman on every node.

STACK=$CONTAINER_STACK:compute:jupyter:python-web:htcondor:trixie
PREFIX=198.18.20
INNER=198.18.120
HAS_CONTAINERS=yes

# shellcheck source=../condor/condor.sh
source "$HERE/condor/condor.sh"
