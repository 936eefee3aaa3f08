import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clusterOf } from '../../helpers/apps.ts';
import { runChild } from '../../helpers/child.ts';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';

const outcomeSchema = z.object({
  asked: z.number(),
  failed: z.string().nullable(),
  keychain: z.enum(['system', 'memory']),
  keychainReason: z.string(),
  remembered: z.number(),
});

/** A real Secret Service on a bus of its own, unlocked, as a desktop's login does it. */
const unlocked = (script: string) => [
  'dbus-run-session',
  '--',
  'sh',
  '-c',
  `printf keyring-pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ${script}`,
];

describe('the password of a cluster', () => {
  let login: ClusterInfo;
  let folder = '';
  let data = '';
  let env: Record<string, string>;

  beforeAll(async () => {
    login = await upCluster('login', 'shared');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-keychain-'));
    data = join(folder, 'data');
    // The keyring's own file is below XDG_DATA_HOME, so that no keyring of this machine's user is touched.
    env = { HOME: folder, XDG_DATA_HOME: join(folder, 'share'), XDG_RUNTIME_DIR: folder };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const signIn = async (password: string, wrap?: (argv: string[]) => string[]) => {
    const cluster = clusterOf(login, { methods: ['password'], keyFiles: [] });
    const done = await runChild({ data, cluster, password }, { env, wrap });
    if (done.code !== 0) throw new Error(done.stderr);
    return outcomeSchema.parse(JSON.parse(done.stdout));
  };
  const quoted = (argv: string[]) => argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const inData = (text: string) => runCommand('grep', ['-rlaF', text, data], { check: false });

  test('is kept in the keychain, and nowhere else', async () => {
    const first = await signIn('ada-secret', (argv) => unlocked(`exec ${quoted(argv)}`));
    // Both hops ask for the same account's password once each.
    expect(first).toMatchObject({ failed: null, keychain: 'system', keychainReason: '', remembered: 2 });
    expect(first.asked).toBe(2);

    const again = await signIn('', (argv) => unlocked(`exec ${quoted(argv)}`));
    expect(again).toMatchObject({ asked: 0, failed: null, keychain: 'system', remembered: 2 });

    expect((await inData('login')).stdout).toContain('clusters.json');
    expect((await inData('ada-secret')).stdout).toBe('');
    expect((await inData(Buffer.from('ada-secret').toString('base64'))).stdout).toBe('');
  });

  test('is asked for each time where there is no keychain', async () => {
    // A bus without a Secret Service; its own, for this machine might have one.
    const bare = (argv: string[]) => ['dbus-run-session', '--', ...argv];
    const first = await signIn('ada-secret', bare);
    expect(first).toMatchObject({ asked: 2, failed: null, keychain: 'memory' });
    expect(first.keychainReason).not.toBe('');
    expect((await inData('ada-secret')).stdout).toBe('');

    const again = await signIn('', bare);
    expect(again.asked).toBe(1);
    expect(again.failed).not.toBeNull();
    expect(await signIn('ada-secret', bare)).toMatchObject({ asked: 2, failed: null });
  });
});
