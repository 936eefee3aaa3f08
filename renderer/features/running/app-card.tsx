import { IconChevronDown, IconChevronUp, IconHourglass, IconRefresh } from '@tabler/icons-react';
import { type KeyboardEvent, memo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance, JobStatus } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import { RecipeIcon } from '../../components/icons.tsx';
import { HeldNote, Tasks } from '../../components/job-notes.tsx';
import { LogPanel } from '../../components/log-panel.tsx';
import { ErrorNote, Facts, IconButton, Note, StateBadge } from '../../components/parts.tsx';
import { ReachButton } from '../../components/reach.tsx';
import { Steps } from '../../components/steps.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { useNow } from '../../components/use-now.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { canOpen, facts, isOnTheWay, isOver } from '../../words/instance.ts';
import { waitingReason } from '../../words/reason.ts';
import { ahead, clock, timeLeft, when } from '../../words/time.ts';
import { FolderRun } from '../folders/folder-run.tsx';
import { AppNotes } from './app-notes.tsx';
import { Actions } from './card-actions.tsx';
import { editLaunch } from './launch-again.ts';
import { askToRemove, askToStop, openView } from './stop.ts';

function Waiting({ instance }: { instance: Instance }) {
  return (
    <div className="run-note">
      {instance.job?.state === 'held' ? <HeldNote job={instance.job} /> : <Queued instance={instance} />}
    </div>
  );
}

function Queued({ instance }: { instance: Instance }) {
  const expected = instance.job?.startsAt ?? null;
  const now = useNow(true, 10_000);
  const { ours, given } = waitingReason(instance.job);
  return (
    <Note tone="wait" icon={IconHourglass}>
      {expected !== null && expected > now ? (
        <>
          <strong className="b">Starts about {when(expected, now)}</strong>, {ahead(expected, now)}.{' '}
        </>
      ) : (
        <>
          <strong className="b">No estimate yet.</strong>{' '}
        </>
      )}
      {ours} {given && <span className="dimmer">Reason given: {given}.</span>}
    </Note>
  );
}

function EndsSoon({ instance }: { instance: Instance }) {
  const now = useNow(true, 10_000);
  const left = instance.job ? timeLeft(instance.job, now) : null;
  if (left?.level !== 'short' || instance.job?.endsAt == null) return null;
  return (
    <div className="run-note">
      <Note tone="wait" role="status">
        <strong className="b">{left.words} left.</strong> {instance.title} ends at {clock(instance.job.endsAt)}. Save
        your work; then relaunch it with more time.
      </Note>
    </div>
  );
}

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

/** Details of an app on its way, or of what went wrong. */
function Details({ instance }: { instance: Instance }) {
  const live = !isOver(instance);
  const warning = live && instance.state === 'ready' ? (instance.route?.warning ?? null) : null;
  return (
    <>
      {instance.state === 'waiting' && <Waiting instance={instance} />}
      {instance.state !== 'waiting' && live && instance.job?.state === 'held' && (
        <div className="run-note">
          <HeldNote job={instance.job} />
        </div>
      )}
      {live && <EndsSoon instance={instance} />}
      {live && <AppNotes instance={instance} />}
      {warning && (
        <div className="run-note">
          <Note tone="wait">
            <strong className="b">Shared way.</strong> {warning}
          </Note>
        </div>
      )}
      {instance.state === 'reconnecting' && (
        <div className="run-note">
          <Note
            tone="wait"
            icon={IconRefresh}
            action={
              <button
                type="button"
                className="link"
                onClick={() => attempt(`${instance.clusterName} did not connect`, actions.retry(instance.clusterId))}
              >
                Try now
              </button>
            }
          >
            <strong className="b">The way to it is lost.</strong> The app goes on
            {instance.job?.node ? ` at node ${instance.job.node}` : ' where it runs'}; Tunel reconnects by itself.
          </Note>
        </div>
      )}
      {instance.error && live && instance.state !== 'reconnecting' && (
        <div className="run-note">
          <ErrorNote error={instance.error} />
        </div>
      )}
      {instance.state === 'failed' && (
        <div className="run-note">
          <ErrorNote
            error={instance.error ?? { code: 'internal', message: 'The cause is not known.' }}
            evidence={instance.logTail}
          />
        </div>
      )}
      {live && <FolderRun instance={instance} />}
      {isOnTheWay(instance) && <Steps instance={instance} />}
      <Tasks job={instance.job} />
    </>
  );
}

/** For one line: what a waiting job waits for, as far as it is known. */
function waitsFor(job: JobStatus | null): string {
  if (job?.state === 'held') return 'On hold';
  return job?.startsAt == null ? 'No estimate yet' : `Starts about ${when(job.startsAt, Date.now())}`;
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
  const open = useUi((state) => state.openCards.has(instance.id));
  const folds = props.long === true && instance.state === 'waiting';
  const line = (folds && !open) || (props.long === true && instance.state === 'ended');
  const quiet = instance.state === 'failed' || instance.state === 'ended';
  const reachable = (instance.state === 'ready' || instance.state === 'reconnecting') && instance.route !== null;
  return (
    <article
      className={line ? 'card run line' : 'card run'}
      data-card
      aria-label={instance.title}
      aria-keyshortcuts="Enter L E Delete"
      aria-posinset={props.at}
      aria-setsize={props.of}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cards are walked with the arrow keys
      tabIndex={0}
      onKeyDown={(event) => onCardKey(event, instance)}
    >
      <div className="run-top">
        <span className={`tile ${quiet ? 'n' : ''} ${line ? 'sm' : ''}`}>
          <RecipeIcon name={instance.icon} size={line ? 16 : 20} />
        </span>
        <div className={line ? 'grow row g3' : 'grow'}>
          <div className="run-name">
            <h2 className="cut" title={instance.title}>
              {instance.title}
            </h2>
            <StateBadge state={instance.state} />
          </div>
          <div className="run-facts">
            {line && folds && <span className="s t-wait fixed num">{waitsFor(instance.job)}</span>}
            <Facts list={facts(instance)} />
            {reachable && <ReachButton instance={instance} />}
          </div>
        </div>
        {!isOver(instance) && <TimeLeft job={instance.job} />}
        <Actions instance={instance} cluster={cluster} />
        {folds && (
          <IconButton
            icon={open ? IconChevronUp : IconChevronDown}
            label={open ? `Fold ${instance.title}` : `Unfold ${instance.title}`}
            expanded={open}
            onClick={() => ui.toggleCard(instance.id)}
          />
        )}
      </div>
      {!line && <Details instance={instance} />}
      {logOpen && (
        <LogPanel
          id={instance.id}
          kept={instance.logTail}
          live={!isOver(instance)}
          onClose={() => ui.toggleLog(instance.id)}
        />
      )}
    </article>
  );
});
