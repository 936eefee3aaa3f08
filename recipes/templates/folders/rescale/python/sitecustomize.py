"""The app asks for port 8888 of every interface; it gets this launch's own port, on the loopback of its node."""
import importlib.machinery
import importlib.util
import os
import socket
import sys

_own = os.path.dirname(os.path.abspath(__file__))
_port = os.environ.get("TUNEL_PORT", "")
_bind = socket.socket.bind


def _private(self, address):
    if isinstance(address, tuple) and len(address) >= 2 and str(address[1]) == "8888" and _port.isdigit():
        host = "::1" if self.family == socket.AF_INET6 else "127.0.0.1"
        address = (host, int(_port)) + tuple(address[2:])
    return _bind(self, address)


socket.socket.bind = _private

# The one this one hides, if there is one.
_spec = importlib.machinery.PathFinder.find_spec(
    "sitecustomize", [p for p in sys.path if os.path.abspath(p or ".") != _own]
)
if _spec and _spec.loader:
    _spec.loader.exec_module(importlib.util.module_from_spec(_spec))
