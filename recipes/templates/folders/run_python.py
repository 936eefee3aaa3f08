"""run_python.py SCRIPT WORDS...: a program that opens a port by itself gets this launch's port, on the loopback of its node.

Only the first port that it listens on is replaced; what it opens besides stays where it is, on the loopback as well.
"""
import os
import runpy
import socket
import sys

_port = int(os.environ["TUNEL_PORT"])
_bind = socket.socket.bind
_wanted = {}


def _on_loopback(self, address):
    if self.type & 0xF == socket.SOCK_STREAM and self.family in (socket.AF_INET, socket.AF_INET6) and address[1]:
        port = int(address[1])
        if port == _wanted.setdefault("port", port):
            port = _port
        address = (_host(self), port) + tuple(address[2:])
    return _bind(self, address)


def _host(self):
    if self.family == socket.AF_INET:
        return "127.0.0.1"
    # A socket for both families is still reached by IPv4.
    only = self.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
    return "::1" if only else "::ffff:127.0.0.1"


socket.socket.bind = _on_loopback
script = sys.argv[1]
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
runpy.run_path(script, run_name="__main__")
