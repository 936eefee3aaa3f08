# shellcheck shell=bash
# Slurm as sid has it, with accounting and the PAM module that lets in only who has a job on the node.
FROM=sid
PACKAGES=(slurm-client slurmctld slurmd slurmdbd munge mariadb-server libpam-slurm)
