"""The nine calls of the HPC gateway, for one cluster of an engine.

A program that was written for that SDK changes its import to `from tunel_client.hpc_gateway import get_app`.
"""

from __future__ import annotations

import os
import shlex
import time
from typing import Any, Dict, Iterator, List, Mapping, Optional, Union

from .client import Tunel, connect
from .errors import NotFoundError
from .jobs import Job
from .types import FileEntry

_kinds = {"folder": "d", "file": "-", "other": "l"}


class Download:
    """The bytes of a file, in the form in which the gateway's SDK answers."""

    def __init__(self, job: Job, filename: str) -> None:
        self._file = job.files[filename]

    @property
    def content(self) -> bytes:
        return self._file.read_bytes()

    @property
    def text(self) -> str:
        return self._file.read_text()

    def iter_content(self, chunk_size: int = 65536) -> Iterator[bytes]:
        content = self.content
        for offset in range(0, len(content), chunk_size):
            yield content[offset : offset + chunk_size]

    def save(self, path: Union[str, "os.PathLike[str]"]) -> int:
        """Writes it to a local path, under a temporary name until it is complete."""
        return self._file.download(path, progress=False)


class HpcGateway:
    """The nine calls. `cluster` is a name or id; `connection`: what `clusters.save` takes, for `create_user`."""

    def __init__(self, tunel: Tunel, cluster: str, **connection: Any) -> None:
        self._tunel = tunel
        self._cluster = cluster
        self._new_cluster = connection

    def heartbeat(self) -> str:
        """Answers while the engine does."""
        return f"Tunel {self._tunel.status()['version']} is alive."

    def create_user(self, **connection: Any) -> Dict[str, str]:
        """Saves the cluster, or finds the one that is saved under the name."""
        try:
            cluster = self._tunel.clusters.get(self._cluster)
        except NotFoundError:
            values = {**self._new_cluster, **connection}
            if not values:
                raise
            cluster = self._tunel.clusters.save(name=self._cluster, **values)
        return {
            "_id": cluster.id,
            "name": cluster.user,
            "email": f"{cluster.user}@{cluster.host}",
            "home": cluster.facts()["home"],
            "message": f"The cluster {cluster.name} is saved.",
        }

    def create_job(self, new_transformation: Mapping[str, Any], key: Optional[str] = None) -> str:
        """Makes a job and its directory; answers with its id.

        `new_transformation` has `job_name`, and `executable_cmd` with an `image`, or a `script`; also `ntasks_per_node`,
        `partition` and `resources`.
        """
        given = new_transformation
        resources = {"cpus": given.get("ntasks_per_node"), "queue": given.get("partition") or ""}
        job = self._tunel.jobs.create(
            self._cluster,
            str(given["job_name"]),
            script=_script(given),
            resources={**resources, **given.get("resources", {})},
            key=key,
        )
        return job.id

    def check_job_state(self, jobid: str) -> Dict[str, Any]:
        """The files in the job's directory, and its state."""
        job = self._tunel.jobs.get(jobid)
        files = [_file(entry) for entry in job.files.list()["entries"]]
        return {"files": files, "state": job.state, "message": "Files in the job folder."}

    def upload_file(self, jobid: str, filename: str, source_path: Union[str, "os.PathLike[str]"]) -> Dict[str, str]:
        self._tunel.jobs.get(jobid).files[filename].upload(source_path, progress=False)
        return {"message": f"{filename} is uploaded."}

    def download_file(self, jobid: str, filename: str) -> Download:
        job = self._tunel.jobs.get(jobid)
        if filename not in _paths(job, filename):
            raise NotFoundError(f"There is no {filename} in the folder of the job.")
        return Download(job, filename)

    def delete_file(self, jobid: str, filename: str) -> Dict[str, str]:
        self._tunel.jobs.get(jobid).files[filename].remove()
        return {"message": f"{filename} is deleted."}

    def launch_job(self, jobid: str) -> Dict[str, str]:
        """Submits the job, once however often it is called."""
        self._tunel.jobs.get(jobid).submit()
        return {"jobid": jobid}

    def cancel_job(self, jobid: str) -> Dict[str, str]:
        self._tunel.jobs.get(jobid).cancel()
        return {"message": f"The job {jobid} is cancelled."}


def get_app(name: str, access_token: Optional[str] = None, **connection: Any) -> HpcGateway:
    """The gateway of a cluster. The engine is found as `tunel_client.connect` finds it; a token is one of Tunel's."""
    return HpcGateway(connect(token=access_token), name, **connection)


def _paths(job: Job, filename: str) -> List[str]:
    folder, _, _ = filename.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    return [prefix + entry["name"] for entry in job.files.list(folder)["entries"]]


def _script(given: Mapping[str, Any]) -> str:
    if "script" in given:
        return str(given["script"])
    command = str(given.get("executable_cmd", ""))
    if given.get("image"):
        command = f"apptainer run {shlex.quote(str(given['image']))} {command}"
    return f"#!/bin/sh\n{command}\n"


def _file(entry: FileEntry) -> Dict[str, str]:
    modified = entry["modified"]
    return {
        "name": entry["name"],
        "type": _kinds[entry["kind"]],
        "size": "" if entry["size"] is None else str(int(entry["size"])),
        "last_modified": "" if modified is None else time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(modified / 1000)),
    }
