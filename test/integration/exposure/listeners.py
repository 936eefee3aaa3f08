"""listeners.py ROOT NODE: listens below ROOT in each way a test knows, a process each with a TUNEL_ID of its own, and
writes ROOT/where: [[name, endpoint], ...]."""

import json
import os
import socket
import struct
import sys
import time

LAB, BEN = 2000, 1002
FOLDERS = {'open': 0o755, 'shut': 0o755, 'group': 0o750}
SOCKETS = {'shut': 0o600, 'group': 0o660}
NAMES = ['closed', 'open', 'group', 'listed', 'shut', 'odd', 'loopback', 'everywhere', 'besides', 'abstract']


def unix(path):
    made = socket.socket(socket.AF_UNIX)
    os.chdir(os.path.dirname(path))
    made.bind(os.path.basename(path))
    made.listen()
    return made


def abstract(name):
    made = socket.socket(socket.AF_UNIX)
    made.bind('\0' + name)
    made.listen()
    return made


def tcp(address):
    made = socket.socket()
    made.bind((address, 0))
    made.listen()
    return made


def allow_ben(path):
    """An access list as setfacl would write it: user::rwx, user:ben:r-x, group::---, mask::r-x, other::---"""
    rules = [(1, 7, -1), (2, 5, BEN), (4, 0, -1), (16, 5, -1), (32, 0, -1)]
    packed = b''.join(struct.pack('<HHi', *rule) for rule in rules)
    os.setxattr(path, 'system.posix_acl_access', struct.pack('<I', 2) + packed)


def listen(root, node, name):
    if name in ('loopback', 'everywhere'):
        held = tcp('127.0.0.1' if name == 'loopback' else '0.0.0.0')
        return [held], {'kind': 'port', 'node': node, 'port': held.getsockname()[1]}
    folder = os.path.join(root, "odd ' \n@x end\n*" if name == 'odd' else name)
    os.mkdir(folder)
    held = [unix(folder + '/s')]
    if name == 'group':
        os.chown(folder, -1, LAB)
        os.chown(folder + '/s', -1, LAB)
    os.chmod(folder + '/s', SOCKETS.get(name, 0o777))
    os.chmod(folder, FOLDERS.get(name, 0o700))
    if name == 'listed':
        allow_ben(folder)
    if name == 'besides':
        held.append(tcp('0.0.0.0'))
    if name == 'abstract':
        held.append(abstract(root))
    return held, {'kind': 'socket', 'node': node, 'path': folder + '/s'}


root, node = sys.argv[1:3]
if len(sys.argv) > 3:
    held, endpoint = listen(root, node, sys.argv[3])
    print(json.dumps([sys.argv[3], endpoint]), flush=True)
    time.sleep(600)
os.mkdir(root, 0o700)
os.chmod(root, 0o755)
found = []
for name in NAMES:
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.dup2(writing, 1)
        environment = dict(os.environ, TUNEL_ID=os.path.basename(root) + name)
        os.execve(sys.executable, [sys.executable, __file__, root, node, name], environment)
    os.close(writing)
    found.append(json.loads(os.fdopen(reading).readline()))
with open(root + '/.where', 'w') as file:
    json.dump(found, file)
os.rename(root + '/.where', root + '/where')
os.wait()
