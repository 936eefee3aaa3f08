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
import { attempt } from '../../attempt.ts';
import exposure from '../../components/exposure.module.css';
import { ExposureDetails, exposureIcons } from '../../components/exposure.tsx';
import { stroke } from '../../components/icons.tsx';
import { useCover } from '../../components/use-cover.ts';
import { describeJumps, formatAddress } from '../../text/cluster.ts';
import { exposureOf } from '../../text/exposure.ts';
import { copySshCommand } from '../running/copy-ssh-command.ts';
import css from './route-popover.module.css';
import { hops } from './view-policy.ts';

const icons = {
  computer: IconDeviceDesktop,
  login: IconServer2,
  node: IconCpu,
  socket: IconLock,
  port: IconPlugConnected,
};

/** The lock at the start of the address: who can reach the app, and by which route the bytes go. */
export function RoutePopover({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const [open, setOpen] = useState(false);
  useCover(open);
  const { route } = instance;
  const summary = exposureOf(instance);
  const away = instance.state === 'reconnecting';
  const shared = summary.tone === 'wait' || (route?.warning ?? null) !== null;
  const tone = away || shared ? 'wait' : summary.tone;
  const Shown = away ? IconRefresh : exposureIcons[shared && summary.tone === 'ok' ? 'cluster' : summary.level];
  const word = away ? 'Reconnecting' : shared ? 'Shared' : summary.tone === 'off' ? 'Not known' : 'Private';
  const way = hops(instance, {
    loginNode: cluster?.facts?.loginNode ?? '',
    address: cluster ? formatAddress(cluster.cluster) : '',
    through: cluster ? describeJumps(cluster.cluster) : '',
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
        <ExposureDetails instance={instance}>
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
        </ExposureDetails>
        <Button
          mt={12}
          size="xs"
          leftSection={<IconCopy size={14} stroke={stroke} aria-hidden />}
          onClick={() => attempt('The ssh command was not copied', copySshCommand(instance.id))}
        >
          Copy ssh command
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
