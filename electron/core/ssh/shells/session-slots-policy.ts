/**
 * Whether one more command may stay open beside `staying` others, where `limit` sessions are allowed at a time. Two sessions
 * stay free for scripts and files, one where there are few. `companion`: nothing else needs a session of that connection.
 */
export function hasFreeSlot(limit: number, staying: number, companion: boolean): boolean {
  const kept = companion ? 0 : limit >= 4 ? 2 : 1;
  return staying < limit - kept;
}
