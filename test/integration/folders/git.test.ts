import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchReady, stopApp, viewOf } from '../../helpers/apps.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { eventually } from '../../helpers/instance.ts';

/** No node of the test clusters has git; the demo cluster is a real SSH connection to this machine, which has. */
const place = mkdtempSync(join(tmpdir(), 'tunel-git-'));
const repository = join(place, 'pages');
let open: TestCore;
let daemon: ChildProcess;
let address = '';

const git = (...args: string[]) =>
  runCommand('git', ['-C', repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]);

async function commit(words: string): Promise<void> {
  writeFileSync(join(repository, 'index.html'), `<h1>${words}</h1>\n`);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', words);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('A port has no number.');
  return address.port;
}

beforeAll(async () => {
  await runCommand('git', ['init', '--quiet', repository]);
  await commit('first');
  const port = await freePort();
  daemon = spawn('git', ['daemon', '--export-all', `--base-path=${place}`, '--listen=127.0.0.1', `--port=${port}`]);
  address = `git://127.0.0.1:${port}/pages`;
  await eventually(
    () => runCommand('git', ['ls-remote', address], { check: false }),
    ({ code }) => code === 0,
  );
  open = await openTestCore({ demo: true });
});
afterAll(async () => {
  await open?.close();
  daemon?.kill();
  rmSync(place, { recursive: true, force: true });
});

/** Looked at, saved and launched; what its page says. */
async function shown(id?: string): Promise<{ id: string; page: string }> {
  const asked = { kind: 'git', url: address, commit: '' } as const;
  const { source, recognition, title } = await open.request('folders.inspect', { source: asked, clusterId: 'demo' });
  const { kind, line, environment, listen } = recognition;
  const input = { title, source, start: { kind, line, environment, listen } };
  const saved = await open.request('folders.save', { id, input });
  const app = await launchReady(open, { clusterId: 'demo', recipe: saved.recipe });
  const view = viewOf(open, app.id);
  const page = (await view.get('/')).text;
  view.close();
  await stopApp(open, app.id);
  return { id: saved.id, page };
}

test('an address of git is cloned on the cluster at its commit, and at the next one when it is looked at again', async () => {
  const first = await shown();
  expect(first.page).toBe('<h1>first</h1>\n');
  await commit('second');
  expect((await shown(first.id)).page).toBe('<h1>second</h1>\n');
});
