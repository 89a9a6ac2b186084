"""Exports are answered as the OTLP specification says.

The answers are read by the classes of OpenTelemetry's and Google's own packages
(otlp/raw_exporter.py), which owe nothing to the service's declarations.

Usage: otlp_answers_test.py python
"""

import json

import support  # pylint: disable=unused-import
import logboomd
import otlp_support
from otlp_support import SdkTest


def field(number, content):
    """A protobuf field of bytes, of less than 128."""
    return bytes([number << 3 | 2, len(content)]) + content


def request(*records):
    """An ExportLogsServiceRequest with these LogRecords in a scope "raw"."""
    scope_logs = field(1, field(1, b"raw")) + b"".join(field(2, record) for record in records)
    return field(1, field(2, scope_logs))


def record(text, *others):
    """A LogRecord with this body."""
    return field(5, field(1, text)) + b"".join(others)


class AnswersTest(SdkTest):

    def answer(self, server, content):
        python, _ = self.sdk.command
        done = logboomd.run(python, otlp_support.PRODUCERS / "raw_exporter.py",
                            server.address("grpc"), stdin=content)
        self.assertEqual(done.exit_code, 0, done.stderr)
        return json.loads(done.stdout)

    def expect_taken(self, answer):
        self.assertEqual(answer["code"], "OK", answer)
        self.assertIsNone(answer["partial_success"])

    def test_what_is_taken_has_no_partial_success(self):
        with self.server() as server:
            for content in (b"", request(), request(record(b"a"), record(b"b"))):
                self.expect_taken(self.answer(server, content))
        self.assertEqual([record["message"] for record in self.dump()], ["a", "b"])

    def test_bad_text_and_ids_cost_nothing(self):
        """They are kept as they came, or read as absent."""
        with self.server() as server:
            self.expect_taken(self.answer(server, request(
                record(b"before"), record(b"\xff bytes"),
                record(b"short ids", field(9, b"\x01" * 7), field(10, b"\x02" * 9)))))
        dumped = self.dump()
        self.assertEqual([record["message"] for record in dumped],
                         ["before", "\\xff bytes", "short ids"])
        self.assertNotIn("trace_id", dumped[2])
        self.assertNotIn("span_id", dumped[2])

    def test_a_malformed_record_costs_itself_and_is_counted(self):
        with self.server() as server:
            answer = self.answer(server, request(
                record(b"before"), b"\x2a\x7f cut short", record(b"after")))
        self.assertEqual(answer["code"], "OK", answer)
        self.assertEqual(answer["partial_success"]["rejected"], 1)
        self.assertTrue(answer["partial_success"]["message"])
        self.assertEqual([record["message"] for record in self.dump()], ["before", "after"])

    def test_what_is_no_request_is_refused_for_good(self):
        with self.server() as server:
            answer = self.answer(server, b"\x0a\x7f cut short")
        self.assertEqual(answer["code"], "INVALID_ARGUMENT", answer)
        self.assertIsNone(answer["retry_delay_s"])

    def test_what_the_disk_does_not_take_is_to_be_sent_again_later(self):
        with self.server() as server:
            self.expect_taken(self.answer(server, request(record(b"before"))))
            with otlp_support.full_disk(server):
                answer = self.answer(server, request(record(b"in vain")))
        self.assertEqual(answer["code"], "UNAVAILABLE", answer)
        self.assertGreater(answer["retry_delay_s"], 0)


if __name__ == "__main__":
    otlp_support.main()
