"""Runs the logging cookbook's receiver as it is, with one file handler:
python3 cookbook_server.py cookbook_receiver.py FILE

Prints "listening ADDRESS" and serves until it is killed."""
import importlib.util
import logging
import sys

FORMAT = "%(asctime)s %(levelname)-8s %(name)s %(message)s"


def main(receiver_path, file):
    spec = importlib.util.spec_from_file_location("receiver", receiver_path)
    receiver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(receiver)
    handler = logging.FileHandler(file)
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.basicConfig(level=logging.NOTSET, handlers=[handler])
    server = receiver.LogRecordSocketReceiver("127.0.0.1", 0)
    print("listening 127.0.0.1:%d" % server.server_address[1], flush=True)
    server.serve_until_stopped()


main(sys.argv[1], sys.argv[2])
