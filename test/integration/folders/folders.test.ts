import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FolderKind } from '../../../electron/shared/folders.ts';
import { endOwn, launchFails, launchReady, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
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
  slurm = await upCluster('slurm24', 'shared');
  open = await openTestCore();
  // The nodes have no Node.js: this machine's own stands in.
  giveNode(slurm);
  clusterId = await saveCluster(open, slurm, {
    defaults: { environment: 'PATH=$PATH:$HOME/.tunel-test-node/bin' },
  });
  work = mkdtempSync(join(tmpdir(), 'tunel-folders-'));
});
afterAll(async () => {
  if (open) await endOwn(open);
  for (const id of made) await open.request('folders.clean', { id, clusterId });
  await open?.close();
  if (slurm) rmSync(join(slurm.shared, 'home/ada/.tunel-test-node'), { recursive: true, force: true });
  if (work) rmSync(work, { recursive: true, force: true });
});

function giveNode(info: ClusterInfo): void {
  const target = join(info.shared, 'home/ada/.tunel-test-node');
  const npm = dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'bin'), { recursive: true });
  mkdirSync(join(target, 'lib/node_modules'), { recursive: true });
  cpSync(process.execPath, join(target, 'bin/node'));
  cpSync(npm, join(target, 'lib/node_modules/npm'), { recursive: true });
  writeFileSync(
    join(target, 'bin/npm'),
    '#!/bin/sh\nexec node "$(dirname "$0")/../lib/node_modules/npm/bin/npm-cli.js" "$@"\n',
    { mode: 0o755 },
  );
}

function writeFolder(name: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name, file)), { recursive: true });
    writeFileSync(join(work, name, file), text);
  }
  return join(work, name);
}

/** Looks at a folder, saves it as it was recognised. */
async function saveFolder(path: string, kind: FolderKind) {
  const seen = await open.request('folders.inspect', { source: { kind: 'folder', path } });
  expect(seen.recognition.kind).toBe(kind);
  const { line, environment, listen } = seen.recognition;
  const saved = await open.request('folders.save', {
    input: { title: seen.title, source: seen.source, start: { kind, line, environment, listen } },
  });
  made.push(saved.id);
  return saved;
}
const stateOf = (id: string) => open.state().folders.find(({ folder }) => folder.id === id);
const input = (recipe: string) => ({
  clusterId,
  recipe,
  launcher: 'slurm' as const,
  resources: { memory: 200, time: 10 },
});
const launch = (recipe: string) => launchReady(open, input(recipe));

/** Launches a folder, gets a page of it through the gateway, stops it. */
async function pageOf(path: string, kind: FolderKind, page = '/') {
  const { id, recipe } = await saveFolder(path, kind);
  const app = await launch(recipe);
  const view = viewOf(open, app.id);
  const { text } = await view.get(page);
  view.close();
  expect(await stopApp(open, app.id)).toMatchObject({ state: 'ended', error: null });
  return { id, recipe, text, log: app.logTail };
}

/** A log once it has this: the login node sees what a compute node wrote with the delay of its file system's caches. */
const logWith = (id: string, part: string) =>
  eventually(
    async () => (await open.request('instances.log', { id, offset: 0 })).text,
    (text) => text.includes(part),
  );

describe('from folder to view', () => {
  test.concurrent('flask: the second run sends only the change, a watch sends each save', async () => {
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
    console.log(report?.text);
    view.close();
    view = viewOf(open, second.id);
    expect((await view.get('/')).text).toBe('second');

    await open.request('folders.watch', { instanceId: second.id, on: true });
    writeFileSync(join(path, 'app.py'), flask('saved'));
    await eventually(
      () => view.get('/').then(({ text }) => text, String),
      (text) => text === 'saved',
    );
    await open.request('folders.watch', { instanceId: second.id, on: false });
    view.close();
    expect(await stopApp(open, second.id)).toMatchObject({ state: 'ended', error: null });
    const { stdout } = await asUser('ada', slurm, 'slogin', `cd ~/.tunel/folders/${id}; stat -c '%a' . ; ls -A tree`);
    expect(stdout).toContain('700\n');
    expect(stdout).not.toContain('secret');
    expect(stdout).not.toContain('node_modules');
  });

  test.concurrent('django, with its static files', async () => {
    const path = writeFolder('django', {
      'manage.py': '# The usual manage.py\n',
      'mysite/__init__.py': '',
      'mysite/wsgi.py': `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_wsgi_application()
`,
      'mysite/settings.py': `DEBUG = True
SECRET_KEY = "only here"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "mysite.urls"
INSTALLED_APPS = ["django.contrib.staticfiles"]
STATIC_URL = "/static/"
STATICFILES_DIRS = ["assets"]
`,
      'mysite/urls.py': `from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("django here"))]
`,
      'assets/style.css': 'body { color: teal }',
    });
    expect((await pageOf(path, 'django')).text).toBe('django here');
    expect((await pageOf(path, 'django', '/static/style.css')).text).toContain('teal');
  });

  test.concurrent('fastapi', async () => {
    const path = writeFolder('fastapi', {
      'main.py':
        'from fastapi import FastAPI\napp = FastAPI()\n\n@app.get("/")\ndef page():\n    return {"by": "fastapi"}\n',
    });
    expect((await pageOf(path, 'fastapi')).text).toBe('{"by":"fastapi"}');
  });

  test.concurrent('static pages, but none that is hidden or outside', async () => {
    const path = writeFolder('pages', { 'index.html': '<h1>static</h1>', '.hidden': 'no', 'a/b.txt': 'deep' });
    const { recipe } = await saveFolder(path, 'static');
    const app = await launch(recipe);
    const view = viewOf(open, app.id);
    expect((await view.get('/')).text).toBe('<h1>static</h1>');
    expect((await view.get('/a/b.txt')).text).toBe('deep');
    for (const bad of ['/.hidden', '/%2e%2e/manifest', '/a/..%2f.hidden'])
      expect((await view.get(bad)).status).toBe(404);
    view.close();
    await stopApp(open, app.id);
  });

  test.concurrent('node, with a package of a tarball', async () => {
    const { stdout } = await asUser('ada', slurm, 'slogin', 'ls ~/.tunel-test-node/bin/npm');
    expect(stdout).toContain('npm');
    const path = writeFolder('node', {
      'package.json': JSON.stringify({
        name: 'x',
        version: '1.0.0',
        scripts: { start: 'node server.js' },
        dependencies: { greet: 'file:./greet-1.0.0.tgz' },
      }),
      'server.js': `const greet = require('greet');
require('node:http').createServer((_, answer) => answer.end(greet)).listen(process.env.PORT);
`,
      'greet/package.json': '{"name":"greet","version":"1.0.0"}',
      'greet/index.js': 'module.exports = "greetings of a package";',
    });
    execFileSync('npm', ['pack', './greet', '--silent'], { cwd: path });
    const { text } = await pageOf(path, 'node');
    expect(text).toBe('greetings of a package');
  });

  test.concurrent('an environment is installed once for two launches, and again only when its files change', async () => {
    const path = writeFolder('wheel', {
      'app.py':
        'import greet\nfrom flask import Flask\napp = Flask(__name__)\n\n@app.route("/")\ndef page():\n    return greet.words\n',
      'requirements.txt': '--no-index\n./greet-1.0-py3-none-any.whl\nflask\n',
    });
    makeWheel(path);
    const { id, recipe } = await saveFolder(path, 'flask');
    const apps = await Promise.all([launch(recipe), launch(recipe)]);
    const logs = await Promise.all(apps.map((app) => logWith(app.id, 'Tunel: starting')));
    expect(logs.filter((log) => log.includes('Successfully installed greet'))).toHaveLength(1);
    for (const app of apps) {
      const view = viewOf(open, app.id);
      expect((await view.get('/')).text).toBe('from a wheel');
      view.close();
      await stopApp(open, app.id);
    }
    const third = await launch(recipe);
    expect(await logWith(third.id, 'Tunel: starting')).toContain('the environment is there already');
    await stopApp(open, third.id);

    writeFileSync(join(path, 'requirements.txt'), '--no-index\nno-such-package\n');
    const failed = await launchFails(open, input(recipe));
    expect(failed.error.message).toContain('as pip says: ERROR: No matching distribution found for no-such-package');
    const { stdout } = await asUser(
      'ada',
      slurm,
      'slogin',
      `cd ~/.tunel/folders/${id}; ls envs; ls -d .installing 2>&1 || :`,
    );
    expect(stdout).toMatch(/^[0-9a-f]{16}\n.*No such file/s);
  });

  test.concurrent('an app written for Rescale runs as it is', async () => {
    const decoys = await Promise.all(['c1', 'c2'].map((node) => decoy(node)));
    const { recipe } = await saveFolder(join(import.meta.dirname, '../../fixtures/rescale-app'), 'rescale');
    const { id } = await launch(recipe);
    const app = await open.until('its discovery', ({ instances }) =>
      instances.find((found) => found.id === id && found.title === 'Solar Monitor'),
    );
    expect(app.icon).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(app.path).toMatch(/^\/notebooks\/[a-z0-9]+\/$/);
    expect(app.endpoint).toMatchObject({ kind: 'port' });
    const view = viewOf(open, id);
    expect((await view.get(app.path)).text).toBe(`Hello from ${app.path}`);
    expect((await view.get(`${app.path}assets/icon.svg`)).status).toBe(200);
    view.close();
    // Its lines that end every Jupyter ended nobody else's.
    for (const alive of decoys) expect(await alive()).toBe(true);
    const { stdout } = await asUser(
      'ada',
      slurm,
      'slogin',
      `ls -d ~/.certs 2>&1 || :; stat -c %a ~/.tunel/${id}/home/.certs/nb.key`,
    );
    expect(stdout).toMatch(/No such file[\s\S]*600/);
    expect(await stopApp(open, id)).toMatchObject({ state: 'ended', error: null });
  });
});

/** A process of ada's own whose name such apps look for. */
async function decoy(node: string): Promise<() => Promise<boolean>> {
  const { stdout } = await asUser('ada', slurm, node, '(exec -a jupyter-of-mine sleep 120) >/dev/null 2>&1 & echo $!');
  return async () => (await asUser('ada', slurm, node, ['kill', '-0', stdout.trim()], { check: false })).code === 0;
}

/** A wheel is a zip with two files about itself. */
function makeWheel(folder: string): void {
  const about = 'greet-1.0.dist-info';
  const program = `import zipfile
wheel = zipfile.ZipFile("greet-1.0-py3-none-any.whl", "w")
wheel.writestr("greet.py", "words = 'from a wheel'")
wheel.writestr("${about}/METADATA", "Metadata-Version: 2.1\\nName: greet\\nVersion: 1.0\\n")
wheel.writestr("${about}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
wheel.writestr("${about}/RECORD", "greet.py,,\\n${about}/METADATA,,\\n${about}/WHEEL,,\\n${about}/RECORD,,\\n")
wheel.close()
`;
  execFileSync('python3', ['-c', program], { cwd: folder });
}
