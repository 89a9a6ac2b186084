"""Records of OpenTelemetry's SDKs arrive exactly as they were logged.

Goal: every record that a program logs by the SDK, of every kind of body, attribute,
exception and context that the SDK has, is in the journal with all that was set, and
a handler prints it as the same record by Python's logging would be printed.
Method: the producer says what it logged, and the expectations are made of that.

Usage: otlp_records_test.py python|js
"""

import datetime

import otlp_support
from otlp_support import SdkTest, expected_dump, expected_line

# Of a dumped record, what the SDK or the service adds.
ADDED = ("offset", "time", "observed_time", "flags", "entry")


class EveryKindTest(SdkTest):

    def log_every_kind(self, *options):
        """What the producer logged; the server has stopped after it."""
        with self.server() as server, self.producer(server, *options) as producer:
            logged = producer.finish()
        self.assertEqual(server.result.exit_code, 0, server.result.stderr)
        self.assertGreater(len(logged), 20)
        return logged

    def expect_all_written(self, logged):
        """Each once; in order only within a logger (the SDKs sort by scope)."""
        expected = sorted(map(expected_line, logged))
        self.maxDiff = None
        self.assertEqual(sorted(self.lines()), expected)

    def test_in_batches_they_are_written(self):
        self.expect_all_written(self.log_every_kind())

    def test_one_by_one_they_are_written(self):
        logged = self.log_every_kind("--simple")
        self.expect_all_written(logged)
        if self.sdk.keeps_order:
            self.assertEqual(self.lines(), list(map(expected_line, logged)))

    def test_compressed_they_are_written(self):
        self.expect_all_written(self.log_every_kind("--gzip"))

    def test_the_journal_has_all_that_was_set(self):
        logged = self.log_every_kind()
        dumped = self.dump()
        self.assertEqual(len(dumped), len(logged))
        self.maxDiff = None
        dumped, logged = by_logger(dumped), by_logger(logged)
        for record, original in zip(dumped, logged):
            self.assertEqual(record["entry"]["kind"], "otlp")
            resource = record["entry"]["resource"]
            self.assertEqual(resource["service.name"], "shop")
            self.assertEqual(resource["service.version"], "2.1")
            self.assertAlmostEqual(seconds(record["time"]), original["time"], places=3)
            self.assertLess(abs(seconds(record["observed_time"]) - original["time"]), 10)
            self.assertEqual(without_added(record), expected_dump(original))


def seconds(time):
    """Since the epoch; datetime knows no nanoseconds."""
    whole, _, fraction = time.removesuffix("+00:00").partition(".")
    moment = datetime.datetime.fromisoformat(whole + "+00:00")
    return moment.timestamp() + float("0." + (fraction or "0"))


def without_added(record):
    return {key: value for key, value in record.items() if key not in ADDED}


def by_logger(records):
    """Sorted by logger; those of one stay in order."""
    return sorted(records, key=lambda record: record["logger"])


if __name__ == "__main__":
    otlp_support.main()
