import { Box } from '@mantine/core';
import { IconHourglass, IconRefresh } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Tasks } from '../../components/job-notes.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Note } from '../../components/note.tsx';
import { Steps } from '../../components/steps.tsx';
import { useNow } from '../../components/use-now.ts';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { describeLoss } from '../../text/connection-loss.ts';
import { isInProgress, isOver } from '../../text/instance.ts';
import { waitingReason } from '../../text/reason.ts';
import { formatAhead, formatClock, formatWhen, timeLeft } from '../../text/time.ts';
import { resolveLoss } from '../clusters/resolve-loss.ts';
import { FolderRun } from '../folders/folder-run.tsx';
import { AppNotes } from './app-notes.tsx';
import { Hold } from './release.tsx';

function Waiting({ instance }: { instance: Instance }) {
  return (
    <Box mt={12}>{instance.job?.state === 'held' ? <Hold instance={instance} /> : <Queued instance={instance} />}</Box>
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

function ConnectionLost({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const { clusterName, job, title } = instance;
  const { remedy, text, action } = describeLoss(instance, cluster);
  return (
    <Box mt={12}>
      <Note
        tone="wait"
        icon={IconRefresh}
        action={remedy === 'wait' && <LinkButton onClick={() => resolveLoss(instance)}>{action}</LinkButton>}
      >
        <strong className="bold">Connection lost.</strong> {title} is still running on {job?.node || clusterName}.{' '}
        {text}
      </Note>
    </Box>
  );
}

/** Details of an app on its way, or of what went wrong. */
export function AppDetails({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const live = !isOver(instance);
  const savedLog = useSavedLog(instance, instance.state === 'failed');
  const warning = live && instance.state === 'ready' ? (instance.route?.warning ?? null) : null;
  return (
    <>
      {instance.state === 'waiting' && <Waiting instance={instance} />}
      {instance.state !== 'waiting' && live && instance.job?.state === 'held' && (
        <Box mt={12}>
          <Hold instance={instance} />
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
      <Tasks tasks={instance.job?.tasks ?? null} />
    </>
  );
}
