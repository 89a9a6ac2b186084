"""What the tests with OpenTelemetry's SDKs share.

The SDKs are those that scripts/install-peers installs, in the folder that PEERS
names; where they are missing the tests are skipped.
"""

import base64
import contextlib
import dataclasses
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

import support  # pylint: disable=unused-import
import logboomd

PRODUCERS = support.HERE / "otlp"
PEERS = pathlib.Path(os.environ.get("PEERS", support.HERE.parents[1] / "build" / "peers"))

SKIPPED = 77  # what ctest takes for "skipped"

# Printed for every record; each of the lines is compared whole.
FORMAT = ("%(name)s|%(levelname)s|%(levelno)d|%(pathname)s|%(filename)s|%(lineno)d|"
          "%(funcName)s|%(thread)d|%(otelTraceID)s|%(otelSpanID)s|%(order_id)s|"
          "%(http.request.method)s|%(paid)s|%(ratio)s|%(tags)s|%(address)s|%(token)s|"
          "%(nothing)s|%(service.name)s|%(message)s")

# proto/wire/level.h's table, from severity to Python's numbers, and CPython's names.
LEVELS = {0: 20, 1: 2, 2: 4, 3: 5, 4: 8, **{
    5 + 4 * step + i: 10 + 10 * step + i for step in range(5) for i in range(4)}}
NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
NUMBERS = {name: number for number, name in NAMES.items()}


@dataclasses.dataclass
class Sdk:
    """One of the SDKs, and its producer."""

    folder: pathlib.Path  # where it is installed
    command: list
    environment: dict
    keeps_order: bool  # of records exported one by one


SDKS = {
    "python": Sdk(
        PEERS / "python",
        [PEERS / "python" / "bin" / "python3", PRODUCERS / "python_producer.py"], {}, True),
    "js": Sdk(
        PEERS / "node", ["node", PRODUCERS / "js_producer.js", "--retry"],
        {"NODE_PATH": str(PEERS / "node" / "node_modules")}, False),
}


class Producer:
    """A running producer. As a context manager it is gone at the end."""

    def __init__(self, sdk, server_address, *options, service="shop"):
        self.service = service
        self._process = subprocess.Popen(
            [*sdk.command, server_address, "--service", service, *options], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **sdk.environment})
        self._stdout = logboomd.Output(self._process.stdout)
        self._stderr = logboomd.Output(self._process.stderr)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.stderr.close()

    def wait_for_more_records(self, count):
        """Waits until it has logged so many more than now."""
        start = None

        def logged(lines):
            nonlocal start
            start = len(lines) if start is None else start
            return len(lines) >= start + count

        if not self._stdout.wait_for(logged):
            raise AssertionError(f"no {count} more records; stderr:\n{self.stderr()}")

    def finish(self):
        """Ends its stdin and waits for it to end; what it logged, each as a dict
        (python_producer.py). Its SDK gave up none."""
        self._process.stdin.close()
        exit_code = self._process.wait(logboomd.PATIENCE_S)
        lines = self._stdout.content().decode("utf-8").splitlines()
        if exit_code != 0 or not lines or json.loads(lines[-1]) != {"failed": 0}:
            raise AssertionError(f"exit code {exit_code}, last line {lines[-1:]}, "
                                 f"stderr:\n{self.stderr()}")
        return [json.loads(line) for line in lines[:-1]]

    def wait_for_stderr(self, part):
        """Waits for a line that has this in it."""
        if not self._stderr.wait_for(lambda lines: any(part in line for line in lines)):
            raise AssertionError(f"no {part} in:\n{self.stderr()}")

    def stderr(self):
        """All of it; kills the producer."""
        self._process.kill()
        return self._stderr.content().decode("utf-8", "backslashreplace")


class SdkTest(unittest.TestCase):
    """A test of one SDK, in a folder of its own; main() sets `sdk`."""

    sdk = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def server(self, **config):
        """A logboomd that writes every record as FORMAT says, a line each."""
        return logboomd.Server(self.folder, {
            "listen": {"grpc": "127.0.0.1:0", "tcp": None},
            "logging": {
                "version": 1,
                "formatters": {"line": {"format": FORMAT, "newlines": "escape"}},
                "handlers": {"all": {"class": "logging.FileHandler", "filename": "all.log",
                                     "formatter": "line"}},
                "root": {"handlers": ["all"]},
            }, **config})

    def producer(self, server, *options, **more):
        return Producer(self.sdk, server.address("grpc"), *options, **more)

    def lines(self):
        """What the file handler wrote."""
        text = (self.folder / "all.log").read_bytes().decode("utf-8")
        return text.split("\n")[:-1]  # splitlines() would split at U+2028 too

    def dump(self):
        """The journal's records, as `journal dump --json` shows them."""
        done = logboomd.run(logboomd.LOGBOOM, "journal", "dump", "--json",
                            str(self.folder / "journal"))
        self.assertEqual(done.exit_code, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


@contextlib.contextmanager
def full_disk(server):
    """Meanwhile no file of the server's grows, as on a full disk."""
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


def main():
    """Runs the tests of __main__ with the SDK that is named, if it is installed."""
    sdk = SDKS[sys.argv[1]]
    if not (sdk.folder / ".installed").exists():
        print(f"skipped: {sdk.folder} is missing; scripts/install-peers makes it")
        sys.exit(SKIPPED)
    SdkTest.sdk = sdk
    unittest.main(argv=sys.argv[:1])


def expected_line(record):
    """What FORMAT makes of a record that a producer logged."""
    attributes = record["attributes"]
    levelno = level_of(record)
    path = attributes.get("code.file.path", attributes.get("code.filepath", ""))
    fields = [
        record["logger"],
        record["severity_text"] or NAMES.get(levelno, f"Level {levelno}"),
        levelno,
        path,
        path.rpartition("/")[2],
        attributes.get("code.line.number", attributes.get("code.lineno", 0)),
        attributes.get("code.function.name", attributes.get("code.function")),
        attributes.get("thread.id", 0),
        record["trace_id"] or "0",
        record["span_id"] or "0",
        *(text_of(attributes[name]) if name in attributes else f"%({name})s"
          for name in ("order_id", "http.request.method", "paid", "ratio", "tags", "address",
                       "token", "nothing")),
        "shop",
        with_exception(message_of(record["body"]), attributes),
    ]
    return escaped("|".join(map(str, fields)))


def text_of(value):
    """An attribute as Python's str() prints it."""
    return str(base64.b64decode(value["base64"]) if is_bytes(value) else value)


def level_of(record):
    if record["severity_number"] == 0 and record["severity_text"] in NUMBERS:
        return NUMBERS[record["severity_text"]]
    return LEVELS[record["severity_number"]]


def message_of(body):
    """OpenTelemetry's text of a value: a string as it is, bytes in base64, no value
    as nothing, anything else as compact JSON."""
    if body is None:
        return ""
    if isinstance(body, str):
        return body
    if is_bytes(body):
        return body["base64"]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def with_exception(message, attributes):
    """As logging.Formatter appends exc_text."""
    text = attributes.get("exception.stacktrace")
    if text is None and "exception.type" in attributes:
        text = attributes["exception.type"]
        if "exception.message" in attributes:
            text += ": " + attributes["exception.message"]
    if text is None:
        return message
    return f"{message}\n{text.removesuffix(chr(10))}"


def escaped(text):
    """As `newlines: escape` writes it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def expected_dump(record):
    """The part of a dumped record that the producer decides."""
    dumped = {
        "logger": record["logger"],
        "message": record["body"],
        "attributes": record["attributes"],
        "severity": record["severity_number"],
        "level": record["severity_text"],
        "trace_id": record["trace_id"],
        "span_id": record["span_id"],
        "event_name": record.get("event_name"),
        "scope": {"version": record.get("scope_version"),
                  "attributes": record.get("scope_attributes")},
    }
    dumped["scope"] = {key: value for key, value in dumped["scope"].items() if value}
    # What is not set is left out; a body without a value is null.
    return {key: value for key, value in dumped.items()
            if key == "message" or value not in (None, {}, "", 0)}


def is_bytes(value):
    return isinstance(value, dict) and list(value) == ["base64"]
