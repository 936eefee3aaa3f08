"""Serves the folder it is started in on the Unix socket $TUNEL_SOCKET; names that begin with a dot are not shown."""
import os
import posixpath
import socket
import socketserver
from http.server import SimpleHTTPRequestHandler
from urllib.parse import unquote, urlsplit


class Handler(SimpleHTTPRequestHandler):
    def send_head(self):
        path = posixpath.normpath(unquote(urlsplit(self.path).path))
        inside = os.path.realpath(self.translate_path(self.path))
        root = os.path.realpath(os.getcwd())
        hidden = any(part.startswith(".") for part in path.split("/"))
        if hidden or (inside != root and not inside.startswith(root + os.sep)):
            self.send_error(404)
            return None
        return super().send_head()

    def end_headers(self):
        # What was saved a moment ago is what must be seen.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def address_string(self):
        return "-"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    address_family = socket.AF_UNIX
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("127.0.0.1", 0)


if __name__ == "__main__":
    os.umask(0o077)
    path = os.environ["TUNEL_SOCKET"]
    if os.path.exists(path):
        os.unlink(path)
    with Server(path, Handler) as server:
        server.serve_forever()
