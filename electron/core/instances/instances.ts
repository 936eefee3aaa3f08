import { EventEmitter } from 'node:events';
import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { isLive, isOver } from '../../shared/instance-policy.ts';
import type { Exposure, Instance, LaunchInput } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import type { Row } from '../launchers/common/arrays.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection } from '../ssh/types.ts';
import type { AppAnswer } from './ask-app.ts';
import { listDirectories, removeDirectories } from './directory.ts';
import { InstanceController } from './instance-controller.ts';
import { InstanceStore } from './instance-store.ts';
import { newInstanceId } from './meta.ts';
import { newInstance } from './new-instance.ts';
import type { Observation } from './observation.ts';
import { planLaunch } from './plan.ts';
import { clusterOf, planJob, previewLaunch, resolveInput, secretsOf, verifyLaunch } from './plan-preview.ts';
import { describePlan } from './prepare-launch.ts';
import { readTasks } from './read-tasks.ts';
import { sshCommand } from './ssh-command.ts';
import type { Instances, InstancesDeps, KeptJob, LaunchOptions, LogEvent, LogPart } from './types.ts';

/** Days after which the directory of an ended instance of ours is removed from the cluster. */
const KEEP_DAYS = 14;

export function createInstances(deps: InstancesDeps): Instances {
  return new InstanceService(deps);
}

/** What others ask of the instances; what an instance does next is decided by the controller. */
class InstanceService implements Instances {
  readonly #deps: InstancesDeps;
  readonly #store: InstanceStore;
  readonly #controller: InstanceController;
  /** Each client and each log that is followed listens. */
  readonly #emitter = new EventEmitter<{ log: [event: LogEvent] }>().setMaxListeners(0);
  readonly #attaching = new Map<Connection, Promise<void>>();
  readonly #life = new AbortController();
  readonly #unsubscribe: () => void;
  #mayContinue = false;

  constructor(deps: InstancesDeps) {
    this.#deps = deps;
    this.#store = new InstanceStore(deps);
    this.#controller = new InstanceController(deps, this.#store, (event) => {
      this.#emitter.emit('log', event);
    });
    this.#unsubscribe = deps.connections.on('connected', (clusterId, connection) => {
      this.attachAll(clusterId, connection).catch((error: unknown) => {
        if (!connection.closed.aborted) this.#logNotAttached(clusterId, error);
      });
    });
  }

  start(): void {
    this.#mayContinue = true;
    const live = this.#store.list().filter(({ state }) => isLive(state));
    for (const clusterId of new Set(live.map((instance) => instance.clusterId))) {
      if (!this.#deps.clusters(clusterId)) continue;
      this.#holdAndAttach(clusterId).catch((error: unknown) => this.#logNotAttached(clusterId, error));
    }
  }

  async #holdAndAttach(clusterId: string): Promise<void> {
    const { held } = this.#controller.watcher(clusterId);
    await held.hold();
    if (held.current) await this.attachAll(clusterId, held.current);
  }

  #logNotAttached(clusterId: string, error: unknown): void {
    if (this.#life.signal.aborted) return;
    const { message } = AppError.from(error);
    this.#deps.logger.warn('running apps were not looked for', { cluster: clusterId, error: message });
  }

  launch(asked: LaunchInput, { id = newInstanceId(), admit }: LaunchOptions = {}): { id: string } {
    this.#launchAndRemember(id, resolveInput(this.#deps, asked), admit);
    return { id };
  }

  launchJob(id: string, asked: LaunchInput, { admit }: LaunchOptions = {}): void {
    const input = resolveInput(this.#deps, asked);
    if (input.recipe === scriptRecipeName) this.#launch(id, input, admit);
    else this.#launchAndRemember(id, input, admit);
  }

  /** Its form begins with these values the next time. */
  #launchAndRemember(id: string, input: LaunchInput, admit: LaunchOptions['admit']): void {
    const { recipe, input: kept } = this.#launch(id, input, admit);
    this.#deps.storage.saveLastValues(`${recipe}@${input.clusterId}`, { ...kept, resources: input.resources });
  }

  #launch(id: string, input: LaunchInput, admit: LaunchOptions['admit']): { recipe: string; input: LaunchInput } {
    const cluster = this.#cluster(input.clusterId);
    const facts = this.#deps.facts.known(cluster.id);
    const job = this.#deps.findJob(id);
    const plan = planLaunch(this.#deps, { id, input, cluster, facts, home: facts?.home ?? '$HOME', job });
    const { summary } = plan.recipe;
    const secrets = secretsOf(plan, input);
    const kept: LaunchInput = {
      ...input,
      resources: plan.resources,
      args: Object.fromEntries(Object.entries(input.args).filter(([name]) => !secrets.has(name))),
    };
    const instance = newInstance(cluster, {
      ...describePlan(plan),
      id,
      recipe: summary.name,
      title: input.title || summary.title,
      icon: summary.icon,
      createdAt: this.#deps.clock.now(),
      directory: facts ? plan.directory : '',
      workDirectory: facts ? plan.workDirectory : undefined,
      input: kept,
    });
    admit?.(plan.resources);
    this.#store.add(instance);
    this.#controller.of(id).record.log.hide([...secrets].map((name) => String(input.args[name] ?? '')));
    // Without the facts of the cluster the plan only checked the input.
    void this.#controller.launch(id, input, facts ? plan : null);
    return { recipe: summary.name, input: kept };
  }

  stop(id: string): void {
    this.#controller.stop(id, 'ask');
  }

  end(id: string): void {
    this.#controller.stop(id, 'now');
  }

  async release(id: string): Promise<void> {
    await this.#controller.of(id).releaseJob();
  }

  async hold(id: string): Promise<void> {
    await this.#controller.of(id).holdJob();
  }

  continueLaunch(id: string, { admit }: Pick<LaunchOptions, 'admit'> = {}): void {
    this.#controller.continueLaunch(id, admit);
  }

  async forget(id: string): Promise<void> {
    const { state, title } = this.#store.get(id);
    if (state !== 'interrupted')
      throw new AppError('conflict', message`The launch of ${{ title }} was not interrupted.`);
    await this.#remove(id);
  }

  async remove(id: string): Promise<void> {
    const { state, title } = this.#store.get(id);
    if (!isOver(state)) throw new AppError('conflict', message`${{ title }} still runs.`, { hint: 'Stop it first.' });
    await this.#remove(id);
  }

  async #remove(id: string): Promise<void> {
    const { clusterId, directory } = this.#store.get(id);
    this.#store.remove(id);
    this.#controller.remove(id);
    await this.#deps.gateway.remove(id);
    if (directory === '' || !this.#isConnected(clusterId)) return;
    const home = directory.slice(0, directory.lastIndexOf('/.tunel/'));
    const { signal } = this.#life;
    await withConnection(this.#deps.connections, clusterId, signal, (connection) =>
      removeDirectories(connection, home, [id], signal),
    );
  }

  tasks(id: string, signal: AbortSignal): Promise<readonly Row[]> {
    return readTasks(this.#deps, this.#store.get(id), AbortSignal.any([signal, this.#life.signal]));
  }

  async log(id: string, offset: number): Promise<LogPart> {
    const { clusterId, state } = this.#store.get(id);
    this.#controller.of(id).record.log.noteReader(this.#deps.clock.now());
    if (!isOver(state)) this.#controller.watcher(clusterId).lookNow();
    // An ended app holds no connection, but a live one may be borrowed.
    if (!this.#isConnected(clusterId)) return this.#controller.of(id).readLog(null, offset);
    return withConnection(this.#deps.connections, clusterId, this.#life.signal, (connection) =>
      this.#controller.of(id).readLog(connection, offset),
    );
  }

  #isConnected(clusterId: string): boolean {
    return this.#deps.connections.status(clusterId).state === 'connected';
  }

  followLog(id: string): () => void {
    const unfollow = this.#controller.of(id).record.log.follow();
    this.#controller.watcher(this.#store.get(id).clusterId).lookNow();
    return unfollow;
  }

  ask(id: string, path: string): Promise<AppAnswer> {
    return this.#controller.of(id).route.ask(path);
  }

  describeApp(id: string, description: Pick<Instance, 'title' | 'icon' | 'path'>): void {
    this.#store.dispatch(id, { type: 'described', ...description });
  }

  sshCommand(id: string): string {
    const instance = this.#store.get(id);
    const cluster = this.#cluster(instance.clusterId);
    return sshCommand(instance, cluster, this.#deps.connections.sshArguments(cluster));
  }

  note(id: string, label: string): string {
    const note = this.#controller.of(id).record.notes.find((each) => each.label === label);
    if (note) return note.value;
    throw new AppError(
      'not-found',
      message`${{ title: this.#store.get(id).title }} has given no ${{ label: label.toLowerCase() }}.`,
      {
        hint: 'It is known while the app can be reached.',
      },
    );
  }

  exposure(id: string): Promise<Exposure> {
    return this.#controller.of(id).exposure.check(true);
  }

  preview(input: LaunchInput): { script: string; submit: string; launcher: string } {
    return previewLaunch(this.#deps, input);
  }

  planJob(id: string, input: LaunchInput, job: KeptJob): { script: string; launcher: LauncherName } {
    return planJob(this.#deps, id, input, job);
  }

  verify(input: LaunchInput, signal?: AbortSignal): ReturnType<Instances['verify']> {
    const { signal: life } = this.#life;
    return verifyLaunch(this.#deps, input, signal ? AbortSignal.any([signal, life]) : life);
  }

  list(): Instance[] {
    return this.#store.list();
  }

  get(id: string): Instance {
    return this.#store.get(id);
  }

  find(id: string): Instance | null {
    return this.#store.find(id);
  }

  onChange(listener: (instances: Instance[]) => void): () => void {
    return this.#store.subscribe(listener);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    this.#emitter.on('log', listener);
    return () => this.#emitter.off('log', listener);
  }

  attachAll(clusterId: string, connection: Connection): Promise<void> {
    const known = this.#attaching.get(connection);
    if (known) return known;
    const attaching = this.#attach(clusterId, connection);
    this.#attaching.set(connection, attaching);
    onAbort(connection.closed, () => this.#attaching.delete(connection));
    return attaching;
  }

  async #attach(clusterId: string, connection: Connection): Promise<void> {
    const { home, found } = await listDirectories(connection, KEEP_DAYS, this.#life.signal);
    const unneeded: string[] = [];
    for (const [id, seen] of found) {
      const instance = this.#store.find(id);
      const isUnneeded = instance?.clusterId === clusterId ? this.#isStale(instance, seen) : this.#isLeftover(id, seen);
      if (isUnneeded) unneeded.push(id);
      else if (!this.#store.isListed(id) && !this.#store.isRemoved(id))
        this.#adopt(clusterId, `${home}/.tunel/${id}`, seen);
    }
    const here = this.#store.list().filter((instance) => instance.clusterId === clusterId && !isOver(instance.state));
    const watcher = this.#controller.watcher(clusterId);
    if (here.some(({ state }) => isLive(state))) await watcher.held.hold();
    for (const { id } of here) this.#controller.resume(id, found.get(id) ?? null, this.#mayContinue);
    watcher.pollNow();
    await removeDirectories(connection, home, unneeded, this.#life.signal);
  }

  /** Ours, ended long ago; its history stays here. What a job printed stays as long as the job. */
  #isStale({ id, state, input }: Instance, seen: Observation): boolean {
    return isOver(state) && seen.exitCode !== null && seen.old && input !== null && this.#deps.findJob(id) === null;
  }

  /** It was taken off the list while its directory could not be reached. */
  #isLeftover(id: string, seen: Observation): boolean {
    return this.#store.isRemoved(id) && (seen.exitCode !== null || (seen.job === null && !seen.isSubmitted));
  }

  /** An app that another computer of this user launched. One that is not submitted yet is still in that one's hands. */
  #adopt(clusterId: string, directory: string, seen: Observation): void {
    const { exitCode, job, meta } = seen;
    const cluster = this.#deps.clusters(clusterId);
    if (!meta || exitCode !== null || job === null || !cluster || !directory.endsWith(`/${meta.id}`)) return;
    // Launched by another process of this computer, e.g. from the command line, since this one began.
    const own = this.#store.find(meta.id);
    if (own && isOver(own.state)) return;
    const { id, recipe, title, icon, launcher, runtime, createdAt, path, workDirectory } = meta;
    const kind = meta.serve ? ('app' as const) : ('job' as const);
    const found = {
      id,
      recipe,
      kind,
      title,
      icon,
      launcher,
      runtime,
      createdAt,
      path,
      directory,
      workDirectory,
      input: null,
    };
    this.#store.add(own ?? newInstance(cluster, found));
  }

  #cluster(id: string): Cluster {
    return clusterOf(this.#deps, id);
  }

  async dispose(): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#unsubscribe();
    this.#store.close();
    this.#controller.dispose();
  }
}
