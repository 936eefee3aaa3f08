import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { StateFollower } from '../../../cli/state-follower.ts';
import { version } from '../../../cli/version.ts';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { findLiveEngine } from '../../../electron/client/engine-address.ts';
import { createReconnectingClient } from '../../../electron/client/reconnecting-client.ts';
import { startBackground } from '../../../electron/client/start-background.ts';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { isOver } from '../../../electron/shared/instance-policy.ts';
import { type Instance, launchInputSchema } from '../../../electron/shared/instances.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { killEngine } from '../../helpers/engine.ts';
import { eventually } from '../../helpers/instance.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

/** When the engine is killed: at a step as the state shows it, or when a file of the launch appears on the cluster. */
type Moment = { step: Instance['steps'][number]['name'] } | { file: string };

const moments: readonly Moment[] = [
  { step: 'connect' },
  { step: 'upload' },
  { file: 'run.sh' },
  { step: 'submit' },
  // From here on a process may exist whose number no engine knows.
  { file: 'log' },
  { file: 'pid' },
  { file: 'started' },
  { step: 'queue' },
  { step: 'start' },
  { step: 'tunnel' },
];

const input = launchInputSchema.parse({ clusterId: 'demo', recipe: 'hello' });
const jsonSchema = z.union([z.object({ id: z.string() }), z.object({ error: z.looseObject({ code: z.string() }) })]);

let home = '';
let tunel: Tunel;
let client: CoreClient;
let follower: StateFollower;
const followers: StateFollower[] = [];

const directory = (id: string) => join(tunel.dataDirectory, 'demo/home/.tunel', id);
const instances = () => follower.state.instances;

/** An engine that is being killed may still take the request, which changes nothing and is made again. */
async function enginePid(): Promise<number> {
  for (;;) {
    try {
      return (await client.request('engine.status', undefined)).pid;
    } catch (error) {
      if (AppError.from(error).code !== 'engine-down') throw error;
    }
  }
}

/** Follows the state as the window does; it prepares each next engine in the same manner. */
async function follow(): Promise<void> {
  const prepare = async () => {
    await client.request('demo.start', undefined);
    await client.request('instances.resume', undefined);
  };
  follower = new StateFollower(client, { answersPrompts: false, onNextEngine: prepare });
  followers.push(follower);
  await follower.start();
  await prepare();
}

/** The first answer that is not null, asked at each change of the state. */
function until<T>(what: string, look: () => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stop();
      clearTimeout(timer);
      finish();
    };
    const check = () => {
      try {
        if (follower.failure) throw follower.failure;
        const found = look();
        if (found !== null) settle(() => resolve(found));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const stop = follower.onChange(check);
    const late = () => new Error(`${what}: not within ${PATIENCE_MS} ms: ${JSON.stringify(instances())}`);
    const timer = globalThis.setTimeout(() => settle(() => reject(late())), PATIENCE_MS);
    check();
  });
}

const hasBegun = ({ steps }: Instance, name: string) =>
  steps.some((step) => step.name === name && step.state !== 'todo');

/** Kills the engine at the moment of the launch that is not among the known ones; resolves with the launch's id. */
async function killAt(moment: Moment, known: ReadonlySet<string>, killed = () => {}): Promise<string> {
  const launched = () => instances().find(({ id }) => !known.has(id)) ?? null;
  if ('step' in moment) {
    return until(`step ${moment.step}`, () => {
      const instance = launched();
      if (!instance || !hasBegun(instance, moment.step)) return null;
      killEngine(tunel.dataDirectory);
      killed();
      return instance.id;
    });
  }
  const { id } = await until('a launch', launched);
  const end = Date.now() + PATIENCE_MS;
  while (!existsSync(join(directory(id), moment.file))) {
    if (Date.now() > end) throw new Error(`${moment.file} of ${id} did not appear`);
    await setTimeout(1);
  }
  killEngine(tunel.dataDirectory);
  killed();
  return id;
}

/** @returns the acknowledged id; null: the engine was killed before it had answered */
async function launchByCommand(): Promise<string | null> {
  const { stdout, stderr } = await tunel.run('run-app', 'demo', 'hello', '--wait', '--json');
  const answer = jsonSchema.safeParse(JSON.parse(stdout || 'null'));
  if (!answer.success) throw new Error(`run-app: ${stdout} ${stderr}`);
  if ('id' in answer.data) return answer.data.id;
  // What was acknowledged is followed to its end, so only a launch that was not can fail.
  expect(answer.data.error).toMatchObject({ code: 'engine-down', message: 'The engine ended before it answered.' });
  return null;
}

const launchByClient = (): Promise<string | null> =>
  client.request('instances.launch', input).then(
    ({ id }) => id,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'engine-down' });
      return null;
    },
  );

const becomes = (id: string, ...states: Instance['state'][]) =>
  until(`${id} is ${states.join(' or ')}`, () => {
    const instance = follower.isCurrent ? instances().find((each) => each.id === id) : undefined;
    if (instance && isOver(instance.state)) throw new Error(`It is over: ${JSON.stringify(instance)}`);
    return instance && states.includes(instance.state) ? instance : null;
  });

const processesOf = async (id: string): Promise<string[]> => {
  const { stdout } = await runCommand('pgrep', ['-f', `hello[.]py.*/${id}/`], { check: false });
  return stdout.split('\n').filter((line) => line !== '');
};

/** How often it was run: each run appends a line to its log. */
const runsOf = (id: string): number =>
  readFileSync(join(directory(id), 'log'), 'utf8').split('Listening on').length - 1;

/**
 * As if the engine had been away for so long: the times of a launch, moved back in the history that it left.
 * @returns the launch as that engine left it
 */
async function moveBack(id: string, ms: number): Promise<Instance> {
  const storage = openStorage(tunel.dataDirectory, systemClock);
  const stored = storage.findInstance(id);
  if (!stored) throw new Error(`${id} is not in the history`);
  const { instance, removed } = stored;
  const earlier = (time: number | null) => (time === null ? null : time - ms);
  const steps = instance.steps.map((step) => ({
    ...step,
    startedAt: earlier(step.startedAt),
    endedAt: earlier(step.endedAt),
  }));
  storage.saveInstance({ instance: { ...instance, createdAt: instance.createdAt - ms, steps }, removed });
  await storage.close();
  return instance;
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-crash-'));
  const file = await bundleCli();
  tunel = new Tunel(file, home);
  tunel.environment.TUNEL_NO_ENGINE = undefined;
  const data = tunel.dataDirectory;
  const engine = join(dirname(file), 'engine-background.js');
  client = createReconnectingClient({
    findEngine: () => findLiveEngine(data),
    version,
    startEngine: () => startBackground(engine, data),
  });
  await follow();
});

afterEach(async () => {
  await follow();
  for (const { id, state } of instances()) {
    if (!isOver(state)) await client.request('instances.end', { id });
  }
  await until('all ended', () => instances().every(({ state }) => isOver(state)) || null);
  for (const each of followers.splice(0)) each.close();
  await tunel.stopEngine();
  const left = async () => (await runCommand('pgrep', ['-af', home], { check: false })).stdout;
  expect(await eventually(left, (found) => found === '')).toBe('');
  rmSync(home, { recursive: true, force: true });
});

describe('launches survive the death of their engine', () => {
  test('20 times, by the window and by a command: none is lost, none runs twice', async () => {
    const startedAt = Date.now();
    const ids = new Set<string>();
    let unanswered = 0;
    for (const moment of moments) {
      for (const launch of [launchByClient, launchByCommand]) {
        const before = await enginePid();
        const [id, acknowledged] = await Promise.all([killAt(moment, ids), launch()]);
        if (acknowledged === null) unanswered += 1;
        else expect(acknowledged).toBe(id);
        ids.add(id);
        await becomes(id, 'ready');
        expect(await enginePid()).not.toBe(before);
      }
    }
    for (const id of ids) await becomes(id, 'ready');
    const lost = [...ids].filter((id) => !instances().some((instance) => instance.id === id));
    const running = await Promise.all([...ids].map(async (id) => (await processesOf(id)).length));
    const duplicated = [...ids].filter((id, index) => runsOf(id) !== 1 || running[index] !== 1);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    console.log(
      `engine killed ${ids.size} times in ${seconds} s (${unanswered} before the answer): ${lost.length} lost, ${duplicated.length} duplicated`,
    );
    expect({ kills: ids.size, lost, duplicated }).toEqual({ kills: 2 * moments.length, lost: [], duplicated: [] });
    // Nothing was launched besides.
    expect(readdirSync(directory('')).sort()).toEqual([...ids].sort());
    expect(instances()).toHaveLength(ids.size);
  });

  test('one that was cut off long ago waits for its user, who continues it', async () => {
    const killed = async (): Promise<string> => {
      const known = new Set(instances().map(({ id }) => id));
      // No client is left that would start the next engine.
      const [id] = await Promise.all([killAt({ step: 'upload' }, known, () => follower.close()), launchByClient()]);
      const left = await moveBack(id, 5 * 60_000);
      await follow();
      // The state comes some time after what it shows, so this kill may be too late. A submission that had begun may have reached
      // the cluster, where the next engine finds it, or may not have.
      const outcomes = hasBegun(left, 'submit') ? (['ready', 'interrupted'] as const) : (['interrupted'] as const);
      const { state } = await becomes(id, ...outcomes);
      if (state === 'ready') return killed();
      expect(await processesOf(id)).toEqual([]);
      return id;
    };
    const first = await killed();
    await client.request('instances.continue', { id: first });
    await becomes(first, 'ready');
    const second = await killed();
    await tunel.json('continue', second);
    await becomes(second, 'ready');
    for (const id of [first, second]) expect([runsOf(id), (await processesOf(id)).length]).toEqual([1, 1]);
  });
});
