import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import empty from '../../components/empty.module.css';
import { stroke } from '../../components/icons.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import { SearchButton } from '../../components/search-button.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { ClusterCard } from './cluster-card.tsx';
import css from './clusters-page.module.css';
import { ConnectionLog } from './connection-log.tsx';

export function ClustersPage() {
  const clusters = useStore((state) => state.clusters);
  const hosts = useStore((state) => state.system.sshConfigHosts);
  const add = () => ui.open({ kind: 'cluster', id: null });
  return (
    <>
      <PageHead title="Clusters" count={clusters.length}>
        <span className="push-end" />
        <SearchButton />
        <Button variant="filled" leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />} onClick={add}>
          Add cluster
        </Button>
      </PageHead>
      <PageBody>
        {clusters.length === 0 ? (
          <div className={empty.empty}>
            <h2>No cluster yet</h2>
            <p>
              A cluster is a place you log in to with ssh.
              {hosts > 0 ? ` ${count(hosts, 'host')} found in your SSH config can be added with one click.` : ''}
            </p>
            <Button onClick={add}>Add cluster</Button>
          </div>
        ) : (
          <div className={css.grid}>
            {clusters.map((entry) => (
              <ClusterCard key={entry.cluster.id} entry={entry} />
            ))}
          </div>
        )}
        <ConnectionLog />
      </PageBody>
    </>
  );
}
