/**
 * A job's reason as a launcher tells it: our words, then the scheduler's own in brackets, `other jobs are ahead
 * (Priority)`. A single word is the scheduler's alone. Empty where there is nothing to tell.
 */
export function waitingReason(reason: string): { ours: string; given: string } {
  const text = reason.trim();
  const parts = /^([^(]*\S)\s+\((.+)\)$/s.exec(text);
  if (parts) return { ours: sentence(parts[1] ?? ''), given: parts[2] ?? '' };
  const bare = text.replace(/^\((.*)\)$/, '$1');
  return /\s/.test(bare) ? { ours: sentence(bare), given: '' } : { ours: '', given: bare };
}

function sentence(words: string): string {
  const start = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
