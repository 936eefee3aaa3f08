"""One program's use of an engine, and of the engines that take its place."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, TypeVar

from . import _scope, _transport
from ._engine import Endpoint, EngineSearch
from ._prompts import OnPrompt, PromptAnswerer
from ._stream import Stream, open_stream
from ._transport import NotSent
from .errors import CancelledError, EngineDownError, EngineRunningError, TunelError

T = TypeVar("T")

#: How long a starting engine may take until it can be asked, seconds.
_START_LIMIT = 20.0
_LOOK_AGAIN = 0.03
#: How often something is begun again, and the waiting time before the first and the last repetition, seconds.
_REPETITIONS = 8
_FIRST_WAIT = 0.1
_LONGEST_WAIT = 3.0
#: What passes by itself: the next engine starts, or the cluster is connected again.
PASSING = ("engine-down", "connection-lost", "channel-refused")
DEMO_CLUSTER = "demo"


class Connection:
    """Sends calls to whichever engine there is."""

    def __init__(self, search: EngineSearch, on_prompt: Optional[OnPrompt] = None) -> None:
        self._search = search
        self._lock = threading.RLock()
        self._known: Optional[Endpoint] = None
        self._uses_demo = False
        self._is_closed = False
        #: Closed with the connection.
        self._life = _scope.Scope()
        self._answerer = PromptAnswerer(on_prompt, self._life) if on_prompt else None

    def close(self) -> None:
        self._is_closed = True
        self._life.close()

    def check_open(self) -> None:
        if self._is_closed:
            raise CancelledError("The connection was closed.")

    def request(self, name: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """Makes a request once. Raises a TunelError."""

        def ask(endpoint: Endpoint) -> Any:
            return _transport.request(endpoint, name, body)

        return self._run(ask)

    def repeatable(self, name: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """A request that may be made twice, and is made again where its engine ended before it answered."""

        def ask() -> Any:
            return self.request(name, body)

        return self.repeat(ask, ("engine-down",))

    @contextmanager
    def stream(self, name: str, body: Mapping[str, Any]) -> Iterator[Stream]:
        """Opens a stream, which ends with the block."""
        opened = self._run(lambda endpoint: _enter(open_stream(endpoint, name, body)))
        try:
            yield opened.value
        finally:
            opened.exit()

    def start_demo(self) -> None:
        """The demo cluster is a process beside the engine, started for those who use it."""
        self.repeatable("demo.start")
        self._uses_demo = True

    def repeat(
        self,
        work: Callable[[], T],
        codes: "tuple[str, ...]" = PASSING,
        advance: Callable[[], int] = lambda: 0,
    ) -> T:
        """Does again what may be done twice and failed with what passes by itself.

        `advance` grows while the work gets on: only repetitions without that are counted.
        """
        repetition, furthest = 0, 0
        while True:
            try:
                return work()
            except TunelError as error:
                if advance() > furthest:
                    repetition, furthest = 0, advance()
                if error.code not in codes or repetition == _REPETITIONS:
                    raise
            _scope.pause(min(_FIRST_WAIT * 2**repetition, _LONGEST_WAIT))
            repetition += 1

    @property
    def endpoint(self) -> Optional[Endpoint]:
        """Of the engine that was asked last."""
        return self._known

    def _run(self, work: Callable[[Endpoint], T]) -> T:
        deadline = time.monotonic() + _START_LIMIT
        while True:
            self.check_open()
            _scope.check()
            endpoint = self._search.find()
            if endpoint is not None:
                try:
                    self._prepare(endpoint)
                    return work(endpoint)
                except NotSent:
                    pass
            if time.monotonic() > deadline:
                raise EngineDownError("No engine could be reached.", hint="See its log with: tunel engine log")
            self._start()
            _scope.pause(_LOOK_AGAIN)

    def _start(self) -> None:
        with self._lock:
            if self._search.find() is not None and self._answers():
                return
            try:
                self._search.start()
            except EngineRunningError:
                # Another program was faster.
                pass

    def _answers(self) -> bool:
        endpoint = self._search.find()
        try:
            return endpoint is not None and bool(_transport.request(endpoint, "engine.status", None))
        except (NotSent, TunelError):
            return False

    def _prepare(self, endpoint: Endpoint) -> None:
        """The next engine watches running apps again, and runs the demo cluster, only when somebody asks it to."""
        with self._lock:
            if self._known == endpoint:
                return
            # Before anything is asked that may need a sign-in.
            if self._answerer:
                self._answerer.attach(endpoint)
            known, self._known = self._known, endpoint
            if known is None:
                return
            if self._uses_demo:
                _ask_quietly(endpoint, "demo.start")
        # It answers when the clusters are connected, which not every call needs.
        threading.Thread(target=_ask_quietly, args=(endpoint, "instances.resume"), daemon=True).start()


def _ask_quietly(endpoint: Endpoint, name: str) -> None:
    """A token may not ask for this. Every other failure is met again by what is asked next."""
    try:
        _transport.request(endpoint, name, None)
    except (NotSent, TunelError):
        pass


class _Entered:
    """A context manager that was entered, to be left later."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self.value: Stream = manager.__enter__()

    def exit(self) -> None:
        self._manager.__exit__(None, None, None)


def _enter(manager: Any) -> _Entered:
    return _Entered(manager)


def without_none(values: Dict[str, Any]) -> Dict[str, Any]:
    """What a caller left out is left out of the input."""
    return {name: value for name, value in values.items() if value is not None}
