import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FolderState, folderKindNames } from '../../../electron/shared/folders.ts';
import { invoke } from '../../bridge.ts';
import { IconButton } from '../../components/icon-button.tsx';
import section from '../../components/section-heading.module.css';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

const place = ({ folder: { source } }: FolderState): string => (source.kind === 'git' ? source.url : source.path);

/** The folders there are, each with what was last sent of it. */
export function SavedFolders() {
  const folders = useStore((state) => state.folders);
  if (folders.length === 0) return null;
  const remove = ({ folder }: FolderState) =>
    ui.confirm({
      title: `Forget ${folder.title}?`,
      text: 'Its files here stay, and so does what was sent to clusters.',
      action: 'Forget',
      run: () => invoke('folders.remove', { id: folder.id }),
    });
  return (
    <section aria-label="Your folders">
      <h3 className={section.heading}>Your folders</h3>
      <ul className={surface.well}>
        {folders.map((entry) => (
          <li key={entry.folder.id} className="row gap-12" style={{ padding: '4px 0' }}>
            <div className="grow" style={{ minWidth: 0 }}>
              <div className="truncate" title={entry.folder.title}>
                {entry.folder.title} <span className="text-tertiary">{folderKindNames[entry.folder.start.kind]}</span>
              </div>
              <div className="text-xs text-tertiary truncate tabular" title={place(entry)}>
                {entry.reports[0]?.text ?? place(entry)}
              </div>
            </div>
            <Button
              size="xs"
              aria-label={`Launch ${entry.folder.title}`}
              onClick={() => {
                ui.closeDialog();
                ui.launch(entry.recipe);
              }}
            >
              Launch
            </Button>
            <IconButton icon={IconTrash} label={`Forget ${entry.folder.title}`} onClick={() => remove(entry)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
