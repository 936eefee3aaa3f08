import { Button } from '@mantine/core';
import { IconAppWindow, IconCircleCheck, IconCircleDashed, IconLoader2, IconRefresh } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { Steps } from '../../components/steps.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useNow } from '../../components/use-now.ts';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { goTo } from '../../keys.ts';
import { relaunch } from '../../relaunch-policy.ts';
import { describeLoss } from '../../text/connection-loss.ts';
import { stateLabels } from '../../text/instance.ts';
import { waitingReason } from '../../text/reason.ts';
import { formatDuration } from '../../text/time.ts';
import { resolveLoss } from '../clusters/resolve-loss.ts';
import { launchAgain } from '../running/launch-again.ts';
import { Hold } from '../running/release.tsx';
import { askToStop } from '../running/stop.ts';
import css from './fillings.module.css';
import { reconnectSteps } from './reconnect-steps.ts';

const marks = { done: IconCircleCheck, now: IconLoader2, todo: IconCircleDashed };

export function Reconnecting({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const now = useNow(true);
  const connection = cluster?.connection;
  const steps = reconnectSteps(connection, instance, now);
  const loss = describeLoss(instance, cluster);
  return (
    <section className={`${surface.card} ${css.panel}`} role="status" aria-label="Reconnecting">
      <div className="row gap-12 align-start">
        <Tile tone="wait">
          <IconRefresh size={20} stroke={stroke} aria-hidden />
        </Tile>
        <div>
          <h2>{loss.remedy === 'wait' ? `Reconnecting to ${instance.clusterName}` : 'Connection lost'}</h2>
          <p className="text-sm text-secondary">
            Your app keeps running{instance.job?.node ? ` on node ${instance.job.node}` : ''}.{' '}
            {loss.remedy === 'wait' ? 'This page stays as it was and resumes by itself.' : loss.text}
          </p>
        </div>
      </div>
      <ol className={css.steps}>
        {steps.map((step) => {
          const Shown = marks[step.state];
          return (
            <li key={step.text} className={css[step.state]}>
              <Shown size={16} stroke={stroke} aria-hidden className={step.state === 'now' ? 'spin' : undefined} />
              <span className="grow">{step.text}</span>
              <span className="text-xs text-tertiary tabular">{step.time}</span>
            </li>
          );
        })}
      </ol>
      {connection?.error && <ErrorNote error={connection.error} tone={loss.remedy === 'sign-in' ? 'wait' : 'bad'} />}
      <div className="row" style={{ marginBlockStart: 12 }}>
        <Button size="xs" variant={loss.remedy === 'wait' ? 'default' : 'filled'} onClick={() => resolveLoss(instance)}>
          {loss.action}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => goTo('clusters')}>
          Connection log
        </Button>
        <span className="grow" />
        {connection && connection.state !== 'connected' && (
          <span className="text-sm text-tertiary tabular">away {formatDuration(now - connection.since)}</span>
        )}
      </div>
    </section>
  );
}

export function OnTheWay({ instance }: { instance: Instance }) {
  const { ours, given } = waitingReason(instance.job);
  return (
    <section className={`${surface.card} ${css.panel} ${css.wide}`} aria-label={stateLabels[instance.state]}>
      <div className="row">
        <h2 className="truncate">{instance.title}</h2>
        <StateBadge state={instance.state} />
        <span className="grow" />
        <Button onClick={() => askToStop(instance)}>Cancel</Button>
      </div>
      {instance.job?.state === 'held' ? (
        <Hold instance={instance} />
      ) : (
        instance.state === 'waiting' &&
        (ours || given) && (
          <p className="text-secondary">
            {ours} {given && `Reason given: ${given}.`}
          </p>
        )
      )}
      <Steps instance={instance} />
    </section>
  );
}

export function Over(props: { view: ViewState; instance: Instance; cluster: ClusterState | undefined }) {
  const { view, instance, cluster } = props;
  const again = relaunch(instance, cluster);
  const savedLog = useSavedLog(instance);
  return (
    <section className={`${surface.card} ${css.panel} ${css.wide}`} aria-label={stateLabels[instance.state]}>
      <div className="row">
        <h2 className="truncate">{instance.title}</h2>
        <StateBadge state={instance.state} />
      </div>
      {instance.error ? (
        <ErrorNote error={instance.error} evidence={savedLog} />
      ) : (
        <p className="text-secondary">
          The app has ended. Its page cannot come back; its files stay on {instance.clusterName}.
        </p>
      )}
      <div className="row" style={{ marginBlockStart: 12 }}>
        {again && (
          <Button
            variant="filled"
            onClick={() => {
              goTo('running');
              launchAgain(again.input, instance.title);
            }}
          >
            {again.label}
          </Button>
        )}
        <Button onClick={() => attempt('The view did not close', invoke('views.close', { viewId: view.id }))}>
          Close the view
        </Button>
      </div>
    </section>
  );
}

export function Detached({ view, instance }: { view: ViewState; instance: Instance }) {
  return (
    <section className={`${surface.card} ${css.panel}`} aria-label="In its own window">
      <h2>{instance.title} is in a window of its own</h2>
      <p className="text-secondary" style={{ margin: '4px 0 12px' }}>
        Closing the window does not stop the app.
      </p>
      <Button
        leftSection={<IconAppWindow size={16} stroke={stroke} aria-hidden />}
        onClick={() => attempt('The view did not come back', invoke('views.attach', { viewId: view.id }))}
      >
        Attach
      </Button>
    </section>
  );
}

export function PageError({ text }: { text: string }) {
  return (
    <section className={`${surface.card} ${css.panel}`} aria-label="The page did not load">
      <h2>The page did not load</h2>
      <p className="text-secondary" style={{ margin: '4px 0 12px', overflowWrap: 'anywhere' }}>
        {text}
      </p>
      <Button
        leftSection={<IconRefresh size={16} stroke={stroke} aria-hidden />}
        onClick={() => attempt('The page did not reload', invoke('views.reload', undefined))}
      >
        Reload
      </Button>
    </section>
  );
}
