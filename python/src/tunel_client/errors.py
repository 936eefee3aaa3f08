"""A class for each code of a failure."""

# Made from the contract by build/sdk/write-python.mjs.
from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Type


class TunelError(Exception):
    """Every failure of a call. There is a class for each `code`."""

    code: str = "internal"

    def __init__(
        self,
        message: str,
        *,
        hint: Optional[str] = None,
        detail: Optional[str] = None,
        values: Optional[Dict[str, Any]] = None,
        fields: Optional[List[Dict[str, Any]]] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        #: One thing that can be done about it.
        self.hint = hint
        #: What the command or server itself printed.
        self.detail = detail
        #: The values of the message, by name.
        self.values = values or {}
        #: Of an input that is not valid: each field and what is wrong with it.
        self.fields = fields or []

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint) if part)


class CancelledError(TunelError):
    code = "cancelled"


class BadInputError(TunelError):
    code = "bad-input"


class BodyInvalidError(TunelError):
    code = "body-invalid"


class BodyTooLargeError(TunelError):
    code = "body-too-large"


class NotFoundError(TunelError):
    code = "not-found"


class ConflictError(TunelError):
    code = "conflict"


class KeyReusedError(TunelError):
    code = "key-reused"


class TimeoutError(TunelError):
    code = "timeout"


class InternalError(TunelError):
    code = "internal"


class EngineDownError(TunelError):
    code = "engine-down"


class EngineStoppedError(TunelError):
    code = "engine-stopped"


class EngineRunningError(TunelError):
    code = "engine-running"


class VersionMismatchError(TunelError):
    code = "version-mismatch"


class TokenInvalidError(TunelError):
    code = "token-invalid"


class TokenExpiredError(TunelError):
    code = "token-expired"


class TokenRevokedError(TunelError):
    code = "token-revoked"


class ScopeMissingError(TunelError):
    code = "scope-missing"


class ApiDisabledError(TunelError):
    code = "api-disabled"


class ConsentNeededError(TunelError):
    code = "consent-needed"


class ConsentDeniedError(TunelError):
    code = "consent-denied"


class TokenLimitError(TunelError):
    code = "token-limit"


class TooManyOpenError(TunelError):
    code = "too-many-open"


class ClientTooSlowError(TunelError):
    code = "client-too-slow"


class ApiForbiddenError(TunelError):
    code = "api-forbidden"


class StorageError(TunelError):
    code = "storage"


class StorageFullError(TunelError):
    code = "storage-full"


class StorageQuotaError(TunelError):
    code = "storage-quota"


class StorageReadOnlyError(TunelError):
    code = "storage-read-only"


class StorageDeniedError(TunelError):
    code = "storage-denied"


class StorageRemovedError(TunelError):
    code = "storage-removed"


class KeychainError(TunelError):
    code = "keychain"


class FileChangedError(TunelError):
    code = "file-changed"


class RangeInvalidError(TunelError):
    code = "range-invalid"


class HostUnknownError(TunelError):
    code = "host-unknown"


class ConnectionRefusedError(TunelError):
    code = "connection-refused"


class ConnectionLostError(TunelError):
    code = "connection-lost"


class NotSshError(TunelError):
    code = "not-ssh"


class HostKeyChangedError(TunelError):
    code = "host-key-changed"


class HostKeyRefusedError(TunelError):
    code = "host-key-refused"


class HostKeyRevokedError(TunelError):
    code = "host-key-revoked"


class KnownHostsUnreadableError(TunelError):
    code = "known-hosts-unreadable"


class KeyUnreadableError(TunelError):
    code = "key-unreadable"


class AuthFailedError(TunelError):
    code = "auth-failed"


class AuthUnsupportedError(TunelError):
    code = "auth-unsupported"


class PasswordExpiredError(TunelError):
    code = "password-expired"


class SignInNeededError(TunelError):
    code = "sign-in-needed"


class ForwardingDeniedError(TunelError):
    code = "forwarding-denied"


class ChannelRefusedError(TunelError):
    code = "channel-refused"


class CommandFailedError(TunelError):
    code = "command-failed"


class CommandMissingError(TunelError):
    code = "command-missing"


class NoSpaceError(TunelError):
    code = "no-space"


class ReadOnlyError(TunelError):
    code = "read-only"


class NotPermittedError(TunelError):
    code = "not-permitted"


class QueueUnknownError(TunelError):
    code = "queue-unknown"


class AccountInvalidError(TunelError):
    code = "account-invalid"


class LimitExceededError(TunelError):
    code = "limit-exceeded"


class SubmitFailedError(TunelError):
    code = "submit-failed"


class JobFailedError(TunelError):
    code = "job-failed"


class NotReadyError(TunelError):
    code = "not-ready"


class PathTooLongError(TunelError):
    code = "path-too-long"


class NoRouteError(TunelError):
    code = "no-route"


class JobHeldError(TunelError):
    code = "job-held"


class StateUnknownError(TunelError):
    code = "state-unknown"


class ImageMissingError(TunelError):
    code = "image-missing"


class RuntimeFailedError(TunelError):
    code = "runtime-failed"


class SiteInvalidError(TunelError):
    code = "site-invalid"


class RecipeInvalidError(TunelError):
    code = "recipe-invalid"


class TemplateInvalidError(TunelError):
    code = "template-invalid"


_classes: Dict[str, Type[TunelError]] = {
    "cancelled": CancelledError,
    "bad-input": BadInputError,
    "body-invalid": BodyInvalidError,
    "body-too-large": BodyTooLargeError,
    "not-found": NotFoundError,
    "conflict": ConflictError,
    "key-reused": KeyReusedError,
    "timeout": TimeoutError,
    "internal": InternalError,
    "engine-down": EngineDownError,
    "engine-stopped": EngineStoppedError,
    "engine-running": EngineRunningError,
    "version-mismatch": VersionMismatchError,
    "token-invalid": TokenInvalidError,
    "token-expired": TokenExpiredError,
    "token-revoked": TokenRevokedError,
    "scope-missing": ScopeMissingError,
    "api-disabled": ApiDisabledError,
    "consent-needed": ConsentNeededError,
    "consent-denied": ConsentDeniedError,
    "token-limit": TokenLimitError,
    "too-many-open": TooManyOpenError,
    "client-too-slow": ClientTooSlowError,
    "api-forbidden": ApiForbiddenError,
    "storage": StorageError,
    "storage-full": StorageFullError,
    "storage-quota": StorageQuotaError,
    "storage-read-only": StorageReadOnlyError,
    "storage-denied": StorageDeniedError,
    "storage-removed": StorageRemovedError,
    "keychain": KeychainError,
    "file-changed": FileChangedError,
    "range-invalid": RangeInvalidError,
    "host-unknown": HostUnknownError,
    "connection-refused": ConnectionRefusedError,
    "connection-lost": ConnectionLostError,
    "not-ssh": NotSshError,
    "host-key-changed": HostKeyChangedError,
    "host-key-refused": HostKeyRefusedError,
    "host-key-revoked": HostKeyRevokedError,
    "known-hosts-unreadable": KnownHostsUnreadableError,
    "key-unreadable": KeyUnreadableError,
    "auth-failed": AuthFailedError,
    "auth-unsupported": AuthUnsupportedError,
    "password-expired": PasswordExpiredError,
    "sign-in-needed": SignInNeededError,
    "forwarding-denied": ForwardingDeniedError,
    "channel-refused": ChannelRefusedError,
    "command-failed": CommandFailedError,
    "command-missing": CommandMissingError,
    "no-space": NoSpaceError,
    "read-only": ReadOnlyError,
    "not-permitted": NotPermittedError,
    "queue-unknown": QueueUnknownError,
    "account-invalid": AccountInvalidError,
    "limit-exceeded": LimitExceededError,
    "submit-failed": SubmitFailedError,
    "job-failed": JobFailedError,
    "not-ready": NotReadyError,
    "path-too-long": PathTooLongError,
    "no-route": NoRouteError,
    "job-held": JobHeldError,
    "state-unknown": StateUnknownError,
    "image-missing": ImageMissingError,
    "runtime-failed": RuntimeFailedError,
    "site-invalid": SiteInvalidError,
    "recipe-invalid": RecipeInvalidError,
    "template-invalid": TemplateInvalidError,
}


def error_of(data: Mapping[str, Any]) -> TunelError:
    """The error that the engine sent as data."""
    kind = _classes.get(str(data.get("code")), InternalError)
    return kind(
        str(data.get("message", "Failed.")),
        hint=data.get("hint"),
        detail=data.get("detail"),
        values=data.get("values"),
        fields=data.get("errors"),
    )
