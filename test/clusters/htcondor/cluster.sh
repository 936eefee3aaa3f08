# shellcheck shell=bash
# HTCondor 23.9 on Debian trixie, with jupyter, the Python web servers, R and Open MPI on every node.

STACK=compute:jupyter:python-web:htcondor:trixie
PREFIX=198.18.20
INNER=198.18.120

# shellcheck source=../condor/condor.sh
source "$HERE/condor/condor.sh"
