"""Copies that go on while the program does something else."""

from __future__ import annotations

import os
import threading
from typing import Callable, Optional, Tuple, Union

from . import _scope
from ._transfer import Source
from .clusters import ClusterReference
from .files import Files

OnProgress = Callable[[int, Optional[int]], None]


class Transfer:
    """A copy that is under way."""

    def __init__(self, begin: Callable[[OnProgress], int], progress: Optional[OnProgress]) -> None:
        #: The bytes so far, and all of them, where that is known.
        self.progress: Tuple[int, Optional[int]] = (0, None)
        self._scope = _scope.Scope()
        self._bytes = 0
        self._failure: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._run, args=(begin, progress), daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def wait(self) -> int:
        """Returns with the number of bytes when it is complete; raises what it failed with."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._bytes

    def cancel(self) -> None:
        """Ends it; nothing is left of it under its final name."""
        self._scope.close()

    def _run(self, begin: Callable[[OnProgress], int], progress: Optional[OnProgress]) -> None:
        def report(done: int, total: Optional[int]) -> None:
            self.progress = (done, total)
            if progress:
                progress(done, total)

        _scope.current.set(self._scope)
        try:
            self._bytes = begin(report)
        except BaseException as error:  # Raised again where it is waited for.
            self._failure = error


class Transfers:
    """Copies that go on while the program does something else."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def upload(
        self, cluster: ClusterReference, source: Source, path: str, *, progress: Optional[OnProgress] = None
    ) -> Transfer:
        return Transfer(lambda report: self._files.upload(cluster, source, path, progress=report), progress)

    def download(
        self,
        cluster: ClusterReference,
        path: str,
        target: Union[str, "os.PathLike[str]"],
        *,
        progress: Optional[OnProgress] = None,
    ) -> Transfer:
        return Transfer(lambda report: self._files.download(cluster, path, target, progress=report), progress)
