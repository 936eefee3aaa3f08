import type { LaunchInput, Resources } from '../../../shared/instances.ts';
import type { LauncherName } from '../../../shared/kinds.ts';

/** What a script asks of its scheduler by itself; null and empty: nothing. */
type Asked = Partial<Resources>;

/**
 * The `#SBATCH` lines of a script, as sbatch reads them: those before the first command. What runs there is `run.sh`, of
 * which sbatch reads none; so they are read here, and what the form, the cluster or the site says goes before them.
 * Those that name the job, its files or its end are Tunel's matter and are left out.
 */
export function sbatchLines(script: string): Asked {
  const asked: Asked = { options: [] };
  for (const line of script.split('\n')) {
    if (/^\s*$/.test(line)) continue;
    if (!line.startsWith('#')) break;
    const args = /^#SBATCH\s+(.*)$/s.exec(line)?.[1];
    if (args !== undefined) readOptions(splitWords(args), asked);
  }
  if (asked.options?.length === 0) delete asked.options;
  return asked;
}

/** Words of a line, quotes taken off; what follows ` #` is a comment. */
const splitWords = (line: string): string[] =>
  [...line.replace(/\s#.*$/s, '').matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );

const letters: Record<string, string> = {
  c: 'cpus-per-task',
  t: 'time',
  p: 'partition',
  A: 'account',
  N: 'nodes',
  q: 'qos',
  G: 'gpus',
  a: 'array',
  C: 'constraint',
  w: 'nodelist',
  x: 'exclude',
  L: 'licenses',
  n: 'ntasks',
  J: 'job-name',
  o: 'output',
  e: 'error',
  i: 'input',
  D: 'chdir',
  d: 'dependency',
};
/** The launch's own, or without a meaning for it. */
const leftOut = new Set(
  'job-name output error input open-mode chdir parsable wait wrap test-only requeue no-requeue signal export get-user-env ntasks ntasks-per-node clusters'.split(
    ' ',
  ),
);
/** Options without a value. */
const flags = new Set(
  'exclusive oversubscribe overcommit contiguous hold requeue no-requeue parsable wait test-only'.split(' '),
);

function readOptions(args: string[], into: Asked): void {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word);
    const short = /^-([A-Za-z])=?(.*)$/.exec(word);
    const name = long?.[1] ?? letters[short?.[1] ?? ''];
    if (name === undefined) continue;
    let value = long ? long[2] : short?.[2] || undefined;
    const next = args[at + 1];
    if (value === undefined && !flags.has(name) && next !== undefined && !next.startsWith('-')) {
      value = next;
      at += 1;
    }
    take(name, value ?? '', into);
  }
}

function take(name: string, value: string, into: Asked): void {
  const number = /^\d+$/.test(value) ? Number(value) : null;
  switch (name) {
    case 'cpus-per-task':
      into.cpus = number;
      return;
    case 'mem':
      into.memory = mebibytes(value);
      return;
    case 'time':
      into.time = minutes(value);
      return;
    case 'gpus':
    case 'gpus-per-node':
    case 'gres':
      takeGpus(name === 'gres' ? value : `gpu:${value}`, into);
      return;
    case 'nodes':
      into.nodes = number;
      return;
    case 'partition':
      into.queue = value;
      return;
    case 'account':
      into.account = value;
      return;
    case 'qos':
      into.qos = value;
      return;
    case 'array':
      into.array = value;
      return;
  }
  if (leftOut.has(name) || /[\r\n\0]/.test(value)) return;
  into.options?.push(value === '' ? `--${name}` : `--${name}=${value}`);
}

/** `gpu`, `gpu:2`, `gpu:a100:2`; any other generic resource stays an option. */
function takeGpus(value: string, into: Asked): void {
  const gpu = /^gpu(?::([A-Za-z][\w.-]*))?(?::(\d+))?$/.exec(value);
  if (!gpu) {
    into.options?.push(`--gres=${value}`);
    return;
  }
  into.gpus = Number(gpu[2] ?? 1);
  into.gpuType = gpu[1] ?? '';
}

/** sbatch counts in megabytes without a letter; 0 is the node's whole memory, which is left to the site. */
export function mebibytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$/i.exec(text.trim());
  if (!match) return null;
  const factor = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 }[match[2]?.toUpperCase() || 'M'] ?? 1;
  return Math.ceil(Number(match[1]) * factor) || null;
}

/** `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours[:minutes[:seconds]]`, in whole minutes, rounded up. */
export function minutes(text: string): number | null {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [a, b, c] = match.slice(2).map((part) => Number(part ?? 0)) as [number, number, number];
  const seconds =
    match[1] !== undefined
      ? Number(match[1]) * 86_400 + a * 3600 + b * 60 + c
      : match[4] !== undefined
        ? a * 3600 + b * 60 + c
        : a * 60 + b;
  return Math.ceil(seconds / 60) || null;
}

/** Tunel's HTCondor launcher takes these from the arguments: memory in MB, disk in MB; a suffix is understood. */
function condorArgs(args: LaunchInput['args']): Asked {
  const text = (name: string) =>
    args[name] === undefined || typeof args[name] === 'boolean' ? '' : String(args[name]);
  const cpus = /^\d+$/.test(text('cpus')) ? Number(text('cpus')) : null;
  const disk = mebibytes(text('disk'));
  const jobs = /^\d+$/.test(text('njobs')) ? Number(text('njobs')) : 1;
  return {
    ...(cpus ? { cpus } : {}),
    ...(text('memory') === '' ? {} : { memory: mebibytes(text('memory')) }),
    ...(disk === null ? {} : { options: [`request_disk = ${disk} MB`] }),
    ...(jobs > 1 ? { array: `0-${jobs - 1}` } : {}),
  };
}

/** What a recipe of Tunel's asks by itself, for the launcher that runs it. */
export function askedByRecipe(launcher: LauncherName, script: string, args: LaunchInput['args']): Asked {
  if (launcher === 'login') return {};
  if (launcher === 'htcondor') return condorArgs(args);
  const { cpus, memory, time, gpus, gpuType, nodes, ...slurm } = sbatchLines(script);
  const common = withoutEmpty({ cpus, memory, time, gpus, gpuType, nodes });
  return launcher === 'slurm' ? { ...common, ...withoutEmpty(slurm) } : common;
}

function withoutEmpty(asked: Asked): Asked {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined && value !== null));
}
