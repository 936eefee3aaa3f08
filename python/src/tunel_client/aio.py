"""The same calls for asyncio: `async with await tunel_client.aio.connect() as tunel: ...`.

Each call runs in a thread. One whose task is cancelled closes what it has open, which cancels the work in the engine.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, AsyncIterator, Awaitable, Callable, Generic, Iterator, List, Mapping, Optional, TypeVar, Union

from . import _prompts, _scope, client
from . import apps as _apps
from . import clusters as _clusters
from . import files as _files
from . import job_files as _job_files
from . import jobs as _jobs
from . import tunnels as _tunnels
from ._transfer import Progress, Source
from .errors import TunelError
from .types import (
    ClusterFacts,
    EngineStatus,
    FileInfo,
    FileList,
    FilePlace,
    Instance,
    InstanceState,
    JobInfo,
    JobState,
    LoginNodeUsage,
    Prompt,
    PromptAnswer,
    Transition,
)

T = TypeVar("T")
S = TypeVar("S")
Path = Union[str, "os.PathLike[str]"]

#: Calls that wait at the same time, such as for the ends of jobs.
_THREADS = 64
_ENDING_SECONDS = 5.0
_executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="tunel")


async def _call(work: Callable[..., T], *args: Any, **options: Any) -> T:
    return await _in_scope(_scope.Scope(), lambda: work(*args, **options))


async def _in_scope(scope: _scope.Scope, work: Callable[[], T]) -> T:
    def run() -> T:
        _scope.current.set(scope)
        return work()

    context = contextvars.copy_context()
    future = asyncio.get_running_loop().run_in_executor(_executor, lambda: context.run(run))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        scope.close()
        # Its sockets are shut, so it ends at once and leaves nothing; only the start of an engine cannot be given up.
        ended, _ = await asyncio.wait({future}, timeout=_ENDING_SECONDS)
        for each in ended:
            each.exception()
        raise


async def _iterate(begin: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
    scope = _scope.Scope()
    iterator: List[Iterator[T]] = []
    end = object()

    def step() -> object:
        if not iterator:
            iterator.append(begin())
        return next(iterator[0], end)

    try:
        while True:
            value = await _in_scope(scope, step)
            if value is end:
                return
            yield value  # type: ignore[misc]
    finally:
        scope.close()


class _Wrapper(Generic[S]):
    """The same thing as its counterpart without `async`, which it is made of."""

    def __init__(self, sync: S) -> None:
        self._sync = sync

    def __repr__(self) -> str:
        return f"async {self._sync!r}"


class Cluster(_Wrapper[_clusters.Cluster]):
    def __init__(self, sync: _clusters.Cluster) -> None:
        super().__init__(sync)
        self.id, self.name, self.host, self.user, self.state = sync.id, sync.name, sync.host, sync.user, sync.state

    async def connect(self) -> None:
        await _call(self._sync.connect)

    async def disconnect(self) -> None:
        await _call(self._sync.disconnect)

    async def facts(self) -> ClusterFacts:
        return await _call(self._sync.facts)

    async def usage(self) -> LoginNodeUsage:
        return await _call(self._sync.usage)

    async def remove(self) -> None:
        await _call(self._sync.remove)


ClusterReference = Union[str, Cluster]


def _plain(cluster: ClusterReference) -> _clusters.ClusterReference:
    return cluster if isinstance(cluster, str) else cluster._sync


class Clusters(_Wrapper[_clusters.Clusters]):
    async def list(self) -> List[Cluster]:
        return [Cluster(found) for found in await _call(self._sync.list)]

    async def get(self, cluster: ClusterReference) -> Cluster:
        return Cluster(await _call(self._sync.get, _plain(cluster)))

    async def save(self, **values: Any) -> Cluster:
        return Cluster(await _call(self._sync.save, **values))

    async def change(self, cluster: ClusterReference, **values: Any) -> Cluster:
        return Cluster(await _call(self._sync.change, _plain(cluster), **values))


class App(_Wrapper[_apps.App]):
    def __init__(self, sync: _apps.App) -> None:
        super().__init__(sync)
        self.id = sync.id

    @property
    def info(self) -> Instance:
        return self._sync.info

    @property
    def state(self) -> InstanceState:
        return self._sync.state

    async def refresh(self) -> "App":
        await _call(self._sync.refresh)
        return self

    def states(self) -> AsyncIterator[Instance]:
        return _iterate(self._sync.states)

    async def ready(self) -> "App":
        await _call(self._sync.ready)
        return self

    async def wait(self) -> "App":
        await _call(self._sync.wait)
        return self

    def logs(self, start: int = 0) -> AsyncIterator[str]:
        return _iterate(lambda: self._sync.logs(start))

    async def stop(self) -> None:
        await _call(self._sync.stop)

    async def end(self) -> None:
        await _call(self._sync.end)

    async def remove(self) -> None:
        await _call(self._sync.remove)

    async def browser_link(self) -> str:
        return await _call(self._sync.browser_link)


class Apps(_Wrapper[_apps.Apps]):
    async def launch(self, cluster: ClusterReference, recipe: str, **options: Any) -> App:
        return App(await _call(self._sync.launch, _plain(cluster), recipe, **options))

    async def get(self, id: str) -> App:
        return App(await _call(self._sync.get, id))

    async def query(self, **conditions: Any) -> AsyncIterator[App]:
        async for app in _iterate(lambda: self._sync.query(**conditions)):
            yield App(app)


class JobFile(_Wrapper[_job_files.JobFile]):
    async def upload(self, source: Source, *, mode: int = 0o600, progress: Progress = None) -> int:
        return await _call(self._sync.upload, source, mode=mode, progress=progress)

    async def download(self, target: Path, *, progress: Progress = None) -> int:
        return await _call(self._sync.download, target, progress=progress)

    async def read_bytes(self) -> bytes:
        return await _call(self._sync.read_bytes)

    async def read_text(self, encoding: str = "utf-8") -> str:
        return await _call(self._sync.read_text, encoding)

    async def remove(self) -> None:
        await _call(self._sync.remove)


class JobFiles(_Wrapper[_job_files.JobFiles]):
    def __getitem__(self, path: str) -> JobFile:
        return JobFile(self._sync[path])

    async def list(self, path: str = "") -> FileList:
        return await _call(self._sync.list, path)

    async def upload(self, source: Source, path: str, *, mode: int = 0o600, progress: Progress = None) -> int:
        return await self[path].upload(source, mode=mode, progress=progress)

    async def download(self, path: str, target: Path, *, progress: Progress = None) -> int:
        return await self[path].download(target, progress=progress)

    async def remove(self, path: str) -> None:
        await self[path].remove()


class Job(_Wrapper[_jobs.Job]):
    def __init__(self, sync: _jobs.Job) -> None:
        super().__init__(sync)
        self.id = sync.id
        self.files = JobFiles(sync.files)

    @property
    def info(self) -> JobInfo:
        return self._sync.info

    @property
    def name(self) -> str:
        return self._sync.name

    @property
    def state(self) -> JobState:
        return self._sync.state

    @property
    def directory(self) -> str:
        return self._sync.directory

    async def refresh(self) -> "Job":
        await _call(self._sync.refresh)
        return self

    async def update(self, **change: Any) -> "Job":
        await _call(self._sync.update, **change)
        return self

    async def submit(self) -> "Job":
        await _call(self._sync.submit)
        return self

    async def cancel(self) -> None:
        await _call(self._sync.cancel)

    async def hold(self) -> None:
        await _call(self._sync.hold)

    async def release(self) -> None:
        await _call(self._sync.release)

    async def rerun(self, **change: Any) -> "Job":
        return Job(await _call(self._sync.rerun, **change))

    def states(self) -> AsyncIterator[JobInfo]:
        return _iterate(self._sync.states)

    async def wait(self, *, check: bool = False) -> "Job":
        await _call(self._sync.wait, check=check)
        return self

    def logs(self, start: int = 0) -> AsyncIterator[str]:
        return _iterate(lambda: self._sync.logs(start))

    async def archive(self, archived: bool = True) -> "Job":
        await _call(self._sync.archive, archived)
        return self

    async def remove(self) -> None:
        await _call(self._sync.remove)


class Jobs(_Wrapper[_jobs.Jobs]):
    async def create(self, cluster: ClusterReference, name: str, **options: Any) -> Job:
        return Job(await _call(self._sync.create, _plain(cluster), name, **options))

    async def get(self, id: str) -> Job:
        return Job(await _call(self._sync.get, id))

    async def query(self, **conditions: Any) -> AsyncIterator[Job]:
        async for job in _iterate(lambda: self._sync.query(**conditions)):
            yield Job(job)

    async def list(self, *, limit: int = 50) -> List[Job]:
        return [Job(job) for job in await _call(self._sync.list, limit=limit)]


class Files(_Wrapper[_files.Files]):
    async def list(self, cluster: ClusterReference, path: str = "") -> FileList:
        return await _call(self._sync.list, _plain(cluster), path)

    async def stat(self, cluster: ClusterReference, path: str) -> FileInfo:
        return await _call(self._sync.stat, _plain(cluster), path)

    async def places(self, cluster: ClusterReference) -> List[FilePlace]:
        return await _call(self._sync.places, _plain(cluster))

    async def make_directory(self, cluster: ClusterReference, path: str, *, parents: bool = False) -> None:
        await _call(self._sync.make_directory, _plain(cluster), path, parents=parents)

    async def move(self, cluster: ClusterReference, path: str, new_path: str, *, replace: bool = False) -> None:
        await _call(self._sync.move, _plain(cluster), path, new_path, replace=replace)

    async def remove(self, cluster: ClusterReference, path: str, *, recursive: bool = False) -> None:
        await _call(self._sync.remove, _plain(cluster), path, recursive=recursive)

    async def upload(
        self, cluster: ClusterReference, source: Source, path: str, *, mode: int = 0o600, progress: Progress = None
    ) -> int:
        return await _call(self._sync.upload, _plain(cluster), source, path, mode=mode, progress=progress)

    async def download(
        self, cluster: ClusterReference, path: str, target: Path, *, progress: Progress = None
    ) -> int:
        return await _call(self._sync.download, _plain(cluster), path, target, progress=progress)


class Tunnel(_Wrapper[_tunnels.Tunnel]):
    def __init__(self, sync: _tunnels.Tunnel) -> None:
        super().__init__(sync)
        self.id, self.address, self.route = sync.id, sync.address, sync.route

    async def close(self) -> None:
        await _call(self._sync.close)

    async def __aenter__(self) -> "Tunnel":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Tunnels(_Wrapper[_tunnels.Tunnels]):
    async def open(self, cluster: ClusterReference, **options: Any) -> Tunnel:
        return Tunnel(await _call(self._sync.open, _plain(cluster), **options))


class Tunel(_Wrapper[client.Tunel]):
    """An engine, and all that it can be asked. `asyncio.create_task` makes a transfer of an upload or a download."""

    def __init__(self, sync: client.Tunel) -> None:
        super().__init__(sync)
        self.clusters = Clusters(sync.clusters)
        self.apps = Apps(sync.apps)
        self.jobs = Jobs(sync.jobs)
        self.files = Files(sync.files)
        self.tunnels = Tunnels(sync.tunnels)

    async def status(self) -> EngineStatus:
        return await _call(self._sync.status)

    def events(self, after: Optional[int] = None) -> AsyncIterator[Transition]:
        return _iterate(lambda: self._sync.events(after))

    async def request(self, name: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        return await _call(self._sync.request, name, body)

    async def close(self) -> None:
        self._sync.close()

    async def __aenter__(self) -> "Tunel":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


#: As `tunel_client.OnPrompt`, or the same with `async`.
OnPrompt = Callable[[Prompt], Union[Optional[PromptAnswer], Awaitable[Optional[PromptAnswer]]]]


async def connect(*, on_prompt: Optional[OnPrompt] = None, **options: Any) -> Tunel:
    """As `tunel_client.connect`. `on_prompt` may be a coroutine function; it runs in this event loop."""
    answerer = on_prompt and _in_loop(on_prompt, asyncio.get_running_loop())
    return Tunel(await _call(client.connect, on_prompt=answerer, **options))


def _in_loop(on_prompt: OnPrompt, loop: asyncio.AbstractEventLoop) -> _prompts.OnPrompt:
    async def ask(prompt: Prompt) -> Optional[PromptAnswer]:
        answer = on_prompt(prompt)
        return await answer if isinstance(answer, Awaitable) else answer

    return lambda prompt: asyncio.run_coroutine_threadsafe(ask(prompt), loop).result()


__all__ = ["Tunel", "TunelError", "connect"]
