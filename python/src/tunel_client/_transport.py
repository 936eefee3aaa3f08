"""HTTP/1.1 over the engine's socket."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Optional

from . import _scope
from ._engine import Endpoint
from .errors import CancelledError, EngineDownError, InternalError, TunelError, error_of


class NotSent(Exception):
    """Nobody listens there: nothing of the call has left this process, and it can be made elsewhere."""


def engine_ended(cause: object = None) -> EngineDownError:
    return EngineDownError(
        "The engine ended before it answered.",
        hint="Running apps and jobs are not touched. Try again.",
        detail=str(cause) if cause else None,
    )


@contextmanager
def open_socket(path: str) -> Iterator[socket.socket]:
    """A connection to the engine, which a call that is given up closes. Raises NotSent where nobody listens."""
    if not hasattr(socket, "AF_UNIX"):
        raise InternalError("Python has no Unix sockets on this system.", hint="Use the SDK for TypeScript here.")
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    scope = _scope.current.get()
    try:
        try:
            opened.connect(path)
        except (FileNotFoundError, ConnectionRefusedError, PermissionError) as error:
            raise NotSent(str(error)) from error
        if scope:
            scope.add(opened)
        yield opened
    finally:
        if scope:
            scope.discard(opened)
        opened.close()


class HttpConnection(http.client.HTTPConnection):
    """One whose socket is connected already."""

    def __init__(self, opened: socket.socket) -> None:
        super().__init__("tunel")
        self.sock = opened
        self.auto_open = 0


def headers_of(endpoint: Endpoint) -> Dict[str, str]:
    return {"Host": "tunel", "Authorization": f"Bearer {endpoint.token}"}


def request(endpoint: Endpoint, name: str, body: Optional[Mapping[str, Any]]) -> Any:
    """Makes one request of the API. Raises NotSent or a TunelError."""
    with open_socket(endpoint.socket) as opened:
        connection = HttpConnection(opened)
        headers = {**headers_of(endpoint), "Connection": "close"}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            connection.request("POST", f"/v1/{name.replace('.', '/')}", body=data, headers=headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8")
        except (http.client.HTTPException, OSError) as error:
            _scope.check()
            raise engine_ended(error) from error
    if response.status not in (200, 204):
        raise problem(text)
    return json.loads(text) if text else None


def problem(text: str) -> TunelError:
    """The error of an answer that is a problem document; `internal` for any other text."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if isinstance(document, dict) and "code" in document and "message" in document:
        return error_of(document)
    return InternalError("The engine gave an answer that is none of its own.", detail=text[:500])


__all__ = ["CancelledError", "HttpConnection", "NotSent", "engine_ended", "headers_of", "open_socket", "problem", "request"]
