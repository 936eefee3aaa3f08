import type { Queue } from '../../../shared/clusters.ts';
import { signalOfExitCode } from '../../../shared/exit-code-policy.ts';
import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { ownValue } from '../../../shared/own-value.ts';
import { joinTasks } from '../common/arrays.ts';
import { readExitFile } from '../common/exit-file.ts';
import { absent, type JobAnswers, known, unreadableAnswer, unreadLines } from '../common/job-answer.ts';
import type { Asker } from '../common/queue-access.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { readAccess } from './access.ts';
import { endings, type Flavor, readHeldReason, readWaitingReason } from './reasons.ts';

/** Of `pbsnodes -a`, whose records begin with the bare name of a node, or of qstat, whose records say what they are. */
type RecordKind = 'node' | 'named';

const heads: Record<RecordKind, RegExp> = {
  node: /^([A-Za-z0-9][\w.-]*)\s*$/,
  named: /^(?:Job Id|Queue|Server):\s*(\S+)\s*$/,
};

/**
 * What `qstat -f`, `qstat -Q -f` and `qstat -B -f` of both print: `Job Id: 12.server`, then indented `name = value` lines, a
 * long value going on in lines that begin with a tab. A value may itself have several lines, as the exported functions of a
 * shell in Variable_List do, so that a record begins only after an empty line and the first line of a name counts.
 */
export function readRecords(text: string, kind: RecordKind = 'named'): { name: string; fields: Map<string, string> }[] {
  const records: { name: string; fields: Map<string, string> }[] = [];
  let isAfterGap = true;
  for (const line of text.replace(/\n\t/g, '').split('\n')) {
    const head: RegExpExecArray | null = isAfterGap ? heads[kind].exec(line) : null;
    const pair = /^\s+([A-Za-z][\w.]*)\s+=\s?(.*)$/.exec(line);
    const fields = records.at(-1)?.fields;
    if (head) records.push({ name: head[1] ?? '', fields: new Map() });
    else if (pair && !fields?.has(pair[1] ?? '')) fields?.set(pair[1] ?? '', (pair[2] ?? '').trim());
    isAfterGap = line.trim() === '' || (records.length === 0 && !head);
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

/** Deleted by somebody, as `substate` of an ended job of OpenPBS. */
const TERMINATED = '91';
const TERM = 15;
const KILL = 9;

function endOf(fields: ReadonlyMap<string, string>, flavor: Flavor, asked: boolean): Partial<JobStatus> {
  const text = fields.get('Exit_status') ?? fields.get('exit_status');
  const comment = fields.get('comment') ?? '';
  if (text === undefined) return { state: 'cancelled' };
  const code = Number(text);
  const [state, reason] = endings[flavor][code] ?? [];
  if (state) return { state, reason, nativeReason: `Exit_status = ${code}` };
  if (code < 0) return { state: 'failed', reason: 'PBS ended it', nativeReason: comment || `Exit_status = ${code}` };
  if (/walltime/i.test(comment) && code !== 0) {
    return { state: 'timeout', reason: 'ended: its time was over', nativeReason: comment };
  }
  // Exit codes of 128 and more are a signal, plus 128 or 256 (qstat(1B), Torque's guide).
  const signal = signalOfExitCode(code, 256) ?? signalOfExitCode(code);
  const stopped = fields.get('substate') === TERMINATED || ((signal === TERM || signal === KILL) && asked);
  if (stopped) return { state: 'cancelled' };
  if (signal !== null) return { state: 'failed', signal };
  return { state: code === 0 ? 'completed' : 'failed', exitCode: code };
}

/** The number of a job, without its server; a task of an array keeps its index: `12[3]`. */
const shortId = (id: string): string => id.split('.')[0] ?? '';

function statusOf(id: string, fields: ReadonlyMap<string, string>, flavor: Flavor, asked: boolean): JobStatus {
  const native = fields.get('job_state') ?? '';
  const state = ownValue(states, native) ?? (/^[FCX]$/.test(native) ? 'completed' : 'unknown');
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
  if (state === 'held') return { ...status, ...readHeldReason(fields.get('Hold_Types') ?? '') };
  if (state === 'pending') return { ...status, startedAt: null, ...readWaitingReason(comment) };
  if (state === 'running') {
    const reason = native === 'E' ? 'ending' : native === 'S' || native === 'U' ? 'paused by the scheduler' : '';
    const endsAt = started !== null && limit !== null ? started + limit * 1000 : null;
    return { ...status, endsAt, reason, nativeReason: reason === '' ? '' : native };
  }
  if (state !== 'completed') return status;
  const endedAt = time(fields.get('comp_time') ?? fields.get('history_timestamp') ?? fields.get('mtime'));
  return { ...status, endedAt, ...endOf(fields, flavor, asked) };
}

/** A record that is cut off has no state; text before the first record is none. */
function unreadText(text: string, records: number): string {
  const heads = text.match(/^Job Id:.*$/gm) ?? [];
  const before = text.split(/^Job Id:/m)[0] ?? '';
  return unreadLines([...before.split('\n'), ...(heads.length > records ? heads : [])]);
}

/** Everything that the output of one poll says. */
export function readPoll(sections: readonly Section[], ids: readonly string[], flavor: Flavor): JobAnswers {
  const text = findSection(sections, 'queue')?.text ?? '';
  const records = readRecords(text).filter(({ fields }) => fields.has('job_state'));
  const unread = unreadText(text, records.length);
  const result: JobAnswers = new Map();
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
      readExitFile(id, findSection(sections, `exit-${index}`)?.text ?? '');
    if (status) result.set(id, known(status, rows));
    else if (unread !== '') result.set(id, unreadableAnswer('PBS', unread));
    else if (asked) result.set(id, known({ ...unknownJob(id), state: 'cancelled', nativeState: 'qdel' }));
    else result.set(id, absent());
  }
  return result;
}

const largest = (values: (number | null)[]): number | null => Math.max(0, ...values.map((value) => value ?? 0)) || null;

/**
 * Queues from `qstat -Q -f`. Which nodes a queue has PBS does not say in one way for all sites, so the largest node of the
 * cluster (`pbsnodes -a`) bounds them, and what is free is not known.
 */
export function readQueues(queueText: string, nodeText: string, serverText: string, asker?: Asker): Queue[] {
  const usual = readRecords(serverText)[0]?.fields.get('default_queue') ?? '';
  const nodes = readRecords(nodeText, 'node').map(({ fields }) => fields);
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
        ...(asker ? { access: readAccess(fields, asker) } : {}),
      };
    })
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}
