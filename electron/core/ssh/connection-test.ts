import { AppError } from '../../shared/errors.ts';
import type { LiveConnection } from './connection.ts';

export interface ConnectionFindings {
  roundTrip: number;
  loginNode: string;
  socketForwarding: boolean;
  portForwarding: boolean;
  homeFree: number | null;
  homeTotal: number | null;
}

/** Tries what the app needs of a connection. A socket and a port that do not exist tell "denied" from "nothing there". */
export async function examine(connection: LiveConnection, signal: AbortSignal): Promise<ConnectionFindings> {
  const roundTrip = await connection.ping();
  const [facts, socketForwarding, portForwarding] = await Promise.all([
    connection.run('hostname; LC_ALL=C df -Pk "$HOME" 2>/dev/null | tail -n 1', { signal, timeoutMs: 30_000 }),
    allowed(() => connection.openSocket('/nonexistent/tunel-probe.sock', signal)),
    allowed(() => connection.openPort('127.0.0.1', 1, signal)),
  ]);
  const [loginNode = '', space = ''] = facts.stdout.trim().split('\n');
  return { roundTrip, loginNode: loginNode.trim(), socketForwarding, portForwarding, ...parseDf(space) };
}

async function allowed(open: () => Promise<{ destroy(): unknown }>): Promise<boolean> {
  try {
    (await open()).destroy();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'forwarding-denied') return false;
    if (error instanceof AppError && error.code === 'channel-refused') return true;
    throw error;
  }
}

/** The last line of `df -Pk`: device, total, used, free, percentage, mount point; the device may hold spaces. In bytes. */
export function parseDf(line: string): { homeFree: number | null; homeTotal: number | null } {
  const match = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/.exec(line);
  if (!match) return { homeFree: null, homeTotal: null };
  return { homeTotal: Number(match[1]) * 1024, homeFree: Number(match[2]) * 1024 };
}
