# shellcheck shell=bash
# bastion (reachable from here) -> login (only from the bastion), with a policy on each of login's ports (init.sh).
# Homes are shared by both. The login node has jupyter, the Python web servers and the login shells that people use.

ENTRY=login
NODES=(bastion login)
STACKS=(trixie shells:jupyter:python-web:trixie)
LOGIN_PORTS=(2201 2202 2203 2204 2205 2206 2207 2208 2209)

# A user certificate for ada, signed by a CA that login's port 22 trusts.
make_certificate() {
  make_key userca
  make_key certada
  ssh-keygen -q -s "$SHARED/keys/userca" -I ada -n ada -V -5m:+520w "$SHARED/keys/certada.pub"
}

cluster_up() {
  make_keys
  make_certificate
  gcc -shared -fPIC -Wall -o "$STATE/pam_menu.so" "$CLUSTER_DIR/files/pam_menu.c" -lpam

  {
    known_host bastion 198.18.1.2
    known_host login 198.18.2.2 "${LOGIN_PORTS[@]}"
  } >"$SHARED/known_hosts"
  {
    ssh_host bastion 198.18.1.2
    ssh_host login 198.18.2.2 bastion
    ssh_defaults
  } >"$SHARED/ssh_config"
  make_homes

  network_up dmz 198.18.1
  network_up inner 198.18.2
  network_reachable_from_here dmz 198.18.1

  local node
  local BINDS="$SHARED/home:/home"
  local HOSTS=$'198.18.2.3 bastion\n198.18.2.2 login login.inner'
  for node in "${NODES[@]}"; do
    node_files "$node" "$CLUSTER_DIR"/files/* "$STATE/pam_menu.so" "$SHARED/keys/userca.pub"
  done
  node_up bastion trixie "dmz:198.18.1.2 inner:198.18.2.3" "$CLUSTER_DIR/init.sh"
  node_up login shells:jupyter:python-web:trixie "inner:198.18.2.2" "$CLUSTER_DIR/init.sh"

  wait_for 120 port_open 198.18.1.2 22
  # The last port to start answers: all of them do.
  wait_for 120 node_exec bastion bash -c 'exec 3<>/dev/tcp/login/2209'
  write_cluster_json
}
