"""Whatever is sent to either port: it is counted, reported in few lines, never
run, and costs nobody else anything."""

import contextlib
import logging
import os
import pathlib
import pickle
import random
import re
import socket
import struct
import tempfile
import unittest

import support  # pylint: disable=unused-import
import logboomd
import wire

PUBLISH = logboomd.program("PUBLISH")  # see publish.cc

CONFIG = {
    "limits": {"frame_bytes": "1MiB", "batch_bytes": "64KiB"},
    "logging": logboomd.with_marker({
        "version": 1,
        "handlers": {"all": {"class": "logging.FileHandler", "filename": "all.log"}},
        "root": {"handlers": ["all"]},
    }),
}

# Far above what these tests need, far below what they ask for.
MEMORY_BOUND_BYTES = 512 << 20

# Of a kind of fault, lines are written for ten peers a minute (frame_intake.cc);
# the rest is counted.
MOST_LINES = 15


class Steady:
    """A well-behaved sender that stays while others misbehave."""

    def __init__(self, server):
        self._server = server
        self._sender = server.connect()
        self.messages = []

    def send(self):
        self.messages.append(f"steady {len(self.messages)}")
        self._sender.sendall(logboomd.record_frame(self.messages[-1]))

    def finish(self):
        self.send()
        self._server.sync(self._sender)
        self._sender.close()


class MalformedTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = logboomd.Server(self.folder, CONFIG)

    def send_among_others(self, streams):
        """Sends each on a connection of its own, read to its end by the server,
        while a steady sender goes on. Returns the lines of all.log."""
        with self.server:
            steady = Steady(self.server)
            for stream in streams:
                steady.send()
                self.play(stream)
            steady.finish()
            memory = self.server.peak_memory_bytes()
            print(f"{self.id()}: peak memory {memory >> 20} MiB")
        self.assertEqual(self.server.result.exit_code, 0, self.server.result.stderr)
        self.assertLess(memory, MEMORY_BOUND_BYTES)
        self.assertLessEqual(len(self.server.result.error_lines()), MOST_LINES,
                             self.server.result.stderr)
        lines = (self.folder / "all.log").read_text(encoding="utf-8").splitlines()
        self.assertEqual([line for line in lines if line.startswith("steady ")],
                         steady.messages)
        return [line for line in lines if not line.startswith("steady ")]

    def play(self, stream):
        """Sends all of it and waits until the server has taken it and closed."""
        with self.server.connect() as peer:
            peer.sendall(stream)
            peer.shutdown(socket.SHUT_WR)
            self.assertEqual(peer.recv(1), b"", "the raw port never replies")

    def losses(self):
        """What the server says it lost, by reason."""
        found = re.findall(r"([a-z_]+) (\d+)", " ".join(
            line for line in self.server.result.error_lines() if "losses:" in line))
        return {reason: int(count) for reason, count in found}

    def test_a_frame_that_cannot_be_decoded_costs_that_frame_only(self):
        frames = undecodable_frames()
        lines = self.send_among_others(
            logboomd.record_frame(f"before {name}") + logboomd.frame(payload) +
            logboomd.record_frame(f"after {name}")
            for name, payload in frames.items())
        self.assertEqual(lines, [f"{when} {name}" for name in frames
                                 for when in ("before", "after")])
        self.assertEqual(self.losses(), {"frame_not_decodable": len(frames)})

    def test_no_pickle_runs_anything(self):
        witness = self.folder / "executed"
        payloads = list(hostile_pickles(f"touch {witness}"))
        self.assertGreater(len(payloads), 20)
        self.send_among_others(map(logboomd.frame, payloads))
        self.assertFalse(witness.exists())

    def test_the_hostile_pickles_are_hostile(self):
        """Otherwise the test above proves nothing."""
        count = len(list(hostile_pickles("")))
        for i in range(count):
            witness = self.folder / f"executed{i}"
            payload = list(hostile_pickles(f"touch {witness}"))[i]
            with self.subTest(pickle=payload):
                with contextlib.suppress(Exception):
                    pickle.loads(payload)
                self.assertTrue(witness.exists())

    def test_a_cut_frame_is_counted_and_forgotten(self):
        whole = logboomd.record_frame("whole")
        cuts = range(1, len(whole), 7)
        lines = self.send_among_others([whole + whole[:cut] for cut in cuts])
        self.assertEqual(lines, ["whole"] * len(cuts))
        self.assertEqual(self.losses(), {"frame_cut": len(cuts)})

    def test_an_oversize_frame_is_skipped_and_the_next_is_read(self):
        oversize = b"\x80\x02" + bytes(40 << 20)
        lines = self.send_among_others([
            logboomd.frame(oversize) + logboomd.record_frame("after oversize"),
            b"\xff\xff\xff\xff" + bytes(8 << 20),
            logboomd.frame(bytes((1 << 20) + 1)) * 3 + logboomd.record_frame("after three")])
        self.assertEqual(lines, ["after oversize", "after three"])
        losses = self.losses()
        self.assertEqual(losses.pop("frame_too_large"), 5)
        self.assertLessEqual(set(losses), {"frame_cut"})

    def test_random_bytes_harm_nobody(self):
        draw = random.Random("random bytes")
        streams = [draw.randbytes(draw.randrange(1, 5000)) for _ in range(100)]
        for first in (0x7D, 0x28, 0x63, 0x80, 0x0A, 0x09, 0x2A, 0x32, 0x7A):
            streams += [b"".join(logboomd.frame(bytes([first]) + draw.randbytes(
                draw.randrange(200))) for _ in range(50)) for _ in range(5)]
        streams.append(logboomd.frame(b"}V\nI" + b"9" * 500000 + b"\ns."))
        self.send_among_others(streams)
        self.assertGreater(self.losses()["frame_not_decodable"], 100)

    def test_damaged_frames_of_a_real_sender_harm_nobody(self):
        draw = random.Random("damaged frames")
        whole = bytearray(logboomd.record_frame(
            "damaged", x=[1, "a", {"k": (None, b"x")}], y=2**70))
        streams = []
        for _ in range(100):
            stream = b""
            for _ in range(20):
                damaged = bytearray(whole)
                for _ in range(draw.randrange(1, 4)):
                    damaged[draw.randrange(4, len(damaged))] = draw.randrange(256)
                stream += damaged
            streams.append(stream)
        self.send_among_others(streams)

    def test_text_that_is_not_utf8_is_kept_and_escaped(self):
        bad = wire.log_record("caf\udce9 \udcff", "a\udcfe", logging.INFO)
        lines = self.send_among_others([
            logboomd.frame(bad), logboomd.frame(wire.records(bad)),
            logboomd.frame(b"}q\x00(X\x03\x00\x00\x00msgX\x05\x00\x00\x00caf\xe9 "
                           b"X\x04\x00\x00\x00nameX\x01\x00\x00\x00au.")])
        self.assertEqual(lines, [r"caf\xe9 \xff", r"caf\xe9 \xff", r"caf\xe9 "])
        self.assertEqual(self.losses(), {})

    def test_a_value_that_contains_itself_is_kept(self):
        loop = ["loop"]
        loop.append(loop)
        table = {"msg": loop, "name": "a"}
        lines = self.send_among_others([logboomd.dict_frame(table, protocol)
                                        for protocol in range(6)])
        self.assertEqual(lines, ["['loop', [...]]"] * 6)

    def test_a_batch_cut_at_every_byte_is_rejected_and_the_stream_lives_on(self):
        whole = wire.records(wire.log_record("whole", "a", logging.INFO, attributes={
            "k": [1, {"deep": b"x"}]}))
        cuts = [whole[:cut] for cut in range(1, len(whole))]
        self.publish_among_others([*cuts, whole], rejected=len(cuts))

    def test_a_batch_over_the_limit_is_rejected_and_the_stream_lives_on(self):
        large = wire.records(wire.log_record("x" * (70 << 10), "a", logging.INFO))
        whole = wire.records(wire.log_record("whole", "a", logging.INFO))
        self.publish_among_others([large, whole], rejected=1)

    def publish_among_others(self, batches, rejected):
        path = self.folder / "batches"
        path.write_bytes(b"".join(map(logboomd.frame, batches)))
        with self.server:
            steady = Steady(self.server)
            steady.send()
            sent = logboomd.run(PUBLISH, self.server.address("grpc"), str(path))
            steady.finish()
        self.assertIn(f"{len(batches)} of {len(batches)} batches acknowledged, "
                      f"{rejected} rejected", sent.stderr)
        lines = (self.folder / "all.log").read_text().splitlines()
        self.assertEqual(lines, ["steady 0", "whole", "steady 1"])
        self.assertEqual(self.losses(), {"batch_rejected": rejected})

    def test_bytes_that_are_no_http2_on_the_grpc_port_harm_nobody(self):
        draw = random.Random("no http/2")
        preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        with self.server:
            steady = Steady(self.server)
            for i in range(50):
                steady.send()
                with socket.create_connection(
                        ("127.0.0.1", self.server.port("grpc"))) as peer:
                    peer.sendall((preface if i % 2 else b"") + draw.randbytes(2000))
            steady.finish()
        self.assertEqual(self.server.result.exit_code, 0, self.server.result.stderr)
        lines = (self.folder / "all.log").read_text().splitlines()
        self.assertEqual(lines, steady.messages)


def undecodable_frames():
    """Payloads of which no record can be made, by name."""
    name = b"X\x04\x00\x00\x00name"
    return {
        "empty": b"",
        "unknown first byte": b"\x00 hello",
        "text": b"GET / HTTP/1.1\r\n\r\n",
        "pickle of a list": pickle.dumps([1, 2, 3], 1),
        "pickle of a list, protocol 4": pickle.dumps([1, 2, 3], 4),
        "pickle of None": pickle.dumps(None, 2),
        "pickle without end": pickle.dumps({"msg": "a"}, 1)[:-1],
        "pickle cut in a string": b"}" + name[:-1],
        "pickle of a later protocol": b"\x80\x06}.",
        "no opcode": b"}\xff.",
        "nothing on the stack": b"}s.",
        "a string beyond the end": b"}X\xff\xff\xff\x7fa.",
        "a string beyond memory": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fa.",
        "bytes beyond memory": b"\x80\x04\x8e" + b"\xff" * 8 + b"a.",
        "a memo that was never put": b"}h\x07.",
        "a persistent id": b"}Pid\n.",
        "an extension code": b"\x80\x02}\x82\x01.",
        "an out-of-band buffer": b"\x80\x05}\x97.",
        "deep lists": b"}" + name + b"]" * 5000 + b"a" * 4999 + b"s.",
        "deep tuples": b"\x80\x02}" + name + b")" + b"\x85" * 5000 + b"s.",
        "many marks": b"(" * 300000,
        "many values": b"}(" + b"K\x01" * 400000 + b"u.",
        "laughs by the billion": laughs(),
        "protobuf cut": wire.records(wire.log_record("a", "b", 20))[:-1],
        "protobuf record cut": wire.log_record("a", "b", 20)[:-1],
        "protobuf with a length beyond": b"\x0a\xff\xff\xff\xff\x0f",
        "protobuf nested too deep": wire.log_record(nested(200), "b", 20),
        "protobuf varint without end": b"\x0a\x01\x10" + b"\xff" * 20,
    }


def laughs():
    """A list of ten of a list of ten of a list …: a few bytes that stand for
    10**12 values when they are written out."""
    levels = b"](" + b"K\x01" * 10 + b"e"
    for i in range(11):
        levels += b"q" + bytes([i]) + b"0](" + (b"h" + bytes([i])) * 10 + b"e"
    return b"}X\x03\x00\x00\x00msg" + levels + b"s."


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


class _ByReduce:
    """Pickled as a call of os.system by the pickle module itself."""

    def __init__(self, command):
        self._command = command

    def __reduce__(self):
        return os.system, (self._command,)


def hostile_pickles(command):
    """Pickles that run a shell command when CPython loads them: by every opcode
    that can call, alone and within a record."""
    text = command.encode()
    short = b"S'" + text + b"'\n"
    unicode = b"X" + struct.pack("<I", len(text)) + text
    calls = [
        (0, b"cposix\nsystem\n(" + short + b"tR"),                      # REDUCE
        (0, b"(" + short + b"iposix\nsystem\n"),                         # INST
        (1, b"(cposix\nsystem\n" + short + b"o"),                        # OBJ
        (2, b"cposix\nsystem\n" + unicode + b"\x85R"),                   # TUPLE1 REDUCE
        (4, b"\x8c\x05posix\x8c\x06system\x93" + unicode + b"\x85R"),    # STACK_GLOBAL
        (0, b"c__builtin__\neval\n(S'__import__(\"os\").system(\"" + text + b"\")'\ntR"),
        (2, b"csubprocess\ngetoutput\n" + unicode + b"\x85R"),
    ]
    for protocol, call in calls:
        head = b"\x80" + bytes([protocol]) if protocol >= 2 else b""
        yield head + call + b"."
        yield head + b"}(X\x03\x00\x00\x00msg" + call + b"X\x01\x00\x00\x00xK\x01u."
    for protocol in range(6):
        yield pickle.dumps({"msg": "m", "x": _ByReduce(command)}, protocol)
        yield pickle.dumps(_ByReduce(command), protocol)


if __name__ == "__main__":
    unittest.main()
