"""Batch jobs."""

from __future__ import annotations

import uuid
from typing import Any, Iterator, Mapping, Optional, cast

from . import _scope
from ._connection import Connection, without_none
from ._follow import follow_log, follow_value
from ._notebook import Described, ItemList
from .clusters import ClusterReference, Clusters
from .errors import JobFailedError, TimeoutError, error_of
from .job_files import JobFiles
from .types import JobInfo, JobState

OVER = ("completed", "failed", "canceled")


class Job(Described):
    """A batch job: a directory on a cluster with inputs, a script and results, and a state."""

    def __init__(self, connection: Connection, info: JobInfo) -> None:
        self._connection = connection
        #: All that was known of it when it was asked for last.
        self.info = info
        self.id = info["id"]
        #: What is in its directory.
        self.files = JobFiles(connection, info["id"])

    @property
    def name(self) -> str:
        return self.info["name"]

    @property
    def state(self) -> JobState:
        return self.info["state"]

    @property
    def directory(self) -> str:
        """Absolute, on the cluster."""
        return self.info["directory"]

    @property
    def cluster(self) -> str:
        return self.info["clusterName"]

    def _shown(self) -> Mapping[str, Any]:
        native = self.info["native"]
        error = self.info["error"]
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "cluster": self.cluster,
            "native": native and " ".join(part for part in (native["id"], native["state"], native["reason"]) if part),
            "directory": self.directory,
            "error": error and error["message"],
        }

    def refresh(self) -> "Job":
        """Asks for all that is known of it now."""
        self.info = self._ask("get")
        return self

    def update(self, **change: Any) -> "Job":
        """Changes `name`, `script`, `launcher`, `resources` or `modules` before it is submitted."""
        self.info = self._ask("update", **change)
        return self

    def submit(self) -> "Job":
        """Submits it once, however often and across whatever end of an engine it is called."""
        self.info = self._ask("submit")
        return self

    def cancel(self) -> None:
        """Ends it; one that is over stays as it is."""
        self._connection.repeatable("jobs.cancel", {"id": self.id})

    def hold(self) -> None:
        """Keeps it from beginning while it waits in a queue, until it is released."""
        self._connection.request("jobs.hold", {"id": self.id})

    def release(self) -> None:
        """Releases it where its user holds it."""
        self._connection.request("jobs.release", {"id": self.id})

    def rerun(
        self,
        *,
        name: Optional[str] = None,
        resources: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
    ) -> "Job":
        """A new job with its inputs, script and values, which is not submitted."""
        change = without_none({"name": name, "resources": resources, "key": key or str(uuid.uuid4())})
        return Job(self._connection, self._ask("rerun", **change))

    def states(self) -> Iterator[JobInfo]:
        """What is known of it, at once and at each change of its state, until it is over."""
        return follow_value(
            self._connection,
            lambda: self.refresh().info,
            lambda info: (info["state"], info["native"] and (info["native"]["state"], info["native"]["reason"])),
            lambda info: info["state"] in OVER,
        )

    def wait(self, *, timeout: Optional[float] = None, check: bool = False) -> "Job":
        """Returns when it is over. `timeout`: TimeoutError after so many seconds. `check`: raises the error of one that failed."""
        with _scope.limit(timeout):
            for _ in self.states():
                pass
        if check and self.state != "completed":
            error = self.info["error"]
            raise error_of(error) if error else JobFailedError(f"The job {self.name} is {self.state}.")
        return self

    def logs(self, start: int = 0) -> Iterator[str]:
        """What it prints, as it grows, until it is over; from a byte on. It has to be submitted."""
        return follow_log(self._connection, self.id, start)

    def archive(self, archived: bool = True) -> "Job":
        """Hides it from lists, or shows it again."""
        self.info = self._ask("archive", archived=archived)
        return self

    def remove(self) -> None:
        """Removes it with its directory on the cluster; only one that is new or over."""
        self._connection.request("jobs.remove", {"id": self.id})

    def _ask(self, verb: str, **body: Any) -> JobInfo:
        return cast(JobInfo, self._connection.repeatable(f"jobs.{verb}", {**body, "id": self.id}))


class Jobs:
    """Batch jobs of every cluster."""

    def __init__(self, connection: Connection, clusters: Clusters) -> None:
        self._connection = connection
        self._clusters = clusters

    def create(
        self,
        cluster: ClusterReference,
        name: str,
        *,
        script: Optional[str] = None,
        recipe: Optional[str] = None,
        args: Optional[Mapping[str, Any]] = None,
        launcher: Optional[str] = None,
        resources: Optional[Mapping[str, Any]] = None,
        modules: Optional["list[str]"] = None,
        work_directory: Optional[str] = None,
        key: Optional[str] = None,
    ) -> Job:
        """Makes a job and its directory, from a script or from a recipe and its values; nothing is submitted.

        With a `key` of yours a repeated call answers with the job that the first one made.
        """
        body = without_none(
            {
                "clusterId": self._clusters.id_of(cluster),
                "name": name,
                "script": script,
                "recipe": recipe,
                "args": args,
                "launcher": launcher,
                "resources": resources,
                "modules": modules,
                "workDirectory": work_directory,
                "key": key or str(uuid.uuid4()),
            }
        )
        return Job(self._connection, self._connection.repeatable("jobs.create", body))

    def get(self, id: str) -> Job:
        """Raises NotFoundError."""
        return Job(self._connection, self._connection.repeatable("jobs.get", {"id": id}))

    def query(self, cluster: Optional[ClusterReference] = None, **conditions: Any) -> Iterator[Job]:
        """Those that meet all conditions given, newest first: `states`, `text`, `archived`, `from_`, `to`."""
        body = {name.rstrip("_"): value for name, value in conditions.items()}
        if cluster is not None:
            body["clusterId"] = self._clusters.id_of(cluster)
        while True:
            page = self._connection.repeatable("jobs.query", body)
            for info in page["jobs"]:
                yield Job(self._connection, info)
            if page["next"] is None:
                return
            body["cursor"] = page["next"]

    def list(self, cluster: Optional[ClusterReference] = None, *, limit: int = 50) -> ItemList[Job]:
        """The newest ones."""
        jobs: ItemList[Job] = ItemList()
        for job in self.query(cluster, limit=min(limit, 200)):
            if len(jobs) == limit:
                break
            jobs.append(job)
        return jobs


__all__ = ["Job", "Jobs", "TimeoutError"]
