import type { Queue } from '../../../shared/clusters.ts';
import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { joinTasks } from '../slurm/arrays.ts';

export type Flavor = 'openpbs' | 'torque';

/**
 * What `qstat -f`, `qstat -Q -f` and `qstat -B -f` of both print: `Job Id: 12.server`, then indented `name = value` lines, a
 * long value going on in lines that begin with a tab. `pbsnodes -a` has the bare name of a node for the first line.
 */
export function readRecords(text: string): { name: string; fields: Map<string, string> }[] {
  const records: { name: string; fields: Map<string, string> }[] = [];
  for (const line of text.replace(/\n\t/g, '').split('\n')) {
    const head = /^(?:(?:Job Id|Queue|Server):\s*)?(\S+)\s*$/.exec(line);
    const pair = /^\s+(\S+)\s+=\s?(.*)$/.exec(line);
    if (head) records.push({ name: head[1] ?? '', fields: new Map() });
    else if (pair) records.at(-1)?.fields.set(pair[1] ?? '', (pair[2] ?? '').trim());
  }
  return records;
}

/** `Sun Nov 22 09:13:06 2026` under TZ=UTC, or epoch seconds -> ms. */
function time(text: string | undefined): number | null {
  if (!text) return null;
  const value = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(`${text} UTC`);
  return Number.isNaN(value) || value === 0 ? null : value;
}

/** `24:00:00` -> seconds. */
export function pbsSeconds(text: string | undefined): number | null {
  if (!text || !/^\d+(:\d+){0,3}$/.test(text)) return null;
  const parts = text.split(':').map(Number);
  const days = parts.length === 4 ? (parts.shift() ?? 0) : 0;
  return days * 86_400 + parts.reduce((total, part) => total * 60 + part, 0);
}

const scale: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `16gb`, `4194304kb`, `2gw` -> MiB. */
export function pbsMemory(text: string | undefined): number | null {
  const match = /^(\d+)([kmgt]?)([bw]?)$/i.exec(text ?? '');
  if (!match) return null;
  const bytes = Number(match[1]) * (scale[(match[2] ?? '').toLowerCase()] ?? 1) * (match[3] === 'w' ? 8 : 1);
  return Math.floor(bytes / 1024 ** 2);
}

const states: Record<string, JobStatus['state']> = {
  Q: 'pending',
  W: 'pending',
  T: 'pending',
  M: 'pending',
  H: 'held',
  R: 'running',
  B: 'running',
  E: 'running',
  S: 'running',
  U: 'running',
};

/** Negative codes: the job was ended or could not be begun. OpenPBS 20 (job.h) and Torque 6 (Administrator's Guide). */
const endings: Record<Flavor, Record<number, [JobStatus['state'], string]>> = {
  openpbs: {
    [-1]: ['failed', 'PBS could not start it'],
    [-2]: ['failed', 'PBS could not start it after its files were there'],
    [-3]: ['failed', 'PBS could not start it, and would have tried again'],
    [-4]: ['node-fail', 'its node began anew'],
    [-5]: ['node-fail', 'its node began anew'],
    [-6]: ['node-fail', 'its node began anew'],
    [-10]: ['failed', 'its node does not know the user'],
    [-11]: ['node-fail', 'its node was lost'],
    [-12]: ['node-fail', 'one of its nodes could not join it'],
    [-24]: ['failed', 'ended: it used more cores than it asked for'],
    [-25]: ['failed', 'ended: it used more cores than it asked for'],
    [-26]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-27]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-28]: ['timeout', 'ended: it used more time of its cores than it asked for'],
    [-29]: ['timeout', 'ended: its time was over'],
  },
  torque: {
    [-1]: ['failed', 'PBS could not start it'],
    [-2]: ['failed', 'PBS could not start it after its files were there'],
    [-3]: ['failed', 'PBS could not start it, and would have tried again'],
    [-4]: ['node-fail', 'its node began anew'],
    [-5]: ['node-fail', 'its node began anew'],
    [-6]: ['node-fail', 'its node began anew'],
    [-9]: ['failed', 'its output could not be opened'],
    [-10]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-11]: ['timeout', 'ended: its time was over'],
    [-12]: ['timeout', 'ended: it used more time of its cores than it asked for'],
  },
};

/** Deleted by somebody, as `substate` of an ended job of OpenPBS. */
const TERMINATED = '91';
const TERM = 15;
const KILL = 9;

function endOf(fields: ReadonlyMap<string, string>, flavor: Flavor, asked: boolean): Partial<JobStatus> {
  const text = fields.get('Exit_status') ?? fields.get('exit_status');
  const words = fields.get('comment') ?? '';
  if (text === undefined) return { state: 'cancelled' };
  const code = Number(text);
  const [state, reason] = endings[flavor][code] ?? [];
  if (state) return { state, reason: `${reason} (${code})` };
  if (code < 0) return { state: 'failed', reason: `${words || 'PBS ended it'} (${code})` };
  if (/walltime/i.test(words) && code !== 0) return { state: 'timeout', reason: `ended: its time was over (${words})` };
  // Exit codes of 128 and more are a signal, plus 128 or 256 (qstat(1B), Torque's guide).
  const signal = code >= 256 ? code - 256 : code > 128 ? code - 128 : 0;
  const stopped = fields.get('substate') === TERMINATED || ((signal === TERM || signal === KILL) && asked);
  if (stopped) return { state: 'cancelled' };
  if (signal > 0) return { state: 'failed', signal };
  return { state: code === 0 ? 'completed' : 'failed', exitCode: code };
}

const known: readonly (readonly [RegExp, string])[] = [
  [
    /can never run|not enough total|insufficient amount of .{0,200} total/i,
    'no node can ever give what it asks for: stop it and ask for less',
  ],
  [
    /insufficient amount|not enough (free )?(nodes|cpus|processors)|resources? not available/i,
    'waiting for enough free resources',
  ],
  [/limit.{0,200}(reached|exceed)|would exceed|maximum number/i, 'you or your group use as much as you may at once'],
  [/queue.{0,200}not started|draining|not yet started/i, 'this queue is closed for now'],
  [/reservation|dedicated/i, 'waiting until reserved time is over'],
];

function waitingReason(comment: string): string {
  const text = comment.replace(/^Not Running: /, '');
  if (text === '') return 'the scheduler has not looked at it yet';
  const words = known.find(([pattern]) => pattern.test(text))?.[1];
  return words ? `${words} (${text})` : text;
}

function heldReason(types: string): Pick<JobStatus, 'heldBy' | 'reason'> {
  if (types.includes('p'))
    return { heldBy: 'system', reason: `held: your password for its node is not right (Hold_Types = ${types})` };
  if (/[os]/.test(types))
    return { heldBy: 'system', reason: `held by an administrator or after failing to start (Hold_Types = ${types})` };
  return { heldBy: 'user', reason: `held: you asked for it to wait (Hold_Types = ${types})` };
}

/** The number of a job, without its server; a task of an array keeps its index: `12[3]`. */
export const shortId = (id: string): string => id.split('.')[0] ?? '';

function statusOf(id: string, fields: ReadonlyMap<string, string>, flavor: Flavor, asked: boolean): JobStatus {
  const native = fields.get('job_state') ?? '';
  const state = states[native] ?? (/^[FCX]$/.test(native) ? 'completed' : 'unknown');
  const started = time(fields.get('stime') ?? fields.get('start_time'));
  const limit = pbsSeconds(fields.get('Resource_List.walltime'));
  const status: JobStatus = {
    ...unknownJob(id),
    state,
    nativeState: native,
    node: /^[^/+\s]+/.exec(fields.get('exec_host') ?? '')?.[0] ?? '',
    queue: fields.get('queue') ?? '',
    submittedAt: time(fields.get('qtime') ?? fields.get('ctime')),
    startsAt: started ?? time(fields.get('estimated.start_time')),
    startedAt: started,
  };
  const comment = fields.get('comment') ?? '';
  if (state === 'held') return { ...status, ...heldReason(fields.get('Hold_Types') ?? '') };
  if (state === 'pending') return { ...status, startedAt: null, reason: waitingReason(comment) };
  if (state === 'running') {
    const paused = native === 'S' || native === 'U' ? `paused by the scheduler (${native})` : '';
    const endsAt = started !== null && limit !== null ? started + limit * 1000 : null;
    return { ...status, endsAt, reason: native === 'E' ? 'ending (E)' : paused };
  }
  if (state !== 'completed') return status;
  const endedAt = time(fields.get('comp_time') ?? fields.get('history_timestamp') ?? fields.get('mtime'));
  return { ...status, endedAt, ...endOf(fields, flavor, asked) };
}

/** What the app's own `exit` file says, when nothing else is known. */
function fromExitFile(id: string, text: string): JobStatus | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const exitCode = Number(text);
  return { ...unknownJob(id), state: exitCode === 0 ? 'completed' : 'failed', nativeState: 'exit file', exitCode };
}

/** All that one poll's output tells. */
export function readPoll(sections: readonly Section[], ids: readonly string[], flavor: Flavor): Map<string, JobStatus> {
  const records = readRecords(findSection(sections, 'queue')?.text ?? '');
  const result = new Map<string, JobStatus>();
  for (const [index, id] of ids.entries()) {
    const asked = findSection(sections, `asked-${index}`) !== undefined;
    const number = shortId(id).replace(/\[\]$/, '');
    const rows = records.flatMap(({ name, fields }) => {
      const match = /^(\d+)(?:\[(\d*)\])?$/.exec(shortId(name));
      if (match?.[1] !== number) return [];
      return [{ id, task: match[2] ?? '', status: statusOf(id, fields, flavor, asked) }];
    });
    const tasks = rows.filter((row) => row.task !== '');
    const status =
      (tasks.length > 0 ? joinTasks(id, tasks) : rows[0]?.status) ??
      fromExitFile(id, findSection(sections, `exit-${index}`)?.text ?? '');
    if (status) result.set(id, status);
    else if (asked) result.set(id, { ...unknownJob(id), state: 'cancelled', nativeState: 'qdel' });
    else result.set(id, { ...unknownJob(id), reason: 'the scheduler no longer knows it' });
  }
  return result;
}

const largest = (values: (number | null)[]): number | null => Math.max(0, ...values.map((value) => value ?? 0)) || null;

/**
 * Queues from `qstat -Q -f`. Which nodes a queue has PBS does not say in one way for all sites, so the largest node of the
 * cluster (`pbsnodes -a`) bounds them, and what is free is not told.
 */
export function readQueues(queueText: string, nodeText: string, serverText: string): Queue[] {
  const usual = readRecords(serverText)[0]?.fields.get('default_queue') ?? '';
  const nodes = readRecords(nodeText).map(({ fields }) => fields);
  const status = (fields: ReadonlyMap<string, string>, name: string) =>
    new RegExp(`(?:^|,)${name}=([^,]+)`).exec(fields.get('status') ?? '')?.[1];
  const cpus = largest(nodes.map((node) => Number(node.get('resources_available.ncpus') ?? node.get('np') ?? 0)));
  const memory = largest(
    nodes.map((node) => pbsMemory(node.get('resources_available.mem') ?? status(node, 'physmem'))),
  );
  const gpus = largest(nodes.map((node) => Number(node.get('resources_available.ngpus') ?? node.get('gpus') ?? 0)));
  const least = (limit: number | null, all: number | null) =>
    limit !== null && all !== null ? Math.min(limit, all) : (limit ?? all);
  return readRecords(queueText)
    .map(({ name, fields }): Queue => {
      const most = fields.get('resources_max.ncpus');
      return {
        name,
        isDefault: name === usual,
        state: fields.get('enabled') === 'True' && fields.get('started') === 'True' ? 'UP' : 'DOWN',
        maxSeconds: pbsSeconds(fields.get('resources_max.walltime')),
        defaultSeconds: pbsSeconds(fields.get('resources_default.walltime')),
        cpusPerNode: least(most === undefined ? null : Number(most), cpus),
        memoryPerNode: least(pbsMemory(fields.get('resources_max.mem')), memory),
        gpusPerNode: gpus ?? 0,
        gpuTypes: [],
        nodes: null,
        cpusTotal: null,
        cpusFree: null,
      };
    })
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}
