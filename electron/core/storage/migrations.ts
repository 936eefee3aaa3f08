import type Libsql from 'libsql';
import { z } from 'zod';

/** Each takes the schema from version `index` to `index + 1` (SQLite's `user_version`). What was released is not changed. */
export const migrations: readonly ((database: Libsql.Database, now: number) => void)[] = [
  (database) => {
    database.exec(
      `create table instances (id text primary key, removed integer not null, value text not null);
       create table learnt (kind text not null, key text not null, value text not null, primary key (kind, key));
       create table events (number integer primary key autoincrement, value text not null);`,
    );
  },
  addInstanceColumns,
  renameSentences,
  addTokens,
  addJobs,
  addTokenUsage,
  addTransfers,
  addJobTemplates,
];

/** What version 2 reads of an instance's JSON. */
const instanceSchema2 = z.looseObject({
  id: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  recipe: z.string(),
  title: z.string(),
  launcher: z.string(),
  state: z.string(),
  path: z.string(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  job: z.looseObject({ startedAt: z.number().nullable() }).nullable(),
  steps: z.array(z.looseObject({ name: z.string(), state: z.string(), endedAt: z.number().nullable() })),
  logTail: z.string(),
});

const tables2 = `
  alter table instances rename to instances_1;
  create table instances (
    id text primary key,
    cluster_id text not null,
    cluster_name text not null,
    recipe text not null,
    title text not null,
    launcher text not null,
    state text not null,
    kind text not null,
    created_at real not null,
    started_at real,
    ended_at real,
    removed integer not null,
    search text not null,
    log_tail text not null,
    value text not null
  );
  create index instances_by_creation on instances (removed, created_at desc, id desc);
  create index instances_by_cluster on instances (removed, cluster_id, created_at desc, id desc);
  create index instances_by_recipe on instances (removed, recipe, created_at desc, id desc);
  create index instances_live on instances (removed, id) where ended_at is null;
  create index instances_by_end on instances (removed, ended_at desc) where ended_at is not null;
  create table unreadable_rows (origin text not null, id text not null, value text not null, reason text not null, found_at real not null);
  create table transitions (
    number integer primary key autoincrement,
    at real not null,
    kind text not null,
    instance_id text,
    cluster_id text,
    value text not null
  );
  create index transitions_by_instance on transitions (instance_id, number);
  alter table learnt rename to remembered;
`;

/** Version 2: instances have columns to search by, and rows that cannot be read are kept apart. */
function addInstanceColumns(database: Libsql.Database, now: number): void {
  database.exec(tables2);
  const insert = database.prepare('insert into instances values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const keepRow = database.prepare("insert into unreadable_rows values ('instances', ?, ?, ?, ?)");
  const rows = z
    .array(z.object({ id: z.string(), removed: z.number(), value: z.string() }))
    .parse(database.prepare('select id, removed, value from instances_1').all());
  for (const row of rows) {
    const { data, reason } = parseInstance2(row.value);
    if (!data) {
      keepRow.run(row.id, row.value, reason, now);
      continue;
    }
    const value = withKind2(data);
    insert.run(
      row.id,
      data.clusterId,
      data.clusterName,
      data.recipe,
      data.title,
      data.launcher,
      value.state,
      value.kind,
      data.createdAt,
      data.job?.startedAt ?? null,
      data.endedAt,
      row.removed,
      [data.title, data.recipe, data.clusterName, data.id].join('\n').toLowerCase(),
      data.logTail,
      JSON.stringify(value),
    );
  }
  database.exec('drop table instances_1;');
}

/** Only a batch job had no path to open. It runs, and is never ready. */
function withKind2({ logTail: _stored, ...old }: z.infer<typeof instanceSchema2>) {
  const kind = old.path === '' ? 'job' : 'app';
  const ready = old.steps.find(({ name, state }) => name === 'ready' && state === 'done');
  return {
    ...old,
    kind,
    state: kind === 'job' && old.state === 'ready' ? 'running' : old.state,
    readyAt: kind === 'app' ? (ready?.endedAt ?? null) : null,
  };
}

function parseInstance2(value: string): { data: z.infer<typeof instanceSchema2> | null; reason: string } {
  try {
    return { data: instanceSchema2.parse(JSON.parse(value)), reason: '' };
  } catch (error) {
    return { data: null, reason: error instanceof z.ZodError ? z.prettifyError(error) : String(error) };
  }
}

/** The parts of an instance whose sentence was called `words` until version 3, which calls it `text`. */
const sentences3 = ['route', 'exposure', 'progress'] as const;
const sentenceSchema2 = z.looseObject({ words: z.string() });

/** Version 3: the sentence of a route, an exposure and a progress is `text`. Rows that cannot be read stay as they are. */
function renameSentences(database: Libsql.Database): void {
  const update = database.prepare('update instances set value = ? where id = ?');
  const rows = z
    .array(z.object({ id: z.string(), value: z.string() }))
    .parse(database.prepare('select id, value from instances').all());
  for (const { id, value } of rows) {
    const old = parseObject(value);
    if (old) update.run(JSON.stringify(withText3(old)), id);
  }
}

function withText3(old: Record<string, unknown>): Record<string, unknown> {
  const renamed = sentences3.flatMap((name) => {
    const part = sentenceSchema2.safeParse(old[name]);
    if (!part.success) return [];
    const { words, ...others } = part.data;
    return [[name, { ...others, text: words }] as const];
  });
  return { ...old, ...Object.fromEntries(renamed) };
}

function parseObject(value: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(value));
  } catch {
    return null;
  }
}

/** Version 4: tokens of other programs, and what clients called. */
function addTokens(database: Libsql.Database): void {
  database.exec(
    `create table tokens (id text primary key, hash text not null, value text not null);
     create table audit (
       number integer primary key autoincrement,
       at real not null,
       token_id text,
       cluster_id text,
       result text not null,
       value text not null
     );
     create index audit_by_time on audit (at);
     create index audit_by_token on audit (token_id, number);
     create index audit_by_cluster on audit (cluster_id, number);`,
  );
}

/** Version 5: batch jobs as the user made them; how far each has come is in `instances`, under the same id. */
function addJobs(database: Libsql.Database): void {
  database.exec(
    `create table jobs (
       id text primary key,
       key text unique,
       cluster_id text not null,
       name text not null,
       created_at real not null,
       submitted_at real,
       archived integer not null,
       search text not null,
       value text not null
     );
     create index jobs_by_creation on jobs (archived, created_at desc, id desc);
     create index jobs_by_cluster on jobs (archived, cluster_id, created_at desc, id desc);
     create index instances_of_jobs on instances (removed, kind, created_at desc, id desc);`,
  );
}

/** Version 6: what each token used on a day, and the launches that were asked for with a key. */
function addTokenUsage(database: Libsql.Database): void {
  database.exec(
    `create table token_usage (
       token_id text not null,
       day text not null,
       jobs integer not null,
       bytes real not null,
       primary key (token_id, day)
     );
     create table launch_keys (key text primary key, input_hash text not null, instance_id text not null, at real not null);`,
  );
}

/** Version 7: transfers of files; the files of each are in its journal. */
function addTransfers(database: Libsql.Database): void {
  database.exec(
    `create table transfers (
       id text primary key,
       key text unique,
       cluster_id text not null,
       state text not null,
       created_at real not null,
       ended_at real,
       value text not null
     );
     create index transfers_live on transfers (created_at) where ended_at is null;
     create index transfers_by_end on transfers (ended_at desc) where ended_at is not null;`,
  );
}

/** Version 8: templates of jobs. */
function addJobTemplates(database: Libsql.Database): void {
  database.exec(`create table job_templates (id text primary key, name text not null unique, value text not null);`);
}
