from __future__ import annotations

import http.server
import json
import os
import socketserver
import tempfile
import threading
import unittest
from typing import Any, Dict, List
from unittest import mock

from tunel_client import _engine, _prompts, _scope
from tunel_client.types import Prompt, PromptAnswer


def event(name: str, data: Dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def snapshot(*ids: str) -> bytes:
    return event("snapshot", {"state": {"prompts": [{"id": each} for each in ids]}})


class Engine(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Serves what each subscription hears until it ends, and keeps the answers. The last one does not end."""

    daemon_threads = True

    def __init__(self, path: str, *subscriptions: bytes) -> None:
        super().__init__(path, Handler)
        self.subscriptions = list(subscriptions)
        self.subscribed = 0
        self.is_over = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Engine

    def address_string(self) -> str:
        return "client"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        heard = self.server.subscriptions[self.server.subscribed]
        self.server.subscribed += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(heard)
        if self.server.subscribed == len(self.server.subscriptions):
            self.server.is_over.wait()


class PromptAnswererTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "socket")
        self.asked: List[str] = []
        self.was_asked = threading.Semaphore(0)
        # Nothing is gained by the time before a subscription is repeated here.
        patch = mock.patch.object(_prompts, "_RECONNECT", 0)
        patch.start()
        self.addCleanup(patch.stop)

    def serve(self, *subscriptions: bytes) -> Engine:
        engine = Engine(self.path, *subscriptions)
        threading.Thread(target=engine.serve_forever, daemon=True).start()
        for step in (engine.server_close, engine.shutdown, engine.is_over.set):
            self.addCleanup(step)
        return engine

    def attach(self) -> None:
        def on_prompt(prompt: Prompt) -> PromptAnswer | None:
            self.asked.append(prompt["id"])
            self.was_asked.release()
            return None

        life = _scope.Scope()
        self.addCleanup(life.close)
        _prompts.PromptAnswerer(on_prompt, life).attach(_engine.Endpoint(self.path, "token"))

    def test_one_that_read_too_slowly_subscribes_again(self) -> None:
        too_slow = event("engine.stopped", {"code": "client-too-slow", "message": "Too slow."})
        self.serve(snapshot("a") + too_slow, snapshot("a", "b"))
        self.attach()
        self.assertTrue(self.was_asked.acquire(timeout=60) and self.was_asked.acquire(timeout=60))
        self.assertEqual(sorted(self.asked), ["a", "b"])

    def test_it_leaves_an_engine_that_was_stopped(self) -> None:
        stopped = event("engine.stopped", {"code": "engine-stopped", "message": "Stopped."})
        engine = self.serve(snapshot("a") + stopped, snapshot("b"))
        self.attach()
        self.assertTrue(self.was_asked.acquire(timeout=60))
        for thread in threading.enumerate():
            if thread.name == "tunel-prompts":
                thread.join(60)
        self.assertEqual((engine.subscribed, self.asked), (1, ["a"]))


if __name__ == "__main__":
    unittest.main()
