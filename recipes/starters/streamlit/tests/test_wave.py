import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../files"))

from wave_model import wave


class Wave(unittest.TestCase):
    def test_it_begins_and_ends_at_zero_after_whole_turns(self):
        xs, ys = wave(3)
        self.assertEqual((xs[0], xs[-1], ys[0]), (0, 1, 0))
        self.assertAlmostEqual(ys[-1], 0)

    def test_it_stays_between_its_bounds(self):
        self.assertTrue(all(-1 <= y <= 1 for y in wave(7.5)[1]))

    def test_a_frequency_of_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            wave(0)
