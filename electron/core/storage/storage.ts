import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { type Cluster, clusterFactsSchema, connectionEventSchema } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { launchInputSchema } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { type Notice, settingsSchema } from '../../shared/state.ts';
import type { Clock } from '../deps.ts';
import { AuditTable } from './audit-table.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { DataFile } from './data-file.ts';
import { clustersFile, presetsFile, settingsFile } from './data-files.ts';
import { type Database, openDatabase } from './database.ts';
import { watchDataFiles } from './file-watcher.ts';
import { InstanceTable } from './instance-table.ts';
import { JobTable } from './job-table.ts';
import { LaunchKeyTable } from './launch-key-table.ts';
import { NoticeList } from './notice-list.ts';
import { rememberedRoutesSchema } from './remembered-route.ts';
import { RememberedValues } from './remembered-values.ts';
import { TemplateTable } from './template-table.ts';
import { TokenTable } from './token-table.ts';
import { TokenUsageTable } from './token-usage-table.ts';
import { TransferTable } from './transfer-table.ts';
import { TransitionTable } from './transition-table.ts';
import type { ApiStorage, JobStorage, Storage, TemplateStorage, TransferStorage } from './types.ts';
import { UnreadableRows } from './unreadable-rows.ts';

/** Connection events kept on disk. */
const eventLimit = 500;

const valueRow = z.object({ value: z.string() });

/** Opens everything of ours below `directory` (made 0700). Unreadable files are renamed and named in `notices`. */
export function openStorage(directory: string, clock: Clock): Storage {
  const notices = new NoticeList();
  const report = (notice: Notice) => notices.add(notice);
  const openDirectory = prepareDataDirectory(directory);
  if (openDirectory) report(openDirectory);

  const now = () => clock.now();
  const settings = new DataFile(settingsFile(directory), settingsSchema.parse({}), now, report);
  const clusters = new DataFile(clustersFile(directory), [], now, report);
  const presets = new DataFile(presetsFile(directory), [], now, report);
  const openedAt = now();
  const { database, notice } = openDatabase(join(directory, 'history.db'), now());
  if (notice) report(notice);
  const reportRows = () => reportUnreadableRows(database, openedAt, report);
  reportRows();

  const unreadable = new UnreadableRows(database, now, reportRows);
  const instances = new InstanceTable(database, unreadable);
  const transitions = new TransitionTable(database);
  const remembered = openRemembered(database);
  let stopWatching: (() => Promise<void>) | null = null;

  return {
    ...remembered.storage,
    ...openApiTables(database),
    ...openJobTable(new JobTable(database, unreadable)),
    ...openTemplateTable(new TemplateTable(database, unreadable)),
    ...openTransferTable(new TransferTable(database, unreadable)),
    settings: () => settings.data,
    saveSettings(change) {
      settings.update((current) => ({ ...current, ...change }));
      return settings.data;
    },
    clusters: () => clusters.data,
    saveCluster: (cluster) => clusters.update((current) => withCluster(current, cluster)),
    removeCluster(id) {
      clusters.update((current) => current.filter((cluster) => cluster.id !== id));
      remembered.forgetCluster(id);
    },
    liveInstances: () => instances.live(),
    recentEnded: (limit) => instances.recentEnded(limit),
    findInstance: (id) => instances.find(id),
    pageOfInstances: (condition, limit) => instances.page(condition, limit),
    recipeUse: () => instances.recipeUse(),
    saveInstance: (stored) => instances.save(stored),
    presets: () => presets.data,
    updatePresets: (change) => presets.update(change),
    addTransition: (transition) => transitions.add(transition),
    transitions: (which) => transitions.list(which),
    notices,
    watchFiles(onEdit) {
      stopWatching ??= watchDataFiles({ settings, clusters, presets }, notices, onEdit);
    },
    async close() {
      await stopWatching?.();
      database.close();
    },
  };
}

function openJobTable(jobs: JobTable): JobStorage {
  return {
    saveJob: (record) => jobs.save(record),
    findJob: (id) => jobs.find(id),
    findJobByKey: (key) => jobs.findByKey(key),
    unsubmittedJobs: (limit) => jobs.unsubmitted(limit),
    pageOfJobs: (condition, limit) => jobs.page(condition, limit),
    removeJob: (id) => jobs.remove(id),
  };
}

function openTemplateTable(templates: TemplateTable): TemplateStorage {
  return {
    saveTemplate: (template) => templates.save(template),
    templates: () => templates.list(),
    removeTemplate: (id) => templates.remove(id),
  };
}

function openTransferTable(transfers: TransferTable): TransferStorage {
  return {
    saveTransfer: (record) => transfers.save(record),
    findTransfer: (id) => transfers.find(id),
    findTransferByKey: (key) => transfers.findByKey(key),
    liveTransfers: () => transfers.live(),
    endedTransfers: (limit) => transfers.ended(limit),
    oldTransfers: (kept) => transfers.endedBefore(kept),
    removeTransfer: (id) => transfers.remove(id),
  };
}

/** What other programs sign in with, and what all clients called. */
function openApiTables(database: Database): ApiStorage {
  const tokens = new TokenTable(database);
  const audit = new AuditTable(database);
  const usage = new TokenUsageTable(database);
  const launchKeys = new LaunchKeyTable(database);
  return {
    saveToken: (stored) => tokens.save(stored),
    findToken: (id) => tokens.find(id),
    tokens: () => tokens.list(),
    addTokenUsage: (id, day, used) => usage.add(id, day, used),
    tokenUsage: (id, day) => usage.get(id, day),
    findLaunchKey: (key) => launchKeys.find(key),
    saveLaunchKey: (key, launch, at) => launchKeys.save(key, launch, at),
    removeLaunchKey: (key) => launchKeys.remove(key),
    addAuditEntry: (entry) => audit.add(entry),
    removeAuditEntriesBefore: (time) => audit.removeBefore(time),
    pageOfAudit: (condition, limit) => audit.page(condition, limit),
    countAudit: (condition) => audit.count(condition),
  };
}

type RememberedStorage = Pick<
  Storage,
  | 'facts'
  | 'saveFacts'
  | 'rememberedRoute'
  | 'rememberRoute'
  | 'unfinishedUploads'
  | 'saveUnfinishedUploads'
  | 'lastValues'
  | 'saveLastValues'
  | 'onLastValuesSaved'
  | 'addConnectionEvent'
  | 'connectionEvents'
>;

/** What is remembered for convenience: without it everything still works. */
function openRemembered(database: Database): { storage: RememberedStorage; forgetCluster(id: string): void } {
  const facts = new RememberedValues(database, 'facts', clusterFactsSchema);
  const routes = new RememberedValues(database, 'route', rememberedRoutesSchema);
  const lastValues = new RememberedValues(database, 'last-values', launchInputSchema);
  const uploads = new RememberedValues(database, 'unfinished-uploads', z.array(z.string()));
  const emitter = new EventEmitter<{ 'last-values': [] }>();
  const storage: RememberedStorage = {
    facts: (clusterId) => facts.get(clusterId),
    saveFacts: (clusterId, value) => facts.set(clusterId, value),
    rememberedRoute: (clusterId, app) => routes.get(clusterId)?.[app] ?? null,
    rememberRoute: (clusterId, app, route) => routes.set(clusterId, { ...routes.get(clusterId), [app]: route }),
    unfinishedUploads: (clusterId) => uploads.get(clusterId) ?? [],
    saveUnfinishedUploads(clusterId, paths) {
      if (paths.length === 0) uploads.remove(clusterId);
      else uploads.set(clusterId, [...paths]);
    },
    lastValues: () => lastValues.all(),
    saveLastValues(key, input) {
      lastValues.set(key, input);
      emitter.emit('last-values');
    },
    onLastValuesSaved(listener) {
      emitter.on('last-values', listener);
      return () => emitter.off('last-values', listener);
    },
    addConnectionEvent(event) {
      database.run('insert into events (value) values (?)', JSON.stringify(event));
      database.run('delete from events where number <= (select max(number) from events) - ?', eventLimit);
    },
    connectionEvents: (limit) =>
      database
        .all(valueRow, 'select value from events order by number desc limit ?', limit)
        .map(({ value }) => connectionEventSchema.parse(JSON.parse(value))),
  };
  const forgetCluster = (id: string) => {
    facts.remove(id);
    routes.remove(id);
    uploads.remove(id);
  };
  return { storage, forgetCluster };
}

function withCluster(clusters: readonly Cluster[], cluster: Cluster): Cluster[] {
  if (clusters.some((other) => other.id !== cluster.id && other.name === cluster.name)) {
    throw new AppError('conflict', message`There is a cluster named “${{ name: cluster.name }}” already.`, {
      hint: 'Choose another name.',
    });
  }
  return clusters.some((other) => other.id === cluster.id)
    ? clusters.map((other) => (other.id === cluster.id ? cluster : other))
    : [...clusters, cluster];
}

/** Those found since this time, so that each is reported by one run. */
function reportUnreadableRows(database: Database, since: number, report: (notice: Notice) => void): void {
  const sql = 'select count(*) as count from unreadable_rows where found_at >= ?';
  const count = database.get(z.object({ count: z.number() }), sql, since)?.count ?? 0;
  if (count === 0) return;
  report({
    id: 'rows-kept',
    code: 'rows-kept',
    kind: 'warning',
    title: 'A part of the history could not be read',
    text: `${count === 1 ? 'One entry' : `${count} entries`} of the history have a form that this version does not know. They are kept in the table “unreadable_rows” of history.db.`,
    values: { count },
  });
}
