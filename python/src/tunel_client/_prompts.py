"""Answers to questions of a sign-in."""

from __future__ import annotations

import contextvars
import http.client
import json
import threading
from contextlib import ExitStack
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

from . import _scope, _transport
from ._engine import Endpoint
from ._transport import NotSent
from .errors import ClientTooSlowError, EngineDownError, NotFoundError, TunelError, error_of
from .types import Prompt, PromptAnswer

#: Answers a question of a sign-in; None: somebody else is to answer it.
OnPrompt = Callable[[Prompt], Optional[PromptAnswer]]

_RECONNECT = 0.3


class PromptAnswerer:
    """Puts each question of a sign-in to the program once, in a thread of its own."""

    def __init__(self, on_prompt: OnPrompt, life: _scope.Scope) -> None:
        self._on_prompt = on_prompt
        self._life = life
        self._asked: Set[str] = set()

    def attach(self, endpoint: Endpoint) -> None:
        """Hears the questions of an engine until that ends, from before this returns. Raises NotSent or a TunelError."""
        subscription = self._in_life(lambda: _Subscription(endpoint))
        self._start(lambda: self._follow(endpoint, subscription))

    def _follow(self, endpoint: Endpoint, subscription: "_Subscription") -> None:
        try:
            while True:
                for prompts in subscription.read():
                    self._ask(endpoint, prompts)
                _scope.pause(_RECONNECT)
                subscription = _Subscription(endpoint)
        except (NotSent, TunelError):
            # The engine has ended, or the connection was closed. The call that finds the next engine attaches to it.
            return

    def _ask(self, endpoint: Endpoint, prompts: List[Prompt]) -> None:
        for prompt in prompts:
            if prompt["id"] not in self._asked:
                self._asked.add(prompt["id"])
                self._start(lambda prompt=prompt: self._answer(endpoint, prompt))  # type: ignore[misc]

    def _answer(self, endpoint: Endpoint, prompt: Prompt) -> None:
        try:
            answer = self._on_prompt(prompt)
        except BaseException:
            # Nobody else knows that no answer comes.
            _send(endpoint, prompt, {"kind": "cancel"})
            raise
        if answer is not None:
            _send(endpoint, prompt, answer)

    def _start(self, work: Callable[[], None]) -> None:
        threading.Thread(target=self._in_life, args=(work,), daemon=True, name="tunel-prompts").start()

    def _in_life(self, work: Callable[[], Any]) -> Any:
        """What the work has open ends with the connection, and not with the call that began it."""

        def run() -> Any:
            _scope.current.set(self._life)
            return work()

        return contextvars.copy_context().run(run)


def _send(endpoint: Endpoint, prompt: Prompt, answer: PromptAnswer) -> None:
    try:
        _transport.request(endpoint, "prompts.answer", {"id": prompt["id"], "answer": answer})
    except (NotSent, NotFoundError, EngineDownError):
        # Another client was faster, or the question is not asked any more.
        pass


class _Subscription:
    """The questions of one engine, to a client that can answer them."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._open = ExitStack()
        opened = self._open.enter_context(_transport.open_socket(endpoint.socket))
        connection = _transport.HttpConnection(opened)
        try:
            connection.request("GET", "/v1/events?prompts=1", headers=_transport.headers_of(endpoint))
            self._response = connection.getresponse()
            if self._response.status != 200:
                raise _transport.problem(self._response.read().decode("utf-8"))
            # From the first event on, the engine knows that somebody can be asked.
            self._first = self._event()
        except (http.client.HTTPException, OSError) as error:
            self._open.close()
            raise _transport.engine_ended(error) from error
        except TunelError:
            self._open.close()
            raise

    def read(self) -> Iterator[List[Prompt]]:
        """Those that are asked, as they come, until the subscription ends. Raises the error of an engine that was stopped."""
        with self._open:
            event = self._first
            try:
                while event:
                    yield _prompts_of(event)
                    event = self._event()
            except (http.client.HTTPException, OSError, ClientTooSlowError):
                return

    def _event(self) -> Optional[Dict[str, Any]]:
        """None: no more come."""
        event: Dict[str, Any] = {}
        for line in self._response:
            name, _, value = line.decode("utf-8").rstrip("\r\n").partition(":")
            if name:
                event[name] = value.lstrip(" ")
            elif "data" in event:
                return event
        return None


def _prompts_of(event: Dict[str, Any]) -> List[Prompt]:
    kind = event.get("event")
    if kind == "engine.stopped":
        raise error_of(json.loads(event["data"]))
    if kind == "snapshot":
        prompts: List[Prompt] = json.loads(event["data"])["state"]["prompts"]
        return prompts
    if kind != "state.changed":
        return []
    patches = json.loads(event["data"])["patches"]
    return [patch["value"] for patch in patches if patch["op"] == "put" and patch["slice"] == "prompts"]
