import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { printable } from '../dial/connect-errors.ts';

/** What sshd and PAM write instead of running a command, before the password was changed. */
const expired = /password has expired|password change required|required to change your password/i;

/** The error of a command that was not run because the account's password has expired; null: that is not why. */
export function passwordExpiredError(node: string, said: string): AppError | null {
  if (!expired.test(said)) return null;
  return new AppError('password-expired', message`Your password on ${{ node }} has expired.`, {
    hint: 'Change it in a terminal of this cluster, or with: tunel shell CLUSTER. Tunel connects again afterwards.',
    action: { kind: 'open-terminal' },
    detail: printable(said).slice(-2000),
  });
}
