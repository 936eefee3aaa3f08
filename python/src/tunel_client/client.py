"""An engine, and all that it can be asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Iterator, Mapping, Optional, cast

from ._connection import Connection
from ._engine import EngineSearch
from ._follow import follow_transitions
from ._prompts import OnPrompt
from ._stream import Stream
from .apps import Apps
from .clusters import Clusters
from .files import Files
from .jobs import Jobs
from .transfers import Transfers
from .tunnels import Tunnels
from .types import EngineStatus, Transition


class Tunel:
    """An engine, and all that it can be asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.clusters = Clusters(connection)
        self.apps = Apps(connection, self.clusters)
        self.jobs = Jobs(connection, self.clusters)
        self.files = Files(connection, self.clusters)
        self.tunnels = Tunnels(connection, self.clusters)
        self.transfers = Transfers(self.files)

    def status(self) -> EngineStatus:
        """Which engine answers, and what is live in it."""
        return cast(EngineStatus, self._connection.repeatable("engine.status"))

    def events(self, after: Optional[int] = None) -> Iterator[Transition]:
        """What happens to apps, jobs and clusters from now on, or after the transition with an id: each once and in order."""
        return follow_transitions(self._connection, after)

    def request(self, name: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """Any request of the API, as docs/engine.md and the OpenAPI document describe them. It is made once."""
        return self._connection.request(name, body)

    def stream(self, name: str, body: Mapping[str, Any]) -> "AbstractContextManager[Stream]":
        """Any stream of the API."""
        return self._connection.stream(name, body)

    def close(self) -> None:
        """Ends what this program waits for; apps and jobs go on."""
        self._connection.close()

    def __enter__(self) -> "Tunel":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        endpoint = self._connection.endpoint
        return f"Tunel(socket={endpoint.socket!r})" if endpoint else "Tunel()"


def connect(
    *,
    data_directory: Optional[str] = None,
    socket: Optional[str] = None,
    token: Optional[str] = None,
    start: bool = True,
    on_prompt: Optional[OnPrompt] = None,
) -> Tunel:
    """Finds the engine of the data directory, or starts one in the background.

    What is left out comes from TUNEL_DATA_DIR, TUNEL_SOCKET and TUNEL_TOKEN. An engine is started by TUNEL_COMMAND, else
    by the command `tunel` on the path.

    `on_prompt` answers questions of a sign-in: passwords, codes, unknown host keys. It is called in a thread of its own with a
    `types.Prompt` and returns a `types.PromptAnswer`, or None where somebody else is to answer. Without it the app or a command
    on a terminal asks the user; where nobody can be asked, a call raises SignInNeededError, whose hint says what to do.
    """
    tunel = Tunel(Connection(EngineSearch(data_directory, socket, token, start), on_prompt))
    try:
        tunel.status()
    except BaseException:
        tunel.close()
        raise
    return tunel
