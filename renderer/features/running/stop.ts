import type { Instance } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { canOpen, isOver } from '../../text/instance.ts';
import { ui } from '../../ui-store.ts';
import { takeWantedPath } from '../files/wanted-views.ts';
import { noteRemoved } from './removed-apps.ts';

/** Before ready a stop is a cancel and loses nothing, so it is not questioned. */
export function askToStop(instance: Instance): void {
  if (isOver(instance) || instance.state === 'stopping') return;
  if (instance.state === 'interrupted') {
    forgetLaunch(instance);
    return;
  }
  if (!canOpen(instance)) {
    void attempt(`${instance.title} was not cancelled`, invoke('instances.stop', { id: instance.id }));
    return;
  }
  ui.confirm({
    title: `Stop ${instance.title}?`,
    text: `Tunel asks the app to save, then ends its job on ${instance.clusterName}. Work that is not saved may be lost.`,
    action: 'Stop',
    run: () => invoke('instances.stop', { id: instance.id }),
  });
}

/** Nothing of it runs and nothing is lost, so it is not questioned. */
export const forgetLaunch = (instance: Instance) =>
  void attempt(`${instance.title} is still listed`, invoke('instances.forget', { id: instance.id }));

export const continueLaunch = (instance: Instance) =>
  void attempt(`${instance.title} was not continued`, invoke('instances.continue', { id: instance.id }));

export function askToEnd(instance: Instance): void {
  ui.confirm({
    title: `End ${instance.title} now?`,
    text: `Its job on ${instance.clusterName} ends at once, without asking the app to save. Unsaved work is lost.`,
    action: 'End now',
    run: () => invoke('instances.end', { id: instance.id }),
  });
}

export function askToRemove(instance: Instance): void {
  ui.confirm({
    title: `Remove ${instance.title}?`,
    text: `It leaves this list, and its script and log are deleted from ${instance.directory} on ${instance.clusterName} when that can be reached. Your own files stay.`,
    action: 'Remove',
    run: async () => {
      await invoke('instances.remove', { id: instance.id });
      noteRemoved(instance.id);
    },
  });
}

export const openView = (instance: Instance) =>
  attempt(
    `The view of ${instance.title} did not open`,
    invoke('views.open', { instanceId: instance.id, path: takeWantedPath(instance) }),
  );
