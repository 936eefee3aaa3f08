import { Button, Progress } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowDown,
  IconArrowsLeftRight,
  IconArrowUp,
  IconChevronDown,
  IconChevronUp,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHelpCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnectedX,
  IconRefresh,
  IconTransfer,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { displayName } from '../../../electron/shared/file-names.ts';
import { fromLocalPath } from '../../../electron/shared/local-path.ts';
import { isTransferOver, type Transfer, type TransferDirection } from '../../../electron/shared/transfers.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke, type Tone } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { formatFileSize } from '../../text/size.ts';
import { ui, useUi } from '../../ui-store.ts';
import { reloadPlace } from './open-folder.ts';
import type { Place } from './places.ts';
import { TransferMenu } from './transfer-menu.tsx';
import {
  canRetry,
  describeProgress,
  labelOf,
  lookOf,
  nameOf,
  shareOf,
  summaryOf,
  type TransferLook,
} from './transfer-model.ts';
import css from './transfers-dock.module.css';

const looks: Record<TransferLook, { icon: TablerIcon; tone: Tone }> = {
  queued: { icon: IconClock, tone: 'off' },
  active: { icon: IconTransfer, tone: 'go' },
  paused: { icon: IconPlayerPause, tone: 'off' },
  offline: { icon: IconPlugConnectedX, tone: 'wait' },
  question: { icon: IconHelpCircle, tone: 'wait' },
  completed: { icon: IconCircleCheck, tone: 'ok' },
  partly: { icon: IconAlertTriangle, tone: 'wait' },
  failed: { icon: IconAlertOctagon, tone: 'bad' },
  canceled: { icon: IconCircleX, tone: 'off' },
};

const arrows: Record<TransferDirection, TablerIcon> = {
  upload: IconArrowUp,
  download: IconArrowDown,
  copy: IconArrowsLeftRight,
};

type Change = 'transfers.pause' | 'transfers.resume' | 'transfers.cancel' | 'transfers.retry' | 'transfers.remove';

const change = (what: Change, id: string): void => {
  void attempt('The transfer did not change', invoke(what, { id }));
};

function changeAll(what: Change, transfers: readonly Transfer[]): void {
  for (const { id } of transfers) change(what, id);
}

/** The folder that files are copied into. */
export function destinationOf({ direction, clusterId, toClusterId, destination }: Transfer): Place {
  if (direction === 'download') {
    return { source: { kind: 'local' }, path: fromLocalPath(destination, window.tunel.platform === 'win32') };
  }
  return { source: { kind: 'cluster', clusterId: toClusterId ?? clusterId }, path: destination };
}

function useDestinationName(transfer: Transfer): string {
  const { source } = destinationOf(transfer);
  return useStore(({ clusters }) =>
    source.kind === 'local'
      ? 'this computer'
      : (clusters.find(({ cluster }) => cluster.id === source.clusterId)?.cluster.name ?? source.clusterId),
  );
}

function TransferButtons({ transfer, name }: { transfer: Transfer; name: string }) {
  const { id, state, question } = transfer;
  const isOver = isTransferOver(transfer);
  return (
    <span className={css.buttons}>
      {question && (
        <Button size="xs" variant="filled" onClick={() => ui.open({ kind: 'conflict', id })}>
          Answer
        </Button>
      )}
      {(state === 'active' || state === 'queued') && (
        <IconButton
          icon={IconPlayerPause}
          label={`Pause ${name}`}
          size={26}
          onClick={() => change('transfers.pause', id)}
        />
      )}
      {(state === 'paused' || (state === 'waiting' && !question)) && (
        <IconButton
          icon={state === 'paused' ? IconPlayerPlay : IconRefresh}
          label={state === 'paused' ? `Resume ${name}` : `Try ${name} now`}
          size={26}
          onClick={() => change('transfers.resume', id)}
        />
      )}
      {canRetry(transfer) && (
        <IconButton
          icon={IconRefresh}
          label={`Try ${name} again`}
          size={26}
          onClick={() => change('transfers.retry', id)}
        />
      )}
      {!isOver && <TransferMenu transfer={transfer} name={name} />}
      <IconButton
        icon={IconX}
        label={isOver ? `Take ${name} off the list` : `Cancel ${name}`}
        size={26}
        onClick={() => change(isOver ? 'transfers.remove' : 'transfers.cancel', id)}
      />
    </span>
  );
}

function TransferRow({ transfer }: { transfer: Transfer }) {
  const name = nameOf(transfer);
  const to = useDestinationName(transfer);
  const { files, speed, state, error, failures, destination } = transfer;
  const look = looks[lookOf(transfer)];
  const Arrow = arrows[transfer.direction];
  const share = shareOf(transfer);
  const why = error?.message ?? failures[0]?.error.message ?? '';
  return (
    <li className={css.transfer}>
      <Arrow size={14} stroke={stroke} className="text-tertiary" aria-hidden />
      <span className="truncate" title={`${name} to ${displayName(destination)}${why && `. ${why}`}`}>
        <span className={css.name}>{name}</span>{' '}
        <span className="text-tertiary">
          {files.total > 1 && `${files.done} of ${files.total} files `}to {to}
          {why !== '' && `. ${why}`}
        </span>
      </span>
      <Progress
        className={css.bar}
        size={6}
        value={(share ?? 0) * 100}
        aria-label={`${name}: ${share === null ? 'not begun' : `${Math.round(share * 100)} percent`}`}
      />
      <span className={css.speed}>
        {state === 'active' && speed > 0 ? `${formatFileSize(Math.round(speed))}/s` : ''}
      </span>
      <span className={css.left}>{describeProgress(transfer)}</span>
      <span className={`${css.state} tone-${look.tone}`}>
        <look.icon size={14} stroke={stroke} aria-hidden />
        <span className="truncate">{labelOf(transfer)}</span>
      </span>
      <TransferButtons transfer={transfer} name={name} />
    </li>
  );
}

/** Reads the folders again that files were copied into, and asks what a transfer asks. */
function useTransferEvents(transfers: readonly Transfer[]): void {
  const before = useRef<ReadonlyMap<string, Transfer>>(new Map());
  useEffect(() => {
    for (const transfer of transfers) {
      const old = before.current.get(transfer.id);
      if (old && isTransferOver(transfer) && !isTransferOver(old)) reloadPlace(destinationOf(transfer));
      if (transfer.question && !old?.question && useUi.getState().dialog === null)
        ui.open({ kind: 'conflict', id: transfer.id });
    }
    before.current = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  }, [transfers]);
}

/** Says of the last transfer that it ended or asks, and nothing of progress. */
function describeNews(transfers: readonly Transfer[]): string {
  const asking = transfers.find(({ question }) => question !== null);
  if (asking) return `${nameOf(asking)} needs an answer`;
  const last = transfers
    .filter(isTransferOver)
    .reduce<Transfer | null>((latest, each) => ((each.endedAt ?? 0) > (latest?.endedAt ?? 0) ? each : latest), null);
  return last ? `${nameOf(last)}: ${labelOf(last)}` : '';
}

function DockHead(props: { transfers: readonly Transfer[]; isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const { transfers, isOpen, onOpen } = props;
  const going = transfers.filter(({ state }) => state === 'active' || state === 'queued');
  const paused = transfers.filter(({ state }) => state === 'paused');
  const isAllOver = transfers.every(isTransferOver);
  return (
    <div className={css.head}>
      <h2>Transfers</h2>
      <span className="text-sm text-secondary tabular truncate grow">{summaryOf(transfers)}</span>
      {going.length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => changeAll('transfers.pause', going)}>
          Pause all
        </Button>
      )}
      {paused.length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => changeAll('transfers.resume', paused)}>
          Resume all
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={() => ui.open({ kind: 'transfers', show: 'history' })}>
        History
      </Button>
      {isAllOver && (
        <Button
          size="xs"
          variant="subtle"
          onClick={() => attempt('The list was not cleared', invoke('transfers.remove', {}))}
        >
          Clear the list
        </Button>
      )}
      <IconButton
        icon={isOpen ? IconChevronDown : IconChevronUp}
        label={isOpen ? 'Fold the transfers' : 'Show the transfers'}
        expanded={isOpen}
        size={26}
        onClick={() => onOpen(!isOpen)}
      />
    </div>
  );
}

/** The queue of transfers and those that are over, at the foot of the page. */
export function TransfersDock() {
  const transfers = useStore((state) => state.transfers);
  const [isOpen, setOpen] = useState(true);
  useTransferEvents(transfers);
  if (transfers.length === 0) return null;
  return (
    <section className={css.dock} aria-label="Transfers" data-region="transfers">
      <DockHead transfers={transfers} isOpen={isOpen} onOpen={setOpen} />
      {isOpen && (
        <ul className={css.list}>
          {transfers.map((transfer) => (
            <TransferRow key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
      <span className="visually-hidden" role="status">
        {describeNews(transfers)}
      </span>
    </section>
  );
}
