"""A shell behind a Unix socket, for one window at a time; its screen is kept while none is there.

Who may connect is decided by the socket's folder, which is closed to others.
"""

import argparse
import collections
import errno
import fcntl
import os
import selectors
import signal
import socket
import struct
import sys
import termios
import time

# Of the modules beside this one nothing is kept: the folder holds what was sent.
sys.dont_write_bytecode = True

from shell import start_shell  # noqa: E402
from window import LONGEST, Window, frame  # noqa: E402

KEPT = 256 * 1024  # bytes of output kept for a window that comes later
AHEAD = 512 * 1024  # bytes a window may be behind before the shell waits
WINDOWS = 16
FAREWELL = 3  # seconds a window has to take the last output


class Terminal:
    def __init__(self, listener, master, child):
        self.listener = listener
        self.master = master
        self.child = child
        self.windows = []
        self.current = None
        self.kept = collections.deque()
        self.kept_size = 0
        self.typed = bytearray()
        self.code = None
        self.is_open = True
        self.selector = selectors.DefaultSelector()
        listener.setblocking(False)
        os.set_blocking(master, False)

    def run(self):
        """Until the shell has ended and its last output was taken. Returns its exit code."""
        until = None
        while True:
            self.watch()
            for key, mask in self.selector.select(1 if self.is_open else 0.1):
                self.handle(key.fileobj, mask)
            if self.code is None and self.has_ended():
                # What it still wrote is in the pty, and comes in at most so many reads.
                while self.is_open and self.read_master():
                    pass
                self.is_open = False
                for window in self.windows:
                    window.outgoing += frame(b"X", str(self.code).encode())
                until = time.monotonic() + FAREWELL
            if until is not None and (time.monotonic() > until or not any(w.outgoing for w in self.windows)):
                return self.code

    def watch(self):
        """Asks the system for just what can be handled: a full window makes the shell wait, as a slow screen would."""
        wanted = {self.listener: selectors.EVENT_READ}
        if self.is_open:
            events = selectors.EVENT_WRITE if self.typed else 0
            if self.current is None or self.current.behind < AHEAD:
                events |= selectors.EVENT_READ
            if events:
                wanted[self.master] = events
        for window in self.windows:
            events = selectors.EVENT_READ if len(self.typed) < LONGEST else 0
            if window.outgoing:
                events |= selectors.EVENT_WRITE
            if events:
                wanted[window] = events
        known = {key.fileobj: key.events for key in list(self.selector.get_map().values())}
        descriptor = {self.raw(thing): events for thing, events in wanted.items()}
        for thing in known:
            if thing not in descriptor:
                self.selector.unregister(thing)
        for thing, events in descriptor.items():
            if thing not in known:
                self.selector.register(thing, events)
            elif known[thing] != events:
                self.selector.modify(thing, events)

    @staticmethod
    def raw(thing):
        return thing.connection if isinstance(thing, Window) else thing

    def handle(self, thing, mask):
        if thing is self.listener:
            self.accept()
        elif thing is self.master:
            if mask & selectors.EVENT_WRITE:
                self.write_master()
            if mask & selectors.EVENT_READ:
                self.read_master()
        else:
            window = next((one for one in self.windows if one.connection is thing), None)
            if window is not None:
                self.handle_window(window, mask)

    def accept(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        if len(self.windows) >= WINDOWS:
            connection.close()
            return
        connection.setblocking(False)
        self.windows.append(Window(connection))

    def handle_window(self, window, mask):
        try:
            if mask & selectors.EVENT_WRITE and window.outgoing:
                sent = window.connection.send(window.outgoing[:65536])
                del window.outgoing[:sent]
            if mask & selectors.EVENT_READ:
                data = window.connection.recv(65536)
                if not data:
                    return self.drop(window)
                window.received += data
                for kind, payload in window.frames():
                    self.obey(window, kind, payload)
        except BlockingIOError:
            pass
        except (OSError, ValueError, struct.error) as error:
            if not isinstance(error, OSError):
                print("a window was closed: %s" % error, file=sys.stderr, flush=True)
            self.drop(window)

    def obey(self, window, kind, payload):
        if kind == b"R":
            columns, rows = struct.unpack(">HH", payload)
            if self.current is not window:
                self.take(window)
            self.resize(max(1, columns), max(1, rows))
        elif window is not self.current:
            return
        elif kind == b"D":
            self.typed += payload
        elif kind == b"A":
            window.behind = max(0, window.behind - struct.unpack(">I", payload)[0])

    def take(self, window):
        if self.current is not None:
            self.current.outgoing += frame(b"T")
        self.current = window
        window.show(b"S", b"".join(self.kept))

    def drop(self, window):
        try:
            self.selector.unregister(window.connection)
        except (KeyError, ValueError):
            pass
        window.connection.close()
        self.windows = [one for one in self.windows if one is not window]
        if self.current is window:
            self.current = None

    def resize(self, columns, rows):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        before = fcntl.ioctl(self.master, termios.TIOCGWINSZ, b"\0" * 8)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)
        if before[:4] != size[:4]:
            return
        # The kernel tells of changes only, but a window that comes back needs a full-screen program to draw itself anew.
        try:
            os.killpg(os.tcgetpgrp(self.master), signal.SIGWINCH)
        except OSError:
            pass

    def read_master(self):
        try:
            data = os.read(self.master, 65536)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            # The last program has let go of it; has_ended tells the rest.
            self.is_open = False
            return False
        self.keep(data)
        if self.current is not None:
            self.current.show(b"D", data)
        return True

    def write_master(self):
        try:
            sent = os.write(self.master, self.typed[:4096])
        except BlockingIOError:
            return
        except OSError:
            sent = len(self.typed)
        del self.typed[:sent]

    def keep(self, data):
        self.kept.append(data)
        self.kept_size += len(data)
        while self.kept_size > KEPT and len(self.kept) > 1:
            self.kept_size -= len(self.kept.popleft())
            # Not from the middle of a line, nor of what a line begins with.
            first = self.kept[0]
            self.kept[0] = first[first.find(b"\n") + 1 :]
            self.kept_size -= len(first) - len(self.kept[0])

    def has_ended(self):
        if self.code is None:
            self.reap(os.WNOHANG)
        return self.code is not None

    def reap(self, options):
        pid, status = os.waitpid(self.child, options)
        if pid == self.child:
            self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--shell", default="")
    options = parser.parse_args()
    child, master = start_shell(options.shell)

    def hang_up(*_):
        try:
            os.killpg(child, signal.SIGHUP)
        except OSError:
            pass
        sys.exit(0)

    signal.signal(signal.SIGTERM, hang_up)
    signal.signal(signal.SIGINT, hang_up)
    os.umask(0o177)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(options.socket)
    listener.listen(8)
    print("The terminal is ready.", flush=True)
    code = Terminal(listener, master, child).run()
    print("The shell ended with exit code %d." % code, flush=True)


main()
