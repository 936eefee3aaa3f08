"""One engine with its demo cluster for the tests of a module; the environment says which command starts it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
import unittest
from typing import Callable, TypeVar

import tunel_client

T = TypeVar("T")
PATIENCE = 120.0


def eventually(look: Callable[[], T], test: Callable[[T], bool]) -> T:
    end = time.monotonic() + PATIENCE
    while True:
        value = look()
        if test(value):
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not in time; last: {value!r}")
        time.sleep(0.1)


def kill_engine(data: str) -> int:
    with open(os.path.join(data, "engine.json"), encoding="utf-8") as file:
        pid: int = json.load(file)["pid"]
    os.kill(pid, signal.SIGKILL)
    return pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class EngineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.mkdtemp(prefix="tunel-python-")
        cls.data = os.path.join(cls.folder, "data")
        cls.tunel = tunel_client.connect(data_directory=cls.data)

    @classmethod
    def tearDownClass(cls) -> None:
        try:
            pid = cls.tunel.status()["pid"]
            cls.tunel.request("engine.stop", {"force": True})
            # One whose data directory is removed while it ends stays.
            eventually(lambda: is_running(pid), lambda running: not running)
        finally:
            cls.tunel.close()
            shutil.rmtree(cls.folder, ignore_errors=True)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def local_files(self) -> "list[str]":
        return sorted(name for name in os.listdir(self.folder) if name not in ("data", ".ssh"))
