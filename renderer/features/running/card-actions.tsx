import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconAppWindow,
  IconChevronUp,
  IconCode,
  IconCopy,
  IconDots,
  IconEdit,
  IconExternalLink,
  IconFileText,
  IconForbid2,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconTerminal2,
  IconTrash,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { isLive } from '../../../electron/shared/instance-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { instanceHostName } from '../../../electron/shared/ssh-host-names.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { relaunch } from '../../relaunch-policy.ts';
import { useStore } from '../../store.ts';
import { canOpen, isOver } from '../../text/instance.ts';
import { ui, useUi } from '../../ui-store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import css from './card-actions.module.css';
import { copySshCommand } from './copy-ssh-command.ts';
import { editLaunch, launchAgain } from './launch-again.ts';
import { askToEnd, askToRemove, askToStop, continueLaunch, forgetLaunch, openView } from './stop.ts';

const icon = (Shown: typeof IconDots) => <Shown size={16} stroke={stroke} aria-hidden />;

/** The engine refuses a terminal to what does not run yet. */
const hasTerminal = ({ state, job }: Instance) => isLive(state) && job?.state === 'running';

function MoreMenu({ instance }: { instance: Instance }) {
  const { input } = instance;
  const over = isOver(instance);
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${instance.title}`}>{icon(IconDots)}</ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={icon(IconFileText)} onClick={() => ui.toggleLog(instance.id)}>
          {logOpen ? 'Hide the log' : 'Log'}
        </Menu.Item>
        {isLive(instance.state) && (
          <Menu.Item
            leftSection={icon(IconCopy)}
            onClick={() => attempt('The ssh command was not copied', copySshCommand(instance.id))}
          >
            Copy ssh command
          </Menu.Item>
        )}
        {hasTerminal(instance) && (
          <Menu.Item
            leftSection={icon(IconTerminal2)}
            onClick={() => openTerminal(instance.title, { appId: instance.id })}
          >
            Terminal
            <MenuHint>Where the app runs</MenuHint>
          </Menu.Item>
        )}
        {hasTerminal(instance) && (
          <Menu.Item
            leftSection={icon(IconCode)}
            onClick={() =>
              ui.open({
                kind: 'editor',
                host: instanceHostName(instance),
                title: instance.title,
                clusterId: instance.clusterId,
              })
            }
          >
            Open in editor
            <MenuHint>The node where the app runs</MenuHint>
          </Menu.Item>
        )}
        {canOpen(instance) && (
          <Menu.Item
            leftSection={icon(IconExternalLink)}
            onClick={() =>
              attempt('The browser did not open', invoke('desktop.openInBrowser', { instanceId: instance.id }))
            }
          >
            Open in my browser
            <MenuHint>By a link that works once</MenuHint>
          </Menu.Item>
        )}
        {input && (
          <Menu.Item leftSection={icon(IconEdit)} onClick={() => editLaunch(input)}>
            Edit and relaunch
          </Menu.Item>
        )}
        <Menu.Divider />
        {canOpen(instance) && (
          <Menu.Item className="narrow-only" leftSection={icon(IconPlayerStop)} onClick={() => askToStop(instance)}>
            Stop
            <MenuHint>Asks the app to save, then ends the job</MenuHint>
          </Menu.Item>
        )}
        {over && (
          <Menu.Item data-danger leftSection={icon(IconTrash)} onClick={() => askToRemove(instance)}>
            Remove
          </Menu.Item>
        )}
        {isLive(instance.state) && (
          <Menu.Item data-danger leftSection={icon(IconForbid2)} onClick={() => askToEnd(instance)}>
            End now
            <MenuHint>Unsaved work in the app is lost</MenuHint>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The primary action is left of the rest and keeps its place in every state. */
export function Actions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const again = isOver(instance) ? relaunch(instance, cluster) : null;
  // The words of those who write such apps.
  const isRescale = useStore((state) =>
    state.folders.some(({ recipe, folder }) => recipe === instance.recipe && folder.start.kind === 'rescale'),
  );
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  const starting = instance.state === 'starting' || instance.state === 'waiting';
  const isInterrupted = instance.state === 'interrupted';
  return (
    <div className={css.actions}>
      {canOpen(instance) && (
        <Button variant="filled" leftSection={icon(IconAppWindow)} onClick={() => openView(instance)}>
          {isRescale ? 'Go to app' : 'Open'}
        </Button>
      )}
      {again && instance.state === 'failed' && (
        <Button
          variant="filled"
          leftSection={icon(IconRefresh)}
          onClick={() => launchAgain(again.input, instance.title)}
        >
          {again.label}
        </Button>
      )}
      {again && instance.state === 'ended' && (
        <Button leftSection={icon(IconRefresh)} onClick={() => launchAgain(again.input, instance.title)}>
          {again.label}
        </Button>
      )}
      {again && instance.state === 'failed' && (
        <Button className="wide-only" onClick={() => editLaunch(again.input)}>
          Edit
        </Button>
      )}
      {instance.state === 'starting' && (
        <Button
          aria-expanded={logOpen}
          leftSection={icon(logOpen ? IconChevronUp : IconFileText)}
          onClick={() => ui.toggleLog(instance.id)}
        >
          Log
        </Button>
      )}
      {starting && <Button onClick={() => askToStop(instance)}>Cancel</Button>}
      {isInterrupted && (
        <>
          {instance.input && (
            <Button variant="filled" leftSection={icon(IconPlayerPlay)} onClick={() => continueLaunch(instance)}>
              Continue
            </Button>
          )}
          <Button onClick={() => forgetLaunch(instance)}>Forget</Button>
        </>
      )}
      {!starting && !isInterrupted && !isOver(instance) && instance.state !== 'stopping' && (
        <Button className="wide-only" onClick={() => askToStop(instance)}>
          Stop
        </Button>
      )}
      {instance.state === 'stopping' && (
        <Button data-danger onClick={() => askToEnd(instance)}>
          End now
        </Button>
      )}
      <MoreMenu instance={instance} />
    </div>
  );
}
