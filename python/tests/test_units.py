from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import threading
import time
import types
import unittest
from typing import Any, Dict, Iterator, List, Optional, Tuple
from unittest import mock

from tunel_client import _connection, _engine, _scope, _transfer, _transport, _websocket, errors, hpc_gateway
from tunel_client._notebook import Described, ItemList, table


def frame(kind: int, payload: bytes, *, is_last: bool = True) -> bytes:
    """A frame as a server sends it, without a mask."""
    first = (0x80 if is_last else 0) | kind
    size = len(payload)
    if size < 126:
        return bytes([first, size]) + payload
    if size < 65536:
        return bytes([first, 126]) + size.to_bytes(2, "big") + payload
    return bytes([first, 127]) + size.to_bytes(8, "big") + payload


class WebSocketTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server, client = socket.socketpair()
        self.addCleanup(client.close)
        self.addCleanup(self.server.close)
        self.socket = _websocket.WebSocket(client)

    def serve(self, *parts: bytes) -> None:
        def send() -> None:
            for part in parts:
                self.server.sendall(part)

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        self.addCleanup(sender.join)

    def test_messages_of_every_length(self) -> None:
        for size in (0, 1, 125, 126, 65535, 65536, 300_000):
            self.serve(frame(_websocket.BINARY, b"x" * size))
            self.assertEqual(self.socket.receive(), (_websocket.BINARY, b"x" * size))

    def test_what_is_sent_is_a_masked_frame_of_its_length(self) -> None:
        for size in (0, 125, 126, 65535, 65536):
            sender = threading.Thread(target=self.socket.send, args=(_websocket.BINARY, b"y" * size))
            sender.start()
            head = self.server.recv(2, socket.MSG_WAITALL)
            self.assertEqual((head[0], head[1] & 0x80), (0x82, 0x80))
            more = {126: 2, 127: 8}.get(head[1] & 0x7F, 0)
            length = int.from_bytes(self.server.recv(more, socket.MSG_WAITALL), "big") if more else head[1] & 0x7F
            self.assertEqual(length, size)
            self.assertEqual(self.server.recv(4, socket.MSG_WAITALL), b"\0\0\0\0")
            self.assertEqual(self.server.recv(size, socket.MSG_WAITALL) if size else b"", b"y" * size)
            sender.join()

    def test_parts_of_a_message_with_a_ping_between_them(self) -> None:
        ping = frame(_websocket.PING, b"?")
        self.serve(frame(_websocket.TEXT, b"one ", is_last=False) + ping + frame(0, b"two"))
        self.assertEqual(self.socket.receive(), (_websocket.TEXT, b"one two"))
        self.assertEqual(self.server.recv(100), bytes([0x8A, 0x81]) + b"\0\0\0\0?")

    def test_a_frame_that_comes_byte_by_byte(self) -> None:
        self.serve(*(bytes([byte]) for byte in frame(_websocket.TEXT, b"slow")))
        self.assertEqual(self.socket.receive(), (_websocket.TEXT, b"slow"))

    def test_the_end_of_the_connection(self) -> None:
        self.server.sendall(frame(_websocket.TEXT, b"cut off")[:4])
        self.server.shutdown(socket.SHUT_WR)
        with self.assertRaises(EOFError):
            self.socket.receive()

    def test_a_refusal_is_the_error_of_the_engine(self) -> None:
        body = json.dumps({"code": "scope-missing", "message": "Not with this token."}).encode()
        self.server.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.shutdown(socket.SHUT_WR)
        with self.assertRaises(errors.ScopeMissingError):
            self.socket.upgrade("/v1/streams/files/upload", {})


class EngineSearchTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = folder.name
        self.write({"socket": "/run/engine.sock", "token": "of-owner", "pid": os.getpid()})
        cleared = {name: value for name, value in os.environ.items() if not name.startswith("TUNEL_")}
        patch = mock.patch.dict(os.environ, cleared, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, address: Any) -> None:
        with open(os.path.join(self.data, "engine.json"), "w", encoding="utf-8") as file:
            json.dump(address, file)

    def test_the_engine_of_the_data_directory(self) -> None:
        os.environ["TUNEL_DATA_DIR"] = self.data
        search = _engine.EngineSearch(None, None, None, True)
        self.assertEqual(search.find(), _engine.Endpoint("/run/engine.sock", "of-owner"))
        os.environ["TUNEL_TOKEN"] = "mine"
        self.assertEqual(_engine.EngineSearch(None, None, None, True).find().token, "mine")
        for wrong in ({}, [], {"socket": 1, "token": "", "pid": 1}, {"socket": "", "token": "", "pid": 2**22 + 1}):
            self.write(wrong)
            self.assertIsNone(search.find())
        with open(os.path.join(self.data, "engine.json"), "w", encoding="utf-8") as file:
            file.write('{"socket": ')
        self.assertIsNone(search.find())

    def test_a_given_socket(self) -> None:
        os.environ["TUNEL_SOCKET"] = "/other.sock"
        with self.assertRaises(errors.TokenInvalidError):
            _engine.EngineSearch(self.data, None, None, True)
        search = _engine.EngineSearch(self.data, None, "mine", True)
        self.assertEqual(search.find(), _engine.Endpoint("/other.sock", "mine"))
        with self.assertRaises(errors.EngineDownError):
            search.start()

    def test_without_a_command(self) -> None:
        os.environ["PATH"] = self.data
        with self.assertRaises(errors.EngineDownError) as caught:
            _engine.EngineSearch(self.data, None, None, True).start()
        self.assertIn("TUNEL_COMMAND", str(caught.exception))


class EndpointTest(unittest.TestCase):
    def test_the_token_is_not_shown(self) -> None:
        self.assertNotIn("secret", repr(_engine.Endpoint("/run/engine.sock", "secret")))

    def test_looking_for_an_engine_sends_no_signal_on_windows(self) -> None:
        with mock.patch.object(sys, "platform", "win32"), mock.patch.object(os, "kill") as kill:
            self.assertTrue(_engine._is_alive(1))
        kill.assert_not_called()


class NotebookTest(unittest.TestCase):
    def test_values_are_text(self) -> None:
        self.assertIn("<td>&lt;b&gt;&amp;</td>", table([("<b>&", None)]))
        self.assertIn("<td></td>", table([("x", None)]))

    def test_lists(self) -> None:
        class Thing(Described):
            def _shown(self) -> "dict[str, Any]":
                return {"name": "a", "state": ""}

        self.assertEqual(repr(Thing()), "Thing(name='a')")
        self.assertEqual(ItemList()._repr_html_(), "<em>none</em>")
        self.assertIn("<th>name</th>", ItemList([Thing()])._repr_html_())


class ProgressTest(unittest.TestCase):
    def test_a_bar_of_tqdm_where_it_is_installed(self) -> None:
        bars: List[Any] = []

        class Bar:
            def __init__(self, **options: Any) -> None:
                self.options, self.n = options, 0
                bars.append(self)

            def update(self, more: int) -> None:
                self.n += more

            def __enter__(self) -> "Bar":
                return self

            def __exit__(self, *_: object) -> None:
                pass

        module = types.ModuleType("tqdm.auto")
        module.tqdm = Bar  # type: ignore[attr-defined]
        with mock.patch.dict(sys.modules, {"tqdm": types.ModuleType("tqdm"), "tqdm.auto": module}):
            with _transfer._reported(None, 30) as report:
                report(10)
                report(30)
            with _transfer._reported(False, 30) as report:
                report(30)
        self.assertEqual([(bar.n, bar.options["total"]) for bar in bars], [(30, 30)])

    def test_without_tqdm(self) -> None:
        with mock.patch.dict(sys.modules, {"tqdm": None, "tqdm.auto": None}):
            with _transfer._reported(None, 30) as report:
                report(10)


class Served:
    """A stream of a file, which is lost after so many bytes; None: it is not."""

    def __init__(self, content: bytes, version: Optional[str], offset: int, lost_after: Optional[int]) -> None:
        self.opened = {"file": {"version": version, "size": len(content)}, "offset": offset}
        self.closed: Optional[Dict[str, Any]] = None
        self._rest, self._lost_after = content[offset:], lost_after

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def chunks(self) -> Iterator[bytes]:
        yield self._rest[: self._lost_after]
        if self._lost_after is not None:
            raise errors.ConnectionLostError("Lost.")
        self.closed = {"bytes": len(self._rest)}


class DownloadTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.target = os.path.join(folder.name, "out")
        self.offsets: List[int] = []
        # Nothing is gained by the waiting time between two repetitions here.
        patch = mock.patch.object(_scope, "pause", lambda _seconds: None)
        patch.start()
        self.addCleanup(patch.stop)

    def download(self, *ways: Tuple[bytes, Optional[str], Optional[int]], progress: Any = False) -> int:
        """Each way is how the file is served next; the last one is that of all further ones."""

        def open_part(part: Any) -> Any:
            content, version, lost_after = ways[min(len(self.offsets), len(ways) - 1)]
            self.offsets.append(part["offset"])
            return Served(content, version, part["offset"], lost_after)

        connection = _connection.Connection(mock.Mock())
        return _transfer.receive(connection, self.target, open_part, progress)

    def read(self) -> bytes:
        with open(self.target, "rb") as file:
            return file.read()

    def test_it_goes_on_at_its_byte(self) -> None:
        seen: List[Any] = []
        ways = [(b"one two three", "a", lost) for lost in (4, 4, None)]
        self.assertEqual(self.download(*ways, progress=lambda *now: seen.append(now)), 13)
        self.assertEqual((self.offsets, self.read(), seen), ([0, 4, 8], b"one two three", [(4, 13), (8, 13), (13, 13)]))
        self.assertEqual(os.listdir(self.folder), ["out"])

    def test_another_file_is_fetched_from_its_beginning(self) -> None:
        self.download((b"old and long", "a", 5), (b"new", "b", None))
        self.assertEqual((self.offsets, self.read()), ([0, 5, 0], b"new"))

    def test_a_file_of_which_nobody_can_say_that_it_is_the_same(self) -> None:
        self.download((b"one two", None, 3), (b"one two", None, None))
        self.assertEqual((self.offsets, self.read()), ([0, 0], b"one two"))

    def test_it_is_given_up_after_repetitions_that_brought_nothing(self) -> None:
        with self.assertRaises(errors.ConnectionLostError):
            self.download((b"one two three", "a", 4), (b"one two three", "a", 0))
        self.assertEqual((self.offsets, os.listdir(self.folder)), ([0] + [4] * 8, []))

    def test_repetitions_that_get_on_are_not_counted(self) -> None:
        self.download(*[(b"x" * 40, "a", 1)] * 39, (b"x" * 40, "a", None))
        self.assertEqual((len(self.offsets), self.read()), (40, b"x" * 40))


class ScopeTest(unittest.TestCase):
    def test_a_limit_ends_what_waits(self) -> None:
        with self.assertRaises(errors.TimeoutError):
            with _scope.limit(0.01):
                _scope.pause(60)

    def test_a_limit_is_told_from_a_cancellation_while_sockets_are_still_shut(self) -> None:
        one, other = socket.socketpair()
        with one, other, mock.patch.object(_scope, "_shut", lambda _: time.sleep(0.1)):
            with self.assertRaises(errors.TimeoutError):
                with _scope.limit(0.01):
                    scope = _scope.current.get()
                    assert scope is not None
                    scope.add(one)
                    _scope.pause(60)

    def test_an_inner_wait_ends_with_the_outer_one(self) -> None:
        outer = _scope.Scope()
        token = _scope.current.set(outer)
        self.addCleanup(_scope.current.reset, token)
        threading.Timer(0.01, outer.close).start()
        with self.assertRaises(errors.CancelledError):
            with _scope.limit(60):
                _scope.pause(60)

    def test_a_socket_that_is_opened_too_late_is_shut(self) -> None:
        scope = _scope.Scope()
        scope.close()
        one, other = socket.socketpair()
        with one, other:
            scope.add(one)
            self.assertEqual(other.recv(1), b"")


class GatewayTest(unittest.TestCase):
    def test_scripts(self) -> None:
        self.assertEqual(hpc_gateway._script({"executable_cmd": "hostname > out"}), "#!/bin/sh\nhostname > out\n")
        command = {"image": "docker://a b", "executable_cmd": "> output"}
        self.assertEqual(hpc_gateway._script(command), "#!/bin/sh\napptainer run 'docker://a b' > output\n")
        self.assertEqual(hpc_gateway._script({"script": "#!/bin/bash\n"}), "#!/bin/bash\n")


class ErrorTest(unittest.TestCase):
    def test_an_error_keeps_what_the_engine_said(self) -> None:
        error = errors.error_of({"code": "queue-unknown", "message": "No.", "hint": "Try cpu.", "values": {"queue": "x"}})
        self.assertIsInstance(error, errors.QueueUnknownError)
        self.assertEqual((str(error), error.values), ("No. Try cpu.", {"queue": "x"}))
        self.assertIsInstance(errors.error_of({"code": "of-a-later-version", "message": "?"}), errors.TunelError)
        self.assertIsInstance(_transport.problem("<html>"), errors.InternalError)


if __name__ == "__main__":
    unittest.main()
