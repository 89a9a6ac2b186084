"""CPython's own side of the oracle, a process of its own.

usage: reference_receiver.py CONFIG FRAMES

Configures logging by the dictConfig in CONFIG (JSON), then handles the frames in
FRAMES as the logging cookbook's LogRecordStreamHandler does. Two keys beside
`logging`: `logname`, the cookbook's server.logname, and `apply_logger_levels`,
the check that the cookbook's comment tells its reader to add when wanted.
"""

import json
import logging
import logging.config
import pickle
import struct
import sys


def frames(data):
    """The payloads of a stream of frames."""
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from(">L", data, at)
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def handle(record, config):
    """The cookbook's handleLogRecord."""
    name = config.get("logname") or record.name
    logger = logging.getLogger(name)
    if config.get("apply_logger_levels") and not logger.isEnabledFor(record.levelno):
        return
    logger.handle(record)


def main(config_file, frames_file):
    with open(config_file, encoding="utf-8") as source:
        config = json.load(source)
    logging.config.dictConfig(config["logging"])
    with open(frames_file, "rb") as source:
        data = source.read()
    for payload in frames(data):
        handle(logging.makeLogRecord(pickle.loads(payload)), config)
    logging.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
