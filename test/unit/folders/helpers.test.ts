import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeSocketLine } from '../../../electron/core/folders/start-lines.ts';

const helpers = join(import.meta.dirname, '../../../recipes/templates/folders');
const fixtures = join(import.meta.dirname, '../../fixtures/folders');
let work: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'tunel-help-'));
});
afterEach(async () => {
  if (child && child.exitCode === null) {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
  }
  child = null;
  rmSync(work, { recursive: true, force: true });
});

type To = { socketPath: string } | { host: string; port: number };
interface Answer {
  status: number;
  text: string;
  location: string;
}

function ask(to: To, path: string, form?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = form === undefined ? 'GET' : 'POST';
    const headers =
      form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length };
    const outgoing = request({ ...to, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, location: response.headers.location ?? '' }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(form);
  });
}

/** Starts a program and asks until it answers. */
async function answerOf(command: string[], env: Record<string, string>, to: To, path = '/'): Promise<Answer> {
  let output = '';
  const [program = '', ...args] = command;
  // npm and sh have children of their own, which end with the group.
  child = spawn(program, args, { cwd: work, detached: true, env: { ...process.env, ...env } });
  child.stderr?.on('data', (part) => {
    output += part;
  });
  return await expect
    .poll(
      async () => {
        if (child?.exitCode !== null) throw new Error(`It ended: ${output}`);
        return ask(to, path).catch(() => null);
      },
      { timeout: 20_000, interval: 50 },
    )
    .not.toBeNull()
    .then(() => ask(to, path));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a program of Node.js that listens on a port', () => {
  const preload = join(helpers, 'listen_on_socket.cjs');
  const run = async (file: string, source: string) => {
    writeFileSync(join(work, file), source);
    const socketPath = join(work, 's.sock');
    const env = { TUNEL_SOCKET: socketPath, NODE_OPTIONS: `--require "${preload}"` };
    const answer = await answerOf([process.execPath, file], env, { socketPath });
    return { answer, mode: statSync(socketPath).mode & 0o777 };
  };
  const answers = "require('node:http').createServer((q, r) => r.end('hi')).";
  test.each([
    ['a number', 'a.cjs', `${answers}listen(3000, () => console.log('on 3000'))`],
    ['a text', 'a.cjs', `${answers}listen('3000', '0.0.0.0')`],
    ['options', 'a.cjs', `${answers}listen({ port: 3000, host: '::' })`],
    ['nothing', 'a.cjs', `${answers}listen()`],
    [
      'an ES module',
      'a.mjs',
      "import { createServer } from 'node:http'\ncreateServer((q, r) => r.end('hi')).listen(3000)",
    ],
    ['its printed port', 'a.cjs', `const s = ${answers}listen(3000, () => s.address().port.toFixed())`],
  ])('is reached by the socket: %s', async (_, file, source) => {
    const { answer, mode } = await run(file, source);
    expect(answer).toMatchObject({ status: 200, text: 'hi' });
    expect(mode).toBe(0o700);
  });

  test('by the line that a folder gets, through sh and npm', async () => {
    mkdirSync(join(work, 'files'));
    cpSync(preload, join(work, 'files/listen_on_socket.cjs'));
    writeFileSync(join(work, 'package.json'), '{"name":"x","version":"1.0.0","scripts":{"start":"node index.js"}}');
    writeFileSync(join(work, 'index.js'), `${answers}listen(3000)`);
    const socketPath = join(work, 's.sock');
    const command = ['sh', '-c', `exec env ${nodeSocketLine('npm start')}`];
    expect((await answerOf(command, { TUNEL_DIR: work, TUNEL_SOCKET: socketPath }, { socketPath })).text).toBe('hi');
  });

  test('a second port stays what it is', async () => {
    const port = await freePort();
    await run('a.cjs', `${answers}listen(3000)\n${answers}listen(${port}, '127.0.0.1')`);
    expect((await ask({ host: '127.0.0.1', port }, '/')).text).toBe('hi');
  });
});

describe('a Python program that opens a port by itself', () => {
  test.each([
    ['for every address', "('0.0.0.0', 5000)", 'HTTPServer'],
    ['for IPv6 too', "('::', 5000)", 'Six'],
  ])('gets the port of the launch, on the loopback: %s', async (_, address, server) => {
    const port = await freePort();
    writeFileSync(
      join(work, 'app.py'),
      `import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
class Six(HTTPServer):
    address_family = socket.AF_INET6
class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(repr(__name__).encode())
server = ${server}(${address}, Hello)
server.serve_forever()
`,
    );
    const command = ['python3', join(helpers, 'run_python.py'), 'app.py'];
    const answer = await answerOf(command, { TUNEL_PORT: String(port) }, { host: '127.0.0.1', port });
    expect(answer.text).toBe("'__main__'");
    await expect(ask({ host: '127.0.0.1', port: 5000 }, '/')).rejects.toThrow();
  });
});

describe('a Compute Studio model', () => {
  test('becomes a form of its parameters; a run shows what it returns', async () => {
    cpSync(join(fixtures, 'compute-studio'), work, { recursive: true });
    const socketPath = join(work, 's.sock');
    const command = ['python3', join(helpers, 'serve_compute_studio.py')];
    const form = await answerOf(command, { TUNEL_SOCKET: socketPath }, { socketPath });
    for (const part of [
      'Version 1.2.0',
      'name="meta|start_year|0"',
      'value="2026"',
      'Rate (year 2026)',
      '<option selected>compound',
    ]) {
      expect(form.text).toContain(part);
    }
    // What the model parameters are by default follows from the meta parameters.
    expect((await ask({ socketPath }, '/?meta%7Cstart_year%7C0=2029')).text).toContain('Rate (year 2029)');

    const wrong = await ask({ socketPath }, '/run', 'growth%7Crate%7C0=7&growth%7Cmethod%7C0=simple');
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('rate 7.0 is not between 0 and 1')]);
    expect((await ask({ socketPath }, '/run', 'growth%7Crate%7C0=much')).status).toBe(422);

    const sent = await ask(
      { socketPath },
      '/run',
      'meta%7Cstart_year%7C0=2027&growth%7Crate%7C0=0.5&growth%7Crate%7C1=0.03',
    );
    expect([sent.status, sent.location]).toEqual([303, 'runs/0']);
    await expect.poll(async () => (await ask({ socketPath }, '/runs/0')).text).toContain('Run 1: done');
    const page = (await ask({ socketPath }, '/runs/0')).text;
    expect(page).toContain('&lt;td&gt;150.00&lt;/td&gt;');
    expect(page).toContain('src="data:image/png;base64,iVBORw==');
    // Only what was changed is given to the model.
    expect(page).not.toContain('0.03');
    expect((await ask({ socketPath }, '/runs/0/files/0')).text).toBe('year,value\n2027,150.00\n');

    await ask({ socketPath }, '/run', 'growth%7Crate%7C0=1&growth%7Cmethod%7C0=simple');
    await expect
      .poll(async () => (await ask({ socketPath }, '/runs/1')).text)
      .toContain('a simple rate of 1 is not modelled');
    expect((await ask({ socketPath }, '/runs/9')).status).toBe(404);
  });
});

test('the `ps` of a Rescale app shows its own processes and complains of no other', async () => {
  cpSync(join(helpers, 'rescale'), join(work, 'files/rescale'), { recursive: true });
  mkdirSync(join(work, 'fake'));
  // Processes that this user may not look into: in the real one each gave a line of complaint.
  writeFileSync(
    join(work, 'fake/ps'),
    `#!/bin/sh\nprintf '  PID TTY CMD\\n'\nfor pid in $PPID 1 2 999999999; do printf '%5d ? x *\\n' "$pid"; done\n`,
  );
  chmodSync(join(work, 'fake/ps'), 0o755);
  const path = `${join(work, 'files/rescale/bin')}:${join(work, 'fake')}:/usr/bin:/bin`;
  const env = { PATH: path, TUNEL_DIR: work, TUNEL_APP: 'mine' };
  const run = spawn('sh', ['-c', 'ps -ef'], { env });
  const output = { stdout: '', stderr: '' };
  run.stdout.on('data', (part) => {
    output.stdout += part;
  });
  run.stderr.on('data', (part) => {
    output.stderr += part;
  });
  await once(run, 'close');
  expect(output.stderr).toBe('');
  expect(output.stdout.split('\n').length).toBe(3);
  expect(output.stdout).toMatch(/^ {2}PID TTY CMD\n *\d+ \? x \*\n$/);
  expect(existsSync(join(work, 'files'))).toBe(true);
});
