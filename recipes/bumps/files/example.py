"""A line through ten points with known uncertainty."""

import numpy as np
from bumps.names import Curve, FitProblem

x = np.arange(1.0, 11.0)
y = np.array([3.1, 4.8, 7.2, 9.1, 10.8, 13.2, 14.9, 17.1, 19.2, 20.8])
dy = np.full_like(x, 0.2)


def line(x, slope=1.0, offset=0.0):
    return slope * x + offset


model = Curve(line, x, y, dy)
model.slope.range(0, 5)
model.offset.range(-5, 5)
problem = FitProblem(model)
