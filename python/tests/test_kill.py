"""The engine is killed at random moments while jobs are made, given their input, submitted and their results fetched."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import threading
import time
import unittest
from typing import Callable, Dict, List

from support import EngineTest, kill_engine

import tunel_client

KILLS = 20
SIZE = 6_000_000
PHASES = ("create", "upload", "launch", "download")
#: Each run leaves a line outside of every job's directory.
SCRIPT = "#!/bin/sh\nbasename \"$PWD\" >>{runs}\ncp input.bin output.bin\n"


class Watch(threading.Thread):
    """Looks all the time whether a file is there under its final name with another size than its whole one."""

    def __init__(self, here: str, jobs: str) -> None:
        super().__init__(daemon=True)
        self.partial: List[str] = []
        self._here, self._jobs = here, jobs
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            self._look(self._here, "out-")
            if os.path.isdir(self._jobs):
                for name in os.listdir(self._jobs):
                    self._look(os.path.join(self._jobs, name), "input.bin")
            time.sleep(0.002)

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _look(self, folder: str, beginning: str) -> None:
        try:
            for entry in os.scandir(folder):
                is_final = entry.name.startswith(beginning) and not entry.name.endswith((".part", ".tmp"))
                if is_final and entry.is_file() and "." not in entry.name.replace("input.bin", ""):
                    size = entry.stat().st_size
                    if size != SIZE:
                        self.partial.append(f"{entry.name}: {size}")
        except FileNotFoundError:
            # It was renamed at that moment.
            pass


class KillTest(EngineTest):
    cluster = "demo"
    home = ""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        given = os.environ.get("TUNEL_TEST_CLUSTER")
        if given:
            cls.cluster = cls.tunel.clusters.save(**json.loads(given)).name
        cls.home = os.environ.get("TUNEL_TEST_HOME") or os.path.join(cls.data, "demo", "home")
        cls.tunel.clusters.get(cls.cluster).connect()

    def test_nothing_is_lost_duplicated_foreign_or_partial(self) -> None:
        work = f"tunel-kill-{os.getpid()}"
        remote = self.tunel.clusters.get(self.cluster).facts()["home"]
        self.tunel.files.make_directory(self.cluster, f"{remote}/{work}", parents=True)
        self.addCleanup(shutil.rmtree, os.path.join(self.home, work), True)
        self.work, self.runs = f"{remote}/{work}", f"{remote}/{work}/runs"
        data = os.urandom(SIZE)
        with open(self.path("input"), "wb") as file:
            file.write(data)
        self.jobs: Dict[str, tunel_client.Job] = {}
        watch = Watch(self.folder, os.path.join(self.home, work, "tunel-jobs"))
        watch.start()
        seconds = {phase: 0.0 for phase in PHASES}
        self.run_job(0, seconds)
        seed = int(os.environ.get("TUNEL_TEST_SEED") or time.time())
        chance = random.Random(seed)
        for number in range(1, KILLS + 1):
            phase = PHASES[number % len(PHASES)]
            self.run_job(number, {}, phase, chance.uniform(0, seconds[phase]))
        watch.end()

        names = sorted(os.path.basename(job.directory) for job in self.jobs.values())
        ran = self.read(self.runs).split()
        known = sorted(job.id for job in self.tunel.jobs.query(text="kill "))
        expected = hashlib.sha256(data).hexdigest()
        wrong = [number for number in range(KILLS + 1) if digest(self.path(f"out-{number}")) != expected]
        print(
            f"\nengine killed {KILLS} times (seed {seed}) on {self.cluster}: {len(self.jobs)} jobs, {len(ran)} runs, "
            f"{len(known)} known, {len(os.listdir(os.path.join(self.home, work, 'tunel-jobs')))} directories, "
            f"partial {len(watch.partial)}, wrong {len(wrong)}; typical seconds {rounded(seconds)}"
        )
        self.assertEqual(len(self.jobs), KILLS + 1)
        self.assertEqual(sorted(ran), names, "each ran once")
        self.assertEqual(known, sorted(self.jobs), "none is lost, none is foreign")
        self.assertEqual(sorted(os.listdir(os.path.join(self.home, work, "tunel-jobs"))), names)
        self.assertEqual((watch.partial, wrong), ([], []))
        self.assertFalse([name for name in self.local_files() if name.endswith(".part")])

    def run_job(self, number: int, seconds: Dict[str, float], phase: str = "", delay: float = 0) -> None:
        name = f"kill {number}"
        script = SCRIPT.format(runs=self.runs)

        def create() -> None:
            job = self.tunel.jobs.create(self.cluster, name, script=script, work_directory=self.work)
            self.jobs[job.id] = self.job = job

        def upload() -> None:
            self.job.files["input.bin"].upload(self.path("input"), progress=False)

        def launch() -> None:
            self.job.submit()
            self.job.wait(check=True)

        def download() -> None:
            self.job.files["output.bin"].download(self.path(f"out-{number}"), progress=False)

        works: Dict[str, Callable[[], None]] = dict(zip(PHASES, (create, upload, launch, download)))
        for each, work in works.items():
            killer = threading.Timer(delay, kill_engine, (self.data,)) if each == phase else None
            if killer:
                killer.start()
            begin = time.monotonic()
            work()
            seconds[each] = time.monotonic() - begin
            if killer:
                killer.join()

    def read(self, path: str) -> str:
        with self.tunel.files.read(self.cluster, path) as chunks:
            return b"".join(chunks).decode("utf-8")


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def rounded(values: Dict[str, float]) -> Dict[str, float]:
    return {name: round(value, 2) for name, value in values.items()}


if __name__ == "__main__":
    unittest.main()
