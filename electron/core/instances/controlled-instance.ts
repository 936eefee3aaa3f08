import { AppError } from '../../shared/errors.ts';
import { isOver, isStarting } from '../../shared/instance-policy.ts';
import type { Instance, LaunchInput } from '../../shared/instances.ts';
import { masked } from '../recipes/legacy/notes-policy.ts';
import type { Connection } from '../ssh/types.ts';
import type { ClusterWatcher, WatchedInstance } from './cluster-watcher.ts';
import { ExposureChecker } from './exposure-checker.ts';
import { InstanceRecord } from './instance-record.ts';
import type { InstanceEvent } from './instance-state.ts';
import type { InstanceStore } from './instance-store.ts';
import { JobStopper } from './job-stopper.ts';
import { readLogPart } from './log-reader.ts';
import { planLaunch } from './plan.ts';
import type { LaunchPorts } from './prepare-launch.ts';
import { RouteKeeper } from './route-keeper.ts';
import type { InstancesDeps, LogPart } from './types.ts';

/** Of a log, so much is shown with the state, in bytes. */
export const STATE_TAIL = 4096;

/** One instance: what this process knows of it, and the components that work for it. */
export interface ControlledInstance {
  readonly id: string;
  readonly record: InstanceRecord;
  readonly route: RouteKeeper;
  readonly stopper: JobStopper;
  readonly exposure: ExposureChecker;
  launchPorts(input: LaunchInput): LaunchPorts;
  /** `connection`: null where the cluster cannot be asked now. */
  readLog(connection: Connection | null, offset: number): Promise<LogPart>;
}

interface ControlledPorts {
  deps: InstancesDeps;
  store: InstanceStore;
  watcher: ClusterWatcher;
  /** The app will never be reached. */
  gaveUp(error: AppError): void;
}

/** Makes the components of one instance and connects what they report with the store and the watcher. */
export function controlInstance(id: string, ports: ControlledPorts): ControlledInstance {
  const { deps, store, watcher } = ports;
  const { clock, logger } = deps;
  const record = new InstanceRecord();
  const { life } = record;
  let last = store.get(id);
  // One that was just taken off the list may still be asked about, for example by the gateway.
  const instance = (): Instance => {
    last = store.find(id) ?? last;
    return last;
  };
  const report = (event: InstanceEvent) => {
    if (store.find(id)) store.dispatch(id, event);
  };
  const { clusterId } = last;
  const cluster = () => deps.clusters(clusterId);
  const run = watcher.held.run.bind(watcher.held);
  const exposure = new ExposureChecker({
    instance,
    isOver: () => isOver(instance().state),
    run,
    launcher: () => deps.launchers[instance().launcher],
    forbiddenRoutes: () => cluster()?.site?.forbiddenRoutes,
    found: (found) => report({ type: 'exposure', exposure: found }),
    clock,
    logger,
    life,
  });
  const route = new RouteKeeper({
    ...deps,
    life,
    report,
    target: () => ({
      instance: instance(),
      connection: watcher.held.current,
      meta: record.meta,
      token: record.token,
      readyBy: record.readyBy(instance()),
      loginNode: deps.facts.known(clusterId)?.loginNode,
      user: cluster()?.user ?? '',
      forbiddenRoutes: cluster()?.site?.forbiddenRoutes,
    }),
    notesRead(notes) {
      // Secrets stay in memory here, and with the user's own files on the cluster.
      record.notes = notes;
      report({ type: 'notes', notes: masked(notes) });
      report({ type: 'log', ...record.log.shownEnd(STATE_TAIL) });
    },
    opened() {
      if (instance().exposure === null) exposure.checkInBackground();
    },
    willRetry: () => watcher.lookNow(),
    gaveUp: ports.gaveUp,
    routeLost: () => watcher.pollNow(),
  });
  const stopper = new JobStopper(
    {
      isOver: () => isOver(instance().state),
      isConnected: () => watcher.held.current !== null,
      run,
      cancel: (connection, job, how, signal) => watcher.cancel(connection, instance().launcher, job, how, signal),
      told: () => watcher.pollNow(),
      failed(error) {
        report({ type: 'stop-failed', error: error.serialize() });
        watcher.pollNow();
      },
      clock,
      life,
    },
    instance().state === 'stopping',
  );
  const launchPorts = (input: LaunchInput): LaunchPorts => ({
    ...deps,
    files: deps.launchFiles,
    connect: (signal) => watcher.held.connect(signal),
    run,
    readFacts: (connection, signal) => deps.facts.read(clusterId, connection, signal),
    plan(facts) {
      const found = cluster();
      if (!found) throw new AppError('not-found', 'The cluster was removed.');
      return planLaunch(deps, { id, input, cluster: found, facts, home: facts.home });
    },
    planned(meta) {
      record.meta = meta;
    },
    report,
  });
  const readLog: ControlledInstance['readLog'] = async (connection, offset) => {
    const { directory } = instance();
    const part = connection && (await readLogPart(connection, directory, record.log, offset, life));
    if (part && part.size > 0) return part;
    const saved = store.savedLog(id);
    return part && saved.tail === '' ? part : record.log.keptPart(offset, saved);
  };
  return { id, record, route, stopper, exposure, launchPorts, readLog };
}

/** An instance as its cluster's watcher has to know it. */
export function watchedInstance(
  { id, directory, job, kind, launcher, state }: Instance,
  { isJobWritten, log }: InstanceRecord,
  changedAt: number,
  now: number,
): WatchedInstance {
  return {
    id,
    directory,
    launcher,
    state,
    kind,
    changedAt,
    jobId: job?.id ?? null,
    isLogWanted: isStarting(state) || log.isRead(now),
    logOffset: log.tail.next,
    isJobUnwritten: !isJobWritten,
  };
}
