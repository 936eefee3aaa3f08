import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDemoKeys } from '../../../electron/core/demo/keys.ts';
import { attachScript, keepingProgram } from '../../../electron/core/terminals/kept/program.ts';
import { bundleDemo } from '../../helpers/bundle-demo.ts';

/** Where holders of this user listen. */
const sockets = `/tmp/tunel-terminals-${process.getuid?.()}`;
let folder = '';
let demo: ChildProcess;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-demo-'));
  const keys = readDemoKeys(folder);
  const program = join(folder, 'server.mjs');
  await bundleDemo(program);
  demo = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!demo.stdout) throw new Error('It has no output.');
  const [line] = await once(createInterface(demo.stdout), 'line');
  client = new Client();
  const port = Number(String(line).split(' ')[1]);
  client.connect({
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    privateKey: readFileSync(keys.userKeyFile),
  });
  await once(client, 'ready');
});
afterAll(() => {
  // The server may close the connection first.
  client.on('error', () => undefined);
  demo.kill();
  client.end();
  rmSync(folder, { recursive: true, force: true });
});

/** How a command on a terminal of the demo cluster ends, as its server says. */
function run(command: string): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    client.exec(command, { pty: { cols: 80, rows: 24, term: 'xterm' } }, (error, stream) => {
      if (error) return reject(error);
      stream.resume();
      stream.on('close', (code: number | null, signal?: string) => {
        resolve({ code: code ?? null, signal: signal?.replace(/^SIG/, '') ?? null });
      });
    });
  });
}

describe('a kept terminal of the demo cluster', () => {
  let id: string;
  let holder: Server;
  /** What its holder answers to whoever wants to show it. */
  let answer: string;
  beforeEach(async () => {
    id = randomBytes(5).toString('hex');
    const own = join(folder, 'home/.tunel/terminals', id);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'program.py'), keepingProgram);
    mkdirSync(sockets, { recursive: true, mode: 0o700 });
    holder = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from(answer, 'latin1')));
    });
    holder.listen(join(sockets, `${id}.sock`));
    await once(holder, 'listening');
  });
  afterEach(() => {
    holder.close();
    rmSync(join(sockets, `${id}.sock`), { force: true });
  });

  test.each([138, 140, 7])('ends with its shell’s own code %i', async (code) => {
    answer = `E\0\x01${String.fromCharCode(code)}`;
    expect(await run(attachScript(id))).toEqual({ code, signal: null });
  });

  test('ends by USR1 where another one shows it', async () => {
    answer = 'X\0\0';
    expect(await run(attachScript(id))).toEqual({ code: null, signal: 'USR1' });
  });

  test('ends by USR2 where its holder has gone, and leaves no report', async () => {
    answer = '';
    expect(await run(attachScript(id))).toEqual({ code: null, signal: 'USR2' });
    expect(await run(attachScript('bbbbbbbbbb'))).toEqual({ code: null, signal: 'USR2' });
    expect(readdirSync(join(folder, 'signals'))).toEqual([]);
  });
});
