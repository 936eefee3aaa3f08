# shellcheck shell=bash
# Slurm 22.05 on Debian bookworm, whose --json differs from later versions, with the classic Notebook on every node.

STACK=notebook:slurm22:bookworm
PREFIX=198.18.11
INNER=198.18.111

# 22.05 cannot disable the cgroup plugin, and lacks the options marked 24+.
slurm_conf_for_version() {
  echo 'CgroupPlugin=cgroup/v1' >"$1/cgroup.conf"
  sed -i '/# 24+$/d' "$1/slurm.conf"
}

# shellcheck source=../slurm/slurm.sh
source "$HERE/slurm/slurm.sh"
