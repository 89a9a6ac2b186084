"""A client of HTTP/2 and gRPC by hand, which can do what no library does: begin
messages and never end them, on many streams at once. It keeps to the windows
that the server grants, and reads no more of the answers than that they come.
"""

import collections
import contextlib
import socket
import struct
import threading

EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
PUBLISH = "/logboom.v1.LogIngest/Publish"

# RFC 9113, section 6.
DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 3, 4, 6, 8
END_STREAM = ACK = 1
END_HEADERS = 4
INITIAL_WINDOW_SIZE = 4  # a setting

FIRST_WINDOW = 65535
CHUNK_BYTES = 16384  # the largest frame that every server takes


def message(content, claimed=None):
    """A gRPC message; `claimed`: the length it says it has."""
    return struct.pack(">BI", 0, len(content) if claimed is None else claimed) + content


class Stream:
    """What one call has yet to send, and what came back."""

    def __init__(self, window, content):
        self.window = window
        self.left = memoryview(content)
        self.answers = 0  # DATA frames
        self.ended = False
        self.status = None  # the block of headers that ended it, as it came


class Connection:
    """One connection and its calls. Thread-safe; a thread reads, one writes."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._sending = threading.Lock()  # around what goes out, before _changed
        self._changed = threading.Condition()
        self._window = FIRST_WINDOW
        self._stream_window = FIRST_WINDOW
        self._streams = collections.OrderedDict()  # by id, in turn to send
        self._calls = 0
        self._closed = False
        self._send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(SETTINGS))
        for run in (self._read, self._write):
            threading.Thread(target=run, daemon=True).start()

    def call(self, path, content):
        """Begins a call that sends these bytes and then says no more."""
        with self._sending:
            with self._changed:
                stream = Stream(self._stream_window, content)
                number = 2 * self._calls + 1
                self._calls += 1
                self._streams[number] = stream
            self._send_locked(_frame(HEADERS, END_HEADERS, number, _headers(path)))
            with self._changed:
                self._changed.notify_all()
        return stream

    def wait_for(self, condition, timeout_s):
        """Whether condition() came true, which looks at the streams."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closed or condition(), timeout_s) and condition()

    def close(self):
        """All calls with it, unless the server has."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _send(self, content):
        with self._sending:
            self._send_locked(content)

    def _send_locked(self, content):
        try:
            self._socket.sendall(content)
        except OSError:
            self._end()

    def _end(self):
        with self._changed:
            self._closed = True
            for stream in self._streams.values():
                stream.ended = True
            self._changed.notify_all()

    def _write(self):
        while True:
            with self._changed:
                number = self._changed.wait_for(self._next_to_send)
                if self._closed:
                    return
                stream = self._streams[number]
                self._streams.move_to_end(number)
                size = min(CHUNK_BYTES, self._window, stream.window, len(stream.left))
                chunk, stream.left = stream.left[:size], stream.left[size:]
                stream.window -= size
                self._window -= size
            self._send(_frame(DATA, 0, number, chunk))

    def _next_to_send(self):
        if self._closed:
            return True
        return self._window > 0 and next(
            (number for number, stream in self._streams.items()
             if stream.left and stream.window > 0 and not stream.ended), None)

    def _read(self):
        incoming = self._socket.makefile("rb")
        try:
            while len(head := incoming.read(9)) == 9:
                size, kind, flags, number = struct.unpack(">IBBI", b"\0" + head)
                self._take(kind, flags, number, incoming.read(size))
        except OSError:
            pass
        self._end()
        self._socket.close()

    def _take(self, kind, flags, number, content):
        if kind == PING and not flags & ACK:
            self._send(_frame(PING, ACK, 0, content))
        if kind == SETTINGS and not flags & ACK:
            self._take_settings(content)
            self._send(_frame(SETTINGS, ACK))
        with self._changed:
            stream = self._streams.get(number)
            if kind == WINDOW_UPDATE and number == 0:
                self._window += struct.unpack(">I", content)[0]
            elif kind == WINDOW_UPDATE and stream:
                stream.window += struct.unpack(">I", content)[0]
            elif kind == DATA and stream:
                stream.answers += 1
            elif stream and (kind == RST_STREAM or kind == HEADERS and flags & END_STREAM):
                stream.ended = True
                stream.status = content if kind == HEADERS else stream.status
            self._changed.notify_all()

    def _take_settings(self, content):
        for name, value in struct.iter_unpack(">HI", content):
            if name == INITIAL_WINDOW_SIZE:
                with self._changed:
                    for stream in self._streams.values():
                        stream.window += value - self._stream_window
                    self._stream_window = value


def _frame(kind, flags=0, number=0, content=b""):
    return struct.pack(">I", len(content))[1:] + struct.pack(">BBI", kind, flags, number) + content


def _headers(path):
    """RFC 7541, section 6.2.2: literals with new names, neither indexed nor
    compressed."""
    headers = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "test",
               "te": "trailers", "content-type": "application/grpc"}
    return b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                    for name, value in headers.items())
