"""Captures what OpenTelemetry's SDKs export, and writes down what it means.

    build/peers/python/bin/python3 tests/golden/otlp/capture.py

runs tests/interop/otlp's producers against a receiver that keeps the bytes, and makes
of each one's first Export SDK.bin, the ExportLogsServiceRequest as it came, and
SDK.json, its records in order, decoded by the classes of the opentelemetry-proto
package (README.md says how). Needs scripts/install-peers.
"""

import concurrent.futures
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PRODUCERS = ROOT / "tests" / "interop" / "otlp"
PEERS = ROOT / "build" / "peers"
# Where the producers run: their paths get into the records.
NEUTRAL = pathlib.Path(tempfile.gettempdir()) / "shop"

EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
COMMANDS = {
    "python": [PEERS / "python" / "bin" / "python3", "python_producer.py"],
    "js": ["node", "js_producer.js"],
}


class Receiver(grpc.GenericRpcHandler):
    """Takes Exports and keeps their bytes."""

    def __init__(self):
        self.requests = []

    def service(self, details):
        if details.method != EXPORT:
            return None
        return grpc.unary_unary_rpc_method_handler(self._export)  # bytes in, bytes out

    def _export(self, request, _context):
        self.requests.append(request)
        return b""


def capture(command):
    """The requests that the producer makes."""
    receiver = Receiver()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(1), handlers=[receiver])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    subprocess.run([*command, f"127.0.0.1:{port}"], cwd=NEUTRAL, check=True, timeout=60,
                   stdout=subprocess.DEVNULL,
                   env={**os.environ, "NODE_PATH": str(PEERS / "node" / "node_modules")})
    server.stop(None).wait()
    return receiver.requests


def value_of(value):
    """An AnyValue as a list of its kind and content, as in ../pickles/generate.py."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    content = getattr(value, kind)
    return {
        "string_value": lambda: ["s", content],
        "bool_value": lambda: ["b", content],
        "int_value": lambda: ["i", str(content)],
        "double_value": lambda: ["d", struct.pack(">d", content).hex()],
        "bytes_value": lambda: ["y", content.hex()],
        "array_value": lambda: ["a", [value_of(item) for item in content.values]],
        "kvlist_value": lambda: ["m", pairs(content.values)],
    }[kind]()


def pairs(key_values):
    return [[pair.key, value_of(pair.value)] for pair in key_values]


def meaning(request):
    """Its records, each with what surrounds it."""
    records = []
    for of_resource in request.resource_logs:
        for of_scope in of_resource.scope_logs:
            for record in of_scope.log_records:
                records.append({
                    "resource": pairs(of_resource.resource.attributes),
                    "scope_name": of_scope.scope.name,
                    "scope_version": of_scope.scope.version,
                    "scope": pairs(of_scope.scope.attributes),
                    "time_unix_nano": str(record.time_unix_nano),
                    "observed_time_unix_nano": str(record.observed_time_unix_nano),
                    "severity_number": record.severity_number,
                    "severity_text": record.severity_text,
                    "has_body": record.HasField("body"),
                    "body": value_of(record.body),
                    "attributes": pairs(record.attributes),
                    "dropped_attributes_count": record.dropped_attributes_count,
                    "flags": record.flags,
                    "trace_id": record.trace_id.hex(),
                    "span_id": record.span_id.hex(),
                    "event_name": record.event_name,
                })
    return records


def write_golden(name, request):
    (HERE / f"{name}.bin").write_bytes(request)
    records = meaning(ExportLogsServiceRequest.FromString(request))
    lines = ",\n".join(json.dumps(record) for record in records)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(request)} bytes, {len(records)} records")


def main():
    shutil.rmtree(NEUTRAL, ignore_errors=True)
    shutil.copytree(PRODUCERS, NEUTRAL)
    try:
        for name, command in COMMANDS.items():
            requests = capture([str(part) for part in command])
            write_golden(name, max(requests, key=len))
    finally:
        shutil.rmtree(NEUTRAL)


if __name__ == "__main__":
    sys.exit(main())
