import type { Message, MessageValues } from './messages.ts';

/** Every kind of failure a user can meet. A new code needs a reason: callers branch on these. */
export const errorCodes = [
  'cancelled',
  'bad-input',
  /** The body of a request is no JSON. */
  'body-invalid',
  'body-too-large',
  'not-found',
  'conflict',
  /** An idempotency key was used with another input before. */
  'key-reused',
  'timeout',
  'internal',
  'engine-down',
  'engine-stopped',
  'engine-running',
  'version-mismatch',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'scope-missing',
  'api-disabled',
  /** Nobody has answered whether a program may make its call. */
  'consent-needed',
  'consent-denied',
  /** What a token may use of jobs, CPUs, GPUs, hours or bytes is used up or too little. */
  'token-limit',
  /** A client has too many subscriptions or streams open. */
  'too-many-open',
  /** A client does not read what it asked for. */
  'client-too-slow',
  /** The site does not allow programs with a token. */
  'api-forbidden',
  'storage',
  'storage-full',
  'storage-quota',
  'storage-read-only',
  'storage-denied',
  'storage-removed',
  'keychain',
  /** A file is another one than the caller expects. */
  'file-changed',
  /** A part of a file was asked for that it does not have. */
  'range-invalid',
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
  'password-expired',
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
  /** The scheduler gives no answer that can be read; it goes away by itself. */
  'state-unknown',
  'image-missing',
  'runtime-failed',
  'site-invalid',
  // recipes
  'recipe-invalid',
  'template-invalid',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One thing that the user can do about an error, for a client to offer as a button. */
export type ErrorAction =
  | { kind: 'copy-command'; text: string }
  /** A terminal on the cluster that the error is about. */
  | { kind: 'open-terminal' };

/** What is wrong with one field of an input. */
export interface FieldError {
  /** Its path, e.g. `cluster.host`. */
  field: string;
  /** The kind of problem, e.g. `too_small`. */
  code: string;
  message: string;
}

/** What crosses a process boundary and is kept in the history; what was added later is optional there. */
export interface SerializedError {
  code: ErrorCode;
  message: string;
  hint?: string;
  /** The native message: what the command or server itself printed. Never a secret. */
  detail?: string;
  /** The sentence of `message` without its values, by which a catalogue finds the translation. */
  messageId?: string;
  hintId?: string;
  /** The values of `message` by their names, for code to read. */
  values?: MessageValues;
  hintValues?: MessageValues;
  action?: ErrorAction;
  /** Of an input that is not valid: each field and what is wrong with it. */
  errors?: FieldError[];
}

interface AppErrorOptions {
  /** One thing the user can do. */
  hint?: string | Message;
  /** The native message: what the command or server itself printed, secrets removed. */
  detail?: string;
  action?: ErrorAction;
  errors?: readonly FieldError[];
  cause?: unknown;
}

/** The one error type of the project. `message` says what failed, on what and why, in one sentence. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;
  readonly action: ErrorAction | undefined;
  /** Each field of an input that is not valid; empty for every other error. */
  readonly errors: FieldError[];
  readonly values: MessageValues;
  readonly #message: string | Message;
  readonly #hint: string | Message | undefined;

  constructor(code: ErrorCode, message: string | Message, options: AppErrorOptions = {}) {
    super(typeof message === 'string' ? message : message.text, { cause: options.cause });
    this.code = code;
    this.hint = typeof options.hint === 'object' ? options.hint.text : options.hint;
    this.detail = options.detail;
    this.action = options.action;
    this.errors = [...(options.errors ?? [])];
    this.values = typeof message === 'string' ? {} : message.values;
    this.#message = message;
    this.#hint = options.hint;
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
    return new AppError(error.code, reviveText(error.message, error.messageId, error.values), {
      hint: error.hint === undefined ? undefined : reviveText(error.hint, error.hintId, error.hintValues),
      detail: error.detail,
      action: error.action,
      errors: error.errors,
    });
  }

  /** This error with other options; its sentence and the options that are not given stay. */
  with(options: AppErrorOptions): AppError {
    return new AppError(this.code, this.#message, {
      hint: this.#hint,
      detail: this.detail,
      action: this.action,
      errors: this.errors,
      cause: this.cause,
      ...options,
    });
  }

  serialize(): SerializedError {
    const message = typeof this.#message === 'object' ? this.#message : null;
    const hint = typeof this.#hint === 'object' ? this.#hint : null;
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      detail: this.detail,
      ...(message && { messageId: message.id, values: message.values }),
      ...(hint && { hintId: hint.id, hintValues: hint.values }),
      ...(this.action && { action: this.action }),
      ...(this.errors.length > 0 && { errors: this.errors }),
    };
  }
}

function reviveText(text: string, id: string | undefined, values: MessageValues | undefined): string | Message {
  return id === undefined ? text : { id, values: values ?? {}, text };
}

/** Throws `cancelled` when the signal has fired, with the signal's own reason when that is an AppError. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'Cancelled.');
}
