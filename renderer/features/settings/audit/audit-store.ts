import { create } from 'zustand';
import type { AuditFilter } from '../../../../electron/shared/audit.ts';

export const periods = ['today', 'week', 'month', 'all'] as const;
export type Period = (typeof periods)[number];

/** What of the audit log is shown. */
export interface AuditView {
  /** `owner`, `unknown`, the id of a token after `token:`, or empty for all. */
  client: string;
  /** Empty: all. */
  clusterId: string;
  onlyFailed: boolean;
  period: Period;
}

export const wholeLog: AuditView = { client: '', clusterId: '', onlyFailed: false, period: 'all' };

/** Kept while the window is open, so that a look at another page does not undo the choice. */
export const useAuditView = create<{ view: AuditView }>(() => ({ view: wholeLog }));

const tokenPrefix = 'token:';
export const clientOfToken = (id: string): string => tokenPrefix + id;

export const changeAuditView = (changes: Partial<AuditView>): void =>
  useAuditView.setState(({ view }) => ({ view: { ...view, ...changes } }));

const DAY = 24 * 60 * 60_000;

/** Days before today that a period reaches back; null: to the beginning. */
const reach: Readonly<Record<Period, number | null>> = { today: 0, week: 6, month: 29, all: null };

/** The choice as the engine is asked for it; days begin at midnight here. */
export function filterOf({ client, clusterId, onlyFailed, period }: AuditView, now: number): AuditFilter {
  const days = reach[period];
  return {
    failed: onlyFailed,
    ...(client.startsWith(tokenPrefix) && { tokenId: client.slice(tokenPrefix.length) }),
    ...((client === 'owner' || client === 'unknown') && { client }),
    ...(clusterId !== '' && { clusterId }),
    ...(days !== null && { from: new Date(new Date(now).setHours(12, 0, 0, 0) - days * DAY).setHours(0, 0, 0, 0) }),
  };
}
