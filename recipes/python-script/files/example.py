"""π from random points; the result is in pi.json of the work directory. Argument: how many points."""

import json
import os
import random
import sys

points = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
inside = sum(random.random() ** 2 + random.random() ** 2 <= 1 for _ in range(points))
result = {"pi": 4 * inside / points, "points": points, "node": os.environ.get("TUNEL_NODE", "")}
with open("pi.json", "w", encoding="utf-8") as file:
    json.dump(result, file)
print("π is about %.4f, by %d points" % (result["pi"], points))
