# shellcheck shell=bash
# HTCondor 25 on Debian sid. No test waits for it: sid changes every day.

STACK=htcondor25:sid
PREFIX=198.18.21
INNER=198.18.121

# shellcheck source=../condor/condor.sh
source "$HERE/condor/condor.sh"
