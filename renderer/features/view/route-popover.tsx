import { Button, Popover } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCopy,
  IconCpu,
  IconDeviceDesktop,
  IconLock,
  IconPlugConnected,
  IconRefresh,
  IconServer2,
  IconShieldLock,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import { Note, stroke } from '../../components/parts.tsx';
import { useCover } from '../../components/use-cover.ts';
import { address, through } from '../../words/cluster.ts';
import { hops } from './view-policy.ts';

const icons = {
  computer: IconDeviceDesktop,
  login: IconServer2,
  node: IconCpu,
  socket: IconLock,
  port: IconPlugConnected,
};

/** The lock at the start of the address: who can reach the app, and by which way the bytes go. */
export function RoutePopover({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const [open, setOpen] = useState(false);
  useCover(open);
  const { route } = instance;
  const warning = route?.warning ?? null;
  const away = instance.state === 'reconnecting';
  const tone = away || warning ? 't-wait' : 't-ok';
  const Shown = away ? IconRefresh : warning ? IconAlertTriangle : IconLock;
  const way = hops(instance, {
    loginNode: cluster?.facts?.loginNode ?? '',
    address: cluster ? address(cluster.cluster) : '',
    through: cluster ? through(cluster.cluster) : '',
  });
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={384} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button type="button" className={`lock ${tone}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Shown size={16} stroke={stroke} aria-hidden />
          {away ? 'Reconnecting' : warning ? 'Shared' : 'Private'}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who can reach this app" p={16}>
        <div className="row g3 top">
          {warning ? (
            <IconAlertTriangle size={20} stroke={stroke} className="t-wait fixed" aria-hidden />
          ) : (
            <IconShieldLock size={20} stroke={stroke} className="t-ok fixed" aria-hidden />
          )}
          <div>
            <h2>{warning ? 'Others on the cluster may reach this' : 'Only you can reach this'}</h2>
            {route && <p className="s dim">The way is {route.words}.</p>}
          </div>
        </div>
        {warning && (
          <div style={{ marginBlockStart: 12 }}>
            <Note tone="wait">{warning}</Note>
          </div>
        )}
        <ol className="hops">
          {way.map((hop) => {
            const Icon = icons[hop.kind];
            return (
              <li key={hop.title}>
                <Icon
                  size={16}
                  stroke={stroke}
                  aria-hidden
                  className={warning && hop.kind === 'port' ? 't-wait' : 't-ok'}
                />
                <div>
                  <div className="m">{hop.title}</div>
                  <div className="s dimmer">{hop.text}</div>
                </div>
              </li>
            );
          })}
        </ol>
        {route && route.refused.length > 0 && (
          <p className="s dimmer" style={{ marginBlockEnd: 12 }}>
            Tried before: {route.refused.map((entry) => `${entry.kind} (${entry.reason})`).join('; ')}.
          </p>
        )}
        <Button
          size="xs"
          leftSection={<IconCopy size={14} stroke={stroke} aria-hidden />}
          onClick={() => attempt('The ssh command was not copied', actions.copySshCommand(instance.id))}
        >
          Copy ssh command
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
