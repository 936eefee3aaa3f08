"""What the stand-ins share: a page that says what it is, and servers on a socket or a port without a log."""

import html
import http.server
import os
import socketserver

STYLE = "font: 16px/1.6 system-ui, sans-serif; max-width: 640px; margin: 64px auto; padding: 0 24px; color: #1c1c28;"


def page(name, *lines):
    """It is a stand-in: nobody shall take its picture for the program's own."""
    told = "".join("<p>%s</p>" % html.escape(line) for line in lines)
    return '<!doctype html><html lang="en"><title>%s (stand-in)</title><body style="%s"><h1>%s (stand-in)</h1>%s' % (
        name,
        STYLE,
        name,
        told,
    )


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, text="", kind="text/html", **headers):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, values in headers.items():
            for value in [values] if isinstance(values, str) else values:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def cookies(self):
        pairs = (self.headers.get("Cookie") or "").split("; ")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    def address_string(self):
        return "gateway"

    def log_message(self, *_):
        pass


class SocketServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def serve_socket(path, handler, mode):
    before = os.umask(0o777 & ~int(mode, 8))
    server = SocketServer(path, handler)
    os.umask(before)
    server.serve_forever()
