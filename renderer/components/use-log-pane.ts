import { type RefObject, type UIEvent, useEffect, useMemo, useRef, useState } from 'react';
import { findAll, plain } from './log-model.ts';
import { type LogView, useLog } from './use-log.ts';

/** Closer than this to its end, the pane counts as being at the end, px. */
const END_MARGIN = 24;

export interface LogPane {
  log: LogView;
  text: string;
  ref: RefObject<HTMLPreElement | null>;
  /** Whether the pane stays at the end as the log grows. */
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
  stopFollowingAboveEnd: (event: UIEvent<HTMLElement>) => void;
  /** What is searched for; null while the search is closed. */
  needle: string | null;
  search: (needle: string | null) => void;
  matches: number[];
  /** Index of the match that is shown. */
  current: number;
  stepMatch: (by: 1 | -1) => void;
}

/** What a log panel shows of a log: where it has scrolled to and what is searched for in it. */
export function useLogPane(id: string, saved: string): LogPane {
  const log = useLog(id, saved);
  const [isFollowing, setFollowing] = useState(true);
  const [needle, setNeedle] = useState<string | null>(null);
  const [current, setCurrent] = useState(0);
  const ref = useRef<HTMLPreElement>(null);
  const text = useMemo(() => plain(log.text), [log.text]);
  const matches = useMemo(() => findAll(text, needle ?? ''), [text, needle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the pane
  useEffect(() => {
    if (isFollowing && ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [text, isFollowing]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen match is what moves the pane
  useEffect(() => {
    ref.current?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current, needle]);

  return {
    log,
    text,
    ref,
    isFollowing,
    setFollowing,
    stopFollowingAboveEnd({ currentTarget: pane }) {
      const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < END_MARGIN;
      if (!isAtEnd && isFollowing) setFollowing(false);
    },
    needle,
    search(next) {
      setNeedle(next);
      setCurrent(0);
    },
    matches,
    current,
    stepMatch(by) {
      if (matches.length === 0) return;
      setFollowing(false);
      setCurrent((current + by + matches.length) % matches.length);
    },
  };
}
