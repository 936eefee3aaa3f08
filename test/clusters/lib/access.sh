# shellcheck shell=bash
# Keys, homes, and the files a client needs: ssh_config, known_hosts, cluster.json.

PEOPLE=(ada:1001 ben:1002)
TOTP_SECRET=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ

# make_key NAME [PASSPHRASE]
make_key() {
  local file=$SHARED/keys/$1
  [ -e "$file" ] || ssh-keygen -q -t ed25519 -N "${2:-}" -C "$1@$CLUSTER" -f "$file"
}

# The keys of people (on the client) and of nodes (host_NODE).
make_keys() {
  local name
  mkdir -p "$SHARED/keys"
  for name in ada ben "${NODES[@]/#/host_}"; do
    make_key "$name"
  done
  make_key ada-enc opensesame
}

# Homes as the nodes share them: a person gets in with their key from here, and from node to node with the one in ~/.ssh.
make_homes() {
  local person uid home
  for person in "${PEOPLE[@]}"; do
    uid=${person#*:}
    person=${person%:*}
    home=$SHARED/home/$person
    mkdir -p "$home/.ssh"
    [ -e "$home/.ssh/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C "$person@cluster" -f "$home/.ssh/id_ed25519"
    cat "$SHARED/keys/$person.pub" "$home/.ssh/id_ed25519.pub" >"$home/.ssh/authorized_keys"
    [ "$person" != ada ] || cat "$SHARED/keys/ada-enc.pub" >>"$home/.ssh/authorized_keys"
    cp "$SHARED/known_hosts" "$home/.ssh/known_hosts"
    chmod 700 "$home" "$home/.ssh"
    chown -R "$uid:$uid" "$home"
  done
}

# known_host NODE ADDRESS [PORT...] : one line for known_hosts; other ports than 22 have to be named one by one.
known_host() {
  local names=$1,$2 port
  for port in "${@:3}"; do
    names+=",[$1]:$port,[$2]:$port"
  done
  echo "$names $(cut -d' ' -f1,2 "$SHARED/keys/host_$1.pub")"
}

# ssh_host NODE ADDRESS [JUMP] : one block for ssh_config.
ssh_host() {
  printf 'Host %s\n  HostName %s\n' "$1" "$2"
  [ -z "${3:-}" ] || printf '  ProxyJump %s\n' "$3"
}

ssh_defaults() {
  cat <<CONFIG
Host *
  User ada
  IdentityFile $SHARED/keys/ada
  IdentitiesOnly yes
  UserKnownHostsFile $SHARED/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  CheckHostIP no
CONFIG
}

# What tests read (test/helpers/clusters.ts has the schema).
# Paths of the cache go in as they are: a cache path with quotes or backslashes is refused.
write_cluster_json() {
  local node hosts='' key keys='' person users=''
  case $SHARED in
    *[\"\\]* | *' '*) die "the cache path must not hold quotes, backslashes or spaces: $CACHE" ;;
  esac
  for node in "${NODES[@]}"; do
    hosts+="${hosts:+, }\"$node\": {\"address\": \"$(cut -d' ' -f1 "$STATE/$node/address")\", \"port\": 22, \"pid\": $(node_pid "$node")}"
  done
  for key in "$SHARED"/keys/*.pub; do
    key=$(basename "$key" .pub)
    case $key in
      host_* | *-cert) continue ;;
    esac
    keys+="${keys:+, }\"$key\": \"$SHARED/keys/$key\""
  done
  for person in "${PEOPLE[@]}"; do
    users+="${users:+, }\"${person%:*}\": {\"uid\": ${person#*:}, \"password\": \"${person%:*}-secret\"}"
  done
  cat >"$SHARED/cluster.json.new" <<JSON
{
  "name": "$CLUSTER",
  "entry": "$ENTRY",
  "shared": "$SHARED",
  "link": "h-$CLUSTER",
  "ssh_config": "$SHARED/ssh_config",
  "known_hosts": "$SHARED/known_hosts",
  "keys": {$keys},
  "hosts": {$hosts},
  "users": {$users},
  "totpSecret": "$TOTP_SECRET"
}
JSON
  mv "$SHARED/cluster.json.new" "$SHARED/cluster.json"
}
