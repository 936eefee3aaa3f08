import { AppError } from '../../electron/shared/errors.ts';
import type { AppState } from '../../electron/shared/state.ts';
import { type Transfer, transferOptionsSchema } from '../../electron/shared/transfers.ts';
import { editFile } from '../../renderer/features/files/editing/edit-file.ts';
import {
  changeDocument,
  documentOf,
  keyOf,
  type TextDocument,
} from '../../renderer/features/files/editing/editing-store.ts';
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

const transfer = (over: Partial<Transfer> & { id: string }): Transfer => ({
  direction: 'upload',
  clusterId: 'slurm',
  toClusterId: null,
  sources: [`/home/ada/Documents/film-2026/${over.id}.h5`],
  sourceCount: 1,
  destination: film,
  options: transferOptionsSchema.parse({}),
  state: 'active',
  files: { total: 1, done: 0, failed: 0, skipped: 0 },
  bytes: { total: 412e6, done: 264e6 },
  speed: 71.8e6,
  remainingSeconds: 2,
  current: null,
  question: null,
  error: null,
  failures: [],
  createdAt: 0,
  endedAt: null,
  ...over,
});

/** One of each state that matters. */
function withTransfers(now: number): AppState {
  const at = (hours: number) => now - hours * 3_600_000;
  const still = { speed: 0, remainingSeconds: null };
  const files = [
    { path: 'run-11.h5', source: { size: 412e6, modified: at(1) }, target: { size: 408e6, modified: at(90) } },
    { path: 'run-12.h5', source: { size: 398e6, modified: at(91) }, target: { size: 398e6, modified: at(91) } },
    {
      path: 'calibration-of-the-detector-after-maintenance-2026-11.dat',
      source: { size: 1200, modified: at(140) },
      target: { size: 1400, modified: at(99) },
    },
  ];
  return {
    ...withBookmarks(now),
    transfers: [
      transfer({ id: 'film-298K-run-17' }),
      transfer({
        id: 'replicas',
        direction: 'download',
        sources: [`${film}/replicas`],
        destination: '/home/ada/Documents',
        files: { total: 200, done: 131, failed: 0, skipped: 0 },
        bytes: { total: 1.9e9, done: 1.1e9 },
        speed: 12.4e6,
        remainingSeconds: 64,
      }),
      transfer({
        id: 'asks',
        sources: ['/home/ada/Documents/film-2026/raw-2026-11'],
        destination: `${film}/raw-2026-11`,
        files: { total: 240, done: 12, failed: 0, skipped: 0 },
        state: 'waiting',
        question: { count: 3, files },
        ...still,
      }),
      transfer({
        id: 'cohort-2026-11',
        clusterId: 'genomics',
        state: 'waiting',
        bytes: { total: 100e9, done: 31e9 },
        error: new AppError('sign-in-needed', 'Sign in to go on.').serialize(),
        ...still,
      }),
      transfer({ id: 'later', state: 'queued', bytes: { total: 3e9, done: 0 }, ...still }),
      transfer({
        id: 'done',
        sourceCount: 4,
        state: 'completed',
        files: { total: 4, done: 3, failed: 1, skipped: 0 },
        failures: [{ path: 'a', error: new AppError('not-permitted', 'Permission denied.').serialize() }],
        endedAt: now,
        ...still,
      }),
    ],
  };
}

/** The document that is edited, once it was read. */
async function whenRead(path: string, work: (key: string, document: TextDocument) => void): Promise<void> {
  const key = keyOf({ kind: 'cluster', clusterId: 'slurm' }, path);
  const find = () => documentOf(key);
  for (let document = find(); ; document = find()) {
    if (document) {
      work(key, document);
      return;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

const script = `${film}/submit.sh`;
const edit = (path: string, isFollowing = false) =>
  editFile({ kind: 'cluster', clusterId: 'slurm' }, path, { isFollowing });

/** A script in which something was typed, beside another open file. */
const typed = (then: (key: string, document: TextDocument) => void) => () => {
  showBoth();
  edit(`${film}/model_film.py`);
  edit(script);
  void whenRead(script, (key, document) => {
    const at = document.state.doc.line(3).to;
    const changes = { from: at, insert: ' --export=ALL' };
    changeDocument(key, { state: document.state.update({ changes, selection: { anchor: at + 13 } }).state });
    const now = documentOf(key);
    if (now) then(key, now);
  });
};

const theirs = (key: string, document: TextDocument) => {
  const text = document.saved.doc.toString().replace('02:00:00', '08:00:00');
  const content = { sha256: '0'.repeat(64), version: '2' };
  changeDocument(key, { theirs: { text, encoding: 'utf-8', content } });
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
  'files-transfers': {
    state: (now: number) => {
      const state = withTransfers(now);
      return { ...state, transfers: state.transfers.filter(({ question }) => question === null) };
    },
    after: showBoth,
  },
  'files-conflict': {
    state: withTransfers,
    after: later(() => ui.open({ kind: 'conflict', id: 'asks' })),
  },
  'files-transfer-options': {
    state: withTransfers,
    after: later(() => ui.open({ kind: 'transfers', show: 'options' })),
  },
  'files-transfer-history': {
    state: withTransfers,
    after: later(() => ui.open({ kind: 'transfers', show: 'history' })),
  },
  'files-preview': scene(later(() => preview('model_film.py'))),
  'files-table': scene(later(() => preview('summary.csv'))),
  'files-hdf5': scene(later(() => preview('sample.h5'))),
  'files-notebook': scene(later(() => preview('fit.ipynb'))),
  'files-html': scene(later(() => preview('chi2.html'))),
  'files-parquet': scene(later(() => preview('runs.parquet'))),
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
  'files-mode': scene(
    later(() => {
      changePane(1, { selected: new Set(['run.h5', 'model_film.py']), cursor: 'run.h5' });
      askForMode(1);
    }),
  ),
  'files-usage': scene(
    later(() => {
      changePane(1, { selected: new Set(), cursor: null });
      showUsage(1);
    }),
  ),
  'files-edit': scene(typed(() => undefined)),
  'files-edit-changed': scene(typed(theirs)),
  'files-edit-gone': scene(
    typed((key) => {
      changeDocument(key, { theirs: 'gone' });
      ui.open({ kind: 'file-changed', key });
    }),
  ),
  'files-edit-failed': scene(
    typed((key) =>
      changeDocument(key, {
        error: new AppError('no-space', 'The file on login2 cannot be written: your quota is used up.', {
          hint: 'Make room: quota -s shows what you may use.',
        }),
      }),
    ),
  ),
  'files-edit-binary': scene(later(() => edit(`${film}/setup.jpg`))),
  'files-edit-large': scene(later(() => edit(`${film}/fit.log`))),
  'files-edit-missing': scene(later(() => edit(`${film}/absent.py`))),
  'files-edit-follow': scene(later(() => edit(`${film}/fit.log`, true))),
  'files-edit-unsaved': scene(typed((key) => ui.open({ kind: 'unsaved', keys: [key], reason: 'close' }))),
  'files-difference': scene(
    typed((key, document) => {
      theirs(key, document);
      ui.open({ kind: 'file-changed', key });
    }),
  ),
  'files-trash': scene(
    later(() => ui.open({ kind: 'trash', place: { source: { kind: 'cluster', clusterId: 'slurm' }, path: film } })),
  ),
};
