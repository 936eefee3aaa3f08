import { z } from 'zod';
import type { Queue } from '../../../shared/clusters.ts';

/** `sinfo -h -o` with these; the separator cannot occur in a partition's name. */
export const sinfoFormat = '%R|%a|%D|%C|%c|%m|%G';

/** Slurm's times: `minutes`, `MM:SS`, `HH:MM:SS`, `D-HH`, `D-HH:MM:SS` -> seconds; no limit or unknown -> null. */
export function slurmSeconds(text: string): number | null {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, days, ...rest] = match;
  const parts = rest.filter((part) => part !== undefined).map(Number);
  if (days !== undefined) {
    const [hours = 0, minutes = 0, seconds = 0] = parts;
    return Number(days) * 86_400 + hours * 3600 + minutes * 60 + seconds;
  }
  if (parts.length === 1) return (parts[0] ?? 0) * 60;
  return parts.reduce((total, part) => total * 60 + part, 0);
}

/** GPUs on one node, from GRES as `gpu:2`, `gpu:a100:4(S:0-1),gpu:v100:2`, `(null)`. */
export function gpusOf(gres: string): number {
  let total = 0;
  for (const match of gres.matchAll(/(?:^|,)gpu(?::[^,:()]+)?:(\d+)/g)) total += Number(match[1]);
  return total;
}

/** Their names, where a site gives them: `a100` of `gpu:a100:4(S:0-1)`. */
export function gpuTypesOf(gres: readonly string[]): string[] {
  const names = gres.flatMap((text) => [...text.matchAll(/(?:^|,)gpu:([^,:()]+):\d+/g)].map((match) => match[1] ?? ''));
  return [...new Set(names)].sort();
}

interface NodeGroup {
  queue: string;
  state: string;
  nodes: number;
  cpus: number;
  cpusFree: number;
  cpusTotal: number;
  memory: number;
  gpus: number;
  gres: string;
}

/** Rows of sinfo; a queue has one for each kind of node in it. Other lines (warnings) are passed over. */
export function readSinfo(text: string): NodeGroup[] {
  const groups: NodeGroup[] = [];
  for (const line of text.split('\n')) {
    const [queue = '', state = '', nodes = '', cpuStates = '', cpus = '', memory = '', gres = ''] = line.split('|');
    const counts = cpuStates.split('/').map(Number);
    if (!queue || counts.length !== 4 || counts.some(Number.isNaN)) continue;
    groups.push({
      queue,
      state,
      nodes: Number.parseInt(nodes, 10) || 0,
      cpus: Number.parseInt(cpus, 10) || 0,
      cpusFree: counts[1] ?? 0,
      cpusTotal: counts[3] ?? 0,
      memory: Number.parseInt(memory, 10) || 0,
      gpus: gpusOf(gres),
      gres,
    });
  }
  return groups;
}

/** `scontrol show partition -o`: one line of `Key=value` fields for each partition. */
export function readPartitions(text: string): Map<string, Map<string, string>> {
  const partitions = new Map<string, Map<string, string>>();
  for (const line of text.split('\n')) {
    const fields = new Map<string, string>();
    for (const word of line.trim().split(/\s+/)) {
      const equals = word.indexOf('=');
      if (equals > 0) fields.set(word.slice(0, equals), word.slice(equals + 1));
    }
    const name = fields.get('PartitionName');
    if (name) partitions.set(name, fields);
  }
  return partitions;
}

const largest = (values: number[]): number | null => Math.max(0, ...values) || null;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Queues from both texts. The default one first, then by name. */
export function readQueues(sinfo: string, partitionText: string): Queue[] {
  const partitions = readPartitions(partitionText);
  const groups = readSinfo(sinfo);
  const names = new Set([...groups.map((group) => group.queue), ...partitions.keys()]);
  return sortQueues(
    [...names].map((name) => {
      const own = groups.filter((group) => group.queue === name);
      const fields = partitions.get(name);
      const most = Number(fields?.get('MaxCPUsPerNode') ?? Number.NaN);
      const cpus = largest(own.map((group) => group.cpus));
      return {
        name,
        isDefault: fields?.get('Default') === 'YES',
        state: (fields?.get('State') ?? own[0]?.state ?? '').toUpperCase(),
        maxSeconds: slurmSeconds(fields?.get('MaxTime') ?? ''),
        defaultSeconds: slurmSeconds(fields?.get('DefaultTime') ?? ''),
        cpusPerNode: cpus !== null && most > 0 ? Math.min(cpus, most) : cpus,
        memoryPerNode: largest(own.map((group) => group.memory)),
        gpusPerNode: own.length > 0 ? Math.max(...own.map((group) => group.gpus)) : null,
        gpuTypes: gpuTypesOf(own.map((group) => group.gres)),
        nodes: own.length > 0 ? sum(own.map((group) => group.nodes)) : null,
        cpusTotal: own.length > 0 ? sum(own.map((group) => group.cpusTotal)) : null,
        cpusFree: own.length > 0 ? sum(own.map((group) => group.cpusFree)) : null,
      };
    }),
  );
}

function sortQueues(queues: Queue[]): Queue[] {
  return queues.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}

/** Numbers are plain in some versions, `{set, infinite, number}` in others; not set and infinite are null. */
const number = z
  .union([
    z.number(),
    z
      .object({ set: z.boolean(), infinite: z.boolean(), number: z.number() })
      .transform((value) => (value.set && !value.infinite ? value.number : null)),
  ])
  .nullish()
  .transform((value) => value ?? null);
const joined = z.union([z.string(), z.array(z.string()).transform((list) => list.join('+'))]);

/** Only what is read; the rest differs from version to version. 22.05 answers with `nodes` instead and does not match. */
const sinfoJson = z.object({
  sinfo: z.array(
    z.object({
      nodes: z.object({ total: z.number() }),
      cpus: z.object({ idle: z.number(), total: z.number(), maximum: z.number() }),
      memory: z.object({ maximum: z.number() }),
      gres: z.object({ total: z.string() }),
      partition: z.object({
        name: z.string(),
        defaults: z.object({ time: number }),
        maximums: z.object({ time: number, cpus_per_node: number }),
        partition: z.object({ state: joined }),
      }),
    }),
  ),
});

/**
 * Queues from `sinfo --json`, null when it is not there, cut off or of a shape not known. `defaultQueue` has to be given:
 * the JSON of 24.11 does not say which one it is.
 */
export function readSinfoJson(text: string, defaultQueue: string | undefined): Queue[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut off, or a message instead of JSON: the caller has the text forms.
    return null;
  }
  const parsed = sinfoJson.safeParse(value);
  if (!parsed.success || parsed.data.sinfo.length === 0) return null;
  const names = new Set(parsed.data.sinfo.map((row) => row.partition.name));
  return sortQueues(
    [...names].map((name) => {
      const rows = parsed.data.sinfo.filter((row) => row.partition.name === name);
      const partition = rows[0]!.partition;
      const cpus = largest(rows.map((row) => row.cpus.maximum));
      const most = partition.maximums.cpus_per_node;
      const seconds = (minutes: number | null) => (minutes === null ? null : minutes * 60);
      return {
        name,
        isDefault: name === defaultQueue,
        state: partition.partition.state.toUpperCase(),
        maxSeconds: seconds(partition.maximums.time),
        defaultSeconds: seconds(partition.defaults.time),
        cpusPerNode: cpus !== null && most !== null ? Math.min(cpus, most) : cpus,
        memoryPerNode: largest(rows.map((row) => row.memory.maximum)),
        gpusPerNode: Math.max(...rows.map((row) => gpusOf(row.gres.total))),
        gpuTypes: gpuTypesOf(rows.map((row) => row.gres.total)),
        nodes: sum(rows.map((row) => row.nodes.total)),
        cpusTotal: sum(rows.map((row) => row.cpus.total)),
        cpusFree: sum(rows.map((row) => row.cpus.idle)),
      };
    }),
  );
}

/** Accounts from `sacctmgr -nP show assoc format=account,partition,qos,defaultqos`, each once, in its order. */
export function readAccounts(text: string): string[] {
  const names = text
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|')[0] ?? '');
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Qualities of service the user may ask for, from the same text: the default of an association first. */
export function readQos(text: string): string[] {
  const rows = text.split('\n').map((line) => line.split('|'));
  const names = rows.flatMap(([, , qos = '', usual = '']) => [usual, ...qos.split(',')]);
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}
