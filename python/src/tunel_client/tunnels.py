"""Forwards from this computer to sockets and ports of clusters."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Union

from ._connection import Connection
from ._notebook import Described
from .clusters import ClusterReference, Clusters
from .types import TunnelState


class Tunnel(Described):
    """A forward, open until it is closed or the engine ends."""

    def __init__(self, connection: Connection, state: TunnelState) -> None:
        self._connection = connection
        self.id = state["id"]
        #: Where it is to be reached on this computer: `{"kind": "port", "port": 1234}` or `{"kind": "socket", "path": ...}`.
        self.address = state["local"]
        self.route = state["route"]

    def _shown(self) -> Mapping[str, Any]:
        return {"id": self.id, "address": self.address, "route": self.route["text"]}

    def close(self) -> None:
        """Closes it and all connections through it."""
        self._connection.request("tunnels.close", {"id": self.id})

    def __enter__(self) -> "Tunnel":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Tunnels:
    """Forwards from this computer to sockets and ports of clusters."""

    def __init__(self, connection: Connection, clusters: Clusters) -> None:
        self._connection = connection
        self._clusters = clusters

    def open(
        self,
        cluster: ClusterReference,
        *,
        port: Optional[int] = None,
        socket: Optional[str] = None,
        node: str = "",
        local: Optional[Mapping[str, Union[str, int]]] = None,
    ) -> Tunnel:
        """To a `port` or `socket` of the login node or another `node`; `local`: where it is to be reached here."""
        target: "dict[str, Any]" = {"node": node}
        if socket is None:
            target["port"] = port
        else:
            target["socket"] = socket
        body = {"clusterId": self._clusters.id_of(cluster), "target": target, "local": local or {"kind": "port"}}
        return Tunnel(self._connection, self._connection.request("tunnels.open", body))
