import type { RequestInput } from '../electron/shared/contract/index.ts';
import { instanceStateSchema } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';
import { findCluster } from './find-in-state.ts';
import { readDate, readDuration, readWholeNumber } from './option-values.ts';
import { UsageError } from './usage-error.ts';

export interface HistoryFilterOptions {
  text?: string;
  cluster?: string;
  recipe?: string;
  state?: string;
  since?: string;
}

type Query = Omit<RequestInput<'history.query'>, 'cursor' | 'limit'>;

/** The options of a command as the engine is asked. @throws UsageError, AppError `not-found` for an unknown cluster */
export function readHistoryFilter(
  { text, cluster, recipe, state, since }: HistoryFilterOptions,
  engine: Pick<EngineState, 'clusters'>,
  now: number,
): Query {
  return {
    ...(text !== undefined && { text }),
    ...(cluster !== undefined && { clusterId: findCluster(engine, cluster).id }),
    ...(recipe !== undefined && { recipe }),
    ...(state !== undefined && { states: state.split(',').map(readState) }),
    ...(since !== undefined && { from: readSince(since, now) }),
  };
}

function readState(word: string) {
  const state = instanceStateSchema.safeParse(word.trim());
  if (state.success) return state.data;
  throw new UsageError(message`There is no state “${{ state: word }}”.`, {
    hint: `There are: ${instanceStateSchema.options.join(', ')}.`,
  });
}

/** `90min`, `12h`, `7d`, `2w` before now, or a date with or without a time, in the time zone of this computer. */
export function readSince(word: string, now: number): number {
  const duration = readDuration(word);
  const time = duration === null ? readDate(word) : now - duration;
  if (time !== null) return time;
  throw new UsageError(message`--since takes a time, not “${{ value: word }}”.`, {
    hint: 'Give for example 12h, 7d, 2w or 2026-11-29.',
  });
}

/** @throws UsageError */
export const readLimit = (text: string): number => readWholeNumber('--limit', text, { least: 1 });
