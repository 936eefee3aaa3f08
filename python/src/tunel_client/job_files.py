"""The files of a job."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Union, cast

from ._connection import Connection
from ._notebook import Described, table
from ._transfer import Progress, Source, receive, send
from .types import FileEntry, FileList


class JobFile(Described):
    """A file in the directory of a job, which need not be there yet."""

    def __init__(self, connection: Connection, job: str, path: str) -> None:
        self._connection = connection
        self._job = job
        self.path = path

    def _shown(self) -> Mapping[str, Any]:
        return {"path": self.path, "job": self._job}

    def upload(self, source: Source, *, mode: int = 0o600, progress: Progress = None) -> int:
        """Writes a local file or bytes to it, under a temporary name until they are complete. Answers with its bytes."""
        body = {"id": self._job, "path": self.path, "mode": mode}
        return send(
            self._connection,
            source,
            lambda size: self._connection.stream("jobs.upload", {**body, "size": size}),
            progress,
        )

    def download(self, target: Union[str, "os.PathLike[str]"], *, progress: Progress = None) -> int:
        """Copies it to a local path, under a temporary name until it is complete. Answers with its bytes.

        After a lost connection it goes on where it was.
        """
        body = {"id": self._job, "path": self.path}
        return receive(
            self._connection,
            target,
            lambda part: self._connection.stream("jobs.download", {**body, **part}),
            progress,
        )

    @contextmanager
    def read(self, *, offset: int = 0) -> Iterator[Iterator[bytes]]:
        """Its bytes from an offset on, as they come."""
        body = {"id": self._job, "path": self.path, "offset": offset}
        with self._connection.stream("jobs.download", body) as stream:
            yield stream.chunks()

    def read_bytes(self) -> bytes:
        def once() -> bytes:
            with self.read() as chunks:
                return b"".join(chunks)

        return self._connection.repeat(once)

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    def remove(self) -> None:
        """Removes it; a folder has to be empty."""
        self._connection.request("jobs.removeFile", {"id": self._job, "path": self.path})


class JobFiles:
    """What is in the directory of a job: `job.files["out.h5"]` is one file of it."""

    def __init__(self, connection: Connection, job: str) -> None:
        self._connection = connection
        self._job = job

    def __getitem__(self, path: str) -> JobFile:
        return JobFile(self._connection, self._job, path)

    def __iter__(self) -> Iterator[str]:
        return (entry["name"] for entry in self.list()["entries"])

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def list(self, path: str = "") -> FileList:
        """The entries of the directory, or of a folder in it."""
        return cast(FileList, self._connection.repeatable("jobs.files", {"id": self._job, "path": path}))

    def upload(self, source: Source, path: str, *, mode: int = 0o600, progress: Progress = None) -> int:
        """The same as `files[path].upload(source)`."""
        return self[path].upload(source, mode=mode, progress=progress)

    def download(self, path: str, target: Union[str, "os.PathLike[str]"], *, progress: Progress = None) -> int:
        """The same as `files[path].download(target)`."""
        return self[path].download(target, progress=progress)

    def remove(self, path: str) -> None:
        """The same as `files[path].remove()`."""
        self[path].remove()

    def _repr_html_(self) -> str:
        entries: "list[FileEntry]" = self.list()["entries"]
        return table([(entry["name"], entry["kind"], entry["size"]) for entry in entries], ("name", "kind", "bytes"))
