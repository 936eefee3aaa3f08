import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconAdjustments, IconArrowLeft, IconArrowRight, IconBookmark, IconPencil } from '@tabler/icons-react';
import { displayName } from '../../../electron/shared/file-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { PageHead } from '../../components/page.tsx';
import { SearchButton } from '../../components/search-button.tsx';
import { ui } from '../../ui-store.ts';
import { isUnsaved, useEditing } from './editing/editing-store.ts';
import { putInOther } from './file-actions.ts';
import css from './files-page.module.css';
import { activate, otherPane, useFiles } from './files-store.ts';
import { BookmarkItems } from './place-items.tsx';
import { baseOf, isSameSource } from './places.ts';
import { useSourceName } from './source-name.ts';

/** Copies what is chosen in the active pane to the other one. */
function CopyButton() {
  const active = useFiles((state) => state.active);
  const from = useFiles((state) => state.panes[active]);
  const to = useFiles((state) => state.panes[otherPane(active)]);
  const name = useSourceName(to.source);
  if (!from.source || !to.source) return null;
  const isSame = isSameSource(from.source, to.source);
  const isEmpty = from.selected.size === 0 && from.cursor === null;
  const Arrow = active === 0 ? IconArrowRight : IconArrowLeft;
  return (
    <Button
      variant="filled"
      leftSection={<Arrow size={16} stroke={stroke} aria-hidden />}
      aria-keyshortcuts="F5"
      disabled={isEmpty || to.listing.path === ''}
      title={isEmpty ? 'Choose what to copy first' : undefined}
      maw={280}
      onClick={() => putInOther(active, false)}
    >
      <span className="truncate">
        {isSame ? 'Copy to the other pane' : to.source.kind === 'local' ? 'Copy to this computer' : `Copy to ${name}`}
      </span>
    </Button>
  );
}

/** Leads back to the files that are open in the editor. */
function OpenFiles() {
  const files = useEditing((state) => state.files);
  if (files.length === 0) return null;
  return (
    <Menu width={300}>
      <Menu.Target>
        <Button leftSection={<IconPencil size={16} stroke={stroke} aria-hidden />}>Open files ({files.length})</Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        {files.map((file) => (
          <Menu.Item key={file.key} onClick={() => useEditing.setState({ active: file.key })}>
            {displayName(baseOf(file.path))}
            {isUnsaved(file) && ', not saved'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function FilesHead() {
  const isTwoPane = useFiles((state) => state.isTwoPane);
  const active = useFiles((state) => state.active);
  const isPreviewing = useFiles((state) => state.isPreviewing);
  return (
    <PageHead title="Files">
      <SegmentedControl
        className={css.layout}
        aria-label="Panes"
        value={isTwoPane ? 'two' : 'one'}
        onChange={(value) => useFiles.setState({ isTwoPane: value === 'two' })}
        data={[
          { value: 'two', label: 'Two panes' },
          { value: 'one', label: 'One pane' },
        ]}
      />
      {isTwoPane && (
        <SegmentedControl
          className={css.switch}
          aria-label="Pane"
          value={String(active)}
          onChange={(value) => activate(value === '1' ? 1 : 0)}
          data={[
            { value: '0', label: 'Left' },
            { value: '1', label: 'Right' },
          ]}
        />
      )}
      <span className="push-end" />
      <SearchButton />
      <OpenFiles />
      <Menu width={300}>
        <Menu.Target>
          <Button leftSection={<IconBookmark size={16} stroke={stroke} aria-hidden />}>Bookmarks</Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          <BookmarkItems id={active} />
        </Menu.Dropdown>
      </Menu>
      <IconButton
        icon={IconAdjustments}
        label="Transfer options"
        onClick={() => ui.open({ kind: 'transfers', show: 'options' })}
      />
      {isTwoPane && !isPreviewing && <CopyButton />}
    </PageHead>
  );
}
