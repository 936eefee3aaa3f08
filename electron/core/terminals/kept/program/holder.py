# What keeps the terminal: its shell, its last output and the client that shows it.


class Scrollback(object):
    """The last output, and the modes that what was dropped of it has set."""

    def __init__(self):
        self.kept = bytearray()
        self.modes = {}
        self.title = None
        self.tail = b""

    def note(self, data):
        for match in MODES.finditer(data):
            numbers, switch, single, _, title = match.groups()
            if numbers is not None:
                for number in numbers.split(b";"):
                    self.modes[b"?" + number] = b"\x1b[?" + number + switch
            elif single in (b"=", b">"):
                self.modes[b"keypad"] = b"\x1b" + single
            elif title is not None:
                self.title = title
            else:
                self.modes.clear()

    def add(self, data):
        self.kept += data
        over = len(self.kept) - KEPT
        if over <= KEPT // 8:
            return
        line = self.kept.find(b"\n", over, over + 8192)
        end = over if line == -1 else line + 1
        dropped = self.tail + bytes(self.kept[:end])
        # A sequence that is cut is read with what comes after it.
        cut = PARTIAL.search(dropped)
        self.tail = dropped[cut.start() :] if cut else b""
        self.note(dropped)
        del self.kept[:end]

    def replay(self):
        title = b"" if self.title is None else b"\x1b]2;" + self.title + b"\x07"
        return b"".join(self.modes.values()) + title + QUESTIONS.sub(b"", self.tail + bytes(self.kept))

    def is_alternate(self):
        last = None
        for number, switch in re.findall(br"\x1b\[\?(47|1047|1049)([hl])", b"".join(self.modes.values()) + self.kept):
            last = switch
        return last == b"h"


class Client(object):
    def __init__(self, connection):
        connection.setblocking(False)
        self.connection = connection
        self.incoming = bytearray()
        self.outgoing = bytearray()
        self.moved = time.time()
        self.is_leaving = False

    def send(self, kind, data=b""):
        if not self.outgoing:
            self.moved = time.time()
        for start in range(0, len(data) or 1, 32768):
            self.outgoing += frame(kind, data[start : start + 32768])


class Holder(object):
    def __init__(self, session, listener, shell, master, idle_limit):
        self.session = session
        self.listener = listener
        self.shell = shell
        self.master = master
        self.idle_limit = idle_limit
        self.scrollback = Scrollback()
        self.clients = []
        self.viewer = None
        self.typed = bytearray()
        self.size = (0, 0)
        self.used = time.time()
        self.listed = time.time()
        self.kill_at = None
        self.code = None

    def resize(self, columns, rows):
        self.size = (columns, rows)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def drop(self, client):
        if client in self.clients:
            self.clients.remove(client)
            client.connection.close()
        if client is self.viewer:
            self.viewer = None

    def attach(self, client, size):
        if self.viewer:
            # What it has not taken yet is shown to the new one.
            del self.viewer.outgoing[:]
            self.viewer.send(b"X")
            self.viewer.is_leaving = True
        self.viewer = client
        client.send(b"D", self.scrollback.replay())
        columns, rows = SIZE.unpack(size)
        if self.scrollback.is_alternate():
            # A program on the alternate screen draws it again when the size changes.
            self.resize(columns, max(1, rows - 1))
            time.sleep(0.05)
        self.resize(columns, rows)

    def foreground(self):
        """The name of what runs in the foreground; None: the shell itself."""
        try:
            group = os.tcgetpgrp(self.master)
        except OSError:
            return None
        if group in (self.shell, 0):
            return None
        try:
            with open("/proc/%d/comm" % group, errors="replace") as comm:
                return comm.read().strip()[:60] or "a program"
        except OSError:
            return "a program"

    def hang_up(self):
        self.signal_all(signal.SIGHUP)
        self.signal_all(signal.SIGCONT)
        self.kill_at = time.time() + CLOSING

    def signal_all(self, number):
        try:
            groups = {os.tcgetpgrp(self.master), self.shell} - {0}
        except OSError:
            groups = {self.shell}
        for group in groups:
            try:
                os.killpg(group, number)
            except OSError:
                pass

    def receive(self, client):
        try:
            data = client.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(client)
            return
        client.incoming += data
        for kind, payload in frames(client.incoming):
            if kind == b"A" and len(payload) == SIZE.size:
                self.attach(client, payload)
            elif kind == b"R" and len(payload) == SIZE.size and client is self.viewer:
                self.resize(*SIZE.unpack(payload))
            elif kind == b"D" and client is self.viewer:
                self.typed += payload
            elif kind == b"S":
                status = {"running": self.foreground(), "isAttached": self.viewer is not None}
                client.send(b"S", json.dumps(status).encode())
            elif kind == b"K":
                self.hang_up()

    def flush(self, client):
        try:
            count = client.connection.send(client.outgoing)
        except BlockingIOError:
            return
        except OSError:
            self.drop(client)
            return
        del client.outgoing[:count]
        client.moved = time.time()
        if client.is_leaving and not client.outgoing:
            self.drop(client)

    def read_output(self):
        try:
            data = os.read(self.master, 65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.scrollback.add(data)
        if self.viewer:
            self.viewer.send(b"D", data)
        return bool(data)

    def has_ended(self):
        if self.code is None:
            done, status = os.waitpid(self.shell, os.WNOHANG)
            if done:
                self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        return self.code is not None

    def tend(self):
        now = time.time()
        for client in list(self.clients):
            if client.outgoing and now - client.moved > STALLED:
                self.drop(client)
        if self.viewer:
            self.used = now
        if os.path.isdir(os.path.join(root(), self.session)):
            self.listed = now
        if self.kill_at is not None and now > self.kill_at:
            self.signal_all(signal.SIGKILL)
        elif self.kill_at is None and (now - self.used > self.idle_limit or now - self.listed > UNLISTED):
            self.hang_up()

    def run(self):
        is_open = True
        while is_open and not self.has_ended():
            reading = [self.listener] + [client.connection for client in self.clients]
            if not self.viewer or len(self.viewer.outgoing) < SLOW:
                reading.append(self.master)
            writing = [client.connection for client in self.clients if client.outgoing]
            if self.typed:
                writing.append(self.master)
            readable, writable, _ = select.select(reading, writing, [], 1.0)
            if self.listener in readable:
                self.clients.append(Client(self.listener.accept()[0]))
            for client in list(self.clients):
                if client.connection in readable:
                    self.receive(client)
            for client in list(self.clients):
                if client.connection in writable:
                    self.flush(client)
            if self.master in writable and self.typed:
                self.write_typed()
            if self.master in readable:
                self.used = time.time()
                is_open = self.read_output()
            self.tend()

    def write_typed(self):
        try:
            del self.typed[: os.write(self.master, self.typed[:4096])]
        except BlockingIOError:
            pass
        except OSError:
            del self.typed[:]

    def finish(self):
        """Shows the last output and says how the shell ended."""
        deadline = time.time() + 10
        while self.code is None and time.time() < deadline:
            if not self.has_ended():
                time.sleep(0.05)
        os.set_blocking(self.master, False)
        while self.viewer and select.select([self.master], [], [], 0)[0] and self.read_output():
            pass
        if self.viewer:
            self.viewer.send(b"E", struct.pack("B", (self.code or 0) & 255))
        while self.viewer and self.viewer.outgoing and time.time() < deadline:
            if select.select([], [self.viewer.connection], [], 1.0)[1]:
                self.flush(self.viewer)
        self.listener.close()
        forget(self.session)
