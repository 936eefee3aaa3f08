"""The saved clusters."""

from __future__ import annotations

from typing import Any, Mapping, Union, cast

from ._connection import DEMO_CLUSTER, Connection
from ._notebook import Described, ItemList
from .errors import NotFoundError
from .types import ClusterFacts, ClusterSummary, LoginNodeUsage


class Cluster(Described):
    """A saved cluster, as it was when it was asked for."""

    def __init__(self, connection: Connection, summary: ClusterSummary) -> None:
        self._connection = connection
        self.id = summary["id"]
        self.name = summary["name"]
        self.host = summary["host"]
        self.user = summary["user"]
        #: Of its connection.
        self.state = summary["state"]

    def _shown(self) -> Mapping[str, Any]:
        return {"name": self.name, "state": self.state, "user": self.user, "host": self.host, "id": self.id}

    def connect(self) -> None:
        """Connects and stays connected. Where the sign-in needs an answer and nobody can be asked: SignInNeededError."""
        self._connection.repeatable("clusters.connect", {"id": self.id})

    def disconnect(self) -> None:
        """Closes the connection; running apps and jobs go on."""
        self._connection.repeatable("clusters.disconnect", {"id": self.id})

    def facts(self) -> ClusterFacts:
        """What is known of it: home directory, schedulers and their queues, runtimes, modules."""
        return cast(ClusterFacts, self._connection.repeatable("clusters.facts", {"id": self.id}))

    def usage(self) -> LoginNodeUsage:
        """What the connections of this engine have cost its login node."""
        return cast(LoginNodeUsage, self._connection.repeatable("clusters.usage", {"id": self.id}))

    def remove(self) -> None:
        """Removes it and its secrets from this computer; running apps go on."""
        self._connection.request("clusters.remove", {"id": self.id})


#: How a call names a cluster: by its name or id, or as it was found.
ClusterReference = Union[str, Cluster]


class Clusters:
    """The saved clusters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> ItemList[Cluster]:
        found = self._connection.repeatable("clusters.list")
        return ItemList(Cluster(self._connection, summary) for summary in found)

    def get(self, cluster: ClusterReference) -> Cluster:
        """By name or id. `demo` is the demo cluster, which is started for it. Raises NotFoundError."""
        wanted = cluster if isinstance(cluster, str) else cluster.id
        if wanted == DEMO_CLUSTER:
            self._connection.start_demo()
        every = self.list()
        for found in every:
            if found.id == wanted:
                return found
        for found in every:
            if found.name == wanted:
                return found
        names = ", ".join(found.name for found in every) or "none"
        raise NotFoundError(f"There is no cluster “{wanted}”.", hint=f"Clusters: {names}.", values={"cluster": wanted})

    def save(self, **values: Any) -> Cluster:
        """Saves a new cluster: `name`, `host`, `user` and more of `clusters.save`. Raises ConflictError for a taken name."""
        return self.get(str(self._connection.request("clusters.save", {"input": values})["id"]))

    def change(self, cluster: ClusterReference, **values: Any) -> Cluster:
        """Changes a saved cluster: all of its values."""
        id = self.id_of(cluster)
        self._connection.repeatable("clusters.save", {"id": id, "input": values})
        return self.get(id)

    def id_of(self, cluster: ClusterReference) -> str:
        """The id of a cluster, looked up where it was named."""
        return self.get(cluster).id if isinstance(cluster, str) else cluster.id
