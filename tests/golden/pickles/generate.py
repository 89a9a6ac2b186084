"""Writes the golden pickles of the Python that runs it, and what they mean.

    python - FOLDER < generate.py

(from stdin, so that no path gets into the records) makes pythonX.Y.frames, 4-byte length-prefixed frames as
logging.handlers.SocketHandler sends them, and pythonX.Y.json, for each frame
the record that proto/FORMAT.md section 6 makes of it. The rules are written
down here a second time, from the values and not from the pickles, so that the
test compares two readings of that page. Runs under CPython 2.7 to 3.13 with
nothing installed.

A value in the JSON is null for None, else a list of a kind and its content:
["s", text] (or ["sx", hex] when it is not ASCII), ["b", bool], ["i", decimal
string], ["d", the double's eight bytes in hex, big-endian, or "nan"],
["y", hex], ["a", [value...]], ["m", [[key, value]...]].
"""

from __future__ import print_function

import binascii
import collections
import datetime
import decimal
import fractions
import json
import logging
import logging.handlers
import os
import pickle
import struct
import sys
import uuid

try:
    import enum
except ImportError:
    enum = None
try:
    import zoneinfo
except ImportError:
    zoneinfo = None

PY3 = sys.version_info[0] == 3
if PY3:
    unicode = str
    long = int


# Classes that the service knows nothing of.

class Thing(object):
    def __init__(self):
        self.x = 1


class OldStyle:  # Python 2: INST, OBJ
    def __init__(self):
        self.x = 1


class ListWithState(list):
    pass


class DictWithState(dict):
    pass


class Number(int):
    pass


class Reduced(object):
    def __init__(self, *args):
        pass

    def __reduce__(self):
        return (Reduced, (1, 'two'))


class WithKeywords(object):
    def __new__(cls, a=None, b=None):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {'b': 2}


Point = collections.namedtuple('Point', 'x y')
if enum:
    class Color(enum.Enum):
        RED = 1


# Values, by FORMAT.md section 6.4.

def hex_of(data):
    return binascii.hexlify(bytes(data)).decode('ascii')


def text(value):
    if not isinstance(value, bytes):
        value = (value.encode('utf-8', 'surrogatepass') if PY3
                 else value.encode('utf-8'))
    try:
        return ['s', value.decode('ascii')]
    except UnicodeDecodeError:
        return ['sx', hex_of(value)]


def tagged(name, *pairs):
    return ['m', [['__py__', text(name)]] + [list(p) for p in pairs]]


def integer(value):
    if -2**63 <= value < 2**63:
        return ['i', str(int(value))]
    return tagged('int', ('value', text('%d' % value)))


def double(value):
    if value != value:
        return ['d', 'nan']  # its sign is not kept in text
    return ['d', hex_of(struct.pack('>d', value))]


class Encoder(object):
    """Values as pickled with one protocol: it shows in other classes' args."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.path = []

    def array(self, values):
        return ['a', [self.value(v) for v in values]]

    def pairs(self, items):
        return ['a', [self.array(item) for item in items]]

    def other(self, name, args=(), state=None, items=None, pairs=None,
              kwargs=None):
        result = tagged(name, ('args', self.array(args)))
        if kwargs is not None:
            result[1].append(['kwargs', self.value(kwargs)])
        if state is not None:
            result[1].append(['state', self.value(state)])
        if items is not None:
            result[1].append(['items', self.array(items)])
        if pairs is not None:
            result[1].append(['pairs', self.pairs(pairs)])
        return result

    def value(self, v):
        if v is None:
            return None
        if isinstance(v, bool):
            return ['b', v]
        if type(v) in (int, long):
            return integer(v)
        if type(v) is float:
            return double(v)
        if type(v) is unicode or (type(v) is bytes and not PY3):
            return text(v)
        if type(v) is bytes:
            return ['y', hex_of(v)]
        if type(v) is bytearray:
            return tagged('bytearray', ('value', ['y', hex_of(v)]))
        if any(v is outer for outer in self.path):
            kind = {list: 'list', tuple: 'tuple', dict: 'dict', set: 'set',
                    frozenset: 'set'}.get(type(v), 'object')
            return tagged('recursion', ('value', text(kind)))
        self.path.append(v)
        try:
            return self.container(v)
        finally:
            self.path.pop()

    def container(self, v):
        if type(v) is list:
            return self.array(v)
        if type(v) is dict:
            if all(isinstance(k, (str, unicode)) and k != '__py__' for k in v):
                return ['m', [[k, self.value(x)] for k, x in v.items()]]
            return tagged('dict', ('value', self.pairs(v.items())))
        for kind in (tuple, set, frozenset):
            if type(v) is kind:
                return tagged(kind.__name__, ('value', self.array(v)))
        return self.named(v)

    def named(self, v):
        if type(v) is complex:
            return tagged('complex', ('real', double(v.real)),
                          ('imag', double(v.imag)))
        if type(v) is decimal.Decimal:
            return tagged('decimal.Decimal', ('value', text(str(v))))
        if type(v) is fractions.Fraction:
            return tagged('fractions.Fraction', ('value', text(str(v))))
        if type(v) is uuid.UUID:
            pairs = [('value', text(str(v)))]
            if sys.version_info >= (3, 7) and v.is_safe.value is not None:
                pairs.append(('is_safe', integer(v.is_safe.value)))
            return tagged('uuid.UUID', *pairs)
        if type(v) is collections.OrderedDict:
            return tagged('collections.OrderedDict',
                          ('value', self.pairs(v.items())))
        if type(v) is collections.defaultdict:
            return tagged('collections.defaultdict',
                          ('factory', self.value(v.default_factory)),
                          ('value', self.pairs(v.items())))
        if type(v) is collections.deque:
            pairs = [('value', self.array(v))]
            if v.maxlen is not None:
                pairs.append(('maxlen', integer(v.maxlen)))
            return tagged('collections.deque', *pairs)
        if isinstance(v, type) or v is len:
            module = v.__module__
            if module in ('__builtin__', 'exceptions'):
                module = 'builtins'
            return tagged('type', ('value', text(module + '.' + v.__name__)))
        if zoneinfo and type(v) is zoneinfo.ZoneInfo:
            return tagged('zoneinfo.ZoneInfo', ('value', text(v.key)))
        if type(v).__module__ == 'datetime':
            return self.time(v)
        return self.unknown(v)

    def time(self, v):
        name = 'datetime.' + type(v).__name__
        if type(v) is datetime.date:
            return tagged(name, ('value', text(v.isoformat())))
        if type(v) is datetime.timedelta:
            return tagged(name, ('days', integer(v.days)),
                          ('seconds', integer(v.seconds)),
                          ('microseconds', integer(v.microseconds)))
        if type(v) in (datetime.datetime, datetime.time):
            pairs = [('value', text(v.replace(tzinfo=None).isoformat()))]
            # Protocols below 4 do not carry the fold.
            if getattr(v, 'fold', 0) and self.protocol > 3:
                pairs.append(('fold', integer(1)))
            if v.tzinfo is not None:
                pairs.append(('tzinfo', self.value(v.tzinfo)))
            return tagged(name, *pairs)
        micros = v.utcoffset(None) // datetime.timedelta(microseconds=1)
        pairs = [('offset_microseconds', integer(micros))]
        if len(v.__getinitargs__()) == 2:
            pairs.append(('name', text(v.tzname(None))))
        return tagged(name, *pairs)

    def unknown(self, v):
        old = self.protocol < 2
        if isinstance(v, (Thing, OldStyle)):
            return self.other('__main__.' + type(v).__name__
                              if isinstance(v, Thing) else '__main__.OldStyle',
                              state={'x': 1})
        if type(v) is ListWithState:
            if old:
                return self.other('__main__.ListWithState', [list(v)],
                                  v.__dict__)
            return self.other('__main__.ListWithState', [], v.__dict__, list(v))
        if type(v) is DictWithState:
            if old:
                return self.other('__main__.DictWithState', [dict(v)],
                                  v.__dict__)
            return self.other('__main__.DictWithState', [], v.__dict__,
                              pairs=list(v.items()))
        if type(v) is Number:
            # Its __dict__ is empty; only Python 2's protocol 2 writes that.
            state = {} if not PY3 and self.protocol == 2 else None
            return self.other('__main__.Number', [int(v)], state)
        if type(v) is Reduced:
            return self.other('__main__.Reduced', [1, 'two'])
        if type(v) is WithKeywords:
            return self.other('__main__.WithKeywords', [1], kwargs={'b': 2})
        if type(v) is Point:
            if old:
                return self.other('__main__.Point', [tuple(v)])
            return self.other('__main__.Point', list(v))
        if enum and type(v) is Color:
            return self.other('__main__.Color', [v.value])
        if isinstance(v, Exception):
            return self.other('builtins.' + type(v).__name__, list(v.args),
                              v.__dict__ or None)
        raise TypeError(repr(v))


# Records, by FORMAT.md section 6.1.

ATTRIBUTES = {
    'pathname': ('code.file.path', (str, unicode)),
    'lineno': ('code.line.number', (int, long)),
    'funcName': ('code.function.name', (str, unicode)),
    'thread': ('thread.id', (int, long)),
    'threadName': ('thread.name', (str, unicode)),
    'process': ('process.pid', (int, long)),
    'exc_text': ('exception.stacktrace', (str, unicode)),
}
USUALLY_NONE = ('args', 'exc_info', 'exc_text', 'stack_info')
SEVERITIES = {10: 5, 15: 8, 20: 9, 30: 13, 40: 17, 50: 21}


def record_of(d, protocol):
    encode = Encoder(protocol).value
    attributes = {}
    record = {'attributes': attributes, 'body': encode(d['msg'])}

    def original(key):
        attributes['python.' + key] = encode(d[key])

    for key, value in d.items():
        if key in ATTRIBUTES:
            name, kinds = ATTRIBUTES[key]
            if isinstance(value, kinds):
                attributes[name] = encode(value)
            elif key != 'exc_text' or value is not None:
                original(key)
        elif key == 'created':
            exact = fractions.Fraction(value) * 10**9
            record['time'] = str(int(exact + fractions.Fraction(1, 2)))
        elif key == 'levelno':
            record['levelno'] = value
            record['severity_number'] = SEVERITIES[value]
        elif key == 'levelname':
            record['severity_text'] = text(value)
        elif key == 'name':
            record['logger'] = text(value)
        elif key == 'args':
            if value is not None:
                original(key)
        elif key in ('exc_info', 'stack_info'):
            if value is not None:
                attributes[key] = encode(value)
        elif key in [name for name, _ in ATTRIBUTES.values()]:
            attributes['python.extra.' + key] = encode(value)
        elif key.startswith('python.'):
            attributes['python.extra.' + key] = encode(value)
        elif key != 'msg':
            attributes[key] = encode(value)
    absent = [key for key in USUALLY_NONE if key not in d]
    if absent:
        attributes['python.absent'] = encode(absent)
    return record


# What is sent.

def plain_values():
    values = [
        None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -2**31, 2**31,
        2**63 - 1, -2**63, 2**63, -2**63 - 1, 2**64, 10**40, -10**40, 2**2000,
        0.0, -0.0, 1.5, 1e300, float('inf'), float('-inf'), float('nan'),
        u'', u'text', u'caf\xe9 \u20ac \U0001f600', u'back\\slash \\u0041 \n\r',
        'quo\'te "both"', 'tab\t\x00\x7f', 'x' * 300, u'\u20ac' * 90,
        [], [1, [2, [3]]], (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
        {}, {'k': 1}, {1: 'a'}, {'__py__': 'forged'},
        set(), set([7]), frozenset(), frozenset([7]),
        bytearray(), bytearray(b'\x00\xff'),
        int, len, ValueError,
    ]
    if PY3:
        values += [b'', b'bytes \x00\xff', b'y' * 300, '\ud800 lone']
    else:
        values += ['\xff\xfe not UTF-8']
    return values


def library_values():
    when = datetime.datetime(2024, 1, 2, 3, 4, 5, 6)
    values = [
        when, datetime.datetime(2024, 2, 29), datetime.datetime.max,
        datetime.date(2024, 1, 2), datetime.date.min, datetime.time(3, 4, 5),
        datetime.time(23, 59, 59, 999999),
        datetime.timedelta(days=1, seconds=5), datetime.timedelta(0, -1),
        decimal.Decimal('1.10'), decimal.Decimal('NaN'),
        fractions.Fraction(3, 4), fractions.Fraction(2),
        uuid.UUID('12345678-1234-5678-9234-567812345678'), uuid.UUID(int=5),
        uuid.UUID(int=2**128 - 1), complex(1, -2.5),
        collections.OrderedDict([('b', 1), (2, 'a')]),
        collections.OrderedDict(), collections.defaultdict(list, {'k': [1]}),
        collections.defaultdict(None), collections.deque([1, 2]),
        collections.deque([1, 2], 3), collections.deque([], 3),
        collections.deque(),
    ]
    if PY3:
        utc = datetime.timezone.utc
        east = datetime.timezone(datetime.timedelta(hours=5, minutes=30), 'IST')
        west = datetime.timezone(-datetime.timedelta(hours=8))
        values += [
            utc, east, west, when.replace(tzinfo=utc), when.replace(tzinfo=east),
            datetime.time(3, 4, tzinfo=west), when.replace(fold=1),
            datetime.time(1, 30, fold=1), uuid.uuid1(node=1, clock_seq=2),
        ]
    if zoneinfo:
        values.append(zoneinfo.ZoneInfo('UTC'))
    return values


def unknown_values(protocol):
    listed = ListWithState([1, 2])
    listed.extra = 'state'
    mapped = DictWithState(k=1)
    mapped.extra = 'state'
    error = ValueError('wrong', 7)
    annotated = KeyError('k')
    annotated.note = 'why'
    values = [Thing(), OldStyle(), listed, mapped, Number(7), Reduced(),
              Point(1, 2), error, annotated]
    if PY3 and protocol >= 4:
        values.append(WithKeywords())
    if enum:
        values.append(Color.RED)
    own = []
    own.append(own)
    looped = {}
    looped['self'] = [looped]
    in_tuple = ([],)
    in_tuple[0].append(in_tuple)
    shared = ['shared']
    return values + [own, looped, in_tuple, [shared, shared, (shared,)]]


class Recorder(logging.handlers.SocketHandler):
    """Keeps the frames it would send."""

    def __init__(self):
        logging.handlers.SocketHandler.__init__(self, 'localhost', 1)
        self.frames = []

    def emit(self, record):
        self.frames.append(self.makePickle(record))


def socket_frames():
    """What an unmodified program sends."""
    recorder = Recorder()
    logger = logging.getLogger('shop.cart')
    logger.setLevel(1)
    logger.propagate = False
    logger.addHandler(recorder)
    logging.addLevelName(15, 'VERBOSE')
    logger.info('order %d paid by %s: %.2f', 17, u'Jos\xe9', 12.5)
    logger.log(15, 'no args, 100%')
    logger.warning({'msg': 'not a str'})
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception('failed')
    if PY3:
        logger.error('with a stack', stack_info=True)
    logger.critical('extras', extra={
        'order_id': 17, 'thread.id': 'mine', 'python.levelno': 1,
        'batches': list(range(1100)), 'values': plain_values(), 'library': library_values(),
        'unknown': unknown_values(1)})
    logging.getLogger('shop.cart.payment').debug('child')
    return [(frame[4:], 1) for frame in recorder.frames]


def protocol_frames():
    """The same by every protocol, as an overriding sender might."""
    frames = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        record = logging.LogRecord('shop', logging.ERROR, '/srv/app.py', 12,
                                   'm %s', ('left over',), None)
        d = dict(record.__dict__, values=plain_values(),
                 library=library_values(), unknown=unknown_values(protocol))
        d.pop('exc_text')
        frames.append((pickle.dumps(d, protocol), protocol))
        if not PY3:
            import cPickle
            frames.append((cPickle.dumps(d, protocol), protocol))
    return frames


def main():
    base = os.path.join(sys.argv[1], 'python%d.%d' % sys.version_info[:2])
    expected = []
    with open(base + '.frames', 'wb') as out:
        for data, protocol in socket_frames() + protocol_frames():
            out.write(struct.pack('>L', len(data)) + data)
            expected.append(json.dumps(record_of(pickle.loads(data), protocol),
                                       sort_keys=True,
                                       separators=(',', ':')))
    with open(base + '.json', 'w') as out:
        out.write('[\n' + ',\n'.join(expected) + '\n]\n')


if __name__ == '__main__':
    main()
