import { Loader } from '@mantine/core';
import { IconAppWindow, IconExternalLink, IconPlus, IconX } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import { opensContextMenu } from '../../components/context-menu.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { instanceLook, RecipeIcon, stroke } from '../../components/icons.tsx';
import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { describeState } from '../../text/connection-loss.ts';
import css from './tab-strip.module.css';

export function viewTitle(view: ViewState, instance: Instance | undefined): string {
  const name = instance?.title ?? 'App';
  return view.title && view.title !== name ? `${view.title} · ${name}` : name;
}

function TabIcon({ view, instance }: { view: ViewState; instance: Instance | undefined }) {
  if (instance?.state === 'ready' && !view.painted && view.error === null) return <Loader size={14} aria-hidden />;
  if (!instance || instance.state === 'ready') return <RecipeIcon name={instance?.icon ?? ''} size={16} />;
  const look = instanceLook[instance.state];
  return (
    <look.icon size={16} stroke={stroke} className={`tone-${look.tone} ${look.spins ? 'spin' : ''}`} aria-hidden />
  );
}

/** The title, and the state of an app that is not there yet. */
function describeTab(view: ViewState, instance: Instance | undefined, cluster: ClusterState | undefined): string {
  const title = viewTitle(view, instance);
  const isShown = instance?.state === 'starting' || instance?.state === 'waiting' || instance?.state === 'reconnecting';
  return isShown ? `${title}, ${describeState(instance, cluster).toLowerCase()}` : title;
}

function Tab(props: { view: ViewState; instance: Instance | undefined; isSelected: boolean }) {
  const { view, instance, isSelected } = props;
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === instance?.clusterId));
  const title = describeTab(view, instance, cluster);
  return (
    <li
      className={isSelected ? `${css.tab} ${css.selected}` : css.tab}
      onContextMenu={opensContextMenu('view', view.id)}
    >
      <button
        type="button"
        className={css.name}
        aria-current={isSelected ? 'page' : undefined}
        title={title}
        onClick={() => attempt('The view did not open', invoke('views.select', { viewId: view.id }))}
      >
        <TabIcon view={view} instance={instance} />
        <span className="truncate">{title}</span>
      </button>
      <button
        type="button"
        className={css.close}
        aria-label={`Close the view of ${instance?.title ?? 'the app'}, it runs on`}
        title="Close the view, the app runs on"
        onClick={() => attempt('The view did not close', invoke('views.close', { viewId: view.id }))}
      >
        <IconX size={14} stroke={stroke} aria-hidden />
      </button>
    </li>
  );
}

/** Moves the view to a window of its own, or back. */
function DetachButton({ view }: { view: ViewState }) {
  const viewId = view.id;
  if (view.detached) {
    return (
      <IconButton
        icon={IconAppWindow}
        label="Bring back into this window"
        size={30}
        nativeTooltip
        onClick={() => attempt('The view did not come back', invoke('views.attach', { viewId }))}
      />
    );
  }
  return (
    <IconButton
      icon={IconExternalLink}
      label="Move to a window of its own"
      size={30}
      nativeTooltip
      onClick={() => attempt('The view did not move', invoke('views.detach', { viewId }))}
    />
  );
}

/** Open views. A list of buttons, not an ARIA tab list: each has a button of its own to close it. */
export function TabStrip({ selected }: { selected: ViewState }) {
  const views = useStore((state) => state.views.list);
  const instances = useStore((state) => state.instances);
  return (
    <nav className={css.strip} aria-label="Views" data-region="tabs">
      <button
        type="button"
        className={css.home}
        aria-label="Back to Tunel"
        title="Back to Tunel"
        onClick={() => goTo('running')}
      >
        <BrandMark size={18} />
      </button>
      <ul className={css.list}>
        {views.map((view) => (
          <Tab
            key={view.id}
            view={view}
            instance={instances.find((entry) => entry.id === view.instanceId)}
            isSelected={view.id === selected.id}
          />
        ))}
      </ul>
      <IconButton icon={IconPlus} label="Launch app" size={30} nativeTooltip onClick={() => goTo('recipes')} />
      <span className="grow" />
      <DetachButton view={selected} />
    </nav>
  );
}
