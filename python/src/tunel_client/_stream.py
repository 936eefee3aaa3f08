"""Streams of the API: bytes in both directions, with what is known at the beginning and at the end."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Optional

from . import _scope
from ._engine import Endpoint
from ._transport import engine_ended, headers_of, open_socket
from ._websocket import BINARY, TEXT, WebSocket
from .errors import error_of

_DATA = b"\0"
#: The engine takes no frame of more than 8 MiB.
_FRAME_BYTES = 1024 * 1024


class Stream:
    """One open stream."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        #: What the engine said when it opened.
        self.opened: Dict[str, Any] = {}
        #: What the engine said at its end; None before that.
        self.closed: Optional[Dict[str, Any]] = None

    def begin(self, body: Mapping[str, Any]) -> None:
        self._send({"input": dict(body)})
        message = self._text()
        if message.get("kind") != "opened":
            raise engine_ended("The stream was not opened.")
        self.opened = message.get("value") or {}

    def write(self, data: bytes) -> None:
        """Sends bytes; raises the error of the stream as soon as the engine reports one."""
        while self._socket.is_readable():
            self._receive()
        try:
            for offset in range(0, len(data), _FRAME_BYTES):
                self._socket.send(BINARY, _DATA + data[offset : offset + _FRAME_BYTES])
        except EOFError as error:
            self._raise_reason(error)

    def end(self) -> None:
        """No more bytes follow."""
        try:
            self._send({"kind": "end"})
        except EOFError as error:
            self._raise_reason(error)

    def chunks(self) -> Iterator[bytes]:
        """The bytes that come, to their end; then `closed` is known."""
        while self.closed is None:
            data = self._receive()
            if data:
                yield data

    def finish(self) -> Dict[str, Any]:
        """Reads to the end, and answers with what the engine said of it."""
        for _ in self.chunks():
            pass
        return self.closed or {}

    def _send(self, message: Mapping[str, Any]) -> None:
        self._socket.send(TEXT, json.dumps(message).encode("utf-8"))

    def _receive(self) -> bytes:
        try:
            kind, payload = self._socket.receive()
        except EOFError as error:
            _scope.check()
            raise engine_ended(error) from error
        if kind == BINARY:
            return payload[1:] if payload[:1] == _DATA else b""
        self._take(json.loads(payload))
        return b""

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["kind"] == "failed":
            raise error_of(message["error"])
        if message["kind"] == "closed":
            self.closed = message.get("value") or {}

    def _text(self) -> Dict[str, Any]:
        try:
            _, payload = self._socket.receive()
        except EOFError as error:
            _scope.check()
            raise engine_ended(error) from error
        message: Dict[str, Any] = json.loads(payload)
        self._take(message)
        return message

    def _raise_reason(self, cause: EOFError) -> None:
        """The engine may have said why it reads no more."""
        self.finish()
        raise engine_ended(cause) from cause


@contextmanager
def open_stream(endpoint: Endpoint, name: str, body: Mapping[str, Any]) -> Iterator[Stream]:
    """Opens a stream, which ends with the block. Raises NotSent or a TunelError."""
    with open_socket(endpoint.socket) as opened:
        socket = WebSocket(opened)
        try:
            socket.upgrade(f"/v1/streams/{name.replace('.', '/')}", headers_of(endpoint))
        except EOFError as error:
            _scope.check()
            raise engine_ended(error) from error
        stream = Stream(socket)
        stream.begin(body)
        yield stream
