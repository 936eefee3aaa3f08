"""Copies of files between this computer and a cluster."""

from __future__ import annotations

import importlib
import os
import secrets
from contextlib import contextmanager
from typing import Any, BinaryIO, Callable, ContextManager, Iterator, Mapping, Optional, Union

from ._connection import Connection
from ._stream import Stream
from .errors import ConnectionLostError

#: A local path, or bytes.
Source = Union[str, "os.PathLike[str]", bytes]
#: None: a bar of tqdm where that is installed; False: none; else what is called with the bytes so far and all of them, if known.
Progress = Union[None, bool, Callable[[int, Optional[int]], None]]
#: Opens a file with these fields besides those that say which one it is.
OpenPart = Callable[[Mapping[str, Any]], ContextManager[Stream]]

_CHUNK_BYTES = 256 * 1024


def send(connection: Connection, source: Source, open_stream: Callable[[int], ContextManager[Stream]], progress: Progress) -> int:
    """Sends all of a source, from its beginning again where the engine or the connection ended under it."""
    total = len(source) if isinstance(source, bytes) else os.stat(source).st_size

    def once() -> int:
        with open_stream(total) as stream, _reported(progress, total) as report:
            done = 0
            for chunk in _chunks(source):
                stream.write(chunk)
                done += len(chunk)
                report(done)
            stream.end()
            return int(stream.finish().get("bytes", done))

    return connection.repeat(once)


def receive(connection: Connection, target: "Union[str, os.PathLike[str]]", open_part: OpenPart, progress: Progress) -> int:
    """Writes what comes beside the target, and under its name once it is complete.

    After a loss of the engine or the connection it goes on at its byte, or from the beginning where another file is there by then.
    """
    part = f"{os.fspath(target)}.{secrets.token_hex(4)}.part"
    try:
        with open(part, "xb", opener=_private) as file:
            receiver = _Receiver(file, open_part, progress)
            connection.repeat(receiver.receive, advance=lambda: receiver.advances)
        os.replace(part, target)
        return receiver.bytes
    finally:
        if os.path.exists(part):
            os.unlink(part)


class _Receiver:
    """What has come of a file so far, across the streams that bring it."""

    def __init__(self, file: BinaryIO, open_part: OpenPart, progress: Progress) -> None:
        self._file = file
        self._open = open_part
        self._progress = progress
        #: Of the file that the bytes are of; None: not known, so that they cannot be continued.
        self._version: Optional[str] = None
        self.bytes = 0
        #: The most bytes that have come of one and the same file.
        self.advances = 0

    def receive(self) -> None:
        """Receives what is missing."""
        if self.bytes > 0 and self._version is not None:
            with self._open({"offset": self.bytes, "stat": True}) as stream:
                version = (stream.opened.get("file") or {}).get("version")
                if version == self._version and stream.opened.get("offset") == self.bytes:
                    return self._write(stream)
        self._file.seek(0)
        self._file.truncate()
        self.bytes = 0
        with self._open({"offset": 0, "stat": True}) as stream:
            self._write(stream)

    def _write(self, stream: Stream) -> None:
        file = stream.opened.get("file") or {}
        self._version = file.get("version")
        before = self.bytes
        with _reported(self._progress, file.get("size") or None) as report:
            for chunk in stream.chunks():
                self._file.write(chunk)
                self.bytes += len(chunk)
                self.advances = max(self.advances, self.bytes)
                report(self.bytes)
        received, expected = self.bytes - before, (stream.closed or {}).get("bytes")
        if received != expected:
            raise ConnectionLostError(f"{received} of {expected} bytes of the file arrived.")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for offset in range(0, len(source), _CHUNK_BYTES):
            yield source[offset : offset + _CHUNK_BYTES]
        return
    with open(source, "rb") as file:
        while True:
            chunk = file.read(_CHUNK_BYTES)
            if not chunk:
                return
            yield chunk


@contextmanager
def _reported(progress: Progress, total: Optional[int]) -> Iterator[Callable[[int], None]]:
    if progress is not None and not isinstance(progress, bool):
        report = progress
        yield lambda done: report(done, total)
        return
    bar: Any = None if progress is False else _tqdm(total)
    if bar is None:
        yield lambda _done: None
        return
    with bar:

        def update(done: int) -> None:
            bar.update(done - bar.n)

        yield update


def _tqdm(total: Optional[int]) -> Any:
    """A bar, which shows itself on terminals and in notebooks only; None: tqdm is not installed."""
    try:
        tqdm = importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        return None
    return tqdm(total=total, unit="B", unit_scale=True, disable=None, leave=False)
