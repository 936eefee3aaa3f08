import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { downloadWhenOver, useAwaitedResults } from '../../../renderer/features/jobs/download-when-over.ts';
import { useStore } from '../../../renderer/store.ts';
import { jobsState } from '../../helpers/fixtures/jobs.ts';

afterEach(() => {
  useStore.setState({ jobs: [] });
  vi.unstubAllGlobals();
});

/** A job that runs, of which the engine gives what `now` says. */
function waitFor(now: () => Job): { job: Job; saved: string[] } {
  const running = jobsState(1_796_000_000_000).jobs.find(({ state }) => state === 'active');
  if (!running) throw new Error('The fixture has no running job.');
  const saved: string[] = [];
  const answers: Record<string, (input: { jobId: string }) => unknown> = {
    'desktop.chooseResultsFolder': () => ({ folder: '/home/ada/results' }),
    'desktop.saveResults': ({ jobId }) => {
      saved.push(jobId);
      return { path: '/home/ada/results/x.tar' };
    },
    'jobs.get': now,
  };
  const invoke = async (name: string, input: { jobId: string }) => answers[name]?.(input);
  vi.stubGlobal('window', { tunel: { invoke, cancel: () => undefined, on: () => () => undefined } });
  useStore.setState({ jobs: [running] });
  downloadWhenOver(running);
  return { job: running, saved };
}

const isWaiting = (id: string): boolean => useAwaitedResults.getState().folders.has(id);

it('what is wanted of a job is saved once, also where it left the list as it ended', async () => {
  let current: Job | null = null;
  const { job, saved } = waitFor(() => current ?? fail());
  const fail = (): never => {
    throw new AppError('internal', 'It is not known yet.');
  };
  await vi.waitFor(() => expect(isWaiting(job.id)).toBe(true));
  current = job;
  useStore.setState({ jobs: [] });
  expect(saved).toEqual([]);
  current = { ...job, state: 'completed' };
  useStore.setState({ jobs: [] as Job[] });
  useStore.setState({ jobs: [] as Job[] });
  await vi.waitFor(() => expect(saved).toEqual([job.id]));
  expect(isWaiting(job.id)).toBe(false);
});

it('a job that was removed is not waited for', async () => {
  const { job, saved } = waitFor(() => {
    throw new AppError('not-found', 'There is no such job.');
  });
  await vi.waitFor(() => expect(isWaiting(job.id)).toBe(true));
  useStore.setState({ jobs: [] });
  await vi.waitFor(() => expect(isWaiting(job.id)).toBe(false));
  expect(saved).toEqual([]);
});
