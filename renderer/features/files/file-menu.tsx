import { Menu } from '@mantine/core';
import {
  IconArrowRight,
  IconArrowsDown,
  IconBookmark,
  IconBookmarkOff,
  IconClipboard,
  IconClipboardCopy,
  IconCode,
  IconCopy,
  IconCut,
  IconDeviceLaptop,
  IconEye,
  IconEyeOff,
  IconFilePencil,
  IconFilePlus,
  IconFolderOpen,
  IconFolderPlus,
  IconLayoutColumns,
  IconLock,
  IconNotebook,
  IconPencil,
  IconRefresh,
  IconRuler2,
  IconTerminal2,
  IconTrash,
  IconTrashX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { hasOddBytes } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { isBookmarked, toggleBookmark } from './bookmarks.ts';
import {
  askForFile,
  askForFolder,
  askForMode,
  askToRemove,
  askToRename,
  canMoveToOther,
  canPutInOther,
  copyPaths,
  editChosen,
  openChosen,
  paste,
  putInOther,
  showUsage,
  takeToClipboard,
  trashChosen,
} from './file-actions.ts';
import { type PaneId, useFiles } from './files-store.ts';
import { openInOther, reload } from './open-folder.ts';
import { openInCodeServer, openInEditor, openInJupyter } from './open-in-app.ts';
import { openTerminalAt } from './open-terminal-at.ts';
import { joinPath, type Source } from './places.ts';
import { targetOf } from './target.ts';

interface ItemProps {
  icon: TablerIcon;
  keys?: string;
  onClick: () => unknown;
  isDanger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

function Item({ icon: Shown, keys, onClick, isDanger, disabled, children }: ItemProps) {
  return (
    <Menu.Item
      leftSection={<Shown size={16} stroke={stroke} aria-hidden />}
      rightSection={keys && <Kbd keys={keys.replace('Mod', modKey())} />}
      disabled={disabled}
      data-danger={isDanger}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  );
}

/** What can be done with the folder of a pane. */
export function FolderMenuItems({ id }: { id: PaneId }) {
  const clipboard = useFiles((state) => state.clipboard);
  const showsHidden = useFiles((state) => state.showsHidden);
  const bookmarks = useStore((state) => state.settings.fileBookmarks);
  const target = targetOf(id);
  const place = target && { source: target.source, path: target.folder };
  const isMarked = place !== null && isBookmarked(bookmarks, place);
  return (
    <>
      <Item icon={IconFolderPlus} keys="F7" disabled={!target} onClick={() => askForFolder(id)}>
        New folder
      </Item>
      <Item icon={IconFilePlus} disabled={!target} onClick={() => askForFile(id)}>
        New file
      </Item>
      <Item icon={IconClipboard} keys="Mod V" disabled={!clipboard || !target} onClick={() => paste(id)}>
        Paste
      </Item>
      <Menu.Divider />
      <Item icon={IconRefresh} keys="Mod R" onClick={() => reload(id)}>
        Read again
      </Item>
      <Item
        icon={showsHidden ? IconEyeOff : IconEye}
        keys="Mod H"
        onClick={() => useFiles.setState({ showsHidden: !showsHidden })}
      >
        {showsHidden ? 'Hide hidden files' : 'Show hidden files'}
      </Item>
      {place && (
        <Item icon={isMarked ? IconBookmarkOff : IconBookmark} onClick={() => toggleBookmark(place)}>
          {isMarked ? 'Remove the bookmark' : 'Bookmark this folder'}
        </Item>
      )}
      {target?.source.kind === 'cluster' && (
        <>
          <Item icon={IconTerminal2} onClick={() => openTerminalAt(target)}>
            Terminal here
          </Item>
          <Item icon={IconRuler2} onClick={() => showUsage(id)}>
            Sizes of its folders
          </Item>
          <Item icon={IconTrash} onClick={() => place && ui.open({ kind: 'trash', place })}>
            Show the trash
          </Item>
        </>
      )}
    </>
  );
}

interface AppItemsProps {
  clusterId: string;
  path: string;
  entry: FileEntry;
  folder: string;
}

/** Apps that open what is chosen. */
function AppItems({ clusterId, path, entry, folder }: AppItemsProps) {
  const isFolder = entry.kind === 'folder';
  return (
    <>
      {entry.kind === 'file' && entry.name.endsWith('.ipynb') && (
        <Item icon={IconNotebook} onClick={() => openInJupyter(clusterId, path)}>
          Open in Jupyter
        </Item>
      )}
      {isFolder && (
        <>
          <Item icon={IconCode} onClick={() => openInCodeServer(clusterId, path)}>
            Open in VS Code on the cluster
          </Item>
          <Item icon={IconDeviceLaptop} onClick={() => openInEditor(clusterId, path)}>
            Open in your editor
          </Item>
        </>
      )}
      <Item
        icon={IconTerminal2}
        onClick={() => openTerminalAt({ source: { kind: 'cluster', clusterId }, folder: isFolder ? path : folder })}
      >
        Terminal here
      </Item>
    </>
  );
}

/** What can be done with the one entry that is chosen. */
function OneItems({ id }: { id: PaneId }) {
  const target = targetOf(id);
  const [entry] = target?.entries ?? [];
  if (!target || !entry) return null;
  const path = joinPath(target.folder, entry.name);
  return (
    <>
      {entry.kind === 'folder' && (
        <>
          <Item icon={IconFolderOpen} keys="Enter" onClick={() => openChosen(id)}>
            Open
          </Item>
          <Item icon={IconLayoutColumns} onClick={() => openInOther(id, { source: target.source, path })}>
            Open in the other pane
          </Item>
        </>
      )}
      {entry.kind === 'file' && (
        <Item icon={IconEye} keys="Enter" onClick={() => openChosen(id)}>
          Preview
        </Item>
      )}
      {entry.kind === 'file' && (
        <>
          <Item icon={IconFilePencil} keys="F4" onClick={() => editChosen(id)}>
            Edit
          </Item>
          <Item icon={IconArrowsDown} onClick={() => editChosen(id, true)}>
            Follow as it grows
          </Item>
        </>
      )}
      {target.source.kind === 'cluster' && !hasOddBytes(path) && (
        <AppItems clusterId={target.source.clusterId} path={path} entry={entry} folder={target.folder} />
      )}
      <Item icon={IconPencil} keys="F2" onClick={() => askToRename(id)}>
        Rename
      </Item>
    </>
  );
}

/** Windows has other permissions. */
const hasModes = ({ kind }: Source): boolean => kind === 'cluster' || window.tunel.platform !== 'win32';

/** What can be done with what is chosen in a pane, most used first; without a choice, with its folder. */
export function FileMenuItems({ id }: { id: PaneId }) {
  const hasOther = useFiles(canPutInOther);
  const canMove = useFiles(canMoveToOther);
  const target = targetOf(id);
  if (!target || target.entries.length === 0) return <FolderMenuItems id={id} />;
  const isOnCluster = target.source.kind === 'cluster';
  return (
    <>
      {target.entries.length === 1 && <OneItems id={id} />}
      {hasOther && (
        <Item icon={IconArrowRight} keys="F5" onClick={() => putInOther(id, false)}>
          Copy to the other pane
        </Item>
      )}
      {canMove && (
        <Item icon={IconArrowRight} keys="Shift F5" onClick={() => putInOther(id, true)}>
          Move to the other pane
        </Item>
      )}
      <Menu.Divider />
      <Item icon={IconCopy} keys="Mod C" onClick={() => takeToClipboard(id, false)}>
        Copy
      </Item>
      <Item icon={IconCut} keys="Mod X" onClick={() => takeToClipboard(id, true)}>
        Cut
      </Item>
      <Item icon={IconClipboardCopy} keys="Mod Shift C" onClick={() => copyPaths(id)}>
        {target.entries.length === 1 ? 'Copy the path' : 'Copy the paths'}
      </Item>
      {hasModes(target.source) && (
        <>
          <Item icon={IconLock} onClick={() => askForMode(id)}>
            Permissions
          </Item>
          {isOnCluster && target.entries.length === 1 && target.entries[0]?.kind === 'folder' && (
            <Item icon={IconRuler2} onClick={() => showUsage(id)}>
              Size of the folder
            </Item>
          )}
        </>
      )}
      <Menu.Divider />
      <Item icon={IconTrash} keys="Delete" onClick={() => trashChosen(id)}>
        Move to the trash
      </Item>
      <Item icon={IconTrashX} keys="Shift Delete" isDanger onClick={() => askToRemove(id)}>
        Delete for good
      </Item>
    </>
  );
}
