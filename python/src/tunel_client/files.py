"""Files and folders of clusters."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator, List, Union, cast

from ._connection import Connection
from ._transfer import Progress, Source, receive, send
from .clusters import ClusterReference, Clusters
from .types import FileInfo, FileList, FilePlace


class Files:
    """Files and folders of clusters."""

    def __init__(self, connection: Connection, clusters: Clusters) -> None:
        self._connection = connection
        self._clusters = clusters

    def list(self, cluster: ClusterReference, path: str = "") -> FileList:
        """The entries of a folder; an empty path is the home directory."""
        return cast(FileList, self._ask("list", cluster, path=path))

    def stat(self, cluster: ClusterReference, path: str) -> FileInfo:
        """What is at a path: kind, size, time, mode. Raises NotFoundError."""
        return cast(FileInfo, self._ask("stat", cluster, path=path))

    def places(self, cluster: ClusterReference) -> List[FilePlace]:
        """Folders worth a shortcut: home, work, scratch."""
        return cast(List[FilePlace], self._ask("places", cluster))

    def make_directory(self, cluster: ClusterReference, path: str, *, parents: bool = False) -> None:
        """Makes a folder; `parents`: also those above it, and it may be there already."""
        self._do("makeDirectory", cluster, path=path, parents=parents)

    def move(self, cluster: ClusterReference, path: str, new_path: str, *, replace: bool = False) -> None:
        """Gives a file or folder another path; `replace`: also where a file has it."""
        self._do("move", cluster, path=path, newPath=new_path, replace=replace)

    def remove(self, cluster: ClusterReference, path: str, *, recursive: bool = False) -> None:
        """Removes a file, a link or an empty folder; `recursive`: a folder with all that is in it."""
        self._do("remove", cluster, path=path, recursive=recursive)

    @contextmanager
    def read(self, cluster: ClusterReference, path: str, *, offset: int = 0) -> Iterator[Iterator[bytes]]:
        """The bytes of a file from an offset on, as they come."""
        body = {"clusterId": self._clusters.id_of(cluster), "path": path, "offset": offset}
        with self._connection.stream("files.download", body) as stream:
            yield stream.chunks()

    def upload(
        self,
        cluster: ClusterReference,
        source: Source,
        path: str,
        *,
        mode: int = 0o600,
        progress: Progress = None,
    ) -> int:
        """Copies a local file or bytes to a path there, under a temporary name until it is complete. Answers with its bytes."""
        body = {"clusterId": self._clusters.id_of(cluster), "path": path, "mode": mode}
        return send(
            self._connection,
            source,
            lambda size: self._connection.stream("files.upload", {**body, "size": size}),
            progress,
        )

    def download(
        self,
        cluster: ClusterReference,
        path: str,
        target: Union[str, "os.PathLike[str]"],
        *,
        progress: Progress = None,
    ) -> int:
        """Copies a file there to a local path, under a temporary name until it is complete. Answers with its bytes.

        After a lost connection it goes on where it was.
        """
        body = {"clusterId": self._clusters.id_of(cluster), "path": path}
        return receive(
            self._connection,
            target,
            lambda part: self._connection.stream("files.download", {**body, **part}),
            progress,
        )

    def _ask(self, verb: str, cluster: ClusterReference, **body: Any) -> Any:
        return self._connection.repeatable(f"files.{verb}", {**body, "clusterId": self._clusters.id_of(cluster)})

    def _do(self, verb: str, cluster: ClusterReference, **body: Any) -> None:
        self._connection.request(f"files.{verb}", {**body, "clusterId": self._clusters.id_of(cluster)})
