import { Button } from '@mantine/core';
import {
  IconAppWindow,
  IconChevronUp,
  IconFileText,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { waitsForUser } from '../../../electron/shared/connection-loss-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { stroke } from '../../components/icons.tsx';
import { relaunch } from '../../relaunch-policy.ts';
import { useStore } from '../../store.ts';
import { describeLoss } from '../../text/connection-loss.ts';
import { canOpen } from '../../text/instance.ts';
import { ui, useUi } from '../../ui-store.ts';
import { resolveLoss } from '../clusters/resolve-loss.ts';
import { AppMenu } from './app-menu.tsx';
import css from './card-actions.module.css';
import { editLaunch, launchAgain } from './launch-again.ts';
import { askToEnd, askToStop, continueLaunch, forgetLaunch, openView } from './stop.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

function OpenButton({ instance, isPrimary }: { instance: Instance; isPrimary: boolean }) {
  // Authors of Rescale apps know this button as "Go to app".
  const isRescale = useStore((state) =>
    state.folders.some(({ recipe, folder }) => recipe === instance.recipe && folder.start.kind === 'rescale'),
  );
  return (
    <Button
      variant={isPrimary ? 'filled' : 'default'}
      className={isPrimary ? undefined : 'wide-only'}
      leftSection={icon(IconAppWindow)}
      onClick={() => openView(instance)}
    >
      {isRescale ? 'Go to app' : 'Open'}
    </Button>
  );
}

function StartingActions({ instance }: { instance: Instance }) {
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  return (
    <>
      {instance.state === 'starting' && (
        <Button
          aria-expanded={logOpen}
          leftSection={icon(logOpen ? IconChevronUp : IconFileText)}
          onClick={() => ui.toggleLog(instance.id)}
        >
          Log
        </Button>
      )}
      <Button onClick={() => askToStop(instance)}>Cancel</Button>
    </>
  );
}

/** First what brings the app back, where that is up to the user. */
function RunningActions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const isAway = waitsForUser(instance, cluster?.connection);
  return (
    <>
      {isAway && (
        <Button variant="filled" leftSection={icon(IconPlugConnected)} onClick={() => resolveLoss(instance)}>
          {describeLoss(instance, cluster).action}
        </Button>
      )}
      {canOpen(instance) && <OpenButton instance={instance} isPrimary={!isAway} />}
      <Button className="wide-only" onClick={() => askToStop(instance)}>
        Stop
      </Button>
    </>
  );
}

function InterruptedActions({ instance }: { instance: Instance }) {
  return (
    <>
      {instance.input && (
        <Button variant="filled" leftSection={icon(IconPlayerPlay)} onClick={() => continueLaunch(instance)}>
          Continue
        </Button>
      )}
      <Button onClick={() => forgetLaunch(instance)}>Forget</Button>
    </>
  );
}

function RelaunchActions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const again = relaunch(instance, cluster);
  if (!again) return null;
  const hasFailed = instance.state === 'failed';
  return (
    <>
      <Button
        variant={hasFailed ? 'filled' : 'default'}
        leftSection={icon(IconRefresh)}
        onClick={() => launchAgain(again.input, instance.title)}
      >
        {again.label}
      </Button>
      {hasFailed && (
        <Button className="wide-only" onClick={() => editLaunch(again.input)}>
          Edit
        </Button>
      )}
    </>
  );
}

function StateActions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  switch (instance.state) {
    case 'starting':
    case 'waiting':
      return <StartingActions instance={instance} />;
    case 'ready':
    case 'running':
    case 'reconnecting':
      return <RunningActions instance={instance} cluster={cluster} />;
    case 'stopping':
      return (
        <Button data-danger onClick={() => askToEnd(instance)}>
          End now
        </Button>
      );
    case 'interrupted':
      return <InterruptedActions instance={instance} />;
    case 'failed':
    case 'ended':
      return <RelaunchActions instance={instance} cluster={cluster} />;
  }
}

/** The primary action is left of the rest and keeps its place in every state. */
export function CardActions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  return (
    <div className={css.actions}>
      <StateActions instance={instance} cluster={cluster} />
      <AppMenu instance={instance} />
    </div>
  );
}
