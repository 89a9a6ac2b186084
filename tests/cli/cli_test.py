"""The command line as its users meet it: programs, exit codes, what they print.

Exit codes are 0 done, 1 failed, 2 misused, everywhere.
"""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "testing"))

import logboomd  # noqa: E402
from logboomd import LOGBOOM, run  # noqa: E402

SAMPLE_LINES = [
    b"root            INFO     Jackdaws love my big sphinx of quartz.",
    b"myapp.area1     DEBUG    Quick zephyrs blow, vexing daft Jim.",
    b"myapp.area1     INFO     How quickly daft jumping zebras vex.",
    b"myapp.area2     WARNING  Jail zesty vixen who grabbed pay from quack.",
    b"myapp.area2     ERROR    The five boxing wizards jump quickly.",
]

CONFIG = {
    "logging": {
        "version": 1,
        "formatters": {"plain": {
            "format": "%(name)-15s %(levelname)-8s %(message)s"}},
        "handlers": {"console": {
            "class": "logging.StreamHandler", "stream": "ext://sys.stdout",
            "formatter": "plain"}},
        "root": {"level": "NOTSET", "handlers": ["console"]},
    },
}


class SendTest(unittest.TestCase):
    """Each test has a server and a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = logboomd.Server(self.folder, CONFIG).start()
        self.addCleanup(
            lambda: self.server.result or self.server.stop())

    def send(self, *arguments, stdin=b""):
        return run(LOGBOOM, "send", "--server", self.server.address("grpc"),
                   *arguments, stdin=stdin)

    def stored(self):
        """What the journal has, as JSON objects; the server runs on."""
        done = run(LOGBOOM, "journal", "dump", "--json",
                   str(self.folder / "journal"))
        self.assertEqual(done.exit_code, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def assert_stdout_lines(self, expected):
        self.server.stop()
        self.assertEqual(self.server.result.stdout.splitlines(), expected)

    def test_sends_the_sample(self):
        done = self.send("--sample")
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertEqual(done.stdout, b"5 records acknowledged\n")
        self.assert_stdout_lines(SAMPLE_LINES)

    def test_sends_the_sample_to_the_raw_port(self):
        done = run(LOGBOOM, "send", "--tcp", self.server.address("tcp"),
                   "--sample")
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertEqual(
            done.stdout,
            b"5 records sent; the raw port acknowledges nothing\n")
        self.assert_stdout_lines(SAMPLE_LINES)

    def test_sends_one_record_with_typed_attributes(self):
        done = self.send("--logger", "shop.cart", "--level", "warning",
                         "--service", "shop", "stock low",
                         "left=3", "ratio=0.5", "ok=true", "sku=A7", "x=a=b")
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertEqual(done.stdout, b"1 record acknowledged\n")
        [record] = self.stored()
        self.assertEqual(record["logger"], "shop.cart")
        self.assertEqual(record["levelno"], 30)
        self.assertEqual(record["message"], "stock low")
        self.assertEqual(record["attributes"], {
            "left": 3, "ratio": 0.5, "ok": True, "sku": "A7", "x": "a=b"})
        resource = record["entry"]["resource"]
        self.assertEqual(resource["service.name"], "shop")
        self.assertIn("host.name", resource)
        self.assertIsInstance(resource["process.pid"], int)

    def test_takes_values_as_text_when_told_to(self):
        self.assertEqual(self.send("--string", "m", "n=3").exit_code, 0)
        self.assertEqual(self.stored()[0]["attributes"], {"n": "3"})

    def test_sends_a_record_for_each_line(self):
        lines = [f"line {n}".encode() for n in range(20000)]
        done = self.send("--stdin", "--logger", "app",
                         stdin=b"\n".join(lines))
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertEqual(done.stdout, b"20000 records acknowledged\n")
        self.assert_stdout_lines(
            [b"app             INFO     " + line for line in lines])

    def test_sends_nothing_for_no_lines(self):
        done = self.send("--stdin")
        self.assertEqual((done.exit_code, done.stdout),
                         (0, b"0 records acknowledged\n"))

    def test_sends_lines_that_are_not_utf8(self):
        self.assertEqual(self.send("--stdin", stdin=b"\xff\n").exit_code, 0)
        self.assertEqual(self.stored()[0]["message"], "\\xff")

    def test_sends_json_lines_and_names_the_bad_ones(self):
        done = self.send("--stdin", "--json", "--level", "DEBUG", stdin=(
            b'{"message": "a", "n": 1}\n'
            b'nonsense\n'
            b'{"message": "b", "logger": "x", "level": "ERROR", "time": 5}\n'
            b'{"level": "loud"}\n'))
        self.assertEqual(done.exit_code, 1)
        self.assertEqual(done.stdout, b"2 records acknowledged\n")
        errors = done.stderr.splitlines()
        self.assertEqual(len(errors), 3, done.stderr)
        self.assertTrue(errors[0].startswith("logboom: stdin:2: not JSON: "))
        self.assertTrue(errors[1].startswith("logboom: stdin:4: level: "))
        self.assertEqual(errors[2], "logboom: 2 lines not sent")
        first, second = self.stored()
        self.assertEqual((first["message"], first["level"], first["attributes"]),
                         ("a", "DEBUG", {"n": 1}))
        self.assertEqual((second["logger"], second["levelno"], second["time"]),
                         ("x", 40, "1970-01-01T00:00:05+00:00"))

    def test_dump_prints_a_line_a_record(self):
        self.send("two\nlines\x1b", "k=v", "--logger", "a")
        done = run(LOGBOOM, "journal", "dump", str(self.folder / "journal"))
        self.assertEqual(done.exit_code, 0, done.stderr)
        entry, record = done.stdout.splitlines()
        self.assertTrue(entry.startswith(b"# native entry, 1 records, "))
        self.assertTrue(record.startswith(b"0 "))
        self.assertTrue(record.endswith(
            b' "INFO" "a" "two\\nlines\\u001b" {"k":"v"}'), record)

    def test_health_says_serving(self):
        done = run(LOGBOOM, "health", "--server", self.server.address("grpc"))
        self.assertEqual((done.exit_code, done.stdout, done.stderr),
                         (0, b"SERVING\n", ""))

    def test_fails_when_the_server_is_gone(self):
        grpc, tcp = self.server.address("grpc"), self.server.address("tcp")
        self.server.stop()
        for arguments in (["send", "--server", grpc, "m"],
                          ["send", "--tcp", tcp, "m"],
                          ["health", "--server", grpc]):
            done = run(LOGBOOM, *arguments)
            self.assertEqual((done.exit_code, done.stdout), (1, b""), arguments)
            self.assertTrue(done.stderr.startswith("logboom: "), done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


FILES_CONFIG = {
    "logging": {
        "version": 1,
        "handlers": {
            "all": {"class": "logging.FileHandler", "filename": "all.log"},
            "errors": {"class": "logging.FileHandler",
                       "filename": "errors.log", "level": "ERROR"}},
        "root": {"level": "NOTSET", "handlers": ["all", "errors"]},
    },
}


class JournalTest(unittest.TestCase):
    """The commands on a journal's folder: five records are in it, all of which
    handler `all` has written and one of which `errors` has."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.journal = str(self.folder / "journal")
        self.server = logboomd.Server(self.folder, FILES_CONFIG).start()
        self.addCleanup(
            lambda: self.server.result or self.server.stop())
        self.send_sample()

    def send_sample(self):
        done = run(LOGBOOM, "send", "--server", self.server.address("grpc"),
                   "--sample")
        self.assertEqual(done.exit_code, 0, done.stderr)

    def stats(self, *arguments, exit_code=0):
        done = run(LOGBOOM, "journal", "stats", "--json", self.journal,
                   *arguments)
        self.assertEqual(done.exit_code, exit_code, done.stderr)
        return json.loads(done.stdout)

    def handler(self, name):
        [handler] = [handler for handler in self.stats()["handlers"]
                     if handler["name"] == name]
        return handler

    def rewind(self, *arguments):
        return run(LOGBOOM, "handler", "rewind", *arguments,
                   "--journal", self.journal)

    def lines_of(self, name):
        return (self.folder / name).read_bytes().splitlines()

    def run_to_the_head(self):
        """Starts the server again, which writes what is pending, and stops
        it."""
        self.server.start()
        self.assertEqual(self.server.stop().exit_code, 0)

    def test_stats_show_every_balance(self):
        sender = self.server.connect()
        self.addCleanup(sender.close)
        sender.sendall(logboomd.frame(b"x"))
        self.server.wait_for_stderr(
            lambda lines: any(b"is not decodable" in line for line in lines),
            "the report of a frame")
        self.server.stop()
        done = run(LOGBOOM, "journal", "stats", self.journal, "--verify")
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        facts, ingest, handlers, verified = done.stdout.decode().split("\n\n")
        self.assertRegex(facts, (
            r"\Ajournal +\S+/journal\nid +[0-9a-f]{32}\n"
            r"segments +1, 134217728 bytes\n"
            r"records +oldest kept 0, head 5\nproducers +1 remembered\Z"))
        self.assertEqual(ingest.splitlines(), [
            "received 6 = stored 5 + rejected 0 + lost 1",
            "  lost: frame_not_decodable  1"])
        self.assertEqual(handlers.splitlines(), [
            "handler  stored  = handled  + filtered  + pending  + lost",
            "all           5          5           0          0       0",
            "errors        5          1           4          0       0"])
        self.assertEqual(verified, "verified: all 5 records are there\n")

    def test_stats_close_while_the_server_runs_and_after_it_was_killed(self):
        running = self.stats("--verify")
        self.server.kill()
        killed = self.stats("--verify")
        for stats in (running, killed):
            self.assertTrue(stats["balanced"])
            self.assertEqual(stats["ingest"]["received"], 5)
            self.assertEqual(stats["verified"]["missing"], [])
            self.assertEqual([handler["stored"] for handler in stats["handlers"]],
                             [5, 5])

    def test_stats_name_what_is_missing(self):
        self.server.stop()
        [segment] = pathlib.Path(self.journal).glob("*.segment")
        with segment.open("r+b") as file:
            file.seek(file.read(65536).index(b"sphinx"))
            file.write(b"S")
        self.assertEqual(self.stats()["ingest"]["stored"], 5)
        stats = self.stats("--verify", exit_code=1)
        self.assertTrue(stats["balanced"])
        [missing] = stats["verified"]["missing"]
        self.assertEqual(missing["begin"], 0)
        self.assertEqual(stats["verified"]["missing_records"], missing["end"])
        done = run(LOGBOOM, "journal", "stats", "--verify", self.journal)
        self.assertEqual(done.exit_code, 1)
        self.assertIn(b" of 5 records are missing\n", done.stdout)
        self.assertIn("damaged bytes", done.stderr)

    def test_rewind_back_writes_records_again_behind_the_others(self):
        self.server.stop()
        before = self.lines_of("all.log")
        done = self.rewind("all", "--to", "2")
        self.assertEqual(
            (done.exit_code, done.stdout, done.stderr),
            (0, b"handler all: from record 5 back to 2; 3 records will be "
                b"written again\n", ""))
        self.run_to_the_head()
        self.assertEqual(self.lines_of("all.log"), before + before[2:])
        self.assertEqual(len(self.lines_of("errors.log")), 1, "its own place")
        handler = self.handler("all")
        self.assertEqual((handler["handled"], handler["replayed"],
                          handler["difference"]), (8, 3, 0))

    def test_rewind_forward_leaves_records_out(self):
        self.server.stop()
        self.rewind("all", "--to", "beginning")
        done = self.rewind("all", "--to", "4")
        self.assertEqual(
            done.stdout, b"handler all: from record 0 forward to 4; 4 records "
                         b"will be left out\n")
        before = self.lines_of("all.log")
        self.run_to_the_head()
        self.assertEqual(self.lines_of("all.log"), before + before[4:])
        handler = self.handler("all")
        self.assertEqual((handler["skipped"], handler["replayed"],
                          handler["difference"]), (4, 5, 0))

    def test_rewind_goes_to_a_time(self):
        self.server.stop()
        for to, said in (
                ("1h", b"from record 5 back to 0; 5 records will be written "
                       b"again"),
                ("2100-01-01", b"from record 0 forward to 5; 5 records will be "
                               b"left out"),
                ("2100-01-01 12:30", b"is at record 5 already"),
                ("2000-01-01T00:00:00+02:00",
                 b"from record 5 back to 0; 5 records will be written again")):
            done = self.rewind("all", "--to", to)
            self.assertEqual((done.exit_code, done.stdout, done.stderr),
                             (0, b"handler all: " + said + b"\n", ""))

    def test_rewind_finds_the_journal_by_the_configuration(self):
        self.server.stop()
        for arguments in (["--config", "logboomd.json"],
                          ["--journal", "journal"]):
            done = run(LOGBOOM, "handler", "rewind", "errors", "--to", "head",
                       *arguments, cwd=self.folder)
            self.assertEqual(
                (done.exit_code, done.stdout),
                (0, b"handler errors: is at record 5 already\n"))
        (self.folder / "bad.yaml").write_text("lisen: {}\n")
        done = run(LOGBOOM, "handler", "rewind", "errors", "--to", "0",
                   "--config", "bad.yaml", cwd=self.folder)
        self.assertEqual((done.exit_code, done.stdout), (1, b""))
        self.assertTrue(done.stderr.startswith("bad.yaml:1:1: lisen: "))

    def test_rewind_refuses_what_it_cannot_do(self):
        done = self.rewind("all", "--to", "0")
        self.assertEqual(
            (done.exit_code, done.stdout, done.stderr),
            (1, b"", f"logboom: journal folder {self.journal} is in use by a "
                     "server: stop it first\n"))
        self.server.stop()
        for arguments, said in (
                (["every", "--to", "0"],
                 "handler every has no place in the journal; those that have "
                 "one: all, errors"),
                (["all", "--to", "6"],
                 "there is no record 6 yet: the next one will be 5")):
            done = self.rewind(*arguments)
            self.assertEqual((done.exit_code, done.stdout, done.stderr),
                             (1, b"", f"logboom: {said}\n"))
        self.assertEqual(self.handler("all")["offset"], 5)


class ProgramTest(unittest.TestCase):
    """What needs no server."""

    def assert_misused(self, *arguments):
        done = run(LOGBOOM, *arguments)
        self.assertEqual((done.exit_code, done.stdout), (2, b""), arguments)
        self.assertTrue(done.stderr, arguments)

    def test_refuses_what_it_does_not_understand(self):
        for arguments in (
                [], ["unknown"], ["--unknown"],
                ["send"], ["send", "m", "no-equals-sign"],
                ["send", "m", "=v"], ["send", "--level", "loud", "m"],
                ["send", "--sample", "m"], ["send", "--sample", "--stdin"],
                ["send", "--stdin", "m"], ["send", "--json", "m"],
                ["send", "--timeout", "10", "m"],
                ["send", "--tcp", "no-port", "m"],
                ["send", "--tcp", "a:1", "--server", "b:2", "m"],
                ["health", "extra"], ["check"], ["journal"],
                ["journal", "dump"], ["journal", "stats"],
                ["level"], ["level", "set"], ["level", "set", "a"],
                ["level", "set", "a", "LOUD"], ["level", "set", "a", "-5"],
                ["level", "set", "a", "DEBUG", "--for", "0s"],
                ["level", "set", "a", "DEBUG", "--for", "soon"],
                ["level", "reset"], ["level", "list", "a"],
                ["loggers", "a"], ["loggers", "--last", "1"],
                ["handler"], ["handler", "rewind"],
                ["handler", "rewind", "all"],
                ["handler", "rewind", "all", "--to", "yesterday"],
                ["handler", "rewind", "all", "--to", "-1"],
                ["handler", "rewind", "all", "--to", "0", "--journal", "j",
                 "--config", "c"]):
            with self.subTest(arguments=arguments):
                self.assert_misused(*arguments)

    def test_prints_help_and_version(self):
        for arguments in (["--help"], ["send", "--help"], ["health", "--help"],
                          ["check", "--help"], ["journal", "dump", "--help"],
                          ["journal", "stats", "--help"],
                          ["handler", "rewind", "--help"],
                          ["level", "--help"], ["level", "set", "--help"],
                          ["level", "reset", "--help"],
                          ["level", "list", "--help"], ["loggers", "--help"]):
            done = run(LOGBOOM, *arguments)
            self.assertEqual((done.exit_code, done.stderr), (0, ""), arguments)
        self.assertIn(b"no acknowledgements",
                      run(LOGBOOM, "send", "--help").stdout)
        version = run(LOGBOOM, "--version")
        self.assertEqual(version.exit_code, 0)
        self.assertRegex(version.stdout, rb"^logboom \d+\.\d+\.\d+\n$")

    def test_checks_a_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            good = pathlib.Path(folder) / "good.yaml"
            good.write_text("listen: {tcp: off}\n")
            done = run(LOGBOOM, "check", str(good))
            self.assertEqual((done.exit_code, done.stdout, done.stderr),
                             (0, f"{good}: ok\n".encode(), ""))
            bad = pathlib.Path(folder) / "bad.yaml"
            bad.write_text("lisen: {}\nlimits: {batch_bytes: lots}\n")
            done = run(LOGBOOM, "check", str(bad))
            self.assertEqual((done.exit_code, done.stdout), (1, b""))
            first, second = done.stderr.splitlines()
            self.assertTrue(first.startswith(f"{bad}:1:1: lisen: "), first)
            self.assertTrue(
                second.startswith(f"{bad}:2:23: limits.batch_bytes: "), second)
            done = run(LOGBOOM, "check", str(pathlib.Path(folder) / "none"))
            self.assertEqual(done.exit_code, 1)
            self.assertIn("cannot be read", done.stderr)

    def test_commands_on_a_journal_need_one(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (folder, folder + "/none"):
                for arguments in (
                        ["journal", "dump", path], ["journal", "stats", path],
                        ["journal", "stats", "--verify", path],
                        ["handler", "rewind", "h", "--to", "0", "--journal",
                         path]):
                    done = run(LOGBOOM, *arguments)
                    self.assertEqual((done.exit_code, done.stdout), (1, b""),
                                     arguments)
                    self.assertTrue(done.stderr.startswith("logboom: "))
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
