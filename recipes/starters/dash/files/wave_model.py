"""What the app shows, apart from the web, so that it can be tested by itself."""
import math


def wave(frequency, points=200):
    """x from 0 to 1 and the sine of `frequency` turns over it."""
    if frequency <= 0:
        raise ValueError("a frequency is greater than 0")
    xs = [n / (points - 1) for n in range(points)]
    return xs, [math.sin(2 * math.pi * frequency * x) for x in xs]
