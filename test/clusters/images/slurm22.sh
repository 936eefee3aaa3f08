# shellcheck shell=bash
# Slurm 22.05, with accounting and the PAM module that lets in only who has a job on the node.
FROM=bookworm
PACKAGES=(slurm-client slurmctld slurmd slurmdbd munge mariadb-server libpam-slurm)
