"""What changes, as it changes, also across the end of an engine."""

from __future__ import annotations

import json
import socket
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple, TypeVar

from . import _scope
from ._connection import PASSING, Connection
from ._transport import NotSent, headers_of
from ._websocket import is_readable
from .errors import TunelError
from .types import Transition

T = TypeVar("T")

#: Between two looks where no event says that something has changed, seconds.
_LOOK_AGAIN = 2.0
_RECONNECT = 0.3
_PAGE = 500
_DRAIN_BYTES = 1024 * 1024


class Changes:
    """Waits until the engine says that something has changed; what it says is not read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._socket: Optional[socket.socket] = None

    def __enter__(self) -> "Changes":
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def wait(self) -> None:
        self._connection.check_open()
        if self._socket is None:
            _scope.pause(_RECONNECT)
            self._open()
            return
        if is_readable(self._socket, _LOOK_AGAIN) and not self._drain():
            self._close()
        _scope.check()

    def _open(self) -> None:
        endpoint = self._connection.endpoint
        if endpoint is None:
            return
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            opened.connect(endpoint.socket)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers_of(endpoint).items())
            opened.sendall(f"GET /v1/events HTTP/1.1\r\nAccept: text/event-stream\r\n{lines}\r\n".encode("ascii"))
        except OSError:
            # The next request finds or starts the next engine.
            opened.close()
            return
        opened.setblocking(False)
        scope = _scope.current.get()
        if scope:
            scope.add(opened)
        self._socket = opened

    def _drain(self) -> bool:
        """Takes what has come; False: the subscription has ended."""
        assert self._socket is not None
        try:
            while True:
                if not self._socket.recv(_DRAIN_BYTES):
                    return False
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _close(self) -> None:
        if self._socket is None:
            return
        scope = _scope.current.get()
        if scope:
            scope.discard(self._socket)
        self._socket.close()
        self._socket = None


def follow_value(
    connection: Connection,
    read: Callable[[], T],
    key: Callable[[T], object],
    is_over: Callable[[T], bool],
) -> Iterator[T]:
    """A value whenever it differs from the one before, until it is over."""
    value = read()
    seen: Tuple[object, ...] = ()
    with Changes(connection) as changes:
        while True:
            now = key(value)
            if (now,) != seen:
                seen = (now,)
                yield value
            if is_over(value):
                return
            changes.wait()
            value = read()


def follow_transitions(connection: Connection, after: Optional[int]) -> Iterator[Transition]:
    """What happens to apps, jobs and clusters, each once and in order."""
    if after is None:
        newest: List[Transition] = connection.repeatable("history.transitions", {"limit": 1})["transitions"]
        after = newest[-1]["id"] if newest else 0
    with Changes(connection) as changes:
        while True:
            body = {"after": after, "limit": _PAGE}
            page: List[Transition] = connection.repeatable("history.transitions", body)["transitions"]
            for transition in page:
                after = transition["id"]
                yield transition
            if len(page) < _PAGE:
                changes.wait()


def follow_log(connection: Connection, id: str, offset: int) -> Iterator[str]:
    """A log as it grows, all of it and in order, until its app or job is over."""
    while True:
        try:
            for piece in _read_log(connection, {"id": id, "offset": offset}):
                offset = piece["next"]
                yield piece["text"]
            return
        except TunelError as error:
            if error.code not in PASSING:
                raise
        _scope.pause(_RECONNECT)


def _read_log(connection: Connection, body: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    rest = b""
    with connection.stream("instances.followLog", body) as stream:
        for chunk in stream.chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield json.loads(line)


__all__ = ["Changes", "NotSent", "follow_log", "follow_transitions", "follow_value"]
