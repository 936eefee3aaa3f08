"""Where the engine is, and how to start one."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import List, Optional

from .errors import EngineDownError, TokenInvalidError


@dataclass(frozen=True)
class Endpoint:
    """What a client needs to talk to an engine."""

    socket: str
    #: Not in what a traceback or a log shows of it.
    token: str = field(repr=False)


def data_directory() -> str:
    """Where the app, the commands and other programs of this user keep everything."""
    given = os.environ.get("TUNEL_DATA_DIR")
    return os.path.abspath(given or os.path.join(_config_folder(), "Tunel"))


def _config_folder() -> str:
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support")
    if sys.platform == "win32":
        return os.environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
    return os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")


class EngineSearch:
    """Finds the engine that a program means, and starts one where it may."""

    def __init__(self, data: Optional[str], socket: Optional[str], token: Optional[str], start: bool) -> None:
        self._data = os.path.abspath(data) if data else data_directory()
        self._socket = socket or os.environ.get("TUNEL_SOCKET")
        self._token = token or os.environ.get("TUNEL_TOKEN")
        self._starts = start and not self._socket
        if self._socket and self.find() is None:
            raise TokenInvalidError(
                f"There is no token for the socket {self._socket}.",
                hint="Set TUNEL_TOKEN to a token of: tunel token create",
            )

    def find(self) -> Optional[Endpoint]:
        """Where the engine is now; None: nowhere that anybody knows of."""
        if self._socket and self._token:
            return Endpoint(self._socket, self._token)
        address = _read_address(self._data)
        if address is None:
            return None
        if self._socket:
            return Endpoint(self._socket, address["token"]) if address["socket"] == self._socket else None
        return Endpoint(address["socket"], self._token or address["token"]) if _is_alive(address["pid"]) else None

    def start(self) -> None:
        """Starts an engine in the background, if none runs; returns when it can be asked."""
        if not self._starts:
            raise EngineDownError(
                "No engine runs, and this program does not start one.",
                hint="Start the app, or run: tunel engine start",
            )
        environment = {**os.environ, "TUNEL_DATA_DIR": self._data}
        environment.pop("TUNEL_NO_ENGINE", None)
        done = subprocess.run(
            [*_command(), "engine", "start"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            raise EngineDownError("The engine could not be started.", detail=done.stderr.strip() or None)


def _read_address(data: str) -> Optional[dict]:  # type: ignore[type-arg]
    try:
        with open(os.path.join(data, "engine.json"), encoding="utf-8") as file:
            address = json.load(file)
    except (FileNotFoundError, ValueError):
        # No engine has said where it is, or half of the file is written.
        return None
    is_whole = isinstance(address, dict) and all(
        isinstance(address.get(name), kind) for name, kind in (("socket", str), ("token", str), ("pid", int))
    )
    return address if is_whole else None


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        # There, the signal 0 is Ctrl-C.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command() -> List[str]:
    given = os.environ.get("TUNEL_COMMAND")
    if given:
        return shlex.split(given)
    found = shutil.which("tunel")
    if found is None:
        raise EngineDownError(
            "No engine runs, and there is no command `tunel` to start one.",
            hint="Start the app, or set TUNEL_COMMAND to the command.",
        )
    return [found]
