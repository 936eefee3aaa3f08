import { commentDialect } from './comment-dialect.ts';
import { compact, mapNumber, numberSlot, optionSlot, textSlot } from './slot.ts';
import { slurmHelp, slurmLetters, slurmNames } from './slurm-options.ts';
import type { Dialect, Directive, DirectiveFields, ReadFields, Slot } from './types.ts';
import { mebibytes, minutes, printMemory, printShare, printSlurmTime, readCount, readShare } from './units.ts';
import { quoteWord, splitWords, unquote, type Word } from './words.ts';

/** sbatch takes the beginning of a name where only one begins so. */
function fullName(name: string): string {
  if (slurmNames.has(name)) return name;
  const fitting = [...slurmNames.keys()].filter((known) => known.startsWith(name));
  return fitting.length === 1 && fitting[0] !== undefined ? fitting[0] : name;
}

const takesWord = (name: string): boolean => (slurmNames.get(name) ?? 'value') === 'value';

/** `--time=60`, `--time 60`, `-t60`, `-t 60`. */
function readWord(word: Word, next: Word | undefined): { directive: Directive; usesNext: boolean } | null {
  const long = /^(--([a-z-]+))(=)?/.exec(word.raw);
  const short = long ? null : /^(-([A-Za-z]))(=)?/.exec(word.raw);
  const [whole = '', , name = ''] = long ?? short ?? [];
  if (whole === '') return null;
  const key = long ? fullName(name) : (slurmLetters.get(name) ?? `-${name}`);
  const hasOwn = long ? long[3] === '=' : word.raw.length > whole.length;
  if (hasOwn) {
    const value = unquote(word.raw.slice(whole.length));
    const valueSpan = { from: word.from + whole.length, to: word.to };
    return { directive: { key, value, from: word.from, to: word.to, valueSpan }, usesNext: false };
  }
  if (takesWord(key) && next && !next.raw.startsWith('-')) {
    const valueSpan = { from: next.from, to: next.to };
    return { directive: { key, value: unquote(next.raw), from: word.from, to: next.to, valueSpan }, usesNext: true };
  }
  const valueSpan = { from: word.to, to: word.to };
  return { directive: { key, value: null, from: word.from, to: word.to, valueSpan }, usesNext: false };
}

function readBody(text: string, offset: number): Directive[] {
  const words = splitWords(text, offset);
  const found: Directive[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const read = word && readWord(word, words[at + 1]);
    if (!read) continue;
    found.push(read.directive);
    if (read.usesNext) at += 1;
  }
  return found;
}

const gpuPart = /^gpu(?::([A-Za-z][\w.-]*))?(?::(\d+))?(?:\(.*\))?$/;

/** `gpu`, `gpu:2`, `gpu:a100:2`. */
function readGpus(value: string): ReadFields {
  const match = gpuPart.exec(value);
  return match ? { gpus: Number(match[2] ?? 1), gpuType: match[1] ?? '' } : {};
}

const printGpus = ({ gpus, gpuType }: DirectiveFields): string | null =>
  gpus === null ? null : `${gpuType === '' ? '' : `${gpuType}:`}${gpus}`;

/** Generic resources beside the GPUs stay in the list. */
const gres: Slot = {
  key: 'gres',
  fields: ['gpus', 'gpuType'],
  carries: (value) => value.split(',').some((part) => gpuPart.test(part)),
  read: (value) => readGpus(value.split(',').find((part) => gpuPart.test(part)) ?? ''),
  write(previous, fields) {
    const others = (previous ?? '').split(',').filter((part) => part !== '' && !gpuPart.test(part));
    const own = printGpus(fields);
    const parts = own === null ? others : [...others, `gpu:${own}`];
    return parts.length === 0 ? null : parts.join(',');
  },
  isVerbatim: (value) => !gpuPart.test(value),
};

const gpus = (key: string): Slot => ({
  key,
  fields: ['gpus', 'gpuType'],
  read: (value) => readGpus(`gpu:${value}`),
  write: (_previous, fields) => printGpus(fields),
  isVerbatim: (value) => !gpuPart.test(`gpu:${value}`),
});

const memoryPerCore: Slot = {
  key: 'mem-per-cpu',
  fields: ['memory'],
  read: (value, { cpus }) => compact({ memory: readShare(value, cpus ?? 1, 'm') }),
  write: (_previous, { memory, cpus }) => mapNumber(memory, (sum) => printShare(sum, cpus ?? 1, ['K', 'M', 'G'])),
  isVerbatim: () => true,
};

const slots: readonly Slot[] = [
  textSlot('job-name', 'name'),
  textSlot('account', 'account'),
  textSlot('partition', 'queue'),
  textSlot('qos', 'qos'),
  numberSlot('time', 'time', minutes, printSlurmTime),
  numberSlot('nodes', 'nodes', readCount),
  numberSlot('cpus-per-task', 'cpus', readCount),
  memoryPerCore,
  numberSlot('mem', 'memory', mebibytes, (memory) => printMemory(memory, 'M', 'G')),
  gpus('gpus'),
  gpus('gpus-per-node'),
  gres,
  textSlot('array', 'array'),
  textSlot('output', 'output'),
  optionSlot('dependency', 'dependency'),
  optionSlot('mail-type', 'mailType'),
  optionSlot('mail-user', 'mailUser'),
];

const slotOf = {
  name: 'job-name',
  account: 'account',
  queue: 'partition',
  qos: 'qos',
  time: 'time',
  nodes: 'nodes',
  cpus: 'cpus-per-task',
  memory: 'mem',
  gpus: 'gres',
  gpuType: 'gres',
  array: 'array',
  output: 'output',
  dependency: 'dependency',
  mailType: 'mail-type',
  mailUser: 'mail-user',
} as const;

export const slurmDialect: Dialect = commentDialect({
  launcher: 'slurm',
  prefix: '#SBATCH',
  where: 'head',
  readBody,
  slots,
  slotsFor: (field) => [slotOf[field]],
  printValue: (_key, value) => quoteWord(value),
  print: (key, value) => `--${key}${value === '' ? '' : `=${quoteWord(value)}`}`,
  toArguments: (key, value) => [value === null || value === '' ? `--${key}` : `--${key}=${value}`],
  options: [...slurmNames].map(([key, value]) => ({
    key,
    written: `--${key}${value === 'value' ? '=' : ''}`,
    help: slurmHelp[key] ?? '',
  })),
  isKnown: (key) => slurmNames.has(key),
  setByTunel: new Set(
    'job-name output error input open-mode chdir parsable wait wrap test-only requeue no-requeue signal export get-user-env ntasks ntasks-per-node clusters'.split(
      ' ',
    ),
  ),
});
