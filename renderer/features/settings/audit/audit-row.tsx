import {
  IconAlertOctagon,
  IconBan,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconCode,
  IconHelpCircle,
  IconUser,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { AuditEntry } from '../../../../electron/shared/audit.ts';
import definitions from '../../../components/definition-list.module.css';
import { stroke } from '../../../components/icons.tsx';
import css from './audit.module.css';
import {
  describeClient,
  describeResult,
  formatLength,
  formatSeconds,
  formatWhole,
  type ResultText,
} from './audit-text.ts';

const clientIcons: Readonly<Record<AuditEntry['client'], TablerIcon>> = {
  owner: IconUser,
  token: IconCode,
  unknown: IconHelpCircle,
};

const resultLooks: Readonly<Record<ResultText['kind'], { icon: TablerIcon; tone: string }>> = {
  done: { icon: IconCheck, tone: 'tone-ok' },
  refused: { icon: IconBan, tone: 'tone-bad' },
  failed: { icon: IconAlertOctagon, tone: 'tone-bad' },
  cancelled: { icon: IconX, tone: 'tone-off' },
};

/** The cells of a call; its time is the button that shows its details. */
export function CallCells(props: {
  entry: AuditEntry;
  isOpen: boolean;
  hasCluster: boolean;
  tabIndex: number;
  onToggle: () => void;
}) {
  const { entry, isOpen } = props;
  const Client = clientIcons[entry.client];
  const client = describeClient(entry);
  const result = describeResult(entry);
  const { icon: Result, tone } = resultLooks[result.kind];
  const call = `${entry.call} ${entry.detail}`.trim();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <td>
        <button
          type="button"
          className={css.time}
          tabIndex={props.tabIndex}
          aria-expanded={isOpen}
          title={formatWhole(entry.at)}
          onClick={props.onToggle}
        >
          <Chevron size={12} stroke={stroke} aria-hidden />
          {formatSeconds(entry.at)}
        </button>
      </td>
      <td>
        <span className={css.line}>
          <Client size={14} stroke={stroke} aria-hidden />
          <span className="truncate medium" title={client}>
            {client}
          </span>
        </span>
      </td>
      <td>
        <div className={`${css.call} mono truncate`} title={call}>
          {call}
        </div>
      </td>
      {props.hasCluster && (
        <td>
          <div className="truncate" title={entry.clusterName}>
            {entry.clusterName}
          </div>
        </td>
      )}
      <td>
        <span className={`${css.line} ${tone}`}>
          <Result size={14} stroke={stroke} aria-hidden />
          <span className="truncate" title={result.text}>
            {result.text}
          </span>
        </span>
      </td>
    </>
  );
}

/** All that is known of a call. */
export function CallDetails({ entry, span }: { entry: AuditEntry; span: number }) {
  const facts: [name: string, value: string][] = [
    ['Time', formatWhole(entry.at)],
    ['Client', entry.tokenId === null ? describeClient(entry) : `${entry.tokenName}, token ${entry.tokenId}`],
    ['Call', entry.call],
    ['About', entry.detail],
    ['Cluster', entry.clusterName],
    ['Result', `${entry.result}, after ${formatLength(entry.duration)}`],
  ];
  return (
    <td colSpan={span} className={css.details}>
      <dl className={definitions.list}>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </td>
  );
}
