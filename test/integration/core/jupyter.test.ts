import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Instance } from '../../../electron/shared/instances.ts';
import { endOwn, launchReady, queuedJobs, saveCluster, stopApp, untilGone, viewOf } from '../../helpers/apps.ts';
import { asLocalOtherUser, asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';

/** JupyterLab in a Slurm job on a compute node, over a Unix socket, as its view reaches it. */
describe('JupyterLab on a compute node', () => {
  let slurm: ClusterInfo;
  let open: TestCore;
  let first: Instance;
  let second: Instance;
  let one: GatewayClient;
  let two: GatewayClient;

  beforeAll(async () => {
    slurm = await upCluster('slurm24', 'shared');
    open = await openTestCore();
    const clusterId = await saveCluster(open, slurm);
    const input = { clusterId, recipe: 'jupyter', launcher: 'slurm', resources: { memory: 400 } } as const;
    [first, second] = await Promise.all([
      launchReady(open, { ...input, args: { interface: 'lab' } }),
      launchReady(open, { ...input, args: { interface: 'lab' } }),
    ]);
    one = viewOf(open, first.id);
    two = viewOf(open, second.id);
  });

  afterAll(async () => {
    one?.close();
    two?.close();
    await Promise.all([first, second].filter(Boolean).map(({ id }) => stopApp(open, id)));
    await Promise.all([first, second].filter(Boolean).map(({ id }) => untilGone(slurm, ['c1', 'c2', 'slogin'], id)));
    if (open) await endOwn(open);
    await open?.close();
  });

  test('is reached through the node, on a socket', () => {
    expect(first.route).toMatchObject({ kind: 'node', warning: null });
    expect(first.endpoint).toMatchObject({ kind: 'socket', node: expect.stringMatching(/^c[12]$/) });
    expect(first.steps.every(({ state }) => state === 'done')).toBe(true);
  });

  test('shows its page, signed in by the gateway', async () => {
    const start = await one.get(first.path);
    const page = start.status === 302 ? await one.get(String(start.headers.location)) : start;
    expect(page.status).toBe(200);
    expect(page.text).toContain('jupyter-config-data');
    expect(page.text).not.toContain('id="password_input"');
  });

  test('a kernel computes, over its WebSocket', async () => {
    const { id } = await startKernel(one);
    const socket = await one.webSocket(`/api/kernels/${id}/channels?session_id=${sessionId}`);
    expect(await execute(socket, '6*7')).toBe('42');
    socket.close();
    expect((await one.send('DELETE', `/api/kernels/${id}`, '', xsrf(one))).status).toBe(204);
  });

  test('a file goes up and comes down byte for byte', async () => {
    const data = randomBytes(1024 * 1024);
    const path = `/api/contents/${first.id}.bin`;
    const sent = { type: 'file', format: 'base64', content: data.toString('base64') };
    expect((await one.send('PUT', path, sent, xsrf(one))).status).toBe(201);
    const back = await one.get(`/files/${first.id}.bin`);
    expect(back.status).toBe(200);
    expect(back.body.equals(data)).toBe(true);
    expect((await one.send('DELETE', path, '', xsrf(one))).status).toBe(204);
  });

  test('two side by side keep their cookies apart', async () => {
    const answer = await two.get('/lab');
    expect(answer.status).toBe(200);
    expect(one.access.host).not.toBe(two.access.host);
    for (const line of answer.headers['set-cookie'] ?? []) expect(line).not.toMatch(/;\s*domain=/i);
    // One's cookie is no key to the other: the secret is asked first, and it differs.
    expect(one.access.secretHeader.value).not.toBe(two.access.secretHeader.value);
    const cookie = [...one.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect(cookie).not.toBe('');
    const { name, value } = one.access.secretHeader;
    const crossed = await two.get('/api/status', { secret: false, headers: { [name]: value, cookie } });
    expect(crossed.status).toBe(403);
    expect(await kernelsOf(one)).toHaveLength(0);
    const { id } = await startKernel(two);
    expect(await kernelsOf(two)).toHaveLength(1);
    expect(await kernelsOf(one)).toHaveLength(0);
    await two.send('DELETE', `/api/kernels/${id}`, '', xsrf(two));
  });

  test('each is one job', async () => {
    expect(await queuedJobs(slurm, first.id)).toEqual([first.job?.id]);
    expect(await queuedJobs(slurm, second.id)).toEqual([second.job?.id]);
  });

  test('a kernel talks over closed sockets: one loopback port is left, for output that shows its key', async () => {
    const { id } = await startKernel(one);
    const socket = await one.webSocket(`/api/kernels/${id}/channels?session_id=${sessionId}`);
    expect(await execute(socket, '6*7')).toBe('42');
    const exposure = await open.request('instances.exposure', { id: first.id });
    socket.close();
    await one.send('DELETE', `/api/kernels/${id}`, '', xsrf(one));
    const evidence = exposure.evidence.join('\n');
    expect(evidence.match(/kernel-[\w-]+-ipc-\d: the folder \S+ is closed to others/g)).toHaveLength(5);
    // ipykernel's own, where a child process hands in what it printed (ipykernel/iostream.py, _setup_pipe_in).
    expect(evidence.match(/port \d+ of \S+ listens on 127\.0\.0\.1/g)).toHaveLength(1);
    expect(evidence).not.toMatch(/listens on (0\.0\.0\.0|::)/);
  });

  test('its socket is for its owner only, and its secret is on no command line', async () => {
    const { node, path } = z.object({ node: z.string(), path: z.string() }).parse(first.endpoint);
    const { directory } = first;
    const modes = await asUser('ada', slurm, node, ['stat', '-c', '%a %U', path, directory, `${directory}/secret`]);
    expect(modes.stdout).toBe('600 ada\n700 ada\n600 ada\n');

    const connect = `import socket,sys; socket.socket(socket.AF_UNIX).connect(${JSON.stringify(path)})`;
    expect((await asUser('ada', slurm, node, ['python3', '-c', connect], { check: false })).code).toBe(0);
    const ben = await asUser('ben', slurm, node, ['python3', '-c', connect], { check: false });
    expect(ben.code).not.toBe(0);
    expect(ben.stderr).toContain('PermissionError');

    const secret = (await asUser('ada', slurm, node, ['cat', `${directory}/secret`])).stdout.trim();
    expect(secret).toMatch(/^[\w-]{32,}$/);
    const commandLines = await asUser('ben', slurm, node, 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "');
    expect(commandLines.stdout).toContain('jupyter');
    expect(commandLines.stdout).not.toContain(secret);
  });

  test('another user of this machine gets nothing but 403', async () => {
    const { proxyPort: port, host } = one.access;
    const status = '%{http_code} %{http_connect}\n';
    const curl = async (...args: string[]) =>
      (
        await asLocalOtherUser(['curl', '-sk', '-o', '/dev/null', '-w', status, '--max-time', '10', ...args], {
          check: false,
        })
      ).stdout.trim();
    const proxy = ['--proxy', `http://127.0.0.1:${port}`];
    expect(await curl(`http://127.0.0.1:${port}/lab`)).toBe('403 000');
    expect(await curl(...proxy, `http://${host}/lab`)).toBe('403 000');
    expect(await curl(...proxy, 'https://nosuchapp1.apps.internal/')).toBe('000 403');
    expect(await curl(...proxy, 'https://example.com/')).toBe('000 403');
    // The handshake names only what the proxy already knows; every request inside is refused.
    expect(await curl(...proxy, `https://${host}/lab`)).toBe('403 200');
    expect(await curl(...proxy, '--http1.1', `https://${host}/api/contents`)).toBe('403 200');
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'].flatMap((h) => [
      '-H',
      h,
    ]);
    const kernels = `https://${host}/api/kernels/x/channels`;
    expect(
      await curl(...proxy, '--http1.1', ...upgrade, '-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', kernels),
    ).toBe('403 200');

    const tls = await asLocalOtherUser(
      ['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-servername', host, '-brief'],
      { check: false },
    );
    expect(tls.code).not.toBe(0);
    const raw = await asLocalOtherUser(['python3', '-c', rawRequest, String(port)]);
    expect(raw.stdout).toMatch(/^HTTP\/1\.1 403 /);
    await expect(one.webSocket('/api/kernels/x/channels', false)).rejects.toThrow('403');
  });

  test('its log came along, without its secret', async () => {
    const { text } = await open.request('instances.log', { id: first.id, offset: 0 });
    expect(text).toContain('Jupyter Server');
    const { stdout } = await asUser('ada', slurm, first.endpoint?.node ?? '', ['cat', `${first.directory}/secret`]);
    expect(text).not.toContain(stdout.trim());
  });
});

const rawRequest = `import socket,sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
s.sendall(b"\\x16\\x03\\x01 not http at all\\r\\n\\r\\n")
print(s.recv(100).decode())`;

const sessionId = randomBytes(8).toString('hex');
const kernelSchema = z.object({ id: z.string() });

/** Jupyter's own protection of a page's calls: the cookie's value again, as a header. */
function xsrf(client: GatewayClient) {
  return { headers: { 'x-xsrftoken': client.cookies.get('_xsrf') ?? '', origin: client.access.origin } };
}

async function startKernel(client: GatewayClient): Promise<{ id: string }> {
  const answer = await client.send('POST', '/api/kernels', { name: 'python3' }, xsrf(client));
  expect(answer.text).toContain('python3');
  expect(answer.status).toBe(201);
  return kernelSchema.parse(JSON.parse(answer.text));
}

async function kernelsOf(client: GatewayClient): Promise<{ id: string }[]> {
  return z.array(kernelSchema).parse(JSON.parse((await client.get('/api/kernels')).text));
}

const messageSchema = z.object({
  msg_type: z.string(),
  parent_header: z.object({ msg_id: z.string().optional() }),
  content: z.object({ data: z.record(z.string(), z.unknown()).optional() }),
});

/** Sends a cell as a notebook does (Jupyter messaging 5.3) and waits for its result. */
function execute(socket: WebSocket, code: string): Promise<string> {
  const msgId = randomBytes(8).toString('hex');
  return new Promise((resolve, reject) => {
    socket.on('message', (data) => {
      const message = messageSchema.parse(JSON.parse(data.toString()));
      if (message.parent_header.msg_id !== msgId) return;
      if (message.msg_type === 'error') reject(new Error(data.toString()));
      if (message.msg_type === 'execute_result') resolve(String(message.content.data?.['text/plain']));
    });
    socket.once('close', () => reject(new Error('the kernel closed the channel')));
    const header = {
      msg_id: msgId,
      session: sessionId,
      username: '',
      date: '',
      msg_type: 'execute_request',
      version: '5.3',
    };
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: 'shell' }));
  });
}
