"""The server's memory has a bound, whatever its clients do.

Unread it filled up with what gRPC had received: 2.4 GiB with 256 streams that
sent batches of 3.9 MB, half a GiB with 256 requests that stopped half-way.
"""

import logging
import os
import tempfile
import time
import unittest

import support  # pylint: disable=unused-import
import http2
import logboomd
import wire

CONFIG = {"logging": {
    "version": 1,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["none"]},
}}

BOUND_BYTES = 256 << 20  # of all its memory, programs and libraries included
STOPPED_S = 5
LARGE_BYTES = 3_900_000  # just under limits.batch_bytes


def large_batch():
    record = wire.records(wire.log_record("x" * 1000, "test", logging.INFO))
    return wire.bytes_field(2, record * (LARGE_BYTES // len(record)))


def large_request():
    record = wire.bytes_field(2, wire.bytes_field(5, wire.any_value("x" * 1000)))
    scope_logs = record * (LARGE_BYTES // len(record))
    return wire.bytes_field(1, wire.bytes_field(2, scope_logs))


class MemoryTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.server = logboomd.Server(folder.name, CONFIG).start()
        self.addCleanup(self.server.stop)
        self.deadline = time.monotonic() + logboomd.PATIENCE_S

    def connect(self, connections):
        port = self.server.port("grpc")
        return [http2.Connection(port) for _ in range(connections)]

    def wait_for(self, connection, condition, what):
        left = self.deadline - time.monotonic()
        self.assertTrue(connection.wait_for(condition, left), what)

    def expect_bounded(self):
        # A sanitizer keeps what was freed: then all that shows is that it is well.
        if os.environ.get("SANITIZERS"):
            return
        self.assertLess(self.server.peak_memory_bytes(), BOUND_BYTES)

    def expect_served(self):
        connection, = self.connect(1)
        stream = connection.call(http2.PUBLISH, http2.message(
            wire.bytes_field(2, wire.records(wire.log_record("healthy", "test", logging.INFO)))))
        self.wait_for(connection, lambda: stream.answers > 0, "an ack")
        connection.close()

    def stop_within(self, path, content, connections, calls):
        """So many calls on each connection, as far as the server lets them send. A
        connection's window that is used up says no more than that time passes."""
        opened = self.connect(connections)
        streams = [(connection, connection.call(path, content))
                   for connection in opened for _ in range(calls)]
        until = time.monotonic() + STOPPED_S
        for connection, stream in streams:
            connection.wait_for(
                lambda stream=stream: stream.ended or not stream.left or stream.window == 0,
                max(0.0, until - time.monotonic()))
        for connection in opened:
            connection.close()

    def test_requests_that_stop_half_way(self):
        content = http2.message(large_request())
        self.stop_within(http2.EXPORT, content[:len(content) // 2], connections=16, calls=16)
        self.expect_bounded()
        self.expect_served()

    def test_large_batches_on_many_streams(self):
        content = 2 * http2.message(large_batch())
        calls = [(connection, connection.call(http2.PUBLISH, content))
                 for connection in self.connect(64)]
        for connection, stream in calls:
            # On a slow machine some may be told to come again.
            self.wait_for(
                connection,
                lambda stream=stream: stream.ended or not stream.left and stream.answers > 0,
                "both batches sent and an ack, or an end")
        self.assertTrue(any(stream.answers for _, stream in calls))
        self.expect_bounded()

    def test_small_batches_beside_large_ones_that_stop(self):
        """Where gRPC is short of memory, it must not matter who frees a buffer: a
        server in whose threads it did crashed in one round of three."""
        small = http2.message(wire.bytes_field(2, wire.records(
            wire.log_record("small", "test", logging.INFO))))
        large = http2.message(large_batch())
        content = 20 * small + large[:len(large) * 3 // 4]
        for _ in range(4):
            self.stop_within(http2.PUBLISH, content, connections=64, calls=4)
        self.expect_served()

    def test_a_message_without_an_end(self):
        connection, = self.connect(1)
        stream = connection.call(
            http2.PUBLISH, http2.message(bytes(300_000_000), claimed=1_000_000_000))
        self.wait_for(connection, lambda: stream.ended, "the end of the call")
        self.expect_bounded()
        self.expect_served()


if __name__ == "__main__":
    unittest.main()
