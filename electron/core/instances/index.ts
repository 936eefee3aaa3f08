import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { isOver, isUp } from '../../shared/instance-policy.ts';
import type { Exposure, Instance, LaunchInput } from '../../shared/instances.ts';
import { isSecretName } from '../recipes/legacy/launch-policy.ts';
import type { Connection } from '../ssh/types.ts';
import type { AppAnswer } from './ask-app.ts';
import { listDirectories, removeDirectories } from './directory.ts';
import { strayStart, wholeLength } from './log-text.ts';
import { Member, type MemberHost } from './member.ts';
import { newInstanceId } from './meta.ts';
import { newInstance } from './new-instance.ts';
import type { Observation } from './observation.ts';
import { planLaunch } from './plan.ts';
import { sshCommand } from './ssh-command.ts';
import type { Instances, InstancesDeps, LogEvent, LogPart } from './types.ts';
import { ClusterWorker } from './worker.ts';

export type { Instances, InstancesDeps, LogEvent, LogPart } from './types.ts';

/** Days after which the directory of an ended instance of ours is removed from the cluster. */
const KEEP_DAYS = 14;

export function createInstances(deps: InstancesDeps): Instances {
  return new InstanceList(deps);
}

class InstanceList implements Instances {
  readonly #deps: InstancesDeps;
  readonly #members = new Map<string, Member>();
  readonly #removed = new Set<string>();
  readonly #workers = new Map<string, ClusterWorker>();
  readonly #changeListeners = new Set<(instances: Instance[]) => void>();
  readonly #logListeners = new Set<(event: LogEvent) => void>();
  readonly #attaching = new Map<Connection, Promise<void>>();
  readonly #host: MemberHost;
  readonly #life = new AbortController();
  readonly #unsubscribe: () => void;
  #resumes = false;

  constructor(deps: InstancesDeps) {
    this.#deps = deps;
    this.#host = {
      deps,
      worker: (clusterId) => this.#worker(clusterId),
      changed: (member, durable) => this.#changed(member, durable),
      logged: (event) => {
        for (const listener of this.#logListeners) listener(event);
      },
    };
    for (const { instance, removed } of deps.storage.instances()) {
      if (removed) this.#removed.add(instance.id);
      // Nothing is connected yet, whatever the last run wrote.
      else {
        const state = isUp(instance.state) ? 'reconnecting' : instance.state;
        this.#members.set(instance.id, new Member(this.#host, { ...instance, state }));
      }
    }
    this.#unsubscribe = deps.connections.on('connected', (clusterId, connection) => {
      this.attachAll(clusterId, connection).catch((error: unknown) => {
        if (this.#life.signal.aborted || connection.closed.aborted) return;
        deps.logger.warn('running apps were not looked for', {
          cluster: clusterId,
          error: AppError.from(error).message,
        });
      });
    });
  }

  start(): void {
    this.#resumes = true;
    const clusters = new Set([...this.#members.values()].filter((member) => !member.over).map((m) => m.clusterId));
    for (const clusterId of clusters) {
      if (!this.#deps.clusters(clusterId)) continue;
      void this.#worker(clusterId)
        .hold()
        .then(() => {
          const { connection } = this.#worker(clusterId);
          return connection ? this.attachAll(clusterId, connection) : undefined;
        })
        .catch((error: unknown) => {
          const { message } = AppError.from(error);
          this.#deps.logger.warn('running apps were not looked for', { cluster: clusterId, error: message });
        });
    }
  }

  launch(input: LaunchInput): { id: string } {
    const cluster = this.#cluster(input.clusterId);
    const id = newInstanceId();
    const facts = this.#deps.facts.known(cluster.id);
    const plan = planLaunch(this.#deps, { id, input, cluster, facts, home: facts?.home ?? '$HOME' });
    const { summary } = plan.recipe;
    const secret = new Set(summary.args.filter((arg) => arg.type === 'secret').map((arg) => arg.name));
    // Tunel has no word for it in a recipe, so there it is known by its name.
    if (plan.after) for (const name of Object.keys(input.args).filter(isSecretName)) secret.add(name);
    const kept: LaunchInput = {
      ...input,
      resources: plan.resources,
      args: Object.fromEntries(Object.entries(input.args).filter(([name]) => !secret.has(name))),
    };
    const instance = newInstance(cluster, {
      id,
      recipe: summary.name,
      kind: plan.serve ? 'app' : 'job',
      title: input.title || summary.title,
      icon: summary.icon,
      launcher: plan.launcher,
      runtime: plan.container?.runtime ?? 'native',
      createdAt: this.#deps.clock.now(),
      path: plan.serve?.path ?? '',
      directory: facts ? plan.directory : '',
      input: kept,
    });
    const member = new Member(this.#host, instance);
    member.log.hide([...secret].map((name) => String(input.args[name] ?? '')));
    this.#members.set(id, member);
    this.#changed(member, true);
    this.#deps.storage.saveLastValues(`${summary.name}@${cluster.id}`, { ...kept, resources: input.resources });
    void member.launch(input);
    return { id };
  }

  stop(id: string): void {
    this.#member(id).stop('ask');
  }

  end(id: string): void {
    this.#member(id).stop('now');
  }

  async remove(id: string): Promise<void> {
    const member = this.#member(id);
    const { instance } = member;
    if (!member.over) {
      throw new AppError('conflict', `${instance.title} still runs.`, { hint: 'Stop it first.' });
    }
    this.#members.delete(id);
    this.#removed.add(id);
    this.#deps.storage.saveInstance({ instance, removed: true });
    this.#emit();
    member.dispose();
    await this.#deps.gateway.remove(id);
    if (instance.directory === '' || !this.#isConnected(instance.clusterId)) return;
    const lease = await this.#deps.connections.acquire(instance.clusterId, this.#life.signal);
    try {
      const home = instance.directory.slice(0, instance.directory.lastIndexOf('/.tunel/'));
      await removeDirectories(lease.connection, home, [id], this.#life.signal);
    } finally {
      lease.release();
    }
  }

  async log(id: string, offset: number): Promise<LogPart> {
    const member = this.#member(id);
    member.reading();
    const read = await this.#readRemote(member, offset);
    if (!read || (read.size === 0 && member.instance.logTail !== ''))
      return member.log.keptPart(offset, member.instance.logTail);
    const start = read.offset > 0 ? strayStart(read.bytes) : 0;
    const bytes = read.bytes.subarray(start, wholeLength(read.bytes));
    const from = read.offset + start;
    member.log.tail.take(from, bytes);
    return { text: member.log.shown(bytes.toString('utf8')), offset: from, next: from + bytes.length, size: read.size };
  }

  /** null: the cluster cannot be asked now. An ended app holds no connection, but a live one may be borrowed. */
  async #readRemote(member: Member, offset: number) {
    if (!this.#isConnected(member.clusterId)) return null;
    const lease = await this.#deps.connections.acquire(member.clusterId, this.#life.signal);
    try {
      return await member.readLog(lease.connection, offset);
    } catch (error) {
      if (lease.connection.closed.aborted) return null;
      throw error;
    } finally {
      lease.release();
    }
  }

  #isConnected(clusterId: string): boolean {
    return this.#deps.connections.status(clusterId).state === 'connected';
  }

  followLog(id: string): () => void {
    return this.#member(id).follow();
  }

  ask(id: string, path: string): Promise<AppAnswer> {
    return this.#member(id).ask(path);
  }

  describeApp(id: string, description: Pick<Instance, 'title' | 'icon' | 'path'>): void {
    this.#member(id).dispatch({ type: 'described', ...description });
  }

  sshCommand(id: string): string {
    const { instance } = this.#member(id);
    const cluster = this.#cluster(instance.clusterId);
    return sshCommand(instance, cluster, this.#deps.connections.sshArguments(cluster));
  }

  note(id: string, label: string): string {
    return this.#member(id).note(label);
  }

  exposure(id: string): Promise<Exposure> {
    return this.#member(id).exposure(true);
  }

  preview(input: LaunchInput): { script: string; submit: string; launcher: string } {
    const { plan, submission } = this.#example(input, this.#deps.facts.known(input.clusterId));
    const submit = this.#deps.launchers[plan.launcher].submitCommand(submission);
    return { script: plan.rendered.script, submit, launcher: plan.launcher };
  }

  async verify(input: LaunchInput): Promise<{ launcher: string; words: string | null }> {
    const signal = this.#life.signal;
    const lease = await this.#deps.connections.acquire(this.#cluster(input.clusterId).id, signal);
    try {
      const facts = await this.#deps.facts.read(input.clusterId, lease.connection, signal);
      const { plan, submission } = this.#example(input, facts);
      const { verify } = this.#deps.launchers[plan.launcher];
      const words = (await verify?.(lease.connection, submission, plan.rendered.script, signal)) ?? null;
      return { launcher: plan.launcher, words };
    } finally {
      lease.release();
    }
  }

  /** A launch as it would be, under a name that none has. */
  #example(input: LaunchInput, facts: ClusterFacts | null) {
    const cluster = this.#cluster(input.clusterId);
    const id = 'preview';
    const plan = planLaunch(this.#deps, { id, input, cluster, facts, home: facts?.home ?? '$HOME' });
    const { directory, resources } = plan;
    return { plan, submission: { instanceId: id, directory, jobName: `tunel-${id}`, resources } };
  }

  list(): Instance[] {
    return [...this.#members.values()].map((member) => member.instance).sort((a, b) => b.createdAt - a.createdAt);
  }

  get(id: string): Instance {
    return this.#member(id).instance;
  }

  onChange(listener: (instances: Instance[]) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    this.#logListeners.add(listener);
    return () => this.#logListeners.delete(listener);
  }

  attachAll(clusterId: string, connection: Connection): Promise<void> {
    const known = this.#attaching.get(connection);
    if (known) return known;
    const attaching = this.#attach(clusterId, connection);
    this.#attaching.set(connection, attaching);
    connection.closed.addEventListener('abort', () => this.#attaching.delete(connection), { once: true });
    return attaching;
  }

  async #attach(clusterId: string, connection: Connection): Promise<void> {
    const { home, found } = await listDirectories(connection, KEEP_DAYS, this.#life.signal);
    const stale: string[] = [];
    for (const [id, seen] of found) {
      const member = this.#members.get(id);
      if (member?.clusterId === clusterId ? isStale(member, seen) : this.#removed.has(id) && seen.exitCode !== null) {
        stale.push(id);
      } else if (!member && !this.#removed.has(id) && seen.exitCode === null) {
        this.#adopt(clusterId, `${home}/.tunel/${id}`, seen);
      }
    }
    const live = this.#live(clusterId);
    if (live.length > 0) await this.#worker(clusterId).hold();
    for (const member of live) {
      if (!member.busy) member.back(found.get(member.id) ?? null, this.#resumes);
    }
    this.#worker(clusterId).kick();
    await removeDirectories(connection, home, stale, this.#life.signal);
  }

  /** An app that another computer of this user launched. One that is not submitted yet is still in that one's hands. */
  #adopt(clusterId: string, directory: string, seen: Observation): void {
    const { meta, job } = seen;
    const cluster = this.#deps.clusters(clusterId);
    if (!meta || job === null || !cluster || !directory.endsWith(`/${meta.id}`)) return;
    // Launched by another process of this computer, e.g. from the command line, since this one began.
    const own = this.#deps.storage.instances().find(({ instance }) => instance.id === meta.id)?.instance;
    if (own && isOver(own.state)) return;
    const { id, recipe, title, icon, launcher, runtime, createdAt, path } = meta;
    const kind = meta.serve ? ('app' as const) : ('job' as const);
    const found = { id, recipe, kind, title, icon, launcher, runtime, createdAt, path, directory, input: null };
    const member = new Member(this.#host, own ?? newInstance(cluster, found));
    this.#members.set(meta.id, member);
    this.#changed(member, true);
  }

  #live(clusterId: string): Member[] {
    return [...this.#members.values()].filter((member) => member.clusterId === clusterId && !member.over);
  }

  #worker(clusterId: string): ClusterWorker {
    let worker = this.#workers.get(clusterId);
    if (!worker) {
      worker = new ClusterWorker(clusterId, this.#deps, () => this.#live(clusterId));
      this.#workers.set(clusterId, worker);
    }
    return worker;
  }

  #cluster(id: string): Cluster {
    const cluster = this.#deps.clusters(id);
    if (!cluster) throw new AppError('not-found', 'There is no such cluster.', { hint: 'It may have been removed.' });
    return cluster;
  }

  #member(id: string): Member {
    const member = this.#members.get(id);
    if (!member) throw new AppError('not-found', `There is no running app ${id}.`);
    return member;
  }

  #changed(member: Member, durable: boolean): void {
    if (durable && !this.#life.signal.aborted) {
      this.#deps.storage.saveInstance({ instance: member.instance, removed: false });
    }
    this.#emit();
  }

  #emit(): void {
    if (this.#changeListeners.size === 0) return;
    const instances = this.list();
    for (const listener of this.#changeListeners) listener(instances);
  }

  async dispose(): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#unsubscribe();
    for (const member of this.#members.values()) member.dispose();
    for (const worker of this.#workers.values()) worker.dispose();
  }
}

/** Ours, ended long ago; its history stays here. */
const isStale = (member: Member, seen: Observation): boolean =>
  isOver(member.instance.state) && seen.exitCode !== null && seen.old && member.instance.input !== null;
