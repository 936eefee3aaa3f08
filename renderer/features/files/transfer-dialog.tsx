import type { ShownOfTransfers } from '../../ui-store.ts';
import { TransferHistoryDialog } from './transfer-history.tsx';
import { TransferLimitDialog, TransferOptionsDialog } from './transfer-options-dialog.tsx';

/** The dialogs of the panel of transfers. */
export function TransferDialog({ show }: { show: ShownOfTransfers }) {
  if (show === 'options') return <TransferOptionsDialog />;
  if (show === 'history') return <TransferHistoryDialog />;
  return <TransferLimitDialog key={show.limitOf} id={show.limitOf} />;
}
