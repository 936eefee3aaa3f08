"""Runs a server that knows ports only, and leads a Unix socket to it: bridge.py SOCKET COMMAND... (the port is added)."""

import asyncio
import os
import signal
import socket
import sys


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def pump(reader, writer):
    try:
        while True:
            data = await reader.read(65536)
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (OSError, RuntimeError):
        writer.close()


async def main(path, command):
    port = free_port()
    child = await asyncio.create_subprocess_exec(*command, str(port))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, child.terminate)

    async def connected(reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        far_writer.close()
        writer.close()

    os.umask(0o177)
    await asyncio.start_unix_server(connected, path)
    return await child.wait()


sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2:])))
