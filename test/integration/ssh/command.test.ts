import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { CommandStream } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';
import { liveConnection } from '../../helpers/live-connection.ts';

let cluster: ClusterInfo;
let bastion: LiveConnection;
let connection: LiveConnection;

beforeAll(async () => {
  cluster = await upCluster('login');
  bastion = await liveConnection(cluster, 'bastion');
  connection = await liveConnection(cluster, 'login', { through: bastion });
});
afterAll(() => {
  connection?.close();
  bastion?.close();
});

async function all(stream: CommandStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const running = async (word: string) =>
  (await onNode(cluster, 'login', ['pgrep', '-f', `^${word}`], { check: false })).stdout.trim();

describe('a command that stays open', () => {
  it('carries every byte both ways, and both ends of its input', async () => {
    const sent = randomBytes(3_000_000);
    const stream = await connection.openCommand('cat');
    stream.end(sent);
    const back = await all(stream);
    expect(createHash('sha256').update(back).digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
    expect(await stream.ended).toEqual({ code: 0, signal: null });
  });

  it('tells its exit code and the last of what it said, and nothing of the login files', async () => {
    const stream = await connection.openCommand('printf out; echo first >&2; echo "it broke" >&2; exit 7');
    expect(String(await all(stream))).toBe('out');
    expect(await stream.ended).toEqual({ code: 7, signal: null });
    expect(stream.said).toBe('first\nit broke');
  });

  it('ends on both sides when it is destroyed, also one that does not read', async () => {
    const talks = await connection.openCommand('echo up; exec -a ada-talks cat 2>/dev/null || exec cat');
    const deaf = await connection.openCommand('echo up; exec sleep 86111');
    for (const stream of [talks, deaf]) await once(stream, 'data');
    talks.destroy();
    deaf.destroy();
    await Promise.all([talks.ended, deaf.ended]);
    await eventually(
      () => running('sleep 86111'),
      (pids) => pids === '',
    );
  });

  it('can be called off while it opens', async () => {
    const error = await connection.openCommand('cat', { signal: AbortSignal.abort() }).catch(AppError.from);
    expect(error).toMatchObject({ code: 'cancelled' });
  });

  it('dies with its connection, with the reason', async () => {
    const other = await liveConnection(cluster, 'login', { through: bastion });
    const stream = await other.openCommand('echo up; cat');
    await once(stream, 'data');
    const failed = once(stream, 'error');
    other.close();
    expect(await failed).toMatchObject([{ code: 'connection-lost' }]);
    await stream.ended;
  });

  it('says that an account is for files only', async () => {
    const files = await liveConnection(cluster, 'login', { port: 2209, through: bastion });
    const error = await files.openCommand('cat').catch(AppError.from);
    expect(error).toMatchObject({ code: 'command-failed', message: expect.stringMatching(/did not run a command/) });
    files.close();
  });

  it.each([22, 2208])('leaves room for scripts however many stay open, at port %i', async (port) => {
    const own = await liveConnection(cluster, 'login', { port, through: bastion });
    const streams: CommandStream[] = [];
    for (let count = 0; count < 7; count++) streams.push(await own.openCommand('cat'));
    for (const [index, stream] of streams.entries()) {
      stream.write(`to ${index}`);
      expect(String((await once(stream, 'data'))[0])).toBe(`to ${index}`);
    }
    const { stdout } = await own.run('echo alive', { timeoutMs: 5000 });
    expect(stdout).toBe('alive\n');
    for (const stream of streams) stream.destroy();
    await Promise.all(streams.map((stream) => stream.ended));
    // The connections beside it are gone with their last command.
    const sessions = () => asUser('ada', cluster, 'login', ['sh', '-c', 'pgrep -c cat || true']);
    await eventually(sessions, ({ stdout: count }) => count.trim() === '0');
    own.close();
  });
});

describe('a command in a session that nothing else needs', () => {
  it('stays open beside scripts, and ends when its session is needed', async () => {
    const other = await liveConnection(cluster, 'login', { through: bastion });
    try {
      const held = await Promise.all([1, 2, 3, 4].map(() => other.openCommand('echo up; cat')));
      await other.run('true');
      const cost = () => ({ commandsRun: 7, cpuSeconds: 100 });
      const before = other.usage;
      const spare = await other.openSpareCommand('echo up; exec cat', { cost });
      if (!spare) throw new Error('There was none to spare.');
      const failed = once(spare, 'error');
      await once(spare, 'data');
      expect(String(await other.readFile('/etc/hostname'))).not.toBe('');
      expect(await failed).toMatchObject([{ code: 'cancelled' }]);
      await spare.ended;
      for (const stream of held) expect(stream.destroyed).toBe(false);
      expect((await other.run('echo still')).stdout).toBe('still\n');
      expect(other.usage.commandsRun).toBe(before.commandsRun + 8);
      expect(other.usage.cpuSeconds).toBeGreaterThanOrEqual(before.cpuSeconds + 100);
    } finally {
      other.close();
    }
  });

  it('is not to be had where the server allows one session at a time', async () => {
    const single = await liveConnection(cluster, 'login', { port: 2208, through: bastion });
    try {
      await single.run('true');
      expect(await single.openSpareCommand('cat')).toBeNull();
      expect(await single.openSpareCommand('cat')).toBeNull();
      expect((await single.run('echo still')).stdout).toBe('still\n');
      expect(single.usage.sessionsStarted).toBe(1);
    } finally {
      single.close();
    }
  });

  it('starts again with the variables of the login shell once they are known', async () => {
    const other = await liveConnection(cluster, 'login', { through: bastion });
    try {
      const before = await other.openSpareCommand('echo up; exec cat');
      const failed = before && once(before, 'error');
      other.setLoginVariables({ SGE_ROOT: '/sge' });
      expect(await failed).toMatchObject([{ code: 'cancelled' }]);
      const after = await other.openSpareCommand('printf %s "$tunel_login"');
      expect(String(after && (await all(after)))).toBe('SGE_ROOT=/sge');
    } finally {
      other.close();
    }
  });
});
