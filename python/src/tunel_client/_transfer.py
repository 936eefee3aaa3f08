"""Copies of files between this computer and a cluster."""

from __future__ import annotations

import importlib
import os
import secrets
from contextlib import contextmanager
from typing import Any, Callable, ContextManager, Iterator, Optional, Union

from ._connection import Connection
from ._stream import Stream
from .errors import ConnectionLostError

#: A local path, or bytes.
Source = Union[str, "os.PathLike[str]", bytes]
#: None: a bar of tqdm where that is installed; False: none; else what is called with the bytes so far and all of them, if known.
Progress = Union[None, bool, Callable[[int, Optional[int]], None]]
OpenStream = Callable[[], ContextManager[Stream]]

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


def receive(connection: Connection, target: "Union[str, os.PathLike[str]]", open_stream: OpenStream, total: Optional[int], progress: Progress) -> int:
    """Writes what comes beside the target, and under its name once it is complete."""
    part = f"{os.fspath(target)}.{secrets.token_hex(4)}.part"

    def once() -> int:
        done = 0
        with open_stream() as stream, _reported(progress, total) as report:
            with open(part, "wb", opener=_private) as file:
                for chunk in stream.chunks():
                    file.write(chunk)
                    done += len(chunk)
                    report(done)
            expected = (stream.closed or {}).get("bytes")
        if done != expected:
            raise ConnectionLostError(f"{done} of {expected} bytes of the file arrived.")
        return done

    try:
        received = connection.repeat(once)
        os.replace(part, target)
        return received
    finally:
        if os.path.exists(part):
            os.unlink(part)


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
