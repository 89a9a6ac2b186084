"""A program that logs with Python's logging and exports by OpenTelemetry's SDK.

Every record that it logs it also prints, as a line of JSON with what was logged:
logger, time, severity_text, severity_number, body, attributes, trace_id, span_id (bytes
as {"base64": ...}, like `logboom journal dump --json`). The last line says how many
records the SDK gave up: {"failed": N}.

Runs in the environment that scripts/install-peers makes.
"""

import argparse
import base64
import itertools
import json
import logging
import math
import sys
import threading
import warnings

import grpc
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor, LogRecordExportResult, SimpleLogRecordProcessor)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

TIMEOUT_S = 30  # for how long the SDK goes on trying an export
QUEUED_RECORDS = 100_000  # what it keeps meanwhile
NOTICE = 25
LOGGERS = ("shop", "shop.cart", "shop.cart.payment", "root")

# What the SDK makes of logging's levels (its std_to_otel and its handler).
SEVERITIES = {"DEBUG": (5, "DEBUG"), "INFO": (9, "INFO"), "NOTICE": (12, "NOTICE"),
              "WARNING": (13, "WARN"), "ERROR": (17, "ERROR"), "CRITICAL": (21, "FATAL")}

STANDARD_KEYS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class CountingExporter(OTLPLogExporter):
    """Counts the records of exports that failed for good."""

    failed = 0

    def export(self, batch):
        result = super().export(batch)
        if result is not LogRecordExportResult.SUCCESS:
            self.failed += len(batch)
        return result


class Witness(logging.Handler):
    """Prints what was logged."""

    def emit(self, record):
        severity_number, severity_text = SEVERITIES[record.levelname]
        span = trace.get_current_span().get_span_context()
        structured = not record.args and not isinstance(record.msg, str)
        print(json.dumps(plain({
            "logger": record.name,
            "time": record.created,
            "severity_number": severity_number,
            "severity_text": severity_text,
            "body": record.msg if structured else record.getMessage(),
            "attributes": attributes_of(record),
            "trace_id": f"{span.trace_id:032x}" if span.is_valid else None,
            "span_id": f"{span.span_id:016x}" if span.is_valid else None,
        })), flush=True)


def attributes_of(record):
    attributes = {key: value for key, value in vars(record).items()
                  if key not in STANDARD_KEYS}
    attributes["code.file.path"] = record.pathname
    attributes["code.function.name"] = record.funcName
    attributes["code.line.number"] = record.lineno
    if record.exc_info:
        kind, error, _ = record.exc_info
        attributes["exception.type"] = kind.__name__
        if error.args:
            attributes["exception.message"] = str(error.args[0])
        attributes["exception.stacktrace"] = (
            logging.Formatter().formatException(record.exc_info) + "\n")
    return attributes


def plain(value):
    """The value as JSON can have it."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def refund(order):
    try:
        raise KeyError(order)
    except KeyError as error:
        raise ValueError(f"no order {order}\nto refund") from error


def log_every_kind():
    """A record of each kind: levels, bodies, attributes, exceptions, spans."""
    cart = logging.getLogger("shop.cart")
    for level in (logging.DEBUG, logging.INFO, NOTICE, logging.WARNING, logging.ERROR,
                  logging.CRITICAL):
        cart.log(level, "at level %d of %s", level, "six")
    logging.getLogger().warning("by the root logger")
    cart.info("")
    cart.info("Grüße, 世界 🛒 \"quoted\" back\\slash\ttab\nsecond line % {} $")

    for body in ({"order": 7, "paid": True, "total": 12.5, "who": "Zoë \"Z\"", "none": None,
                  "items": [{"sku": "a-1", "count": 2}, {"sku": "b-2", "count": 1}],
                  "empty": {}, "list": [], "deep": {"er": {"still": [1, [2, [3]]]}}},
                 ["a", 1, -2.5, False, None], 42, 2.5, True, None, b"\x00\xffbytes"):
        cart.info(body)

    cart.info("with attributes", extra={
        "order_id": 1017, "http.request.method": "POST", "customer": "Zoë 世界",
        "paid": True, "refunded": False, "least": -2**63, "greatest": 2**63 - 1, "zero": 0,
        "ratio": 0.1, "large": 1e300, "whole": 3.0, "infinite": math.inf, "empty": "",
        "tags": ["a", "ü"], "counts": (1, 2, 3), "mixed": [1, "two", 3.0, None, True],
        "address": {"city": "Köln", "lines": ["1", "2"], "geo": {"lat": 50.94}},
        "nothing": None, "token": b"\x00\x01\xfe\xff", "trace_id": "an attribute"})

    payment = logging.getLogger("shop.cart.payment")
    try:
        refund("ord-7")
    except ValueError:
        payment.exception("refund failed", extra={"order_id": "ord-7"})
    try:
        raise RuntimeError
    except RuntimeError:
        payment.warning("without a message", exc_info=True)
    with trace.get_tracer("shop").start_as_current_span("checkout"):
        payment.info("within a span", extra={"order_id": 1018})
        with trace.get_tracer("shop").start_as_current_span("pay"):
            payment.error("within an inner span")


def log_numbered():
    """A record each 10 ms until stdin ends."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    for number in itertools.count():
        logging.getLogger(LOGGERS[number % len(LOGGERS)]).info("record %d", number)
        if ended.wait(0.01):
            return


def parsed_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("endpoint", help="HOST:PORT")
    parser.add_argument("--service", default="shop", help="its name in the resource")
    parser.add_argument("--simple", action="store_true", help="an export for each record")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--numbered", action="store_true",
                        help='not every kind but "record 0" and so on, until stdin ends')
    return parser.parse_args()


def main():
    arguments = parsed_arguments()
    warnings.simplefilter("ignore", DeprecationWarning)  # of LoggingHandler
    exporter = CountingExporter(
        endpoint=arguments.endpoint, insecure=True, timeout=TIMEOUT_S,
        compression=grpc.Compression.Gzip if arguments.gzip else None)
    if arguments.simple:
        processor = SimpleLogRecordProcessor(exporter)
    else:
        processor = BatchLogRecordProcessor(
            exporter, schedule_delay_millis=100, max_queue_size=QUEUED_RECORDS)
    provider = LoggerProvider(
        resource=Resource.create({"service.name": arguments.service, "service.version": "2.1"}))
    provider.add_log_record_processor(processor)
    trace.set_tracer_provider(TracerProvider())

    logging.addLevelName(NOTICE, "NOTICE")
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(LoggingHandler(logger_provider=provider))
    root.addHandler(Witness())
    # What the SDK has to say goes to stderr and not to itself.
    sdk = logging.getLogger("opentelemetry")
    sdk.addHandler(logging.StreamHandler())
    sdk.setLevel(logging.INFO)
    sdk.propagate = False

    if arguments.numbered:
        log_numbered()
    else:
        log_every_kind()
    provider.force_flush()
    provider.shutdown()
    print(json.dumps({"failed": exporter.failed}), flush=True)


if __name__ == "__main__":
    main()
