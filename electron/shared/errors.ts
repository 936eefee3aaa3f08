import { z } from 'zod';

/** Every kind of failure a user can meet. A new code needs a reason: callers branch on these. */
export const errorCodes = [
  'cancelled',
  'bad-input',
  'not-found',
  'conflict',
  'timeout',
  'internal',
  'engine-down',
  'storage',
  'keychain',
  // connections
  'host-unknown',
  'connection-refused',
  'connection-lost',
  'not-ssh',
  'host-key-changed',
  'host-key-refused',
  'host-key-revoked',
  'known-hosts-unreadable',
  'key-unreadable',
  'auth-failed',
  'auth-unsupported',
  'sign-in-needed',
  'forwarding-denied',
  'channel-refused',
  // the cluster
  'command-failed',
  'command-missing',
  'no-space',
  'read-only',
  'not-permitted',
  // launchers and instances
  'queue-unknown',
  'account-invalid',
  'limit-exceeded',
  'submit-failed',
  'job-failed',
  'not-ready',
  'path-too-long',
  'no-route',
  'job-held',
  'image-missing',
  'runtime-failed',
  'site-invalid',
  // recipes
  'recipe-invalid',
  'template-invalid',
] as const;

export const errorCodeSchema = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** What crosses a process boundary. `detail` holds evidence (a command's own words), never a secret. */
export const serializedErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string().optional(),
  detail: z.string().optional(),
});
export type SerializedError = z.infer<typeof serializedErrorSchema>;

export interface AppErrorOptions {
  /** One thing the user can do. */
  hint?: string;
  /** Evidence, as received, secrets removed. */
  detail?: string;
  cause?: unknown;
}

/** The one error type of the project. `message` says what failed, on what and why, in one sentence. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
  }

  /** Any thrown value as an AppError; an abort becomes `cancelled`, the unknown becomes `internal`. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (error instanceof Error && error.name === 'AbortError') {
      return new AppError('cancelled', 'Cancelled.', { cause: error });
    }
    return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
  }

  static revive(error: SerializedError): AppError {
    return new AppError(error.code, error.message, { hint: error.hint, detail: error.detail });
  }

  serialize(): SerializedError {
    return { code: this.code, message: this.message, hint: this.hint, detail: this.detail };
  }
}

/** Throws `cancelled` when the signal has fired, with the signal's own reason when that is an AppError. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'Cancelled.');
}
