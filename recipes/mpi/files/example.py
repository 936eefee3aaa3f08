"""Each process adds its number to a sum; the first writes it to sum.txt of the work directory."""

import os

from mpi4py import MPI

world = MPI.COMM_WORLD
total = world.allreduce(world.rank + 1)
hosts = world.gather(os.uname().nodename)
if world.rank == 0:
    line = "The sum over %d processes is %d, on %s" % (world.size, total, ", ".join(sorted(set(hosts))))
    with open("sum.txt", "w", encoding="utf-8") as file:
        file.write(line + "\n")
    print(line)
