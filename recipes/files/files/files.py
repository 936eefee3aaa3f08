"""A file browser on a Unix socket, made of the standard library alone (Python 3.6 or newer)."""

import argparse
import hmac
import json
import os
import shutil
import signal
import socketserver
import stat
import sys
import tempfile
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlsplit

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages")
STATIC = {"/": ("page.html", "text/html"), "/files.js": ("files.js", "text/javascript"), "/files.css": ("files.css", "text/css")}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PIECE = 256 * 1024
DRAINED = 64 * 1024 * 1024  # bytes of a refused upload that are still read
MOST = 20000  # entries of one folder that are listed


class Refused(Exception):
    def __init__(self, status, words):
        super().__init__(words)
        self.status = status
        self.words = words


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A visitor who leaves early is no error."""
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ConnectionResetError)):
            super().handle_error(request, client_address)


def inside(root, path):
    """The real path of what the page calls `path`; links that lead out of the root are refused."""
    if "\0" in path:
        raise Refused(400, "That is not a name.")
    real = os.path.realpath(os.path.join(root, path.lstrip("/")))
    if real != root and not real.startswith(root.rstrip("/") + "/"):
        raise Refused(403, "That is outside of this folder.")
    return real


def place(root, path):
    """Where something of that name is or will be: its folder is real and inside, the name itself is not followed."""
    name = os.path.basename(path.rstrip("/"))
    if name in ("", ".", "..") or "\0" in name:
        raise Refused(400, "That is not a name.")
    folder = inside(root, os.path.dirname(path.rstrip("/")))
    return os.path.join(folder, name)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    root = ""
    token = b""
    read_only = False

    def address_string(self):
        return "gateway"

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            # Unannounced, the client would send its next request on a connection that is about to close.
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def tell(self, status, value):
        self.send(status, "application/json", json.dumps(value).encode())

    def answer(self, work):
        """Only with the token that the gateway adds; changes only from this page's own script."""
        try:
            self.rest = self.body()
            given = self.headers.get("X-Tunel-Token", "").encode()
            if not hmac.compare_digest(given, self.token):
                raise Refused(403, "This app answers only through Tunel.")
            if self.command not in ("GET", "HEAD"):
                if self.headers.get("X-Files") != "page":
                    raise Refused(403, "Only this page may change something.")
                if self.read_only:
                    raise Refused(403, "Nothing can be changed here: it was started read-only.")
            parts = urlsplit(self.path)
            query = parse_qs(parts.query, keep_blank_values=True)
            work(parts.path, query.get("path", [""])[0])
        except Refused as error:
            self.refuse(error.status, error.words)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except OSError as error:
            status = 404 if isinstance(error, FileNotFoundError) else 409
            self.refuse(status, "%s: %s" % (os.path.basename(str(error.filename or "")), error.strerror))

    def refuse(self, status, words):
        # A connection that closes on an unread body loses the answer on its way; past some length that is the lesser evil.
        left = DRAINED
        for data in self.rest:
            left -= len(data)
            if left < 0:
                break
        self.close_connection = True
        self.tell(status, {"error": words})

    def do_GET(self):
        self.answer(self.get)

    do_HEAD = do_GET

    def get(self, route, path):
        if route == "/health":
            self.send(200, "text/plain", b"ready\n")
        elif route in STATIC:
            name, kind = STATIC[route]
            with open(os.path.join(PAGES, name), "rb") as page:
                self.send(200, kind, page.read())
        elif route == "/list":
            self.list(inside(self.root, path))
        elif route == "/raw":
            self.download(inside(self.root, path))
        else:
            raise Refused(404, "There is nothing here.")

    def list(self, folder):
        entries = []
        with os.scandir(folder) as found:
            for entry in found:
                if len(entries) == MOST:
                    break
                try:
                    info = entry.stat()
                    is_folder = entry.is_dir()
                except OSError:
                    info = entry.stat(follow_symlinks=False)
                    is_folder = False
                entries.append(
                    {
                        "name": entry.name,
                        "folder": is_folder,
                        "link": entry.is_symlink(),
                        "size": info.st_size,
                        "changed": int(info.st_mtime * 1000),
                    }
                )
        entries.sort(key=lambda one: (not one["folder"], one["name"].lower()))
        free = shutil.disk_usage(folder).free
        self.tell(200, {"entries": entries, "free": free, "readOnly": self.read_only, "root": self.root})

    def download(self, path):
        # A pipe or a device would never end.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Refused(400, "Only files can be downloaded.")
        with open(path, "rb") as source:
            left = os.fstat(source.fileno()).st_size
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(left))
            self.send_header("Content-Disposition", "attachment; filename*=UTF-8''" + quote(os.path.basename(path), safe=""))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            while left > 0 and self.command != "HEAD":
                data = source.read(min(PIECE, left))
                if not data:
                    # Shorter than promised: the receiver must see that it is not whole.
                    self.close_connection = True
                    return
                self.wfile.write(data)
                left -= len(data)

    def do_PUT(self):
        self.answer(self.put)

    def put(self, route, path):
        if route != "/raw":
            raise Refused(404, "There is nothing here.")
        target = place(self.root, path)
        if os.path.exists(target) and self.headers.get("X-Replace") != "yes":
            raise Refused(412, "There is a %s already." % os.path.basename(target))
        if os.path.isdir(target):
            raise Refused(409, "There is a folder of that name.")
        handle, half = tempfile.mkstemp(prefix=".upload-", dir=os.path.dirname(target))
        try:
            with os.fdopen(handle, "wb") as sink:
                for data in self.rest:
                    sink.write(data)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(half, 0o666 & ~mask)
            os.replace(half, target)
        except BaseException:
            os.unlink(half)
            raise
        self.tell(201, {})

    def body(self):
        """The request's body in pieces; half a body is an error."""
        length = self.headers.get("Content-Length")
        if length is not None:
            left = int(length)
            while left > 0:
                data = self.rfile.read(min(PIECE, left))
                if not data:
                    raise ConnectionResetError
                left -= len(data)
                yield data
            return
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return
        while True:
            size = int(self.rfile.readline(100).split(b";")[0] or b"x", 16)
            left = size
            while left > 0:
                data = self.rfile.read(min(PIECE, left))
                if not data:
                    raise ConnectionResetError
                left -= len(data)
                yield data
            if self.rfile.readline(100) not in (b"\r\n", b"\n"):
                raise ConnectionResetError
            if size == 0:
                return

    def do_POST(self):
        self.answer(self.post)

    def post(self, route, path):
        target = place(self.root, path)
        if route == "/folder":
            os.mkdir(target)
        elif route == "/rename":
            to = place(self.root, parse_qs(urlsplit(self.path).query).get("to", [""])[0])
            if os.path.lexists(to):
                raise Refused(412, "There is a %s already." % os.path.basename(to))
            os.rename(target, to)
        elif route == "/delete":
            if os.path.isdir(target) and not os.path.islink(target):
                shutil.rmtree(target)
            else:
                os.unlink(target)
        else:
            raise Refused(404, "There is nothing here.")
        self.tell(200, {})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--read-only", default="false")
    options = parser.parse_args()
    Handler.root = os.path.realpath(os.path.expanduser(options.root))
    if not os.path.isdir(Handler.root):
        sys.exit("%s is not a folder on this node." % options.root)
    Handler.read_only = options.read_only.lower() in ("true", "yes", "1")
    with open(options.token_file, "rb") as file:
        Handler.token = file.read().strip()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    mask = os.umask(0o177)
    server = Server(options.socket, Handler)
    os.umask(int(os.environ.get("TUNEL_UMASK") or "%o" % mask, 8))
    server.serve_forever()


main()
