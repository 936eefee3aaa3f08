import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors.ts';
import type { OwnedConnection } from './transport.ts';

interface ConnectionFindings {
  roundTrip: number;
  loginNode: string;
  socketForwarding: boolean;
  portForwarding: boolean;
  homeFree: number | null;
  homeTotal: number | null;
}

/**
 * A socket that says "ok" once and then goes, or goes after 10 s: sshd answers "denied" and "nothing there" alike for sockets,
 * so only one that is there tells. Prints its path; nothing where there is neither python3 nor perl.
 */
const listenOnSocket = `umask 077
d=$(mktemp -d "\${TMPDIR:-/tmp}/tunel.XXXXXX") || exit 0
p=$d/s
if command -v python3 >/dev/null 2>&1; then
  python3 -c 'import os,socket,sys
p=sys.argv[1]; s=socket.socket(socket.AF_UNIX); s.bind(p); s.listen(1); s.settimeout(10)
try:
    c=s.accept()[0]; c.sendall(b"ok"); c.close()
except Exception: pass
os.unlink(p); os.rmdir(os.path.dirname(p))' "$p" >/dev/null 2>&1 </dev/null &
elif command -v perl >/dev/null 2>&1; then
  perl -MIO::Socket::UNIX -e '$p=shift; $s=IO::Socket::UNIX->new(Local=>$p,Listen=>1) or exit; $SIG{ALRM}=sub{};
alarm 10; if($c=$s->accept){print $c "ok"; close $c} unlink $p; $p=~s#/s$##; rmdir $p' "$p" >/dev/null 2>&1 </dev/null &
else rmdir "$d"; exit 0
fi
n=0; while [ ! -S "$p" ] && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.05 2>/dev/null || sleep 1; done
printf '%s' "$p"`;

/** Tries what the app needs of a connection. */
export async function examine(connection: OwnedConnection, signal: AbortSignal): Promise<ConnectionFindings> {
  const roundTrip = await connection.ping();
  const [facts, socketForwarding, portForwarding] = await Promise.all([
    connection.run('hostname; LC_ALL=C df -Pk "$HOME" 2>/dev/null | tail -n 1', { signal, timeoutMs: 30_000 }),
    socketsWork(connection, signal),
    portsAllowed(connection, signal),
  ]);
  const [loginNode = '', space = ''] = facts.stdout.trim().split('\n');
  return { roundTrip, loginNode: loginNode.trim(), socketForwarding, portForwarding, ...parseDf(space) };
}

async function socketsWork(connection: OwnedConnection, signal: AbortSignal): Promise<boolean> {
  const { stdout: path } = await connection.run(listenOnSocket, { signal, timeoutMs: 30_000 });
  if (!path) return false;
  const opened = await opens(() => connection.openSocket(path, signal));
  return opened === null;
}

/** A port where nothing is: "refused" means that sshd tried. */
async function portsAllowed(connection: OwnedConnection, signal: AbortSignal): Promise<boolean> {
  const refusal = await opens(() => connection.openPort('127.0.0.1', 1, signal));
  return refusal?.code !== 'forwarding-denied';
}

/** Null when it opened, else how it was refused; other errors are thrown. */
async function opens(open: () => Promise<Duplex>): Promise<AppError | null> {
  try {
    const channel = await open();
    channel.resume();
    channel.destroy();
    return null;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'forwarding-denied' || error.code === 'channel-refused'))
      return error;
    throw error;
  }
}

/** The last line of `df -Pk`: device, total, used, free, percentage, mount point; the device may hold spaces. In bytes. */
export function parseDf(line: string): { homeFree: number | null; homeTotal: number | null } {
  const match = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/.exec(line);
  if (!match) return { homeFree: null, homeTotal: null };
  return { homeTotal: Number(match[1]) * 1024, homeFree: Number(match[2]) * 1024 };
}
