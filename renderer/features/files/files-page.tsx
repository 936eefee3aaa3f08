import { useEffect } from 'react';
import { useStore } from '../../store.ts';
import { useUi } from '../../ui-store.ts';
import { useEditing } from './editing/editing-store.ts';
import { EditorPage } from './editing/editor-page.tsx';
import { FilesHead } from './files-head.tsx';
import css from './files-page.module.css';
import { paneIds, paneOf, useFiles } from './files-store.ts';
import { openFolder } from './open-folder.ts';
import { FilePane } from './pane.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { TransfersDock } from './transfers-dock.tsx';
import { WorkList } from './work-list.tsx';

/** The page begins with this computer and the cluster that was chosen last, or is connected. */
function useFirstFolders(): void {
  const first = useStore(({ clusters }) => {
    const chosen = useUi.getState().clusterId;
    const up = clusters.filter(({ connection }) => connection.state === 'connected');
    const best = up.find(({ cluster }) => cluster.id === chosen) ?? up[0] ?? clusters[0];
    return best?.cluster.id ?? null;
  });
  useEffect(() => {
    if (paneOf(0).source === null) openFolder(0, { source: { kind: 'local' }, path: '' });
    if (first !== null && paneOf(1).source === null)
      openFolder(1, { source: { kind: 'cluster', clusterId: first }, path: '' });
  }, [first]);
}

/** The list of files, or the file that is open. */
export function FilesPage() {
  const file = useEditing(({ files, active }) => files.find(({ key }) => key === active));
  return file ? <EditorPage file={file} /> : <FilesList />;
}

function FilesList() {
  const isTwoPane = useFiles((state) => state.isTwoPane);
  const active = useFiles((state) => state.active);
  const isPreviewing = useFiles((state) => state.isPreviewing);
  const hasBoth = isTwoPane && !isPreviewing;
  const layout = isPreviewing ? `${css.panes} ${css.preview}` : hasBoth ? `${css.panes} ${css.two}` : css.panes;
  useFirstFolders();
  return (
    <>
      <FilesHead />
      <div className={layout} data-active={active}>
        {(hasBoth ? paneIds : [active]).map((id) => (
          <FilePane key={id} id={id} />
        ))}
        {isPreviewing && <PreviewPane id={active} />}
      </div>
      <WorkList />
      <TransfersDock />
    </>
  );
}
