import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runCommand } from '../../helpers/clusters.ts';
import { type Desktop, startDesktop } from '../../helpers/keyring.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

const root = join(import.meta.dirname, '../../..');
const outfile = join(root, 'test-results/bundles/secrets-child.mjs');
const outcomeSchema = z.object({
  kind: z.enum(['system', 'memory']),
  reason: z.string(),
  problem: z.string().nullable(),
  value: z.string().nullable(),
  accounts: z.array(z.string()),
  ms: z.object({ open: z.number(), first: z.number(), later: z.number() }),
});

let desktop: Desktop | null = null;
beforeAll(() =>
  build({
    entryPoints: [join(root, 'test/helpers/secrets-child.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
  }),
);
afterEach(async () => {
  await desktop?.close();
  desktop = null;
});

/** Runs to its own end, which a call that blocks a thread of the process would prevent. */
async function useSecrets(env: Record<string, string>) {
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const { code, stdout, stderr } = await runCommand('env', [...words, process.execPath, outfile], {
    check: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  expect([code, stderr]).toEqual([0, '']);
  return outcomeSchema.parse(JSON.parse(stdout));
}

describe('secrets', () => {
  test('are in the keychain where it answers', async () => {
    desktop = await startDesktop({ keyring: true });
    const { ms: _ms, ...outcome } = await useSecrets(desktop.env);
    expect(outcome).toEqual({
      kind: 'system',
      reason: '',
      problem: null,
      value: 'secret',
      accounts: ['password:ada'],
    });
  });

  test('are in memory where it does not answer: opening does not wait, and only the first call does', async () => {
    desktop = await startDesktop({ keyring: true });
    desktop.freezeKeyring();
    const { ms, ...outcome } = await useSecrets(desktop.env);
    expect(outcome).toEqual({
      kind: 'memory',
      reason: 'the keychain did not answer within 3 s',
      problem: 'timed-out',
      value: 'secret',
      accounts: ['password:ada'],
    });
    expect(ms.open).toBeLessThan(1000);
    expect(ms.first).toBeGreaterThanOrEqual(2900);
    expect(ms.later).toBeLessThan(1000);
  });

  test('are in memory where there is none', async () => {
    desktop = await startDesktop({ keyring: false });
    const outcome = await useSecrets(desktop.env);
    expect(outcome).toMatchObject({ kind: 'memory', problem: expect.any(String), value: 'secret' });
    expect(outcome.problem).not.toBe('timed-out');
    expect(outcome.reason).not.toBe('');
  });
});
