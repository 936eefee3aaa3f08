import { type BrowserWindow, dialog } from 'electron';
import { isLive } from '../shared/instance-policy.ts';
import type { EngineState } from '../shared/state.ts';
import { describeRunning } from './quit-policy.ts';

interface QuitQuestionDeps {
  state(): EngineState;
  /** The user does not want to be asked again. */
  stopAsking(): void;
}

/** Says what goes on running without Tunel, and whether the user still wants to quit. */
export async function askToQuit(window: BrowserWindow, { state, stopAsking }: QuitQuestionDeps): Promise<boolean> {
  const { instances, settings } = state();
  const running = instances.filter((instance) => isLive(instance.state));
  if (running.length === 0 || !settings.askOnQuit) return true;
  const { response, checkboxChecked } = await dialog.showMessageBox(window, {
    type: 'info',
    ...describeRunning(running),
    buttons: ['Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
    checkboxLabel: 'Do not ask again',
  });
  if (response === 0 && checkboxChecked) stopAsking();
  return response === 0;
}
