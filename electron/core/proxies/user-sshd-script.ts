import { quote, quoteAll } from '../../shared/shell-quote.ts';

/** Variables of a job that a session on its node gets as well. */
const FORWARDED =
  '^(SLURM|SLURMD|PBS|LSB|LSF|SGE|PE|JOB|_CONDOR|CUDA|NVIDIA|ROCR|HIP|GPU|ZE|OMP)_[A-Za-z0-9_]+$|^(NSLOTS|NHOSTS|TMPDIR|QUEUE|TASK_ID)$';
const SECRET = 'JWT|TOKEN|SECRET|PASSWORD|CREDENTIAL';

const findSshd = `sshd=
for path in "$(command -v sshd)" /usr/sbin/sshd /usr/local/sbin/sshd /usr/lib/ssh/sshd /usr/libexec/sshd /sbin/sshd; do
  case $path in /*) [ -x "$path" ] && sshd=$path && break ;; esac
done
[ -n "$sshd" ] || { say none; exit 0; }`;

/**
 * Where the job cannot write to the home directory: its own scratch, whose parents may belong to the scheduler's account. Where
 * others may change the home directory, they could put another one in the place of ours: then it is among the temporary files.
 */
const prepareDirectory = `isOpen() {
  case $(ls -ld "$1/." 2>/dev/null) in d????w*|d???????w*) return 0 ;; esac
  return 1
}
dir=$HOME/.tunel/sshd
if isOpen "$HOME" || isOpen "$HOME/.tunel"; then
  dir=\${XDG_RUNTIME_DIR:-\${TMPDIR:-/tmp}}/tunel-sshd-$(id -u)
  mkdir -m 700 "$dir" 2>/dev/null
  if [ -L "$dir" ] || ! [ -O "$dir" ]; then
    echo "$dir belongs to somebody else; remove it, or make your home directory writable by you alone." >&2
    exit 1
  fi
elif ! mkdir -p "$dir" 2>/dev/null || ! [ -w "$dir" ]; then
  dir=$(printf %s "$_CONDOR_SCRATCH_DIR")
  [ -n "$dir" ] || dir=$TMPDIR
  dir=$dir/.tunel-sshd
  mkdir -p "$dir" || exit 1
fi
chmod 700 "$dir" || exit 1`;

/** A hard link makes it appear whole and only once, however many begin at the same time. */
const makeHostKey = `own=$(uname -n).$$
if ! [ -s "$dir/host_key" ]; then
  ssh-keygen -q -t ed25519 -N '' -C tunel -f "$dir/host_key.$own" </dev/null >&2 || exit 1
  ln "$dir/host_key.$own" "$dir/host_key" 2>/dev/null || [ -s "$dir/host_key" ] || mv "$dir/host_key.$own" "$dir/host_key"
  rm -f "$dir/host_key.$own" "$dir/host_key.$own.pub"
fi
host=$(ssh-keygen -y -f "$dir/host_key" </dev/null) || exit 1`;

/**
 * One file for each connection, because it carries the variables of one job. SetEnv needs OpenSSH 7.8 and allows no
 * quotes. What ends with a backslash cannot be written there: sshd would take the quote after it for a part of it.
 */
const writeAuthorizedKeys = (
  publicKey: string,
): string => String.raw`find "$dir" -name '*.*' -mmin +10 -exec rm -f {} + 2>/dev/null
keys=$dir/authorized_keys.$own
trap 'rm -f "$keys"' EXIT
trap 'exit 143' HUP INT TERM
{ awk 'BEGIN {
  printf "no-X11-forwarding"
  for (name in ENVIRON) {
    value = ENVIRON[name]
    if (name !~ /${FORWARDED}/ || name ~ /${SECRET}/) continue
    if (value ~ /[\n\r]/ || value ~ /\\$/ || length(value) > 2000) continue
    gsub(/"/, "\\\"", value)
    printf ",environment=\"%s=%s\"", name, value
  }
  printf " "
}'; printf '%s\n' ${quote(publicKey.trim())}; } >"$keys" || exit 1`;

/** By printf, because bash keeps here-documents in /tmp, which may be full. */
const writeConfig = `printf '%s\\n' "HostKey \\"$dir/host_key\\"" ${quoteAll([
  'PidFile none',
  // The keys are in a directory of ours, which is not to be judged by what is above it.
  'StrictModes no',
  'UsePAM no',
  'AuthenticationMethods publickey',
  'PubkeyAuthentication yes',
  'PasswordAuthentication no',
  'PermitUserEnvironment yes',
  'Subsystem sftp internal-sftp',
  'AllowTcpForwarding yes',
  'X11Forwarding no',
  'PermitTunnel no',
  'AcceptEnv LANG LC_*',
  'PrintMotd no',
  'PrintLastLog no',
  'UseDNS no',
  'MaxSessions 100',
  'LogLevel ERROR',
])} >"$dir/sshd_config.$own" || exit 1
mv "$dir/sshd_config.$own" "$dir/sshd_config" || exit 1`;

/**
 * POSIX sh text that serves one SSH connection on its own input and output by the system's sshd, started as this user: it
 * listens nowhere. First comes a line of its own, see `readGreeting`. The mark is in two halves, so that an echo of the
 * text is not taken for it.
 */
export function userSshdScript(publicKey: string, mark: string): string {
  const half = Math.floor(mark.length / 2);
  return [
    'umask 077',
    `say() { printf '%s%s %s\\n' ${mark.slice(0, half)} ${mark.slice(half)} "$*"; }`,
    findSshd,
    prepareDirectory,
    makeHostKey,
    writeAuthorizedKeys(publicKey),
    writeConfig,
    'set -- $host',
    'say ready "$1" "$2" "$(id -u)" "$(uname -n)" "$(id -un)"',
    // Not exec: the file with the keys is removed after it.
    '"$sshd" -i -e -f "$dir/sshd_config" -o "AuthorizedKeysFile=$keys"',
    // Its code says nothing: it is 255 after every connection that the other side closed.
    'exit 0',
  ].join('\n');
}

/** Prints where the node's own sshd took this connection, and its public host keys, which everybody there may read. */
export const ownSshdScript = `printf 'address %s\\n' "\${SSH_CONNECTION#* * }"
for file in /etc/ssh/ssh_host_*_key.pub; do
  [ -r "$file" ] && read -r kind key rest <"$file" && printf '%s %s\\n' "$kind" "$key"
done
:`;
