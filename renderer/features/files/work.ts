import { create } from 'zustand';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { ui } from '../../ui-store.ts';
import { baseOf } from './places.ts';

/** Something that is being done with several files, one after another. */
export interface Work {
  id: number;
  /** Such as `Copying`. */
  verb: string;
  /** The file that is at hand. */
  name: string;
  done: number;
  total: number;
}

export const useWork = create<{ list: readonly Work[] }>(() => ({ list: [] }));

const running = new Map<number, AbortController>();
let lastId = 0;

export const cancelWork = (id: number): void => running.get(id)?.abort(new AppError('cancelled', 'It was cancelled.'));

const change = (id: number, changes: Partial<Work>): void =>
  useWork.setState(({ list }) => ({ list: list.map((each) => (each.id === id ? { ...each, ...changes } : each)) }));

interface Outcome {
  /** Those that were done. */
  done: string[];
  failed: { path: string; error: AppError }[];
}

/** Does something with each path in turn. One that fails does not keep the others from being done; never rejects. */
export async function workThrough(
  verb: string,
  paths: readonly string[],
  each: (path: string, signal: AbortSignal) => Promise<unknown>,
): Promise<Outcome> {
  lastId += 1;
  const id = lastId;
  const controller = new AbortController();
  running.set(id, controller);
  useWork.setState(({ list }) => ({ list: [...list, { id, verb, name: '', done: 0, total: paths.length }] }));
  const outcome: Outcome = { done: [], failed: [] };
  for (const [index, path] of paths.entries()) {
    if (controller.signal.aborted) break;
    change(id, { name: displayName(baseOf(path)), done: index });
    try {
      await each(path, controller.signal);
      outcome.done.push(path);
    } catch (error) {
      if (!controller.signal.aborted) outcome.failed.push({ path, error: AppError.from(error) });
    }
  }
  running.delete(id);
  useWork.setState(({ list }) => ({ list: list.filter((work) => work.id !== id) }));
  return outcome;
}

/** Says what failed: of several the first, with their number. */
export function showFailures(what: string, { failed }: Outcome): void {
  const [first] = failed;
  if (!first) return;
  const title = failed.length === 1 ? what : `${what}, and ${failed.length - 1} more`;
  ui.toast({ tone: 'bad', title, error: first.error });
}
