import type { ReactNode } from 'react';

/** A text with what was found in it marked; each match has the same size. */
export function markMatches(text: string, matches: readonly number[], size: number, current: number): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  matches.forEach((at, index) => {
    parts.push(text.slice(from, at));
    parts.push(
      <mark key={at} data-current={index === current || undefined}>
        {text.slice(at, at + size)}
      </mark>,
    );
    from = at + size;
  });
  parts.push(text.slice(from));
  return parts;
}
