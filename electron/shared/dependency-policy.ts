import type { DirectiveLauncher } from './directives/types.ts';
import type { JobStatus } from './instances.ts';
import type { LauncherName } from './kinds.ts';

/** How another job has to end before this one begins. `task`: each task of an array waits for the same task of the other. */
export type DependencyCondition = 'completed' | 'over' | 'failed' | 'started' | 'task';

export interface Dependency {
  condition: DependencyCondition;
  /** The scheduler's number of the other job, with its task where it is one of an array. */
  jobId: string;
}

interface Form {
  /** Its own words, in the order in which they are offered. */
  words: Readonly<Partial<Record<DependencyCondition, string>>>;
  read(text: string): Dependency[] | null;
  write(dependencies: readonly Dependency[]): string;
}

type Words = Form['words'];
const conditionOf = (words: Words, word: string): DependencyCondition | undefined =>
  (Object.keys(words) as DependencyCondition[]).find((condition) => words[condition] === word);

/** `afterok:12:13,afterany:4_7`, all of which count. */
function typedList(words: Words, jobId: RegExp): Form {
  return {
    words,
    read(text) {
      const found: Dependency[] = [];
      for (const part of text.split(',').filter((each) => each !== '')) {
        const [word = '', ...ids] = part.split(':');
        const condition = conditionOf(words, word);
        if (!condition || ids.length === 0 || !ids.every((id) => jobId.test(id))) return null;
        found.push(...ids.map((id) => ({ condition, jobId: id })));
      }
      return found;
    },
    write: (dependencies) =>
      (Object.keys(words) as DependencyCondition[])
        .flatMap((condition) => {
          const ids = dependencies.filter((each) => each.condition === condition).map((each) => each.jobId);
          return ids.length > 0 ? [[words[condition], ...ids].join(':')] : [];
        })
        .join(','),
  };
}

const lsfWords: Words = { completed: 'done', over: 'ended', failed: 'exit', started: 'started' };

const forms: Readonly<Record<DirectiveLauncher, Form | null>> = {
  slurm: typedList(
    { completed: 'afterok', over: 'afterany', failed: 'afternotok', started: 'after', task: 'aftercorr' },
    /^\d+(_\d+)?$/,
  ),
  pbs: typedList(
    { completed: 'afterok', over: 'afterany', failed: 'afternotok', started: 'after' },
    /^\d+(\[\d*\])?(\.[\w.-]+)?$/,
  ),
  // Grid Engine knows one condition.
  gridengine: {
    words: { over: '-hold_jid' },
    read(text) {
      const ids = text.split(',').filter((id) => id !== '');
      return ids.every((id) => /^\d+(\.\d+)?$/.test(id)) ? ids.map((jobId) => ({ condition: 'over', jobId })) : null;
    },
    write: (dependencies) => dependencies.map(({ jobId }) => jobId).join(','),
  },
  lsf: {
    words: lsfWords,
    read(text) {
      const found: Dependency[] = [];
      for (const part of text.split('&&').filter((each) => each.trim() !== '')) {
        const [, word = '', jobId = ''] = /^\s*(\w+)\(\s*(\d+(?:\[\d+\])?)\s*\)\s*$/.exec(part) ?? [];
        const condition = conditionOf(lsfWords, word);
        if (!condition) return null;
        found.push({ condition, jobId });
      }
      return found;
    },
    write: (dependencies) =>
      dependencies.map(({ condition, jobId }) => `${lsfWords[condition] ?? 'ended'}(${jobId})`).join(' && '),
  },
  // HTCondor orders jobs by DAGMan, which is a program of its own.
  htcondor: null,
};

const formOf = (launcher: LauncherName): Form | null => (launcher === 'login' ? null : forms[launcher]);

/** What can be asked for; empty: jobs of this launcher cannot wait for others. */
export const dependencyConditions = (launcher: LauncherName): DependencyCondition[] =>
  Object.keys(formOf(launcher)?.words ?? {}) as DependencyCondition[];

/** null: it says more than a list of jobs that all count, such as one of several. */
export const readDependencies = (text: string, launcher: LauncherName): Dependency[] | null =>
  formOf(launcher)?.read(text) ?? null;

export const writeDependencies = (dependencies: readonly Dependency[], launcher: LauncherName): string =>
  formOf(launcher)?.write(dependencies) ?? '';

/** How a dependency names a job: without the cluster that Slurm's numbers may end with, as both are on the same one. */
export const dependencyIdOf = (nativeId: string): string => nativeId.split(';')[0] ?? nativeId;

/** Whether a number of a dependency is that of a job: `12.server` of PBS may be written `12`, a task belongs to its array. */
export function namesJob(jobId: string, nativeId: string): boolean {
  const number = (id: string): string => /^\d+/.exec(id)?.[0] ?? id;
  return number(jobId) === number(nativeId);
}

/**
 * Whether a job waits for one that ended in another way than asked for: `DependencyNeverSatisfied` of Slurm, `Dependency condition
 * invalid or never satisfied` of LSF.
 */
export const isDependencyLost = ({ state, nativeReason }: Pick<JobStatus, 'state' | 'nativeReason'>): boolean =>
  (state === 'pending' || state === 'held') &&
  /^DependencyNeverSatisfied$|^Dependency condition .*never satisfied/i.test(nativeReason);

export const conditionTexts: Readonly<Record<DependencyCondition, string>> = {
  completed: 'has completed',
  over: 'is over, however it ended',
  failed: 'has failed',
  started: 'has begun',
  task: 'has completed the same task',
};
