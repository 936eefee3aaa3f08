import type { JobReason } from '../../../shared/instances.ts';

/** What Grid Engine's scheduler says of a job that waits (`qstat -j`, `qalter -w p`) -> ours. First match counts. */
const known: readonly (readonly [RegExp, string])[] = [
  [/job is in error state/i, 'it could not be started'],
  [/job is in hold state/i, 'held'],
  [
    /dropped because it is (temporarily )?(not available|disabled|suspended)/i,
    'a node it could use is not available now',
  ],
  [/dropped because it is (full|overloaded)/i, 'waiting for enough free resources'],
  [/max_aj_instances|max_aj_tasks|array tasks may be started/i, 'enough tasks of this array run already'],
  [/only offers [1-9]\d* slots/i, 'waiting for enough free slots'],
  [/cannot run in PE .{0,200} only offers 0 slots/i, 'no node has so many cores free'],
  [
    /because of cluster queue|not contained in its|is not (in|contained)|has no permission|unknown resource/i,
    'no queue takes what it asks for',
  ],
  [/exceeds? limit|cannot run because it exceeds/i, 'you or your group use as much as you may at once'],
  [/offers only (gc|hc|qc):/i, 'waiting for enough free resources'],
  [/offers only/i, 'no node offers as much as it asks for'],
];

const dropped = /^queue instance "([^"@]+)(?:@[^"]*)?" dropped because it is (full|overloaded)/i;
const refused = /cannot run in queue "([^"@]+)/i;

/**
 * Why a job waits. What it can never have says more than a full queue, which comes once for each node; but not where a full
 * queue might have taken it.
 */
export function readWaitingReason(lines: readonly string[]): JobReason {
  const statements = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/turned off|^verification:/i.test(line));
  const never = new Set(statements.flatMap((line) => refused.exec(line)?.[1] ?? []));
  const full = statements.find((line) => dropped.test(line) && !never.has(dropped.exec(line)?.[1] ?? ''));
  const main = statements.find((line) => !/dropped because it is/i.test(line));
  const statement = (main !== undefined && refused.test(main) ? full : undefined) ?? main ?? statements[0];
  if (statement === undefined) return { reason: 'the scheduler has not said why it waits', nativeReason: '' };
  const phrase = known.find(([pattern]) => pattern.test(statement))?.[1];
  return { reason: phrase ?? '', nativeReason: statement.replace(/^Job \d+ /, '') };
}

/** `failed` of accounting (sge_status(5)); what is not here is not a failure of Grid Engine's. */
export const failureReasons: Record<number, string> = {
  1: 'it failed before it began',
  3: 'its node could not prepare it',
  4: 'its node could not prepare it',
  7: "the site's prolog failed",
  8: "the site's prolog failed",
  9: 'the parallel environment could not be started',
  10: 'the parallel environment could not be started',
  11: 'its node could not start it',
  18: "Grid Engine's process on its node died",
  19: "Grid Engine's process on its node died, perhaps with the node",
  21: 'its node no longer knows it',
  26: 'its log could not be opened',
  27: 'its shell was not found',
  28: 'its directory could not be entered',
  29: 'its access to AFS could not be set up',
  36: "the site's remote start is not set up",
  38: 'its node has no group id left for it (gid_range)',
};
