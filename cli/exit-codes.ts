import type { AppError, ErrorCode } from '../electron/shared/errors.ts';
import { UsageError } from './usage-error.ts';

interface ExitCode {
  /** null: the numbers that signals give. */
  readonly code: number | null;
  /** For the documentation and the manual pages. */
  readonly meaning: string;
  readonly errors?: readonly ErrorCode[];
}

/** What every command exits with; docs/cli.md has the same table. */
export const exitCodes: readonly ExitCode[] = [
  { code: 0, meaning: 'it is done; for commands that pass on the end of another program: that ended with 0' },
  {
    code: 1,
    meaning: 'it failed; `--json` and the message say why; `doctor`, `lint` and `api-get`: something was found wrong',
  },
  { code: 2, meaning: 'the command line is wrong; nothing was done' },
  {
    code: 3,
    meaning: 'a person is needed: a sign-in, a changed host key, or an answer that nobody gave',
    errors: [
      'sign-in-needed',
      'auth-failed',
      'auth-unsupported',
      'password-expired',
      'host-key-changed',
      'host-key-refused',
      'host-key-revoked',
      'consent-needed',
    ],
  },
  {
    code: 4,
    meaning: 'the cluster cannot be reached now; the same command may work later',
    errors: ['host-unknown', 'connection-refused', 'connection-lost', 'not-ssh', 'timeout'],
  },
  { code: 255, meaning: '`exec`, `shell`, `run-singularity`, `run-docker`: Tunel itself failed, as with ssh' },
  {
    code: null,
    meaning:
      'it ended by signal N: 130 by Ctrl-C, also where the command goes on until then, 143 by SIGTERM, 141 where the reader of its output had gone',
  },
];

/** What a shell's own commands exit with when they are called wrongly. */
export const USAGE_FAILURE = 2;

/** What a failure of a command's work exits with. */
export function exitCodeOfError(error: AppError): number {
  if (error instanceof UsageError) return USAGE_FAILURE;
  return exitCodes.find(({ errors }) => errors?.includes(error.code))?.code ?? 1;
}
