import { letterDialect } from './letter-dialect.ts';
import { compact, mapNumber, numberSlot, optionSlot, textSlot } from './slot.ts';
import type { Slot } from './types.ts';
import { minutesOfClock, printClock, printMemory, printShare, readCount, readMemory, readShare } from './units.ts';

/** qsub's options that a launch sets, or that would keep it from finding the job, its log or its end. */
export const gridengineSetByTunel =
  '-N -o -e -i -j -wd -cwd -S -C -b -shell -r -t -tc -terse -sync -now -clear -verify -help -inherit -w -@ -u -jsv';

/** `smp 4`; the name of the environment stays. */
const cores: Slot = {
  key: '-pe',
  fields: ['cpus'],
  read: (value) => compact({ cpus: readCount(value.split(/\s+/)[1] ?? '') }),
  write: (previous, { cpus }) => mapNumber(cpus, (count) => `${(previous ?? '').split(/\s+/)[0] || 'smp'} ${count}`),
  isVerbatim: () => true,
};

/** A limit of each slot, as h_vmem is. */
const memoryPerSlot = (key: string): Slot => ({
  key,
  fields: ['memory'],
  read: (value, { cpus }) => compact({ memory: readShare(value, cpus ?? 1, '') }),
  write: (_previous, { memory, cpus }) => mapNumber(memory, (sum) => printShare(sum, cpus ?? 1, ['K', 'M', 'G'])),
  isVerbatim: () => true,
});

const memory = (key: string): Slot => ({
  ...numberSlot(
    key,
    'memory',
    (value) => readMemory(value, ''),
    (amount) => printMemory(amount, 'M', 'G'),
  ),
  isVerbatim: () => true,
});

const gpus = (key: string): Slot => ({ ...numberSlot(key, 'gpus', readCount), isVerbatim: () => true });

const tasks: Slot = {
  key: '-t',
  fields: ['array'],
  read: (value) => ({ array: value }),
  write: (_previous, { array }) => array.split('%')[0] || null,
};

/** How many tasks run at once is an option of its own here. */
const atOnce: Slot = {
  key: '-tc',
  fields: ['array'],
  read: (value, { array }) => (array ? { array: `${array}%${value}` } : {}),
  write: (_previous, { array }) => array.split('%')[1] || null,
};

export const gridengineDialect = letterDialect({
  launcher: 'gridengine',
  prefix: '#$',
  where: 'script',
  isJoinable: true,
  isLetterJoined: false,
  list: '-l',
  grammar: {
    0: '-clear -cwd -h -hard -help -notify -soft -terse -V -verify',
    1: '-@ -a -A -ac -ar -b -binding -c -C -ckpt -dc -dl -e -hold_jid -hold_jid_ad -i -inherit -j -js -jsv -l -m -M -masterq -N -notify -now -o -p -P -q -r -R -S -sc -shell -sync -t -tc -u -v -w -wd',
    2: '-pe',
  },
  help: {
    '-N': 'Name of the job',
    '-q': 'Queue',
    '-P': 'Project',
    '-A': 'Account that is charged',
    '-pe': 'Parallel environment and cores, e.g. smp 4',
    '-l h_rt': 'Longest run time, e.g. 01:30:00',
    '-l h_vmem': 'Memory for each core, e.g. 4G',
    '-l mem_free': 'Memory that must be free',
    '-l gpu': 'GPUs',
    '-t': 'Tasks, e.g. 1-100',
    '-tc': 'Tasks at the same time',
    '-cwd': 'Run in the directory of the submission',
    '-o': 'File of the output',
    '-e': 'File of the errors',
    '-j': 'y: one file for both',
    '-m': 'When to send mail, e.g. ae',
    '-M': 'Where to send mail',
    '-hold_jid': 'Wait for other jobs',
    '-R': 'y: reserve resources for it',
    '-V': 'Pass on the environment',
    '-v': 'Variables to pass on',
  },
  slots: [
    textSlot('-N', 'name'),
    textSlot('-A', 'account'),
    textSlot('-P', 'account'),
    textSlot('-q', 'queue'),
    numberSlot('-l h_rt', 'time', minutesOfClock, printClock),
    cores,
    memory('-l mem_free'),
    memory('-l virtual_free'),
    memory('-l mem_requested'),
    memory('-l ram'),
    memoryPerSlot('-l m_mem_free'),
    memoryPerSlot('-l h_vmem'),
    gpus('-l gpu'),
    gpus('-l gpus'),
    gpus('-l cuda'),
    tasks,
    atOnce,
    textSlot('-o', 'output'),
    optionSlot('-hold_jid', 'dependency'),
    optionSlot('-m', 'mailType'),
    optionSlot('-M', 'mailUser'),
  ],
  slotsFor: (field) => slotsOf[field] ?? [],
  setByTunel: gridengineSetByTunel,
});

const slotsOf: Readonly<Record<string, readonly string[]>> = {
  name: ['-N'],
  account: ['-P'],
  queue: ['-q'],
  time: ['-l h_rt'],
  cpus: ['-pe'],
  memory: ['-l h_vmem'],
  gpus: ['-l gpu'],
  array: ['-t', '-tc'],
  output: ['-o'],
  dependency: ['-hold_jid'],
  mailType: ['-m'],
  mailUser: ['-M'],
};
