"""TensorBoard on the Unix socket $TUNEL_SOCKET: its own command line knows only ports, which have no password."""

import os
import sys

from tensorboard import default, program
from werkzeug import serving


class SocketServer(program.TensorBoardServer):
    def __init__(self, wsgi_app, flags):
        before = os.umask(0o177)
        self.server = serving.make_server(
            "unix://" + os.environ["TUNEL_SOCKET"], 0, wsgi_app, threaded=True, request_handler=Handler
        )
        os.umask(before)

    def serve_forever(self):
        self.server.serve_forever()

    def get_url(self):
        return "http://localhost:0/"


class Handler(serving.WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "tunel"


board = program.TensorBoard(default.get_plugins(), server_class=SocketServer)
board.configure(argv=["tensorboard", *sys.argv[1:]])
sys.exit(board.main())
