"""Serves bumps' page on a socket that only its user can open; by its command line it has a port, which is for all of the node."""

import os
import socket

from aiohttp import web
from bumps.cli import get_commandline_options
from bumps.webview import webserver


class PrivateSocket(socket.socket):
    """bumps notes the host and the port of what it listens on."""

    def getsockname(self):
        return ("localhost", 0)


listening = PrivateSocket(socket.AF_UNIX, socket.SOCK_STREAM)
listening.bind(os.environ["TUNEL_SOCKET"])
webserver.init_web_app()
webserver.setup_app(get_commandline_options(), sock=listening)
web.run_app(webserver.app, sock=listening)
