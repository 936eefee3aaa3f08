import { create } from 'zustand';
import { AppError } from '../../../electron/shared/errors.ts';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { saveResults } from './transfers.ts';

/** The folder of each job whose files are saved once it is over, while this window is open. */
export const useAwaitedResults = create<{ folders: ReadonlyMap<string, string> }>(() => ({ folders: new Map() }));

const waits = new Map<string, () => void>();

export function forgetResults(jobId: string): void {
  waits.get(jobId)?.();
  waits.delete(jobId);
  useAwaitedResults.setState(({ folders }) => ({
    folders: new Map([...folders].filter(([id]) => id !== jobId)),
  }));
}

/** Saves the files of a job in a folder that the user chooses: now where it is over, else once it is. */
export const downloadWhenOver = (job: Job) =>
  void attempt(`The files of ${job.name} were not saved`, chooseAndWait(job));

async function chooseAndWait({ id, name, state }: Job): Promise<void> {
  const { folder } = await invoke('desktop.chooseResultsFolder', { jobId: id });
  if (folder === null) return;
  if (isJobOver(state)) {
    await saveResults(id, name);
    return;
  }
  forgetResults(id);
  useAwaitedResults.setState(({ folders }) => ({ folders: new Map(folders).set(id, folder) }));
  const take = (job: Job) => {
    if (!isJobOver(job.state) || !waits.has(id)) return;
    forgetResults(id);
    void saveResults(id, name);
  };
  // One that ended may have left the list before it was seen there, since the list has only those that ended last.
  const ask = () =>
    invoke('jobs.get', { id }).then(take, (error: unknown) => {
      if (AppError.from(error).code === 'not-found') forgetResults(id);
    });
  const look = ({ jobs }: { jobs: readonly Job[] }) => {
    const job = jobs.find((each) => each.id === id);
    if (job) take(job);
    else void ask();
  };
  const stop = useStore.subscribe((after, before) => after.jobs !== before.jobs && look(after));
  waits.set(id, stop);
  look(useStore.getState());
}
