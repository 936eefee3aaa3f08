import { Button, Popover } from '@mantine/core';
import {
  IconCopy,
  IconCpu,
  IconDeviceDesktop,
  IconHourglass,
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
import { describeState } from '../../text/connection-loss.ts';
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

function Hops(props: { instance: Instance; cluster: ClusterState | undefined; isShared: boolean }) {
  const { instance, cluster, isShared } = props;
  const list = hops(instance, {
    loginNode: cluster?.facts?.loginNode ?? '',
    address: cluster ? formatAddress(cluster.cluster) : '',
    through: cluster ? describeJumps(cluster.cluster) : '',
  });
  return (
    <ol className={css.hops}>
      {list.map((hop) => {
        const Icon = icons[hop.kind];
        return (
          <li key={hop.title}>
            <Icon
              size={16}
              stroke={stroke}
              aria-hidden
              className={isShared && hop.kind === 'port' ? 'tone-wait' : 'tone-ok'}
            />
            <div>
              <div className="medium">{hop.title}</div>
              <div className="text-sm text-tertiary">{hop.text}</div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What the lock shows: whether others can reach the app. */
function describeLock(instance: Instance, cluster: ClusterState | undefined) {
  const summary = exposureOf(instance);
  const isAway = instance.state === 'reconnecting';
  // Nothing leads to an app that waits.
  const isPending = instance.route === null && instance.exposure === null;
  if (isPending) return { isShared: false, tone: 'off', icon: IconHourglass, label: describeState(instance, cluster) };
  const isShared = summary.tone === 'wait' || (instance.route?.warning ?? null) !== null;
  return {
    isShared,
    tone: isAway || isShared ? 'wait' : summary.tone,
    icon: isAway ? IconRefresh : exposureIcons[isShared && summary.tone === 'ok' ? 'cluster' : summary.level],
    label: isAway
      ? describeState(instance, cluster)
      : isShared
        ? 'Shared'
        : summary.tone === 'off'
          ? 'Not known'
          : 'Private',
  };
}

/** The lock at the start of the address: who can reach the app, and by which route the bytes go. */
export function RoutePopover({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const [open, setOpen] = useState(false);
  useCover(open);
  const { isShared, tone, icon: Shown, label } = describeLock(instance, cluster);
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
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who can reach this?" p={16} className={exposure.popover}>
        <ExposureDetails instance={instance}>
          <Hops instance={instance} cluster={cluster} isShared={isShared} />
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
