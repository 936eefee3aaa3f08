import { Box } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconHourglass, IconRefresh } from '@tabler/icons-react';
import { type KeyboardEvent, memo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance, JobStatus } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { ExposureButton } from '../../components/exposure.tsx';
import { Facts } from '../../components/facts.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RecipeIcon } from '../../components/icons.tsx';
import { HeldNote, Tasks } from '../../components/job-notes.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { LogPanel } from '../../components/log-panel.tsx';
import { Note } from '../../components/note.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { Steps } from '../../components/steps.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { useNow } from '../../components/use-now.ts';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { useStore } from '../../store.ts';
import { canOpen, instanceFacts, isInProgress, isOver } from '../../text/instance.ts';
import { waitingReason } from '../../text/reason.ts';
import { formatAhead, formatClock, formatWhen, timeLeft } from '../../text/time.ts';
import { ui, useUi } from '../../ui-store.ts';
import { FolderRun } from '../folders/folder-run.tsx';
import css from './app-card.module.css';
import { AppNotes } from './app-notes.tsx';
import { Actions } from './card-actions.tsx';
import { editLaunch } from './launch-again.ts';
import { askToRemove, askToStop, openView } from './stop.ts';

function Waiting({ instance }: { instance: Instance }) {
  return (
    <Box mt={12}>
      {instance.job?.state === 'held' ? <HeldNote job={instance.job} /> : <Queued instance={instance} />}
    </Box>
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
          <strong className="bold">Starts about {formatWhen(expected, now)}</strong>, {formatAhead(expected, now)}.{' '}
        </>
      ) : (
        <>
          <strong className="bold">No estimate yet.</strong>{' '}
        </>
      )}
      {ours} {given && <span className="text-tertiary">Reason given: {given}.</span>}
    </Note>
  );
}

function EndsSoon({ instance }: { instance: Instance }) {
  const now = useNow(true, 10_000);
  const left = instance.job ? timeLeft(instance.job, now) : null;
  if (left?.level !== 'short' || instance.job?.endsAt == null) return null;
  return (
    <Box mt={12}>
      <Note tone="wait" role="status">
        <strong className="bold">{left.text} left.</strong> {instance.title} ends at {formatClock(instance.job.endsAt)}.
        Save your work; then relaunch it with more time.
      </Note>
    </Box>
  );
}

/** Only where Tunel can sign in by itself does it reconnect by itself. */
function ConnectionLost({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const { clusterId, clusterName, job, title } = instance;
  const isSignInNeeded = cluster?.connection.state === 'sign-in-needed';
  const reconnect = () =>
    attempt(
      `${clusterName} did not connect`,
      isSignInNeeded ? invoke('clusters.connect', { id: clusterId }) : invoke('clusters.retry', { id: clusterId }),
    );
  return (
    <Box mt={12}>
      <Note
        tone="wait"
        icon={IconRefresh}
        action={<LinkButton onClick={reconnect}>{isSignInNeeded ? 'Sign in' : 'Try now'}</LinkButton>}
      >
        <strong className="bold">Connection lost.</strong> {title} is still running on {job?.node || clusterName}.{' '}
        {isSignInNeeded ? `Sign in to ${clusterName} to open it.` : 'Tunel is reconnecting.'}
      </Note>
    </Box>
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
function Details({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const live = !isOver(instance);
  const savedLog = useSavedLog(instance, instance.state === 'failed');
  const warning = live && instance.state === 'ready' ? (instance.route?.warning ?? null) : null;
  return (
    <>
      {instance.state === 'waiting' && <Waiting instance={instance} />}
      {instance.state !== 'waiting' && live && instance.job?.state === 'held' && (
        <Box mt={12}>
          <HeldNote job={instance.job} />
        </Box>
      )}
      {live && <EndsSoon instance={instance} />}
      {live && <AppNotes instance={instance} />}
      {warning && (
        <Box mt={12}>
          <Note tone="wait">
            <strong className="bold">Not private.</strong> {warning}
          </Note>
        </Box>
      )}
      {instance.state === 'interrupted' && (
        <Box mt={12}>
          <Note tone="wait">
            <strong className="bold">The launch was interrupted.</strong> It was not submitted, so nothing runs on{' '}
            {instance.clusterName}.
          </Note>
        </Box>
      )}
      {instance.state === 'reconnecting' && <ConnectionLost instance={instance} cluster={cluster} />}
      {instance.error && live && instance.state !== 'reconnecting' && (
        <Box mt={12}>
          <ErrorNote error={instance.error} />
        </Box>
      )}
      {instance.state === 'failed' && (
        <Box mt={12}>
          <ErrorNote
            error={instance.error ?? { code: 'internal', message: 'The cause is not known.' }}
            evidence={savedLog}
          />
        </Box>
      )}
      {live && <FolderRun instance={instance} />}
      {isInProgress(instance) && <Steps instance={instance} />}
      <Tasks job={instance.job} />
    </>
  );
}

/** For one line: what a waiting job waits for, as far as it is known. */
function waitsFor(job: JobStatus | null): string {
  if (job?.state === 'held') return 'On hold';
  return job?.startsAt == null ? 'No estimate yet' : `Starts about ${formatWhen(job.startsAt, Date.now())}`;
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
  const open = useUi((state) => state.openCards.has(instance.id));
  const folds = props.long === true && instance.state === 'waiting';
  const line = (folds && !open) || (props.long === true && instance.state === 'ended');
  const quiet = instance.state === 'failed' || instance.state === 'ended';
  const reachable = (instance.state === 'ready' || instance.state === 'reconnecting') && instance.route !== null;
  return (
    <article
      className={line ? `${surface.card} ${css.card} ${css.folded}` : `${surface.card} ${css.card}`}
      data-card
      aria-label={instance.title}
      aria-keyshortcuts="Enter L E Delete"
      aria-posinset={props.at}
      aria-setsize={props.of}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cards are walked with the arrow keys
      tabIndex={0}
      onKeyDown={(event) => onCardKey(event, instance)}
    >
      <div className={css.head}>
        <Tile tone={quiet ? 'neutral' : 'accent'} size={line ? 'small' : 'medium'}>
          <RecipeIcon name={instance.icon} size={line ? 16 : 20} />
        </Tile>
        <div className={line ? `${css.identity} grow row gap-12` : `${css.identity} grow`}>
          <div className={css.title}>
            <h2 className="truncate" title={instance.title}>
              {instance.title}
            </h2>
            <StateBadge state={instance.state} />
          </div>
          <div className={css.facts}>
            {line && folds && <span className="text-sm tone-wait no-shrink tabular">{waitsFor(instance.job)}</span>}
            <Facts list={instanceFacts(instance)} />
            {reachable && <ExposureButton instance={instance} />}
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
      {!line && <Details instance={instance} cluster={cluster} />}
      {logOpen && (
        <LogPanel id={instance.id} kept={savedLog} live={!isOver(instance)} onClose={() => ui.toggleLog(instance.id)} />
      )}
    </article>
  );
});
