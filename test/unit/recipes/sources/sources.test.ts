import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../electron/core/clock.ts';
import { createRecipeLibrary } from '../../../../electron/core/recipes/library.ts';
import { createRender } from '../../../../electron/core/recipes/render.ts';
import { createSources, type Sources, sourceFolder } from '../../../../electron/core/recipes/sources/sources.ts';
import { chooseFiles } from '../../../../electron/core/recipes/sources/tree-policy.ts';
import { AppError } from '../../../../electron/shared/errors.ts';

const includes = resolve(import.meta.dirname, '../../../../recipes/templates');
let place: string;
let repository: string;
let sources: Sources;
let changes = 0;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', repository, ...args], {
    encoding: 'utf8',
  });
const write = (path: string, text: string) => {
  mkdirSync(join(repository, path, '..'), { recursive: true });
  writeFileSync(join(repository, path), text);
};
const commit = () => {
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return git('rev-parse', 'HEAD').trim();
};
const open = () =>
  createSources({
    data: join(place, 'data'),
    includes,
    render: createRender(includes),
    clock: systemClock,
    report: () => undefined,
  });

const folders = () => sources.list().map((source) => sourceFolder(join(place, 'data'), source));

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tunel-sources-'));
  repository = join(place, 'recipes');
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  write('lab/app.yaml', 'launcher: slurm\nscript: run.sh\ndescription: A lab\ntitle: Lab\nserve: { listen: port }\n');
  write('lab/run.sh', '#!/bin/bash\nexec app --host 0.0.0.0\n');
  write('lab/files/data.txt', 'data');
  changes = 0;
  sources = open();
  sources.onChange(() => {
    changes += 1;
  });
});
afterEach(() => {
  sources.dispose();
  rmSync(place, { recursive: true });
});

test('a review tells what a recipe may do; only what is accepted is used, at that commit', async () => {
  const first = commit();
  const review = await sources.review({ url: `file://${repository}`, ref: '' });
  expect(review).toMatchObject({ id: null, commit: first, before: null, files: 3, problems: [], diff: '' });
  expect(review.recipes).toEqual([
    {
      name: 'lab',
      title: 'Lab',
      change: 'new',
      may: [
        'Runs run.sh (3 lines) on the cluster, as you.',
        'Launchers: slurm.',
        'Sends 1 file of its own, 4 bytes.',
        'Listens on every network of its node (run.sh:2): whoever reaches the node reaches it.',
        'Listens on a port of its node, and demands no token.',
      ],
      findings: expect.arrayContaining([
        { level: 'error', line: expect.stringMatching(/^lab\/run\.sh:2: error: It listens on every network/) },
      ]),
    },
  ]);
  expect(folders()).toEqual([]);

  // What comes later is not what was looked at.
  write('lab/run.sh', '#!/bin/bash\nevil\n');
  commit();
  const { id } = await sources.accept(review.key);
  expect(id).toMatch(/^recipes-[0-9a-f]{6}$/);
  const [folder = ''] = folders();
  expect(readFileSync(join(folder, 'lab/run.sh'), 'utf8')).toContain('0.0.0.0');
  expect(
    createRecipeLibrary([sources.recipes])
      .list()
      .map(({ name, source }) => [name, source]),
  ).toEqual([['lab', `file://${repository}`]]);
  expect(changes).toBe(1);
  await expect(sources.accept(review.key)).rejects.toMatchObject({ code: 'not-found' });
});

test('an update shows the difference, and a restart keeps what was accepted', async () => {
  commit();
  const { id } = await sources.accept((await sources.review({ url: `file://${repository}`, ref: 'main' })).key);
  write('lab/run.sh', '#!/bin/bash\nexec app --unix "$TUNEL_SOCKET"\n');
  write('more/app.yaml', 'launcher: slurm\nscript: run.sh\ndescription: More\n');
  write('more/run.sh', 'true\n');
  const second = commit();
  const again = open();
  expect(again.list().map((source) => source.id)).toEqual([id]);
  const update = await again.review({ id });
  expect(update).toMatchObject({ id, commit: second, ref: 'main' });
  expect(update.recipes.map(({ name, change }) => [name, change])).toEqual([
    ['lab', 'changed'],
    ['more', 'new'],
  ]);
  expect(update.diff).toContain('-exec app --host 0.0.0.0\n+exec app --unix "$TUNEL_SOCKET"');
  expect(update.diff).not.toContain(place);
  again.discard(update.key);
  expect(readdirSync(join(place, 'data/sources'))).toEqual([id]);

  await again.accept((await again.review({ id })).key);
  expect(readdirSync(join(place, 'data/sources', id))).toEqual([second]);
  await again.remove(id);
  expect(again.list()).toEqual([]);
  expect(existsSync(join(place, 'data/sources', id))).toBe(false);
});

test('nothing of a repository runs here, and its links stay behind', async () => {
  symlinkSync('/etc/passwd', join(repository, 'lab/files/passwd'));
  write('.gitattributes', '*.sh filter=evil diff=evil\n');
  commit();
  const marker = join(place, 'ran');
  for (const hook of ['post-checkout', 'post-update', 'reference-transaction']) {
    writeFileSync(join(repository, '.git/hooks', hook), `#!/bin/sh\n: >${marker}\n`, { mode: 0o755 });
  }
  git('config', 'filter.evil.smudge', `sh -c ': >${marker}; cat'`);
  const review = await sources.review({ url: `file://${repository}`, ref: '' });
  expect(review.problems).toEqual(['lab/files/passwd: left out, it is a link']);
  await sources.accept(review.key);
  const folder = folders()[0] ?? '';
  expect(existsSync(join(folder, 'lab/files/passwd'))).toBe(false);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'lab/run.sh')).mode & 0o777).toBe(0o600);
  expect(existsSync(marker)).toBe(false);
});

test.each([
  ['ext::sh -c true', '', 'bad-input'],
  ['--upload-pack=true', '', 'bad-input'],
  ['/etc', '', 'bad-input'],
  ['file:///nowhere/at/all', '', 'command-failed'],
])('the address %s is refused', async (url, ref, code) => {
  await expect(sources.review({ url, ref })).rejects.toMatchObject({ code });
  expect(readdirSync(join(place, 'data/sources'))).toEqual([]);
});

test('a repository without a recipe says so', async () => {
  rmSync(join(repository, 'lab'), { recursive: true });
  write('readme.md', 'hello');
  commit();
  await expect(sources.review({ url: `file://${repository}`, ref: '' })).rejects.toMatchObject({
    code: 'recipe-invalid',
    message: expect.stringContaining('no recipe'),
  });
  await expect(sources.review({ url: `file://${repository}`, ref: 'nope' })).rejects.toMatchObject({
    code: 'command-failed',
  });
});

test('only ordinary files inside the folder are taken, and not too many', () => {
  const entry = (path: string, mode = '100644', type = 'blob') => ({ mode, type, hash: 'a', bytes: 1, path });
  const { files, left } = chooseFiles([
    entry('a/b'),
    entry('../x'),
    entry('a/.GIT/config'),
    entry('sub', '160000', 'commit'),
    entry('a\nb'),
    entry('run', '100755'),
  ]);
  expect(files.map(({ path }) => path)).toEqual(['a/b', 'run']);
  expect(left).toHaveLength(4);
  expect(() => chooseFiles([{ ...entry('big'), bytes: 60 * 1024 * 1024 }])).toThrow(/60 MiB/);
});

test('a review that is not wanted any more ends, and leaves nothing', async () => {
  commit();
  const asked = new AbortController();
  const review = sources.review({ url: `file://${repository}`, ref: '' }, asked.signal);
  asked.abort(new AppError('cancelled', 'Not any more.'));
  await expect(review).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(join(place, 'data/sources'))).toEqual([]);
});
