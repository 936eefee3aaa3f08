import { Button, Menu } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconChevronDown,
  IconCopy,
  IconExternalLink,
  IconFileText,
  IconForbid2,
  IconMaximize,
  IconMinimize,
  IconMinus,
  IconPlayerStop,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconUnlink,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Facts } from '../../components/facts.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { useCover } from '../../components/use-cover.ts';
import { toggleFullScreen, zoomBy } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { isOver } from '../../text/instance.ts';
import { useUi } from '../../ui-store.ts';
import { copySshCommand } from '../running/copy-ssh-command.ts';
import { askToEnd, askToStop } from '../running/stop.ts';
import { RoutePopover } from './route-popover.tsx';
import { viewTitle } from './tab-strip.tsx';
import css from './toolbar.module.css';

const icon = (Shown: typeof IconCopy) => <Shown size={16} stroke={stroke} aria-hidden />;

function StopMenu({ instance }: { instance: Instance }) {
  const [open, setOpen] = useState(false);
  useCover(open);
  return (
    <Menu opened={open} onChange={setOpen} width={304}>
      <Menu.Target>
        <Button variant="subtle" h={30} px={8} leftSection={icon(IconPlayerStop)} rightSection={icon(IconChevronDown)}>
          Stop
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={icon(IconPlayerStop)}
          rightSection={
            <span className="row gap-4">
              <Kbd keys={`${modKey()} ⇧ X`} />
            </span>
          }
          disabled={isOver(instance)}
          onClick={() => askToStop(instance)}
        >
          Stop
          <MenuHint>Asks the app to save, then ends the job</MenuHint>
        </Menu.Item>
        <Menu.Item
          leftSection={icon(IconUnlink)}
          onClick={() => attempt('The view did not close', invoke('views.close', { instanceId: instance.id }))}
        >
          Close the view, keep it running
          <MenuHint>Open it again from Running</MenuHint>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={icon(IconExternalLink)}
          disabled={isOver(instance)}
          onClick={() =>
            attempt('The browser did not open', invoke('desktop.openInBrowser', { instanceId: instance.id }))
          }
        >
          Open in my browser
          <MenuHint>By a link that works once</MenuHint>
        </Menu.Item>
        <Menu.Item
          leftSection={icon(IconCopy)}
          disabled={isOver(instance)}
          onClick={() => attempt('The ssh command was not copied', copySshCommand(instance.id))}
        >
          Copy ssh command
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          data-danger
          leftSection={icon(IconForbid2)}
          disabled={isOver(instance)}
          onClick={() => askToEnd(instance)}
        >
          End now
          <MenuHint>Unsaved work in the app is lost</MenuHint>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Toolbar(props: {
  view: ViewState;
  instance: Instance;
  cluster: ClusterState | undefined;
  /** The pointer is no longer on it. */
  onLeave: () => void;
}) {
  const { view, instance, cluster } = props;
  const findOpen = useUi((state) => state.findOpen);
  const logOpen = useUi((state) => state.viewLogOpen);
  const fullScreen = useStore((state) => state.views.fullScreen);
  const node = instance.endpoint?.node || instance.job?.node;
  const facts = [instance.clusterName, node ? `node ${node}` : '', instance.route?.text ?? ''].filter(Boolean);
  return (
    <header onPointerLeave={props.onLeave}>
      <div className={css.toolbar} role="toolbar" aria-label="View" data-region="toolbar">
        <IconButton
          icon={IconArrowLeft}
          label="Back"
          size={30}
          nativeTooltip
          disabled={!view.canGoBack}
          onClick={() => attempt('The page did not go back', invoke('views.back', undefined))}
        />
        <IconButton
          icon={IconArrowRight}
          label="Forward"
          size={30}
          nativeTooltip
          disabled={!view.canGoForward}
          onClick={() => attempt('The page did not go forward', invoke('views.forward', undefined))}
        />
        <IconButton
          icon={IconRefresh}
          label={view.loading ? 'Reload, loading now' : 'Reload'}
          size={30}
          nativeTooltip
          onClick={() => attempt('The page did not reload', invoke('views.reload', undefined))}
        />
        <div className={css.address}>
          <RoutePopover instance={instance} cluster={cluster} />
          <h1 className={`${css.title} truncate grow`} title={viewTitle(view, instance)}>
            {viewTitle(view, instance)}
          </h1>
          <span className="wide-only no-shrink">
            <Facts list={facts} />
          </span>
        </div>
        <TimeLeft job={isOver(instance) ? null : instance.job} small />
        <span className={css.separator} />
        <IconButton icon={IconMinus} label="Zoom out" size={30} nativeTooltip onClick={() => zoomBy('out')} />
        <LinkButton className={`${css.zoom} tabular`} title="Back to 100%" onClick={() => zoomBy('reset')}>
          {Math.round(view.zoom * 100)}%
        </LinkButton>
        <IconButton icon={IconPlus} label="Zoom in" size={30} nativeTooltip onClick={() => zoomBy('in')} />
        <span className={css.separator} />
        <IconButton
          icon={IconSearch}
          label="Find in the page"
          size={30}
          nativeTooltip
          pressed={findOpen}
          onClick={() => useUi.setState({ findOpen: !findOpen })}
        />
        <IconButton
          icon={IconFileText}
          label="Log"
          size={30}
          nativeTooltip
          pressed={logOpen}
          onClick={() => useUi.setState({ viewLogOpen: !logOpen })}
        />
        <IconButton
          icon={fullScreen ? IconMinimize : IconMaximize}
          label={fullScreen ? 'Leave full screen (F11, or hold Esc)' : 'Full screen (F11)'}
          size={30}
          nativeTooltip
          disabled={view.detached}
          onClick={toggleFullScreen}
        />
        <span className={css.separator} />
        <StopMenu instance={instance} />
      </div>
    </header>
  );
}
