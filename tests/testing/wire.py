"""Writes records in protobuf by hand (proto/logboom/v1/record.proto): what a
producer in any language may send, without generated code."""

import struct


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _tag(number, wire_type):
    return varint(number << 3 | wire_type)


def bytes_field(number, value):
    return _tag(number, 2) + varint(len(value)) + value


def string_field(number, value):
    return bytes_field(number, value.encode("utf-8", "surrogateescape"))


def varint_field(number, value):
    return _tag(number, 0) + varint(value)


def any_value(value):
    """An AnyValue of None, bool, int, float, str, bytes, list or dict."""
    if value is None:
        return b""
    if isinstance(value, bool):
        return varint_field(2, value)
    if isinstance(value, int):
        return varint_field(3, value)
    if isinstance(value, float):
        return _tag(4, 1) + struct.pack("<d", value)
    if isinstance(value, str):
        return string_field(1, value)
    if isinstance(value, bytes):
        return bytes_field(7, value)
    if isinstance(value, list):
        return bytes_field(5, b"".join(bytes_field(1, any_value(v)) for v in value))
    return bytes_field(6, b"".join(bytes_field(1, key_value(k, v))
                                   for k, v in value.items()))


def key_value(key, value):
    return string_field(1, key) + bytes_field(2, any_value(value))


def log_record(body, logger, levelno, level_name="", time_unix_nano=0, attributes=None):
    """An encoded LogRecord; attributes are a dict."""
    out = b""
    if time_unix_nano:
        out += _tag(1, 1) + struct.pack("<Q", time_unix_nano)
    if level_name:
        out += string_field(3, level_name)
    out += bytes_field(5, any_value(body))
    for key, value in (attributes or {}).items():
        out += bytes_field(6, key_value(key, value))
    out += varint_field(14, levelno << 1 if levelno >= 0 else ~(levelno << 1))
    return out + string_field(15, logger)


def records(*encoded):
    """The `records` field of a LogBatch: also a whole LogBatch."""
    return b"".join(bytes_field(1, record) for record in encoded)
