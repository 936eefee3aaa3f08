import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { isOver, isStarting } from '../../shared/instance-policy.ts';
import type { Instance, JobStatus, LaunchInput } from '../../shared/instances.ts';
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
import { holdableJob, releasableJob } from './release-policy.ts';
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
  /** Releases its job from the user's hold. @throws AppError `conflict` where that cannot be */
  releaseJob(): Promise<void>;
  /** Holds its job while it waits. @throws AppError `conflict` where that cannot be */
  holdJob(): Promise<void>;
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
  const access = accessInstance(id, ports);
  const exposure = createExposureChecker(access);
  return {
    id,
    record: access.record,
    exposure,
    route: createRouteKeeper(access, exposure),
    stopper: createJobStopper(access),
    launchPorts: (input) => createLaunchPorts(access, input),
    releaseJob: () => changeHold(access, 'release', releasableJob),
    holdJob: () => changeHold(access, 'hold', holdableJob),
    readLog: (connection, offset) => readLog(access, connection, offset),
  };
}

/** What the components of one instance are connected with. */
interface InstanceAccess extends ControlledPorts {
  id: string;
  clusterId: string;
  record: InstanceRecord;
  instance(): Instance;
  cluster(): Cluster | undefined;
  report(event: InstanceEvent): void;
  run: ClusterWatcher['held']['run'];
}

function accessInstance(id: string, ports: ControlledPorts): InstanceAccess {
  const { deps, store, watcher } = ports;
  let last = store.get(id);
  const { clusterId } = last;
  return {
    ...ports,
    id,
    clusterId,
    record: new InstanceRecord(),
    // One that was just taken off the list may still be asked about, for example by the gateway.
    instance() {
      last = store.find(id) ?? last;
      return last;
    },
    cluster: () => deps.clusters(clusterId),
    report(event) {
      if (store.find(id)) store.dispatch(id, event);
    },
    run: watcher.held.run.bind(watcher.held),
  };
}

function createExposureChecker({ deps, record, instance, cluster, report, run }: InstanceAccess): ExposureChecker {
  return new ExposureChecker({
    instance,
    isOver: () => isOver(instance().state),
    run,
    launcher: () => deps.launchers[instance().launcher],
    forbiddenRoutes: () => cluster()?.site?.forbiddenRoutes,
    found: (found) => report({ type: 'exposure', exposure: found }),
    clock: deps.clock,
    logger: deps.logger,
    life: record.life,
  });
}

function createRouteKeeper(access: InstanceAccess, exposure: ExposureChecker): RouteKeeper {
  const { deps, watcher, record, clusterId, instance, cluster, report } = access;
  return new RouteKeeper({
    ...deps,
    life: record.life,
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
    gaveUp: access.gaveUp,
    routeLost: () => watcher.pollNow(),
  });
}

function createJobStopper({ deps, watcher, record, instance, report, run }: InstanceAccess): JobStopper {
  return new JobStopper(
    {
      isOver: () => isOver(instance().state),
      isConnected: () => watcher.held.current !== null,
      run,
      cancel: (connection, job, how, signal) => watcher.cancel(connection, instance().launcher, job, how, signal),
      requestSent: () => watcher.pollNow(),
      failed(error) {
        report({ type: 'stop-failed', error: error.serialize() });
        watcher.pollNow();
      },
      clock: deps.clock,
      life: record.life,
    },
    instance().state === 'stopping',
  );
}

function createLaunchPorts(access: InstanceAccess, input: LaunchInput): LaunchPorts {
  const { id, deps, watcher, record, clusterId, cluster, report, run } = access;
  return {
    ...deps,
    files: deps.launchFiles,
    site: () => cluster()?.site?.scheduler,
    connect: (signal) => watcher.held.connect(signal),
    run,
    readFacts: (connection, signal) => deps.facts.read(clusterId, connection, signal),
    plan(facts) {
      const found = cluster();
      if (!found) throw new AppError('not-found', 'The cluster was removed.');
      return planLaunch(deps, { id, input, cluster: found, facts, home: facts.home, job: deps.findJob(id) });
    },
    planned(meta) {
      record.meta = meta;
    },
    report,
  };
}

/** The state changes when the scheduler says so; it is asked at once, also after a refusal. */
async function changeHold(
  { watcher, record, instance, run }: InstanceAccess,
  change: 'hold' | 'release',
  jobOf: (instance: Instance) => JobStatus,
): Promise<void> {
  const { id } = jobOf(instance());
  const { directory, launcher } = instance();
  try {
    await run((connection) => watcher[change](connection, launcher, { id, directory }, record.life), record.life);
  } finally {
    watcher.pollNow();
  }
}

async function readLog(
  { id, store, record, instance }: InstanceAccess,
  connection: Connection | null,
  offset: number,
): Promise<LogPart> {
  const { directory, state } = instance();
  const reading = { directory, log: record.log, isOver: isOver(state), signal: record.life };
  const part = connection && (await readLogPart({ ...reading, connection }, offset));
  if (part && part.size > 0) return part;
  const saved = store.savedLog(id);
  return part && saved.tail === '' ? part : record.log.keptPart(offset, saved);
}

/** An instance as its cluster's watcher has to know it. */
export function watchedInstance(
  { id, directory, job, kind, launcher, state }: Instance,
  { isJobWritten, launching, log }: InstanceRecord,
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
    isLaunching: launching !== null,
    isLogWanted: isStarting(state) || log.isRead(now),
    logOffset: log.tail.next,
    isJobUnwritten: !isJobWritten,
  };
}
