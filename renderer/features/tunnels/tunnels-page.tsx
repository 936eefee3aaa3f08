import { Button } from '@mantine/core';
import { IconArrowsLeftRight, IconCopy, IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { TunnelState } from '../../../electron/shared/tunnels.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import empty from '../../components/empty.module.css';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { describeLocalExposure, describeNode, describeTarget, formatLocalAddress } from './tunnel-text.ts';
import css from './tunnels-page.module.css';

async function copyAddress(tunnel: TunnelState): Promise<void> {
  await invoke('desktop.copy', { text: formatLocalAddress(tunnel) });
  ui.toast({ tone: 'ok', title: 'The local address is on the clipboard.' });
}

function TunnelCard({ tunnel, onClosed }: { tunnel: TunnelState; onClosed: () => void }) {
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === tunnel.clusterId)?.cluster);
  const target = describeTarget(tunnel);
  const where = `of ${describeNode(tunnel)} on ${cluster?.name ?? tunnel.clusterId}`;
  const name = `${target} ${where}`;
  const address = formatLocalAddress(tunnel);
  const close = async () => {
    if (await attempt('The tunnel did not close', invoke('tunnels.close', { id: tunnel.id }))) onClosed();
  };
  return (
    <li className={`${surface.card} ${css.card}`} aria-label={name}>
      <div className="row align-start">
        <IconArrowsLeftRight size={16} stroke={stroke} className={css.icon} aria-hidden />
        <h2 className={css.title}>
          {target} <span className="text-secondary">{where}</span>
        </h2>
      </div>
      <dl className={css.facts}>
        <dt>Local address</dt>
        <dd className="mono">{address}</dd>
        <dt>Route</dt>
        <dd>{tunnel.route.text}</dd>
      </dl>
      {tunnel.route.warning && <Note tone="wait">{tunnel.route.warning}</Note>}
      {tunnel.local.kind === 'port' && <Note tone="wait">{describeLocalExposure(address)}</Note>}
      <div className="row">
        <Button
          size="xs"
          leftSection={<IconCopy size={14} stroke={stroke} aria-hidden />}
          aria-label={`Copy address of ${name}`}
          onClick={() => attempt('The address was not copied', copyAddress(tunnel))}
        >
          Copy address
        </Button>
        <Button
          size="xs"
          leftSection={<IconX size={14} stroke={stroke} aria-hidden />}
          aria-label={`Close the tunnel to ${name}`}
          onClick={close}
        >
          Close
        </Button>
      </div>
    </li>
  );
}

export function TunnelsPage() {
  const tunnels = useStore((state) => state.tunnels);
  const hasClusters = useStore((state) => state.clusters.length > 0);
  const openButton = useRef<HTMLButtonElement>(null);
  const open = () => ui.open({ kind: 'tunnel' });
  return (
    <>
      <PageHead title="Tunnels" count={tunnels.length}>
        <span className="push-end" />
        <Button
          ref={openButton}
          variant="filled"
          leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />}
          disabled={!hasClusters}
          onClick={open}
        >
          Open a tunnel
        </Button>
      </PageHead>
      <PageBody>
        {tunnels.length === 0 ? (
          <div className={empty.empty}>
            <h2>No tunnels</h2>
            <p>A tunnel leads from this computer to a port or socket of a cluster, until you close it.</p>
            <Button disabled={!hasClusters} onClick={open}>
              Open a tunnel
            </Button>
          </div>
        ) : (
          <ul className={css.list} aria-label="Open tunnels">
            {tunnels.map((tunnel) => (
              <TunnelCard key={tunnel.id} tunnel={tunnel} onClosed={() => openButton.current?.focus()} />
            ))}
          </ul>
        )}
      </PageBody>
    </>
  );
}
