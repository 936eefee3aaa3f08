"""The client's side of RFC 6455, as far as the engine's streams use it."""

from __future__ import annotations

import base64
import os
import select
import socket
import struct
from typing import Dict, Tuple

from ._transport import problem

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_READ_BYTES = 256 * 1024


def is_readable(opened: socket.socket, seconds: float) -> bool:
    """Whether there is something to read, within so many seconds."""
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


class WebSocket:
    """Frames over a connected socket. Whoever opened the socket closes it."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._buffer = bytearray()

    def upgrade(self, path: str, headers: Dict[str, str]) -> None:
        """Raises the TunelError with which the engine refuses it."""
        key = base64.b64encode(os.urandom(16)).decode("ascii")
        wanted = {
            **headers,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        self._put(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode("ascii"))
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        if head.split(b" ", 2)[1] == b"101":
            return
        while True:
            try:
                self._fill()
            except EOFError:
                break
        raise problem(self._buffer.decode("utf-8", "replace"))

    def send(self, kind: int, payload: bytes) -> None:
        """Sends one frame. Masks protect proxies that read along; here one of zeros saves a pass over every byte."""
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, size)
        self._put(head + b"\0\0\0\0" + payload)

    def is_readable(self) -> bool:
        """Whether the other side has said something that was not read yet."""
        return bool(self._buffer) or is_readable(self._socket, 0)

    def receive(self) -> Tuple[int, bytes]:
        """The next message. Raises EOFError at the end of the connection."""
        kind, payload = 0, b""
        while True:
            is_last, code, part = self._frame()
            if code == PING:
                self.send(PONG, part)
            elif code == CLOSE:
                raise EOFError("The stream was closed.")
            elif code != PONG:
                kind, payload = code or kind, payload + part if payload else part
                if is_last:
                    return kind, payload

    def _frame(self) -> Tuple[bool, int, bytes]:
        first, second = self._take(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._take(8))[0]
        return bool(first & 0x80), first & 0x0F, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _put(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise EOFError(str(error)) from error

    def _fill(self) -> None:
        try:
            received = self._socket.recv(_READ_BYTES)
        except OSError as error:
            raise EOFError(str(error)) from error
        if not received:
            raise EOFError("The connection was closed.")
        self._buffer += received
