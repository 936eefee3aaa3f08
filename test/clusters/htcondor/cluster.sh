# shellcheck shell=bash
# HTCondor 23.9 on Debian trixie, with jupyter and the Python web servers on every node.

STACK=jupyter:python-web:htcondor:trixie
PREFIX=198.18.20
INNER=198.18.120

# shellcheck source=../condor/condor.sh
source "$HERE/condor/condor.sh"
