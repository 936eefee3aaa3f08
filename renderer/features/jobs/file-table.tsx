import {
  IconDownload,
  IconFile,
  IconFileSymlink,
  IconFileText,
  IconFileUnknown,
  IconFolder,
  IconFolderSymlink,
  IconPhoto,
  IconTrash,
  type TablerIcon,
} from '@tabler/icons-react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { imageTypeOf } from '../../components/preview/preview-model.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatWhen } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import css from './job-files.module.css';
import { startDownload } from './transfers.ts';

/** Written by Tunel; the script is changed in other ways. */
const own: ReadonlySet<string> = new Set(['job.json', 'job.log', 'script.sh', '.tunel-inputs']);

function iconOf({ kind, link, name }: FileEntry): TablerIcon {
  if (kind === 'folder') return link ? IconFolderSymlink : IconFolder;
  if (kind !== 'file') return IconFileUnknown;
  if (link) return IconFileSymlink;
  if (imageTypeOf(name) !== null) return IconPhoto;
  return /\.(txt|log|out|err|csv|tsv|json|md|sh|py|r|dat)$/i.test(name) ? IconFileText : IconFile;
}

interface Props {
  job: Job;
  /** Empty: the directory itself. */
  folder: string;
  entries: readonly FileEntry[];
  /** The path of the file that is previewed. */
  shown: string | null;
  onOpen: (entry: FileEntry) => void;
  onChanged: () => void;
}

function askToRemoveFile(job: Job, path: string, onChanged: () => void): void {
  ui.confirm({
    title: `Remove ${path}?`,
    text: `It is removed from the directory of ${job.name} on ${job.clusterName}.`,
    action: 'Remove',
    run: async () => {
      await invoke('jobs.removeFile', { id: job.id, path });
      onChanged();
    },
  });
}

function Row(props: Props & { entry: FileEntry; now: number }) {
  const { job, folder, entry, shown, onOpen, onChanged, now } = props;
  const { name, kind, size, modified } = entry;
  const path = folder === '' ? name : `${folder}/${name}`;
  const Shown = iconOf(entry);
  const isRemovable = job.state === 'new' && !(folder === '' && own.has(name));
  return (
    <tr className={shown === path ? css.shown : undefined}>
      <th scope="row">
        <button type="button" className={css.entry} aria-pressed={shown === path} onClick={() => onOpen(entry)}>
          <Shown size={16} stroke={stroke} className="no-shrink" aria-hidden />
          <span className="truncate" title={name}>
            {name}
          </span>
        </button>
      </th>
      <td className="tabular">{kind === 'file' && size !== null ? formatFileSize(size) : ''}</td>
      <td className={`${css.time} tabular`}>{modified === null ? '' : formatWhen(modified, now)}</td>
      <td>
        <span className={css.buttons}>
          {isRemovable && (
            <IconButton
              icon={IconTrash}
              label={`Remove ${name}`}
              size={26}
              onClick={() => askToRemoveFile(job, path, onChanged)}
            />
          )}
          {kind === 'file' && (
            <IconButton
              icon={IconDownload}
              label={`Download ${name}`}
              size={26}
              onClick={() => attempt(`${name} was not saved`, startDownload(job.id, path, size))}
            />
          )}
        </span>
      </td>
    </tr>
  );
}

export function FileTable(props: Props) {
  const now = Date.now();
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Size</th>
            <th scope="col" className={css.time}>
              Changed
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <Row key={entry.name} {...props} entry={entry} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
