"""A record is printed by what it says, whichever way it came."""

import logging
import pathlib
import tempfile
import unittest

import support  # pylint: disable=unused-import
import logboomd
import wire

# Set by ctest; see publish.cc.
PUBLISH = logboomd.program("PUBLISH")

FORMATS = {
    "all": "%(asctime)s %(created).6f %(name)s %(levelno)d %(levelname)-8s %(pathname)s "
           "%(filename)s %(module)s %(lineno)d %(funcName)s %(thread)d %(threadName)s "
           "%(process)d %(processName)s %(msecs)03d %(message)s %(order_id)d "
           "%(amount).2f %(card)r %(tags)s %(paid)s %(nothing)s %(raw)s",
    "cli": "%(name)s %(levelno)d %(levelname)s %(message)s %(order_id)s %(card)s",
}


def config(newlines):
    """A file for each format, at loggers `all` and `cli`."""
    return logboomd.with_marker({
        "version": 1,
        "formatters": {name: {"format": text, "newlines": newlines}
                       for name, text in FORMATS.items()},
        "handlers": {name: {"class": "logging.FileHandler", "formatter": name,
                            "filename": name + ".log"} for name in FORMATS},
        "loggers": {name: {"handlers": [name], "propagate": False} for name in FORMATS},
    })


EXTRAS = {"order_id": 4711, "amount": 129.9, "card": "größe", "tags": ["a", 1, None],
          "paid": True, "nothing": None, "raw": b"\x00\xff"}
MESSAGE = "payment\nauthorised \x1b[31m日本\u2028"
TRACE = "Traceback (most recent call last):\nValueError: größe"


def as_pickle():
    return logboomd.record_frame(
        MESSAGE, "all.cart", logging.WARNING, created=1700000000.25, msecs=250.0,
        pathname="/srv/cart.py", filename="cart.py", module="cart", lineno=42,
        funcName="pay", thread=1234567, threadName="T-1", process=99,
        processName="P-1", exc_text=TRACE, stack_info="Stack:\n  f", **EXTRAS)


def as_protobuf():
    return wire.log_record(
        MESSAGE, "all.cart", logging.WARNING, "WARNING", 1700000000_250000000, {
            "code.file.path": "/srv/cart.py", "code.line.number": 42,
            "code.function.name": "pay", "thread.id": 1234567, "thread.name": "T-1",
            "process.pid": 99, "processName": "P-1", "exception.stacktrace": TRACE,
            "stack_info": "Stack:\n  f", **EXTRAS})


class SameLineTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, newlines="indent"):
        return logboomd.Server(self.folder, {"logging": config(newlines)})

    def publish(self, server, *batches):
        """Sends batches on one Publish stream; they are on disk afterwards."""
        path = self.folder / "batches"
        path.write_bytes(b"".join(logboomd.frame(batch) for batch in batches))
        sent = logboomd.run(PUBLISH, server.address("grpc"), str(path))
        self.assertEqual(sent.exit_code, 0, sent.stderr)

    def test_by_pickle_by_either_protobuf_frame_and_by_publish(self):
        for newlines in ("raw", "escape", "indent"):
            with self.subTest(newlines=newlines):
                (self.folder / "all.log").unlink(missing_ok=True)
                with self.start(newlines) as server, server.connect() as sender:
                    sender.sendall(as_pickle() + logboomd.frame(as_protobuf()) +
                                   logboomd.frame(wire.records(as_protobuf())))
                    server.sync(sender)
                    self.publish(server, wire.records(as_protobuf()))
                content = (self.folder / "all.log").read_bytes()
                one = content[:len(content) // 4]
                self.assertIn(b"2023-11-1", one)
                self.assertIn("größe".encode(), one)
                self.assertEqual(content, one * 4)

    def test_by_pickle_and_by_logboom_send_with_and_without_tcp(self):
        message, extras = "payment authorised größe", {"order_id": 4711, "card": "visa"}
        send = ["send", "--logger", "cli.cart", "--level", "ERROR", message,
                "order_id=4711", "card=visa"]
        with self.start() as server, server.connect() as sender:
            sender.sendall(logboomd.record_frame(message, "cli.cart", logging.ERROR, **extras))
            server.sync(sender)
            for address in (["--server", server.address("grpc")],
                            ["--tcp", server.address("tcp")]):
                sent = logboomd.run(logboomd.LOGBOOM, *send, *address)
                self.assertEqual(sent.exit_code, 0, sent.stderr)
            server.sync(sender)
        line = "cli.cart 40 ERROR payment authorised größe 4711 visa\n"
        self.assertEqual((self.folder / "cli.log").read_text(encoding="utf-8"), line * 3)


if __name__ == "__main__":
    unittest.main()
