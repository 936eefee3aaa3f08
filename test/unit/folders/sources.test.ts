import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAppearance, readDiscovery } from '../../../electron/core/folders/discovery.ts';
import { checkOut, lookAtGit } from '../../../electron/core/folders/git.ts';
import { unpackZip } from '../../../electron/core/folders/zip.ts';
import { checkGitUrl } from '../../../electron/core/git-url.ts';
import { localConnection } from './local-connection.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tunel-sources-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Python's zipfile writes whatever it is told. */
function zip(program: string): string {
  const path = join(base, 'x.zip');
  const head = `import stat, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED)\n`;
  execFileSync('python3', ['-c', `${head}${program}\nz.close()`, path]);
  return path;
}

describe('a zip', () => {
  test('is unpacked with its bits, and its one folder is entered', async () => {
    const path = zip(`i = zipfile.ZipInfo("app/run.sh"); i.external_attr = 0o755 << 16
z.writestr(i, "#!/bin/sh"); z.writestr("app/a/b.txt", "deep")`);
    const root = await unpackZip(path, join(base, 'out'));
    expect(root).toBe(join(base, 'out/app'));
    expect(readFileSync(join(root, 'a/b.txt'), 'utf8')).toBe('deep');
    expect(statSync(join(root, 'run.sh')).mode & 0o777).toBe(0o755);
  });

  test.each([
    ['leads out', 'z.writestr("../evil", "x")', /refused|zip/],
    ['leads to the root', 'z.writestr("/evil", "x")', /refused|zip/],
    ['has backslashes', 'z.writestr("..\\\\evil", "x")', /refused|zip/],
    [
      'has a link',
      'i = zipfile.ZipInfo("link"); i.external_attr = (stat.S_IFLNK | 0o777) << 16\nz.writestr(i, "/etc/passwd")',
      /is a link/,
    ],
    ['unpacks to more than it may', 'z.writestr("bomb", bytes(20_000_000))', /more than is allowed/],
    ['is no zip', 'z.fp.seek(0); z.fp.write(b"no"); z._didModify = False', /zip/],
  ])(
    'that %s is refused and leaves nothing',
    async (_, program, words) => {
      const path = zip(program);
      await expect(unpackZip(path, join(base, 'out/inner'), undefined, 10_000_000)).rejects.toThrow(words);
      expect(existsSync(join(base, 'evil'))).toBe(false);
      expect(readdirSync(join(base, 'out'))).toEqual([]);
    },
    60_000,
  );
});

describe('a git address', () => {
  test.each(['https://example.org/a.git', 'ssh://git@host/a', 'git@host:a/b.git', 'file:///srv/a.git'])('%s', (url) =>
    expect(checkGitUrl(url)).toBe(url),
  );
  test.each([
    'ext::sh -c id',
    '--upload-pack=id',
    '-x@host:y',
    'https://-x/',
    'git@host:-x',
    '/etc',
    'a b',
    'https://a b',
  ])('%s is none', (url) => expect(() => checkGitUrl(url)).toThrow(/no address/));

  test('is looked at and checked out at one commit, without what came after it', async () => {
    const origin = join(base, 'origin');
    const git = (...words: string[]) =>
      execFileSync('git', ['-C', origin, '-c', 'user.name=x', '-c', 'user.email=x@y', ...words], { encoding: 'utf8' });
    mkdirSync(origin);
    git('init', '-q');
    writeFileSync(join(origin, 'app.py'), 'from flask import Flask\napp = Flask("x")\n');
    git('add', '.');
    git('commit', '-qm', 'one');
    const url = `file://${origin}`;
    const seen = await lookAtGit(localConnection, { url, commit: '' }, '');
    expect(seen).toMatchObject({ commit: git('rev-parse', 'HEAD').trim(), files: 1 });
    expect(seen.look.heads.get('app.py')).toContain('Flask');
    writeFileSync(join(origin, 'later.py'), '');
    git('add', '.');
    git('commit', '-qm', 'two');
    const there = join(base, 'home/.tunel/folders/x');
    expect(await checkOut(localConnection, there, { url, commit: seen.commit }, '')).toEqual({ isNew: true });
    writeFileSync(join(there, 'tree/made-by-app'), '');
    expect(await checkOut(localConnection, there, { url, commit: seen.commit }, '')).toEqual({ isNew: false });
    expect(readdirSync(join(there, 'tree')).sort()).toEqual(['.git', 'app.py', 'made-by-app']);
    await expect(lookAtGit(localConnection, { url: `file://${base}/nothing`, commit: '' }, '')).rejects.toThrow(
      /could not clone/,
    );
  });
});

describe('.rescale-app', () => {
  const now = { title: 'Folder', icon: 'rocket', path: '/notebooks/x/' };
  const answer = (status: number, body: string, type = 'application/json', location = '') =>
    Promise.resolve({ status, type, location, body: Buffer.from(body) });

  test('is found behind two slashes; what leads elsewhere is not taken', async () => {
    const found = await readAppearance(
      (path) =>
        path === '/notebooks/x//.rescale-app'
          ? answer(200, '{"name":"Monitor","icon":"//evil/x.png","webappUrl":"https://evil/"}')
          : answer(404, ''),
      '/notebooks/x',
      now,
    );
    expect(found).toEqual({ title: 'Monitor', icon: 'rocket', path: '/notebooks/x/' });
  });

  test('that is none changes nothing', async () => {
    expect(await readAppearance(() => answer(200, '<html>'), '/notebooks/x', now)).toBeNull();
    expect(readDiscovery(Buffer.from('{"name": 5, "icon": "/a.png"}'))).toEqual({ icon: '/a.png' });
  });
});
