import { Button } from '@mantine/core';
import {
  IconAlertOctagon,
  IconFileText,
  IconInfoCircle,
  IconKey,
  IconPlug,
  IconPlugConnected,
  IconPlus,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionEvent } from '../../../electron/shared/clusters.ts';
import { PageHead, stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { count } from '../../words/size.ts';
import { when } from '../../words/time.ts';
import { SearchButton } from '../running/running-page.tsx';
import { ClusterCard } from './cluster-card.tsx';
import { foldEvents } from './fold-events.ts';

const looks: Record<ConnectionEvent['kind'], { icon: TablerIcon; tone: string; words: string }> = {
  connected: { icon: IconPlugConnected, tone: 't-ok', words: 'connected' },
  reconnected: { icon: IconRefresh, tone: 't-ok', words: 'reconnected' },
  disconnected: { icon: IconPlug, tone: 't-off', words: 'disconnected' },
  asked: { icon: IconKey, tone: 't-wait', words: 'asked' },
  failed: { icon: IconAlertOctagon, tone: 't-bad', words: 'failed' },
  info: { icon: IconInfoCircle, tone: 't-off', words: 'note' },
};

function ConnectionLog() {
  const log = useStore((state) => state.connectionLog);
  const [all, setAll] = useState(false);
  const newest = foldEvents(log);
  const shown = all ? newest : newest.slice(0, 8);
  const now = Date.now();
  return (
    <section aria-label="Connection log">
      <h2 className="sect" style={{ marginBlockStart: 24 }}>
        <IconFileText size={14} stroke={stroke} aria-hidden /> Connection log <span className="c">in plain words</span>
        <span className="end" />
        {newest.length > 8 && (
          <button type="button" className="link" onClick={() => setAll(!all)}>
            {all ? 'Fewer events' : `All ${newest.length} events`}
          </button>
        )}
      </h2>
      <div className="card" style={{ padding: '4px 16px' }}>
        {shown.length === 0 ? (
          <p className="dim" style={{ padding: '8px 0' }}>
            Nothing yet. Each sign-in, loss and return of a connection is written here.
          </p>
        ) : (
          <table className="evt">
            <tbody>
              {shown.map((event, index) => {
                const look = looks[event.kind];
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: events have no id and are only ever added
                  <tr key={`${event.at}-${index}`}>
                    <td className="num dimmer">{when(event.at, now)}</td>
                    <td className={look.tone}>
                      <look.icon size={16} stroke={stroke} role="img" aria-label={look.words} />
                    </td>
                    <td className="m cut" title={event.clusterName}>
                      {event.clusterName}
                    </td>
                    <td className="dim">
                      {event.text}
                      {event.times > 1 && <span className="dimmer"> ({event.times} times)</span>}
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

export function ClustersPage() {
  const clusters = useStore((state) => state.clusters);
  const hosts = useStore((state) => state.system.sshConfigHosts);
  const add = () => ui.open({ kind: 'cluster', id: null });
  return (
    <>
      <PageHead title="Clusters" count={clusters.length}>
        <span className="end" />
        <SearchButton />
        <Button variant="filled" leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />} onClick={add}>
          Add cluster
        </Button>
      </PageHead>
      <div className="body">
        {clusters.length === 0 ? (
          <div className="empty">
            <h2>No cluster yet</h2>
            <p>
              A cluster is a place you log in to with ssh.
              {hosts > 0 ? ` ${count(hosts, 'host')} found in your SSH config can be added with one click.` : ''}
            </p>
            <Button onClick={add}>Add cluster</Button>
          </div>
        ) : (
          <div className="grid g-2">
            {clusters.map((entry) => (
              <ClusterCard key={entry.cluster.id} entry={entry} />
            ))}
          </div>
        )}
        <ConnectionLog />
      </div>
    </>
  );
}
