"""Runs one program with several values as jobs of a cluster, and collects the results.

    python3 parameter_study.py [CLUSTER]
"""

from __future__ import annotations

import asyncio
import json
import sys

from tunel_client import aio, errors

PROGRAM = b"""
import json, random, sys

points = int(sys.argv[1])
random.seed(points)
inside = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(points))
json.dump({"points": points, "pi": 4 * inside / points}, open("result.json", "w"))
"""


async def estimate(tunel: aio.Tunel, cluster: aio.Cluster, points: int) -> float:
    script = f"#!/bin/sh\npython3 estimate.py {points}\n"
    job = await tunel.jobs.create(cluster, f"pi {points}", script=script)
    await job.files["estimate.py"].upload(PROGRAM)
    await job.submit()
    await job.wait(check=True)
    result = json.loads(await job.files["result.json"].read_text())
    await job.remove()
    return float(result["pi"])


async def main(name: str) -> int:
    async with await aio.connect() as tunel:
        cluster = await tunel.clusters.get(name)
        try:
            await cluster.connect()
        except errors.SignInNeededError:
            print(f"Sign in to {name} first, in the app or with: tunel clusters connect {name}", file=sys.stderr)
            return 1
        every = (100, 1000, 10_000)
        for points, pi in zip(every, await asyncio.gather(*(estimate(tunel, cluster, points) for points in every))):
            print(f"{points:>7} points: {pi:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "demo")))
