# shellcheck shell=bash
# Runs inside every base image. The ids are fixed because layers are built apart and then stacked: the topmost layer's
# /etc/passwd wins, so all of them must hold the same users before a package adds its own.
add_system_user() {
  groupadd --system --gid "$2" "$1"
  useradd --system --uid "$2" --gid "$1" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin "$1"
}

add_person() {
  local first_subid=$((100000 + ($2 - 1000) * 65536))
  local subids=$first_subid-$((first_subid + 65535))
  groupadd --gid "$2" "$1"
  useradd --uid "$2" --gid "$1" --groups lab --home-dir "/home/$1" --no-create-home --shell /bin/bash "$1"
  usermod --add-subuids "$subids" --add-subgids "$subids" "$1"
  echo "$1:$1-secret" | chpasswd
}

add_system_user munge 801 /nonexistent
add_system_user slurm 802 /var/lib/slurm
add_system_user condor 803 /var/lib/condor
add_system_user sgeadmin 804 /var/lib/gridengine
add_system_user mysql 805 /nonexistent
getent group messagebus >/dev/null || add_system_user messagebus 806 /nonexistent
add_system_user openldap 807 /nonexistent
groupadd --gid 2000 lab
add_person ada 1001
add_person ben 1002
