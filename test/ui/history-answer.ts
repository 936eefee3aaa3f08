import { requests } from '../../electron/shared/contract/history.ts';
import type { ParsedInput, RequestOutput } from '../../electron/shared/contract/index.ts';
import type { Instance } from '../../electron/shared/instances.ts';

/** Answers `history.query` from instances at hand, newest first; the cursor is a number. */
export function answerHistory(all: readonly Instance[], given: unknown): RequestOutput<'history.query'> {
  const query: ParsedInput<'history.query'> = requests['history.query'].input.parse(given);
  const { text, clusterId, states, cursor = '0', limit } = query;
  if (text === 'unreadable') throw new Error(JSON.stringify({ code: 'storage', message: 'The history is locked.' }));
  const found = all.filter(
    (instance) =>
      instance.title.toLowerCase().includes(text.toLowerCase()) &&
      (clusterId ?? instance.clusterId) === instance.clusterId &&
      (states?.includes(instance.state) ?? true),
  );
  const end = Number(cursor) + limit;
  return { instances: found.slice(Number(cursor), end), next: end < found.length ? String(end) : null };
}
