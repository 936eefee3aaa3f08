import { expect, it } from 'vitest';
import { InstanceRecord } from '../../../electron/core/instances/instance-record.ts';
import { reduce } from '../../../electron/core/instances/instance-state.ts';
import { metaSchema } from '../../../electron/core/instances/meta.ts';
import { newInstance } from '../../../electron/core/instances/new-instance.ts';
import { absent, known, unreadable } from '../../../electron/core/launchers/common/job-answer.ts';
import { clusterSchema } from '../../../electron/shared/clusters.ts';
import { type Instance, unknownJob } from '../../../electron/shared/instances.ts';

const cluster = clusterSchema.parse({ id: 'c', name: 'c', host: 'h', user: 'ada', createdAt: 0 });
const running = { ...unknownJob('7'), state: 'running' as const, node: 'n1', startedAt: 1000 };
const given = {
  id: 'i',
  recipe: 'r',
  kind: 'app',
  title: 'Lab',
  icon: '',
  launcher: 'slurm',
  runtime: 'native',
} as const;

it('keeps the last state, says so, is an error after a minute and then an ordinary state again', () => {
  const record = new InstanceRecord();
  let instance: Instance = newInstance(cluster, { ...given, createdAt: 0, path: '', directory: '/d', input: null });
  const take = (answer: Parameters<InstanceRecord['takeAnswer']>[0], now: number) => {
    instance = reduce(instance, record.takeAnswer(answer, instance.title, now));
    return instance;
  };
  const broken = unreadable('the answer of Slurm could not be read', 'Segmentation fault');

  take(known(running), 1000);
  expect(take(broken, 2000)).toMatchObject({
    job: { state: 'running', node: 'n1', reason: 'last known state: the answer of Slurm could not be read' },
    error: null,
  });
  expect(record.endingView(instance.job, 30_000).unknownFor).toBe(0);
  expect(take(broken, 61_999).error).toBeNull();
  expect(take(broken, 62_000).error).toMatchObject({
    code: 'state-unknown',
    message: 'The state of Lab is not known now: the answer of Slurm could not be read.',
    detail: 'Segmentation fault',
  });
  expect(take(known(running), 70_000)).toMatchObject({ job: { reason: '' }, error: null });
  expect(take(broken, 80_000).error).toBeNull();
});

it('counts only the time in which the scheduler said that there is no such job', () => {
  const record = new InstanceRecord();
  record.takeAnswer(absent(), 'Lab', 1000);
  record.takeAnswer(unreadable('x'), 'Lab', 2000);
  expect(record.endingView(null, 60_000).unknownFor).toBe(0);
  record.takeAnswer(absent(), 'Lab', 61_000);
  expect(record.endingView(null, 62_000).unknownFor).toBe(1001);
});

it('gives an app that began while nobody looked its time to answer', () => {
  const record = new InstanceRecord();
  const steps = [{ name: 'start' as const, state: 'now' as const, startedAt: 1000, endedAt: null }];
  record.meta = metaSchema.parse({
    ...{
      version: 1,
      id: 'abcdefghij',
      recipe: 'r',
      title: 'Lab',
      icon: '',
      launcher: 'slurm',
      createdAt: 0,
      path: '/',
    },
    ...{ serve: { ready: { timeout: 60 } }, from: 'desk' },
  });
  expect(record.readyBy({ steps })).toBe(1000 + 60_000);
  record.takeAnswer(known(running), 'Lab', 900_000);
  record.takeAnswer(known(running), 'Lab', 910_000);
  expect(record.readyBy({ steps })).toBe(900_000 + 60_000);
});
