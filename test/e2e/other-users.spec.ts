import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { untilGone } from '../helpers/apps.ts';
import { asLocalOtherUser, asUser, type ClusterInfo, runCommand, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { endApp, instanceNow, launchReady, openView, saveCluster } from '../helpers/running.ts';
import { engineProcess, invoke } from '../helpers/shell.ts';

/** While an app is open: who else is on this computer, or on the app's node, gets nothing. */
test.describe.configure({ mode: 'serial' });

let slurm: ClusterInfo;
let tunel: LaunchedApp;
let id = '';
let host: string;
let port: number;

interface Listener {
  address: string;
  port: number;
  pids: number[];
}

/** Every TCP port of this computer on which somebody listens. */
async function listeners(): Promise<Listener[]> {
  const { stdout } = await runCommand('ss', ['-ltnpH']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, , , local = ''] = line.split(/\s+/);
      const at = local.lastIndexOf(':');
      const pids = [...line.matchAll(/pid=(\d+)/g)].map((match) => Number(match[1]));
      return { address: local.slice(0, at), port: Number(local.slice(at + 1)), pids };
    });
}

/** What a program of another user of this computer is answered, by a command-line client. */
async function otherUser(...args: string[]): Promise<{ connect: string; status: string; body: string; exit: number }> {
  const { stdout, code } = await asLocalOtherUser(
    ['curl', '-sS', '--max-time', '10', '-w', '\n%{http_connect} %{http_code}', ...args],
    { check: false },
  );
  const lines = stdout.split('\n');
  const [connect = '', status = ''] = (lines.pop() ?? '').split(' ');
  return { connect, status, body: lines.join('\n'), exit: code };
}

const upgrade = [
  ...['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', '-H', 'Sec-WebSocket-Version: 13'],
  ...['-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
];

test.beforeAll(async () => {
  slurm = await upCluster('slurm24');
  tunel = await launchApp();
  const clusterId = await saveCluster(tunel.window, slurm);
  id = await launchReady(tunel.window, { clusterId, recipe: 'hello', launcher: 'slurm' });
  host = `${id}.apps.internal`;
  await openView(tunel, id);
  const engine = await engineProcess(tunel.app);
  const ports = (await listeners()).filter(({ pids }) => engine !== null && pids.includes(engine));
  expect(ports).toHaveLength(1);
  port = ports[0]?.port ?? 0;
});

test.afterAll(async () => {
  if (tunel) {
    if (id) await endApp(tunel.window, id);
    await tunel.close();
  }
  if (id) await untilGone(slurm, ['c1', 'c2', 'slogin'], id);
});

test('listens on the loopback alone', async () => {
  const ours = await tunel.app.evaluate(({ app }) => app.getAppMetrics().map((metric) => metric.pid));
  const found = (await listeners()).filter(({ pids }) => pids.some((pid) => ours.includes(pid)));
  expect(found.map((listener) => listener.port)).toContain(port);
  expect(found.filter(({ address }) => address !== '127.0.0.1')).toEqual([]);
});

test('plain HTTP is refused', async () => {
  for (const path of ['/', '/api/facts', `https://${host}/`]) {
    const answer = await otherUser('--request-target', path, `http://127.0.0.1:${port}/`);
    expect(answer).toMatchObject({ status: '403', body: expect.stringContaining('only the windows of Tunel') });
  }
  expect((await otherUser('-x', `http://127.0.0.1:${port}`, `http://${host}/`)).status).toBe('403');
});

test('a tunnel to a host that is not an open app is refused', async () => {
  for (const target of ['none.apps.internal', 'apps.internal', 'example.org', '127.0.0.1', `${id}.apps.internal:22`]) {
    const answer = await otherUser('-k', '-x', `http://127.0.0.1:${port}`, `https://${target}/`);
    expect(answer, target).toMatchObject({ connect: '403', status: '000' });
  }
});

test('a tunnel to the app’s host leads to a 403 without the secret of its window', async () => {
  const through = ['-k', '-x', `http://127.0.0.1:${port}`];
  for (const more of [[], ['--http1.1'], ['-H', 'x-tunel-view: guess'], ['-H', 'x-tunel-view:'], ['-X', 'POST']]) {
    const answer = await otherUser(...through, ...more, `https://${host}/api/facts`);
    expect(answer, more.join(' ')).toMatchObject({ connect: '200', status: '403' });
    expect(answer.body).not.toContain('"node"');
  }
  const socket = await otherUser(...through, '--http1.1', ...upgrade, `https://${host}/live`);
  expect(socket).toMatchObject({ connect: '200', status: '403' });
  expect((await otherUser('--http1.1', ...upgrade, `http://127.0.0.1:${port}/live`)).status).toBe('403');
  // Nor is the key one that any program but the window would take.
  expect((await otherUser('-x', `http://127.0.0.1:${port}`, `https://${host}/`)).exit).toBe(60);
});

test('the data directory is closed', async () => {
  const { code } = await asLocalOtherUser(['ls', tunel.dataDir], { check: false });
  expect(code).not.toBe(0);
});

test('another person on the node cannot open the app’s socket', async () => {
  const endpoint = (await instanceNow(tunel.window, id))?.endpoint;
  if (endpoint?.kind !== 'socket') throw new Error('The app listens on no socket.');
  const connect = ['python3', '-c', 'import socket,sys;socket.socket(socket.AF_UNIX).connect(sys.argv[1])'];
  const open = (user: string) => asUser(user, slurm, endpoint.node, [...connect, endpoint.path], { check: false });
  expect((await open('ada')).code).toBe(0);
  const { code, stderr } = await open('ben');
  expect(code).not.toBe(0);
  expect(stderr).toContain('PermissionError');
});

test('“Open in my browser”: a link that works once, and only there', async () => {
  await tunel.app.evaluate(({ shell }) => {
    Reflect.set(shell, 'openExternal', async (url: string) => void Reflect.set(globalThis, 'openedUrl', url));
  });
  await invoke(tunel.window, 'desktop.openInBrowser', { instanceId: id });
  const link = new URL(await tunel.app.evaluate(() => Reflect.get(globalThis, 'openedUrl') as string));
  expect(link.host).toMatch(new RegExp(`^${id}\\.localhost:\\d+$`));
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const asked = request({ host: '127.0.0.1', port: link.port, path, headers: { host: link.host, ...headers } });
    const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  };
  const path = `${link.pathname}${link.search}`;
  expect((await ask('/')).status).toBe(403);

  const first = await ask(path);
  expect(first.status).toBe(303);
  const [set = ''] = first.headers['set-cookie'] ?? [];
  expect(set).toMatch(/; HttpOnly; SameSite=Strict$/);
  const cookie = set.split(';')[0] ?? '';
  const page = await ask(first.headers.location ?? '', { cookie });
  expect(page.status).toBe(200);
  expect(page.body).toContain('Here is the way your request took');

  expect((await ask(path)).status).toBe(403);
  const elsewhere = `http://127.0.0.1:${link.port}${path}`;
  expect((await otherUser('-H', `Host: ${link.host}`, elsewhere)).status).toBe('403');
  expect((await ask('/', { cookie, host: `127.0.0.1:${link.port}` })).status).toBe(403);
  expect((await listeners()).find(({ port: open }) => String(open) === link.port)?.address).toBe('127.0.0.1');
});
