import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FolderKind } from '../../../electron/shared/folders.ts';
import { endOwn, launchReady, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { eventually } from '../../helpers/instance.ts';

const flask = (words: string) => `from flask import Flask
app = Flask(__name__)

@app.route("/")
def page():
    return ${JSON.stringify(words)}
`;

let slurm: ClusterInfo;
let open: TestCore;
let clusterId: string;
let work: string;
const made: string[] = [];

beforeAll(async () => {
  slurm = await upCluster('slurm24');
  open = await openTestCore();
  clusterId = await saveCluster(open, slurm);
  work = mkdtempSync(join(tmpdir(), 'tunel-folders-'));
});
afterAll(async () => {
  if (open) await endOwn(open);
  for (const id of made) await open.request('folders.clean', { id, clusterId });
  await open?.close();
  rmSync(work, { recursive: true, force: true });
});

function writeFolder(name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name, file)), { recursive: true });
    writeFileSync(join(work, name, file), text);
  }
  return join(work, name);
}

/** Looks at a folder, saves it as it was recognised. */
async function saveFolder(path: string, kind: FolderKind, change: { line?: string } = {}) {
  const seen = await open.request('folders.inspect', { source: { kind: 'folder', path } });
  expect(seen.recognition.kind).toBe(kind);
  const { line, environment, listen } = seen.recognition;
  const saved = await open.request('folders.save', {
    input: { title: seen.title, source: seen.source, start: { kind, line: change.line ?? line, environment, listen } },
  });
  made.push(saved.id);
  return saved;
}
const stateOf = (id: string) => open.state().folders.find(({ folder }) => folder.id === id);
const launch = (recipe: string) =>
  launchReady(open, { clusterId, recipe, launcher: 'slurm', resources: { memory: 200, time: 10 } });

describe('from folder to view', () => {
  test('flask: the second run sends only the change, a watch sends each save', async () => {
    const path = writeFolder('greeting', {
      'app.py': flask('first'),
      ...Object.fromEntries(Array.from({ length: 39 }, (_, n) => [`data/${n}.txt`, `number ${n}\n`.repeat(50)])),
      '.gitignore': 'secret.txt\n',
      'secret.txt': 'stays here',
      'node_modules/x/index.js': '//',
    });
    rmSync(join(path, '.gitignore'));
    writeFileSync(join(path, '.gitignore'), 'secret.txt\n');
    const { id, recipe } = await saveFolder(path, 'flask');
    const first = await launch(recipe);
    let view = viewOf(open, first.id);
    expect((await view.get('/')).text).toBe('first');
    expect(stateOf(id)?.reports[0]).toMatchObject({ files: 41, sentFiles: 41 });
    await stopApp(open, first.id);

    writeFileSync(join(path, 'app.py'), flask('second'));
    const second = await launch(recipe);
    const report = stateOf(id)?.reports[0];
    expect(report).toMatchObject({ files: 41, sentFiles: 1, sentBytes: flask('second').length });
    console.log(report?.words);
    view.close();
    view = viewOf(open, second.id);
    expect((await view.get('/')).text).toBe('second');

    await open.request('folders.watch', { instanceId: second.id, on: true });
    writeFileSync(join(path, 'app.py'), flask('saved'));
    await eventually(
      () => view.get('/').then(({ text }) => text, String),
      (text) => text === 'saved',
      20_000,
    );
    await open.request('folders.watch', { instanceId: second.id, on: false });
    view.close();
    expect(await stopApp(open, second.id)).toMatchObject({ state: 'ended', error: null });
    const { stdout } = await asUser('ada', slurm, 'slogin', `cd ~/.tunel/folders/${id}; stat -c '%a' . ; ls -A tree`);
    expect(stdout).toContain('700\n');
    expect(stdout).not.toContain('secret');
    expect(stdout).not.toContain('node_modules');
  });
});
