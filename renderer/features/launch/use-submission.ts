import { useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { type Launch, ui, useUi } from '../../ui-store.ts';
import { noteJobs } from '../jobs/known-jobs.ts';

/** A job keeps no secrets, and its container is the cluster's or the recipe's choice. */
export function canBeKept(recipe: RecipeSummary, { args, runtime, image }: LaunchInput): boolean {
  const hasSecret = recipe.args.some(({ name, type }) => type === 'secret' && Object.hasOwn(args, name));
  const isUsual = image === '' && (runtime === '' || (runtime === 'native' && recipe.image === ''));
  return !recipe.serves && !hasSecret && isUsual;
}

/** Makes a job with a directory of its own, with the values of its form. */
async function createJob(recipe: RecipeSummary, input: LaunchInput): Promise<Job> {
  const { title, workDirectory, runtime: _runtime, image: _image, ...kept } = input;
  const job = await invoke('jobs.create', { ...kept, name: title || recipe.title, runDirectory: workDirectory });
  noteJobs([job]);
  return job;
}

interface Sent {
  id: string;
  isJob: boolean;
}

async function sendLaunch(recipe: RecipeSummary, input: LaunchInput, isDraft: boolean): Promise<Sent> {
  if (!canBeKept(recipe, input)) {
    const { id } = await invoke('instances.launch', input);
    return { id, isJob: !recipe.serves };
  }
  const { id, name } = await createJob(recipe, input);
  if (!isDraft) await attempt(`${name} was not submitted`, invoke('jobs.submit', { id }));
  return { id, isJob: true };
}

/** Sends the launch once, whatever is pressed meanwhile. */
export function useSubmission(recipe: RecipeSummary, launch: Launch) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const isSending = useRef(false);
  return {
    isBusy,
    isSending,
    failure,
    clearFailure: () => setFailure(null),
    /** `isDraft`: a job is only made, so that files can be added. */
    async send(input: LaunchInput, isDraft = false): Promise<void> {
      isSending.current = true;
      setBusy(true);
      try {
        const { id, isJob } = await sendLaunch(recipe, input, isDraft);
        // Whoever went on to another page meanwhile stays there.
        if (useUi.getState().launch?.serial !== launch.serial) return;
        if (isJob) ui.showJob(id);
        else ui.go('running');
      } catch (error) {
        setFailure(AppError.from(error));
        setBusy(false);
        isSending.current = false;
      }
    },
  };
}
