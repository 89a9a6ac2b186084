#!/usr/bin/env python3
"""Levels set at the server reach running programs, and end.

Goal: `logboom level set` on two running programs makes the DEBUG records of one
subtree arrive from both, and of no other; both are listed as confirmed; at the
expiry the records stop. Says how long it took (nothing is timed here).

Usage: level_talker_test.py LEVEL_TALKER
"""

import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "testing"))
from logboomd import LOGBOOM, PATIENCE_S, Server

TALKER = sys.argv[1]
CONFIG = {
    "logging": {
        "version": 1,
        "formatters": {"line": {"format": "%(created)f %(name)s %(process)d"}},
        "handlers": {"all": {
            "class": "logging.FileHandler", "filename": "all.log", "formatter": "line"}},
        "root": {"level": "NOTSET", "handlers": ["all"]},
    },
}


class LevelTalkerTest(unittest.TestCase):
    def test_a_level_reaches_two_running_programs_and_ends(self):
        with tempfile.TemporaryDirectory() as folder:
            self.folder = pathlib.Path(folder)
            with Server(self.folder, CONFIG) as server:
                self.address = server.address("grpc")
                talkers = [self.start_talker() for _ in range(2)]
                self.assertEqual(self.lines(), [], "DEBUG is not enabled")
                begin = time.time()
                said = self.level("set", "myapp.area1", "DEBUG", "--for", "2s")
                self.assertIn("2 of 2", said)
                self.wait_for_lines_of({str(talker.pid) for talker in talkers})
                listing = self.level("list")
                for talker in talkers:
                    row = next(line for line in listing.splitlines()
                               if str(talker.pid) in line)
                    self.assertIn("confirmed", row)
                for talker in talkers:
                    self.assertEqual(talker.wait(PATIENCE_S), 0)
            lines = self.lines()
        self.assertEqual({line[1] for line in lines}, {"myapp.area1.db"})
        times = [float(line[0]) for line in lines]
        print(f"first DEBUG record {1000 * (min(times) - begin):.1f} ms after the "
              f"command began, last one {max(times) - begin:.3f} s after it")
        # The talkers went on for seconds after the expiry.
        self.assertLess(max(times) - begin, 6)

    def start_talker(self):
        talker = subprocess.Popen([TALKER, self.address, "8"],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(talker.stdout.close)
        self.addCleanup(talker.kill)
        self.assertEqual(talker.stdout.readline(), "connected\n")
        return talker

    def level(self, *arguments):
        done = subprocess.run(
            [LOGBOOM, "level", *arguments, "--server", self.address],
            text=True, timeout=PATIENCE_S, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def lines(self):
        file = self.folder / "all.log"
        text = file.read_text() if file.exists() else ""
        return [line.split() for line in text.splitlines()]

    def wait_for_lines_of(self, processes):
        deadline = time.monotonic() + PATIENCE_S
        while not processes <= {line[2] for line in self.lines() if len(line) == 3}:
            self.assertLess(time.monotonic(), deadline, "no records arrived")
            time.sleep(0.01)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
