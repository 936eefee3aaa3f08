import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Tunel } from '../helpers/cli.ts';
import { invoke } from '../helpers/shell.ts';
import { goTo } from '../helpers/ui.ts';
import { type PackagedApp, packaged, startPackaged } from './packaged-app.ts';

/** What only the packaged app can show: its own files are found, its pages load, links reach it, its command runs. */
test.describe.configure({ mode: 'serial' });

/** An app that speaks RFB and shows nothing: the page for desktops is Tunel's own. */
const desktop = `import os, socket, struct
server = socket.socket(socket.AF_UNIX)
server.bind(os.environ['TUNEL_SOCKET'])
server.listen(8)
while True:
    peer, _ = server.accept()
    try:
        peer.sendall(b'RFB 003.008\\n')
        if not peer.recv(12):
            continue
        peer.sendall(b'\\1\\1')
        peer.recv(1)
        peer.sendall(b'\\0\\0\\0\\0')
        peer.recv(1)
        form = struct.pack('>BBBBHHHBBBxxx', 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
        peer.sendall(struct.pack('>HH', 64, 48) + form + struct.pack('>I', 8) + b'Packaged')
        while peer.recv(4096):
            pass
    except OSError:
        pass
`;

let work: string;
let env: NodeJS.ProcessEnv;
let tunel: PackagedApp;
let page: Page;

test.beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tunel-package-'));
  const recipe = join(work, 'recipes/rfb');
  await mkdir(join(recipe, 'files'), { recursive: true });
  await writeFile(
    join(recipe, 'app.yaml'),
    'launcher: login\ntitle: Screen\nscript: run.sh\ndescription: A desktop.\nneeds: { socket: true }\nserve: { protocol: vnc }\n',
  );
  await writeFile(join(recipe, 'run.sh'), 'exec python3 "$TUNEL_DIR/files/rfb.py"\n');
  await writeFile(join(recipe, 'files/rfb.py'), desktop);
  const { SSH_AUTH_SOCK: _agent, ...rest } = process.env;
  env = { ...rest, HOME: work, TUNEL_DATA_DIR: join(work, 'tunel-data') };
  tunel = await startPackaged(env);
  page = tunel.page;
  await invoke(page, 'settings.save', { recipeFolders: [join(work, 'recipes')] });
});

test.afterAll(async () => {
  await tunel?.close();
  if (work) await rm(work, { recursive: true, force: true, maxRetries: 5 });
});

const state = async () => (await invoke(page, 'app.state', undefined)).state;
const folders = async (path: string) =>
  (await readdir(path, { withFileTypes: true })).filter((one) => one.isDirectory());

test('every recipe and site profile of the package is there', async () => {
  const { plain } = packaged();
  const without = ['templates', 'starters'];
  const shipped = (await folders(join(plain, 'recipes')))
    .map(({ name }) => name)
    .filter((name) => !without.includes(name));
  const { list, problems } = (await state()).recipes;
  expect(problems).toEqual([]);
  expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(shipped));
  const sites = (await readdir(join(plain, 'sites'))).filter((name) => name.endsWith('.yaml'));
  expect((await invoke(page, 'sites.list', undefined)).map(({ name }) => `${name}.yaml`).sort()).toEqual(sites.sort());
});

/** Launches a recipe on the built-in demo cluster and opens it. */
async function open(recipe: string, seen: readonly Page[]): Promise<Page> {
  await expect.poll(async () => (await state()).clusters[0]?.connection.state).toBe('connected');
  const { id } = await invoke(page, 'instances.launch', {
    clusterId: 'demo',
    recipe,
    title: recipe,
    launcher: 'login',
  });
  await expect
    .poll(async () => (await state()).instances.find((one) => one.id === id), { timeout: 90_000 })
    .toMatchObject({ state: 'ready', error: null });
  await invoke(page, 'views.open', { instanceId: id });
  const find = () =>
    tunel.browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((one) => one.url().includes('.apps.internal') && !seen.includes(one));
  await expect.poll(() => find()?.url() ?? '').not.toBe('');
  const view = find();
  if (!view) throw new Error('the view went away');
  return view;
}

test('the pages for terminals and desktops load from the package, and speak to their apps', async () => {
  const terminal = await open('terminal', []);
  await expect(terminal.locator('.xterm-rows')).toContainText(/[#$]/);
  await terminal.keyboard.type('echo "is $((6*7))"\n');
  await expect(terminal.locator('.xterm-rows')).toContainText('is 42');
  const screen = await open('rfb', [terminal]);
  await expect(screen.locator('canvas')).toBeVisible();
  await expect(screen.locator('#cover')).toBeHidden();
  await expect(screen).toHaveTitle('Packaged');
  await invoke(page, 'views.select', { viewId: null });
  for (const { id } of (await state()).instances) await invoke(page, 'instances.end', { id });
  await expect.poll(async () => (await state()).instances.every(({ endedAt }) => endedAt !== null)).toBe(true);
});

test('a launch link given to a second start opens the filled form of the first, and launches nothing', async () => {
  await goTo(page, 'Running');
  const before = (await state()).instances.length;
  expect(await tunel.again('tunel://launch?recipe=hello&cluster=demo&title=By+link')).toBe(0);
  await expect(page.getByRole('heading', { name: 'Launch Hello' })).toBeVisible();
  await expect(page.getByText('Filled from a link: check before you launch.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveValue('By link');
  expect((await state()).instances).toHaveLength(before);
});

test('the command in the package runs with its own files, and sees what the app has', async () => {
  const command = new Tunel(join(packaged().plain, 'dist/cli.js'), work);
  const version = JSON.parse(await readFile(join(packaged().plain, 'package.json'), 'utf8')).version as string;
  expect(await command.run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  const apps = await command.run('list-apps', '--json');
  expect(apps.stdout).toContain('"jupyter"');
  expect(apps.stdout).toContain('"rfb"');
  expect((await command.run('clusters', 'list', '--json')).stdout).toContain('"demo"');
});
