# Keeps a shell and its terminal on a node while nobody is connected: Python 3.6 with the standard library only.
# common.py, holder.py, start.py and commands.py are one program. Usage: start ID OPTIONS, attach ID, look, close ID.
import base64, errno, fcntl, json, os, pty, pwd, re, select, shutil, signal, socket, stat, struct, sys, termios, time, tty

KEPT = 1024 * 1024  # bytes of output that are shown again
SLOW = 256 * 1024  # bytes that wait for a client before no more output is read
STALLED = 15.0  # seconds after which a client that takes nothing is dropped
UNLISTED = 300.0  # seconds after which it ends where its directory is gone, so that nobody would find it again
CLOSING = 3.0  # seconds between the hang-up and the kill
HEAD = struct.Struct(">cH")
SIZE = struct.Struct(">HH")
MODES = re.compile(br"\x1b\[\?([0-9;]+)([hl])|\x1b([=>c])|\x1b\[!p|\x1b\]([02]);([^\x07\x1b]{0,400})(?:\x07|\x1b\\)")
# Questions to the terminal, whose answers would be typed into the shell, and what sets its clipboard or size.
QUESTIONS = re.compile(
    br"\x1b\[[?>=]?[0-9;]*[cn]|\x1b\[\??[0-9;]*\$p|\x1b\[>[0-9]*q|\x1b\[\?u|\x1b\[[0-9;]*t|\x1bZ"
    br"|\x1b\][0-9;]*;\?(?:\x07|\x1b\\)|\x1b\]52;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[+$]q[^\x1b]*\x1b\\"
)
PARTIAL = re.compile(br"\x1b(?:[\[\]P][^\x07\x1b]{0,400})?$")
ALTERNATE = (b"47", b"1047", b"1049")


def node():
    return os.uname()[1]


def root():
    return os.path.join(os.path.expanduser("~"), ".tunel", "terminals")


def socket_directory():
    # Not the home directory, which may be on a file system without sockets, nor XDG_RUNTIME_DIR, which ends with the last login.
    path = "/tmp/tunel-terminals-%d" % os.getuid()
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise OSError(errno.EPERM, "belongs to somebody else", path)
    os.chmod(path, 0o700)
    return path


def socket_of(session):
    return os.path.join(socket_directory(), session + ".sock")


def forget(session):
    try:
        os.unlink(socket_of(session))
    except OSError:
        pass
    shutil.rmtree(os.path.join(root(), session), ignore_errors=True)


def frame(kind, data=b""):
    return HEAD.pack(kind, len(data)) + data


def frames(buffer):
    """Takes the whole frames out of a buffer."""
    while len(buffer) >= HEAD.size:
        kind, length = HEAD.unpack(bytes(buffer[: HEAD.size]))
        if len(buffer) < HEAD.size + length:
            return
        data = bytes(buffer[HEAD.size : HEAD.size + length])
        del buffer[: HEAD.size + length]
        yield kind, data
