import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import type { KeptTerminal, NotKept } from '../../electron/shared/terminals.ts';
import { demoFor, type EngineSession, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printDone, printJson, printProgress, printTable } from '../output.ts';
import { describeTerminal, exitCodeOf, showOnTerminal } from '../stream-stdio.ts';

type TerminalHere = ReturnType<typeof describeTerminal>;
type KeptId = Pick<KeptTerminal, 'clusterId' | 'id'>;

const reasons: Readonly<Record<NotKept['reason'], string>> = {
  'in-job': 'a step of a job ends with its connection',
  'no-python': 'python3 is not on the node',
  'ends-at-logout': 'the node ends what users leave running',
  'start-failed': 'what keeps it did not start',
};

/** A terminal that goes on without a connection; a plain one, with the reason, where that cannot be. @returns its exit code */
export async function openKeptShell(
  session: StateSession,
  target: { clusterId: string } | { appId: string },
  terminal: TerminalHere,
): Promise<number> {
  const keep = { title: 'tunel shell' };
  const stream = await session.openStream('terminals.open', { target, ...terminal, keep });
  session.stopFollowing();
  const { kept, notKept } = stream.opened;
  if (notKept) {
    const detail = notKept.detail === '' ? '' : `: ${notKept.detail}`;
    printProgress(`This terminal ends with its connection: ${reasons[notKept.reason]}${detail}.`);
  }
  return showUntilEnd(session, kept, await showOnTerminal(stream));
}

/** @returns the exit code of its shell */
export function attachTerminal(cluster: string, id: string): Promise<number> {
  describeTerminal();
  return withEngineState({ connects: true, ...demoFor(cluster) }, async (session) => {
    const kept = await findTerminal(session, cluster, id);
    session.stopFollowing();
    return showUntilEnd(session, kept, await showOnce(session, kept));
  });
}

export function listTerminals(cluster: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(cluster) }, async ({ state, request }) => {
    const terminals = await request('terminals.list', { clusterId: findCluster(state(), cluster).id });
    if (json) return printJson(terminals);
    printTable(
      ['ID', 'NODE', 'TITLE', 'RUNS', 'SINCE'],
      terminals.map(({ id, node, title, running, startedAt }) => [
        ...[id, node, title, running ?? ''],
        formatDateTime(startedAt),
      ]),
    );
  });
}

export function closeTerminal(cluster: string, id: string, options: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(cluster) }, async (session) => {
    const kept = await findTerminal(session, cluster, id);
    await session.request('terminals.close', { clusterId: kept.clusterId, id: kept.id });
    printDone(options, { id: kept.id }, `The terminal on ${kept.node} is closed.`);
  });
}

/** @param id the beginning of its id @throws AppError `not-found` */
async function findTerminal(
  { state, request }: Pick<StateSession, 'state' | 'request'>,
  cluster: string,
  id: string,
): Promise<KeptTerminal> {
  const terminals = await request('terminals.list', { clusterId: findCluster(state(), cluster).id });
  const [found, ...others] = terminals.filter((terminal) => terminal.id.startsWith(id));
  if (found && others.length === 0) return found;
  throw new AppError('not-found', message`There is no terminal “${{ id }}”.`, {
    hint: message`See: tunel terminals ls ${{ cluster }}`,
  });
}

type End = Awaited<ReturnType<typeof showOnce>>;

const showOnce = async ({ openStream }: Pick<EngineSession, 'openStream'>, { clusterId, id }: KeptId) =>
  showOnTerminal(await openStream('terminals.attach', { clusterId, id, ...describeTerminal() }));

/** Shows a kept terminal again as often as its connection is lost. */
async function showUntilEnd(
  session: Pick<EngineSession, 'openStream'>,
  kept: KeptId | null,
  first: End,
): Promise<number> {
  let end = first;
  while (true) {
    if (end.left === 'taken') {
      printProgress('Another terminal shows it now.');
      return 0;
    }
    if (end.left === 'disconnected') {
      printProgress('Disconnected. The terminal keeps running.');
      return 0;
    }
    if (end.left === 'gone') throw new AppError('not-found', 'This terminal has ended.');
    const code = exitCodeOf(end);
    if (code !== null) return code;
    const hint = kept
      ? message`Show it again: tunel terminals attach ${{ cluster: kept.clusterId }} ${{ id: kept.id }}`
      : undefined;
    const lost = new AppError('connection-lost', 'The connection was lost while it ran.', { hint });
    if (!kept) throw lost;
    try {
      end = await showOnce(session, kept);
    } catch (error) {
      throw new AppError('connection-lost', lost.message, { hint, cause: error });
    }
  }
}
