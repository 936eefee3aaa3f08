import { signalOfExitCode } from '../../../shared/exit-code-policy.ts';
import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { failureReasons } from './reasons.ts';
import { gridEngineBytes, gridEngineSeconds } from './site.ts';

/** One record of accounting. Times are epoch ms, memory in bytes. */
interface Ended {
  id: string;
  /** Of an array; empty: no array. */
  task: string;
  queue: string;
  node: string;
  submitted: number | null;
  started: number | null;
  ended: number | null;
  failed: number;
  exitStatus: number;
  slots: number;
  /** What was asked for, as `-l h_rt=5,h_vmem=1G`. */
  category: string;
  maxMemory: number;
}

/** Epoch seconds (Grid Engine) or milliseconds (Univa, Altair) -> ms; 0: never. */
function epoch(text: string | undefined): number | null {
  const value = Number(text);
  if (!(value > 0)) return null;
  return value > 1e11 ? value : value * 1000;
}

/** Lines of the accounting file (accounting(5)), or blocks of `qacct -j` under TZ=UTC; both may come mixed. */
export function readAccounting(text: string): Ended[] {
  const records: Ended[] = [];
  let block: Map<string, string> | null = null;
  const close = () => {
    const record = block && fromBlock(block);
    if (record) records.push(record);
    block = null;
  };
  for (const line of text.split('\n')) {
    if (/^={10,}/.test(line)) {
      close();
      block = new Map();
      continue;
    }
    const pair = /^(\w+)\s+(.*)$/s.exec(line.trimEnd());
    if (block && pair) {
      block.set(pair[1] ?? '', pair[2] ?? '');
      continue;
    }
    close();
    const record = fromLine(line.split(':'));
    if (record) records.push(record);
  }
  close();
  return records;
}

function fromLine(fields: readonly string[]): Ended | null {
  const [queue = '', node = '', , , , id = '', , , submitted, started, ended, failed = '', exitStatus = ''] = fields;
  if (!/^\d+$/.test(id) || !/^\d+$/.test(failed) || fields.length < 45) return null;
  const task = fields[35] ?? '';
  return {
    id,
    task: /^[1-9]\d*$/.test(task) ? task : '',
    queue,
    node: node === 'UNKNOWN' ? '' : node,
    submitted: epoch(submitted),
    started: epoch(started),
    ended: epoch(ended),
    failed: Number(failed),
    exitStatus: Number(exitStatus),
    slots: Number(fields[34]) || 1,
    // What was asked for may itself hold colons, as in h_rt=0:10:0.
    category: fields.slice(39, -5).join(':'),
    maxMemory: Number(fields.at(-3)) || 0,
  };
}

function fromBlock(fields: ReadonlyMap<string, string>): Ended | null {
  const field = (name: string): string => fields.get(name) ?? '';
  const when = (name: string): number | null => {
    const value = Date.parse(`${field(name).replace(/(\d\d:\d\d:\d\d)\.\d+/, '$1')} UTC`);
    return Number.isNaN(value) ? null : value;
  };
  const id = field('jobnumber');
  if (!/^\d+$/.test(id)) return null;
  const task = field('taskid');
  return {
    id,
    task: /^[1-9]\d*$/.test(task) ? task : '',
    queue: field('qname'),
    node: field('hostname') === 'UNKNOWN' ? '' : field('hostname'),
    submitted: when('qsub_time'),
    started: when('start_time'),
    ended: when('end_time'),
    failed: Number.parseInt(field('failed'), 10) || 0,
    exitStatus: Number.parseInt(field('exit_status'), 10) || 0,
    slots: Number(field('slots')) || 1,
    category: field('category'),
    maxMemory: gridEngineBytes(field('maxvmem').replace(/B$/, '').toUpperCase()) ?? 0,
  };
}

const KILL = 9;

function asked(category: string, name: string): string {
  return new RegExp(`(?:^|[\\s,])${name}=([^\\s,]+)`).exec(category)?.[1] ?? '';
}

/** `time`, `memory`: which limit a killed job met; null: none that it asked for. */
function limitOf({ category, maxMemory, slots, started, ended }: Ended): 'timeout' | 'out-of-memory' | null {
  const memory = gridEngineBytes(asked(category, 'h_vmem'));
  if (memory !== null && maxMemory >= memory * slots) return 'out-of-memory';
  const seconds = gridEngineSeconds(asked(category, 'h_rt'));
  if (seconds !== null && started !== null && ended !== null && ended - started >= seconds * 1000) return 'timeout';
  return null;
}

/**
 * How a job ended. `failed` 37: Grid Engine enforced a limit and does not say which one; 100: a signal, which
 * `exit_status` holds plus 128. A kill is somebody's qdel when `stopped`, else the limit that was met.
 */
export function endOf(record: Ended, stopped: boolean): JobStatus {
  const { failed, exitStatus } = record;
  const status: JobStatus = {
    ...unknownJob(record.id),
    state: 'failed',
    nativeState: failed === 0 ? `exit_status ${exitStatus}` : `failed ${failed}, exit_status ${exitStatus}`,
    node: record.node,
    queue: record.queue,
    submittedAt: record.submitted,
    startsAt: record.started,
    startedAt: record.started,
    endedAt: record.ended,
  };
  if (failed === 37) {
    const state = limitOf(record) ?? 'timeout';
    const limit = state === 'timeout' ? 'time (h_rt or h_cpu)' : 'memory (h_vmem)';
    return { ...status, state, reason: `ended by Grid Engine at its limit of ${limit}` };
  }
  const signal = signalOfExitCode(exitStatus);
  if (failed === 100 && signal !== null) {
    if (signal === KILL && stopped) return { ...status, state: 'cancelled' };
    const limit = signal === KILL ? limitOf(record) : null;
    if (limit !== null) return { ...status, state: limit };
    const reason = signal === KILL ? 'killed: by qdel, by an administrator, or at a limit of its node' : '';
    return { ...status, signal, reason };
  }
  const reason = failureReasons[failed];
  if (reason !== undefined)
    return { ...status, state: failed === 19 ? 'node-fail' : 'failed', reason, nativeReason: `failed ${failed}` };
  return { ...status, state: exitStatus === 0 && failed === 0 ? 'completed' : 'failed', exitCode: exitStatus };
}
