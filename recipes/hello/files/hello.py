"""A small web app on a Unix socket, made of the standard library alone (Python 3.6 or newer)."""

import argparse
import base64
import hashlib
import hmac
import html
import json
import os
import signal
import socket
import socketserver
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

FILES = os.path.dirname(os.path.abspath(__file__))
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WEBSOCKET_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
MAX_BODY = 1024 * 1024
STARTED = time.time()


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A visitor who leaves early is no error."""
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ConnectionResetError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = None
    token = b""

    def address_string(self):
        return "gateway"

    def allowed(self):
        """The gateway adds the token; whoever opens the socket without it gets nothing."""
        given = self.headers.get("X-Tunel-Token", "").encode()
        if hmac.compare_digest(given, self.token):
            return True
        # A body that was not read would be taken for the next request.
        self.close_connection = True
        self.send(403, "text/plain", "This app answers only through Tunel.\n")
        return False

    def send(self, status, kind, text):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            # Unannounced, the client would send its next request on a connection that is about to close.
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def facts(self):
        return {
            "node": socket.gethostname(),
            "user": os.environ.get("USER") or str(os.getuid()),
            "socket": self.options.socket,
            "launcher": self.options.launcher,
            "job": os.environ.get("SLURM_JOB_ID", ""),
            "pid": os.getpid(),
            "host": self.headers.get("Host", ""),
            "seconds": int(time.time() - STARTED),
        }

    def do_GET(self):
        if not self.allowed():
            return
        path = self.path.split("?")[0]
        if path == "/":
            with open(os.path.join(FILES, "page.html"), encoding="utf-8") as page:
                text = page.read()
            for name, value in dict(self.facts(), greeting=self.options.greeting).items():
                text = text.replace("[[%s]]" % name, html.escape(str(value)))
            self.send(200, "text/html", text)
        elif path == "/health":
            self.send(200, "text/plain", "ready\n")
        elif path == "/api/facts":
            self.send(200, "application/json", json.dumps(self.facts()))
        elif path == "/api/events":
            self.events()
        elif path == "/live" and self.headers.get("Upgrade", "").lower() == "websocket":
            self.websocket()
        elif path.startswith("/static/"):
            self.static(os.path.basename(path))
        else:
            self.send(404, "text/plain", "There is no such page.\n")

    do_HEAD = do_GET

    def do_POST(self):
        if not self.allowed():
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self.send(413, "text/plain", "At most 1 MiB.\n")
            return
        body = self.rfile.read(length)
        if self.path == "/form":
            name = parse_qs(body.decode("utf-8", "replace")).get("name", [""])[0]
            self.send(200, "text/html", "<!doctype html><title>Hello</title><p>Hello, %s.</p>" % html.escape(name))
        elif self.path == "/api/echo":
            answer = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            self.send(200, "application/json", json.dumps(answer))
        else:
            self.send(404, "text/plain", "There is no such form.\n")

    def static(self, name):
        path = os.path.join(FILES, "static", name)
        if not os.path.isfile(path):
            self.send(404, "text/plain", "There is no such file.\n")
            return
        with open(path, "rb") as file:
            self.send(200, TYPES.get(os.path.splitext(name)[1], "application/octet-stream"), file.read())

    def events(self):
        """Server-sent events: one a second, ten in all."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.close_connection = True
        for number in range(10):
            self.wfile.write(("data: %d\n\n" % number).encode())
            self.wfile.flush()
            time.sleep(1)

    def websocket(self):
        key = self.headers["Sec-WebSocket-Key"].encode()
        accept = base64.b64encode(hashlib.sha1(key + WEBSOCKET_KEY).digest()).decode()
        self.send_response(101, "Switching Protocols")
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.close_connection = True
        while True:
            frame = self.read_frame()
            if frame is None:
                return
            opcode, payload = frame
            if opcode == 8:  # close
                self.write_frame(8, payload)
                return
            if opcode == 9:  # ping
                self.write_frame(10, payload)
            elif opcode in (1, 2):
                self.write_frame(opcode, payload)

    def read_frame(self):
        head = self.rfile.read(2)
        if len(head) < 2:
            return None
        length = head[1] & 127
        if length == 126:
            length = struct.unpack("!H", self.rfile.read(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self.rfile.read(8))[0]
        if length > MAX_BODY:
            return None
        mask = self.rfile.read(4) if head[1] & 128 else b"\0\0\0\0"
        data = self.rfile.read(length)
        return head[0] & 15, bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))

    def write_frame(self, opcode, data):
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 128 | opcode, size)
        elif size < 65536:
            head = struct.pack("!BBH", 128 | opcode, 126, size)
        else:
            head = struct.pack("!BBQ", 128 | opcode, 127, size)
        self.wfile.write(head + data)
        self.wfile.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--greeting", default="Hello")
    parser.add_argument("--launcher", default="")
    Handler.options = parser.parse_args()
    with open(Handler.options.token_file, "rb") as file:
        Handler.token = file.read().strip()
    os.umask(0o177)
    if os.path.exists(Handler.options.socket):
        os.unlink(Handler.options.socket)
    server = Server(Handler.options.socket, Handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("Listening on %s" % Handler.options.socket, flush=True)
    try:
        server.serve_forever()
    finally:
        os.unlink(Handler.options.socket)


if __name__ == "__main__":
    main()
