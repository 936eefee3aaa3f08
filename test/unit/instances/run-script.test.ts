import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directoryError, observe, upload } from '../../../electron/core/instances/directory.ts';
import { missingCommand } from '../../../electron/core/instances/job-errors.ts';
import { type RunScriptInput, runScript, startScript } from '../../../electron/core/instances/run-script.ts';
import { makeTar } from '../../../electron/core/instances/tar.ts';
import type { LegacyLaunch } from '../../../electron/core/recipes/legacy/launch-policy.ts';
import { aroundScript } from '../../../electron/core/recipes/legacy/script.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';

const run = promisify(execFile);

/** A real shell of this machine. */
const shell: Shell = {
  async run(script, { stdin } = {}) {
    const child = spawn('/bin/sh', ['-c', script]);
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (data: Buffer) => {
      texts.stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      texts.stderr += data.toString();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin ?? '');
    const [code] = await once(child, 'close');
    return { ...texts, exitCode: Number(code) };
  },
};

let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tu'nel "));
  directory = join(home, 'i');
  mkdirSync(directory, { mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (script: string, change: Partial<RunScriptInput> = {}): void => {
  const input: RunScriptInput = {
    id: 'abcdefghij',
    directory,
    listen: null,
    port: null,
    minutes: null,
    workDirectory: home,
    environment: '',
    modules: [],
    ...change,
  };
  writeFileSync(join(directory, 'run.sh'), runScript(input), { mode: 0o700 });
  writeFileSync(join(directory, 'start.sh'), startScript(input));
  writeFileSync(join(directory, 'environment.sh'), `${input.environment}\n`);
  writeFileSync(join(directory, 'script.sh'), script);
};
/** In a session of its own, as launchers do. */
const start = (name = 'sh') => {
  const child = spawn(name, [join(directory, 'run.sh')], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: Number(code), output })) };
};
const file = (name: string): string => readFileSync(join(directory, name), 'utf8').trim();
const available = async (): Promise<string[]> => {
  const found = ['dash', 'bash', 'busybox'].map((name) =>
    run('sh', ['-c', `command -v ${name}`]).then(
      () => name,
      () => '',
    ),
  );
  return (await Promise.all(found)).filter((name) => name === 'dash' || name === 'bash');
};

describe('run.sh', () => {
  test('records node, directory and exit code, in every shell that is here', async () => {
    for (const name of await available()) {
      write('#!/bin/sh\npwd; echo "id $TUNEL_ID" "$WORD"; exit 42\n', {
        environment: 'WORD="it\'s $((1+1))"; export WORD',
      });
      const { code, output } = await start(name).ended;
      expect([code, file('exit')]).toEqual([42, '42']);
      expect(output).toContain(`${home}\nid abcdefghij it's 2`);
      expect(file('started')).toMatch(/^\d{10} \S+$/);
      expect(statSync(join(directory, 'exit')).mode & 0o777).toBe(0o600);
    }
  });

  test('keeps the umask of the user for the app', async () => {
    write('#!/bin/sh\numask\n');
    const { output } = await start().ended;
    expect(output.trim()).toBe((await run('sh', ['-c', 'umask'])).stdout.trim());
  });

  test('runs the script by its own first line', async () => {
    write('#!/usr/bin/env python3\nimport os\nprint(os.environ["TUNEL_NODE"])\n');
    expect((await start().ended).output.trim()).toBe((await run('hostname')).stdout.trim());
  });

  test('says which module and which directory it could not enter', async () => {
    write('#!/bin/sh\n', { modules: ["no'such/1"] });
    expect((await start().ended).output).toContain("so no'such/1 was not loaded");
    expect([file('problem'), file('exit')]).toEqual(["module no'such/1", '78']);
    write('#!/bin/sh\n', { workDirectory: '/no/where' });
    await start().ended;
    expect(file('problem')).toBe('work-directory /no/where');
  });

  test('writes the endpoint when the socket is there, and removes the socket at the end', async () => {
    write(
      '#!/bin/sh\nexec python3 -c \'import os,socket,time; s=socket.socket(socket.AF_UNIX); s.bind(os.environ["TUNEL_SOCKET"]); s.listen(); time.sleep(60)\'\n',
      { listen: 'socket' },
    );
    const { child, ended } = start();
    await expect.poll(() => existsSync(join(directory, 'endpoint')), { timeout: 10_000 }).toBe(true);
    const seen = (await observe(shell, [{ id: 'abcdefghij', directory, logFrom: 0, job: 'job 1' }])).get('abcdefghij');
    expect(seen?.endpoint).toMatchObject({ kind: 'socket', path: `${directory}/s` });
    expect([seen?.exists, seen?.exitCode, file('job')]).toEqual([true, null, 'job 1']);
    process.kill(child.pid ?? 0, 'SIGTERM');
    expect((await ended).code).toBe(143);
    expect(existsSync(join(directory, 's'))).toBe(false);
  });

  test('a socket of a Tunel recipe, named by itself', async () => {
    write(
      '#!/bin/sh\ncd "$TUNEL_DIR"; exec python3 -c \'import socket,time; s=socket.socket(socket.AF_UNIX); s.bind("slurm-web.sock"); s.listen(); time.sleep(60)\'\n',
      { listen: 'socket' },
    );
    const { child, ended } = start();
    await expect.poll(() => existsSync(join(directory, 'endpoint')), { timeout: 10_000 }).toBe(true);
    expect(JSON.parse(file('endpoint'))).toMatchObject({ path: `${directory}/slurm-web.sock` });
    process.kill(child.pid ?? 0, 'SIGTERM');
    await ended;
  });

  test('takes another port when the first is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    write('#!/bin/sh\necho "port $TUNEL_PORT"\n', { listen: 'port', port });
    const { output } = await start().ended;
    taken.close();
    const chosen = Number(/port (\d+)/.exec(output)?.[1]);
    expect(chosen).toBeGreaterThanOrEqual(20_000);
    expect(chosen).not.toBe(port);
  });
});

describe('a directory on the cluster', () => {
  test('tar is read by tar', async () => {
    const name = `files/${'d'.repeat(120)}/${'f'.repeat(90)}`;
    const files = [
      { name: 'a', data: Buffer.from(''), mode: 0o600 },
      { name, data: Buffer.alloc(1500, 'x'), mode: 0o700 },
    ];
    const archive = join(home, 'a.tar');
    const long = `files/${'é'.repeat(60)}/${`${'d'.repeat(90)}/`.repeat(3)}f`;
    files.push({ name: long, data: Buffer.from('deep'), mode: 0o600 });
    writeFileSync(archive, await makeTar(files));
    await run('tar', ['-xof', archive, '-C', directory]);
    expect(statSync(join(directory, name))).toMatchObject({ size: 1500 });
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(directory, long), 'utf8')).toBe('deep');
  });

  test('is sent once, private, and not again', async () => {
    const meta = {
      version: 1,
      id: 'abcdefghij',
      recipe: 'web',
      title: "it's",
      icon: 'app',
      launcher: 'login',
      runtime: 'native',
      createdAt: 1,
      path: '/',
      serve: null,
      from: 'here',
    } as const;
    const send = (secret: string) =>
      upload(shell, home, meta, [
        { name: 'run.sh', data: Buffer.from('#!/bin/sh\n'), mode: 0o700 },
        { name: 'secret', data: Buffer.from(`${secret}\n`), mode: 0o600 },
      ]);
    await send('first');
    await send('second');
    const path = join(home, '.tunel', meta.id);
    const [seen] = (await observe(shell, [{ id: meta.id, directory: path, logFrom: null, job: null }])).values();
    expect(seen).toMatchObject({ meta, secret: 'first' });
    expect(statSync(join(home, '.tunel')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'secret')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["mkdir: cannot create directory '/h/.tunel': Read-only file system", 'read-only'],
    ['tar: script.sh: Cannot write: No space left on device', 'no-space'],
    ['tar: script.sh: Wrote only 512 of 1024 bytes: Disk quota exceeded', 'no-space'],
    ["mkdir: cannot create directory '/h/.tunel': Permission denied", 'not-permitted'],
    ['tar: not found', 'command-failed'],
  ])('%s', (stderr, code) => {
    expect(directoryError({ stderr, exitCode: 3 }, '/h/.tunel/x').code).toBe(code);
  });
});

describe("around a script of Tunel's", () => {
  const legacy = (change: Partial<LegacyLaunch> = {}): LegacyLaunch => ({
    kind: 'socket',
    as: null,
    scriptDirectory: directory,
    link: null,
    jobSlug: 'slurm-socket-app',
    variables: {},
    port: null,
    ...change,
  });
  const serve = (path: string) =>
    `#!/bin/sh\nexec python3 -c 'import socket, time; s = socket.socket(socket.AF_UNIX); s.bind("${path}"); s.listen(); time.sleep(60)'\n`;

  test('a long folder is reached by a short private link, which goes with the app', async () => {
    directory = join(home, 'long'.repeat(30));
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(join(directory, 'secret'), 'abc\n');
    const link = `/tmp/tunel-test-${process.pid}`;
    const path = `${link}/d/slurm-socket-app.sock`;
    write(serve(path), { listen: 'socket', legacy: legacy({ link, scriptDirectory: `${link}/d` }) });
    const { child, ended } = start();
    await expect.poll(() => existsSync(join(directory, 'endpoint')), { timeout: 10_000 }).toBe(true);
    expect(JSON.parse(file('endpoint'))).toMatchObject({ kind: 'socket', path });
    expect(statSync(link).mode & 0o777).toBe(0o700);
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    expect(existsSync(link)).toBe(false);
  });

  test('a name that somebody made before ends it', async () => {
    const link = join(home, 'taken');
    mkdirSync(join(home, 'other'));
    symlinkSync(join(home, 'other'), link);
    write(serve(`${link}/d/x.sock`), { listen: 'socket', legacy: legacy({ link, scriptDirectory: `${link}/d` }) });
    expect((await start().ended).code).not.toBe(0);
    expect(existsSync(join(home, 'other', 'd'))).toBe(false);
  });

  test('its port is another one when that is in use, in the script too', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    writeFileSync(join(directory, 'secret'), 'abc\n');
    write(`#!/bin/sh\necho "--port=${port} $TUNEL_PORT $(umask) $JUPYTER_TOKEN_FILE"\n`, {
      listen: 'port',
      port,
      legacy: legacy({ kind: 'port' }),
    });
    const { output } = await start().ended;
    other.close();
    const [, written, variable, mask] = /--port=(\d+) (\d+) (\d+)/.exec(output) ?? [];
    expect([written, mask]).toEqual([variable, '0077']);
    expect(Number(written)).not.toBe(port);
    expect(readFileSync(join(directory, 'token'), 'utf8')).toBe('abc');
  });

  test('without a VNC server an X app ends with 127 and says what brings one', async () => {
    writeFileSync(join(directory, 'secret'), 'abc\n');
    const launch = legacy({ kind: 'xserver' });
    write('#!/bin/sh\nxterm\n', { listen: 'socket', legacy: launch, environment: 'PATH=/usr/bin:/bin' });
    writeFileSync(
      join(directory, 'around.sh'),
      aroundScript(launch).replaceAll('Xvnc', 'Xnone').replaceAll('Xtigervnc', 'Xno'),
    );
    const { code, output } = await start().ended;
    expect(code).toBe(127);
    expect(missingCommand(output)).toBe('Xnone');
    expect(output).toContain('TigerVNC');
  });
});
