import {
  IconArrowLeft,
  IconArrowRight,
  IconFileText,
  IconMaximize,
  IconMinimize,
  IconMinus,
  IconPlus,
  IconRefresh,
  IconSearch,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Facts } from '../../components/facts.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { toggleFullScreen, zoomBy } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { isOver } from '../../text/instance.ts';
import { useUi } from '../../ui-store.ts';
import { RoutePopover } from './route-popover.tsx';
import { StopMenu } from './stop-menu.tsx';
import { viewTitle } from './tab-strip.tsx';
import css from './toolbar.module.css';

function NavigationButtons({ view }: { view: ViewState }) {
  return (
    <>
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
    </>
  );
}

function Address({ view, instance, cluster }: ToolbarProps) {
  const node = instance.endpoint?.node || instance.job?.node;
  const facts = [instance.clusterName, node ? `node ${node}` : '', instance.route?.text ?? ''].filter(Boolean);
  return (
    <div className={css.address}>
      <RoutePopover instance={instance} cluster={cluster} />
      <h1 className={`${css.title} truncate grow`} title={viewTitle(view, instance)}>
        {viewTitle(view, instance)}
      </h1>
      <span className="wide-only no-shrink">
        <Facts list={facts} />
      </span>
    </div>
  );
}

function ZoomButtons({ zoom }: { zoom: number }) {
  return (
    <>
      <IconButton icon={IconMinus} label="Zoom out" size={30} nativeTooltip onClick={() => zoomBy('out')} />
      <LinkButton className={`${css.zoom} tabular`} title="Back to 100%" onClick={() => zoomBy('reset')}>
        {Math.round(zoom * 100)}%
      </LinkButton>
      <IconButton icon={IconPlus} label="Zoom in" size={30} nativeTooltip onClick={() => zoomBy('in')} />
    </>
  );
}

function PanelButtons({ view }: { view: ViewState }) {
  const findOpen = useUi((state) => state.findOpen);
  const logOpen = useUi((state) => state.viewLogOpen);
  const fullScreen = useStore((state) => state.views.fullScreen);
  return (
    <>
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
    </>
  );
}

interface ToolbarProps {
  view: ViewState;
  instance: Instance;
  cluster: ClusterState | undefined;
}

export function Toolbar(
  props: ToolbarProps & {
    /** The pointer is no longer on it. */
    onLeave: () => void;
  },
) {
  const { view, instance, cluster } = props;
  return (
    <header onPointerLeave={props.onLeave}>
      <div className={css.toolbar} role="toolbar" aria-label="View" data-region="toolbar">
        <NavigationButtons view={view} />
        <Address view={view} instance={instance} cluster={cluster} />
        <TimeLeft job={isOver(instance) ? null : instance.job} small />
        <span className={css.separator} />
        <ZoomButtons zoom={view.zoom} />
        <span className={css.separator} />
        <PanelButtons view={view} />
        <span className={css.separator} />
        <StopMenu view={view} instance={instance} />
      </div>
    </header>
  );
}
