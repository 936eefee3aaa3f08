import { Button, Loader } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { isTransferOver, type Transfer } from '../../../electron/shared/transfers.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useStore } from '../../store.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatWhen } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import css from './transfer-history.module.css';
import { canRetry, labelOf, nameOf } from './transfer-model.ts';

/** As many as are kept. */
const MOST = 500;

/** Those that are over, read again whenever one ends, begins again or is taken off the list. */
function useEnded() {
  const [ended, setEnded] = useState<Transfer[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const known = useStore(({ transfers }) =>
    transfers
      .filter(isTransferOver)
      .map(({ id, endedAt }) => `${id} ${endedAt}`)
      .join(),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known says that the list is another one
  useEffect(() => {
    const asked = new AbortController();
    invoke('transfers.list', { states: ['completed', 'failed', 'canceled'], limit: MOST }, asked.signal).then(
      (list) => !asked.signal.aborted && setEnded(list),
      (failure) => !asked.signal.aborted && setError(AppError.from(failure)),
    );
    return () => asked.abort();
  }, [known]);
  return { ended, error, setError };
}

function EndedRow({ transfer, onRetry }: { transfer: Transfer; onRetry: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const { bytes, destination, endedAt, error, failures, files } = transfer;
  const name = nameOf(transfer);
  const why = error?.message ?? failures[0]?.error.message;
  const counts = files.total > 1 ? `${files.done} of ${files.total} files, ` : '';
  return (
    <li className={css.transfer}>
      <span className="column">
        <span className="truncate" title={name}>
          <span className="medium">{name}</span> <span className="text-secondary">to {displayName(destination)}</span>
        </span>
        <span className="text-sm text-tertiary truncate" title={why}>
          {labelOf(transfer)}, {counts}
          {formatFileSize(bytes.done)}
          {endedAt !== null && `, ${formatWhen(endedAt, Date.now())}`}
          {why !== undefined && `. ${why}`}
        </span>
      </span>
      {canRetry(transfer) && (
        <Button
          size="xs"
          loading={busy}
          aria-label={`Try again: ${name}`}
          onClick={() => {
            setBusy(true);
            void onRetry().finally(() => setBusy(false));
          }}
        >
          Try again
        </Button>
      )}
    </li>
  );
}

/** The transfers that are over, the last first. */
export function TransferHistoryDialog() {
  const { ended, error, setError } = useEnded();
  const retry = async (id: string) => {
    setError(null);
    try {
      await invoke('transfers.retry', { id });
    } catch (failure) {
      setError(AppError.from(failure));
    }
  };
  return (
    <Dialog
      title="History of transfers"
      subtitle={`The last ${MOST} that ended are kept.`}
      icon={IconHistory}
      size={640}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Close</Button>
        </>
      }
    >
      {error && <ErrorNote error={error.serialize()} alert />}
      {ended === null && !error && (
        <span className="row" role="status">
          <Loader size="sm" /> Reading the history
        </span>
      )}
      {ended?.length === 0 && <p>No transfer has ended yet.</p>}
      {ended !== null && ended.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div className={css.box} tabIndex={0}>
          <ul>
            {ended.map((transfer) => (
              <EndedRow key={transfer.id} transfer={transfer} onRetry={() => retry(transfer.id)} />
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
