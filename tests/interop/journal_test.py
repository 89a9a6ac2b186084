"""What was taken in stays in the journal, however the server ended."""

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

    def test_a_handler_that_starts_at_the_beginning_is_given_all_again(self):
        with self.server() as first:
            self.send(first, "of the first run")
        (self.folder / "all.log").unlink()
        with self.server(handlers={"all": {"start": "beginning"}}) as second:
            self.send(second, "of the second run")
        self.assertEqual((self.folder / "all.log").read_text(),
                         "of the first run\nof the second run\n")

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
        self.expect_in_journal(*(f"run {run} record {i}." for run in range(3)
                                 for i in range(5)), "after all")

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
