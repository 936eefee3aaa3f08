"""serve.py APP WORDS...: a Streamlit app on the Unix socket $TUNEL_SOCKET, as every version of Streamlit can do it."""

import os
import socket
import sys

path = os.environ["TUNEL_SOCKET"]
try:
    from streamlit.starlette import App
except ImportError:
    # Tornado served it then, which takes the path of a socket as an address.
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", sys.argv[1], "--server.address", "unix://" + path, "--", *sys.argv[2:]]
    sys.exit(cli.main())

import uvicorn

sys.argv = sys.argv[1:]
before = os.umask(0o177)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
os.umask(before)
uvicorn.Server(uvicorn.Config(App(sys.argv[0]), proxy_headers=False)).run(sockets=[listener])
