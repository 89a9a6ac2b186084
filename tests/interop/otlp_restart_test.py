"""Nothing that OpenTelemetry's SDKs export is lost while the server is away.

Goal: the server is stopped, or killed, and started again on its port, or its disk takes
nothing for a while; the programs go on logging. After the SDKs' own retries (for
JavaScript, the application's: otlp/js_producer.js) every record is in the journal, and
the file has what the journal has.
Method: one producer that exports in batches and one that exports one by one. The outage
ends when both have been refused, which their SDKs print; nothing is timed.

Usage: otlp_restart_test.py python|js
"""

import collections

import otlp_support
from otlp_support import SdkTest

REFUSED = b"UNAVAILABLE"


class RestartTest(SdkTest):

    def setUp(self):
        super().setUp()
        self.producers = []
        self.logged = []  # by all of them: service and message

    def start_producers(self, server):
        for service, options in (("batched", ()), ("simple", ("--simple",))):
            producer = self.producer(server, "--numbered", *options, service=service)
            self.producers.append(self.enterContext(producer))
        self.wait_for_more_records()

    def wait_for_more_records(self):
        for producer in self.producers:
            producer.wait_for_more_records(50)

    def wait_until_refused(self):
        for producer in self.producers:
            producer.wait_for_stderr(REFUSED)

    def restart(self, end):
        """The server ends, by `end`, and comes back while the producers log."""
        with self.server() as first:
            self.start_producers(first)
            address = first.address("grpc")
            end(first)
        self.wait_until_refused()
        with self.server(listen={"grpc": address, "tcp": None}) as second:
            self.finish_producers()
        self.assertEqual(second.result.exit_code, 0, second.result.stderr)

    def finish_producers(self):
        self.wait_for_more_records()
        for producer in self.producers:
            self.logged += [(producer.service, record["body"]) for record in producer.finish()]

    def times_in_journal(self):
        """Of each record, by service and message, how often it is there."""
        return collections.Counter(
            (record["entry"]["resource"]["service.name"], record["message"])
            for record in self.dump())

    def expect_nothing_missing(self):
        """The file has what the journal has. Returns how many are there twice."""
        times = self.times_in_journal()
        self.assertEqual(sorted(times), sorted(self.logged))
        written = collections.Counter(tuple(line.split("|")[-2:]) for line in self.lines())
        self.assertEqual(written, times)
        return times.total() - len(times)

    def test_after_an_orderly_stop_all_are_there_once(self):
        self.restart(lambda server: server.stop())
        self.assertEqual(self.expect_nothing_missing(), 0)

    def test_after_kill_9_all_are_there(self):
        """What was stored and not answered comes twice: OTLP numbers nothing."""
        self.restart(lambda server: server.kill())
        twice = self.expect_nothing_missing()
        print(f"after kill -9: {twice} of {len(self.logged)} records twice")

    def test_after_the_disk_took_nothing_all_are_there(self):
        with self.server() as server:
            self.start_producers(server)
            with otlp_support.full_disk(server):
                self.wait_until_refused()
            self.finish_producers()
        self.assertEqual(server.result.exit_code, 0, server.result.stderr)
        twice = self.expect_nothing_missing()
        print(f"after a full disk: {twice} of {len(self.logged)} records twice")


if __name__ == "__main__":
    otlp_support.main()
