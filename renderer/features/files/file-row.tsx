import { type MouseEvent, memo } from 'react';
import { displayName, hasOddBytes } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatFileTime } from '../../text/time.ts';
import { FileIcon } from './file-icon.tsx';
import css from './files-grid.module.css';
import { formatMode } from './list-model.ts';

interface Props {
  id: string;
  entry: FileEntry;
  /** Its place in the list, from 0. */
  index: number;
  /** Where it is drawn, px. */
  top: number;
  isSelected: boolean;
  isCurrent: boolean;
  /** It is in the clipboard to be moved. */
  isCut: boolean;
  now: number;
  onPress: (index: number, event: MouseEvent<HTMLElement>) => void;
  onOpen: (index: number) => void;
}

const oddName = 'Its name has bytes that are no text. They stay as they are.';

export const FileRow = memo(function FileRow(props: Props) {
  const { entry, index, isSelected, isCurrent, isCut, now } = props;
  const name = displayName(entry.name);
  const target = entry.target === null ? '' : displayName(entry.target);
  const classes = [css.row, css.file, isCurrent && css.current, isCut && css.cut].filter(Boolean).join(' ');
  return (
    <tr
      id={props.id}
      className={classes}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      data-kind={entry.kind}
      draggable
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={(event) => props.onPress(index, event)}
      onDoubleClick={() => props.onOpen(index)}
    >
      <td className={css.name}>
        <FileIcon entry={entry} className={entry.kind === 'folder' ? css.folder : undefined} />
        <span className="truncate" title={hasOddBytes(entry.name) ? `${name}. ${oddName}` : name}>
          {name}
          {target !== '' && <span className="text-tertiary"> → {target}</span>}
          {entry.link && entry.kind === 'other' && <span className="text-tertiary"> (leads nowhere)</span>}
        </span>
      </td>
      <td className={css.size}>{entry.kind === 'folder' || entry.size === null ? '' : formatFileSize(entry.size)}</td>
      <td className={css.modified}>{entry.modified === null ? '' : formatFileTime(entry.modified, now)}</td>
      <td className={`${css.owner} truncate`} title={entry.owner ?? undefined}>
        {entry.owner ?? ''}
      </td>
      <td className={`${css.mode} mono`}>{entry.mode === null ? '' : formatMode(entry.mode)}</td>
    </tr>
  );
});
