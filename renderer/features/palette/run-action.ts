import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { cancelJob } from '../jobs/job-actions.ts';
import { askToStop, openView } from '../running/stop.ts';
import type { PaletteAction } from './palette-model.ts';

export function runAction(action: PaletteAction): void {
  const { instances, jobs, views } = useStore.getState();
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
      goTo('jobs');
      ui.showJob(action.id);
      break;
    case 'cancel-job': {
      const job = jobs.find(({ id }) => id === action.id);
      if (job) cancelJob(job);
      break;
    }
    case 'new-job':
      goTo('jobs');
      ui.newJob();
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
    case 'edit-cluster':
      ui.open({ kind: 'cluster', id: action.id });
      break;
    case 'page':
      goTo(action.page);
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
