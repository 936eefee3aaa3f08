import { structuredPatch } from 'diff';

export interface DifferenceLine {
  kind: 'hunk' | 'same' | 'added' | 'removed';
  text: string;
}

/** More lines are only counted. */
const MOST_LINES = 1500;
/** Texts that differ more take too long to compare. */
const MOST_EDITS = 1500;

/** The lines in which two texts differ, with those around them; null: they differ in too much. */
export function textDifference(before: string, after: string): { lines: DifferenceLine[]; left: number } | null {
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: MOST_EDITS });
  if (!patch) return null;
  const lines = patch.hunks.flatMap(({ oldStart, newStart, lines: changed }): DifferenceLine[] => [
    { kind: 'hunk', text: `Line ${oldStart} there, line ${newStart} here` },
    ...changed.map((line): DifferenceLine => {
      const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
      return { kind, text: line };
    }),
  ]);
  return { lines: lines.slice(0, MOST_LINES), left: Math.max(0, lines.length - MOST_LINES) };
}
