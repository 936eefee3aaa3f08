import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { printable } from '../dial/connect-errors.ts';

/** The account runs no command, however often it is tried. */
export class AccountLimitError extends AppError {}

/** OpenSSH's sftp server ends so, without a word, when what it reads is a command. */
const SFTP_SERVER_EXIT = 'exit code 11';

/** As bash, ksh and zsh name themselves or `exec` in what they refuse; bash translates the rest. */
const RESTRICTED = /\brbash\b|\brksh\b|\brzsh\b|\bexec: restricted\b|\brestricted: cannot\b|\blshell\b/;

/** As a ForceCommand of many sites, rssh and scponly say it. */
const FILES_ONLY = /\bsftp connections only\b|\bsftp only\b|\brestricted by rssh\b|\bscponly\b/i;

/** Why a login shell that printed `output` and ended runs no command; null: it does not say so. */
export function accountLimit(node: string, output: string, exit: string | undefined): AccountLimitError | null {
  const detail = printable(output).slice(-2000);
  if (FILES_ONLY.test(output) || (output.trim() === '' && exit === SFTP_SERVER_EXIT)) {
    return new AccountLimitError(
      'command-failed',
      message`${{ node }} did not run a command: your account there only transfers files.`,
      { hint: 'An account for file transfer only runs no apps. Ask the administrators for one with a shell.', detail },
    );
  }
  if (!RESTRICTED.test(output)) return null;
  return new AccountLimitError(
    'command-failed',
    message`${{ node }} did not run a command: the login shell of your account is restricted.`,
    {
      hint: 'It may start no /bin/sh, which apps and commands need. Ask the administrators for another shell.',
      detail,
    },
  );
}
