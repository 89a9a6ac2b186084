"""What was taken in stays in the journal, however the server ended."""

import copy
import pathlib
import tempfile
import unittest

import support  # pylint: disable=unused-import
import logboomd

CONFIG = {
    "logging": logboomd.with_marker({
        "version": 1,
        "handlers": {"all": {"class": "logging.FileHandler", "filename": "all.log"}},
        "root": {"handlers": ["all"]},
    }),
}


class JournalTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def server(self, **config):
        return logboomd.Server(self.folder, {**CONFIG, **config})

    def send(self, server, *messages):
        """Sends and waits until they are in the journal."""
        with server.connect() as sender:
            sender.sendall(b"".join(map(logboomd.record_frame, messages)))
            server.sync(sender)

    def dump(self, *arguments):
        done = logboomd.run(logboomd.LOGBOOM, "journal", "dump",
                            str(self.folder / "journal"), *arguments)
        self.assertEqual(done.exit_code, 0, done.stderr)
        return done.stdout.decode("utf-8")

    def expect_in_journal(self, *messages):
        """Each exactly once, in this order."""
        dumped = self.dump()
        positions = []
        for message in messages:
            self.assertEqual(dumped.count(message), 1, dumped)
            positions.append(dumped.index(message))
        self.assertEqual(positions, sorted(positions), dumped)

    def test_a_restart_goes_on_where_the_journal_ends(self):
        with self.server() as first:
            self.send(first, "of the first run")
        with self.server() as second:
            self.send(second, "of the second run")
        self.assertEqual(second.result.exit_code, 0)
        self.expect_in_journal("of the first run", "of the second run")
        self.assertEqual((self.folder / "all.log").read_text(),
                         "of the first run\nof the second run\n")

    def with_handler(self, name):
        """The configuration with a second handler, of a file of its name."""
        logging_config = copy.deepcopy(CONFIG["logging"])
        logging_config["handlers"][name] = {
            "class": "logging.FileHandler", "filename": f"{name}.log"}
        logging_config["root"]["handlers"].append(name)
        return logging_config

    def test_a_handler_added_later_starts_at_the_head_or_at_the_beginning(self):
        with self.server() as first:
            self.send(first, "of the first run")
        for name, start, expected in (
                ("late", "head", "of the second run\n"),
                ("audit", "beginning", "of the first run\nof the second run\n")):
            with self.server(logging=self.with_handler(name),
                             handlers={name: {"start": start}}) as second:
                if name == "late":
                    self.send(second, "of the second run")
            self.assertEqual((self.folder / f"{name}.log").read_text(), expected)

    def test_a_handler_with_a_cursor_goes_on_there_whatever_its_start(self):
        with self.server() as first:
            self.send(first, "of the first run")
        with self.server(handlers={"all": {"start": "beginning"}}) as second:
            self.send(second, "of the second run")
        self.assertEqual((self.folder / "all.log").read_text(),
                         "of the first run\nof the second run\n")

    def test_a_handler_that_was_removed_and_put_back_goes_on_where_it_was(self):
        with self.server() as first:
            self.send(first, "of the first run")
        without = logboomd.with_marker({"version": 1})
        with self.server(logging=without) as second:
            self.send(second, "of the second run")
        warnings = [line for line in second.result.error_lines() if "cursor of handler" in line]
        self.assertEqual(len(warnings), 1, second.result.stderr)
        self.assertIn("cursor of handler all, which is not in the configuration", warnings[0])
        with self.server() as third:
            self.send(third, "of the third run")
        self.assertEqual((self.folder / "all.log").read_text(),
                         "of the first run\nof the second run\nof the third run\n")

    def test_what_was_acknowledged_survives_kill_9(self):
        for run in range(3):
            with self.server() as server:
                for i in range(5):
                    sent = logboomd.run(
                        logboomd.LOGBOOM, "send", "--server", server.address("grpc"),
                        "--logger", "a", "--level", "INFO", f"run {run} record {i}.")
                    self.assertEqual(sent.exit_code, 0, sent.stderr)
                server.kill()
        with self.server() as server:
            self.send(server, "after all")
        self.assertEqual(server.result.exit_code, 0)
        messages = [f"run {run} record {i}." for run in range(3) for i in range(5)]
        messages.append("after all")
        self.expect_in_journal(*messages)
        self.assertEqual((self.folder / "all.log").read_text().splitlines(), messages)

    def test_records_are_read_across_segments(self):
        messages = [f"record {i:04d}: " + "x" * 4000 for i in range(1000)]
        with self.server(journal={"path": "journal", "segment_bytes": "1MiB"}) as server:
            self.send(server, *messages)
        segments = list((self.folder / "journal").glob("*.segment"))
        self.assertGreater(len(segments), 3)
        self.assertEqual((self.folder / "all.log").read_text().splitlines(), messages)
        self.assertEqual(self.dump().count("record "), len(messages))

    def test_dump_reads_the_journal_of_a_running_server(self):
        with self.server() as server:
            self.send(server, "while it runs")
            self.expect_in_journal("while it runs")

    def test_dump_tells_when_there_is_no_journal(self):
        done = logboomd.run(logboomd.LOGBOOM, "journal", "dump", str(self.folder / "no"))
        self.assertEqual(done.exit_code, 1)
        self.assertIn(str(self.folder / "no"), done.stderr)


if __name__ == "__main__":
    unittest.main()
