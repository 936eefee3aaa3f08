import type { RequestInput, RequestOutput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { FileEntry } from '../../electron/shared/files.ts';
import type { ToPage } from '../../electron/shared/stream-port.ts';
import { type Transfer, transferOptionsSchema } from '../../electron/shared/transfers.ts';

const home = '/home/user01';
const hour = 3_600_000;
const now = Date.now();

const entry = (name: string, size: number | null, hours: number, more: Partial<FileEntry> = {}): FileEntry => ({
  name,
  kind: size === null ? 'folder' : 'file',
  link: false,
  size,
  modified: now - hours * hour,
  mode: size === null ? 0o700 : 0o600,
  owner: 'user01',
  target: null,
  ...more,
});

const chart = `<!doctype html><meta charset="utf-8"><h2>Chi squared</h2><div id="plot"></div><script>
document.querySelector('#plot').innerHTML = '<svg width="420" height="160"><polyline fill="none" stroke="#4450c8" stroke-width="2" points="' + Array.from({ length: 60 }, (_, i) => i * 7 + ',' + (150 - 140 * Math.exp(-i / 12))).join(' ') + '"/></svg>';
</script>`;
const notebook = JSON.stringify({
  nbformat: 4,
  cells: [
    {
      cell_type: 'markdown',
      source: '# Fit of the film\n\nThe **oxide** layer, see `model_film.py`:\n\n- thickness 412 A\n- roughness 7 A',
    },
    {
      cell_type: 'code',
      source: 'problem.chisq()',
      execution_count: 3,
      outputs: [{ output_type: 'stream', text: '1.04\n' }],
    },
    {
      cell_type: 'code',
      source: 'summary',
      execution_count: 4,
      outputs: [
        {
          output_type: 'execute_result',
          data: {
            'text/html':
              '<table border="1"><tr><th>parameter</th><th>value</th></tr><tr><td>thickness</td><td>412.3</td></tr><tr><td>roughness</td><td>7.1</td></tr></table>',
          },
        },
      ],
    },
    {
      cell_type: 'code',
      source: 'plot(',
      execution_count: 5,
      outputs: [{ output_type: 'error', traceback: ['SyntaxError: incomplete input'] }],
    },
  ],
});

/** Real files of formats with views of their own. */
const dataFiles = {
  'sample.h5': { size: 16_738, url: new URL('../helpers/fixtures/data-files/sample.h5', import.meta.url) },
  'runs.parquet': { size: 13_145, url: new URL('../helpers/fixtures/data-files/runs.parquet', import.meta.url) },
  'runs-gzip.parquet': { size: 962, url: new URL('../helpers/fixtures/data-files/runs-gzip.parquet', import.meta.url) },
};

const film = [
  entry('export-2026-11-27', null, 77),
  entry('jobs', null, 2),
  entry('replicas', null, 1),
  entry('latest', null, 77, { link: true, kind: 'folder', target: 'export-2026-11-27', mode: 0o777 }),
  entry('old-run', 12, 900, { link: true, kind: 'other', size: null, target: '/scratch/gone/run', mode: 0o777 }),
  entry('film-298K-run-16.h5', 408e6, 90, { mode: 0o640 }),
  entry('run.h5', 88.4e6, 3),
  entry('fit.mon', 212e3, 3),
  entry('model_film.py', 6100, 5, { mode: 0o755 }),
  entry('setup.jpg', 3.8e6, 200, { owner: 'visiting-scientist', mode: 0o644 }),
  entry('summary.csv', 48_200, 4),
  entry('sample.h5', dataFiles['sample.h5'].size, 4),
  entry('runs.parquet', dataFiles['runs.parquet'].size, 4),
  entry('runs-gzip.parquet', dataFiles['runs-gzip.parquet'].size, 4),
  entry('cut-off.h5', 1200, 4),
  entry('fit.ipynb', notebook.length, 4),
  entry('chi2.html', chart.length, 4),
  entry('report.pdf', 90_000, 4),
  entry('notes-on-the-oxide-layer-and-its-roughness-with-open-questions-for-the-next-beam-time.md', 12_400, 5),
  entry('mess\udcffung.dat', 1.1e6, 16_000, { mode: 0o644 }),
  entry('.hidden-settings', 120, 5000),
];

const here = [
  entry('figures', null, 90),
  entry('raw-2026-11', null, 100),
  entry('film-298K-run-17.h5', 412e6, 1),
  entry('film-298K.refl', 48_200, 1),
  entry('notes-on-the-oxide-layer-and-its-roughness-with-open-questions.md', 12_400, 2, { mode: 0o644 }),
].map((each) => ({ ...each, owner: 'ada' }));

const ended = (over: Partial<Transfer> & { id: string }): Transfer => ({
  direction: 'upload',
  clusterId: 'slurm',
  toClusterId: null,
  sources: [`/home/ada/Documents/film-2026/${over.id}.h5`],
  sourceCount: 1,
  destination: `${home}/film-2026`,
  options: transferOptionsSchema.parse({}),
  state: 'completed',
  files: { total: 1, done: 0, failed: 0, skipped: 0 },
  bytes: { total: 412e6, done: 264e6 },
  speed: 0,
  remainingSeconds: null,
  current: null,
  question: null,
  error: null,
  failures: [],
  createdAt: now - 3 * hour,
  endedAt: now - 2 * hour,
  ...over,
});

const folders: Record<string, FileEntry[]> = {
  [home]: [
    entry('film-2026', null, 1),
    entry('tunel-jobs', null, 3),
    entry('.bashrc', 3771, 9000, { mode: 0o644 }),
    entry('README.md', 2100, 300),
  ],
  [`${home}/film-2026`]: film,
  [`${home}/film-2026/jobs`]: [],
};

const fail = (error: AppError): never => {
  throw new Error(JSON.stringify(error.serialize()));
};

const many = (from: number, count: number): FileEntry[] =>
  Array.from({ length: count }, (_, index) =>
    entry(`frame-${from + index}.tif`, 1000 + ((index * 7919) % 90_000), index % 5000),
  );

function list(path: string): RequestOutput<'files.list'> {
  const at = path === '' ? home : path;
  if (at.endsWith('/closed')) {
    fail(
      new AppError('not-permitted', `${at} on login2 cannot be read: permission denied.`, {
        hint: `Check who owns it: ls -ld '${at}'`,
      }),
    );
  }
  if (at.endsWith('/many')) return { path: at, entries: many(0, 2000), truncated: true };
  const entries = folders[at];
  if (!entries)
    return fail(new AppError('not-found', `${at} on login2 cannot be read: there is no such file or folder.`));
  return { path: at, entries, truncated: false };
}

/** Answers the requests about files of a cluster. */
export const fileAnswers = {
  'files.list': ({ path }: RequestInput<'files.list'>) =>
    path.endsWith('/slow') ? new Promise(() => undefined) : list(path),
  'local.list': (): RequestOutput<'local.list'> => ({
    path: '/home/ada/Documents/film-2026',
    entries: here,
    truncated: false,
  }),
  'local.places': (): RequestOutput<'local.places'> => [{ name: 'Home', path: '/home/ada' }],
  'local.space': (): RequestOutput<'local.space'> => ({
    total: 500e9,
    free: 214e9,
    filesTotal: null,
    filesFree: null,
    quota: null,
  }),
  'files.places': (): RequestOutput<'files.places'> => [
    { name: 'Home', path: home },
    { name: 'Work', path: '/work/lab/user01' },
    { name: 'Scratch', path: '/scratch/user01' },
  ],
  'files.space': ({ path }: RequestInput<'files.space'>): RequestOutput<'files.space'> => ({
    total: 40e12,
    free: 9e12,
    filesTotal: null,
    filesFree: null,
    quota: path.includes('film') ? { bytes: 1.93e12, bytesLimit: 2e12, files: 812_404, filesLimit: 1_000_000 } : null,
  }),
  'files.stat': async ({ path }: RequestInput<'files.stat'>): Promise<RequestOutput<'files.stat'>> => {
    const name = path.split('/').at(-1) ?? '';
    if (name.startsWith('absent'))
      return fail(new AppError('not-found', `${path} on login2 cannot be read: there is no such file or folder.`));
    const size = name === 'fit.log' ? LOG_BYTES : (await contentOf(name)).length;
    return { path, kind: 'file', link: false, size, modified: now, mode: 0o640, version: `${size}-1-1` };
  },
  'files.usage': (): RequestOutput<'files.usage'> => ({
    bytes: 1.9e12,
    folders: [
      { name: 'replicas', bytes: 1.4e12 },
      { name: 'export-2026-11-27', bytes: 0.45e12 },
      { name: 'jobs', bytes: 21e9 },
    ],
    complete: false,
  }),
  'transfers.list': (): RequestOutput<'transfers.list'> => [
    ended({ id: 'film-298K-run-16', files: { total: 1, done: 1, failed: 0, skipped: 0 } }),
    ended({
      id: 'raw-2026-11',
      sourceCount: 4,
      files: { total: 240, done: 238, failed: 2, skipped: 0 },
      failures: [
        {
          path: 'a',
          error: new AppError('not-permitted', 'setup.jpg on login1 cannot be read: permission denied.').serialize(),
        },
      ],
    }),
    ended({
      id: 'cohort',
      state: 'failed',
      error: new AppError('no-space', 'Your quota on login1 is used up.').serialize(),
    }),
    ended({
      id: 'notes-on-the-oxide-layer-and-its-roughness-with-open-questions-for-the-next-beam-time',
      state: 'canceled',
    }),
  ],
  'files.trash': (): RequestOutput<'files.trash'> => ({ trash: `${home}/.tunel-trash/x-1` }),
  'files.trashed': (): RequestOutput<'files.trashed'> => [
    { trash: `${home}/.tunel-trash/x-1`, path: `${home}/film-2026/run-old.h5`, trashedAt: now - hour },
    {
      trash: `${home}/.tunel-trash/x-2`,
      path: `${home}/a-folder-with-a-long-name/and-another-one/export-2025`,
      trashedAt: now - 40 * hour,
    },
  ],
};

const row = (index: number): string => `${index},${(297 + Math.sin(index)).toFixed(3)},${index % 7},"a, ""b"""`;
const contents: Record<string, string> = {
  'fit.ipynb': notebook,
  'chi2.html': chart,
  'model_film.py':
    'import numpy as np\n\n# the film on silicon\ndef model(thickness, roughness):\n    return np.exp(-((thickness * roughness) ** 2))\n',
  'submit.sh':
    '#!/bin/bash\n#SBATCH --job-name=film-298K\n#SBATCH --ntasks=16\n#SBATCH --time=02:00:00\n\nmodule load python/3.11\n# one process for each core\nfor run in "$@"; do\n  srun bumps model_film.py --batch --session="$run.h5"\ndone\n',
  'summary.csv': `task,temperature,drift,note\n${Array.from({ length: 200 }, (_, index) => row(index)).join('\n')}\n`,
};

const LOG_BYTES = 52e6;
/** A line of a log that is as long wherever it is. */
const logLine = (index: number): string => `step ${String(index).padStart(9, '0')}  chisq 1.0${index % 10}  ok\n`;

function logPart(offset: number, length: number): Uint8Array<ArrayBuffer> {
  const size = logLine(0).length;
  const first = Math.floor(offset / size);
  const count = Math.ceil(Math.max(0, Math.min(length, LOG_BYTES - offset)) / size) + 1;
  const text = Array.from({ length: count }, (_, index) => logLine(first + index)).join('');
  return new TextEncoder()
    .encode(text)
    .slice(offset - first * size, Math.min(length, LOG_BYTES - offset) + offset - first * size);
}

async function contentOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (name === 'setup.jpg') return Uint8Array.from([0xff, 0xd8, 0xff, 0, 0x10]);
  const file = Object.entries(dataFiles).find(([each]) => each === name)?.[1];
  if (file) return new Uint8Array(await (await fetch(file.url)).arrayBuffer());
  return new TextEncoder().encode(contents[name] ?? 'text\n');
}

/** Answers the stream of a file. */
export async function answerFile(input: unknown, say: (message: ToPage) => void): Promise<void> {
  const { path, offset = 0, length } = input as { path: string; offset?: number; length?: number };
  if (path.endsWith('/fit.log')) {
    const part = logPart(offset, length ?? LOG_BYTES);
    say({ kind: 'opened', value: {} });
    say({ kind: 'bytes', bytes: part });
    say({ kind: 'closed', value: { bytes: part.length } });
    return;
  }
  const bytes = await contentOf(path.split('/').at(-1) ?? '');
  say({ kind: 'opened', value: {} });
  say({ kind: 'bytes', bytes: bytes.slice(offset, length === undefined ? undefined : offset + length) });
  say({ kind: 'closed', value: { bytes: bytes.length } });
}

/** Answers the stream of all entries of a large folder. */
export function answerEntries(say: (message: ToPage) => void): void {
  say({ kind: 'opened', value: {} });
  for (let from = 0; from < 100_000; from += 5000) {
    const bytes = new TextEncoder().encode(`${JSON.stringify(many(from, 5000))}\n`);
    say({ kind: 'bytes', bytes });
  }
  say({ kind: 'closed', value: { entries: 100_000 } });
}
