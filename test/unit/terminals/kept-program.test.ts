import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepingProgram, programScript } from '../../../electron/core/terminals/kept/program.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { runCommand } from '../../helpers/clusters.ts';

let home = '';
let id = '';
/** Where holders of this user listen. */
const sockets = `/tmp/tunel-terminals-${process.getuid?.()}`;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel-kept-'));
  id = randomBytes(5).toString('hex');
  const folder = join(home, '.tunel', 'terminals', id);
  mkdirSync(folder, { recursive: true });
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'session.json'), JSON.stringify({ id, node: hostname(), title: 'hpc', startedAt: 1 }));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(join(sockets, `${id}.sock`), { force: true });
});

async function look(): Promise<unknown[]> {
  const script = `HOME=${quote(home)}; export HOME; ${programScript(['look'])}`;
  const { stdout } = await runCommand('sh', ['-c', script], { input: keepingProgram });
  return JSON.parse(stdout).sessions;
}

test('a terminal whose holder does not say how it is stays, and one without a holder is forgotten', async () => {
  const path = join(sockets, `${id}.sock`);
  const holder = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.end(Buffer.from('S\0\x01?', 'latin1'));
  });
  await new Promise<void>((resolve) => holder.listen(path, resolve));
  expect(await look()).toMatchObject([{ id, running: null, isAttached: null }]);
  expect(existsSync(path)).toBe(true);
  await new Promise((resolve) => holder.close(resolve));
  expect(await look()).toEqual([]);
  expect(existsSync(join(home, '.tunel', 'terminals', id))).toBe(false);
});
