import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { StateFollower } from '../../../cli/state-follower.ts';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import type { Prompt, PromptAnswer } from '../../../electron/shared/prompts.ts';
import { clusterOf, untilGone } from '../../helpers/apps.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { type ClusterInfo, oneTimeCode, onNode, resetOneTimeCodes, upCluster } from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';

/** The port of the login node that asks for a password, then for a one-time code. */
const port = 2204;
const appSchema = z.object({ id: z.string(), state: z.string(), launcher: z.string() });

let info: ClusterInfo;
let home = '';
let tunel: Tunel;
let following: ChildProcess | null = null;
const followers: StateFollower[] = [];

beforeAll(async () => {
  info = await upCluster('login');
  await resetOneTimeCodes(info);
  home = mkdtempSync(join(tmpdir(), 'tunel-one-sign-in-'));
  tunel = new Tunel(await bundleCli(), home);
  // One engine is what this is about, whatever the other tests of this run use.
  delete tunel.environment.TUNEL_NO_ENGINE;
});
afterAll(async () => {
  for (const follower of followers) follower.close();
  // A command that still follows a log would start the engine again.
  following?.kill();
  await tunel?.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

/** How often sshd let ada in, on each node that her connection passes. */
async function countSignIns(): Promise<{ bastion: number; login: number }> {
  const count = async (node: string, log: string) => {
    const counted = await onNode(info, node, ['grep', '-c', '^Accepted .* for ada ', log], { check: false });
    return Number(counted.stdout);
  };
  const [bastion, login] = await Promise.all([
    count('bastion', '/var/log/sshd_22.log'),
    count('login', `/var/log/sshd_${port}.log`),
  ]);
  return { bastion, login };
}

/** Follows the engine as a window does, and answers each question of it once. */
async function followAndAnswer(client: CoreClient, asked: Prompt[], answer: (prompt: Prompt) => PromptAnswer) {
  const follower = new StateFollower(client, { answersPrompts: true, onNextEngine: () => Promise.resolve() });
  followers.push(follower);
  follower.onChange(() => {
    for (const prompt of follower.state.prompts) {
      if (asked.some(({ id }) => id === prompt.id)) continue;
      asked.push(prompt);
      void client.request('prompts.answer', { id: prompt.id, answer: answer(prompt) });
    }
  });
  await follower.start();
}

const cancel = (): PromptAnswer => ({ kind: 'cancel' });

test('a password and a one-time code are given once, for every client and command', async () => {
  expect((await tunel.run('clusters', 'list')).code).toBe(0);
  const before = await countSignIns();
  const asked: Prompt[] = [];
  const window = tunel.client();
  await followAndAnswer(window, asked, (prompt) =>
    prompt.kind === 'secret'
      ? { kind: 'secret', value: 'ada-secret', remember: false }
      : { kind: 'interactive', values: [oneTimeCode(info)] },
  );
  const input = clusterOf(info, { name: 'two-factor', port, methods: ['key', 'interactive'] });
  const { id: clusterId } = await window.request('clusters.save', { input });
  await window.request('clusters.connect', { id: clusterId });
  expect(asked).toMatchObject([
    { kind: 'secret', secret: 'password', wrong: 0 },
    { kind: 'interactive', round: 2, wrong: 0 },
  ]);

  const askedLater: Prompt[] = [];
  const second = tunel.client();
  await followAndAnswer(second, askedLater, cancel);
  await second.request('clusters.connect', { id: clusterId });

  const [listed, executed, launched] = await Promise.all([
    tunel.run('ps'),
    tunel.run('exec', 'two-factor', '--', 'id', '-un'),
    tunel.json('run-app', 'two-factor', 'hello', '--launcher=login', '--wait'),
  ]);
  expect(listed).toMatchObject({ code: 0 });
  expect(executed).toMatchObject({ code: 0, stdout: 'ada\n' });
  const app = appSchema.parse(launched);
  expect(app).toMatchObject({ state: 'ready', launcher: 'login' });
  const follow = await tunel.start('logs', '-f', app.id);
  following = follow.child;
  expect(await tunel.json('api-get', '--app', app.id, '/api/facts')).toMatchObject({ status: 200 });
  await eventually(
    async () => follow.output(),
    (shown) => shown.includes('/api/facts'),
  );
  // Apps of another computer on this cluster are listed as well.
  const apps = z.array(appSchema).parse(await tunel.json('ps'));
  expect(apps.filter(({ id }) => id === app.id)).toMatchObject([{ state: 'ready' }]);
  expect((await tunel.run('stop-app', app.id)).code).toBe(0);
  expect(await follow.ended).toBe(0);
  await untilGone(info, ['login'], app.id);

  expect(asked).toHaveLength(2);
  expect(askedLater).toEqual([]);
  const after = await countSignIns();
  const signIns = { bastion: after.bastion - before.bastion, login: after.login - before.login };
  console.log(
    `questions: ${asked.length}; accepted by sshd of the login node: ${signIns.login}, of the bastion: ${signIns.bastion}; clients: 2 and 7 commands`,
  );
  expect(signIns).toEqual({ bastion: 1, login: 1 });
});
