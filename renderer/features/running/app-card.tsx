import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, memo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance, JobStatus } from '../../../electron/shared/instances.ts';
import { isBackground } from '../../components/card-background.ts';
import { opensContextMenu } from '../../components/context-menu.tsx';
import { ExposureButton } from '../../components/exposure.tsx';
import { Facts } from '../../components/facts.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RecipeIcon } from '../../components/icons.tsx';
import { LogPanel } from '../../components/log-panel.tsx';
import { InstanceBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { useStore } from '../../store.ts';
import { canOpen, instanceFacts, isOver } from '../../text/instance.ts';
import { formatWhen } from '../../text/time.ts';
import { ui, useUi } from '../../ui-store.ts';
import css from './app-card.module.css';
import { AppDetails } from './app-details.tsx';
import { CardActions } from './card-actions.tsx';
import { editLaunch } from './launch-again.ts';
import { askToRemove, askToStop, openView } from './stop.ts';

/** Keys of a focused card; single letters only when the user left them on. */
function onCardKey(event: KeyboardEvent<HTMLElement>, instance: Instance) {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const single = useStore.getState().settings.singleKeys;
  const key = event.key.toLowerCase();
  if (key === 'enter' && canOpen(instance)) void openView(instance);
  else if (single && key === 'l') ui.toggleLog(instance.id);
  else if (single && key === 'e' && instance.input) editLaunch(instance.input);
  else if (key === 'delete') isOver(instance) ? askToRemove(instance) : askToStop(instance);
  else return;
  event.preventDefault();
}

/** For one line: what a waiting job waits for, as far as it is known. */
function waitsFor(job: JobStatus | null): string {
  if (job?.state === 'held') return 'On hold';
  return job?.startsAt == null ? 'No estimate yet' : `Starts about ${formatWhen(job.startsAt, Date.now())}`;
}

/** How a card is drawn in a list: whole, or folded to one line in a long list. */
interface CardLayout {
  /** Whether the user can fold and unfold it. */
  canFold: boolean;
  isUnfolded: boolean;
  isLine: boolean;
}

function layoutOf({ state }: Instance, isLongList: boolean, isUnfolded: boolean): CardLayout {
  const canFold = isLongList && state === 'waiting';
  return { canFold, isUnfolded, isLine: (canFold && !isUnfolded) || (isLongList && state === 'ended') };
}

function Identity(props: { instance: Instance; cluster: ClusterState | undefined; layout: CardLayout }) {
  const { instance, cluster, layout } = props;
  const { canFold, isLine } = layout;
  const hasExposure = instance.state === 'ready' && instance.route !== null;
  return (
    <div className={isLine ? `${css.identity} grow row gap-12` : `${css.identity} grow`}>
      <div className={css.title}>
        <h2 className="truncate" title={instance.title}>
          {instance.title}
        </h2>
        <InstanceBadge instance={instance} cluster={cluster} />
      </div>
      <div className={css.facts}>
        {isLine && canFold && <span className="text-sm tone-wait no-shrink tabular">{waitsFor(instance.job)}</span>}
        <Facts list={instanceFacts(instance)} />
        {hasExposure && <ExposureButton instance={instance} />}
      </div>
    </div>
  );
}

function CardHead(props: { instance: Instance; cluster: ClusterState | undefined; layout: CardLayout }) {
  const { instance, cluster, layout } = props;
  const { canFold, isUnfolded, isLine } = layout;
  const isQuiet = instance.state === 'failed' || instance.state === 'ended';
  return (
    <div className={css.head}>
      <Tile tone={isQuiet ? 'neutral' : 'accent'} size={isLine ? 'small' : 'medium'}>
        <RecipeIcon name={instance.icon} size={isLine ? 16 : 20} />
      </Tile>
      <Identity instance={instance} cluster={cluster} layout={layout} />
      {!isOver(instance) && <TimeLeft job={instance.job} />}
      <CardActions instance={instance} cluster={cluster} />
      {canFold && (
        <IconButton
          icon={isUnfolded ? IconChevronUp : IconChevronDown}
          label={isUnfolded ? `Fold ${instance.title}` : `Unfold ${instance.title}`}
          expanded={isUnfolded}
          onClick={() => ui.toggleCard(instance.id)}
        />
      )}
    </div>
  );
}

/** One app. In a long list those that wait or have ended are folded to one line. */
export const AppCard = memo(function AppCard(props: {
  instance: Instance;
  cluster: ClusterState | undefined;
  long?: boolean;
  /** Its place in the list, from 1, and the length of the list; only some of a long list are in the page. */
  at?: number;
  of?: number;
}) {
  const { instance, cluster } = props;
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  const savedLog = useSavedLog(instance, logOpen);
  const isUnfolded = useUi((state) => state.openCards.has(instance.id));
  const layout = layoutOf(instance, props.long === true, isUnfolded);
  return (
    <article
      className={layout.isLine ? `${surface.card} ${css.card} ${css.folded}` : `${surface.card} ${css.card}`}
      data-card
      aria-label={instance.title}
      aria-keyshortcuts="Enter L E Delete"
      aria-posinset={props.at}
      aria-setsize={props.of}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cards are walked with the arrow keys
      tabIndex={0}
      onContextMenu={opensContextMenu('app', instance.id)}
      onDoubleClick={({ target }) => canOpen(instance) && isBackground(target) && openView(instance)}
      onKeyDown={(event) => onCardKey(event, instance)}
    >
      <CardHead instance={instance} cluster={cluster} layout={layout} />
      {!layout.isLine && <AppDetails instance={instance} cluster={cluster} />}
      {logOpen && (
        <LogPanel id={instance.id} kept={savedLog} live={!isOver(instance)} onClose={() => ui.toggleLog(instance.id)} />
      )}
    </article>
  );
});
