"""Many producers at once: nothing is lost, nothing comes twice."""

import collections
import logging
import pathlib
import resource
import selectors
import tempfile
import unittest

import support  # pylint: disable=unused-import
import logboomd
import wire

PUBLISH = logboomd.program("PUBLISH")  # see publish.cc

CONFIG = logboomd.with_marker({
    "version": 1,
    "handlers": {"all": {"class": "logging.FileHandler", "filename": "all.log"}},
    "root": {"handlers": ["all"]},
})

CONNECTIONS = 1000
FRAMES_PER_CONNECTION = 20
STREAMS = 100
BATCHES_PER_STREAM = 10
RECORDS_PER_BATCH = 20


def raise_file_limit():
    """As many open files as this process may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def connection_frames(number):
    """What one raw connection sends: pickles and protobuf by turns."""
    for i in range(FRAMES_PER_CONNECTION):
        message = f"connection {number} record {i}"
        if i % 2:
            yield logboomd.frame(wire.log_record(message, "raw", logging.INFO))
        else:
            yield logboomd.record_frame(message, "raw")
    # Tells the test that all before it is in the journal.
    yield logboomd.record_frame(f"connection {number} is in", logboomd.MARKER_LOGGER)


def stream_batches(number):
    """What one Publish stream sends."""
    for batch in range(BATCHES_PER_STREAM):
        yield wire.records(*(
            wire.log_record(f"stream {number} batch {batch} record {i}", "publish",
                            logging.INFO)
            for i in range(RECORDS_PER_BATCH)))


class ManyProducersTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = logboomd.Server(self.folder, {"logging": CONFIG})

    def test_1000_raw_connections_lose_nothing(self):
        if raise_file_limit() < CONNECTIONS + 100:
            self.skipTest("the limit of open files is too low for 1,000 connections")
        with self.server:
            senders = [self.server.connect() for _ in range(CONNECTIONS)]
            self.send_interleaved(senders)
            self.server.wait_for_stderr(self.all_in, "1,000 markers")
            for sender in senders:
                sender.close()
        self.expect_each_once(
            f"connection {number} record {i}" for number in range(CONNECTIONS)
            for i in range(FRAMES_PER_CONNECTION))
        self.assertNotIn("losses", self.server.result.stderr)

    @staticmethod
    def all_in(lines):
        return sum(line.endswith(b" is in") for line in lines) == CONNECTIONS

    @staticmethod
    def send_interleaved(senders):
        """A piece here, a piece there: most frames arrive in two parts."""
        left = {}
        with selectors.DefaultSelector() as selector:
            for number, sender in enumerate(senders):
                sender.setblocking(False)
                left[sender] = memoryview(b"".join(connection_frames(number)))
                selector.register(sender, selectors.EVENT_WRITE)
            while left:
                for key, _ in selector.select(logboomd.PATIENCE_S):
                    sender = key.fileobj
                    left[sender] = left[sender][sender.send(left[sender][:1500]):]
                    if not left[sender]:
                        del left[sender]
                        selector.unregister(sender)

    def test_100_publish_streams_lose_nothing(self):
        files = []
        for number in range(STREAMS):
            files.append(str(self.folder / f"stream{number}"))
            pathlib.Path(files[-1]).write_bytes(
                b"".join(map(logboomd.frame, stream_batches(number))))
        with self.server:
            sent = logboomd.run(PUBLISH, self.server.address("grpc"), *files)
            self.assertEqual(sent.exit_code, 0, sent.stderr)
        self.expect_each_once(
            f"stream {number} batch {batch} record {i}" for number in range(STREAMS)
            for batch in range(BATCHES_PER_STREAM) for i in range(RECORDS_PER_BATCH))

    def expect_each_once(self, messages):
        """Exactly these lines in the file, those of one producer in order."""
        lines = (self.folder / "all.log").read_text(encoding="utf-8").splitlines()
        expected = list(messages)
        wrong = collections.Counter(lines)
        wrong.subtract(expected)
        self.assertEqual({line: n for line, n in wrong.items() if n}, {})
        by_producer = lambda line: line.split()[1]
        self.assertEqual(sorted(lines, key=lambda line: int(by_producer(line))), expected)


if __name__ == "__main__":
    unittest.main()
