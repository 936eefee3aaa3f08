import { ActionIcon, Menu } from '@mantine/core';
import {
  IconAppWindow,
  IconCode,
  IconCopy,
  IconDots,
  IconEdit,
  IconExternalLink,
  IconFileText,
  IconForbid2,
  IconPlayerPlay,
  IconPlayerStop,
  IconTerminal2,
  IconTrash,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { canRelease, isLive } from '../../../electron/shared/instance-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { instanceHostName } from '../../../electron/shared/ssh-host-names.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { canOpen, isOver } from '../../text/instance.ts';
import { ui, useUi } from '../../ui-store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import { copySshCommand } from './copy-ssh-command.ts';
import { editLaunch } from './launch-again.ts';
import { releaseJob } from './release.tsx';
import { askToEnd, askToRemove, askToStop, openView } from './stop.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

/** The engine refuses a terminal to what does not run yet. */
const hasTerminal = ({ state, job }: Instance) => isLive(state) && job?.state === 'running';

function openInEditor(instance: Instance): void {
  ui.open({
    kind: 'editor',
    host: instanceHostName(instance),
    title: instance.title,
    clusterId: instance.clusterId,
  });
}

function AccessItems({ instance }: { instance: Instance }) {
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  return (
    <>
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
        <Menu.Item leftSection={icon(IconCode)} onClick={() => openInEditor(instance)}>
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
    </>
  );
}

function EndItems({ instance, isWhole }: { instance: Instance; isWhole: boolean }) {
  return (
    <>
      {canRelease(instance) && (
        <Menu.Item leftSection={icon(IconPlayerPlay)} onClick={() => releaseJob(instance)}>
          Release
          <MenuHint>Lets the job on hold begin</MenuHint>
        </Menu.Item>
      )}
      {canOpen(instance) && (
        <Menu.Item
          className={isWhole ? undefined : 'narrow-only'}
          leftSection={icon(IconPlayerStop)}
          onClick={() => askToStop(instance)}
        >
          Stop
          <MenuHint>Asks the app to save, then ends the job</MenuHint>
        </Menu.Item>
      )}
      {isOver(instance) && (
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
    </>
  );
}

/** `isWhole`: with what the card has as buttons. `viewId`: of a tab, whose view it can close. */
export function AppMenuItems({ instance, isWhole = false, viewId }: MenuProps) {
  const { input } = instance;
  return (
    <>
      {isWhole && canOpen(instance) && (
        <Menu.Item leftSection={icon(IconAppWindow)} onClick={() => openView(instance)}>
          Open
        </Menu.Item>
      )}
      {viewId !== undefined && (
        <Menu.Item
          leftSection={icon(IconX)}
          onClick={() => attempt('The view did not close', invoke('views.close', { viewId }))}
        >
          Close the view
          <MenuHint>The app keeps running</MenuHint>
        </Menu.Item>
      )}
      {viewId === undefined && <AccessItems instance={instance} />}
      {viewId === undefined && input && (
        <Menu.Item leftSection={icon(IconEdit)} onClick={() => editLaunch(input)}>
          Edit and relaunch
        </Menu.Item>
      )}
      <Menu.Divider />
      <EndItems instance={instance} isWhole={isWhole} />
    </>
  );
}

interface MenuProps {
  instance: Instance;
  isWhole?: boolean;
  viewId?: string | undefined;
}

/** What else can be done with an app, besides the buttons of its card. */
export function AppMenu({ instance }: { instance: Instance }) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${instance.title}`}>{icon(IconDots)}</ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <AppMenuItems instance={instance} />
      </Menu.Dropdown>
    </Menu>
  );
}
