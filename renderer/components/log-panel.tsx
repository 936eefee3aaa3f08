import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconCopy, IconSearch, IconX } from '@tabler/icons-react';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { formatAgo } from '../text/time.ts';
import code from './code.module.css';
import { IconButton } from './icon-button.tsx';
import { stroke } from './icons.tsx';
import css from './log-panel.module.css';
import { LogSearch } from './log-search.tsx';
import { markMatches } from './mark-matches.tsx';
import type { LogView } from './use-log.ts';
import { type LogPane, useLogPane } from './use-log-pane.ts';
import { useNow } from './use-now.ts';

/** The text of the pane while there is no log to show. */
function placeholder(log: LogView, live: boolean): string {
  if (log.error) return `The log cannot be read now. ${log.error.message}`;
  if (log.loading) return 'Reading the log';
  return live ? 'Nothing written yet' : 'Nothing was written';
}

function describeMatch({ needle, matches, current }: LogPane): string {
  if (needle === '') return '';
  return matches.length === 0 ? 'none' : `${current + 1} of ${matches.length}`;
}

/** When the last line came, or that no more will come. */
function LastLine({ changedAt, live }: { changedAt: number | null; live: boolean }) {
  const now = useNow(live && changedAt !== null, 5000);
  return (
    <span className="text-tertiary truncate">
      {changedAt !== null ? `last line ${formatAgo(changedAt, now)}` : live ? '' : 'as it ended'}
    </span>
  );
}

function LogBar({ pane, live, onClose }: { pane: LogPane; live: boolean; onClose?: () => void }) {
  const { needle, isFollowing } = pane;
  return (
    <div className={css.bar}>
      <strong className="bold">Log</strong>
      <LastLine changedAt={pane.log.changedAt} live={live} />
      <span className="grow" />
      {needle !== null && (
        <LogSearch
          where="the log"
          needle={needle}
          result={describeMatch(pane)}
          onNeedle={pane.search}
          onStep={pane.stepMatch}
        />
      )}
      <Button
        size="xs"
        variant="subtle"
        aria-pressed={isFollowing}
        leftSection={<IconArrowDown size={14} stroke={stroke} aria-hidden />}
        onClick={() => pane.setFollowing(!isFollowing)}
      >
        Follow
      </Button>
      <IconButton
        icon={IconSearch}
        label="Search in the log"
        size={26}
        pressed={needle !== null}
        onClick={() => pane.search(needle === null ? '' : null)}
      />
      <IconButton
        icon={IconCopy}
        label="Copy the log"
        size={26}
        onClick={() => attempt('The log was not copied', invoke('desktop.copy', { text: pane.text }))}
      />
      {onClose && (
        <ActionIcon size={26} aria-label="Close the log" onClick={onClose}>
          <IconX size={16} stroke={stroke} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}

export function LogPanel(props: { id: string; kept: string; live: boolean; fill?: boolean; onClose?: () => void }) {
  const pane = useLogPane(props.id, props.kept);
  const { log, text } = pane;
  return (
    <section className={props.fill ? `${css.log} ${css.fill}` : css.log} aria-label="Log">
      <LogBar pane={pane} live={props.live} onClose={props.onClose} />
      <pre
        ref={pane.ref}
        className={`${code.code} ${css.lines}`}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={pane.stopFollowingAboveEnd}
      >
        {log.error || text === ''
          ? placeholder(log, props.live)
          : markMatches(text, pane.matches, pane.needle?.length ?? 0, pane.current)}
      </pre>
    </section>
  );
}
