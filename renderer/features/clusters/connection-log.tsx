import {
  IconAlertOctagon,
  IconFileText,
  IconInfoCircle,
  IconKey,
  IconPlug,
  IconPlugConnected,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionEvent } from '../../../electron/shared/clusters.ts';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import section from '../../components/section-heading.module.css';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { formatWhen } from '../../text/time.ts';
import css from './connection-log.module.css';
import { foldEvents } from './fold-events.ts';

const looks: Record<ConnectionEvent['kind'], { icon: TablerIcon; tone: string; label: string }> = {
  connected: { icon: IconPlugConnected, tone: 'tone-ok', label: 'connected' },
  reconnected: { icon: IconRefresh, tone: 'tone-ok', label: 'reconnected' },
  disconnected: { icon: IconPlug, tone: 'tone-off', label: 'disconnected' },
  asked: { icon: IconKey, tone: 'tone-wait', label: 'asked' },
  failed: { icon: IconAlertOctagon, tone: 'tone-bad', label: 'failed' },
  info: { icon: IconInfoCircle, tone: 'tone-off', label: 'note' },
};

/** What happened to the connections of all clusters, newest first. */
export function ConnectionLog() {
  const log = useStore((state) => state.connectionLog);
  const [all, setAll] = useState(false);
  const newest = foldEvents(log);
  const shown = all ? newest : newest.slice(0, 8);
  const now = Date.now();
  return (
    <section aria-label="Connection log">
      <h2 className={`${section.heading} ${css.heading}`}>
        <IconFileText size={14} stroke={stroke} aria-hidden /> Connection log
        <span className="push-end" />
        {newest.length > 8 && (
          <LinkButton onClick={() => setAll(!all)}>{all ? 'Fewer events' : `All ${newest.length} events`}</LinkButton>
        )}
      </h2>
      <div className={`${surface.card} ${css.card}`}>
        {shown.length === 0 ? (
          <p className="text-secondary" style={{ padding: '8px 0' }}>
            Nothing yet. Each sign-in, loss and return of a connection is written here.
          </p>
        ) : (
          <table className={css.events}>
            <tbody>
              {shown.map((event, index) => {
                const look = looks[event.kind];
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: events have no id and are only ever added
                  <tr key={`${event.at}-${index}`}>
                    <td className="tabular text-tertiary">{formatWhen(event.at, now)}</td>
                    <td className={look.tone}>
                      <look.icon size={16} stroke={stroke} role="img" aria-label={look.label} />
                    </td>
                    <td className="medium truncate" title={event.clusterName}>
                      {event.clusterName}
                    </td>
                    <td className="text-secondary">
                      {event.text}
                      {event.times > 1 && <span className="text-tertiary"> ({event.times} times)</span>}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}
