# shellcheck shell=bash
# Slurm 24.11, with accounting and the PAM module that lets in only who has a job on the node.
FROM=trixie
PACKAGES=(slurm-client slurmctld slurmd slurmdbd munge mariadb-server libpam-slurm)
