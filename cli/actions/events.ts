import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../electron/shared/errors.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import type { Transition } from '../../electron/shared/transitions.ts';
import { type EngineSession, withEngine } from '../engine-session.ts';
import { readLimit } from '../history-filter.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printJson, printTable } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export interface EventsOptions extends JsonOption {
  follow?: boolean;
  limit: string;
}

/** As many as the engine gives in one answer. */
const PAGE = 500;
/** Before the next engine is asked, ms. */
const RETRY_MS = 200;

/** What happened to apps, jobs and clusters; `follow`: and what happens from now on, a line each. */
export function showEvents({ follow, json, limit }: EventsOptions): Promise<void> {
  const most = readLimit(limit);
  if (most > PAGE) throw new UsageError(`--limit takes at most ${PAGE}.`);
  return withEngine(async (session) => {
    const { transitions } = await session.request('history.transitions', { limit: most });
    if (follow) return followEvents(session, transitions, json === true);
    if (json) return printJson(transitions);
    const { state } = await session.request('app.state', undefined);
    printTable(['TIME', 'WHAT', 'CLUSTER', 'ABOUT'], transitions.map(describe(state)));
  });
}

const describe =
  ({ clusters }: Pick<EngineState, 'clusters'>) =>
  ({ at, kind, clusterId, instanceId, values }: Transition): string[] => {
    const cluster = clusters.find((each) => each.cluster.id === clusterId)?.cluster.name ?? clusterId;
    const about = instanceId === null ? '' : `${values.title ?? ''} ${instanceId}`.trim();
    const reason = values.reason ? `: ${values.reason}` : '';
    return [formatDateTime(at), kind, cluster, `${about}${reason}`];
  };

/** Until Ctrl-C: each once and in order, also across engines. An event says only that the history has more. */
export async function followEvents(
  session: EngineSession,
  before: readonly Transition[],
  json: boolean,
): Promise<void> {
  const { client, interrupted } = session;
  const { state } = await session.request('app.state', undefined);
  let last = 0;
  const print = (transition: Transition): void => {
    last = transition.id;
    const line = json ? JSON.stringify(transition) : describe(state)(transition).join('  ');
    process.stdout.write(`${line}\n`);
  };
  before.forEach(print);
  const readMore = async (): Promise<void> => {
    for (let isLast = false; !isLast; ) {
      const { transitions } = await session.request('history.transitions', { after: last, limit: PAGE });
      transitions.forEach(print);
      isLast = transitions.length < PAGE;
    }
  };
  while (!interrupted.aborted) {
    let reading: Promise<void> = Promise.resolve();
    const failed = new AbortController();
    try {
      await client.subscribe(
        ({ name }) => {
          if (name === 'snapshot' || name === 'transition') reading = reading.then(readMore);
          // It is awaited below.
          reading.catch((error: unknown) => failed.abort(AppError.from(error)));
        },
        { answersPrompts: false, signal: AbortSignal.any([interrupted, failed.signal]) },
      );
      await reading;
    } catch (thrown) {
      const error = AppError.from(thrown);
      const isPassing = error.code === 'engine-down' || error.code === 'client-too-slow';
      if (!interrupted.aborted && !isPassing) throw error;
    }
    await delay(RETRY_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
}
