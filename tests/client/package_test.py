#!/usr/bin/env python3
"""What `cmake --install` gives builds a program of somebody else's.

Goal: the example of client/examples builds against the installed package, by
find_package and by pkg-config, and its records arrive at a logboomd.

Usage: package_test.py BUILD_FOLDER CXX_COMPILER
"""

import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "testing"))
from logboomd import Server

EXAMPLE = pathlib.Path(__file__).parents[2] / "client" / "examples"
BUILD, COMPILER = sys.argv[1], sys.argv[2]


def run(*command, **options):
    """Runs a command; a failure shows what it said."""
    done = subprocess.run(
        [str(part) for part in command], text=True, timeout=240,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} exited {done.returncode}:\n{done.stdout}")
    return done.stdout


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", BUILD, "--component", "client", "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def check(self, program, name):
        folder = self.folder / name
        folder.mkdir()
        config = {
            "logging": {
                "version": 1,
                "formatters": {"line": {
                    "format": "%(levelname)s %(name)s %(message)s %(order_id)s %(service.name)s"}},
                "handlers": {"all": {
                    "class": "logging.FileHandler", "filename": "all.log", "formatter": "line"}},
                "root": {"level": "NOTSET", "handlers": ["all"]},
            },
        }
        with Server(folder, config) as server:
            self.assertEqual(run(program, server.address("grpc")), "acknowledged: 2\n")
        lines = (folder / "all.log").read_text().splitlines()
        self.assertEqual(lines[0],
                         "INFO shop.cart.payment payment authorised 4711 shop")
        self.assertEqual(lines[1],
                         "ERROR shop.cart.payment payment refused 4712 shop")
        self.assertIn("std::runtime_error: card expired", lines[2])

    def test_a_cmake_project_finds_it(self):
        build = self.folder / "build"
        run("cmake", "-S", EXAMPLE, "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={COMPILER}")
        run("cmake", "--build", build)
        self.check(build / "shop", "found")

    def test_pkg_config_has_its_flags(self):
        pkgconfig = next(self.prefix.glob("lib*/**/logboom.pc")).parent
        flags = run("pkg-config", "--cflags", "--libs", "logboom",
                    env={**os.environ, "PKG_CONFIG_PATH": str(pkgconfig)})
        program = self.folder / "shop"
        run(COMPILER, "-std=c++20", EXAMPLE / "shop.cc", "-o", program, *shlex.split(flags))
        self.check(program, "flags")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
