#!/usr/bin/env python3
"""Writes cases.json: what CPython 3.11 itself prints, for tests/server/logging.

    python3 tests/golden/format/generate.py

Deterministic: a second run changes no byte. Values are written as the AnyValue
that proto/FORMAT.md, section 6.4 gives them, in JSON: {"f": float.hex()},
{"b": hex of bytes}, {"s": hex of a str that is not UTF-8}, {"m": [[key, value],
...]}, and plain JSON for None, bools, ints of 64 bits, str and list. A null for
a result means that Python raises.
"""
import collections
import datetime
import decimal
import fractions
import json
import logging
import os
import pathlib
import random
import string
import sys
import time
import uuid
import zoneinfo

D = decimal.Decimal
DT = datetime.datetime
UTC = datetime.timezone.utc
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
START = 1700000000.25  # the zero of relativeCreated


def py(name, /, **parts):
    return {"m": [["__py__", name]] + [[k, v] for k, v in parts.items()]}


def pairs(mapping):
    return [[encode(k), encode(v)] for k, v in mapping.items()]


def encode_clock(value, text):
    parts = {"value": text}
    if value.fold:
        parts["fold"] = 1
    if value.tzinfo is not None:
        parts["tzinfo"] = encode(value.tzinfo)
    return py("datetime." + type(value).__name__, **parts)


def encode_timezone(value):
    offset = value.utcoffset(None) // datetime.timedelta(microseconds=1)
    args = value.__getinitargs__()
    name = {"name": args[1]} if len(args) > 1 else {}
    return py("datetime.timezone", offset_microseconds=offset, **name)


ENCODERS = {
    type(None): lambda v: v,
    bool: lambda v: v,
    int: lambda v: v if -2**63 <= v < 2**63 else py("int", value=str(v)),
    float: lambda v: {"f": v.hex()},
    bytes: lambda v: {"b": v.hex()},
    bytearray: lambda v: py("bytearray", value={"b": v.hex()}),
    list: lambda v: [encode(x) for x in v],
    tuple: lambda v: py("tuple", value=[encode(x) for x in v]),
    set: lambda v: py("set", value=[encode(x) for x in v]),
    frozenset: lambda v: py("frozenset", value=[encode(x) for x in v]),
    complex: lambda v: py("complex", real=encode(v.real), imag=encode(v.imag)),
    D: lambda v: py("decimal.Decimal", value=str(v)),
    fractions.Fraction: lambda v: py("fractions.Fraction", value=str(v)),
    uuid.UUID: lambda v: py("uuid.UUID", value=str(v)),
    DT: lambda v: encode_clock(v, v.replace(tzinfo=None).isoformat()),
    datetime.time: lambda v: encode_clock(
        v, v.replace(tzinfo=None).isoformat()),
    datetime.date: lambda v: py("datetime.date", value=str(v)),
    datetime.timedelta: lambda v: py(
        "datetime.timedelta", days=v.days, seconds=v.seconds,
        microseconds=v.microseconds),
    datetime.timezone: encode_timezone,
    zoneinfo.ZoneInfo: lambda v: py("zoneinfo.ZoneInfo", value=v.key),
    collections.OrderedDict: lambda v: py(
        "collections.OrderedDict", value=pairs(v)),
    collections.defaultdict: lambda v: py(
        "collections.defaultdict", factory=encode(v.default_factory),
        value=pairs(v)),
    collections.deque: lambda v: py(
        "collections.deque", value=[encode(x) for x in v],
        **({} if v.maxlen is None else {"maxlen": v.maxlen})),
    type: lambda v: py("type", value=f"{v.__module__}.{v.__qualname__}"),
}


def encode(value):
    if type(value) is str:
        try:
            value.encode()
            return value
        except UnicodeEncodeError:
            return {"s": value.encode("utf-8", "surrogatepass").hex()}
    if type(value) is dict:
        if all(type(k) is str for k in value) and "__py__" not in value:
            return {"m": [[k, encode(v)] for k, v in value.items()]}
        return py("dict", value=pairs(value))
    return ENCODERS[type(value)](value)


def attempt(function):
    """What it returns; None when it raises or the text is not UTF-8."""
    try:
        text = function()
        text.encode()
        return text
    except Exception:  # whatever it is, Python loses the record
        return None


NUMBERS = [
    True, False, 0, 1, -1, 7, 65, 255, -255, 8364, 0x1F600, 0xD800, 0x110000,
    2**31, 2**63 - 1, -2**63, 2**63, -2**64, 10**30, -(10**50) - 1, 2**200,
    10**400, 0.0, -0.0, 1.0, 1.5, -2.5, 0.1, 0.5, -0.5, 2.675, 3.999999, 1e15,
    1e16, 123456789.987654321, 1e-4, 1e-5, 1e-7, 1e22, 1e23, 1e100, -1e300,
    5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"),
    1j, -2.5j, 1 + 2j, complex(-0.0, float("nan")), complex(1e16, -0.0),
    D("1.10"), D("-0"), D("0"), D("1E+5"), D("1E-7"), D("NaN"), D("-NaN12"),
    D("sNaN"), D("Infinity"), D("-Infinity"), D("123456789.987654321"),
    D("-12.99"), D("-0.99"), D("0.00"), D("1E+400"), D("9.99E+20"),
    D("1E-400"), D("0E+9999"), D("1E+5000"),
    fractions.Fraction(3, 4), fractions.Fraction(-7, 2), fractions.Fraction(5),
    uuid.UUID(int=0x1234567812345678123456781234567F), uuid.UUID(int=0),
]
TEXTS = [
    "", "a", "é", "😀", "hello", "it's", '"q"', "'\"", "tab\tnl\ncr\r",
    "\x00\x1f\x7f\x80\x9f\xa0\xad\xff", "\u200b\u2028\ue000\u0378\ufeff",
    "\U0001f600\U000e0001\U0010ffff\U00020000", "back\\slash", "naïve café",
    "e\u0301", "\ud800", "a\udc80b", "日本語テキスト", "100%", "x" * 40,
    b"", b"abc", b"it's\n\x00\xff\\", b"'\"",
    bytearray(b"x'y"), bytearray(b"'\""), bytearray(),
]
CONTAINERS = [
    None, [], [1, "a", None, 1.0, True], [[], [[]], {"k": [1]}], (), (1,),
    (1, 2.5, "x"), set(), {1}, frozenset(), frozenset({"a"}), {}, {"k": 1},
    {"a'b": {"c": (1,)}, "é": b"x"}, {1: 2, (1, 2): [3], None: 1.5},
    {"__py__": 1}, collections.OrderedDict(),
    collections.OrderedDict(a=1, b=[2]), collections.defaultdict(int, a=1),
    collections.defaultdict(None), collections.deque([1, "b"], maxlen=3),
    collections.deque(), int, collections.OrderedDict, decimal.Decimal,
]
TIMES = [
    DT(2024, 1, 2), DT(2024, 1, 2, 3, 4), DT(2024, 1, 2, 3, 4, 5),
    DT(2024, 1, 2, 3, 4, 5, 6), DT(2024, 1, 2, 3, 4, 0, 6), DT(1, 1, 1),
    DT(9999, 12, 31, 23, 59, 59, 999999), DT(2024, 1, 2, fold=1),
    DT(2024, 1, 2, 3, tzinfo=UTC), DT(2024, 1, 2, 3, fold=1, tzinfo=UTC),
    DT(2024, 7, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5))),
    DT(2024, 7, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2), "X")),
    DT(2024, 7, 1, 1, 2, 3, 4, tzinfo=BERLIN),
    DT(2024, 3, 31, 2, 30, tzinfo=BERLIN),
    DT(2024, 3, 31, 2, 30, fold=1, tzinfo=BERLIN),
    DT(2024, 10, 27, 2, 30, tzinfo=BERLIN),
    DT(2024, 10, 27, 2, 30, fold=1, tzinfo=BERLIN),
    datetime.date(2024, 2, 29), datetime.time(), datetime.time(3, 4),
    datetime.time(3, 4, 5), datetime.time(3, 4, 5, 6),
    datetime.time(3, 4, 0, 6), datetime.time(3, 4, tzinfo=UTC),
    datetime.time(1, fold=1, tzinfo=BERLIN),
    datetime.timedelta(), datetime.timedelta(days=1, seconds=5),
    datetime.timedelta(days=-1), datetime.timedelta(microseconds=-1),
    datetime.timedelta(days=400, hours=13, microseconds=70),
    datetime.timedelta(seconds=5), UTC,
    datetime.timezone(datetime.timedelta(hours=2)),
    datetime.timezone(datetime.timedelta(0), "UTC"),
    datetime.timezone(datetime.timedelta(hours=-3, minutes=-30), "N'DT"),
    datetime.timezone(datetime.timedelta(seconds=-7261, microseconds=5)),
    BERLIN,
]
VALUES = NUMBERS + TEXTS + CONTAINERS + TIMES


def text_cases():
    cases = [[encode(v), attempt(lambda: str(v)), attempt(lambda: repr(v)),
              attempt(lambda: ascii(v))] for v in VALUES]
    itself = []
    itself.append(itself)
    cases.append([[py("recursion", value="list")], str(itself), repr(itself),
                  ascii(itself)])
    return cases


def all_specs():
    specs = []
    for flags in ("", "-", "0", "+", " ", "#", "-0", "+0", " 0", "#0", "-+#",
                  "- #0+"):
        for width in ("", "1", "4", "12"):
            for precision in ("", ".", ".0", ".2", ".5", ".20"):
                for conversion in "diouxXeEfFgGcrsa":
                    specs.append(f"%{flags}{width}{precision}{conversion}")
    return specs


def conversion_cases(rng):
    specs = all_specs()
    plain = ["%" + c for c in "diouxXeEfFgGcrsa"]
    cases = []
    for i, value in enumerate(VALUES):
        chosen = plain + rng.sample(specs, 130 if i < 6 else 60)
        results = [[s, attempt(lambda: s % (value,))] for s in chosen]
        raising = [s for s, text in results if text is None]
        cases.append({"value": encode(value), "raises": raising, "prints":
                      [r for r in results if r[1] is not None]})
    return cases


def merge_cases():
    every = collections.OrderedDict(a=1, b="x")
    cases = [
        ("hello", {"a": 1}), ("hello", [1]), ("hello", 5), ("hello", b"x"),
        ("%s", [1, 2]), ("%s", {"a": 1}), ("%(a)s %s", {"a": 1}),
        ("%(a)s", [1]), ("%(a)s", 5), ("%(a)s", (1,)), ("%*d", (5, 3)),
        ("%*d", 5), ("%*.*f|", (-7, 2, 3.14159)), ("%.*f", (-1, 3.7)),
        ("%.*s|", (True, "abc")), ("%s", ()), ("%%", (1,)), ("%%", {"a": 1}),
        ("%(a)s%%", {"a": "q"}), ("%s %s", ((1,), 2)), ("%*d", ("x", 3)),
        ("hello", collections.deque([1])), ("%(b)s=%(a)03d", every),
        ("%(b)r", {"b": 1, 2: 3}), ("%(c)s", every), ("%s-%s", (1,)),
        ("%d%%", 7), ("%", 1), ("%y", 1), ("%(a", {"a": 1}), ("100% sure", 1),
        ("%d items", ("x",)), ("é%5s|", "ü"), ("%(a(b))s", {"a(b)": 1}),
        ("%ld", 3), ("%lld", 3), ("", (1,)), ("%c%c", ("a", 98)),
    ]
    return [[f, encode(a), attempt(lambda: f % a)] for f, a in cases]


def time_cases():
    formats = [
        "%a|%A|%b|%B|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%I|%j|%k|%l|%m|%M|%n|%N",
        "%p|%P|%q|%Q|%r|%R|%s|%S|%t|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%Z|%+|%%",
        "%Ec|%EC|%Ex|%EX|%Ey|%EY|%Od|%OH|%OI|%Om|%OM|%OS|%OV|%Oy|%:z|%::z",
        "%_d|%-d|%0e|%^a|%#Z|%10Y|%_10m|%-H|%^B|%010S|%E", "%", "a%", "%%%", "%1",
        "%H:%M é😀", "%2000d", "%5000d", "%Y-%m-%dT%H:%M:%S%z", "%O", "%-", " ",
    ]
    cases = []
    for zone in ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"):
        os.environ["TZ"] = zone
        time.tzset()
        for seconds in (0, 951782400, 1000000000, 1711846799, 1711846800,
                        1729994400, 1704067199, 4102444800, 18431192073):
            for text in formats:
                result = time.strftime(text, time.localtime(seconds))
                cases.append([zone, seconds, text, result])
    return cases


SPEC_VALUES = [v for v in NUMBERS + TEXTS
               if type(v) in (bool, int, float, str)] + [None, b"x", [1], (1,)]


def all_format_specs():
    specs = []
    for align in ("", "<", ">", "=", "^", "*<", "é^", "0=", ",>", "\\>"):
        for sign in ("", "+", "-", " "):
            for flags in ("", "#", "0", "#0"):
                for width in ("", "1", "6", "13"):
                    for grouping in ("", ",", "_"):
                        for precision in ("", ".0", ".1", ".3", ".17"):
                            specs.append(align + sign + flags + width +
                                         grouping + precision)
    return specs


def format_spec_cases(rng):
    """format(value, spec), for what StrFormatStyle lets through."""
    starts = all_format_specs()
    types = [""] + list("bcdeEfFgGnosxX%")
    cases = []
    for value in SPEC_VALUES:
        common = ["", "5", "<8", ">8", "^9", "08", ",", "_", ".2f", ".3", "d",
                  "#x", "010,", "015_x", "+.1%", "c", "s", "n", "#b", "#"]
        chosen = common + [rng.choice(starts) + rng.choice(types)
                           for _ in range(90)]
        results = [[s, attempt(lambda: format(value, s))] for s in chosen]
        cases.append({"value": encode(value),
                      "raises": [s for s, text in results if text is None],
                      "prints": [r for r in results if r[1] is not None]})
    return cases


MAPPED = {"pathname": "code.file.path", "lineno": "code.line.number",
          "funcName": "code.function.name", "thread": "thread.id",
          "threadName": "thread.name", "process": "process.pid",
          "exc_text": "exception.stacktrace"}
TYPES = {"lineno": int, "thread": int, "process": int}
NONE_IS_NOTHING = ("args", "exc_info", "exc_text", "stack_info")


def to_record(values):
    """The dict of SocketHandler.makePickle by proto/FORMAT.md, section 6.1."""
    record = {"attributes": []}

    def attribute(key, value):
        record["attributes"].append([key, encode(value)])

    for key, value in values.items():
        if key in NONE_IS_NOTHING and value is None:
            continue
        if key == "name" and type(value) is str and value:
            record["logger"] = value
        elif key == "msg":
            record["body"] = encode(value)
        elif key == "levelname" and type(value) is str and value:
            record["severity_text"] = value
        elif key == "levelno" and type(value) is int:
            record["levelno"] = value
        elif key == "created" and type(value) is float:
            record["time"] = round(fractions.Fraction(value) * 10**9)
        elif key in MAPPED and type(value) is TYPES.get(key, str):
            attribute(MAPPED[key], value)
        elif key in MAPPED or key in ("name", "levelname", "levelno", "args",
                                      "created"):
            attribute("python." + key, value)
        elif key in MAPPED.values() or key.startswith("python."):
            attribute("python.extra." + key, value)
        else:
            attribute(key, value)
    return record


STACK = 'Stack (most recent call last):\n  File "<stdin>", line 1, in <module>'
TRACE = 'Traceback (most recent call last):\n  File "a.py", line 3\nE: bad \t\x1b'
FORMATS = [
    "%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s",
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "%(asctime)30s|%(asctime)-30s|%(asctime).10s %(message)s",
    "%(levelno)s %(levelno)05d %(pathname)s %(filename)s %(module)s",
    "%(lineno)d:%(lineno)s %(funcName)s %(thread)d %(threadName)10s "
    "%(process)x %(processName)r",
    "%(created)f %(created).3f %(created)r %(msecs)03d %(msecs)r "
    "%(relativeCreated)r",
    "%(msg)r %(args)s %(exc_info)s %(exc_text)r %(stack_info)r %(message)a",
    "%(message).7s|%(message)20.5s|%(message)-60s|%(name)08s",
    "%%(x)s 100%% %(message)s%%", "\n%(message)s\n\t%(name)s\n",
    "%(message)s %(order)s %(order)r %(http.request.method)s %(message)s",
    "%(thread.id)s %(message)s",
]
BRACE_FORMATS = [
    "{relativeCreated:5.0f} {name:<15} {levelname:<8} {message}",
    "{asctime}|{asctime:>30}|{asctime:.10}|{asctime!r:^30} {message:é^40}",
    "{levelno} {levelno:05} {levelno:>+6d} {pathname} {filename:>12}",
    "{lineno}:{lineno:,} {funcName!s} {thread} {thread:_} {thread:#x}",
    "{created:f} {created:.3f} {created} {created!r:>20} {created:_.2f}",
    "{msg!r} {args} {exc_info} {exc_text!r:.20} {stack_info!s:5}|{message!a}",
    "{message:.7}|{message:20.5}|{message:*>60}|{message:^33s}|{name:08}",
    "{{x}} {message}}}{{", "\n{message}\n\t{name}\n", "{message:{levelno}}|",
    "{message:>{levelno}.{levelno}}|{created:{levelno}.1f}|{name:0{levelno}}",
    "{message!s:5}|{order!r}|{order!s:>10.3}|{processName!s:<4}|",
    "{name[0]}{name[3]} {levelname[1]!r:>5} {message}",
]
DOLLAR_FORMATS = [
    "$asctime - $name - ${levelname} - $message", "$$ $message$$",
    "${levelno}$lineno$created $msecs ${relativeCreated}x$order",
    "\n$message\n\t$name\n", "$name.$levelname ${name}s $thread$process é",
    "$args ${exc_info}|$exc_text|$stack_info|${msg}",
]
DATEFMTS = ["", "%H:%M:%S", "%d/%b/%Y %I:%M %p %z", "%", "%s"]


def base_record(created):
    msecs = int((created - int(created)) * 1000) + 0.0
    return {"name": "myapp.area1", "msg": "Jackdaws love my big sphinx",
            "args": None, "levelname": "INFO", "levelno": 20,
            "pathname": "/srv/app/sender.py", "filename": "sender.py",
            "module": "sender", "exc_info": None, "exc_text": None,
            "stack_info": None, "lineno": 17, "funcName": "<module>",
            "created": created, "msecs": msecs,
            "relativeCreated": (created - START) * 1000,
            "thread": 140234567890123, "threadName": "MainThread",
            "processName": "MainProcess", "process": 4711,
            "order": D("12.50"), "http.request.method": "GET",
            "thread.id": "mine"}


def variants():
    changes = [
        {}, {"msg": ""}, {"msg": "ends\n"}, {"msg": "zwei\nZeilen\r\n é😀"},
        {"exc_text": TRACE}, {"exc_text": TRACE + "\n", "stack_info": STACK},
        {"msg": "m\n", "exc_text": TRACE, "stack_info": STACK},
        {"msg": "", "stack_info": STACK}, {"exc_text": ""},
        {"msg": "%s of %d", "args": ("a", 3)}, {"msg": "50%", "args": ()},
        {"msg": "%(a)s", "args": {"a": 1}}, {"msg": {"k": (1,)}},
        {"msg": None}, {"msg": [1, "x"], "levelname": "NOTICE", "levelno": 25},
        {"name": "root", "lineno": 0, "funcName": None},
        {"lineno": True, "funcName": 5, "thread": None, "threadName": None},
        {"levelname": None, "process": None, "processName": None},
        {"msecs": 7.9}, {"msecs": -3.5}, {"msecs": 1234, "order": (1,)},
        {"created": 1704067199}, {"order": DT(2024, 1, 2, tzinfo=UTC)},
        {"order": uuid.UUID(int=5), "pathname": "", "filename": ""},
    ]
    created = [1700000000.0, 1711846799.999999, 1711846800.000001,
               1234567890.123456, 0.5, 1700000123.4567]
    for i, change in enumerate(changes):
        yield {**base_record(created[i % len(created)]), **change}


def line_cases(style, formats):
    """Lines that Formatter makes of variants(), by their numbers."""
    cases = []
    for zone in ("UTC", "America/St_Johns"):
        os.environ["TZ"] = zone
        time.tzset()
        for i, values in enumerate(variants()):
            for j, text in enumerate(formats):
                datefmt = DATEFMTS[(i + j) % len(DATEFMTS)]
                formatter = logging.Formatter(text, datefmt, style)
                made = logging.makeLogRecord(values)
                result = attempt(lambda: formatter.format(made))
                if result is not None:
                    cases.append([zone, text, datefmt, i, result])
    return cases


class Everything(dict):
    """A record that has every field, all with one value."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def __missing__(self, key):
        return self.value


def accepted(text):
    """Whether Formatter takes the format and some record can be printed."""
    try:
        logging.Formatter(text)
    except ValueError:
        return False
    return any(attempt(lambda: text % Everything(v)) is not None
               for v in (65, "a", 1.5))


def format_cases():
    texts = [
        "", "hello", "%(message)s", "%(message)", "%(message", "%", "100%",
        "%(x)s%", "%%(x)s", "%(a.b)s", "%(a.b)s %(c)s", "%(x)5.3s", "%(x)S",
        "%(x)y", "%(x)%", "%(x)ld", "%(x)lld", "%(x)*d", "%(x).*f", "%()s",
        "%(x)d%(y)d", "%(é)s", "%(x).s", "%(x).s %(y)s", "%(x)-+ 0#12.4d",
        "%(x)s %s", "%(x)5%", "%(x)99999999999999999999d", "%( x)s",
        "%(x)s %(a(b)c)s", "%(x)I", "%(x)D", "%(x)A %(y)s", "%(x)\u0665d",
        "{message}", "$message", "%(x)s\n%(y)s", "%(x)i%(x)u%(x)o%(x)G",
    ]
    return [[t, accepted(t)] for t in texts]


def accepted_in(style, text):
    """The same for a style whose fields need not be alike."""
    try:
        logging.Formatter(text, style=style)
    except ValueError:
        return False
    values = [65, "a", 1.5, {"k": "v"}, ["a", "b", "c"]]
    names = ["x", "y", "w", "message", "größe", "gr", "_", "A1"]
    records = [{name: v for name in names} for v in values]
    records += [{**dict.fromkeys(names, v), "w": 7} for v in values]
    if style == "{":
        return any(attempt(lambda: text.format(**r)) is not None
                   for r in records)
    return any(attempt(lambda: string.Template(text).substitute(r)) is not None
               for r in records)


BRACE_TEXTS = [
    "", "hello", "{message}", "{message", "message}", "{", "}", "{{}}", "{{",
    "{x}}", "{{x}", "{{{x}}}", "{x} {", "{}", "{:5}", "{0}", "{x!r}", "{x!s:5}",
    "{x!a:<5}", "{x!}", "{x!z}", "{x!rr}", "{x!r}}", "{x!", "{x:", "{x:}",
    "{x:5", "{größe}", "{x y}", "{x-y}", "{x[0]}", "{x[k]}", "{x[]}", "{x[0}",
    "{x[0]y}", "{[0]}", "{.x}", "{x..y}", "{x.}", "{x{y}}", "{x:d}", "{x:D}",
    "{x:z}", "{x:z.1f}", "{x:>5}", "{x:é>5}", "{x:>>5}", "{x:5.}", "{x:.5}",
    "{x:,}", "{x:,_}", "{x:_,}", "{x:,,}", "{x:,x}", "{x:_x}", "{x:,c}",
    "{x:,s}", "{x:=5s}", "{x:=5}", "{x:+s}", "{x:#s}", "{x:.3d}", "{x:#c}",
    "{x:+c}", "{x:r}", "{x:5i}", "{x!r:d}", "{x!r:=5}", "{x!r:.3}", "{x:{w}}",
    "{x:{w}d}", "{x:0{w}}", "{x:00{w}}", "{x:1{w}}", "{x:{w}0}", "{x:{w}{w}}",
    "{x:{w}.{w}}", "{x:.{w}}", "{x:.0{w}}", "{x:.{w}0}", "{x:{}}", "{x:{0}}",
    "{x:{w!r}}", "{x:{w:5}}", "{x:{w.y}}", "{x:<{w}}", "{x:0<{w}}",
    "{x:{w},.{w}f}", "{x:{w}s}", "{x:{w},s}", "{x:{{w}}}", "{x:\n<5}",
    "%(x)s", "$x", "{x:5d5}", "{x:0005}", "{x:#05x}", "{x: }", "{x:  }", "{_}",
]
DOLLAR_TEXTS = [
    "", "hello", "$message", "${message}", "$", "$$", "$$ $x", "$x$", "$x $",
    "${x", "${x}}", "${}", "${x y}", "$ x", "$5", "${5}", "${x}$$", "$x$y",
    "$größe", "$x-y", "${x-y}", "${größe}", "$_", "${_}", "$A1", "$$x", "$$$x",
    "{x}", "%(x)s", "$x.y", "${ x}", "$\u212a", "$(x)", "$x\n$y", "${x}$",
]


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit("the golden file is CPython 3.11's")
    rng = random.Random(1)
    groups = {"texts": text_cases(), "conversions": conversion_cases(rng),
              "merges": merge_cases(), "times": time_cases(),
              "records": [to_record(v) for v in variants()],
              "lines": line_cases("%", FORMATS), "formats": format_cases(),
              "specs": format_spec_cases(random.Random(2)),
              "brace_lines": line_cases("{", BRACE_FORMATS),
              "dollar_lines": line_cases("$", DOLLAR_FORMATS),
              "brace_formats": [[t, accepted_in("{", t)] for t in BRACE_TEXTS],
              "dollar_formats": [[t, accepted_in("$", t)] for t in DOLLAR_TEXTS]}
    lines = []
    for name, cases in groups.items():
        body = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
        lines.append(f"{json.dumps(name)}:[\n{body}\n]")
    path = pathlib.Path(__file__).with_name("cases.json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
