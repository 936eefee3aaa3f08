import bar from '../../components/bar.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { formatFileSize } from '../../text/size.ts';
import css from './transfer-list.module.css';
import { dismissTransfer, type Transfer, useTransfers } from './transfers.ts';

function Progress({ transfer }: { transfer: Transfer }) {
  const { kind, path, bytes, total, id } = transfer;
  const percent = total === null || total === 0 ? null : Math.min(100, Math.round((bytes / total) * 100));
  const title = kind === 'upload' ? `Uploading ${path}` : `Saving ${path}`;
  return (
    <li className={`${css.row} row gap-12`}>
      <span className="truncate grow" title={path}>
        {title}
      </span>
      <span className="text-tertiary tabular no-shrink">
        {formatFileSize(bytes)}
        {total !== null && ` of ${formatFileSize(total)}`}
      </span>
      <span
        className={`${bar.bar} ${css.bar}`}
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
      >
        <i className={bar.go} style={{ inlineSize: `${percent ?? 0}%` }} />
      </span>
      <LinkButton aria-label={`Cancel ${path}`} onClick={() => dismissTransfer(id)}>
        Cancel
      </LinkButton>
    </li>
  );
}

/** The files of a job that are on their way, and those that did not arrive. */
export function TransferList({ jobId }: { jobId: string }) {
  const all = useTransfers(({ list }) => list);
  const list = all.filter((transfer) => transfer.jobId === jobId);
  if (list.length === 0) return null;
  return (
    <ul className={css.list} aria-label="Transfers">
      {list.map((transfer) =>
        transfer.error === null ? (
          <Progress key={transfer.id} transfer={transfer} />
        ) : (
          <li key={transfer.id}>
            <ErrorNote
              alert
              title={`${transfer.path} was not ${transfer.kind === 'upload' ? 'uploaded' : 'saved'}`}
              error={transfer.error.serialize()}
              onClose={() => dismissTransfer(transfer.id)}
            />
          </li>
        ),
      )}
    </ul>
  );
}
