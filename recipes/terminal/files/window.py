"""A window that shows the terminal, and how it is spoken to.

Frames in both directions: one letter, four bytes of length (big-endian), so many bytes.
  server: H JSON {"version"} at once; S the screen so far; D output; X the shell's exit code; T another window took it over
  window: R columns and rows (two bytes each), the first takes the terminal; D input; A four bytes: so much output was drawn
"""

import json
import struct

HEAD = struct.Struct(">cI")
LONGEST = 1024 * 1024  # of a frame from a window


def frame(kind, payload=b""):
    return HEAD.pack(kind, len(payload)) + payload


class Window:
    """One connection; it has the terminal from its first R on."""

    def __init__(self, connection):
        self.connection = connection
        self.received = bytearray()
        self.outgoing = bytearray(frame(b"H", json.dumps({"version": 1}).encode()))
        self.behind = 0

    def show(self, kind, data):
        self.outgoing += frame(kind, data)
        self.behind += len(data)

    def frames(self):
        while len(self.received) >= HEAD.size:
            kind, length = HEAD.unpack_from(self.received)
            if length > LONGEST:
                raise ValueError("a frame of %d bytes" % length)
            end = HEAD.size + length
            if len(self.received) < end:
                return
            payload = bytes(self.received[HEAD.size : end])
            del self.received[:end]
            yield kind, payload
