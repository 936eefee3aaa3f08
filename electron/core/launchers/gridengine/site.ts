import type { Queue, QueueAccess } from '../../../shared/clusters.ts';
import { readAccess, splitNames } from './access.ts';

/** A resource of `qconf -sc` that a job may ask for. `per`: what an amount of a job with several slots is counted by. */
interface Complex {
  name: string;
  type: string;
  /** `slot`: times the slots; `job`: once; `''`: nothing is used up, it is only compared. */
  per: 'slot' | 'job' | '';
}

export interface ParallelEnvironment {
  name: string;
  /** `$pe_slots`: all on one node; a number: that many on each node; else spread as it comes. */
  allocation: string;
  slots: number;
  /** A program may be started in the job from outside (`qrsh -inherit`) and runs beside the first one. */
  open: boolean;
  /** Only for the users of some lists. */
  restricted: boolean;
}

interface QueueConfig {
  name: string;
  environments: readonly string[];
  /** Seconds; null: none. */
  maxSeconds: number | null;
  limitsMemory: boolean;
  access: QueueAccess;
}

/** What a request has to know of a site. */
export interface Site {
  complexes: readonly Complex[];
  environments: readonly ParallelEnvironment[];
  queues: readonly QueueConfig[];
  projects: readonly string[];
}

export const unknownSite: Site = { complexes: [], environments: [], queues: [], projects: [] };

/** `8:00:00`, `0:0:90`, `3600` -> seconds; `INFINITY` -> null. */
export function gridEngineSeconds(text: string): number | null {
  if (!/^\d+(:\d+){0,2}$/.test(text)) return null;
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

const units: Record<string, number> = {
  '': 1,
  k: 1000,
  K: 1024,
  m: 1e6,
  M: 1024 ** 2,
  g: 1e9,
  G: 1024 ** 3,
  t: 1e12,
  T: 1024 ** 4,
};

/** `23.5G`, `512M`, `100k` -> bytes; `-`, `INFINITY`, `NONE` -> null. */
export function gridEngineBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([kKmMgGtT]?)$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : null;
}

/** Blocks of `name value` lines as qconf writes them, each beginning with `first`; a backslash goes on in the next line. */
function readBlocks(text: string, first: string): Map<string, string>[] {
  const blocks: Map<string, string>[] = [];
  for (const line of text.replace(/\\\n\s*/g, '').split('\n')) {
    const match = /^(\S+)\s+(.+)$/s.exec(line.trimEnd());
    if (!match) continue;
    const [, name = '', value = ''] = match;
    if (name === first) blocks.push(new Map());
    blocks.at(-1)?.set(name, value);
  }
  return blocks;
}

/** The value for most hosts, of `4,[node1=8],[@fast=16]`. */
const usual = (value: string | undefined): string => (value ?? '').split(/,?\[/)[0] ?? '';

/** `qconf -sc`. */
export function readComplexes(text: string): Complex[] {
  return text.split('\n').flatMap((line): Complex[] => {
    const [name = '', , type = '', , requestable = '', consumable = ''] = line.trim().split(/\s+/);
    if (name.startsWith('#') || !/^(YES|FORCED)$/.test(requestable)) return [];
    const per = consumable === 'YES' ? 'slot' : /^(JOB|HOST)$/.test(consumable) ? 'job' : '';
    return [{ name, type, per }];
  });
}

/** `qconf -sp` of each. */
export function readEnvironments(text: string): ParallelEnvironment[] {
  return readBlocks(text, 'pe_name').map((fields) => ({
    name: fields.get('pe_name') ?? '',
    allocation: fields.get('allocation_rule') ?? '',
    slots: Number(fields.get('slots') ?? 0),
    open: fields.get('control_slaves') === 'TRUE' && fields.get('job_is_first_task') === 'FALSE',
    restricted: splitNames(fields.get('user_lists') ?? '').length > 0,
  }));
}

/** `qconf -sq` of all. A parallel environment that only some hosts of a queue have counts too. */
export function readQueueConfigs(text: string, lists: ReadonlySet<string> = new Set()): QueueConfig[] {
  return readBlocks(text, 'qname').map((fields) => ({
    name: fields.get('qname') ?? '',
    environments: splitNames((fields.get('pe_list') ?? '').replace(/\[[^=[\]]*=/g, ' ').replaceAll(']', ' ')),
    maxSeconds: gridEngineSeconds(usual(fields.get('h_rt'))),
    limitsMemory: gridEngineBytes(usual(fields.get('h_vmem'))) !== null,
    access: readAccess(fields, lists),
  }));
}

interface QueueOnHost {
  queue: string;
  slots: number;
  free: number;
  memory: number | null;
  gpus: number;
  isUp: boolean;
}

/** States of a queue on a host in which it takes no job; an alarm for load (`a`) passes by itself. */
const closed = /[udDsSCEcoA]/;

/** `qhost -q -F ...`: a line for each host, and below it, indented, its queues and resources. */
function readHosts(text: string): QueueOnHost[] {
  const rows: QueueOnHost[] = [];
  let host: { memory: number | null; gpus: number; rows: QueueOnHost[] } | null = null;
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (/^\S/.test(line)) {
      const columns = fields.length;
      host = columns >= 8 ? { memory: gridEngineBytes(fields[columns - 4] ?? ''), gpus: 0, rows: [] } : null;
      continue;
    }
    if (!host) continue;
    const gpus = /:([\w.]+)=(\d+(?:\.\d+)?)$/.exec(fields.at(-1) ?? '');
    if (gpus && isGpu(gpus[1] ?? '')) {
      host.gpus = Math.max(host.gpus, Math.floor(Number(gpus[2])));
      for (const row of host.rows) row.gpus = host.gpus;
    }
    const slots = /^(\d+)\/(\d+)\/(\d+)$/.exec(fields[2] ?? '');
    if (!slots) continue;
    const [reserved = 0, used = 0, total = 0] = slots.slice(1).map(Number);
    const isUp = !closed.test(fields[3] ?? '');
    const free = isUp ? Math.max(0, total - used - reserved) : 0;
    const row = { queue: fields[0] ?? '', slots: total, free, memory: host.memory, gpus: host.gpus, isUp };
    host.rows.push(row);
    rows.push(row);
  }
  return rows;
}

/** Names sites give the resource they count GPUs by. */
export const isGpu = (name: string): boolean => /^(n?gpus?|num_gpus?|gpu_?cards?|cuda|nvidia)$/i.test(name);

const largest = (values: number[]): number | null => Math.max(0, ...values) || null;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Grid Engine has no default queue: without one named it takes any that fits. */
export function readQueues(
  configText: string,
  hostText: string,
  countsGpus: boolean,
  lists?: ReadonlySet<string>,
): Queue[] {
  const onHosts = readHosts(hostText);
  return readQueueConfigs(configText, lists)
    .map(({ name, maxSeconds, access }): Queue => {
      const own = onHosts.filter((row) => row.queue === name);
      const memory = largest(own.map((row) => row.memory ?? 0));
      return {
        name,
        isDefault: false,
        state: own.some((row) => row.isUp) ? 'UP' : 'DOWN',
        maxSeconds,
        // A job that names no time has the queue's.
        defaultSeconds: maxSeconds,
        cpusPerNode: largest(own.map((row) => row.slots)),
        memoryPerNode: memory === null ? null : Math.floor(memory / 1024 ** 2),
        gpusPerNode: countsGpus ? Math.max(0, ...own.map((row) => row.gpus)) : 0,
        gpuTypes: [],
        nodes: own.length,
        cpusTotal: sum(own.map((row) => row.slots)),
        cpusFree: sum(own.map((row) => row.free)),
        ...(lists ? { access } : {}),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** One name a line, as `qconf -sprjl` prints them; its message that there are none is no name. */
export function readNames(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[^\s:"]+$/.test(line));
}
