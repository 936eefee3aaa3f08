import type { ParsedInput, RequestOutput } from '../../electron/shared/contract/index.ts';
import { requests } from '../../electron/shared/contract/jobs.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { FileEntry } from '../../electron/shared/files.ts';
import { jobTemplateContentSchema } from '../../electron/shared/job-templates.ts';
import type { Job, JobTask } from '../../electron/shared/jobs.ts';
import type { ToPage } from '../../electron/shared/stream-port.ts';

const script =
  '#!/bin/bash\n#SBATCH --time=04:00:00\n\nmodule load python/3.11.8\n# reads model.py, writes results\npython3 fit.py --steps 2000 model.py\n';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="300"><rect width="480" height="300" fill="#fff"/><path d="M20 260 C 120 40 240 280 460 60" stroke="#4450c8" fill="none" stroke-width="4"/></svg>';
const table = Array.from(
  { length: 400 },
  (_, index) => `${index},${(297 + Math.sin(index)).toFixed(3)},${index % 7}`,
).join('\n');
/** What bumps prints of a fit of five parameters. */
function fitText(steps: number): string {
  const parameters: [string, number, number, number][] = [
    ['film thickness', 412.6, 350, 450],
    ['film rho', 1.842, 1, 3],
    ['film roughness', 6.1, 2, 20],
    ['oxide thickness', 14.9, 5, 15],
    ['background', 2.08e-7, 0, 1e-6],
  ];
  const lines = Array.from({ length: steps / 10 }, (_, index) => {
    const step = index * 10 + 1;
    return `step ${step} cost ${(1.8 + 90 * Math.exp(-step / 210) + Math.sin(index) / 40).toFixed(2)}(6)`;
  });
  const table = parameters.map(
    ([name, value, low, high]) => `${name.padStart(40)} ....|..... ${value} in [${low}, ${high}]`,
  );
  return ['# burn: 500 # steps: 1500, # draws: 18000', ...lines, ...table, ''].join('\n');
}

const contents: Record<string, string | Uint8Array> = {
  'out/film-model0.svg': picture,
  'summary.csv': `task,temperature,drift\n${table}`,
  'density.svg': picture,
  'script.sh': script,
  'model.h5': new Uint8Array([137, 72, 68, 70, 0, 0, 1, 2]),
};

const entry = (name: string, size: number, kind: FileEntry['kind'] = 'file'): FileEntry => ({
  name,
  kind,
  link: name === 'job.log',
  size: kind === 'file' ? size : null,
  modified: Date.now() - 3_600_000,
  mode: kind === 'folder' ? 0o700 : 0o640,
  owner: 'user01',
  target: name === 'job.log' ? 'slurm-48231.out' : null,
});

/** As many in each state as the array of the state has. */
function taskAt(index: number): JobTask {
  const startedAt = Date.now() - 6_000_000 + index * 20_000;
  const ran = { node: `c${index % 12}`, startedAt, endedAt: startedAt + 1_500_000, signal: null, reason: '' };
  if ([17, 64, 131].includes(index)) {
    return { ...ran, index, state: 'failed', nativeState: 'FAILED', exitCode: 3 };
  }
  if (index <= 140) return { ...ran, index, state: 'completed', nativeState: 'COMPLETED', exitCode: 0 };
  if (index <= 164) return { ...ran, index, state: 'active', nativeState: 'RUNNING', exitCode: null, endedAt: null };
  const reason = 'waiting: the array runs as many tasks at once as it may (JobArrayTaskLimit)';
  const waits = { node: '', startedAt: null, endedAt: null, exitCode: null, reason };
  return { ...ran, ...waits, index, state: 'queued', nativeState: 'PENDING' };
}

/** Answers the requests about jobs from a state at hand and older jobs; the cursor is a number. */
export function jobAnswers(listed: readonly Job[], older: readonly Job[]) {
  const all = [...listed, ...older];
  return {
    'jobs.query'(given: unknown): RequestOutput<'jobs.query'> {
      const query: ParsedInput<'jobs.query'> = requests['jobs.query'].input.parse(given);
      const found = all.filter(
        ({ name, state, archived, clusterId }) =>
          name.includes(query.text) &&
          archived === (query.archived ?? false) &&
          (query.clusterId ?? clusterId) === clusterId &&
          (query.states?.includes(state) ?? true),
      );
      const from = Number(query.cursor ?? 0);
      const end = from + query.limit;
      return { jobs: found.slice(from, end), next: end < found.length ? String(end) : null };
    },
    'templates.list'(): RequestOutput<'templates.list'> {
      const kept = (name: string, files: number) => ({
        ...{ id: name, name, savedAt: 0 },
        content: jobTemplateContentSchema.parse({
          clusterId: 'slurm',
          script,
          inputs: Array.from({ length: files }, (_, index) => ({ path: `in/${index}.csv`, content: 'MQo=' })),
        }),
      });
      return { templates: [kept('nightly reflectivity fit', 2), kept('render', 0)] };
    },
    'jobs.get'({ id }: { id: string }): Job {
      const job = all.find((each) => each.id === id);
      if (job) return { ...job, script: id === 'failed0000' ? script.replace('04:00:00', '08:00:00') : script };
      throw new Error(JSON.stringify(new AppError('not-found', 'There is no such job.').serialize()));
    },
    'jobs.tasks'(): RequestOutput<'jobs.tasks'> {
      const tasks = Array.from({ length: 200 }, (_, index) => taskAt(index + 1));
      return { tasks, total: tasks.length, next: null };
    },
    'jobs.files'({ id, path }: { id: string; path: string }): RequestOutput<'jobs.files'> {
      const top = [entry('trajectories', 0, 'folder'), entry('density.svg', picture.length), entry('job.log', 812)];
      const rest = [entry('model.h5', 1_912_000_000), entry('script.sh', script.length), entry('summary.csv', 48_200)];
      if (path === 'out') {
        const results = [entry('film-model0.svg', picture.length), entry('film.par', 210)];
        return { path: '/home/user01/tunel-jobs/out', entries: id === 'fitting000' ? [] : results, truncated: false };
      }
      const entries = id === 'draft00000' ? [] : path === '' ? [...top, ...rest] : [entry('replica-000.h5', 9_600_000)];
      return { path: `/home/user01/tunel-jobs/${path}`, entries, truncated: false };
    },
  };
}

/** The bytes of a file of a job. */
export function answerJobFile(input: unknown, say: (message: ToPage) => void): void {
  const { id, path, offset = 0, length } = input as { id: string; path: string; offset?: number; length?: number };
  const fit = path === 'run.mon' ? fitText(id === 'fitting000' ? 880 : 1240) : undefined;
  const content = fit ?? contents[path] ?? 'text\n';
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const part = bytes.slice(offset, length === undefined ? undefined : offset + length);
  say({ kind: 'opened', value: {} });
  say({ kind: 'bytes', bytes: part });
  say({ kind: 'closed', value: { bytes: part.length } });
}
