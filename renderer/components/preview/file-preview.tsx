import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { formatFileSize } from '../../text/size.ts';
import code from '../code.module.css';
import { IconButton } from '../icon-button.tsx';
import { LinkButton } from '../link-button.tsx';
import pane from '../pane-parts.module.css';
import surface from '../surface.module.css';
import { DataTable } from './data-table.tsx';
import { FormatView } from './format-view.tsx';
import css from './preview.module.css';
import { delimiterOf, parseTable, TEXT_PART } from './preview-model.ts';
import { NotRead, Reading } from './reading.tsx';
import { type Preview, type ReadPart, usePreview } from './use-preview.ts';

type Shown = ReturnType<typeof usePreview>;
type Text = Extract<Preview, { kind: 'text' }>;

function Table({ preview, delimiter }: { preview: Text; delimiter: string }) {
  const rows = useMemo(
    () => parseTable(preview.text, delimiter, preview.hasMore),
    [preview.text, preview.hasMore, delimiter],
  );
  const [head = [], ...body] = rows;
  return <DataTable label="First rows" head={head} rows={body} />;
}

/** Says which part of a text is shown, and shows others. */
function TextFoot({ preview, size }: { preview: Shown & Text; size: number | null }) {
  const { from, read, hasMore } = preview;
  const isLong = size !== null && size > TEXT_PART;
  if (!hasMore && !isLong) return null;
  const part =
    from > 0 ? `The last ${formatFileSize(read)} are shown.` : `The first ${formatFileSize(read)} are shown.`;
  return (
    <div className={`${css.more} row`}>
      <span className="text-sm text-tertiary grow" role="status">
        {hasMore || from > 0 ? part : ''}
      </span>
      {isLong && (
        <LinkButton onClick={() => preview.readFrom(from > 0 ? 'start' : 'end')}>
          {from > 0 ? 'Show the start' : 'Show the end'}
        </LinkButton>
      )}
      {hasMore && (
        <LinkButton aria-disabled={preview.isReading} onClick={preview.readMore}>
          Show more
        </LinkButton>
      )}
    </div>
  );
}

function TextContent({ preview, entry, isTable }: { preview: Shown & Text; entry: FileEntry; isTable: boolean }) {
  const delimiter = delimiterOf(entry.name);
  return (
    <>
      {isTable && delimiter !== null && preview.from === 0 ? (
        <Table preview={preview} delimiter={delimiter} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre className={`${code.code} ${css.text}`} tabIndex={0}>
          {preview.text === '' ? 'The file is empty.' : preview.text}
        </pre>
      )}
      <TextFoot preview={preview} size={entry.size} />
    </>
  );
}

interface ContentProps {
  preview: Shown;
  path: string;
  entry: FileEntry;
  read: ReadPart;
  isTable: boolean;
  onSave: (() => void) | undefined;
}

function Content({ preview, path, entry, read, isTable, onSave }: ContentProps) {
  switch (preview.kind) {
    case 'loading':
      return <Reading />;
    case 'failed':
      return <NotRead error={preview.error.serialize()} />;
    case 'none':
      return (
        <div className={pane.notice}>
          <p>No preview. {preview.why}</p>
          {onSave && <Button onClick={onSave}>Download</Button>}
        </div>
      );
    case 'image':
      return (
        <div className={css.picture}>
          <img src={preview.url} alt={path} />
        </div>
      );
    case 'format':
      return (
        <div className={css.format}>
          <FormatView format={preview.format} path={path} entry={entry} size={preview.size} read={read} />
        </div>
      );
    case 'text':
      return <TextContent preview={preview} entry={entry} isTable={isTable} />;
  }
}

interface Props {
  path: string;
  entry: FileEntry;
  read: ReadPart;
  /** Saves it on this computer; absent: it is there. */
  onSave?: () => void;
  /** Absent: it stays. */
  onClose?: () => void;
  /** Other buttons of its head. */
  children?: ReactNode;
  /** It fills the height that it is given. */
  isFilling?: boolean;
}

/** A file without saving it: text by ranges, the first rows of tables, and images. `read` stays the same for the same file. */
export function FilePreview({ path, entry, read, onSave, onClose, children, isFilling = false }: Props) {
  const preview = usePreview(read, entry);
  const [isTable, setTable] = useState(true);
  const name = displayName(entry.name);
  const classes = isFilling ? `${css.preview} ${css.filling}` : `${surface.card} ${css.preview}`;
  return (
    <section
      className={classes}
      aria-label={`Preview of ${displayName(path)}`}
      data-region={isFilling ? 'preview' : undefined}
    >
      <div className={`${pane.bar} ${css.head}`}>
        <h2 className="truncate grow" title={displayName(path)}>
          {name}
        </h2>
        <span className="text-sm text-tertiary tabular no-shrink">
          {entry.size !== null && formatFileSize(entry.size)}
        </span>
        {preview.kind === 'text' && delimiterOf(entry.name) !== null && (
          <SegmentedControl
            aria-label="Show as"
            size="xs"
            value={isTable ? 'table' : 'text'}
            onChange={(value) => setTable(value === 'table')}
            data={[
              { value: 'table', label: 'Table' },
              { value: 'text', label: 'Text' },
            ]}
          />
        )}
        {children}
        {onSave && <IconButton icon={IconDownload} label={`Download ${name}`} size={26} onClick={onSave} />}
        {onClose && <IconButton icon={IconX} label="Close the preview" size={26} onClick={onClose} />}
      </div>
      <Content preview={preview} path={displayName(path)} entry={entry} read={read} isTable={isTable} onSave={onSave} />
    </section>
  );
}
