/** What one check found, and what to do about it. */
export interface Finding {
  /** The computer, or the name of a cluster. */
  subject: string;
  check: string;
  result: 'ok' | 'warning' | 'failed' | 'unchecked';
  text: string;
  /** Empty: nothing is to be done. */
  hint: string;
}

export type AddFinding = (check: string, result: Finding['result'], text: string, hint?: string) => Finding;

/** Makes findings about one subject. */
export const findingsAbout =
  (subject: string): AddFinding =>
  (check, result, text, hint = '') => ({ subject, check, result, text, hint });
