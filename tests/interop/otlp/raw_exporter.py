"""Makes one Export of the bytes on stdin and prints how it was answered.

As JSON: code, message, retry_delay_s (of the RetryInfo in the status's details, else
null), partial_success (its fields, else null), read by the classes of the packages that
scripts/install-peers installs.

Usage: raw_exporter.py HOST:PORT
"""

import json
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"


def retry_delay_s(error):
    metadata = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(metadata.get("grpc-status-details-bin", b""))
    for detail in status.details:
        info = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            return info.retry_delay.seconds + info.retry_delay.nanos / 1e9
    return None


def partial_success(response):
    if not response.HasField("partial_success"):
        return None
    partial = response.partial_success
    return {"rejected": partial.rejected_log_records, "message": partial.error_message}


def answer(address, request):
    with grpc.insecure_channel(address) as channel:
        try:
            encoded = channel.unary_unary(EXPORT)(request, timeout=30)
        except grpc.RpcError as error:
            return {"code": error.code().name, "message": error.details(),
                    "retry_delay_s": retry_delay_s(error), "partial_success": None}
    response = ExportLogsServiceResponse.FromString(encoded)
    return {"code": "OK", "message": "", "retry_delay_s": None,
            "partial_success": partial_success(response)}


if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1], sys.stdin.buffer.read())))
