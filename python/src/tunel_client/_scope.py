"""What a call has open, so that another thread can end it."""

from __future__ import annotations

import contextvars
import socket
import threading
import time
from contextlib import contextmanager
from typing import Iterator, Optional, Set

from .errors import CancelledError, TimeoutError


class Scope:
    """The sockets of one call, which are shut down when the call is given up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: Set[socket.socket] = set()
        self._inner: Set[Scope] = set()
        self._closed = threading.Event()

    def add(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.add(opened)
            is_late = self._closed.is_set()
        if is_late:
            _shut(opened)

    def discard(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.discard(opened)

    def close(self) -> None:
        with self._lock:
            self._closed.set()
            left = list(self._sockets)
            inner = list(self._inner)
        for opened in left:
            _shut(opened)
        for scope in inner:
            scope.close()

    def enclose(self, inner: Scope) -> None:
        """What gives this one up gives the inner one up."""
        with self._lock:
            self._inner.add(inner)
            is_late = self._closed.is_set()
        if is_late:
            inner.close()

    def release(self, inner: Scope) -> None:
        with self._lock:
            self._inner.discard(inner)

    def wait(self, seconds: float) -> None:
        self._closed.wait(seconds)
        self.check()

    def check(self) -> None:
        if self._closed.is_set():
            raise CancelledError("Cancelled.")


def _shut(opened: socket.socket) -> None:
    try:
        opened.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It was closed at the same moment.
        pass


current: contextvars.ContextVar[Optional[Scope]] = contextvars.ContextVar("tunel_scope", default=None)


def pause(seconds: float) -> None:
    """Waits, unless the call is given up first."""
    scope = current.get()
    if scope is None:
        time.sleep(seconds)
    else:
        scope.wait(seconds)


def check() -> None:
    scope = current.get()
    if scope is not None:
        scope.check()


@contextmanager
def limit(seconds: Optional[float]) -> Iterator[None]:
    """Gives up what the block waits for after so many seconds, with TimeoutError."""
    if seconds is None:
        yield
        return
    outer = current.get()
    scope = Scope()
    is_over = threading.Event()

    def expire() -> None:
        # First: who waits goes on while the sockets are shut.
        is_over.set()
        scope.close()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    if outer is not None:
        outer.enclose(scope)
    before = current.set(scope)
    timer.start()
    try:
        yield
    except CancelledError as error:
        if is_over.is_set():
            raise TimeoutError(f"It is not over after {seconds:g} seconds.") from error
        raise
    finally:
        timer.cancel()
        current.reset(before)
        if outer is not None:
            outer.release(scope)
