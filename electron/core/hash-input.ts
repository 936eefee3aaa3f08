import { createHash } from 'node:crypto';

/** The same for inputs that mean the same, whatever the order of their fields. */
export function hashInput(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input, withSortedKeys)).digest('hex');
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
