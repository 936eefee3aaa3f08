# What is asked of the sessions of a node.


def connect(session):
    """None: there is no holder of it on this node. Raises an OSError of one that cannot be asked now."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(5)
    try:
        connection.connect(socket_of(session))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except OSError:
        connection.close()
        raise
    return connection


def status(session):
    """None: there is no holder of it on this node. A slow one has no known status: it must not be forgotten."""
    unknown = {"running": None, "isAttached": None}
    try:
        connection = connect(session)
    except OSError:
        return unknown
    if not connection:
        return None
    try:
        connection.sendall(frame(b"S"))
        buffer = bytearray()
        while True:
            data = connection.recv(65536)
            if not data:
                return None
            buffer += data
            for kind, payload in frames(buffer):
                if kind == b"S":
                    return json.loads(payload.decode())
    except (OSError, ValueError):
        return unknown
    finally:
        connection.close()


def look():
    """All sessions; those of this node that ended without a word are forgotten."""
    found = []
    try:
        names = sorted(os.listdir(root()))
    except OSError:
        names = []
    for session in names:
        try:
            with open(os.path.join(root(), session, "session.json")) as text:
                record = json.load(text)
        except (OSError, ValueError):
            continue
        record["isHere"] = record.get("node") == node()
        if record["isHere"]:
            known = status(session)
            if known is None:
                forget(session)
                continue
            record.update(known)
        found.append(record)
    return {"sessions": found, "node": node()}


def close(session):
    connection = connect(session)
    if connection:
        try:
            connection.settimeout(CLOSING + 12)
            connection.sendall(frame(b"K"))
            while connection.recv(65536):
                pass
        except OSError:
            pass
        connection.close()
    if not connect(session):
        forget(session)
    return {"isClosed": not os.path.exists(os.path.join(root(), session))}


def leave(name):
    """Ends by a signal, which says what no exit code of a shell can. A server that cannot see it asks for its name in a file."""
    report = os.environ.get("TUNEL_SIGNAL_FILE")
    if report:
        try:
            with open(report, "w") as text:
                text.write(name)
        except OSError:
            pass
    number = getattr(signal, "SIG" + name)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def window_size():
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))
    return SIZE.pack(columns or 80, rows or 24)


def write_all(data):
    while data:
        data = data[os.write(1, data) :]


def attach(session):
    """Shows the session on this terminal. Ends as its shell does; by USR1 where another terminal took it; by USR2 without one."""
    try:
        connection = connect(session)
    except OSError:
        connection = None
    if not connection:
        leave("USR2")
    connection.settimeout(None)
    tty.setraw(0, termios.TCSANOW)
    wakes, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGWINCH, lambda *_: None)
    connection.sendall(frame(b"A", window_size()))
    buffer = bytearray()
    while True:
        readable, _, _ = select.select([0, connection, wakes], [], [])
        if wakes in readable:
            os.read(wakes, 512)
            connection.sendall(frame(b"R", window_size()))
        if 0 in readable:
            typed = os.read(0, 4096)
            if not typed:
                sys.exit(0)
            connection.sendall(frame(b"D", typed))
        if connection not in readable:
            continue
        data = connection.recv(65536)
        if not data:
            leave("USR2")
        buffer += data
        for kind, payload in frames(buffer):
            if kind == b"D":
                write_all(payload)
            elif kind == b"X":
                leave("USR1")
            elif kind == b"E":
                sys.exit(payload[0])


def main(arguments):
    command, rest = arguments[0], arguments[1:]
    if command == "attach":
        attach(rest[0])
    elif command == "look":
        print(json.dumps(look()))
    elif command == "close":
        print(json.dumps(close(rest[0])))
    elif command == "start":
        asked = json.loads(base64.b64decode(rest[1]).decode())
        print(json.dumps(start(rest[0], asked, PROGRAM)))
