import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconDeviceLaptop,
  IconDots,
  IconFolderPlus,
  IconSearch,
  IconServer2,
} from '@tabler/icons-react';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { askForFolder } from './file-actions.ts';
import { FolderMenuItems } from './file-menu.tsx';
import { changePane, type Pane, type PaneId } from './files-store.ts';
import { goUp, openFolder } from './open-folder.ts';
import css from './pane.module.css';
import { PathField } from './path-field.tsx';
import { PlaceItems } from './place-items.tsx';
import { baseOf, crumbs, type Source } from './places.ts';

/** How many folders of a path are shown; the others fold away. */
const SHOWN_CRUMBS = 3;

/** The computer, with a menu of others and of places worth a shortcut. */
function SourceMenu({ id, source, name }: { id: PaneId; source: Source | null; name: string }) {
  const Shown = source?.kind === 'local' ? IconDeviceLaptop : IconServer2;
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <button type="button" className={css.source} aria-label={`Places, ${name}`}>
          <Shown size={14} stroke={stroke} aria-hidden />
          <span className="truncate">{name}</span>
          <IconChevronDown size={14} stroke={stroke} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <PlaceItems id={id} source={source} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The folders on the way to the one that is open; pressing the last one types a path. */
function Crumbs({ id, source, path }: { id: PaneId; source: Source; path: string }) {
  const all = crumbs(path);
  const shown = all.length > SHOWN_CRUMBS ? all.slice(1 - SHOWN_CRUMBS) : all;
  const hidden = all.slice(0, all.length - shown.length);
  return (
    <nav className={css.crumbs} aria-label={id === 0 ? 'Path, left pane' : 'Path, right pane'}>
      {hidden.length > 0 && (
        <Menu position="bottom-start" width={220}>
          <Menu.Target>
            <button type="button" className={css.crumb} aria-label="Folders above">
              …
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {hidden.toReversed().map((crumb) => (
              <Menu.Item key={crumb.path} onClick={() => openFolder(id, { source, path: crumb.path })}>
                <span className="truncate">{crumb.name}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {shown.map((crumb, index) => {
        const isLast = index === shown.length - 1;
        const next = shown[index + 1];
        return (
          <span key={crumb.path} className={isLast ? css.lastPart : css.part}>
            {(index > 0 || hidden.length > 0) && (
              <IconChevronRight size={12} stroke={stroke} className="no-shrink text-tertiary" aria-hidden />
            )}
            <button
              type="button"
              className={css.crumb}
              data-may-cut
              title={isLast ? `${crumb.path}. Press to type a path` : crumb.path}
              aria-current={isLast ? 'page' : undefined}
              onClick={() =>
                isLast
                  ? changePane(id, { isTyping: true })
                  : openFolder(id, { source, path: crumb.path }, next ? baseOf(next.path) : null)
              }
            >
              {crumb.name}
            </button>
          </span>
        );
      })}
    </nav>
  );
}

function PathPart({ id, pane }: { id: PaneId; pane: Pane }) {
  const { source, path, listing, isTyping } = pane;
  if (!source) return <span className="grow" />;
  if (isTyping) return <PathField id={id} source={source} path={listing.path || path} />;
  const shown = listing.error ? path : listing.path || path;
  return shown.startsWith('/') ? (
    <Crumbs id={id} source={source} path={shown} />
  ) : (
    <button type="button" className={`${css.crumb} grow`} onClick={() => changePane(id, { isTyping: true })}>
      {shown || 'Home'}
    </button>
  );
}

export function PaneBar({ id, pane, name }: { id: PaneId; pane: Pane; name: string }) {
  const hasFolder = pane.listing.path !== '' && pane.listing.error === null;
  const canGoUp = pane.listing.error === null ? pane.listing.path.length > 1 : pane.path.length > 1;
  return (
    <div className={css.bar}>
      <SourceMenu id={id} source={pane.source} name={name} />
      <PathPart id={id} pane={pane} />
      <IconButton icon={IconArrowUp} label="Up one folder" size={26} disabled={!canGoUp} onClick={() => goUp(id)} />
      <IconButton
        icon={IconSearch}
        label="Find by name"
        size={26}
        disabled={!hasFolder}
        pressed={pane.isFinding}
        onClick={() => changePane(id, pane.isFinding ? { isFinding: false, find: '' } : { isFinding: true })}
      />
      <IconButton
        icon={IconFolderPlus}
        label="New folder"
        size={26}
        disabled={!hasFolder}
        onClick={() => askForFolder(id)}
      />
      <Menu width={280}>
        <Menu.Target>
          <ActionIcon size={26} aria-label="More" disabled={!pane.source}>
            <IconDots size={16} stroke={stroke} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <FolderMenuItems id={id} />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
