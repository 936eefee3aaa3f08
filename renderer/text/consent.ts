import type { Consent } from '../../electron/shared/consents.ts';
import type { TokenScope } from '../../electron/shared/tokens.ts';
import type { Announcement } from './announcement-policy.ts';

/** What a program wants to do, after its name and `wants to`, before the cluster. */
const wishes: Readonly<Record<TokenScope, { text: string; preposition: string }>> = {
  read: { text: 'look at apps, jobs and logs', preposition: 'of' },
  files: { text: 'copy and change files', preposition: 'on' },
  launch: { text: 'start and stop apps', preposition: 'on' },
  jobs: { text: 'submit batch jobs', preposition: 'on' },
  shell: { text: 'run commands as you', preposition: 'on' },
};

const DETAIL_LIMIT = 200;

/** `wants to submit batch jobs on slurm24 for the first time.` */
export function describeWish({ kind, scope, clusterName }: Consent): string {
  const { text, preposition } = wishes[scope];
  const where = clusterName === '' ? '' : ` ${preposition} ${clusterName}`;
  return kind === 'scope' ? `wants to ${text}${where} for the first time.` : `wants to ${text}${where}.`;
}

/** The call itself, as the program made it; what it contains is the program's own text. */
export function describeCall({ call, detail }: Pick<Consent, 'call' | 'detail'>): string {
  const text = `${call} ${detail}`.replace(/\p{Cc}+/gu, ' ').trim();
  return text.length > DETAIL_LIMIT ? `${text.slice(0, DETAIL_LIMIT - 1)}…` : text;
}

/** What a screen reader says when the question comes. */
export const consentAnnouncement = (consent: Consent): Announcement => ({
  text: `${consent.tokenName} ${describeWish(consent)} Deny or allow it in the message on this page.`,
  urgent: true,
});

/** `1 min 40 s` until the call is refused by itself. */
export function formatTimeLeft(expiresAt: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
