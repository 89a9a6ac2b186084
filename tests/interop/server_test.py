"""How logboomd starts, complains and stops."""

import logging
import os
import pathlib
import signal
import socket
import tempfile
import unittest

import support  # pylint: disable=unused-import
import http2
import logboomd
from logboomd import record_frame

ALL_TO_FILE = {
    "version": 1,
    "handlers": {"all": {"class": "logging.FileHandler", "filename": "all.log"}},
    "root": {"handlers": ["all"]},
}


class FolderTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logboom-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def server(self, logging_config=None, **config):
        logging_config = logboomd.with_marker(logging_config or ALL_TO_FILE)
        return logboomd.Server(self.folder, {"logging": logging_config, **config})

    def run_to_end(self, server):
        server.spawn()
        return server.wait()

    def expect_one_line_and_failure(self, result, *words):
        """Exit 1, and one line on stderr that has all the words."""
        self.assertEqual(result.exit_code, 1, result.stderr)
        self.assertEqual(len(result.error_lines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.error_lines()[0])


class StartTest(FolderTest):

    def test_a_port_in_use_is_one_clear_line(self):
        for listener in ("tcp", "grpc"):
            with self.subTest(listener=listener), \
                    socket.create_server(("127.0.0.1", 0)) as other:
                address = f"127.0.0.1:{other.getsockname()[1]}"
                listen = {"grpc": None, "tcp": None, listener: address}
                result = self.run_to_end(self.server(listen=listen))
                self.expect_one_line_and_failure(result, address, "in use")

    def test_two_servers_do_not_share_a_grpc_port(self):
        with self.server() as first:
            listen = {"grpc": first.address("grpc"), "tcp": None}
            second = self.server(listen=listen, journal={"path": "other"})
            self.expect_one_line_and_failure(
                self.run_to_end(second), first.address("grpc"), "in use")

    def test_a_journal_locked_by_another_server_is_one_clear_line(self):
        with self.server():
            result = self.run_to_end(self.server())
            self.expect_one_line_and_failure(result, "journal", "another")

    def test_a_journal_that_cannot_be_made_is_one_clear_line(self):
        (self.folder / "file").write_text("")
        result = self.run_to_end(self.server(journal={"path": "file/journal"}))
        self.expect_one_line_and_failure(result, "file/journal")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_journal_that_cannot_be_written_is_one_clear_line(self):
        (self.folder / "journal").mkdir(mode=0o500)
        result = self.run_to_end(self.server())
        self.expect_one_line_and_failure(result, "journal", "ermission")

    def test_a_log_file_that_cannot_be_opened_is_one_clear_line_and_holds_nothing_up(self):
        """Its records are written when it can be."""
        config = {"version": 1, "root": {"handlers": ["bad", "all"]}, "handlers": {
            "bad": {"class": "logging.FileHandler", "filename": "missing/x.log"},
            "all": {"class": "logging.FileHandler", "filename": "all.log"}}}
        with self.server(config) as server, server.connect() as sender:
            sender.sendall(record_frame("kept"))
            server.sync(sender)
            server.wait_for_stderr(
                lambda lines: any(b"missing/x.log" in line for line in lines), "the failure")
            (self.folder / "missing").mkdir()
            server.wait_for_stderr(
                lambda lines: b"logboomd: info: handler bad: works again" in lines, "it works")
        self.assertEqual(server.result.exit_code, 0, server.result.stderr)
        failures = [line for line in server.result.error_lines() if "missing/x.log" in line]
        self.assertEqual(failures, [
            "logboomd: error: handler bad: cannot open missing/x.log: "
            "No such file or directory; trying again"])
        for name in ("missing/x.log", "all.log"):
            self.assertEqual((self.folder / name).read_text(), "kept\n")

    def test_a_bad_configuration_is_refused_with_every_error_located(self):
        path = self.folder / "bad.yaml"
        path.write_text("listen: {tcp: 127.0.0.1:0, grcp: 1}\n"
                        "logging:\n"
                        "  version: 1\n"
                        "  root: {level: EROR}\n")
        result = logboomd.run(logboomd.LOGBOOMD, "--config", str(path), cwd=self.folder)
        self.assertEqual(result.exit_code, 1)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 2, result.stderr)
        self.assertRegex(lines[0], r"bad\.yaml:1:\d+: listen\.grcp: ")
        self.assertRegex(lines[1], r"bad\.yaml:4:\d+: logging\.root\.level: .*EROR")
        self.assertEqual([p.name for p in self.folder.iterdir()], ["bad.yaml"],
                         "nothing is made before the configuration is good")
        checked = logboomd.run(logboomd.LOGBOOM, "check", str(path))
        self.assertEqual((checked.exit_code, checked.stderr), (1, result.stderr))

    def test_check_accepts_what_the_server_accepts(self):
        with self.server():
            pass
        path = str(self.folder / "logboomd.json")
        checked = logboomd.run(logboomd.LOGBOOM, "check", path)
        self.assertEqual((checked.exit_code, checked.stdout.decode(), checked.stderr),
                         (0, path + ": ok\n", ""))

    def test_a_configuration_that_is_missing_is_one_clear_line(self):
        result = logboomd.run(logboomd.LOGBOOMD, "--config", str(self.folder / "no.yaml"))
        self.assertEqual(result.exit_code, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("no.yaml", result.stderr)

    def test_misuse_is_exit_2_and_help_exit_0(self):
        for program in (logboomd.LOGBOOMD, logboomd.LOGBOOM):
            for arguments, code in ((["--frobnicate"], 2), (["--config"], 2),
                                    (["unexpected"], 2), (["--help"], 0),
                                    (["--version"], 0)):
                with self.subTest(program=program, arguments=arguments):
                    result = logboomd.run(program, *arguments, cwd=self.folder)
                    self.assertEqual(result.exit_code, code, result.stderr)
                    self.assertEqual(bool(result.stdout), code == 0)
                    self.assertEqual(bool(result.stderr), code == 2)

    def test_listeners_can_be_switched_off(self):
        with self.server(listen={"grpc": "off", "tcp": "127.0.0.1:0"}) as server:
            with server.connect() as sender:
                server.sync(sender)
        self.assertNotIn("listening grpc", server.result.stderr)

    def test_a_unix_socket_takes_frames(self):
        listen = {"grpc": None, "tcp": "127.0.0.1:0", "unix": str(self.folder / "sock")}
        with self.server(listen=listen) as server:
            with socket.socket(socket.AF_UNIX) as sender:
                sender.connect(str(self.folder / "sock"))
                sender.sendall(record_frame("by unix socket"))
                server.sync(sender)
        self.assertEqual((self.folder / "all.log").read_text(), "by unix socket\n")


class StopTest(FolderTest):

    def test_each_signal_stops_it_and_nothing_is_left(self):
        for sig in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=sig):
                server = self.server().start()
                with server.connect() as sender:
                    sender.sendall(record_frame(f"before {sig.name}"))
                    server.sync(sender)
                    result = server.stop(sig)
                self.assertEqual(result.exit_code, 0, result.stderr)
                self.assertRegex(result.stderr, r"(?m)^logboomd: info: handler all: "
                                                r"1 records handled, 1 filtered, 0 left")
        self.assertEqual((self.folder / "all.log").read_text(),
                         "before SIGTERM\nbefore SIGINT\n")

    def test_a_fifo_that_nobody_reads_does_not_keep_it_from_stopping(self):
        """Nor the other handlers from writing; the records stay in the journal."""
        os.mkfifo(self.folder / "fifo")
        # Opened for reading, so that the server's open succeeds; never read.
        reader = os.open(self.folder / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        config = {"version": 1, "root": {"handlers": ["stuck", "all"]}, "handlers": {
            "stuck": {"class": "logging.FileHandler", "filename": "fifo"},
            "all": {"class": "logging.FileHandler", "filename": "all.log"}}}
        messages = [f"{i} " + "x" * 1000 for i in range(1000)]
        with self.server(config) as server, server.connect() as sender:
            sender.sendall(b"".join(map(record_frame, messages)))
            server.sync(sender)
        self.assertEqual(server.result.exit_code, 0, server.result.stderr)
        self.assertEqual((self.folder / "all.log").read_text().splitlines(), messages)
        self.assertRegex(server.result.stderr,
                         r"handler stuck: \d+ records handled, \d+ filtered, [1-9]\d* left in")
        self.assertRegex(server.result.stderr,
                         r"handler all: 1000 records handled, 1 filtered, 0 left")

    def test_it_stops_with_connections_open_and_a_frame_half_sent(self):
        with self.server() as server:
            idle = server.connect()
            half = server.connect()
            with idle, half:
                half.sendall(record_frame("whole") + record_frame("half")[:-5])
                server.sync(idle)
                server.stop()
        self.assertEqual(server.result.exit_code, 0)

    def test_an_export_whose_request_is_half_sent_is_to_be_tried_again(self):
        # It was CANCELLED, after the grace of half a second.
        server = self.server().start()
        connection = http2.Connection(server.port("grpc"))
        call = connection.call(http2.EXPORT, http2.message(b"\x0a", claimed=1000))
        later = connection.call(http2.EXPORT, http2.message(b""))
        self.assertTrue(connection.wait_for(lambda: later.ended, logboomd.PATIENCE_S))
        server.stop()
        self.assertTrue(connection.wait_for(lambda: call.ended, logboomd.PATIENCE_S))
        self.assertIn(b"grpc-status\x0214", call.status)  # UNAVAILABLE
        self.assertIn(b"google.rpc.retryinfo-bin", call.status)

    def test_a_reader_of_stdout_that_goes_does_not_take_the_server_along(self):
        config = {"version": 1, "root": {"handlers": ["console", "all"]}, "handlers": {
            "console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"},
            "all": {"class": "logging.FileHandler", "filename": "all.log"}}}
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        server = logboomd.Server(self.folder, {"logging": logboomd.with_marker(config)},
                                 stdout=writer)
        with server, server.connect() as sender:
            sender.sendall(record_frame("nobody reads stdout"))
            server.sync(sender)
        self.assertEqual(server.result.exit_code, 0, server.result.stderr)
        self.assertEqual((self.folder / "all.log").read_text(), "nobody reads stdout\n")

    def test_send_fails_and_says_so_when_no_server_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            address = f"127.0.0.1:{closed.getsockname()[1]}"
        for flag in ("--server", "--tcp"):
            with self.subTest(flag=flag):
                sent = logboomd.run(logboomd.LOGBOOM, "send", flag, address,
                                    "--logger", "a", "--level", "INFO", "message")
                self.assertEqual(sent.exit_code, 1)
                self.assertIn(address, sent.stderr)
        health = logboomd.run(logboomd.LOGBOOM, "health", "--server", address)
        self.assertEqual(health.exit_code, 1)

    def test_health_answers_while_it_runs(self):
        with self.server() as server:
            health = logboomd.run(logboomd.LOGBOOM, "health",
                                  "--server", server.address("grpc"))
        self.assertEqual(health.exit_code, 0, health.stderr)


class OutputTest(FolderTest):

    def test_without_handlers_the_last_resort_prints_messages_from_warning_up(self):
        config = {"version": 1, "root": {"level": "DEBUG"}}
        with self.server(config) as server, server.connect() as sender:
            for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                sender.sendall(record_frame(f"at {level}", "a.b", level))
            server.sync(sender)
        printed = [line for line in server.result.stderr.splitlines()
                   if not line.startswith(("logboomd: ", "listening ", "marker "))]
        self.assertEqual(printed, ["at 30", "at 40"])
        self.assertEqual(server.result.stdout, b"")

    def test_without_a_logging_section_the_console_prints_all(self):
        with logboomd.Server(self.folder) as server, server.connect() as sender:
            sender.sendall(record_frame("hello", "a.b", logging.DEBUG, relativeCreated=7.9))
            server.wait_for_stdout(lambda lines: len(lines) == 1, "a line")
        self.assertEqual(server.result.stdout, b"    7 a.b             DEBUG    hello\n")

    def forged(self, newlines):
        """A file's bytes after a record that tries to look like two, with an
        exception, and an honest one."""
        config = dict(ALL_TO_FILE, formatters={
            "line": {"format": "%(levelname)s %(name)s: %(message)s", "newlines": newlines}})
        if newlines is None:
            del config["formatters"]["line"]["newlines"]
        config["handlers"] = {"all": dict(ALL_TO_FILE["handlers"]["all"], formatter="line")}
        (self.folder / "all.log").unlink(missing_ok=True)
        with self.server(config) as server, server.connect() as sender:
            sender.sendall(record_frame(
                "ok\nERROR bank: transferred\r\n\x1b[2K\u2028\u202efdp\tend\\n", "shop",
                exc_text="Traceback:\nValueError: a\nCRITICAL root: b"))
            sender.sendall(record_frame("honest", "shop"))
            server.sync(sender)
        return (self.folder / "all.log").read_bytes().decode("utf-8")

    def test_indent_marks_every_line_that_is_no_records_first(self):
        for mode in ("indent", None):
            self.assertEqual(
                self.forged(mode),
                "INFO shop: ok\n"
                "    | ERROR bank: transferred\\r\n"
                "    | \\x1b[2K\\u2028\\u202efdp\tend\\n\n"
                "    | Traceback:\n"
                "    | ValueError: a\n"
                "    | CRITICAL root: b\n"
                "INFO shop: honest\n")

    def test_escape_gives_one_line_a_record(self):
        self.assertEqual(
            self.forged("escape"),
            "INFO shop: ok\\nERROR bank: transferred\\r\\n\\x1b[2K\\u2028\\u202efdp"
            "\\tend\\\\n\\nTraceback:\\nValueError: a\\nCRITICAL root: b\n"
            "INFO shop: honest\n")

    def test_raw_is_as_python_writes_it_and_can_be_forged(self):
        self.assertEqual(
            self.forged("raw"),
            "INFO shop: ok\nERROR bank: transferred\r\n\x1b[2K\u2028\u202efdp\tend\\n\n"
            "Traceback:\nValueError: a\nCRITICAL root: b\n"
            "INFO shop: honest\n")

    def test_a_field_that_a_record_lacks_is_printed_as_written_and_reported_once(self):
        config = {"version": 1, "root": {"handlers": ["all"]},
                  "formatters": {"f": {"format": "%(message)s %(order_id)s"}},
                  "handlers": {"all": dict(ALL_TO_FILE["handlers"]["all"], formatter="f")}}
        with self.server(config) as server, server.connect() as sender:
            sender.sendall(record_frame("a") + record_frame("b", order_id=7) +
                           record_frame("c"))
            server.sync(sender)
        self.assertEqual((self.folder / "all.log").read_text(),
                         "a %(order_id)s\nb 7\nc %(order_id)s\n")
        reports = [line for line in server.result.error_lines() if "order_id" in line]
        self.assertEqual(len(reports), 1, server.result.stderr)

    def test_tcp_logger_decides_where_a_record_goes_and_prints_its_own_name(self):
        config = {"version": 1, "formatters": {"f": {"format": "%(name)s %(message)s"}},
                  "handlers": {"all": dict(ALL_TO_FILE["handlers"]["all"], formatter="f")},
                  "loggers": {"gate": {"handlers": ["all"], "propagate": False}}}
        with logboomd.Server(self.folder, {"logging": config, "tcp": {"logger": "gate"}}) \
                as server, server.connect() as sender:
            sender.sendall(record_frame("m", "shop.cart"))
            sender.shutdown(socket.SHUT_WR)
            self.assertEqual(sender.recv(1), b"")
        self.assertEqual((self.folder / "all.log").read_text(), "shop.cart m\n")

    def test_the_servers_own_messages_never_enter_the_journal(self):
        with self.server() as server, server.connect() as sender:
            sender.sendall(logboomd.frame(b"\x00 not decodable"))
            server.sync(sender)
        self.assertIn("not decodable", server.result.stderr)
        self.assertEqual((self.folder / "all.log").read_text(), "")


if __name__ == "__main__":
    unittest.main()
