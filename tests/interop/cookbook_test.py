"""Python's logging cookbook, "Sending and receiving logging events across a
network": its sender, with logboomd in the place of its receiver.

cookbook_sender.py and cookbook_receiver.py are the cookbook's text as it stands
(docs.python.org/3/howto/logging-cookbook.html, Zero-Clause BSD). Only the value
of logging.handlers.DEFAULT_TCP_LOGGING_PORT differs, since no test has a fixed
port.
"""

import re
import socket
import subprocess
import sys
import tempfile
import unittest

import support
import logboomd

FORMAT = "%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s"

CONFIG = {
    "version": 1,
    "formatters": {"cookbook": {"format": FORMAT}},
    "handlers": {"console": {"class": "logging.StreamHandler",
                             "stream": "ext://sys.stdout", "formatter": "cookbook"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}

EVENTS = [
    ("root", "INFO", "Jackdaws love my big sphinx of quartz."),
    ("myapp.area1", "DEBUG", "Quick zephyrs blow, vexing daft Jim."),
    ("myapp.area1", "INFO", "How quickly daft jumping zebras vex."),
    ("myapp.area2", "WARNING", "Jail zesty vixen who grabbed pay from quack."),
    ("myapp.area2", "ERROR", "The five boxing wizards jump quickly."),
]

# The receiver's main(), but for its port, which it prints, and for its end.
RECEIVE_ONE_CONNECTION = f"""
import logging, runpy, sys
receiver = runpy.run_path(sys.argv[1])
logging.basicConfig(format={FORMAT!r})
with receiver["LogRecordSocketReceiver"](port=0) as server:
    server.timeout = None
    print(server.server_address[1], flush=True)
    server.handle_request()
"""

SEND = """
import logging.handlers, runpy, sys
logging.handlers.DEFAULT_TCP_LOGGING_PORT = int(sys.argv[2])
runpy.run_path(sys.argv[1])
"""


def run_sender(port):
    """Runs the cookbook's sender to its end."""
    return logboomd.run(sys.executable, "-c", SEND,
                        str(support.HERE / "cookbook_sender.py"), str(port))


def record_sender():
    """The bytes the cookbook's sender sends, taken down once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(logboomd.PATIENCE_S)
        sender = run_sender(listener.getsockname()[1])
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(logboomd.PATIENCE_S)
            taken = b"".join(iter(lambda: connection.recv(65536), b""))
    return sender, taken


def play_to_python(frames):
    """What Python's own receiver prints for these frames."""
    with subprocess.Popen(
            [sys.executable, "-c", RECEIVE_ONE_CONNECTION,
             str(support.HERE / "cookbook_receiver.py")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE) as receiver:
        port = int(receiver.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)) as player:
            player.sendall(frames)
        return receiver.communicate(timeout=logboomd.PATIENCE_S)[1]


class CookbookTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.server = logboomd.Server(
            folder.name, {"logging": logboomd.with_marker(CONFIG)})

    def test_logboomd_prints_what_pythons_receiver_prints(self):
        sender, frames = record_sender()
        self.assertEqual((sender.exit_code, sender.stdout, sender.stderr), (0, b"", ""))
        with self.server:
            with self.server.connect() as player:
                player.sendall(frames)
                self.server.sync(player)
        expected = play_to_python(frames)
        self.assertEqual(len(expected.splitlines()), 5)
        self.assertEqual(self.server.result.stdout, expected)

    def test_the_senders_five_events_arrive_with_debug(self):
        with self.server:
            self.assertEqual(run_sender(self.server.port("tcp")).stderr, "")
            self.server.wait_for_stdout(lambda lines: len(lines) >= 5, "five lines")
        self.assertEqual(self.events(), EVENTS)

    def test_the_sample_is_the_cookbooks_five_events(self):
        with self.server:
            sent = logboomd.run(logboomd.LOGBOOM, "send", "--sample",
                                "--server", self.server.address("grpc"))
            self.assertEqual(sent.exit_code, 0, sent.stderr)
            self.server.wait_for_stdout(lambda lines: len(lines) >= 5, "five lines")
        self.assertEqual(self.events(), EVENTS)

    def events(self):
        """(logger, level, message) of what the server printed."""
        line = re.compile(r" *\d+ (\S+) +(\S+) +(.*)")
        printed = self.server.result.stdout.decode().splitlines()
        return [line.fullmatch(text).groups() for text in printed]


if __name__ == "__main__":
    unittest.main()
