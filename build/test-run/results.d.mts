export interface Failure {
  name: string;
  error: string[];
}
export interface Counts {
  passed: number;
  failed: Failure[];
  skipped: string[];
}
export function failure(name: string, errors?: readonly string[]): Failure;
export function countVitest(report: unknown): Counts;
export function countPlaywright(report: unknown): Counts;
export function slowestOfVitest(report: unknown): [string, number][];
export function slowestOfPlaywright(report: unknown): [string, number][];
export function judge(counts: Counts, end: { code: number; timedOut: boolean }): Counts;
