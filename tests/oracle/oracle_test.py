"""CPython's own logging as the judge of logboomd.

Each case gives the same frames and the same dictConfig to logboomd (with
`newlines: raw` in its formatters) and to CPython behind the cookbook's receiver,
and the files they write must be equal byte for byte.

usage: oracle_test.py [SHARD OF]   runs the cases whose number is SHARD modulo OF
       oracle_test.py --case NAME [--seed N]   runs one, with other records
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "testing"))

import configurations  # pylint: disable=wrong-import-position
import logboomd  # pylint: disable=wrong-import-position
import records  # pylint: disable=wrong-import-position

RECORDS_PER_CASE = 200
RECEIVER = pathlib.Path(__file__).resolve().parent / "reference_receiver.py"


def make_frames(case, seed):
    generator = records.Generator(seed, case.names, case.plain)
    return b"".join(logboomd.pickle_frame(generator.record())
                    for _ in range(RECORDS_PER_CASE))


def environment(case):
    return dict(os.environ, TZ=case.tz, PYTHONUTF8="1", LC_ALL="C")


def make_folder(parent, case):
    folder = parent
    folder.mkdir()
    for name, text in case.before.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_reference(folder, case, frames):
    """Returns stdout and stderr of CPython's side."""
    config = {"logging": case.logging, "logname": case.logname,
              "apply_logger_levels": case.apply_logger_levels}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "frames").write_bytes(frames)
    done = subprocess.run(
        [sys.executable, str(RECEIVER), "config.json", "frames"], cwd=folder,
        env=environment(case), capture_output=True, check=False,
        timeout=logboomd.PATIENCE_S)
    stderr = done.stderr.decode("utf-8")
    if done.returncode != 0 or "--- Logging error ---" in stderr:
        raise AssertionError(f"the reference itself failed:\n{stderr}")
    return done.stdout, stderr


def run_logboomd(folder, case, frames):
    """Returns stdout and stderr of our side, the latter without its own messages,
    and those messages."""
    config = our_config(case)
    with logboomd.Server(folder, config, environment(case)) as server:
        with server.connect() as sender:
            sender.sendall(frames)
            if case.logname:
                _wait_for_renamed_marker(server, sender)
            else:
                server.sync(sender)
    return _console(server.result)


def our_config(case):
    logging_config = logboomd.with_marker(case.logging)
    for formatter in logging_config["formatters"].values():
        formatter["newlines"] = "raw"
    config = {"logging": logging_config,
              "apply_logger_levels": case.apply_logger_levels}
    if case.logname:
        config["tcp"] = {"logger": case.logname}
        _mark_logger(logging_config, case.logname)
    return config


def _mark_logger(logging_config, name):
    """Where every record gets one logger's name the marker does too: tell it by
    a filter, which sees the name that the record itself has."""
    logging_config["filters"]["marker"] = {"name": logboomd.MARKER_LOGGER}
    handler = logging_config["handlers"][logboomd.MARKER_HANDLER]
    handler["filters"] = ["marker"]
    logging_config["loggers"][name]["handlers"].append(logboomd.MARKER_HANDLER)


def _wait_for_renamed_marker(server, sender):
    # This one reaches the files too, so it must not pass their filters or count
    # as a difference: NOTSET is below every handler's level but the marker's own.
    sender.sendall(logboomd.record_frame("marker 0", logboomd.MARKER_LOGGER, 0))
    server.wait_for_stderr(lambda lines: b"marker 0" in lines, "marker 0")


def _console(result):
    if result.exit_code != 0:
        raise AssertionError(f"exit code {result.exit_code}:\n{result.stderr}")
    noise = ("logboomd: ", "listening ", "marker ")
    kept = [line for line in result.stderr.splitlines(keepends=True)
            if not line.startswith(noise)]
    return result.stdout, "".join(kept), "\n".join(result.error_lines())


def first_difference(expected, actual):
    """Where two texts part, for a reader."""
    expected_lines = expected.splitlines(keepends=True)
    actual_lines = actual.splitlines(keepends=True)
    for number, (want, got) in enumerate(zip(expected_lines, actual_lines), 1):
        if want != got:
            return f"line {number}:\n  CPython:  {want!r}\n  logboomd: {got!r}"
    longer = max(expected_lines, actual_lines, key=len)
    whose = "CPython" if longer is expected_lines else "logboomd"
    shared = min(len(expected_lines), len(actual_lines))
    return (f"CPython has {len(expected_lines)} lines, logboomd {len(actual_lines)}; "
            f"first only {whose} has: {longer[shared]!r}")


class OracleTest(unittest.TestCase):
    """Its tests are added by load_cases: one a case."""

    maxDiff = None

    def check(self, case, seed):
        frames = make_frames(case, seed)
        with tempfile.TemporaryDirectory(prefix="logboom-oracle-") as parent:
            reference = make_folder(pathlib.Path(parent) / "reference", case)
            ours = make_folder(pathlib.Path(parent) / "ours", case)
            expected = run_reference(reference, case, frames)
            actual = run_logboomd(ours, case, frames)
            where = f"{actual[2]}\ncase {case.name}, seed {seed!r}"
            self.compare(f"{where}, stdout", expected[0], actual[0])
            if case.compare_stderr:
                self.compare(f"{where}, stderr", expected[1].encode(), actual[1].encode())
            logs = _logs(reference)
            self.assertEqual(logs.keys(), _logs(ours).keys(), where)
            for name, content in logs.items():
                self.compare(f"{where}, {name}", content, _logs(ours)[name])

    def compare(self, where, expected, actual):
        if expected != actual:
            self.fail(f"{where}, {first_difference(expected, actual)}")


def _logs(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.log"))}


def load_cases(cases, seed):
    """Adds test_NAME for each case."""
    for case in cases:
        def test(self, case=case):
            self.check(case, seed if seed is not None else case.name)
        test.__doc__ = f"oracle case {case.name}"
        setattr(OracleTest, "test_" + case.name, test)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shard", nargs="?", type=int, default=0)
    parser.add_argument("of", nargs="?", type=int, default=1)
    parser.add_argument("--case")
    parser.add_argument("--seed")
    options = parser.parse_args(arguments)
    cases = configurations.all_cases()
    if options.case:
        cases = [case for case in cases if case.name == options.case]
    load_cases(cases[options.shard::options.of], options.seed)
    unittest.main(argv=[sys.argv[0]], verbosity=2)


if __name__ == "__main__":
    main(sys.argv[1:])
