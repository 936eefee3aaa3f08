/** How a shell ended; both null: its connection was lost. */
export function describeEnd({ code, signal }: { code: number | null; signal: string | null }): string {
  if (code !== null) return `Ended with exit code ${code}.`;
  if (signal !== null) return `Ended by signal ${signal}.`;
  return 'The connection to this terminal was lost.';
}
