import { AppError } from '../electron/shared/errors.ts';
import { ui } from './ui-store.ts';

/** The user caused these, or a dialog of their own shows them. */
const shownElsewhere: ReadonlySet<string> = new Set(['cancelled', 'host-key-changed', 'host-key-revoked']);

/** Awaits work whose failure belongs to no field or card: the failure is shown as a message. Never rejects. */
export async function attempt(what: string, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const failure = AppError.from(error);
    if (!shownElsewhere.has(failure.code)) ui.toast({ tone: 'bad', title: what, error: failure });
    return false;
  }
}
