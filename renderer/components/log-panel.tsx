import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconArrowDown, IconChevronDown, IconChevronUp, IconCopy, IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { formatAgo } from '../text/time.ts';
import code from './code.module.css';
import { IconButton } from './icon-button.tsx';
import { stroke } from './icons.tsx';
import { findAll, plain } from './log-model.ts';
import css from './log-panel.module.css';
import { type LogView, useLog } from './use-log.ts';
import { useNow } from './use-now.ts';

function marked(text: string, places: number[], size: number, current: number): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  places.forEach((at, index) => {
    parts.push(text.slice(from, at));
    parts.push(
      <mark key={at} data-current={index === current || undefined}>
        {text.slice(at, at + size)}
      </mark>,
    );
    from = at + size;
  });
  parts.push(text.slice(from));
  return parts;
}

function LogSearch(props: {
  needle: string;
  /** Which match is shown, in words. */
  result: string;
  /** null closes the search. */
  onNeedle: (needle: string | null) => void;
  onStep: (by: 1 | -1) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    props.onNeedle(null);
  };
  return (
    <>
      <TextInput
        size="xs"
        w={180}
        autoFocus
        aria-label="Search in the log"
        placeholder="Search in the log"
        value={props.needle}
        onChange={(event) => props.onNeedle(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span className="tabular text-tertiary no-shrink" role="status">
        {props.result}
      </span>
      <IconButton icon={IconChevronUp} label="Previous match" size={26} onClick={() => props.onStep(-1)} />
      <IconButton icon={IconChevronDown} label="Next match" size={26} onClick={() => props.onStep(1)} />
    </>
  );
}

/** What stands in the pane, where it is not the log. */
function placeholder(log: LogView): string {
  if (log.error) return `The log cannot be read now. ${log.error.message}`;
  return log.loading ? 'Reading the log' : 'Nothing written yet';
}

export function LogPanel(props: { id: string; kept: string; live: boolean; fill?: boolean; onClose?: () => void }) {
  const log = useLog(props.id, props.kept);
  const [follow, setFollow] = useState(true);
  const [needle, setNeedle] = useState<string | null>(null);
  const [current, setCurrent] = useState(0);
  const pane = useRef<HTMLPreElement>(null);
  const now = useNow(props.live && log.changedAt !== null, 5000);
  const text = useMemo(() => plain(log.text), [log.text]);
  const places = useMemo(() => findAll(text, needle ?? ''), [text, needle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the pane
  useEffect(() => {
    if (follow && pane.current) pane.current.scrollTop = pane.current.scrollHeight;
  }, [text, follow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen match is what moves the pane
  useEffect(() => {
    pane.current?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current, needle]);

  const step = (by: number) => {
    if (places.length === 0) return;
    setFollow(false);
    setCurrent((current + by + places.length) % places.length);
  };

  return (
    <section className={props.fill ? `${css.log} ${css.fill}` : css.log} aria-label="Log">
      <div className={css.bar}>
        <strong className="bold">Log</strong>
        <span className="text-tertiary truncate">
          {log.changedAt !== null ? `last line ${formatAgo(log.changedAt, now)}` : props.live ? '' : 'as it ended'}
        </span>
        <span className="grow" />
        {needle !== null && (
          <LogSearch
            needle={needle}
            result={needle === '' ? '' : places.length === 0 ? 'none' : `${current + 1} of ${places.length}`}
            onNeedle={(next) => {
              setNeedle(next);
              setCurrent(0);
            }}
            onStep={step}
          />
        )}
        <Button
          size="xs"
          variant="subtle"
          aria-pressed={follow}
          leftSection={<IconArrowDown size={14} stroke={stroke} aria-hidden />}
          onClick={() => setFollow(!follow)}
        >
          Follow
        </Button>
        <IconButton
          icon={IconSearch}
          label="Search in the log"
          size={26}
          pressed={needle !== null}
          onClick={() => setNeedle(needle === null ? '' : null)}
        />
        <IconButton
          icon={IconCopy}
          label="Copy the log"
          size={26}
          onClick={() => attempt('The log was not copied', invoke('desktop.copy', { text }))}
        />
        {props.onClose && (
          <ActionIcon size={26} aria-label="Close the log" onClick={props.onClose}>
            <IconX size={16} stroke={stroke} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <pre
        ref={pane}
        className={`${code.code} ${css.lines}`}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          const atEnd = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
          if (!atEnd && follow) setFollow(false);
        }}
      >
        {log.error || text === '' ? placeholder(log) : marked(text, places, needle?.length ?? 0, current)}
      </pre>
    </section>
  );
}
