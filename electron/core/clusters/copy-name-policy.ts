import { clusterNameLimit } from '../../shared/clusters.ts';

/** A free name for a copy; a name that would become too long is cut in front of what is added. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? ' copy' : ` copy ${number}`;
    const candidate = `${cut(name, clusterNameLimit - suffix.length)}${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** At most so many UTF-16 units, without half of a character at the end. */
function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}
