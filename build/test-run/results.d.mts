export interface Counts {
  passed: number;
  failed: string[];
  skipped: string[];
}
export function countVitest(report: unknown): Counts;
export function countPlaywright(report: unknown): Counts;
export function judge(counts: Counts, end: { code: number; timedOut: boolean }): Counts;
