import { Button } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { useState } from 'react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { useSshHosts } from '../clusters/use-ssh-hosts.ts';
import css from './found-hosts.module.css';

/** The others are one click away. */
const SHOWN = 3;

/** Adds a host of the SSH config as a cluster and connects; one with parts that need a decision opens its form. */
async function saveAndConnect(alias: string): Promise<void> {
  const { input, unsupported } = await invoke('clusters.resolveSshConfig', { alias });
  if (unsupported.length > 0) {
    ui.open({ kind: 'cluster', id: null, alias });
    return;
  }
  const { id } = await invoke('clusters.save', { input });
  ui.chooseCluster(id);
  await invoke('clusters.connect', { id });
}

function HostRow({ alias, file }: { alias: string; file: string }) {
  const [isBusy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    await attempt(`${alias} was not added`, saveAndConnect(alias));
    setBusy(false);
  };
  return (
    <li className={css.host}>
      <IconServer2 size={16} stroke={stroke} aria-hidden className="no-shrink" />
      <span className="medium truncate" title={alias}>
        {alias}
      </span>
      <span className="text-sm text-tertiary truncate grow wide-only">{file}</span>
      <Button size="xs" className={css.action} aria-label={`Save and connect ${alias}`} loading={isBusy} onClick={add}>
        Save and connect
      </Button>
    </li>
  );
}

/** Hosts of the user's SSH config, each of which is one click away from being used. */
export function FoundHosts() {
  const { hosts } = useSshHosts(() => undefined);
  if (!hosts || hosts.length === 0) return null;
  return (
    <section className={`${surface.card} ${css.box}`} aria-label="Found on this computer">
      <div className={css.head}>
        <h2>Found on this computer</h2>
        <span className="text-sm text-tertiary truncate grow">{count(hosts.length, 'host')} in your SSH config</span>
        {hosts.length > SHOWN && (
          <LinkButton onClick={() => ui.open({ kind: 'cluster', id: null })}>See all</LinkButton>
        )}
      </div>
      <ul>
        {hosts.slice(0, SHOWN).map(({ alias, file }) => (
          <HostRow key={alias} alias={alias} file={file} />
        ))}
      </ul>
    </section>
  );
}
