"""tunel_serve.py FILE VARIABLE: the ASGI app of that name in that file, on the Unix socket $TUNEL_SOCKET."""

import importlib
import os
import socket
import sys

import uvicorn

folder, file = os.path.split(sys.argv[1])
sys.path.insert(0, folder)
app = importlib.import_module(os.path.splitext(file)[0])
for name in sys.argv[2].split("."):
    if not hasattr(app, name):
        sys.exit("%s has no %s." % (sys.argv[1], sys.argv[2]))
    app = getattr(app, name)
before = os.umask(0o177)
listener = socket.socket(socket.AF_UNIX)
listener.bind(os.environ["TUNEL_SOCKET"])
os.umask(before)
uvicorn.Server(uvicorn.Config(app, proxy_headers=False)).run(sockets=[listener])
