from __future__ import annotations

import asyncio
import os
import unittest
from typing import Any

from support import EngineTest

from tunel_client import aio, errors


class AsyncTest(EngineTest):
    def test_jobs_files_and_logs(self) -> None:
        asyncio.run(self.run_jobs())

    async def run_jobs(self) -> None:
        async with await aio.connect(data_directory=self.data) as tunel:
            demo = await tunel.clusters.get("demo")
            await demo.connect()
            jobs = await asyncio.gather(
                *(tunel.jobs.create(demo, f"job {n}", script=f"#!/bin/sh\necho {n} >out\ncat out\n") for n in range(3))
            )
            self.assertEqual(len({job.id for job in jobs}), 3)
            await asyncio.gather(*(job.submit() for job in jobs))
            await asyncio.gather(*(job.wait(check=True) for job in jobs))
            for n, job in enumerate(jobs):
                self.assertEqual(await job.files["out"].read_text(), f"{n}\n")
                self.assertIn(f"{n}\n", "".join([text async for text in job.logs()]))
            self.assertLessEqual({job.id for job in jobs}, {job.id async for job in tunel.jobs.query()})
            with self.assertRaises(errors.NotFoundError):
                await tunel.clusters.get("nowhere")

    def test_a_coroutine_answers_questions_of_a_sign_in(self) -> None:
        asyncio.run(self.run_prompts())

    async def run_prompts(self) -> None:
        async def answer(prompt: Any) -> Any:
            await asyncio.sleep(0)
            self.assertEqual(prompt["kind"], "host-key")
            return {"kind": "host-key", "accept": True, "save": False}

        async with await aio.connect(data_directory=self.data, on_prompt=answer) as tunel:
            await tunel.clusters.get("demo")
            clusters = (await tunel.request("app.state"))["state"]["clusters"]
            demo = next(each["cluster"] for each in clusters if each["cluster"]["demo"])
            names = ("host", "port", "user", "jumps", "keyFiles")
            values = {name: demo[name] for name in names}
            cluster = await tunel.clusters.save(name="asks", knownHostsFile=self.path("asked_known_hosts"), **values)
            await cluster.connect()
            self.assertEqual((await tunel.clusters.get("asks")).state, "connected")

    def test_a_cancelled_task_ends_its_call(self) -> None:
        asyncio.run(self.run_cancelled())

    async def run_cancelled(self) -> None:
        async with await aio.connect(data_directory=self.data) as tunel:
            await tunel.clusters.get("demo")
            job = await tunel.jobs.create("demo", "long", script="#!/bin/sh\nsleep 600\n")
            await job.submit()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(job.wait(), 0.5)
            states = job.states()
            self.assertNotEqual((await states.__anext__())["state"], "completed")
            await job.cancel()
            self.assertEqual((await job.wait()).state, "canceled")

            await tunel.files.upload("demo", os.urandom(8_000_000), "async.bin", progress=False)
            started = asyncio.Event()
            loop = asyncio.get_running_loop()
            report = lambda *_: loop.call_soon_threadsafe(started.set)  # noqa: E731
            task = asyncio.create_task(
                tunel.files.download("demo", "async.bin", self.path("async.bin"), progress=report)
            )
            await started.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
        await asyncio.sleep(0)
        self.assertNotIn("async.bin", self.local_files())


if __name__ == "__main__":
    unittest.main()
