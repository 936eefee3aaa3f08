import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconAppWindow,
  IconChevronUp,
  IconCopy,
  IconDots,
  IconEdit,
  IconExternalLink,
  IconFileText,
  IconForbid2,
  IconHourglass,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { type KeyboardEvent, memo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import { RecipeIcon } from '../../components/icons.tsx';
import { LogPanel } from '../../components/log-panel.tsx';
import { ErrorNote, Facts, Note, StateBadge, stroke } from '../../components/parts.tsx';
import { Steps } from '../../components/steps.tsx';
import { TimeLeft } from '../../components/time-left.tsx';
import { useNow } from '../../components/use-now.ts';
import { relaunch } from '../../relaunch-policy.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { canOpen, facts, isOver } from '../../words/instance.ts';
import { waitingReason } from '../../words/reason.ts';
import { ahead, clock, timeLeft, when } from '../../words/time.ts';
import { askToEnd, askToRemove, askToStop, doRelaunch, openView } from './stop.ts';

const icon = (Shown: typeof IconDots) => <Shown size={16} stroke={stroke} aria-hidden />;

function MoreMenu({ instance }: { instance: Instance }) {
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
        {!over && (
          <Menu.Item
            leftSection={icon(IconCopy)}
            onClick={() => attempt('The ssh command was not copied', actions.copySshCommand(instance.id))}
          >
            Copy ssh command
          </Menu.Item>
        )}
        {canOpen(instance) && (
          <Menu.Item
            leftSection={icon(IconExternalLink)}
            onClick={() => attempt('The browser did not open', actions.openInBrowser(instance.id))}
          >
            Open in my browser
            <span className="sub">By a link that works once</span>
          </Menu.Item>
        )}
        {instance.input && (
          <Menu.Item leftSection={icon(IconEdit)} onClick={() => ui.launch(instance.recipe, instance.input)}>
            Edit and relaunch
          </Menu.Item>
        )}
        <Menu.Divider />
        {over ? (
          <Menu.Item className="danger" leftSection={icon(IconTrash)} onClick={() => askToRemove(instance)}>
            Remove
          </Menu.Item>
        ) : (
          <Menu.Item className="danger" leftSection={icon(IconForbid2)} onClick={() => askToEnd(instance)}>
            End now
            <span className="sub">Unsaved work in the app is lost</span>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The primary action is left of the rest and keeps its place in every state. */
function Actions({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  const again = isOver(instance) ? relaunch(instance, cluster) : null;
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  const starting = instance.state === 'starting' || instance.state === 'waiting';
  return (
    <div className="run-acts">
      {canOpen(instance) && (
        <Button variant="filled" leftSection={icon(IconAppWindow)} onClick={() => openView(instance)}>
          Open
        </Button>
      )}
      {again && instance.state === 'failed' && (
        <Button variant="filled" leftSection={icon(IconRefresh)} onClick={() => doRelaunch(instance, again)}>
          {again.label}
        </Button>
      )}
      {again && instance.state === 'ended' && (
        <Button leftSection={icon(IconRefresh)} onClick={() => doRelaunch(instance, again)}>
          {again.label}
        </Button>
      )}
      {again && instance.state === 'failed' && (
        <Button className="hide-s" onClick={() => ui.launch(instance.recipe, instance.input)}>
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
      {!starting && !isOver(instance) && instance.state !== 'stopping' && (
        <Button className="hide-s" onClick={() => askToStop(instance)}>
          Stop
        </Button>
      )}
      {instance.state === 'stopping' && (
        <Button className="danger" onClick={() => askToEnd(instance)}>
          End now
        </Button>
      )}
      <MoreMenu instance={instance} />
    </div>
  );
}

function Waiting({ instance }: { instance: Instance }) {
  const expected = instance.job?.startsAt ?? null;
  const now = useNow(true, 10_000);
  const { ours, given } = waitingReason(instance.job?.reason ?? '');
  return (
    <div className="run-note">
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
    </div>
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
  else if (single && key === 'e' && instance.input) ui.launch(instance.recipe, instance.input);
  else if (key === 'delete') isOver(instance) ? askToRemove(instance) : askToStop(instance);
  else if (key === 'arrowdown' || key === 'arrowup') {
    const cards = [...document.querySelectorAll<HTMLElement>('[data-card]')];
    const next = cards[cards.indexOf(event.currentTarget) + (key === 'arrowdown' ? 1 : -1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  } else return;
  event.preventDefault();
}

export const AppCard = memo(function AppCard(props: { instance: Instance; cluster: ClusterState | undefined }) {
  const { instance, cluster } = props;
  const logOpen = useUi((state) => state.openLogs.has(instance.id));
  const live = !isOver(instance);
  const onTheWay = instance.state === 'starting' || instance.state === 'waiting' || instance.state === 'reconnecting';
  return (
    <article
      className="card run"
      data-card
      aria-label={instance.title}
      aria-keyshortcuts="Enter L E Delete"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cards are walked with the arrow keys
      tabIndex={0}
      onKeyDown={(event) => onCardKey(event, instance)}
    >
      <div className="run-top">
        <span className={instance.state === 'failed' || instance.state === 'ended' ? 'tile n' : 'tile'}>
          <RecipeIcon name={instance.icon} />
        </span>
        <div className="grow">
          <div className="run-name">
            <h2 className="cut" title={instance.title}>
              {instance.title}
            </h2>
            <StateBadge state={instance.state} />
          </div>
          <Facts list={facts(instance)} />
        </div>
        {live && <TimeLeft job={instance.job} />}
        <Actions instance={instance} cluster={cluster} />
      </div>
      {instance.state === 'waiting' && <Waiting instance={instance} />}
      {live && <EndsSoon instance={instance} />}
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
      {onTheWay && <Steps instance={instance} />}
      {logOpen && (
        <LogPanel id={instance.id} kept={instance.logTail} live={live} onClose={() => ui.toggleLog(instance.id)} />
      )}
    </article>
  );
});
