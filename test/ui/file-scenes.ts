import type { AppState } from '../../electron/shared/state.ts';
import { askForMode, askToRename, showPreview, showUsage } from '../../renderer/features/files/file-actions.ts';
import { changePane, type PaneId, useFiles } from '../../renderer/features/files/files-store.ts';
import { openFolder } from '../../renderer/features/files/open-folder.ts';
import { selectOne } from '../../renderer/features/files/selection-model.ts';
import { ui } from '../../renderer/ui-store.ts';
import { jobsState } from '../helpers/fixtures/jobs.ts';

const film = '/home/user01/film-2026';

const open = (id: PaneId, path: string, clusterId = 'slurm') =>
  openFolder(id, { source: { kind: 'cluster', clusterId }, path });

/** Two panes of two clusters, with something chosen in each. */
function showBoth(): void {
  ui.go('files');
  openFolder(0, { source: { kind: 'local' }, path: '' });
  open(1, film);
  const selected = new Set(['run.h5', 'fit.mon']);
  changePane(1, { selected, cursor: 'fit.mon', anchor: 'run.h5' });
  changePane(0, selectOne('film-298K.refl'));
  useFiles.setState({ active: 1 });
}

/** Runs once the folders were read. */
const later = (work: () => void) => () => {
  showBoth();
  setTimeout(work, 50);
};

function preview(name: string): void {
  changePane(1, selectOne(name));
  showPreview(1, true);
}

const withBookmarks = (now: number): AppState => {
  const state = jobsState(now);
  const fileBookmarks = [
    { clusterId: 'slurm', path: film },
    { clusterId: 'pool', path: '/scratch/user01/replicas' },
  ];
  return { ...state, settings: { ...state.settings, fileBookmarks } };
};

const scene = (after: () => void) => ({ state: withBookmarks, after });
const showAlone = (path: string, clusterId?: string) => () => {
  ui.go('files');
  useFiles.setState({ isTwoPane: false });
  open(0, path, clusterId);
};

export const fileScenes = {
  files: scene(showBoth),
  'files-same': scene(() => {
    ui.go('files');
    open(0, '');
    open(1, film);
    changePane(1, selectOne('run.h5'));
    useFiles.setState({ active: 1 });
  }),
  'files-preview': scene(later(() => preview('model_film.py'))),
  'files-table': scene(later(() => preview('summary.csv'))),
  'files-one': scene(showAlone(film)),
  'files-empty': scene(showAlone(`${film}/jobs`)),
  'files-error': scene(() => {
    ui.go('files');
    open(0, `${film}/closed`);
    open(1, `${film}/gone`);
  }),
  'files-away': scene(() => {
    ui.go('files');
    open(0, '', 'genomics');
    open(1, film);
  }),
  'files-loading': scene(showAlone(`${film}/slow`)),
  'files-many': scene(showAlone(`${film}/many`)),
  'files-find': scene(
    later(() => {
      changePane(1, { isFinding: true, find: '*.h5' });
      useFiles.setState({ showsHidden: true });
    }),
  ),
  'files-path': scene(later(() => changePane(1, { isTyping: true }))),
  'files-menu': scene(
    later(() => {
      changePane(1, selectOne('replicas'));
      ui.openContextMenu({ kind: 'file', id: '1', x: 640, y: 120 });
    }),
  ),
  'files-name': scene(
    later(() => {
      changePane(1, selectOne('run.h5'));
      askToRename(1);
    }),
  ),
  'files-mode': scene(later(() => askForMode(1))),
  'files-usage': scene(
    later(() => {
      changePane(1, { selected: new Set(), cursor: null });
      showUsage(1);
    }),
  ),
  'files-trash': scene(
    later(() => ui.open({ kind: 'trash', place: { source: { kind: 'cluster', clusterId: 'slurm' }, path: film } })),
  ),
};
