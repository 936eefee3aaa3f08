import { AppError, type SerializedError } from '../electron/shared/errors.ts';
import * as errors from './errors.ts';
import type { ErrorCode } from './types.ts';

const classes: Partial<Record<ErrorCode, typeof errors.TunelError>> = {
  cancelled: errors.CancelledError,
  'bad-input': errors.BadInputError,
  'not-found': errors.NotFoundError,
  conflict: errors.ConflictError,
  'key-reused': errors.KeyReusedError,
  timeout: errors.TimeoutError,
  internal: errors.InternalError,
  'engine-down': errors.EngineDownError,
  'engine-stopped': errors.EngineStoppedError,
  'engine-running': errors.EngineRunningError,
  'version-mismatch': errors.VersionMismatchError,
  'token-invalid': errors.TokenInvalidError,
  'token-expired': errors.TokenExpiredError,
  'token-revoked': errors.TokenRevokedError,
  'scope-missing': errors.ScopeMissingError,
  'api-disabled': errors.ApiDisabledError,
  storage: errors.StorageError,
  'storage-full': errors.StorageFullError,
  'storage-quota': errors.StorageQuotaError,
  'storage-read-only': errors.StorageReadOnlyError,
  'storage-denied': errors.StorageDeniedError,
  'storage-removed': errors.StorageRemovedError,
  keychain: errors.KeychainError,
  'host-unknown': errors.HostUnknownError,
  'connection-refused': errors.ConnectionRefusedError,
  'connection-lost': errors.ConnectionLostError,
  'not-ssh': errors.NotSshError,
  'host-key-changed': errors.HostKeyChangedError,
  'host-key-refused': errors.HostKeyRefusedError,
  'host-key-revoked': errors.HostKeyRevokedError,
  'known-hosts-unreadable': errors.KnownHostsUnreadableError,
  'key-unreadable': errors.KeyUnreadableError,
  'auth-failed': errors.AuthFailedError,
  'auth-unsupported': errors.AuthUnsupportedError,
  'password-expired': errors.PasswordExpiredError,
  'sign-in-needed': errors.SignInNeededError,
  'forwarding-denied': errors.ForwardingDeniedError,
  'channel-refused': errors.ChannelRefusedError,
  'command-failed': errors.CommandFailedError,
  'command-missing': errors.CommandMissingError,
  'no-space': errors.NoSpaceError,
  'read-only': errors.ReadOnlyError,
  'not-permitted': errors.NotPermittedError,
  'queue-unknown': errors.QueueUnknownError,
  'account-invalid': errors.AccountInvalidError,
  'limit-exceeded': errors.LimitExceededError,
  'submit-failed': errors.SubmitFailedError,
  'job-failed': errors.JobFailedError,
  'not-ready': errors.NotReadyError,
  'path-too-long': errors.PathTooLongError,
  'no-route': errors.NoRouteError,
  'job-held': errors.JobHeldError,
  'state-unknown': errors.StateUnknownError,
  'image-missing': errors.ImageMissingError,
  'runtime-failed': errors.RuntimeFailedError,
  'site-invalid': errors.SiteInvalidError,
  'recipe-invalid': errors.RecipeInvalidError,
  'template-invalid': errors.TemplateInvalidError,
  'consent-needed': errors.ConsentNeededError,
  'consent-denied': errors.ConsentDeniedError,
  'token-limit': errors.TokenLimitError,
  'too-many-open': errors.TooManyOpenError,
  'client-too-slow': errors.ClientTooSlowError,
  'api-forbidden': errors.ApiForbiddenError,
  'body-invalid': errors.BodyInvalidError,
  'body-too-large': errors.BodyTooLargeError,
  'file-changed': errors.FileChangedError,
  'range-invalid': errors.RangeInvalidError,
};

/** Any thrown value as the error of its code; the unknown becomes `internal`. */
export function asTunelError(thrown: unknown): errors.TunelError {
  if (thrown instanceof errors.TunelError) return thrown;
  const { code, message, hint, detail, values, errors: fields } = AppError.from(thrown);
  return new (classes[code] ?? errors.TunelError)(code, message, { hint, detail, values, fields, cause: thrown });
}

/** The error that the engine sent as data. */
export const reviveError = (error: SerializedError): errors.TunelError => asTunelError(AppError.revive(error));
