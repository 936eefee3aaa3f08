import { letterDialect } from './letter-dialect.ts';
import { compact, numberSlot, optionSlot, textSlot } from './slot.ts';
import type { DirectiveFields, Field, ReadFields, Slot } from './types.ts';
import { printMemory, readCount, readMemory } from './units.ts';

/** bsub's options that a launch sets, or that would keep it from finding the job, its log or its end. */
export const lsfSetByTunel =
  '-J -Jd -o -oo -e -eo -i -is -I -Ip -Is -IS -ISp -ISs -IX -K -cwd -r -Zs -h -V -pack -f -outdir -env -B -N';

/** `fit[1-100]%5`: name and tasks in one. */
const nameAndTasks: Slot = {
  key: '-J',
  fields: ['name', 'array'],
  read: (value) => {
    const [, name = value, tasks, most] = /^([^[\]]*)\[([^\]]*)\](?:%(\d+))?$/.exec(value) ?? [];
    return tasks === undefined ? { name } : { name, array: `${tasks}${most === undefined ? '' : `%${most}`}` };
  },
  write: (_previous, { name, array }) => {
    const [tasks = '', most = ''] = array.split('%');
    if (tasks === '') return name || null;
    return `${name || 'job'}[${tasks}]${most ? `%${most}` : ''}`;
  },
};

/** `[hours:]minutes[/host]`. */
function readRunLimit(value: string): number | null {
  const match = /^(?:(\d+):)?(\d+)(?:\/.*)?$/.exec(value);
  return match ? Number(match[1] ?? 0) * 60 + Number(match[2]) || null : null;
}

const printRunLimit = (time: number): string => `${Math.floor(time / 60)}:${String(time % 60).padStart(2, '0')}`;

const span = /\bspan\[[^\]]*\]/;
const usage = /\brusage\[([^\]]*)\]/;
const memoryOf = (value: string): string | undefined =>
  usage
    .exec(value)?.[1]
    ?.split(/[,:]/)
    .find((part) => /^mem\s*=/.test(part.trim()));

/** Of the requirements, those for memory and for cores on each node. */
const requirements: Slot = {
  key: '-R',
  fields: ['memory', 'cpus', 'nodes'],
  carries: (value, field) => (field === 'memory' ? memoryOf(value) !== undefined : span.test(value)),
  read: (value): ReadFields => {
    const perNode = /\bspan\[ptile=(\d+)\]/.exec(value)?.[1];
    const amount = memoryOf(value)?.replace(/^\s*mem\s*=\s*/, '');
    return {
      ...compact({ memory: amount === undefined ? null : readMemory(amount, 'm') }),
      ...(/\bspan\[hosts=1\]/.test(value) ? { nodes: 1 } : {}),
      ...(perNode === undefined ? {} : { perNode: Number(perNode) }),
    };
  },
  write: (previous, fields, changed) => {
    const text = changed === 'memory' ? withMemory(previous ?? '', fields) : withSpan(previous ?? '', fields);
    return text.trim() || null;
  },
};

function withSpan(text: string, { cpus, nodes }: DirectiveFields): string {
  const isNeeded = cpus !== null || nodes !== null;
  const wanted = !isNeeded ? '' : (nodes ?? 1) > 1 ? `span[ptile=${cpus ?? 1}]` : 'span[hosts=1]';
  return span.test(text) ? text.replace(span, wanted) : `${text} ${wanted}`;
}

function withMemory(text: string, { memory }: DirectiveFields): string {
  const known = memoryOf(text);
  const wanted = memory === null ? null : `mem=${printMemory(memory, 'MB', 'GB')}`;
  if (known === undefined) return wanted === null ? text : `${text} rusage[${wanted}]`;
  const others = (usage.exec(text)?.[1] ?? '').split(/[,:]/).filter((part) => part !== known);
  const parts = wanted === null ? others : [wanted, ...others];
  return text.replace(usage, parts.length === 0 ? '' : `rusage[${parts.join(':')}]`);
}

/** Slots of the whole job. */
const slotCount: Slot = {
  key: '-n',
  fields: ['cpus', 'nodes'],
  read: (value, { perNode }) => {
    const count = readCount(value.split(',')[0] ?? '');
    if (count === null) return {};
    return perNode === undefined ? { cpus: count } : { cpus: perNode, nodes: Math.max(1, Math.ceil(count / perNode)) };
  },
  write: (_previous, { cpus, nodes }) => (cpus === null && nodes === null ? null : String((cpus ?? 1) * (nodes ?? 1))),
};

/** `num=2:gmodel=A100`. */
const gpuRequest: Slot = {
  key: '-gpu',
  fields: ['gpus', 'gpuType'],
  read: (value) => ({
    ...compact({ gpus: readCount(/\bnum=(\d+)/.exec(value)?.[1] ?? '') ?? 1 }),
    gpuType: /\bgmodel=([^:]+)/.exec(value)?.[1] ?? '',
  }),
  write: (previous, { gpus, gpuType }) => {
    if (gpus === null) return null;
    const others = (previous ?? '')
      .split(':')
      .filter((part) => part !== '' && part !== '-' && !/^(num|gmodel)=/.test(part));
    return [`num=${gpus}`, ...(gpuType === '' ? [] : [`gmodel=${gpuType}`]), ...others].join(':');
  },
};

const verbatim = (slot: Slot): Slot => ({ ...slot, isVerbatim: () => true });

export const lsfDialect = letterDialect({
  launcher: 'lsf',
  prefix: '#BSUB',
  where: 'script',
  isLetterJoined: false,
  grammar: {
    0: '-B -H -h -I -Ip -Is -IS -ISp -ISs -IX -K -N -r -rn -V -x -XF -Zs',
    1: '-a -app -b -c -C -clusters -cwd -D -data -e -E -env -eo -Ep -eptl -ext -f -F -g -G -gpu -i -is -J -Jd -jsdl -k -L -Lp -m -M -mig -n -network -o -oo -outdir -p -P -pack -q -R -S -sla -sp -swp -T -t -U -u -v -w -W -We -wt',
  },
  help: {
    '-J': 'Name of the job, and its tasks: fit[1-100]%10',
    '-q': 'Queue',
    '-P': 'Project that is charged',
    '-W': 'Longest run time, hours:minutes',
    '-n': 'Cores of the whole job',
    '-M': 'Memory limit',
    '-R': 'Requirements, e.g. "rusage[mem=4GB] span[hosts=1]"',
    '-gpu': 'GPUs, e.g. num=1',
    '-o': 'File of the output',
    '-e': 'File of the errors',
    '-w': 'Wait for other jobs, e.g. done(1234)',
    '-b': 'Not before this time',
    '-x': 'No other job on its nodes',
    '-u': 'Where to send mail',
    '-B': 'Send mail when it begins',
    '-N': 'Send mail when it ends',
  },
  slots: [
    nameAndTasks,
    textSlot('-P', 'account'),
    textSlot('-q', 'queue'),
    numberSlot('-W', 'time', readRunLimit, printRunLimit),
    verbatim(
      numberSlot(
        '-M',
        'memory',
        (value) => readMemory(value, 'k'),
        (memory) => printMemory(memory, 'MB', 'GB'),
      ),
    ),
    verbatim(requirements),
    verbatim(slotCount),
    verbatim(gpuRequest),
    textSlot('-o', 'output'),
    textSlot('-oo', 'output'),
    optionSlot('-w', 'dependency'),
    optionSlot('-u', 'mailUser'),
  ],
  slotsFor: (field) => slotsOf[field] ?? [],
  setByTunel: lsfSetByTunel,
});

const slotsOf: Readonly<Partial<Record<Field, readonly string[]>>> = {
  name: ['-J'],
  array: ['-J'],
  account: ['-P'],
  queue: ['-q'],
  time: ['-W'],
  memory: ['-R'],
  cpus: ['-n', '-R'],
  nodes: ['-n', '-R'],
  gpus: ['-gpu'],
  gpuType: ['-gpu'],
  output: ['-o'],
  dependency: ['-w'],
  mailUser: ['-u'],
};
