import { Button, Popover } from '@mantine/core';
import {
  IconCopy,
  IconCpu,
  IconDeviceDesktop,
  IconLock,
  IconPlugConnected,
  IconRefresh,
  IconServer2,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import exposure from '../../components/exposure.module.css';
import { ReachBody, reachIcons } from '../../components/exposure.tsx';
import { stroke } from '../../components/icons.tsx';
import { useCover } from '../../components/use-cover.ts';
import { address, through } from '../../words/cluster.ts';
import { reachOf } from '../../words/reach.ts';
import css from './route-popover.module.css';
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
  const reach = reachOf(instance);
  const away = instance.state === 'reconnecting';
  const shared = reach.tone === 'wait' || (route?.warning ?? null) !== null;
  const tone = away || shared ? 'wait' : reach.tone;
  const Shown = away ? IconRefresh : reachIcons[shared && reach.tone === 'ok' ? 'cluster' : reach.level];
  const word = away ? 'Reconnecting' : shared ? 'Shared' : reach.tone === 'off' ? 'Not known' : 'Private';
  const way = hops(instance, {
    loginNode: cluster?.facts?.loginNode ?? '',
    address: cluster ? address(cluster.cluster) : '',
    through: cluster ? through(cluster.cluster) : '',
  });
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={384} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={`${css.lock} tone-${tone}`}
          data-tone={tone}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Shown size={16} stroke={stroke} aria-hidden />
          {word}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who can reach this?" p={16} className={exposure.popover}>
        <ReachBody instance={instance}>
          <ol className={css.hops}>
            {way.map((hop) => {
              const Icon = icons[hop.kind];
              return (
                <li key={hop.title}>
                  <Icon
                    size={16}
                    stroke={stroke}
                    aria-hidden
                    className={shared && hop.kind === 'port' ? 'tone-wait' : 'tone-ok'}
                  />
                  <div>
                    <div className="medium">{hop.title}</div>
                    <div className="text-sm text-tertiary">{hop.text}</div>
                  </div>
                </li>
              );
            })}
          </ol>
        </ReachBody>
        <Button
          mt={12}
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
