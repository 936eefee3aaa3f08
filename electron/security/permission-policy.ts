import type { PageOwner } from './navigation-policy.ts';

/**
 * Electron grants what no handler denies. Only writing plain text to the clipboard is allowed: Chromium itself asks for the
 * user's gesture before it, and every copy button needs it.
 */
export function judgePermission(owner: PageOwner, permission: string): boolean {
  return owner.kind !== 'unclaimed' && permission === 'clipboard-sanitized-write';
}
