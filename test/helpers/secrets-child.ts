/** Uses the keychain of its session as a command does, and tells how long each call took. It ends by itself. */
import { openSecrets } from '../../electron/core/storage/secrets.ts';

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const begun = performance.now();
  const value = await work();
  return { value, ms: Math.round(performance.now() - begun) };
}

const opened = await timed(() => openSecrets(logger));
const secrets = opened.value;
const saved = await timed(() => secrets.set('password:ada', 'secret'));
const read = await timed(() => secrets.get('password:ada'));
const listed = await timed(() => secrets.list('password:'));
process.stdout.write(
  JSON.stringify({
    kind: secrets.kind,
    reason: secrets.reason,
    problem: secrets.problem,
    value: read.value,
    accounts: listed.value,
    ms: { open: opened.ms, first: saved.ms, later: read.ms + listed.ms },
  }),
);
