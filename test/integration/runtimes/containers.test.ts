import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instance } from '../../../electron/shared/instances.ts';
import { onNode } from '../../helpers/clusters.ts';
import { openPlace, type Place, USER } from './place.ts';

const NODE = 'apx';
const images = '/opt/images';

let place: Place;
beforeAll(async () => {
  place = await openPlace('containers');
  // Of a run that was killed.
  await onNode(place.info, NODE, `umount -l /home/${USER}/.tunel/cache`, { check: false });
  await onNode(place.info, NODE, `pkill -u ${USER} -f '^python3 registry'`, { check: false });
  await place.on(NODE, 'rm -rf ~/.tunel/cache; mkdir -p ~/bound; echo bound >~/bound/file');
});
afterAll(() => place.close());

const failed = (id: string): Promise<Instance> =>
  place.rig.until(id, (now) => now.state === 'failed' || now.state === 'ended');

describe.each([
  ['apptainer', `${images}/tunel-python.sif`],
  ['podman', `${images}/tunel-python.tar`],
  ['apptainer', `${images}/tunel-python.tar`],
] as const)('%s with %s', (runtime, image) => {
  test('hello answers whoever is signed in, and leaves nothing', async () => {
    const id = place.rig.launch('hello', { runtime, image });
    const ready = await place.rig.untilState(id, 'ready');
    expect(ready).toMatchObject({ runtime, route: { kind: 'socket' }, progress: null });
    expect(ready.steps.map((step) => step.name)).toContain('image');
    expect(await place.rig.isAnswering(id)).toBeNull();
    expect((await place.ask(id, '/api/facts', false)).status).toBe(403);
    const facts = await place.ask(id, '/api/facts', true);
    expect(JSON.parse(facts.text)).toMatchObject({ socket: `${ready.directory}/s` });
    expect(await place.on(NODE, `stat -c '%a %U' ${ready.directory} ${ready.directory}/s`)).toBe(
      `700 ${USER}\n600 ${USER}\n`,
    );
    expect(await place.on(NODE, 'ps -eo args=')).not.toContain(place.rig.targets.get(id)?.token);
    place.rig.instances.stop(id);
    expect((await place.rig.untilState(id, 'ended')).error).toBeNull();
    await place.quiet(NODE);
  });

  test('the app is itself inside: its user, directories, variables, exit code', async () => {
    const id = place.rig.launch('look', { runtime, image });
    const { error } = await failed(id);
    expect(error).toMatchObject({ code: 'job-failed', message: expect.stringContaining('exit code 7') });
    const lines = (await place.log(id)).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'uid 1002',
        expect.stringMatching(/^umask 00[02]2$/),
        `work /home/${USER}`,
        `home /home/${USER}`,
        `node ${NODE}`,
        'odd it\'s $HOME "$(id)"',
        'secret none none',
        `inside ${runtime}`,
        'bound bound read-only',
      ]),
    );
    expect(await place.on(NODE, 'stat -c %U ~/.tunel-made; rm -f ~/.tunel-made')).toBe(`${USER}\n`);
    await place.quiet(NODE);
  });
});

describe.each([
  ['apptainer', `${images}/tunel-python.sif`],
  ['podman', `${images}/tunel-python.tar`],
] as const)('%s', (runtime, image) => {
  test('an app that is deaf to TERM is ended, with all it started', async () => {
    const id = place.rig.launch('stubborn', { runtime, image });
    await expect.poll(() => place.log(id)).toContain('deaf');
    place.rig.instances.end(id);
    await place.rig.untilState(id, 'ended');
    await place.quiet(NODE);
  });

  test('an app that saves has its time, and its image', async () => {
    const id = place.rig.launch('saves', { runtime, image });
    await expect.poll(() => place.log(id)).toContain('at work');
    place.rig.instances.stop(id);
    const ended = await place.rig.untilState(id, 'ended');
    expect(await place.on(NODE, `cat ${ended.directory}/saved`)).toBe('"saved"');
    await place.quiet(NODE);
  });

  test('two at once, and one ends alone', async () => {
    const [first, second] = [1, 2].map(() => place.rig.launch('hello', { runtime, image })) as [string, string];
    await place.rig.untilState(first, 'ready');
    await place.rig.untilState(second, 'ready');
    place.rig.instances.end(first);
    await place.rig.untilState(first, 'ended');
    expect(await place.rig.isAnswering(second)).toBeNull();
    place.rig.instances.stop(second);
    await place.rig.untilState(second, 'ended');
    await place.quiet(NODE);
  });

  test.each([
    ['/opt/images/none.tar', 'image-missing', /The image \/opt\/images\/none\.tar is not on/],
    [`/home/${USER}/broken.tar`, runtime === 'podman' ? 'runtime-failed' : 'runtime-failed', /could not/],
  ])('%s: %s', async (path, code, words) => {
    await place.on(NODE, 'head -c 100000 /dev/urandom >~/broken.tar');
    const id = place.rig.launch('hello', { runtime, image: path });
    const { error, state } = await failed(id);
    expect([state, error?.code]).toEqual(['failed', code]);
    expect(error?.message).toMatch(words);
    await place.on(NODE, 'rm ~/broken.tar');
    await place.quiet(NODE);
  });
});

test('a container that was killed with all of its job does not keep the next from starting', async () => {
  const options = { runtime: 'podman', image: `${images}/tunel-python.tar` } as const;
  const first = place.rig.launch('hello', options);
  await place.rig.untilState(first, 'ready');
  // Nothing of it is left that could clean up.
  await place.on(
    NODE,
    `scratch=$(cat ~/.tunel/${first}/scratch)
for process in /proc/[0-9]*; do
  [ "$process" != "/proc/$$" ] || continue
  if tr '\\0' '\\n' <"$process/environ" | grep -qx 'TUNEL_ID=${first}' || grep -aq /containers/tunel/ "$process/cmdline"; then
    kill -KILL "\${process#/proc/}"
  fi
done 2>/dev/null
kill -KILL $(cat $(find /local -name pause.pid 2>/dev/null)) 2>/dev/null
rm -rf "$scratch"
`,
  );
  await place.rig.until(first, ({ state }) => state === 'ended' || state === 'failed');
  const next = place.rig.launch('hello', options);
  await place.rig.untilState(next, 'ready');
  expect(await place.rig.isAnswering(next)).toBeNull();
  place.rig.instances.stop(next);
  await place.rig.untilState(next, 'ended');
  await place.quiet(NODE);
});

test('a choice that cannot be is refused at once', () => {
  const launch = (change: Parameters<typeof place.rig.launch>[1]) => () => place.rig.launch('hello', change);
  expect(launch({ runtime: 'podman', image: `${images}/tunel-python.sif` })).toThrow(
    expect.objectContaining({ code: 'bad-input' }),
  );
});

test('a runtime that is not there: its lines might have brought it', async () => {
  const { error, steps } = await failed(place.rig.launch('hello', { runtime: 'docker' }));
  expect(error).toMatchObject({ code: 'command-missing', message: expect.stringMatching(/docker was not found on/) });
  expect(steps.find((step) => step.state === 'failed')?.name).toBe('image');
});

describe('a registry', () => {
  const registry = (name: string): string => `localhost:${port}/${name}`;
  const log = async (): Promise<string[]> => (await place.on(NODE, 'cat ~/registry/log')).trim().split('\n');
  let port = '';
  beforeAll(async () => {
    const script = readFileSync(new URL('../../helpers/registry.py', import.meta.url), 'utf8');
    await place.on(NODE, 'rm -rf ~/registry; mkdir ~/registry');
    await onNode(place.info, NODE, 'cat >~/registry/registry.py', { user: USER, input: script });
    await place.on(
      NODE,
      `cd ~/registry; setsid python3 registry.py ${images}/tunel-python.tar port log >out 2>&1 </dev/null &
registry=$!
until [ -s ~/registry/port ] || ! kill -0 "$registry" 2>/dev/null; do sleep 0.2; done; cat ~/registry/out`,
    );
    port = (await place.on(NODE, 'cat ~/registry/port')).trim();
  });
  // Until it has ended it writes its log.
  afterAll(() =>
    place.on(NODE, `while pkill -u "$(id -u)" -f '^python3 registry'; do sleep 0.1; done; rm -rf ~/registry`),
  );

  test.each(['apptainer', 'podman'] as const)(
    '%s: two launches fetch an image once, a third not at all',
    async (runtime) => {
      await place.on(NODE, ': >~/registry/log');
      const image = registry(`web/${runtime}:1`);
      const launch = (): string => place.rig.launch('hello', { runtime, image });
      const ids = [launch(), launch()];
      await place.rig.until(ids[0] ?? '', (now) => now.progress !== null || now.state === 'ready');
      for (const id of ids) await place.rig.untilState(id, 'ready');
      const fetched = (await log()).filter((line) => line.startsWith('GET') && line.includes('/blobs/'));
      expect(fetched.length).toBeGreaterThan(0);
      expect(new Set(fetched).size).toBe(fetched.length);
      ids.push(launch());
      await place.rig.untilState(ids[2] ?? '', 'ready');
      expect((await log()).filter((line) => line.includes('/blobs/') && line.startsWith('GET'))).toEqual(fetched);
      for (const id of ids) place.rig.instances.end(id);
      for (const id of ids) await place.rig.untilState(id, 'ended');
      expect(await place.on(NODE, 'stat -c %a ~/.tunel/cache ~/.tunel/cache/images')).toBe('700\n700\n');
      await place.quiet(NODE);
    },
  );

  test.each([
    ['apptainer', 'absent/web:1', 'image-missing', /There is no image/],
    ['podman', 'absent/web:1', 'image-missing', /There is no image/],
    ['apptainer', 'private/web:1', 'image-missing', /needs a sign-in/],
    ['podman', 'private/web:1', 'image-missing', /needs a sign-in/],
  ] as const)('%s %s: %s, and nothing is submitted', async (runtime, name, code, words) => {
    const id = place.rig.launch('hello', { runtime, image: registry(name) });
    const { error, steps, job } = await failed(id);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words), detail: expect.any(String) });
    expect(steps.find((step) => step.state === 'failed')?.name).toBe('image');
    expect(job).toBeNull();
    await place.quiet(NODE);
  });

  test.each(['apptainer', 'podman'] as const)('%s: no way to a registry', async (runtime) => {
    const id = place.rig.launch('hello', { runtime, image: 'registry.example.invalid/web:1' });
    expect((await failed(id)).error).toMatchObject({
      code: 'image-missing',
      message: expect.stringMatching(/cannot reach the registry/),
    });
    await place.quiet(NODE);
  });

  test.each(['apptainer', 'podman'] as const)(
    '%s: a slow one shows how far it is, and stops when nobody waits',
    async (runtime) => {
      // A layer that podman has is not fetched again.
      await onNode(place.info, NODE, 'rm -rf /local/1002/containers/tunel');
      const id = place.rig.launch('hello', { runtime, image: registry('slow/web:1') });
      const { progress } = await place.rig.until(id, (now) => /MiB so far/.test(now.progress?.text ?? ''));
      expect(progress?.text).toMatch(/\w+ .* · \d+ MiB so far/);
      place.rig.instances.stop(id);
      expect((await place.rig.untilState(id, 'ended')).error).toBeNull();
      await place.quiet(NODE);
    },
  );

  test('no space for the image', async () => {
    await place.on(NODE, 'mkdir -p ~/.tunel/cache');
    const cache = `/home/${USER}/.tunel/cache`;
    await onNode(place.info, NODE, `mount -t tmpfs -o size=4m,mode=700,uid=1002 tmpfs ${cache}`);
    try {
      const id = place.rig.launch('hello', { runtime: 'apptainer', image: registry('web/full:1') });
      expect((await failed(id)).error).toMatchObject({ code: 'no-space' });
      await place.quiet(NODE);
    } finally {
      await onNode(place.info, NODE, `umount -l ${cache}`);
    }
  });
});
