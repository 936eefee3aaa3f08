import { condorSetByTunel } from '../../../shared/directives/htcondor.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Resources } from '../../../shared/instances.ts';
import { message } from '../../../shared/messages.ts';
import { ownValue } from '../../../shared/own-value.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import type { Submission } from '../common/launcher.ts';
import { readArray } from '../common/native-options.ts';

/**
 * Seconds between the end of the time that was asked for, when run.sh ends the app itself so that its results still travel
 * back, and `allowed_job_duration`, at which HTCondor ends the job and keeps nothing.
 */
export const TIME_GRACE = 120;

/** What Tunel itself says in the submit file; an option that changes one of these would break the app or its results. */
const ours = new Set(condorSetByTunel.split(/\s+/));

/** These are joined with what Tunel needs there; the user's own may say more. */
const joined: Record<string, (value: string) => string> = {
  requirements: (value) => `(${value}) && (${runsOnce})`,
  periodic_remove: (value) => `(${value}) || (${isOver})`,
};

/** An app that began again by itself, after its machine was taken from it, would be another one. */
const runsOnce = 'NumJobStarts =?= 0';
const isOver = '(JobStatus == 1 || JobStatus == 5) && NumJobStarts > 0';

const bad = (message: string): AppError =>
  new AppError('bad-input', message, {
    hint: 'Give each option as a line of a submit file, e.g. `rank = KFlops` or `+ProjectName = "physics"`.',
  });

/**
 * `key = value` lines of the user, keys in lower case without the `+` or `MY.` of an attribute.
 * @throws AppError `bad-input` for what is no such line, and for what only Tunel may say
 */
export function readOptions(options: readonly string[]): { key: string; line: string; value: string }[] {
  return options.map((option) => {
    const match = /^((?:\+|MY\.)?([A-Za-z_]\w*))\s*=(?!=)\s*(\S.*)$/is.exec(option.trim());
    const [, name = '', bare = '', value = ''] = match ?? [];
    if (!match || /[\r\n\0]/.test(option)) throw bad(`"${option.slice(0, 200)}" is no line of a submit file.`);
    if (value.endsWith('\\')) throw bad(`The option ${name} cannot end with a backslash.`);
    const key = bare.toLowerCase();
    if (ours.has(key)) throw bad(`The option ${name} cannot be set: Tunel sets it itself.`);
    return { key, line: `${name} = ${value}`, value };
  });
}

/** `$` begins a macro in a submit file. */
const literal = (text: string): string => text.replaceAll('$', '$(DOLLAR)');

/** `own`: what the user's own options set, by whichever of its names; ours is left out. */
function resourceLines(resources: Resources, own: ReadonlySet<string>, form: SchedulerFacts['memory']): string[] {
  const { cpus, memory, time, gpus, gpuType, account } = resources;
  const lines: string[] = [];
  const isOwn = (resource: string) => own.has(`request_${resource}`) || own.has(`request${resource}`);
  if (cpus !== null && !isOwn('cpus')) lines.push(`request_cpus = ${cpus}`);
  if (memory !== null && form !== 'none' && !isOwn('memory')) lines.push(`request_memory = ${memory}`);
  if (gpus !== null && gpus > 0 && !isOwn('gpus')) {
    lines.push(`request_gpus = ${gpus}`);
    if (gpuType !== '') lines.push(`require_gpus = DeviceName == ${string(gpuType)}`);
  }
  if (time !== null) lines.push(`allowed_job_duration = ${time * 60 + TIME_GRACE}`);
  if (account !== '') lines.push(`accounting_group = ${account}`);
  return lines;
}

/** The directory of one of several jobs, followed by its number. */
export const TASK = 'task-';

/** How many jobs are submitted at once; null: one, which has no number. @throws AppError `bad-input` */
export function countJobs({ resources }: Pick<Submission, 'resources'>): number | null {
  const array = readArray(resources.array, 'htcondor');
  return array && Number(array.tasks.replace(/^0-/, '')) + 1;
}

/** A ClassAd string. */
const string = (text: string): string => `"${literal(text).replace(/[\\"]/g, '\\$&')}"`;

/**
 * The submit file but for the names of the files that go along, which are known there, and `queue`.
 * @throws AppError `bad-input`
 */
export function submitFile({ directory, jobName, instanceId, resources, site }: Submission): string {
  if (/[\r\n]/.test(directory)) throw bad('The directory of the app has a line break in its name.');
  if (!/^[\w.@+-]*$/.test(resources.account)) {
    throw new AppError(
      'account-invalid',
      message`"${{ account: resources.account }}" is no name of an accounting group.`,
    );
  }
  const isArray = countJobs({ resources }) !== null;
  if ((resources.nodes ?? 1) > 1) {
    throw new AppError('bad-input', 'An HTCondor job runs on one machine; more than one node cannot be given.');
  }
  const options = readOptions(resources.options);
  const fixed: [string, string][] = [
    ['requirements', runsOnce],
    ['periodic_remove', isOver],
  ];
  return [
    'universe = vanilla',
    `executable = ${isArray ? `${literal(directory)}/` : ''}run.sh`,
    // Several jobs of one submission have a directory each, as they write files of the same names.
    `initialdir = ${literal(directory)}${isArray ? `/${TASK}$(Process)` : ''}`,
    `batch_name = ${jobName}`,
    `MY.TunelInstance = ${string(instanceId)}`,
    ...(isArray ? ['MY.TunelTask = $(Process)'] : []),
    'output = log',
    'stream_output = true',
    'should_transfer_files = YES',
    'when_to_transfer_output = ON_EXIT',
    'transfer_output_files = work',
    // What lets run.sh write down on the submit node, by condor_chirp, where the app listens.
    'MY.WantIOProxy = true',
    'notification = never',
    // A removal ends it at once; to end in order it is asked from within (htcondor-script.ts).
    'want_graceful_removal = false',
    'job_max_vacate_time = 60',
    ...resourceLines(resources, new Set(options.map(({ key }) => key)), site?.memory),
    ...options.filter(({ key }) => !ownValue(joined, key)).map(({ line }) => line),
    ...fixed.map(([key, own]) => {
      const given = options.find((option) => option.key === key);
      return `${key} = ${given ? ownValue(joined, key)?.(given.value) : own}`;
    }),
  ].join('\n');
}
