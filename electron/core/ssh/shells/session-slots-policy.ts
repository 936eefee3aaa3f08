interface SessionUse {
  /** Commands and terminals that stay open. */
  staying: number;
  /** Files that are being copied, which may take as long. */
  transfers: number;
}

/** With fewer sessions at a time, each one counts. */
const FEW = 4;

/**
 * Whether one more command may stay open beside what is in use, where `limit` sessions are allowed at a time. Two sessions
 * stay free for scripts and files, one where there are few. `companion`: nothing else needs a session of that connection.
 */
export function hasFreeSlot(limit: number, { staying, transfers }: SessionUse, companion: boolean): boolean {
  if (companion) return staying < limit;
  return limit >= FEW ? staying < limit - 2 : staying + transfers < limit - 1;
}
