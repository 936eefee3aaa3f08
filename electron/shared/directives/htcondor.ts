import { compact, numberSlot, optionSlot, textSlot } from './slot.ts';
import type { Dialect, Directive, Field, Slot } from './types.ts';
import { printMemory, readCount, readMemory } from './units.ts';

/** Keys of a submit file that Tunel sets itself; a user's own would break the job or its results. */
export const condorSetByTunel = `universe executable arguments args input output error queue initialdir initial_dir batch_name jobbatchname
  transfer_executable transfer_input_files transfer_output_files transferinput transferoutput transfer_output_remaps
  should_transfer_files shouldtransferfiles when_to_transfer_output whentotransferoutput stream_input stream_output
  stream_error streamout streamerr wantioproxy cmd iwd out err in include use if elif else endif noop_job leave_in_queue
  leavejobinqueue allowed_job_duration allowedjobduration max_materialize max_idle`;

const QUEUE = 'queue';

/** `key = value`, or `queue 10`. A line that goes on in the next one is left alone. */
function readBody(text: string, offset: number): Directive[] {
  const queue = /^(\s*)(queue)\b[ \t]*(.*?)\s*$/i.exec(text);
  const [, lead = '', name = '', value = ''] = queue ?? /^(\s*)([+\w.]+)\s*=(?!=)\s*(.*?)\s*$/.exec(text) ?? [];
  if (name === '') return [];
  const from = offset + lead.length;
  const to = offset + text.trimEnd().length;
  const key = name.replace(/^(?:\+|MY\.)/i, '').toLowerCase();
  return [{ key, value: value === '' ? null : value, from, to, valueSpan: { from: to - value.length, to } }];
}

const readDuration = (value: string): number | null => {
  const seconds = readCount(value);
  return seconds === null ? null : Math.ceil(seconds / 60) || null;
};

/** As many jobs as tasks, numbered from 0. */
const queue: Slot = {
  key: QUEUE,
  fields: ['array'],
  carries: (value) => (readCount(value) ?? 1) > 1,
  read: (value) => {
    const count = readCount(value) ?? 1;
    return count > 1 ? { array: `0-${count - 1}` } : {};
  },
  write: (previous, { array }) => {
    const last = readCount(/^0-(\d+)$/.exec(array)?.[1] ?? '');
    if (last !== null) return String(last + 1);
    return previous === null ? null : '1';
  },
};

const deviceName = /^\s*DeviceName\s*==\s*"([^"]*)"\s*$/;
const gpuType: Slot = {
  key: 'require_gpus',
  fields: ['gpuType'],
  carries: (value) => deviceName.test(value),
  read: (value) => compact({ gpuType: deviceName.exec(value)?.[1] ?? null }),
  write: (_previous, fields) =>
    fields.gpuType === '' ? null : `DeviceName == "${fields.gpuType.replaceAll('"', '')}"`,
};

const help: Readonly<Record<string, string>> = {
  request_cpus: 'Cores',
  request_memory: 'Memory, e.g. 4 GB',
  request_disk: 'Disk, e.g. 10 GB',
  request_gpus: 'GPUs',
  require_gpus: 'Which GPUs, e.g. Capability >= 8.0',
  requirements: 'Which machines, e.g. (OpSysMajorVer == 12)',
  rank: 'Which machines first',
  accounting_group: 'Group that is charged',
  allowed_job_duration: 'Longest run time, seconds',
  priority: 'Before or after your other jobs',
  max_retries: 'How often it begins again',
  environment: 'Variables of the job',
  notify_user: 'Where to send mail',
  notification: 'When to send mail',
  batch_name: 'Name of the job',
  queue: 'How many jobs',
};

/** A submit file has thousands of keys, as attributes may have any name. */
export const htcondorDialect: Dialect = {
  launcher: 'htcondor',
  prefix: '',
  bodyAt: (line) => (/^\s*(#|$)/.test(line) ? null : 0),
  endsAt: () => false,
  readBody,
  slots: [
    textSlot('batch_name', 'name'),
    textSlot('accounting_group', 'account'),
    numberSlot('allowed_job_duration', 'time', readDuration, (time) => String(time * 60)),
    numberSlot('request_cpus', 'cpus', readCount),
    numberSlot(
      'request_memory',
      'memory',
      (value) => readMemory(value.replace(/\s+/g, ''), 'm'),
      (memory) => printMemory(memory, ' MB', ' GB'),
    ),
    numberSlot('request_gpus', 'gpus', readCount),
    gpuType,
    textSlot('output', 'output'),
    optionSlot('notification', 'mailType'),
    optionSlot('notify_user', 'mailUser'),
    queue,
  ],
  slotsFor: (field) => (slotOf[field] ? [slotOf[field]] : []),
  printValue: (_key, value) => value.replace(/[\r\n\0]+/g, ' '),
  print: (key, value) => (key === QUEUE ? `queue ${value}` : `${key} = ${value.replace(/[\r\n\0]+/g, ' ')}`),
  toArguments: (key, value) => [`${key} = ${value ?? ''}`],
  options: Object.entries(help).map(([key, text]) => ({
    key,
    written: key === QUEUE ? 'queue ' : `${key} = `,
    help: text,
  })),
  isKnown: () => true,
  setByTunel: new Set(condorSetByTunel.split(/\s+/)),
};

const slotOf: Readonly<Partial<Record<Field, string>>> = {
  name: 'batch_name',
  account: 'accounting_group',
  time: 'allowed_job_duration',
  cpus: 'request_cpus',
  memory: 'request_memory',
  gpus: 'request_gpus',
  gpuType: 'require_gpus',
  array: QUEUE,
  output: 'output',
  mailType: 'notification',
  mailUser: 'notify_user',
};
