import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodeFacts, readAddress, readFacts } from '../../../electron/core/exposure/facts.ts';
import { factsScript } from '../../../electron/core/exposure/facts-script.ts';
import type { Endpoint } from '../../../electron/shared/instances.ts';

const run = promisify(execFile);

describe.each(['dash', 'bash'])('the look at a node, by %s', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-exposure-'));
  const odd = join(folder, "an ' odd\n@abc end\nname *");
  const servers: Server[] = [];
  const listen = (at: string | { port: number; host: string }) =>
    new Promise<Server>((resolve) => {
      const server = createServer();
      servers.push(server);
      server.listen(at, () => resolve(server));
    });
  const look = async (endpoint: Endpoint): Promise<NodeFacts> => {
    const { stdout } = await run(shell, ['-c', factsScript('none', endpoint, 'abc')]);
    return readFacts(`a banner\n${stdout}`, 'abc');
  };

  beforeAll(async () => {
    await mkdir(odd, { mode: 0o700 });
    await listen(join(odd, 's'));
    symlinkSync(odd, join(folder, 'link'));
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  test('reads modes up to the root, through links and names that try to be facts', async () => {
    chmodSync(join(odd, 's'), 0o640);
    const { endpoint, me, processes } = await look({ kind: 'socket', node: 'x', path: join(folder, 'link', 's') });
    expect(me).toMatchObject({ uid: process.getuid?.(), gid: process.getgid?.() });
    expect(endpoint?.path).toBe(`${join(odd, 's')}`.replaceAll('\n', '\u{fffd}'));
    const modes = endpoint?.entries.map((entry) => entry?.mode.slice(0, 10)) ?? [];
    expect(modes.slice(0, 3)).toEqual(['srw-r-----', 'drwx------', 'drwx------']);
    expect(modes).toHaveLength(join(odd, 's').split('/').length);
    expect(processes).toBe(0);
  });

  test('finds who listens on a port, whatever hexadecimal number looks like a power of ten', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { tcp, endpoint } = await look({ kind: 'port', node: 'x', port });
    expect(endpoint).toBeNull();
    expect(tcp).toEqual([{ address: '127.0.0.1', port, byApp: false, inside: false }]);
    expect((await look({ kind: 'port', node: 'x', port: 0x00e1 })).tcp).toEqual([]);
  });

  test('says that a socket is gone', async () => {
    expect((await look({ kind: 'socket', node: 'x', path: join(folder, 'gone') })).endpoint).toBeNull();
  });
});

test('an answer that was cut off is an error, not half of the facts', () => {
  expect(() => readFacts('@abc me 0 0 =00\n@abc proc\n', 'abc')).toThrow(/did not come to its end/);
  expect(() => readFacts('@other end\n', 'abc')).toThrow(/did not come to its end/);
});

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['0B6E12C6', '198.18.110.11'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ['000080FE00000000FF005450A1B2C3FE', 'fe80:0:0:0:5054:ff:fec3:b2a1'],
])('reads the address %s as %s', (hex, address) => {
  expect(readAddress(hex)).toBe(address);
});
