"""A logboomd of one's own for tests in Python.

ctest says where the programs are: LOGBOOMD and LOGBOOM in the environment. A
test makes a folder, starts a Server in it with a configuration, and stops it:

    with Server(folder, {"logging": with_marker({...})}) as server:
        sender = server.connect()
        sender.sendall(frames)
        server.sync(sender)
    self.assertEqual(server.result.exit_code, 0)

Nothing here sleeps: a program's output is read by threads, and waiting is
waiting for a line of it. Every wait has a generous bound, so that a hang is a
failure that says what was awaited.
"""

import copy
import dataclasses
import json
import logging
import logging.handlers
import os
import pathlib
import pickle
import signal
import socket
import struct
import subprocess
import threading


def program(variable):
    """The path of a built program, from the environment that ctest sets."""
    path = os.environ.get(variable)
    if path is None:
        raise SystemExit(f"run this by ctest, or set {variable} to a built program")
    return path


LOGBOOMD = program("LOGBOOMD")
LOGBOOM = program("LOGBOOM")

# A bound for what takes well under a second on an idle machine.
PATIENCE_S = 60

MARKER_LOGGER = "test-marker"
MARKER_HANDLER = "test_marker"


class ServerError(AssertionError):
    """The server did not do what a test waits for; carries its stderr."""


@dataclasses.dataclass
class Result:
    """What a program left when it ended."""

    exit_code: int  # negative: the signal that killed it
    stdout: bytes
    stderr: str

    def error_lines(self):
        """Its own messages: stderr without listener and console lines."""
        return [line for line in self.stderr.splitlines()
                if line.startswith("logboomd: ")]


class Output:
    """Collects a pipe of a program on a thread, so that it never blocks."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._bytes = bytearray()
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            chunk = os.read(self._pipe.fileno(), 65536)
            with self._changed:
                self._bytes += chunk
                self._ended = not chunk
                self._changed.notify_all()
            if not chunk:
                return

    def wait_for(self, condition, timeout_s=PATIENCE_S):
        """Waits until condition(whole lines so far); False at the end of the
        output or when time is over."""
        with self._changed:
            self._changed.wait_for(
                lambda: condition(self._lines()) or self._ended, timeout_s)
            return condition(self._lines())

    def _lines(self):
        text = bytes(self._bytes)
        return text[:text.rfind(b"\n") + 1].splitlines()

    def content(self):
        """All of it, once the program has ended."""
        self._thread.join(PATIENCE_S)
        with self._changed:
            return bytes(self._bytes)


def with_marker(logging_config):
    """A copy of a dictConfig with a logger for Server.sync: its records go to
    stderr and nowhere else."""
    config = copy.deepcopy(logging_config)
    config.setdefault("handlers", {})[MARKER_HANDLER] = {
        "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    config.setdefault("loggers", {})[MARKER_LOGGER] = {
        "handlers": [MARKER_HANDLER], "propagate": False}
    return config


def frame(payload):
    """A frame of the raw port."""
    return struct.pack(">L", len(payload)) + payload


# Its address is never used: only makePickle is.
_pickler = logging.handlers.SocketHandler("localhost", 0)


def pickle_frame(record):
    """The bytes with which SocketHandler sends this record."""
    return _pickler.makePickle(record)


def record_frame(message, name="test", level=logging.INFO, **attributes):
    """The frame of a new record; attributes are set on it."""
    record = logging.LogRecord(name, level, "/src/test.py", 1, message, None, None)
    record.__dict__.update(attributes)
    return pickle_frame(record)


def dict_frame(fields, protocol=1):
    """A frame with any dict, as a sender of one's own may send it."""
    return frame(pickle.dumps(fields, protocol))


class Server:
    """One logboomd process in `folder`, which is its working directory.

    `config` is completed: free ports unless it has `listen`, a journal in
    `folder`. As a context manager it starts and stops; `result` is there after.
    `stdout`: a descriptor to write to, in place of a pipe that is read.
    """

    def __init__(self, folder, config=None, env=None, stdout=subprocess.PIPE):
        self.folder = pathlib.Path(folder)
        self.config = copy.deepcopy(config or {})
        self.config.setdefault(
            "listen", {"grpc": "127.0.0.1:0", "tcp": "127.0.0.1:0"})
        self.config.setdefault("journal", {}).setdefault("path", "journal")
        self.result = None
        self._env = env
        self._stdout_target = stdout
        self._process = None
        self._markers = 0

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, traceback):
        if self.result is None:
            self.stop()
        return False

    def start(self):
        """Starts it; returns when its listeners are up."""
        self.spawn()
        wanted = [key for key in ("grpc", "tcp", "unix")
                  if self.config["listen"].get(key) not in (None, "off")]
        self.wait_for_stderr(
            lambda lines: all(_listening(lines, key) for key in wanted),
            "listening lines for " + ", ".join(wanted))
        return self

    def spawn(self):
        """Starts the program and waits for nothing."""
        path = self.folder / "logboomd.json"
        path.write_text(json.dumps(self.config, indent=1, ensure_ascii=False), encoding="utf-8")
        self._process = subprocess.Popen(
            [LOGBOOMD, "--config", str(path)], cwd=self.folder, env=self._env,
            stdin=subprocess.DEVNULL, stdout=self._stdout_target,
            stderr=subprocess.PIPE)
        self.result = None
        self._stdout = Output(self._process.stdout) if self._process.stdout else None
        self._stderr = Output(self._process.stderr)

    @property
    def pid(self):
        return self._process.pid

    def address(self, listener):
        """'127.0.0.1:PORT' of its 'grpc' or 'tcp' listener."""
        return self._wait_for_address(listener)

    def port(self, listener):
        return int(self.address(listener).rpartition(":")[2])

    def _wait_for_address(self, listener):
        found = []

        def listening(lines):
            found[:] = [_listening(lines, listener)]
            return found[0] is not None

        self.wait_for_stderr(listening, "listening " + listener)
        return found[0]

    def connect(self):
        """A new connection to the raw port; the caller closes it."""
        return socket.create_connection(
            ("127.0.0.1", self.port("tcp")), timeout=PATIENCE_S)

    def sync(self, sender):
        """Waits until everything sent before on this connection, and everything
        acknowledged before on any, is in the journal. Needs with_marker."""
        self._markers += 1
        marker = f"marker {self._markers} {self.pid}"
        sender.sendall(record_frame(marker, MARKER_LOGGER, logging.CRITICAL))
        self.wait_for_stderr(
            lambda lines: marker.encode() in lines, marker)

    def wait_for_stderr(self, condition, what, timeout_s=PATIENCE_S):
        self._wait(self._stderr, condition, what, timeout_s)

    def wait_for_stdout(self, condition, what, timeout_s=PATIENCE_S):
        self._wait(self._stdout, condition, what, timeout_s)

    def _wait(self, output, condition, what, timeout_s):
        if not output.wait_for(condition, timeout_s):
            result = self.kill()
            raise ServerError(
                f"waited for {what} in vain; exit code {result.exit_code}, "
                f"stderr:\n{result.stderr}")

    def stop(self, sig=signal.SIGTERM):
        """Asks it to stop and waits. Returns, and keeps, its Result."""
        if self._process.poll() is None:
            self._process.send_signal(sig)
        return self.wait()

    def kill(self):
        """kill -9."""
        self._process.kill()
        return self.wait()

    def wait(self):
        """Waits for it to end by itself."""
        try:
            exit_code = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            stderr = self._stderr.content().decode("utf-8", "backslashreplace")
            raise ServerError(
                f"did not end within {PATIENCE_S} s; stderr:\n{stderr}") from None
        self.result = Result(
            exit_code, self._stdout.content() if self._stdout else b"",
            self._stderr.content().decode("utf-8", "backslashreplace"))
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        return self.result

    def peak_memory_bytes(self):
        """The most it has had in memory so far (VmHWM)."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise ServerError("no VmHWM in /proc/PID/status")


def _listening(lines, listener):
    prefix = f"listening {listener} ".encode()
    for line in lines:
        if line.startswith(prefix):
            return line[len(prefix):].decode()
    return None


def run(program, *arguments, stdin=b"", cwd=None):
    """Runs a program to its end."""
    done = subprocess.run([program, *arguments], input=stdin, cwd=cwd,
                          capture_output=True, timeout=PATIENCE_S, check=False)
    return Result(done.returncode, done.stdout,
                  done.stderr.decode("utf-8", "backslashreplace"))
