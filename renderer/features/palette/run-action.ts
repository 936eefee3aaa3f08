import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { goTo, goToSettings } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { useFiles } from '../files/files-store.ts';
import { openFolder } from '../files/open-folder.ts';
import { cancelJob } from '../jobs/job-actions.ts';
import { askToStop, openView } from '../running/stop.ts';
import type { PaletteAction } from './palette-model.ts';

function runJobAction(action: Extract<PaletteAction, { do: 'show-job' | 'cancel-job' | 'new-job' }>): void {
  if (action.do === 'cancel-job') {
    const job = useStore.getState().jobs.find(({ id }) => id === action.id);
    if (job) cancelJob(job);
    return;
  }
  goTo('jobs');
  if (action.do === 'new-job') ui.newJob();
  else ui.showJob(action.id);
}

export function runAction(action: PaletteAction): void {
  const { instances, views } = useStore.getState();
  const instance = 'id' in action ? instances.find((entry) => entry.id === action.id) : undefined;
  switch (action.do) {
    case 'open':
      if (instance) void openView(instance);
      break;
    case 'stop':
      if (instance) askToStop(instance);
      break;
    case 'log':
      goTo('running');
      if (!useUi.getState().openLogs.has(action.id)) ui.toggleLog(action.id);
      break;
    case 'show-job':
    case 'cancel-job':
    case 'new-job':
      runJobAction(action);
      break;
    case 'launch':
      if (views.selected !== null) void attempt('The form did not open', invoke('views.select', { viewId: null }));
      ui.launch(action.recipe);
      break;
    case 'connect':
      void attempt('It did not connect', invoke('clusters.connect', { id: action.id }));
      break;
    case 'disconnect':
      void attempt('It stays connected', invoke('clusters.disconnect', { id: action.id }));
      break;
    case 'show-files':
      goTo('files');
      openFolder(useFiles.getState().active, { source: { kind: 'cluster', clusterId: action.id }, path: '' });
      break;
    case 'edit-cluster':
      ui.open({ kind: 'cluster', id: action.id });
      break;
    case 'page':
      goTo(action.page);
      break;
    case 'settings':
      goToSettings(action.section);
      break;
    case 'new-token':
      goToSettings('api');
      ui.open({ kind: 'token' });
      break;
    case 'add-cluster':
      ui.open({ kind: 'cluster', id: null });
      break;
    case 'open-tunnel':
      ui.open({ kind: 'tunnel' });
      break;
    case 'help':
      ui.open({ kind: 'help' });
      break;
    case 'reload-recipes':
      void attempt('The recipes were not read', invoke('recipes.reload', undefined));
      break;
  }
}
