import { type ReactNode, useCallback } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { FilePreview } from '../../components/preview/file-preview.tsx';
import type { ReadPart } from '../../components/preview/use-preview.ts';
import { readPart } from './job-bytes.ts';
import { startDownload } from './transfers.ts';

interface Props {
  jobId: string;
  path: string;
  entry: FileEntry;
  /** Absent: it stays. */
  onClose?: () => void;
  /** Other controls of its head. */
  children?: ReactNode;
}

export function JobFilePreview({ jobId, path, entry, onClose, children }: Props) {
  const read = useCallback<ReadPart>(
    (offset, length, signal) => readPart({ jobId, path, offset, length }, signal),
    [jobId, path],
  );
  const save = () => void startDownload(jobId, path, entry.size);
  return (
    <FilePreview path={path} entry={entry} read={read} onSave={save} onClose={onClose}>
      {children}
    </FilePreview>
  );
}
