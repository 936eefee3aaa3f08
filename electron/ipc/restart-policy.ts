/** A process that ran this long was healthy: its end is no sign of the next one's, ms. */
const healthyAfter = 60_000;
const delays = [300, 1000, 2000, 5000, 10_000];

/**
 * What to do after the engine ended: wait (ms) and start it again, or give up.
 * `quickEnds` counts the ends since it last ran for `healthyAfter`, this one included.
 */
export function afterEnd(quickEnds: number): { kind: 'restart'; delay: number } | { kind: 'give-up' } {
  const delay = delays[quickEnds - 1];
  return delay === undefined ? { kind: 'give-up' } : { kind: 'restart', delay };
}

/** The count for `afterEnd` when a process that ran for `ran` ms ended after `before` quick ends. */
export function countQuickEnds(before: number, ran: number): number {
  return ran >= healthyAfter ? 1 : before + 1;
}
