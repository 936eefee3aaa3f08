import type { Endpoint } from '../../shared/instances.ts';
import { quote } from '../../shared/shell-quote.ts';

/** How many sockets besides the endpoint are looked at, and how many processes. */
const MAX_SOCKETS = 20;
const MAX_PROCESSES = 2000;

/**
 * What the node shows of who may reach an endpoint and whatever else the app's processes listen on. POSIX sh with ls, od,
 * sed, awk, grep and Linux's /proc; getfacl and getent where they are. Each line begins with `@NONCE`, is made of fields
 * without spaces, and has names in hexadecimal: neither a login banner nor the name of a file can be taken for a fact.
 * @param nonce letters and digits
 */
export function factsScript(id: string, endpoint: Endpoint, nonce: string): string {
  const socket = endpoint.kind === 'socket' ? endpoint.path : '';
  const port = endpoint.kind === 'port' ? endpoint.port.toString(16).toUpperCase().padStart(4, '0') : 'none';
  return `main() {
LC_ALL=C
export LC_ALL
set -f
newline='
'
gids=
uids=
say() { printf '@${nonce} %s\\n' "$*"; }
hex() { printf '=%s' "$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \\n')"; }

${entryPart}
${walkPart}
say me "$(id -u)" "$(id -g)" "$(hex "$(id -un)")"
endpoint=${quote(socket)}
if [ -n "$endpoint" ]; then
  if [ -S "$endpoint" ]; then walk endpoint "$endpoint"; else say gone; fi
fi

${processesPart(id, port)}
${namesPart}
say end
exit 0
}
main </dev/null
`;
}

const entryPart = `# entry LABEL PATH: kind and mode, owner, group, and the access list if it has one
entry() {
  label=$1
  file=$2
  line=$(ls -ldn -- "$file" 2>/dev/null)
  line=\${line%%"$newline"*}
  set -- $line
  if [ $# -lt 5 ]; then say entry "$label" unknown; return; fi
  say entry "$label" "$1" "$3" "$4"
  uids="$uids $3"
  gids="$gids $4"
  case $1 in
    *+)
      acl=$(getfacl -cpn -- "$file" 2>/dev/null | sed -n 's/^\\([a-z]*:[0-9]*:[-rwx]*\\).*/\\1/p')
      for rule in $acl; do
        say acl "$label" "$rule"
        rest=\${rule#*:}
        case $rule in
          user:[0-9]*) uids="$uids \${rest%%:*}" ;;
          group:[0-9]*) gids="$gids \${rest%%:*}" ;;
        esac
      done
      ;;
  esac
}
`;

const walkPart = `# walk LABEL PATH: what is there and each directory above it, all links followed
walk() {
  file=$2
  if [ -L "$file" ]; then
    file=$(readlink -f -- "$file" && printf x)
    file=\${file%"\${newline}x"}
  fi
  above=\${file%/*}
  real=$(cd -P -- "\${above:-/}" 2>/dev/null && pwd -P && printf x) || { say walk "$1" unknown; return; }
  real=\${real%"\${newline}x"}
  say walk "$1" "$(hex "\${real%/}/\${file##*/}")"
  entry "$1" "\${real%/}/\${file##*/}"
  while [ "$real" != / ] && [ -n "$real" ]; do
    entry "$1" "$real"
    real=\${real%/*}
  done
  entry "$1" /
}
`;

/** What the app's processes listen on, in each network that one of them has. */
const processesPart = (id: string, port: string): string => `if [ -r /proc/self/net/tcp ]; then
  say proc
  set +f
  pids=$(grep -ls TUNEL_ID=${quote(id)} /proc/[0-9]*/environ 2>/dev/null | sed -n 's|^/proc/\\([0-9]*\\)/.*|\\1|p' | head -n ${MAX_PROCESSES})
  set -f
  folders=
  spaces=
  for pid in $pids; do
    folders="$folders /proc/$pid/fd"
    spaces="$spaces /proc/$pid/ns/net"
  done
  inodes=
  [ -z "$folders" ] || inodes=$(ls -l $folders 2>/dev/null | sed -n 's/^l.* -> socket:\\[\\([0-9]*\\)\\]$/\\1/p' | sort -u)
  say processes "$(printf '%s\\n' $pids | grep -c .)"
  # One process for each network that is not this node's own, as a container may have
  own=$(readlink /proc/self/ns/net)
  others=
  [ -z "$spaces" ] || others=$(ls -l $spaces 2>/dev/null | sed -n 's|.* /proc/\\([0-9]*\\)/ns/net -> \\(.*\\)$|\\1 \\2|p' |
    awk -v own="$own" '$2 != own && !seen[$2]++ { print $1 }')
  sockets=0
  for pid in self $others; do
    where=node
    [ "$pid" = self ] || where=inside
    for table in tcp tcp6; do
      [ -r "/proc/$pid/net/$table" ] || continue
      rows=$(printf '%s\\n' $inodes | awk -v port=${port} 'NR == FNR { mine[$1]; next }
        $4 == "0A" { split($2, at, ":"); own = ($10 in mine); if (own || (at[2] "") == (port "")) print at[1] "," at[2] "," (own ? "app" : "other") }' - "/proc/$pid/net/$table")
      for row in $rows; do say tcp "$where" "$row"; done
    done
${unixSocketsPart}
  done
fi
`;

const namesPart = `named() { getent "$1" "$2" 2>/dev/null || awk -F: -v id="$2" '$3 == id' "/etc/$1" 2>/dev/null; }
for gid in $(printf '%s\\n' $gids | sort -un); do
  line=$(named group "$gid")
  line=\${line%%"$newline"*}
  say group "$gid" "$(hex "\${line%%:*}")" "$(hex "\${line##*:}")"
done
for uid in $(printf '%s\\n' $uids | sort -un); do
  line=$(named passwd "$uid")
  say user "$uid" "$(hex "\${line%%:*}")"
done`;

/** Unix sockets on which those processes listen, in one network. */
const unixSocketsPart = `    names=$(printf '%s\\n' $inodes | awk 'NR == FNR { mine[$1]; next }
      ($7 in mine) && substr($4, length($4) - 4, 1) ~ /[13579BDFbdf]/ {
        for (field = 1; field < 7; field++) sub(/^ *[^ ]+ +/, "")
        if (sub(/^ *[0-9]+ /, "")) print
      }' - "/proc/$pid/net/unix" 2>/dev/null)
    IFS=$newline
    for name in $names; do
      unset IFS
      sockets=$((sockets + 1))
      [ "$sockets" -le ${MAX_SOCKETS} ] || break
      say unix "$where" "$sockets" "$(hex "$name")"
      [ "$where" = node ] || continue
      case $name in
        @*) ;;
        /*) [ ! -S "$name" ] || walk "$sockets" "$name" ;;
        *)
          for at in $pids; do
            [ -S "/proc/$at/cwd/$name" ] || continue
            walk "$sockets" "/proc/$at/cwd/$name"
            break
          done
          ;;
      esac
    done
    unset IFS`;

/** Whether a process on the login node can open a connection to each port: a line `@NONCE reach PORT yes|no|untried` each. */
export function reachScript(node: string, ports: readonly number[], nonce: string): string {
  return `node=${quote(node)}
try() {
  if command -v timeout >/dev/null 2>&1 && command -v bash >/dev/null 2>&1; then
    timeout 4 bash --norc -c 'exec 3<>"/dev/tcp/$0/$1"' "$node" "$1"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 4)' "$node" "$1"
  elif command -v perl >/dev/null 2>&1; then
    perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 4)' "$node" "$1"
  else
    return 99
  fi
}
for port in ${ports.join(' ')}; do
  {
    try "$port" </dev/null >/dev/null 2>&1
    case $? in 0) answer=yes ;; 99) answer=untried ;; *) answer=no ;; esac
    printf '@${nonce} reach %s %s\\n' "$port" "$answer"
  } &
done
wait
printf '@${nonce} end\\n'
`;
}
