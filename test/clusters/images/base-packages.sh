# shellcheck shell=bash
# What every node has: ssh, the PAM modules of the login ports, bindfs for /home, and what a login node usually has.
PACKAGES=(
  bindfs mount passwd login ca-certificates openssh-server openssh-client openssh-sftp-server iproute2 iputils-ping
  procps psmisc tini less netcat-openbsd socat python3 sudo libpam-oath libpam-google-authenticator oathtool curl
  bash-completion lsof rsync util-linux nano debconf-utils lmod hostname strace
)
