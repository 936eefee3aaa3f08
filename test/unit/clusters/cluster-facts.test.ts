import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { type ClusterFactsService, createClusterFacts } from '../../../electron/core/clusters/cluster-facts.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import type { RunOptions } from '../../../electron/core/ssh/types.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { localConnection } from '../folders/local-connection.ts';

let directory: string;
let storage: Storage;
let facts: ClusterFactsService;
let scripts: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunel-facts-'));
  storage = openStorage(directory, systemClock);
  facts = createClusterFacts({ connections: notConnected, storage, launchers, clock });
  scripts = [];
});
afterEach(() => {
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What waits for a while waits no time. */
const clock = { now: systemClock.now, sleep: () => Promise.resolve() };
const notConnected = { acquire: () => Promise.reject(new AppError('connection-refused', 'No connection.')) };

/** This machine's own sh in place of a cluster's; it counts the scripts that read the home directory. */
const connection = (closed = new AbortController()) => ({
  node: 'here',
  closed: closed.signal,
  setLoginVariables: () => undefined,
  run: (script: string, options?: RunOptions) => {
    if (script.includes('df -Pk "$HOME"')) scripts.push(script);
    if (closed.signal.aborted) return Promise.reject(AppError.from(closed.signal.reason));
    return localConnection.run(script, options);
  },
});

describe('cluster facts', () => {
  test('concurrent readers share one reading, and later ones get what was saved', async () => {
    const changes: string[] = [];
    facts.onChange((id) => changes.push(id));
    const one = connection();
    expect(facts.known('a')).toBeNull();
    const all = await Promise.all([facts.read('a', one), facts.read('a', one), facts.refresh('a', one)]);
    expect(all.map(({ home }) => home)).toEqual(Array(3).fill(process.env.HOME));
    expect(await facts.read('a', one)).toEqual(storage.facts('a'));
    expect(scripts).toHaveLength(1);
    // Once as read, once more with the modules.
    expect(changes).toEqual(['a', 'a']);
  });

  test('who stops waiting leaves the others alone', async () => {
    const one = connection();
    const left = new AbortController();
    const gone = facts.read('a', one, left.signal);
    const stays = facts.read('a', one);
    left.abort(new AppError('cancelled', 'Not wanted.'));
    await expect(gone).rejects.toMatchObject({ code: 'cancelled', message: 'Not wanted.' });
    expect((await stays).home).toBe(process.env.HOME);
  });

  test('a connection that is lost fails its readers; the next connection reads anew', async () => {
    const closed = new AbortController();
    closed.abort(new AppError('connection-lost', 'It went away.'));
    await expect(facts.read('a', connection(closed))).rejects.toMatchObject({ code: 'connection-lost' });
    expect(facts.known('a')).toBeNull();
    await facts.read('a', connection());
    expect(scripts).toHaveLength(2);
  });

  test('a refresh detects anew what is known, and tells until nobody listens', async () => {
    const changes: string[] = [];
    const unsubscribe = facts.onChange((id) => changes.push(id));
    const one = connection();
    await facts.refresh('a', one);
    unsubscribe();
    await facts.refresh('a', one);
    expect(scripts).toHaveLength(2);
    expect(changes).toEqual(['a', 'a']);
  });
});
