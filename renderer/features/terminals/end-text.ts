import { formatMinutes } from '../../../electron/shared/format.ts';
import type { KeptTerminal, NotKept } from '../../../electron/shared/terminals.ts';

/** How a shell ended; both null: its connection was lost, or it ended while nobody was connected. */
export function describeEnd({
  code,
  signal,
  isGone,
}: {
  code: number | null;
  signal: string | null;
  isGone: boolean;
}): string {
  if (code !== null) return `Ended with exit code ${code}.`;
  if (signal !== null) return `Ended by signal ${signal}.`;
  if (isGone) return 'This terminal ended while nobody was connected.';
  return 'The connection to this terminal was lost.';
}

const reasons: Readonly<Record<NotKept['reason'], string>> = {
  'in-job': 'it runs in a step of the job',
  'no-python': 'python3 is not on the node',
  'ends-at-logout': 'the node ends what users leave running',
  'start-failed': 'what keeps it did not start',
};

/** Why a terminal does not keep running without its connection. */
export const describeNotKept = ({ reason, detail }: NotKept): string =>
  `This terminal ends with its connection: ${reasons[reason]}${detail === '' ? '' : ` (${detail})`}.`;

/** `on login01, 3 h, runs make`. */
export function describeKept({ node, startedAt, running }: KeptTerminal, now: number): string {
  const age = formatMinutes(Math.max(0, Math.round((now - startedAt) / 60_000)));
  return `on ${node}, ${age}${running === null ? '' : `, runs ${running}`}`;
}
