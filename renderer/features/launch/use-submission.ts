import { useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { type Launch, ui, useUi } from '../../ui-store.ts';

const isBatch = (recipe: string): boolean =>
  useStore.getState().recipes.list.find(({ name }) => name === recipe)?.serves === false;

/** Sends the launch once, whatever is pressed meanwhile. */
export function useSubmission(launch: Launch) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const isSending = useRef(false);
  return {
    isBusy,
    isSending,
    failure,
    clearFailure: () => setFailure(null),
    async send(input: LaunchInput): Promise<void> {
      isSending.current = true;
      setBusy(true);
      try {
        const { id } = await invoke('instances.launch', input);
        // Whoever went on to another page meanwhile stays there.
        if (useUi.getState().launch?.serial !== launch.serial) return;
        if (isBatch(input.recipe)) ui.showJob(id);
        else ui.go('running');
      } catch (error) {
        setFailure(AppError.from(error));
        setBusy(false);
        isSending.current = false;
      }
    },
  };
}
