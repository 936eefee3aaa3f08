import type { EngineState } from '../electron/shared/state.ts';
import { isTransferOver, type Transfer } from '../electron/shared/transfers.ts';
import { describeInstanceWait, describeJobWait } from './describe-wait.ts';
import type { StateSession } from './engine-session.ts';
import { hasStatus, hideStatus, showStatus } from './status-line.ts';

/** The times in it go on. */
const INTERVAL_MS = 1000;

type Session = Pick<StateSession, 'state' | 'onChange'>;

/** Shows on a terminal what a command waits for; `describe` gives null for nothing. Returns what ends it. */
function showWait(session: Session, describe: (state: EngineState, now: number) => string | null): () => void {
  if (!hasStatus()) return () => undefined;
  const look = (): void => {
    const state = session.state();
    // A question has the line for itself.
    const text = state.prompts.length > 0 ? null : describe(state, Date.now());
    if (text === null) hideStatus();
    else showStatus(text);
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  const stop = session.onChange(look);
  return () => {
    clearInterval(timer);
    stop();
    hideStatus();
  };
}

/** Until an app is ready, a batch job runs, or one of them has ended. */
export const showInstanceWait = (session: Session, id: string): (() => void) =>
  showWait(session, ({ instances }, now) => {
    const app = instances.find((each) => each.id === id);
    return app ? describeInstanceWait(app, now) : null;
  });

/** While it waits in its queue, when its log has nothing that the line could be written over. */
export const showQueueWait = (session: Session, id: string): (() => void) =>
  showWait(session, ({ instances }, now) => {
    const app = instances.find((each) => each.id === id);
    return app?.state === 'waiting' ? describeInstanceWait(app, now) : null;
  });

/** Until a batch job is over. */
export const showJobWait = (session: Session, id: string): (() => void) =>
  showWait(session, ({ jobs }, now) => {
    const job = jobs.find((each) => each.id === id);
    return job ? describeJobWait(job, now) : null;
  });

/** Until a transfer is over. */
export const showTransferWait = (
  session: Session,
  id: string,
  describe: (transfer: Transfer) => string,
): (() => void) =>
  showWait(session, ({ transfers }) => {
    const transfer = transfers.find((each) => each.id === id);
    return transfer && !isTransferOver(transfer) ? describe(transfer) : null;
  });

/** Until the connection to a cluster stands. */
export const showConnectionWait = (session: Session, clusterId: string): (() => void) =>
  showWait(session, ({ clusters }) => {
    const found = clusters.find(({ cluster }) => cluster.id === clusterId);
    const isConnecting = found?.connection.state === 'connecting' || found?.connection.state === 'reconnecting';
    return isConnecting ? `connecting to ${found.cluster.name}` : null;
  });
