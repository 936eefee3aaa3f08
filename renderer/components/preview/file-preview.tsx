import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { formatFileSize } from '../../text/size.ts';
import { IconButton } from '../icon-button.tsx';
import { LinkButton } from '../link-button.tsx';
import pane from '../pane-parts.module.css';
import surface from '../surface.module.css';
import { DataTable } from './data-table.tsx';
import { FormatView } from './format-view.tsx';
import css from './preview.module.css';
import { delimiterOf, formatOf, isMarkdown, otherThanText, parseTable, TEXT_PART } from './preview-model.ts';
import { NotRead, Reading } from './reading.tsx';
import { SearchedText } from './searched-text.tsx';
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

const MarkdownText = lazy(() => import('./markdown/markdown-text.tsx'));

function TextBody({ preview, name, isText }: { preview: Text; name: string; isText: boolean }) {
  const delimiter = delimiterOf(name);
  if (!isText && preview.from === 0) {
    if (delimiter !== null) return <Table preview={preview} delimiter={delimiter} />;
    if (isMarkdown(name)) {
      return (
        <Suspense fallback={<Reading />}>
          <MarkdownText text={preview.text} />
        </Suspense>
      );
    }
  }
  return <SearchedText text={preview.text} />;
}

function TextContent({ preview, entry, isText }: { preview: Shown & Text; entry: FileEntry; isText: boolean }) {
  return (
    <>
      <TextBody preview={preview} name={entry.name} isText={isText} />
      <TextFoot preview={preview} size={entry.size} />
    </>
  );
}

interface ContentProps {
  preview: Shown;
  path: string;
  entry: FileEntry;
  read: ReadPart;
  isText: boolean;
  onSave: (() => void) | undefined;
}

function Content({ preview, path, entry, read, isText, onSave }: ContentProps) {
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
      return <TextContent preview={preview} entry={entry} isText={isText} />;
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
  const [isText, setText] = useState(false);
  const preview = usePreview(read, entry, isText && formatOf(entry.name) !== null);
  const other = otherThanText(entry.name);
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
        {other !== null && (
          <SegmentedControl
            aria-label="Show as"
            size="xs"
            value={isText ? 'text' : 'other'}
            onChange={(value) => setText(value === 'text')}
            data={[
              { value: 'other', label: other },
              { value: 'text', label: 'Text' },
            ]}
          />
        )}
        {children}
        {onSave && <IconButton icon={IconDownload} label={`Download ${name}`} size={26} onClick={onSave} />}
        {onClose && <IconButton icon={IconX} label="Close the preview" size={26} onClick={onClose} />}
      </div>
      <Content preview={preview} path={displayName(path)} entry={entry} read={read} isText={isText} onSave={onSave} />
    </section>
  );
}
