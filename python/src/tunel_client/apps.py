"""Apps that were started from recipes."""

from __future__ import annotations

import uuid
from typing import Any, Iterator, Mapping, Optional, cast

from . import _scope
from ._connection import Connection, without_none
from ._follow import follow_log, follow_value
from ._notebook import Described
from .clusters import ClusterReference, Clusters
from .errors import JobFailedError, TunelError, error_of
from .types import Instance, InstanceState

_OVER = ("ended", "failed")


class App(Described):
    """A running or ended app."""

    def __init__(self, connection: Connection, info: Instance) -> None:
        self._connection = connection
        #: All that was known of it when it was asked for last.
        self.info = info
        self.id = info["id"]

    @property
    def title(self) -> str:
        return self.info["title"]

    @property
    def state(self) -> InstanceState:
        return self.info["state"]

    def _shown(self) -> Mapping[str, Any]:
        error = self.info["error"]
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "cluster": self.info["clusterName"],
            "error": error and error["message"],
        }

    def refresh(self) -> "App":
        """Asks for all that is known of it now."""
        self.info = cast(Instance, self._connection.repeatable("history.get", {"id": self.id}))
        return self

    def states(self) -> Iterator[Instance]:
        """What is known of it, at once and at each change of its state, until it is over."""
        return follow_value(
            self._connection,
            lambda: self.refresh().info,
            lambda info: (info["state"], [step["state"] for step in info["steps"]]),
            lambda info: info["state"] in _OVER,
        )

    def ready(self, *, timeout: Optional[float] = None) -> "App":
        """Returns when it answers. Raises the error of its launch, or TimeoutError after so many seconds."""
        with _scope.limit(timeout):
            for info in self.states():
                if info["state"] == "ready":
                    return self
        raise self._failure()

    def wait(self, *, timeout: Optional[float] = None) -> "App":
        """Returns when it is over, however it ended."""
        with _scope.limit(timeout):
            for _ in self.states():
                pass
        return self

    def logs(self, start: int = 0) -> Iterator[str]:
        """The text of its log as it grows, until it is over; from a byte on."""
        return follow_log(self._connection, self.id, start)

    def stop(self) -> None:
        """Asks it to save, then ends it."""
        self._connection.repeatable("instances.stop", {"id": self.id})

    def end(self) -> None:
        """Ends it at once; what it has not saved is lost."""
        self._connection.repeatable("instances.end", {"id": self.id})

    def remove(self) -> None:
        """Takes it off the list once it is over, and its directory off the cluster."""
        self._connection.request("instances.remove", {"id": self.id})

    def browser_link(self) -> str:
        """A link that works once, within a minute, in any browser of this user."""
        return str(self._connection.repeatable("instances.browserLink", {"id": self.id})["url"])

    def _failure(self) -> TunelError:
        error = self.info["error"]
        return error_of(error) if error else JobFailedError(f"{self.title} is {self.state}.")


class Apps:
    """Apps that were started from recipes."""

    def __init__(self, connection: Connection, clusters: Clusters) -> None:
        self._connection = connection
        self._clusters = clusters

    def launch(
        self,
        cluster: ClusterReference,
        recipe: str,
        *,
        args: Optional[Mapping[str, Any]] = None,
        resources: Optional[Mapping[str, Any]] = None,
        launcher: Optional[str] = None,
        runtime: Optional[str] = None,
        modules: Optional["list[str]"] = None,
        work_directory: Optional[str] = None,
        title: Optional[str] = None,
        key: Optional[str] = None,
    ) -> App:
        """Starts an app once and answers at once, also across the end of an engine.

        With a `key` of yours a repeated call answers with the app that the first one started.
        """
        body = without_none(
            {
                "clusterId": self._clusters.id_of(cluster),
                "recipe": recipe,
                "args": args,
                "resources": resources,
                "launcher": launcher,
                "runtime": runtime,
                "modules": modules,
                "workDirectory": work_directory,
                "title": title,
                "key": key or str(uuid.uuid4()),
            }
        )
        return self.get(str(self._connection.repeatable("instances.launch", body)["id"]))

    def get(self, id: str) -> App:
        """Raises NotFoundError."""
        return App(self._connection, self._connection.repeatable("history.get", {"id": id}))

    def query(self, **conditions: Any) -> Iterator[App]:
        """Those that this computer knows, live and ended, newest first: `text`, `states`, `recipe`, ..."""
        body: "dict[str, Any]" = {"kind": "app", **conditions}
        while True:
            page = self._connection.repeatable("history.query", body)
            for info in page["instances"]:
                yield App(self._connection, info)
            if page["next"] is None:
                return
            body["cursor"] = page["next"]
