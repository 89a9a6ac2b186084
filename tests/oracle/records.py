"""Log records at random, made by real logging, as SocketHandler sends them.

One seed gives the same records wherever it runs: everything that would vary by
machine or moment (times, threads, paths) is drawn from it. Every record has
every extra, because CPython loses a record that lacks a field of the format.
"""

import collections
import datetime
import decimal
import fractions
import logging
import random
import sys
import uuid

# What the formats may do with each extra and attribute: conversions that Python
# has for every value drawn below.
ANY = "sra"
INTEGER = "diouxXeEfFgGsra"
REAL = "dieEfFgGsra"
ODD_REAL = "eEfFgGsra"

CONVERSIONS = {
    "name": ANY, "levelno": INTEGER, "levelname": ANY, "pathname": ANY,
    "filename": ANY, "module": ANY, "lineno": INTEGER, "funcName": ANY,
    "created": REAL, "asctime": ANY, "msecs": REAL, "relativeCreated": REAL,
    "thread": INTEGER, "threadName": ANY, "process": INTEGER,
    "processName": ANY, "message": ANY, "msg": ANY, "args": ANY,
    "exc_info": ANY, "exc_text": ANY, "stack_info": ANY,
    "x_int": INTEGER, "x_big": INTEGER, "x_bool": INTEGER, "x_code": "cdxs",
    "x_char": "csra", "x_float": REAL, "x_odd": ODD_REAL, "x_str": ANY,
    "x_text": ANY, "x_bytes": ANY, "x_bytearray": ANY, "x_none": ANY,
    "x_list": ANY, "x_tuple": ANY, "x_set": ANY, "x_frozenset": ANY,
    "x_dict": ANY, "x_odd_dict": ANY, "x_ordered": ANY, "x_default": ANY,
    "x_deque": ANY, "x_decimal": "dfegsra", "x_fraction": "sra",
    "x_complex": ANY, "x_uuid": ANY, "x_datetime": ANY, "x_date": ANY,
    "x_time": ANY, "x_timedelta": ANY, "x_timezone": ANY, "x_class": ANY,
    "x_loop": ANY, "größe": ANY, "a(b)": ANY, "two words": ANY,
    "code.file.path": ANY, "thread.id": ANY, "python.args": ANY, "__py__": ANY,
}

# Those whose value is always a str.
TEXTS = {"name", "levelname", "pathname", "filename", "module", "funcName", "asctime",
         "threadName", "processName", "message", "x_str", "x_text", "x_char", "größe"}

LEVELS = [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR,
          logging.CRITICAL]
# Levels of the sender's own; the receiver has never heard of their names.
ODD_LEVELS = [(1, "ALL"), (5, "TRACE"), (15, "Level 15"), (25, "NOTICE"),
              (35, "größer"), (60, "Level 60"), (-3, "Level -3")]

WORDS = [
    "payment", "authorised", "order", "4711", "ok", "100%", "%s", "%(name)s",
    "50%%", "{x}", "$y", "größe", "Ζωή", "日本語", "e\u0301", "\U0001F600",
    "\U0001F468\u200d\U0001F469", "عربي", "\u00a0", "a\u200bb", "\ue000", "it's",
    '"quoted"', "'\"", "back\\slash", "tab\there", "\x7f", "\x00", "\x1b[31mred",
    "\u0378", "\ufeff", "\u00ad", "\u0600", "\U000E0041", "\uffff", "ñandú",
]
BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029",
          "\n\n", "\n    | "]

FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, 1e15, 1e16, 123456789012345680.0,
          1e22, 1e23, 5e-324, 1.7976931348623157e308, 1e-4, 1e-5, 2.5, 0.5, 1.005,
          99999.5, 999999.5, 1234567.0, 0.00001234, 4.35, -7.0]


class Generator:
    """Draws records from a seed. `plain`: one line of printable text each, and
    no exception, for output that is not written raw."""

    def __init__(self, seed, names, plain=False):
        self._random = random.Random(seed)
        self._names = names
        self._plain = plain

    def record(self):
        """One record as Logger.makeRecord gives it, then moved in time."""
        draw = self._random
        logger = logging.Logger("unused")
        level, level_name = self._level()
        message, args = self._message()
        record = logger.makeRecord(
            draw.choice(self._names), level, self._path(), draw.randrange(1, 10**6),
            message, args, self._exception(),
            draw.choice(["f", "<module>", "größe", "<lambda>"]), self.extras(),
            self._stack())
        if level_name is not None:
            record.levelname = level_name
        self._set_times(record)
        self._set_places(record)
        return record

    def _level(self):
        if self._random.random() < 0.8:
            return self._random.choice(LEVELS), None
        return self._random.choice(ODD_LEVELS)

    def _message(self):
        draw = self._random
        kind = draw.random()
        if kind < 0.1:
            return "%s has %d of %r", (self.text(), draw.randrange(100), self.text())
        if kind < 0.2:
            return "%(who)s: %(n)05d", ({"who": self.text(), "n": draw.randrange(999)},)
        if kind < 0.3:
            return [1, self.text(), None], ()  # msg may be any object
        return self.text(), ()

    def text(self):
        """Some words, in one line or several, now and then long or empty."""
        draw = self._random
        if self._plain:
            return " ".join(draw.choice(WORDS[:6]) for _ in range(4))
        words = [draw.choice(WORDS) for _ in range(draw.choice([0, 1, 3, 3, 3, 6]))]
        if draw.random() < 0.02:
            words *= 2000
        if draw.random() < 0.3:
            words.insert(draw.randrange(len(words) + 1), draw.choice(BREAKS))
        return draw.choice([" ", "", " "]).join(words)

    def _path(self):
        return self._random.choice([
            "/srv/app/cart.py", "cart.py", "", "/srv/größe/ünï.py", "/srv/no_ext",
            "/srv/two.dots.py", "/srv/.hidden", "C:\\app\\cart.py", "/srv/dir/"])

    def _exception(self):
        if self._plain or self._random.random() > 0.15:
            return None
        try:
            _fail(self._random.randrange(3), self.text())
        except Exception:  # pylint: disable=broad-except
            return sys.exc_info()
        return None

    def _stack(self):
        if self._plain or self._random.random() > 0.1:
            return None
        return self._random.choice([
            'Stack (most recent call last):\n  File "/srv/app/cart.py", line 3, in f',
            "Stack:\n  größe\n", "", "one line"])

    def _set_times(self, record):
        draw = self._random
        kind = draw.random()
        if kind < 0.7:
            created = draw.uniform(1.0e9, 1.9e9)
        elif kind < 0.8:  # around the European changes of 2024-03-31, 2024-10-27
            created = draw.choice([1711846800, 1729990800]) + draw.uniform(-7200, 7200)
        elif kind < 0.9:
            created = draw.randrange(10**9, 2 * 10**9) + draw.choice(
                [0.0, 0.5, 0.9994, 0.9995, 0.9999, 0.99999988, 0.001, 0.0009999])
        else:
            created = draw.choice([
                0.0, 0.25, 86399.5, 31535999.75, 951782400.5, 4102444800.25,
                -1.5, -86400.0, 2**31 - 0.5, 2**31 + 0.5, 1e10, 1700000000])
        record.created = created
        record.msecs = draw.choice([
            (created - int(created)) * 1000,
            int((created - int(created)) * 1000) + 0.0, 999.9999, 0.0, 7])
        record.relativeCreated = draw.choice([
            draw.uniform(0, 10**7), 0.0, 4.999, 5.5, -12.75, 1234567890.123, 42])

    def _set_places(self, record):
        draw = self._random
        record.thread = draw.choice([140737353, 139872345678592, 1, 2**63 - 1])
        record.threadName = draw.choice(["MainThread", "Thread-1 (run)", "größe", ""])
        record.process = draw.choice([1, 4711, 2**22])
        record.processName = draw.choice(["MainProcess", "Process-2", "größe"])

    def extras(self):
        """An extra of every listed type, and some with awkward names."""
        draw = self._random
        text = self.text
        integer = draw.randrange(-10**6, 10**6)
        loop = [integer]
        loop.append(loop)
        return {
            "x_int": draw.choice([integer, 0, 2**63 - 1, -2**63]),
            "x_big": draw.choice([2**63, -2**63 - 1, 2**64, 10**100, -3**200]),
            "x_bool": draw.random() < 0.5,
            "x_code": draw.choice([65, 228, 0x65E5, 0x1F600]),
            "x_char": draw.choice(["a", "ß", "日", "\U0001F600"]),
            "x_float": draw.choice(FLOATS + [draw.uniform(-1e6, 1e6),
                                             draw.uniform(0, 1) * 10.0 ** draw.randrange(-20, 20)]),
            "x_odd": draw.choice([float("inf"), float("-inf"), float("nan")]),
            "x_str": draw.choice(["", "a", "card", "größe", "\U0001F600x", "e\u0301"]),
            "x_text": text(),
            "x_bytes": draw.choice([b"", b"ok", b"'\"\\\n\x00\xff", bytes(range(32, 127))]),
            "x_bytearray": bytearray(draw.choice([b"", b"it's", b"\x80\t"])),
            "x_none": None,
            "x_list": [integer, text(), [None, True], 0.1, b"x"],
            "x_tuple": draw.choice([(), (integer,), (1, (text(), None)), (1.5, -0.0)]),
            # Of a larger set the receiver may choose another order than the sender.
            "x_set": draw.choice([set(), {integer}, {"a"}, {1, 2, 3}]),
            "x_frozenset": draw.choice([frozenset(), frozenset({text()})]),
            "x_dict": {"k": integer, text(): [text()], "n": {"deep": (1,)}, "": None},
            "x_odd_dict": draw.choice([{}, {1: "a", None: 2}, {(1, 2): b"x"},
                                       {"__py__": "set", "value": []}]),
            "x_ordered": collections.OrderedDict([("z", integer), ("a", text())]),
            "x_default": collections.defaultdict(int, {"a": integer}),
            "x_deque": collections.deque([1, text()], draw.choice([None, 5])),
            "x_decimal": decimal.Decimal(draw.choice(
                ["1.10", "-0", "1E+3", "0.000001", "12345678901234567890.123"])),
            "x_fraction": fractions.Fraction(integer, 7),
            "x_complex": draw.choice([1 + 2j, -0.5j, complex(1.5, -0.0), complex(1e16, 3)]),
            "x_uuid": uuid.UUID(int=draw.getrandbits(128)),
            "x_datetime": self._datetime(),
            "x_date": datetime.date(draw.randrange(1, 9999), 2, 28),
            "x_time": draw.choice([datetime.time(3, 4), datetime.time(3, 4, 5, 6),
                                   datetime.time(23, 59, 59, tzinfo=_zone(120))]),
            "x_timedelta": draw.choice([
                datetime.timedelta(0), datetime.timedelta(days=1, seconds=5),
                datetime.timedelta(microseconds=-1), datetime.timedelta(-3, 7, 9),
                datetime.timedelta(hours=30, milliseconds=5)]),
            "x_timezone": draw.choice([
                datetime.timezone.utc, _zone(-330),
                datetime.timezone(datetime.timedelta(hours=1), "CET")]),
            "x_class": draw.choice([int, decimal.Decimal, datetime.datetime]),
            "x_loop": loop,
            "größe": text(), "a(b)": integer, "two words": text(),
            "code.file.path": "not the pathname", "thread.id": text(),
            "python.args": draw.choice([None, 1]), "__py__": "tuple",
        }

    def _datetime(self):
        draw = self._random
        moment = datetime.datetime(
            draw.randrange(1, 9999), draw.randrange(1, 13), draw.randrange(1, 29),
            draw.randrange(24), draw.randrange(60), draw.randrange(60),
            draw.choice([0, 6, 500000, 999999]),
            fold=draw.choice([0, 0, 1]))
        return moment.replace(tzinfo=draw.choice([
            None, datetime.timezone.utc, _zone(345), _zone(-90),
            datetime.timezone(datetime.timedelta(seconds=3601)),
            datetime.timezone(datetime.timedelta(hours=1), "CET")]))


def _zone(minutes):
    return datetime.timezone(datetime.timedelta(minutes=minutes))


def _fail(depth, text):
    """Raises, `depth` calls down, with a cause when it is odd."""
    if depth == 0:
        raise ValueError(text)
    try:
        _fail(depth - 1, text)
    except ValueError as error:
        if depth % 2:
            raise KeyError(text) from error
        raise
