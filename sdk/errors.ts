import type { ErrorCode, FieldError } from './types.ts';

interface TunelErrorOptions {
  hint?: string;
  detail?: string;
  values?: Readonly<Record<string, unknown>>;
  fields?: readonly FieldError[];
  cause?: unknown;
}

/** Every failure of a call. There is a class for each `code`. */
export class TunelError extends Error {
  override readonly name: string = 'TunelError';
  readonly code: ErrorCode;
  /** One thing that can be done about it. */
  readonly hint: string | undefined;
  /** What the command or server itself printed. */
  readonly detail: string | undefined;
  /** The values of the message, by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of an input that is not valid: each field and what is wrong with it. */
  readonly fields: readonly FieldError[];

  constructor(code: ErrorCode, message: string, options: TunelErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
    this.values = options.values ?? {};
    this.fields = options.fields ?? [];
  }
}

export class CancelledError extends TunelError {
  override readonly name = 'CancelledError';
}
export class BadInputError extends TunelError {
  override readonly name = 'BadInputError';
}
export class NotFoundError extends TunelError {
  override readonly name = 'NotFoundError';
}
export class ConflictError extends TunelError {
  override readonly name = 'ConflictError';
}
export class KeyReusedError extends TunelError {
  override readonly name = 'KeyReusedError';
}
export class TimeoutError extends TunelError {
  override readonly name = 'TimeoutError';
}
export class InternalError extends TunelError {
  override readonly name = 'InternalError';
}
export class EngineDownError extends TunelError {
  override readonly name = 'EngineDownError';
}
export class EngineStoppedError extends TunelError {
  override readonly name = 'EngineStoppedError';
}
export class EngineRunningError extends TunelError {
  override readonly name = 'EngineRunningError';
}
export class VersionMismatchError extends TunelError {
  override readonly name = 'VersionMismatchError';
}
export class TokenInvalidError extends TunelError {
  override readonly name = 'TokenInvalidError';
}
export class TokenExpiredError extends TunelError {
  override readonly name = 'TokenExpiredError';
}
export class TokenRevokedError extends TunelError {
  override readonly name = 'TokenRevokedError';
}
export class ScopeMissingError extends TunelError {
  override readonly name = 'ScopeMissingError';
}
export class ApiDisabledError extends TunelError {
  override readonly name = 'ApiDisabledError';
}
export class StorageError extends TunelError {
  override readonly name = 'StorageError';
}
export class StorageFullError extends TunelError {
  override readonly name = 'StorageFullError';
}
export class StorageQuotaError extends TunelError {
  override readonly name = 'StorageQuotaError';
}
export class StorageReadOnlyError extends TunelError {
  override readonly name = 'StorageReadOnlyError';
}
export class StorageDeniedError extends TunelError {
  override readonly name = 'StorageDeniedError';
}
export class StorageRemovedError extends TunelError {
  override readonly name = 'StorageRemovedError';
}
export class KeychainError extends TunelError {
  override readonly name = 'KeychainError';
}
export class HostUnknownError extends TunelError {
  override readonly name = 'HostUnknownError';
}
export class ConnectionRefusedError extends TunelError {
  override readonly name = 'ConnectionRefusedError';
}
export class ConnectionLostError extends TunelError {
  override readonly name = 'ConnectionLostError';
}
export class NotSshError extends TunelError {
  override readonly name = 'NotSshError';
}
export class HostKeyChangedError extends TunelError {
  override readonly name = 'HostKeyChangedError';
}
export class HostKeyRefusedError extends TunelError {
  override readonly name = 'HostKeyRefusedError';
}
export class HostKeyRevokedError extends TunelError {
  override readonly name = 'HostKeyRevokedError';
}
export class KnownHostsUnreadableError extends TunelError {
  override readonly name = 'KnownHostsUnreadableError';
}
export class KeyUnreadableError extends TunelError {
  override readonly name = 'KeyUnreadableError';
}
export class AuthFailedError extends TunelError {
  override readonly name = 'AuthFailedError';
}
export class AuthUnsupportedError extends TunelError {
  override readonly name = 'AuthUnsupportedError';
}
export class PasswordExpiredError extends TunelError {
  override readonly name = 'PasswordExpiredError';
}
export class SignInNeededError extends TunelError {
  override readonly name = 'SignInNeededError';
}
export class ForwardingDeniedError extends TunelError {
  override readonly name = 'ForwardingDeniedError';
}
export class ChannelRefusedError extends TunelError {
  override readonly name = 'ChannelRefusedError';
}
export class CommandFailedError extends TunelError {
  override readonly name = 'CommandFailedError';
}
export class CommandMissingError extends TunelError {
  override readonly name = 'CommandMissingError';
}
export class NoSpaceError extends TunelError {
  override readonly name = 'NoSpaceError';
}
export class ReadOnlyError extends TunelError {
  override readonly name = 'ReadOnlyError';
}
export class NotPermittedError extends TunelError {
  override readonly name = 'NotPermittedError';
}
export class QueueUnknownError extends TunelError {
  override readonly name = 'QueueUnknownError';
}
export class AccountInvalidError extends TunelError {
  override readonly name = 'AccountInvalidError';
}
export class LimitExceededError extends TunelError {
  override readonly name = 'LimitExceededError';
}
export class SubmitFailedError extends TunelError {
  override readonly name = 'SubmitFailedError';
}
export class JobFailedError extends TunelError {
  override readonly name = 'JobFailedError';
}
export class NotReadyError extends TunelError {
  override readonly name = 'NotReadyError';
}
export class PathTooLongError extends TunelError {
  override readonly name = 'PathTooLongError';
}
export class NoRouteError extends TunelError {
  override readonly name = 'NoRouteError';
}
export class JobHeldError extends TunelError {
  override readonly name = 'JobHeldError';
}
export class StateUnknownError extends TunelError {
  override readonly name = 'StateUnknownError';
}
export class ImageMissingError extends TunelError {
  override readonly name = 'ImageMissingError';
}
export class RuntimeFailedError extends TunelError {
  override readonly name = 'RuntimeFailedError';
}
export class SiteInvalidError extends TunelError {
  override readonly name = 'SiteInvalidError';
}
export class RecipeInvalidError extends TunelError {
  override readonly name = 'RecipeInvalidError';
}
export class TemplateInvalidError extends TunelError {
  override readonly name = 'TemplateInvalidError';
}
export class ConsentNeededError extends TunelError {
  override readonly name = 'ConsentNeededError';
}
export class ConsentDeniedError extends TunelError {
  override readonly name = 'ConsentDeniedError';
}
export class TokenLimitError extends TunelError {
  override readonly name = 'TokenLimitError';
}
export class TooManyOpenError extends TunelError {
  override readonly name = 'TooManyOpenError';
}
export class ClientTooSlowError extends TunelError {
  override readonly name = 'ClientTooSlowError';
}
export class ApiForbiddenError extends TunelError {
  override readonly name = 'ApiForbiddenError';
}
export class BodyInvalidError extends TunelError {
  override readonly name = 'BodyInvalidError';
}
export class BodyTooLargeError extends TunelError {
  override readonly name = 'BodyTooLargeError';
}
export class FileChangedError extends TunelError {
  override readonly name = 'FileChangedError';
}
export class RangeInvalidError extends TunelError {
  override readonly name = 'RangeInvalidError';
}
