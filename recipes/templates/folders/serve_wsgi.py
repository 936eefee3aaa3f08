"""Serves a WSGI app (MODULE:NAME) on the Unix socket $TUNEL_SOCKET with nothing but Python's own library."""
import importlib
import os
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

sys.path.insert(0, os.getcwd())


def load(target):
    module, _, path = target.partition(":")
    app = importlib.import_module(module)
    for name in (path or "application").split("."):
        # `create_app()` is a function that makes it.
        app = getattr(app, name[:-2])() if name.endswith("()") else getattr(app, name)
    return app


def with_static_files(app):
    """In DEBUG Django's own server gives out static files; so does this one."""
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        return app
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    wants = settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS
    return StaticFilesHandler(app) if wants else app


class Handler(WSGIRequestHandler):
    def address_string(self):
        return "-"


class Server(socketserver.ThreadingMixIn, WSGIServer):
    import socket

    address_family = socket.AF_UNIX
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self):
        # Of its bases only TCPServer knows how to bind a path; HTTPServer would take it apart.
        socketserver.TCPServer.server_bind(self)
        self.server_name = "localhost"
        self.server_port = 80
        self.setup_environ()

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("127.0.0.1", 0)


if __name__ == "__main__":
    os.umask(0o077)
    path = os.environ["TUNEL_SOCKET"]
    application = with_static_files(load(sys.argv[1]))
    if os.path.exists(path):
        os.unlink(path)
    with Server(path, Handler) as server:
        server.set_app(application)
        server.serve_forever()
