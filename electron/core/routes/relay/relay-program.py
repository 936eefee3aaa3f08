# The relay's other end: Python 3.6 with the standard library only. It is sent over its own standard input and never written
# to a file there. docs/relay.md describes the protocol; frames.ts is this end of it.
import errno, os, select, selectors, socket, struct, sys, time
from collections import deque

VERSION = 1
SIGNATURE = b"\x89TNL\r\n\x1a\n"
HELLO, START, READY, OPEN, OPENED, DATA, CREDIT, FIN, RESET, PING, PONG, ERROR = range(1, 13)
NOT_PERMITTED, REFUSED, MISSING, NO_ACCESS, LIMIT, BROKEN, CANCELLED, FAILED = range(1, 9)
SIZES = {OPEN: 5, CREDIT: 4, FIN: 0, PING: 8, PONG: 8}
HEAD = struct.Struct(">BIH")
NUMBER = struct.Struct(">I")
MAX_DATA = 65529
MOST_STREAMS = 400
# Bytes for the other side that wait here: from SLOW on nothing more is read from apps, from FULL on no frames either.
SLOW = 256 * 1024
FULL = 1024 * 1024
FIRST_WINDOW = 256 * 1024
MOST_WINDOW = 4 * 1024 * 1024
ALL_WINDOWS = 32 * 1024 * 1024
AGAIN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)
WHY = {
    errno.ECONNREFUSED: REFUSED,
    errno.ENOENT: MISSING,
    errno.ENOTDIR: MISSING,
    errno.EACCES: NO_ACCESS,
    errno.EPERM: NO_ACCESS,
    errno.EMFILE: LIMIT,
    errno.ENFILE: LIMIT,
    errno.EPIPE: BROKEN,
    errno.ECONNRESET: BROKEN,
}


class Violation(Exception):
    pass


class Stream(object):
    def __init__(self, number, target, credit):
        self.number = number
        self.addresses = list(target)
        self.credit = credit  # what may still be sent to the other side
        self.window = FIRST_WINDOW  # what it may have under way to here
        self.allowed = 0  # what of that it may still send
        self.owed = 0  # taken by the app since the last credit
        self.taken = 0  # since the window last grew
        self.socket = None
        self.connected = False
        self.waiting = deque()
        self.no_more_in = False
        self.no_more_out = False
        self.shut = False
        self.events = {}


class Relay(object):
    def __init__(self):
        self.streams = {}
        self.last = 0
        self.windows = 0
        self.targets = None
        self.idle = 60
        self.heard = time.monotonic()
        self.rest = b""
        self.out = deque()
        self.out_size = 0
        self.turn = 0
        self.retry = []
        self.readers = selectors.DefaultSelector()
        self.writers = selectors.DefaultSelector()

    # Frames to the client.

    def frame(self, kind, number, payload=b""):
        self.out.append(HEAD.pack(kind, number, len(payload)))
        if payload:
            self.out.append(payload)
        self.out_size += HEAD.size + len(payload)

    def reset(self, number, code, reason):
        self.frame(RESET, number, bytes(bytearray([code])) + reason.encode("utf-8", "replace")[:1000])

    def flush(self):
        while self.out:
            batch = []
            size = 0
            for piece in self.out:
                batch.append(piece)
                size += len(piece)
                if len(batch) == 64 or size >= SLOW:
                    break
            try:
                sent = os.writev(1, batch)
            except OSError as error:
                if error.errno in AGAIN:
                    return
                raise SystemExit(0)
            self.out_size -= sent
            while sent > 0:
                piece = self.out[0]
                if sent >= len(piece):
                    sent -= len(piece)
                    self.out.popleft()
                else:
                    self.out[0] = piece[sent:]
                    sent = 0

    # Frames from the client.

    def feed(self, data):
        if self.rest:
            data = self.rest + data
        view = memoryview(data)
        at = 0
        end = len(data)
        while end - at >= HEAD.size:
            kind, number, length = HEAD.unpack_from(data, at)
            if kind not in (START, OPEN, DATA, CREDIT, FIN, RESET, PING, PONG):
                raise Violation("a frame of the unknown kind %d" % kind)
            if kind in SIZES and length != SIZES[kind]:
                raise Violation("a frame of kind %d with %d bytes" % (kind, length))
            if end - at - HEAD.size < length:
                break
            at += HEAD.size
            self.take(kind, number, view[at:at + length])
            at += length
        self.rest = data[at:]

    def take(self, kind, number, payload):
        if (self.targets is None) != (kind == START):
            raise Violation("a frame of kind %d at the wrong time" % kind)
        if kind == START:
            self.start(payload)
        elif kind == PING:
            self.frame(PONG, 0, bytes(payload))
        elif kind == PONG:
            pass
        elif kind == OPEN:
            self.open(number, NUMBER.unpack_from(payload)[0], payload[4])
        elif number == 0 or number > self.last:
            raise Violation("a frame for stream %d, which was never opened" % number)
        elif number in self.streams:
            stream = self.streams[number]
            if kind == DATA:
                self.data(stream, payload)
            elif kind == CREDIT:
                stream.credit += NUMBER.unpack(payload)[0]
                if stream.credit > 0xFFFFFFFF:
                    raise Violation("more credit than a number holds")
                self.want(stream)
            elif kind == FIN:
                stream.no_more_in = True
                self.write(stream)
            else:
                self.drop(stream)

    def start(self, payload):
        data = bytes(payload)
        version = struct.unpack_from(">H", data)[0] if len(data) >= 2 else 0
        if version != VERSION:
            raise Violation("version %d of the protocol; this is %d" % (version, VERSION))
        try:
            self.idle, length = struct.unpack_from(">HB", data, 2)
            at = 5 + length
            node = data[5:at].decode("utf-8")
            targets = []
            while at < len(data):
                kind, length = struct.unpack_from(">BH", data, at)
                at += 3 + length
                if at > len(data):
                    raise ValueError("cut off")
                targets.append(self.addresses(kind, data[at - length:at], node))
        except (ValueError, struct.error):
            raise Violation("a start that cannot be read")
        self.targets = targets
        self.frame(READY, 0, os.uname()[1].encode("utf-8", "replace")[:255])

    def addresses(self, kind, value, node):
        if kind == 1 and value.startswith(b"/"):
            return [(socket.AF_UNIX, value)]
        port = struct.unpack(">H", value)[0] if kind == 2 else 0
        if port == 0:
            raise ValueError("target")
        here = os.uname()[1]
        # The same port of another node is another program's, maybe of another user.
        if here.lower().split(".")[0] != node.lower().split(".")[0]:
            raise Violation("for %s, but this is %s" % (node, here))
        return [(socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port))]

    def open(self, number, credit, index):
        if number <= self.last:
            raise Violation("stream %d, which is not a new one" % number)
        self.last = number
        if index >= len(self.targets):
            self.reset(number, NOT_PERMITTED, "target %d is not one of those given at the start" % index)
        elif len(self.streams) >= MOST_STREAMS:
            self.reset(number, LIMIT, "there are %d connections already" % MOST_STREAMS)
        else:
            stream = Stream(number, self.targets[index], credit)
            self.streams[number] = stream
            self.windows += stream.window
            self.connect(stream)

    # Apps.

    def connect(self, stream):
        family, address = stream.addresses[0]
        try:
            if stream.socket is None:
                stream.socket = socket.socket(family, socket.SOCK_STREAM)
                stream.socket.setblocking(False)
                if family != socket.AF_UNIX:
                    stream.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = stream.socket.connect_ex(address)
        except OSError as error:
            code = error.errno or errno.EINVAL
        if code in AGAIN and family == socket.AF_UNIX:
            # Its queue of connections is full; the kernel does not tell when it no longer is.
            self.retry.append(stream)
        elif code in AGAIN or code == errno.EINPROGRESS:
            self.want(stream)
        else:
            self.connect_ended(stream, code)

    def connect_ended(self, stream, code):
        if code in (0, errno.EISCONN):
            stream.connected = True
            stream.allowed = stream.window
            self.frame(OPENED, stream.number, NUMBER.pack(stream.window))
            self.write(stream)
            return
        if len(stream.addresses) > 1:
            stream.addresses.pop(0)
            self.forget_socket(stream)
            self.connect(stream)
        else:
            self.fail(stream, code)

    def fail(self, stream, code):
        self.reset(stream.number, WHY.get(code, FAILED), os.strerror(code))
        self.drop(stream)

    def data(self, stream, payload):
        size = len(payload)
        if size > stream.allowed or stream.no_more_in:
            raise Violation("more bytes for stream %d than it was allowed" % stream.number)
        stream.allowed -= size
        if stream.connected and not stream.waiting:
            try:
                sent = stream.socket.send(payload)
            except OSError as error:
                if error.errno not in AGAIN:
                    self.fail(stream, error.errno)
                    return
                sent = 0
            self.taken(stream, sent)
            if sent == size:
                return
            payload = payload[sent:]
        stream.waiting.append(bytes(payload))
        self.want(stream)

    def write(self, stream):
        if not stream.connected:
            return
        while stream.waiting:
            piece = stream.waiting[0]
            try:
                sent = stream.socket.send(piece)
            except OSError as error:
                if error.errno not in AGAIN:
                    self.fail(stream, error.errno)
                    return
                break
            self.taken(stream, sent)
            if sent == len(piece):
                stream.waiting.popleft()
            else:
                stream.waiting[0] = piece[sent:]
        if stream.no_more_in and not stream.waiting and not stream.shut:
            stream.shut = True
            try:
                stream.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        self.want(stream)
        self.drop_if_done(stream)

    def taken(self, stream, size):
        stream.owed += size
        stream.taken += size
        if stream.owed * 4 < stream.window or stream.no_more_in:
            return
        more = 0
        if stream.taken >= 2 * stream.window:
            stream.taken = 0
            if stream.window < MOST_WINDOW and self.windows + stream.window <= ALL_WINDOWS:
                more = stream.window
                self.windows += more
                stream.window += more
        stream.allowed += stream.owed + more
        self.frame(CREDIT, stream.number, NUMBER.pack(stream.owed + more))
        stream.owed = 0

    def read(self, stream):
        try:
            data = stream.socket.recv(min(stream.credit, MAX_DATA))
        except OSError as error:
            if error.errno not in AGAIN:
                self.fail(stream, error.errno)
            return
        if data:
            stream.credit -= len(data)
            self.frame(DATA, stream.number, data)
        else:
            stream.no_more_out = True
            self.frame(FIN, stream.number)
        self.want(stream)
        self.drop_if_done(stream)

    def drop_if_done(self, stream):
        if stream.no_more_out and stream.shut:
            self.drop(stream)

    def drop(self, stream):
        if self.streams.pop(stream.number, None) is not None:
            self.windows -= stream.window
        self.forget_socket(stream)
        stream.waiting.clear()
        stream.connected = False

    def forget_socket(self, stream):
        if stream.socket is not None:
            self.watch(self.readers, stream, False, selectors.EVENT_READ)
            self.watch(self.writers, stream, False, selectors.EVENT_WRITE)
            stream.socket.close()
            stream.socket = None

    def want(self, stream):
        if stream.socket is None:
            return
        can_read = stream.connected and stream.credit > 0 and not stream.no_more_out
        self.watch(self.readers, stream, can_read, selectors.EVENT_READ)
        self.watch(self.writers, stream, bool(stream.waiting) or not stream.connected, selectors.EVENT_WRITE)

    def watch(self, selector, stream, wanted, event):
        if wanted == stream.events.get(event, False):
            return
        stream.events[event] = wanted
        if wanted:
            selector.register(stream.socket, event, stream)
        else:
            selector.unregister(stream.socket)

    # The loop.

    def ready(self, selector):
        found = selector.select(0)
        self.turn += 1
        at = self.turn % len(found) if found else 0
        # Each of them is the first now and then, else the later ones would starve while the output is full.
        return [key.data for key, _ in found[at:] + found[:at] if key.data.socket is not None]

    def run(self):
        self.frame(HELLO, 0, SIGNATURE + struct.pack(">H", VERSION))
        self.flush()
        readers, writers = self.readers.fileno(), self.writers.fileno()
        while True:
            sources = [writers]
            if self.out_size < FULL:
                sources.append(0)
            if self.out_size < SLOW:
                sources.append(readers)
            wait = 0.02 if self.retry else min(5.0, max(self.idle, 1) / 4.0)
            found, _, _ = select.select(sources, [1] if self.out else [], [], wait)
            if 0 in found:
                data = self.receive()
                if data == b"":
                    return
                if data:
                    self.heard = time.monotonic()
                    self.feed(data)
            elif time.monotonic() - self.heard > max(self.idle, 1):
                sys.stderr.write("tunel-relay: nothing heard for %d s\n" % self.idle)
                return
            if writers in found:
                for stream in self.ready(self.writers):
                    if stream.connected:
                        self.write(stream)
                    elif stream.socket is not None:
                        self.connect_ended(stream, stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            if readers in found:
                for stream in self.ready(self.readers):
                    if self.out_size >= SLOW:
                        break
                    if stream.connected:
                        self.read(stream)
            again, self.retry = self.retry, []
            for stream in again:
                if stream.number in self.streams:
                    self.connect(stream)
            self.flush()

    def receive(self):
        try:
            return os.read(0, 256 * 1024)
        except OSError as error:
            if error.errno in AGAIN:
                return None
            return b""

    def send_error(self, reason):
        self.frame(ERROR, 0, reason.encode("utf-8", "replace")[:1000])
        limit = time.monotonic() + 2
        while self.out and time.monotonic() < limit:
            select.select([], [1], [], 0.2)
            self.flush()


def main():
    os.set_blocking(1, False)
    relay = Relay()
    try:
        relay.run()
    except Violation as problem:
        relay.send_error(str(problem))
        sys.exit(1)
    except Exception as problem:
        relay.send_error("it failed: %r" % problem)
        raise


main()
