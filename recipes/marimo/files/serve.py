"""serve.py edit|run NOTEBOOK: marimo on the Unix socket $TUNEL_SOCKET; its own command line knows only ports.

marimo keeps its token: should it ever begin to listen otherwise than by uvicorn, nobody gets in. What comes by the socket is
the user's, whose folder it is in, and is given the token here.
"""

import base64
import os
import socket
import sys

import uvicorn

with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    signed_in = b"Basic " + base64.b64encode(b"tunel:" + file.read().strip().encode())


def with_token(app):
    async def call(scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            others = [header for header in scope["headers"] if header[0] != b"authorization"]
            scope = dict(scope, headers=[*others, (b"authorization", signed_in)])
        await app(scope, receive, send)

    return call


class Config(uvicorn.Config):
    def __init__(self, app, **options):
        super().__init__(with_token(app), **dict(options, host="localhost", port=0, proxy_headers=False))


class Server(uvicorn.Server):
    def run(self, sockets=None):
        before = os.umask(0o177)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.environ["TUNEL_SOCKET"])
        os.umask(before)
        super().run(sockets=[listener])


uvicorn.Config = Config
uvicorn.Server = Server

from marimo._cli.cli import main  # noqa: E402  (after what it uses is changed)

mode, notebook = sys.argv[1:]
options = ["--headless", "--host", "localhost", "--token-password-file", os.environ["TUNEL_TOKEN_FILE"]]
main([mode, notebook, *options], prog_name="marimo")
