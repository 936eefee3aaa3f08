import type { NameRule, QueueAccess } from '../../../shared/clusters.ts';

export const anyName: NameRule = { only: null, not: [] };

/** What a scheduler without accounts or qualities of service says of a queue: whether this user's jobs are refused. */
export const accessAs = (refusedAs: QueueAccess['refusedAs']): QueueAccess => ({
  accounts: anyName,
  qos: anyName,
  refusedAs,
});

/** Who asks, as the login node names them. */
export interface Asker {
  user: string;
  /** The primary one first; empty: not known. */
  groups: readonly string[];
}

/** `section who` of a detection: the name, and the groups below it. */
export function readAsker(text: string): Asker {
  const [user = '', groups = ''] = text.split('\n').map((line) => line.trim());
  return { user, groups: groups.split(/\s+/).filter((name) => name !== '') };
}

/** Shell text that emits the section that `readAsker` reads; `$me` is the user's name. */
export const askerSection = `emit who 0 "$me
$(id -Gn 2>/dev/null)"`;
