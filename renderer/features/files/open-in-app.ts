import { clusterHostName } from '../../../electron/shared/ssh-host-names.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { codeServerPath, findApp, jupyterPath } from './app-paths.ts';
import { parentOf } from './places.ts';
import { wantNotebook } from './wanted-views.ts';

const show = (instanceId: string, path: string) =>
  attempt('It was not opened', invoke('views.open', { instanceId, path }));

/** Opens a notebook in a running Jupyter that shows its folder, or the form of a new one that begins there. */
export function openInJupyter(clusterId: string, path: string): void {
  const found = findApp(useStore.getState().instances, clusterId, 'jupyter', (app) => jupyterPath(app, path));
  if (found) {
    void show(found.app.id, found.path);
    return;
  }
  wantNotebook({ clusterId, path, since: Date.now() });
  ui.launch('jupyter', { clusterId, workDirectory: parentOf(path) });
}

/** Opens a folder in a running code-server, or the form of a new one with it. */
export function openInCodeServer(clusterId: string, folder: string): void {
  const found = findApp(useStore.getState().instances, clusterId, 'code-server', (app) => codeServerPath(app, folder));
  if (found) void show(found.app.id, found.path);
  else ui.launch('code-server', { clusterId, args: { folder } });
}

/** Opens a folder in an editor of this computer, over the connection that there is. */
export function openInEditor(clusterId: string, folder: string): void {
  const clusters = useStore.getState().clusters.map(({ cluster }) => cluster);
  const cluster = clusters.find(({ id }) => id === clusterId);
  if (cluster)
    ui.open({ kind: 'editor', host: clusterHostName(cluster, clusters), title: cluster.name, clusterId, folder });
}
