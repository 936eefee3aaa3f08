import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { openPlace, type Place } from './place.ts';

const resources = resourcesSchema.parse({ cpus: 1, memory: 200, time: 10, queue: 'cpu' });
const launcher = 'slurm';

let place: Place;
beforeAll(async () => {
  place = await openPlace('slurm24');
});
afterAll(() => place.close());

describe.each([
  ['apptainer', '/opt/images/tunel-python.sif'],
  ['podman', '/opt/images/tunel-python.tar'],
] as const)('%s in a job', (runtime, image) => {
  test('hello answers whoever is signed in, and leaves nothing on its node', async () => {
    const id = place.rig.launch('hello', { runtime, image, launcher, resources });
    const ready = await place.rig.untilState(id, 'ready');
    expect(ready).toMatchObject({ runtime, launcher });
    const node = ready.endpoint?.node ?? '';
    expect(node).toMatch(/^c[12]$/);
    expect((await place.ask(id, '/api/facts', false)).status).toBe(403);
    const facts = await place.ask(id, '/api/facts', true);
    expect(JSON.parse(facts.text)).toMatchObject({ job: ready.job?.id, socket: `${ready.directory}/s` });
    place.rig.instances.stop(id);
    expect((await place.rig.untilState(id, 'ended')).error).toBeNull();
    await place.quiet(node);
  });

  test('an app that saves has its time, and its image', async () => {
    const id = place.rig.launch('saves', { runtime, image, launcher, resources });
    await expect.poll(() => place.log(id)).toContain('at work');
    place.rig.instances.stop(id);
    const ended = await place.rig.untilState(id, 'ended');
    expect(await place.on(place.info.entry, `cat ${ended.directory}/saved`)).toBe('"saved"');
  });

  test('an app that is deaf to TERM is ended, with all it started', async () => {
    const id = place.rig.launch('stubborn', { runtime, image, launcher, resources });
    await expect.poll(() => place.log(id)).toContain('deaf');
    const { job } = await place.rig.until(id, (now) => (now.job?.node ?? '') !== '');
    place.rig.instances.end(id);
    await place.rig.untilState(id, 'ended');
    await place.quiet(job?.node ?? '');
  });
});

test('an image that only the compute node could have is looked for there', async () => {
  const id = place.rig.launch('hello', { runtime: 'apptainer', image: '/node/local/web.sif', launcher, resources });
  const { error } = await place.rig.until(id, (now) => now.state === 'failed');
  expect(error).toMatchObject({
    code: 'image-missing',
    message: expect.stringMatching(/\/node\/local\/web\.sif is not on c[12]/),
  });
});

test('an image that the login node shows to be missing is refused before the queue', async () => {
  const id = place.rig.launch('hello', { runtime: 'apptainer', image: '/opt/images/web.sif', launcher, resources });
  const { error, job } = await place.rig.until(id, (now) => now.state === 'failed');
  expect(error).toMatchObject({ code: 'image-missing' });
  expect(job).toBeNull();
});
