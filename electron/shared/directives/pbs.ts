import { letterDialect } from './letter-dialect.ts';
import { compact, mapNumber, numberSlot, optionSlot, textSlot } from './slot.ts';
import type { DirectiveFields, Field, ReadFields, Slot } from './types.ts';
import { minutesOfClock, printClock, printMemory, readCount, readMemory } from './units.ts';

/** qsub's options that a launch sets, or that would keep it from finding the job, its log or its end. */
export const pbsSetByTunel = '-N -o -e -j -S -r -J -t -d -C -I -x -b -koed -z -h --version';

interface PartNames {
  cpus: string;
  memory: string;
  gpus: string;
}

const printMegabytes = (memory: number): string => printMemory(memory, 'mb', 'gb');

/** `2:ncpus=4:mem=8gb:mpiprocs=4` of `select`, `2:ppn=4` of `nodes`; of several chunks the first. */
function chunkSlot(key: string, names: PartNames): Slot {
  const nameOf = (field: Field): string => (field === 'nodes' ? '' : (names[field as keyof PartNames] ?? ''));
  const partOf = (value: string, name: string): string | undefined =>
    name === ''
      ? undefined
      : firstChunk(value)
          .find((part) => part.startsWith(`${name}=`))
          ?.slice(name.length + 1);
  return {
    key,
    fields: ['nodes', 'cpus', 'gpus', ...(names.memory === '' ? [] : (['memory'] as const))],
    carries: (value, field) => field === 'nodes' || partOf(value, nameOf(field)) !== undefined,
    read: (value): ReadFields =>
      compact({
        nodes: readCount(firstChunk(value)[0] ?? ''),
        cpus: readCount(partOf(value, names.cpus) ?? ''),
        memory: readMemory(partOf(value, names.memory) ?? '', ''),
        gpus: readCount(partOf(value, names.gpus) ?? ''),
      }),
    write: (previous, fields) => writeChunk(previous, fields, names),
    isVerbatim: (value) =>
      value.includes('+') ||
      firstChunk(value)
        .slice(1)
        .some((part) => ![names.cpus, names.memory, names.gpus].includes(part.split('=')[0] ?? '')),
  };
}

const firstChunk = (value: string): string[] => (value.split('+')[0] ?? '').split(':');

function writeChunk(previous: string | null, fields: DirectiveFields, names: PartNames): string | null {
  const [, ...others] = (previous ?? '').split('+');
  const parts = previous === null ? [] : firstChunk(previous).slice(1);
  const wanted: [string, string | null][] = [
    [names.cpus, mapNumber(fields.cpus, String)],
    [names.memory, mapNumber(fields.memory, printMegabytes)],
    [names.gpus, mapNumber(fields.gpus, String)],
  ];
  const changed = wanted.reduce((list, [name, value]) => (name === '' ? list : withPart(list, name, value)), parts);
  if (changed.length === 0 && fields.nodes === null) return null;
  return [[String(fields.nodes ?? 1), ...changed].join(':'), ...others].join('+');
}

function withPart(parts: readonly string[], name: string, value: string | null): string[] {
  const at = parts.findIndex((part) => part.startsWith(`${name}=`));
  const own = value === null ? [] : [`${name}=${value}`];
  return at === -1 ? [...parts, ...own] : [...parts.slice(0, at), ...own, ...parts.slice(at + 1)];
}

/** Of the whole job, so that each node has a part of it. */
const memory: Slot = {
  key: '-l mem',
  fields: ['memory'],
  read: (value, { nodes }) => {
    const sum = readMemory(value, '');
    return sum === null ? {} : { memory: Math.ceil(sum / (nodes ?? 1)) };
  },
  write: (_previous, { memory: perNode, nodes }) =>
    mapNumber(perNode, (amount) => printMegabytes(amount * (nodes ?? 1))),
  isVerbatim: () => true,
};

const plain = (key: string, field: 'cpus' | 'gpus'): Slot => ({
  ...numberSlot(key, field, readCount),
  isVerbatim: () => true,
});

const dependPattern = /(^|,)depend=((?:[^,=]+)(?:,[^,=]+(?=,|$))*)/;

/** `depend=afterok:12` among other attributes. */
const attributes: Slot = {
  key: '-W',
  fields: ['dependency'],
  carries: (value) => dependPattern.test(value),
  read: (value) => ({ dependency: dependPattern.exec(value)?.[2] ?? '' }),
  write(previous, { dependency }) {
    const others = (previous ?? '').replace(dependPattern, '').replace(/^,/, '');
    return [others, dependency === '' ? '' : `depend=${dependency}`].filter((part) => part !== '').join(',') || null;
  },
  isVerbatim: () => true,
};

/** Arrays: `-J` of OpenPBS, `-t` of Torque. */
export const pbsDialect = letterDialect({
  launcher: 'pbs',
  prefix: '#PBS',
  where: 'head',
  isIndentable: true,
  isLetterJoined: true,
  list: '-l',
  grammar: {
    0: '-h -I -V -X -x -z',
    1: '-a -A -b -c -C -d -D -e -f -F -j -J -k -l -m -M -N -o -p -P -q -r -R -S -t -T -u -v -w -W -K',
  },
  help: {
    '-N': 'Name of the job',
    '-q': 'Queue',
    '-A': 'Account that is charged',
    '-P': 'Project',
    '-l walltime': 'Longest run time, e.g. 01:30:00',
    '-l select': 'Nodes and what each has, e.g. 1:ncpus=4:mem=8gb',
    '-l nodes': 'Nodes and cores of each, e.g. 2:ppn=4',
    '-l ncpus': 'Cores',
    '-l mem': 'Memory of the whole job',
    '-l place': 'How nodes are shared, e.g. excl',
    '-J': 'Tasks, e.g. 0-99',
    '-t': 'Tasks, with Torque',
    '-o': 'File of the output',
    '-e': 'File of the errors',
    '-j': 'oe: one file for both',
    '-m': 'When to send mail, e.g. ae',
    '-M': 'Where to send mail',
    '-V': 'Pass on the environment',
    '-v': 'Variables to pass on',
    '-W': 'Further attributes, e.g. depend=afterok:123',
    '-a': 'Not before this time',
    '-p': 'Priority',
    '-r': 'n: do not run it again',
  },
  slots: [
    textSlot('-N', 'name'),
    textSlot('-A', 'account'),
    textSlot('-q', 'queue'),
    numberSlot('-l walltime', 'time', minutesOfClock, printClock),
    chunkSlot('-l select', { cpus: 'ncpus', memory: 'mem', gpus: 'ngpus' }),
    { ...chunkSlot('-l nodes', { cpus: 'ppn', memory: '', gpus: 'gpus' }), isVerbatim: () => true },
    plain('-l ncpus', 'cpus'),
    plain('-l ngpus', 'gpus'),
    memory,
    textSlot('-J', 'array'),
    textSlot('-t', 'array'),
    textSlot('-o', 'output'),
    attributes,
    optionSlot('-m', 'mailType'),
    optionSlot('-M', 'mailUser'),
  ],
  slotsFor: (field, present) => {
    const fixed = pbsSlotOf[field];
    if (fixed) return [fixed];
    if (!['nodes', 'cpus', 'memory', 'gpus'].includes(field)) return [];
    const isPlain = ['-l nodes', '-l ncpus', '-l mem', '-l ngpus'].some((key) => present.has(key));
    if (!isPlain || present.has('-l select')) return ['-l select'];
    if (field === 'memory') return ['-l mem'];
    if (field === 'nodes' || present.has('-l nodes')) return ['-l nodes'];
    return [field === 'cpus' ? '-l ncpus' : '-l ngpus'];
  },
  setByTunel: pbsSetByTunel,
});

const pbsSlotOf: Readonly<Partial<Record<Field, string>>> = {
  name: '-N',
  account: '-A',
  queue: '-q',
  time: '-l walltime',
  array: '-J',
  output: '-o',
  dependency: '-W',
  mailType: '-m',
  mailUser: '-M',
};
