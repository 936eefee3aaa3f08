import { Button, Loader } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import code from '../../components/code.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { formatFileSize } from '../../text/size.ts';
import css from './job-files.module.css';
import { startDownload } from './transfers.ts';
import { usePreview } from './use-preview.ts';

interface Props {
  jobId: string;
  path: string;
  entry: FileEntry;
  onClose: () => void;
}

function Content({
  preview,
  path,
  onSave,
}: {
  preview: ReturnType<typeof usePreview>;
  path: string;
  onSave: () => void;
}) {
  switch (preview.kind) {
    case 'loading':
      return (
        <div className={css.notice} role="status">
          <Loader size="sm" /> Reading
        </div>
      );
    case 'failed':
      return (
        <div className={css.notice}>
          <ErrorNote title="It could not be read" error={preview.error.serialize()} alert />
        </div>
      );
    case 'none':
      return (
        <div className={css.notice}>
          <p>No preview. {preview.why}</p>
          <Button onClick={onSave}>Download</Button>
        </div>
      );
    case 'image':
      return (
        <div className={css.picture}>
          <img src={preview.url} alt={path} />
        </div>
      );
    case 'text':
      return (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre className={`${code.code} ${css.text}`} tabIndex={0}>
            {preview.text === '' ? 'The file is empty.' : preview.text}
          </pre>
          {preview.hasMore && (
            <div className={`${css.more} row`}>
              <span className="text-sm text-tertiary grow" role="status">
                The first {formatFileSize(preview.read)} are shown.
              </span>
              <LinkButton aria-disabled={preview.isReading} onClick={preview.readMore}>
                Show more
              </LinkButton>
            </div>
          )}
        </>
      );
  }
}

/** A file of a job without saving it: text by ranges, and images. */
export function FilePreview({ jobId, path, entry, onClose }: Props) {
  const preview = usePreview(jobId, path, entry);
  const save = () => void startDownload(jobId, path, entry.size);
  return (
    <section className={`${surface.card} ${css.preview}`} aria-label={`Preview of ${path}`}>
      <div className={css.bar}>
        <h2 className="truncate grow" title={path}>
          {entry.name}
        </h2>
        <span className="text-sm text-tertiary tabular no-shrink">
          {entry.size !== null && formatFileSize(entry.size)}
        </span>
        <IconButton icon={IconDownload} label={`Download ${entry.name}`} size={26} onClick={save} />
        <IconButton icon={IconX} label="Close the preview" size={26} onClick={onClose} />
      </div>
      <Content preview={preview} path={path} onSave={save} />
    </section>
  );
}
