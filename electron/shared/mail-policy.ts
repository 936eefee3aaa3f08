import type { LauncherName } from './kinds.ts';

export type MailEvent = 'begin' | 'end' | 'fail';

/** The scheduler's own words; LSF has options without a value instead. */
const words: Readonly<Partial<Record<LauncherName, Readonly<Record<MailEvent, string>>>>> = {
  slurm: { begin: 'BEGIN', end: 'END', fail: 'FAIL' },
  pbs: { begin: 'b', end: 'e', fail: 'a' },
  gridengine: { begin: 'b', end: 'e', fail: 'a' },
};

const events: readonly MailEvent[] = ['begin', 'end', 'fail'];

/** When mail can be asked for; empty: not by a choice of this kind. */
export const mailEvents = (launcher: LauncherName): readonly MailEvent[] => (words[launcher] ? events : []);

/** null: it says something else, such as a share of the time. */
export function readMailEvents(text: string, launcher: LauncherName): MailEvent[] | null {
  const own = words[launcher];
  if (!own) return null;
  if (text === '' || /^(n|none)$/i.test(text)) return [];
  if (launcher === 'slurm' && text.toUpperCase() === 'ALL') return [...events];
  const parts = launcher === 'slurm' ? text.split(',') : [...text];
  const known = parts.map((part) => events.find((event) => own[event].toLowerCase() === part.trim().toLowerCase()));
  return known.every((event) => event !== undefined) ? [...new Set(known)] : null;
}

export function writeMailEvents(chosen: readonly MailEvent[], launcher: LauncherName): string {
  const own = words[launcher];
  if (!own) return '';
  return events
    .filter((event) => chosen.includes(event))
    .map((event) => own[event])
    .join(launcher === 'slurm' ? ',' : '');
}

export const mailTexts: Readonly<Record<MailEvent, string>> = {
  begin: 'It begins',
  end: 'It ends',
  fail: 'It fails',
};
