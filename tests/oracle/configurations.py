"""The configurations of the oracle: each a dictConfig and what goes with it."""

import dataclasses
import random

from records import CONVERSIONS

COOKBOOK = "%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s"
ROUTE = "%(levelno)s %(name)s %(levelname)s %(message).20s"

# Central European time by rule, so that no time zone database is needed.
CET = "CET-1CEST,M3.5.0,M10.5.0/3"

TREE_NAMES = ["shop", "shop.cart", "shop.cart.payment", "shop.cart.payment.card",
              "shop.stock", "shopping", "shopping.list", "other", "other.a.b.c",
              "root"]
# Names that dictConfig never made, and such as break naive prefix searches. Not
# among them is "a..b": whose child it is depends, in CPython, on whether a logger
# "a." has been asked for before, and received names do not grow our tree.
RECORD_NAMES = TREE_NAMES + [
    "", "root.child", "shop.", "shop.cart.", ".shop", ".", "..",
    "shop.cart.payments", "shop.cart.payment.card.x.y.z", "Shop", "größe.日本",
    "shop cart", "unknown", "unknown.child", "s", "shop.cart\n", "%s"]


@dataclasses.dataclass
class Case:
    """One configuration. All file names are relative to a folder of its own."""

    name: str
    logging: dict
    tz: str = "UTC"
    logname: str = ""
    apply_logger_levels: bool = False
    plain: bool = False  # records of one printable line
    compare_stderr: bool = False
    names: list = dataclasses.field(default_factory=lambda: list(RECORD_NAMES))
    # Files that are there before either side starts.
    before: dict = dataclasses.field(default_factory=dict)


def file_handler(filename, formatter="route", **keys):
    return {"class": "logging.FileHandler", "filename": filename,
            "formatter": formatter, "encoding": "utf-8", **keys}


def dict_config(handlers, root=None, loggers=None, filters=None, formatters=None):
    config = {
        "version": 1,
        "formatters": {"route": {"format": ROUTE}, **(formatters or {})},
        "handlers": handlers,
        "root": root or {"level": "NOTSET", "handlers": list(handlers)},
    }
    if loggers:
        config["loggers"] = loggers
    if filters:
        config["filters"] = filters
    return config


def tree_cases():
    """Where a record goes: levels, propagate, filters, several handlers."""
    a, b, c = (file_handler(name + ".log") for name in "abc")
    return [
        Case("cookbook", dict_config(
            {"a": file_handler("a.log", "cookbook")},
            formatters={"cookbook": {"format": COOKBOOK}})),
        Case("logger_levels_do_not_apply", dict_config(
            {"a": a}, root={"level": "CRITICAL", "handlers": ["a"]},
            loggers={"shop": {"level": "ERROR"}, "shop.cart": {"level": 45}})),
        Case("logger_levels_apply_when_asked", dict_config(
            {"a": a, "b": b}, root={"level": "WARNING", "handlers": ["a"]},
            loggers={"shop": {"level": "ERROR", "handlers": ["b"]},
                     "shop.cart": {"level": "NOTSET"},
                     "shop.cart.payment": {"level": 5},
                     "other": {"level": "DEBUG", "propagate": False}}),
             apply_logger_levels=True),
        Case("handler_levels", dict_config(
            {"a": dict(a, level="WARNING"), "b": dict(b, level=15),
             "c": dict(c, level="NOTSET")})),
        Case("propagate_off", dict_config(
            {"a": a, "b": b}, root={"handlers": ["a"]},
            loggers={"shop.cart": {"handlers": ["b"], "propagate": False},
                     "shopping": {"propagate": False},
                     "other": {"handlers": ["b"], "propagate": True}})),
        Case("handler_attached_twice", dict_config(
            {"a": a}, root={"handlers": ["a"]},
            loggers={"shop": {"handlers": ["a"]}, "shop.cart": {"handlers": ["a"]},
                     "shop.cart.payment": {"handlers": ["a", "a"]}})),
        Case("several_handlers_down_the_tree", dict_config(
            {"a": a, "b": b, "c": c}, root={"handlers": ["a"]},
            loggers={"shop": {"handlers": ["b", "c"]},
                     "shop.cart.payment": {"handlers": ["c"]}})),
        Case("filter_on_a_handler", dict_config(
            {"a": dict(a, filters=["cart"]), "b": dict(b, filters=["all"]),
             "c": dict(c, filters=["cart", "payment"])},
            filters={"cart": {"name": "shop.cart"}, "all": {"name": ""},
                     "payment": {"name": "shop.cart.payment"}})),
        Case("filter_on_a_logger", dict_config(
            {"a": a}, root={"handlers": ["a"], "filters": ["never"]},
            loggers={"shop": {"filters": ["cart"]},
                     "shop.cart": {"filters": ["cart"]},
                     "other.a.b.c": {"filters": ["other", "cart"]}},
            filters={"never": {"name": "never"}, "cart": {"name": "shop.cart"},
                     "other": {"name": "other"}})),
        Case("filter_named_root", dict_config(
            {"a": dict(a, filters=["root"]), "b": dict(b, filters=["none"])},
            filters={"root": {"name": "root"}, "none": {}})),
        Case("ancestors_filters_and_levels_do_not_apply", dict_config(
            {"a": a}, root={"handlers": ["a"], "filters": ["never"], "level": 50},
            loggers={"shop": {"filters": ["never"], "level": 50},
                     "shop.cart": {}},
            filters={"never": {"name": "never"}})),
        Case("root_named_empty", dict_config(
            {"a": a, "b": b}, root={"handlers": ["a"]},
            loggers={"": {"handlers": ["b"]}})),
        Case("placeholders", dict_config(
            {"a": a, "b": b}, root={"handlers": ["a"]},
            loggers={"shop.cart.payment.card": {"handlers": ["b"], "propagate": False},
                     "other.a.b.c": {"handlers": ["b"]}})),
        Case("odd_logger_names", dict_config(
            {"a": a, "b": b, "c": c}, root={"handlers": ["c"]},
            loggers={"shop.": {"handlers": ["a"]}, ".shop": {"handlers": ["b"]},
                     ".": {"handlers": ["a"]}, "shop": {"handlers": ["b"]},
                     "größe": {"handlers": ["a"]}, "root.child": {"handlers": ["b"]}})),
        Case("null_handler", dict_config(
            {"null": {"class": "logging.NullHandler"}, "a": a},
            root={"handlers": ["null"]},
            loggers={"shop": {"handlers": ["a"], "propagate": False}})),
        Case("one_logger_for_all", dict_config(
            {"a": dict(a, level=1), "b": dict(b, level=1, filters=["shop"])},
            root={"handlers": ["b"]}, loggers={"shop.cart": {"handlers": ["a"]}},
            filters={"shop": {"name": "shop"}}), logname="shop.cart"),
        Case("last_resort", dict_config(
            {"a": file_handler("a.log", "message")}, root={"handlers": []},
            loggers={"shop": {"handlers": ["a"]},
                     "shopping": {"propagate": False}},
            formatters={"message": {"format": "%(message)s"}}),
             plain=True, compare_stderr=True),
        Case("console", dict_config(
            {"console": {"class": "logging.StreamHandler", "formatter": "route",
                         "stream": "ext://sys.stdout", "level": "INFO"}, "a": a})),
        Case("no_formatter", dict_config(
            {"a": {"class": "logging.FileHandler", "filename": "a.log"}}), plain=True),
        Case("append_truncate_delay", dict_config(
            {"append": file_handler("append.log", mode="a"),
             "truncate": file_handler("truncate.log", mode="w"),
             "delay": file_handler("delay.log", delay=True, filters=["never"]),
             "late": file_handler("late.log", delay=True)},
            filters={"never": {"name": "never"}}),
             before={"append.log": "before\n", "truncate.log": "before\n",
                     "late.log": "before, unfinished"}),
    ]


# Each name a case; each format a file of it.
FORMATS = {
    "who": ["%(name)s|%(levelno)s|%(levelname)s|%(message)s", "%(name)-15s|%(name)15s|%(name).3s",
            "%(name)r|%(name)a", "%(levelname)-8s|%(levelname)8.2s|%(levelname)a|%(message)s"],
    "where": ["%(pathname)s|%(filename)s|%(module)s|%(lineno)d|%(funcName)s",
              "%(pathname)40s|%(filename)-12s|%(module).3s|%(lineno)06d|%(funcName)r"],
    "when": ["%(asctime)s|%(created)f|%(msecs)d|%(relativeCreated)d",
             "%(created)s|%(msecs)s|%(relativeCreated)s", "%(created).3f|%(msecs)03d|%(relativeCreated)8.1f",
             "%(asctime)30s|%(asctime).10s|%(asctime)-25s|", "%(created)r|%(created)e|%(created)g|%(msecs)G"],
    "which_process": ["%(thread)d|%(threadName)s|%(process)d|%(processName)s|%(message)s",
                      "%(thread)x|%(thread)#o|%(process)X|%(process)e|%(threadName)r"],
    "text": ["%(message)s", "%(message)r", "%(message)a", "%(message).7s|", "%(message)-30s|%(message)30s|",
             "%(msg)s|%(args)s|%(exc_info)s"],
    "exceptions": ["%(message)s", "%(exc_text)s", "%(stack_info)r|%(exc_text)r", "%(message).0s",
                   "%(exc_text).20s|%(stack_info)-9s"],
    "integers": ["%(x_int)d|%(x_int)i|%(x_int)u|%(x_int)o|%(x_int)x|%(x_int)X|%(x_int)s",
                 "%(x_int)+d|%(x_int) d|%(x_int)08d|%(x_int)-8d|%(x_int).8d|%(x_int)+12.8d|",
                 "%(x_int)#x|%(x_int)#X|%(x_int)#o|%(x_int)#10x|%(x_int)#010x|%(x_int)-#10o|%(x_int)#.6x",
                 "%(x_int)e|%(x_int)f|%(x_int)g|%(x_int)ld|%(x_int)hd|%(x_int)Ld"],
    "big_integers": ["%(x_big)d|%(x_big)x|%(x_big)o|%(x_big)X", "%(x_big)+120d|%(x_big)0120d|%(x_big)-120d|",
                     "%(x_big)e|%(x_big)g|%(x_big).3f|%(x_big)s|%(x_big)r", "%(x_big).110d|%(x_big)#x|%(x_big)#o"],
    "booleans": ["%(x_bool)s|%(x_bool)d|%(x_bool)x|%(x_bool)f|%(x_bool)r|%(x_bool)5s"],
    "characters": ["%(x_code)c|%(x_char)c|%(x_code)5c|%(x_char)-5c|%(x_code)d"],
    "floats": ["%(x_float)s|%(x_float)r|%(x_float)d|%(x_float)i", "%(x_float)e|%(x_float)E|%(x_float)f|%(x_float)F",
               "%(x_float)g|%(x_float)G|%(x_float)#g|%(x_float)#.0f|%(x_float)#.0e",
               "%(x_float)+.2f|%(x_float) .2f|%(x_float)012.3f|%(x_float)-12.3f|%(x_float)+012.1e|",
               "%(x_float).0f|%(x_float).0e|%(x_float).0g|%(x_float).17g|%(x_float).30f|%(x_float).1f"],
    "odd_floats": ["%(x_odd)s|%(x_odd)f|%(x_odd)F|%(x_odd)e|%(x_odd)G", "%(x_odd)08f|%(x_odd)+f|%(x_odd) g|%(x_odd)-8.2f|%(x_odd)r"],
    "strings": ["%(x_str)s|%(x_str)r|%(x_str)a", "%(x_str)5s|%(x_str)-5s|%(x_str).1s|%(x_str)5.1s|%(x_str)05s|%(x_str)+5s|",
                "%(x_text)r", "%(x_text)a", "%(x_text).5r|%(x_text)10.3a"],
    "bytes": ["%(x_bytes)s|%(x_bytes)r|%(x_bytearray)s|%(x_bytearray)r|%(x_bytes)10.4s"],
    "none": ["%(x_none)s|%(x_none)r|%(x_none)8s|%(x_none).2s"],
    "containers": ["%(x_list)s", "%(x_tuple)s|%(x_tuple)r", "%(x_set)s|%(x_frozenset)s|%(x_loop)s",
                   "%(x_dict)s|%(x_odd_dict)s", "%(x_list)a|%(x_dict)a"],
    "collections": ["%(x_ordered)s|%(x_ordered)r", "%(x_default)s|%(x_deque)s"],
    "numbers": ["%(x_decimal)s|%(x_decimal)r|%(x_fraction)s|%(x_fraction)r", "%(x_complex)s|%(x_complex)r",
                "%(x_decimal)d|%(x_decimal).2f|%(x_decimal)e"],
    "times": ["%(x_datetime)s|%(x_datetime)r", "%(x_date)s|%(x_date)r|%(x_time)s|%(x_time)r",
              "%(x_timedelta)s|%(x_timedelta)r", "%(x_timezone)s|%(x_timezone)r"],
    "identities": ["%(x_uuid)s|%(x_uuid)r|%(x_uuid).8s|%(x_class)s|%(x_class)r"],
    "awkward_names": ["%(größe)s|%(message)s", "%(a(b))s|%(message)s", "%(two words)r|%(lineno)d",
                      "%(code.file.path)s|%(thread.id)s|%(pathname)s", "%(python.args)s|%(args)s|%(__py__)s|%(levelno)d"],
    "percent": ["100%%|%(name)s|%%", "%%(name)s|%(levelno)d", "%(lineno)d%%%(lineno)d%%%%"],
    "literal_text": ["größe|%(name)s|\U0001F600\t%(levelno)d", "%(name)s\n  %(levelno)d\n", "\x1b[1m%(name)s\x1b[0m"],
}

DATEFMTS = [
    "%Y-%m-%dT%H:%M:%S", "%a %A %b %B %d %e", "%c|%x|%X|%D|%F|%T|%R|%r", "%I:%M %p %P",
    "%j %U %W %V %G %g %u %w", "%y %C %h", "%z %Z", "%H Uhr, größe 日本 \U0001F600", "%%|%n|%t|", "%k %l",
    "%s", "%-d.%-m. %_d %_H %^a %#Z %010Y", "%Ey %Od", "%d/%b/%Y:%H:%M:%S %z", "plain",
]


def format_cases():
    """What a record's text is: one case for each group of formats."""
    for name, formats in FORMATS.items():
        yield _format_case("format_" + name,
                           [{"format": text} for text in formats], "UTC")
    dates = [{"format": "%(asctime)s|%(message).3s", "datefmt": text} for text in DATEFMTS]
    for tz_name, tz in (("utc", "UTC"), ("cet", CET)):
        for part in range(0, len(dates), 5):
            yield _format_case(f"datefmt_{tz_name}_{part // 5}", dates[part:part + 5], tz)
    yield _format_case("default_dates_cet", [{"format": "%(asctime)s %(created)f"}], CET)
    yield _format_case("no_format", [{}], "UTC")


def _format_case(name, formatters, tz):
    named = {f"f{i}": formatter for i, formatter in enumerate(formatters)}
    handlers = {f"h{i}": file_handler(f"h{i}.log", f"f{i}") for i in range(len(formatters))}
    return Case(name, dict_config(handlers, formatters=named), tz=tz)


def random_cases(count, seed):
    """Trees and formats at random."""
    for i in range(count):
        draw = random.Random(f"{seed} {i}")
        yield Case(f"random_{i}", _random_config(draw), tz=draw.choice(["UTC", CET]),
                   apply_logger_levels=draw.random() < 0.2)


def _random_config(draw):
    formatters = {f"f{i}": {"format": random_format(draw)} for i in range(3)}
    formatters["f0"]["datefmt"] = draw.choice(DATEFMTS)
    filters = {f"only{i}": {"name": draw.choice(TREE_NAMES + [""])} for i in range(3)}

    def some(of, most):
        return draw.sample(sorted(of), draw.randrange(most + 1))

    def level():
        return draw.choice(["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", 5, 35])

    handlers = {
        f"h{i}": file_handler(f"h{i}.log", draw.choice(sorted(formatters)),
                              level=level(), filters=some(filters, 1))
        for i in range(4)}
    loggers = {
        name: {"level": level(), "handlers": some(handlers, 2),
               "filters": some(filters, 1), "propagate": draw.random() < 0.8}
        for name in draw.sample(TREE_NAMES[:-1], 5)}
    # At least one at the root, so that the last resort has nothing to say: it
    # does not write raw.
    root = {"level": level(), "handlers": ["h0"] + some({"h1", "h2"}, 2)}
    for logger in loggers.values():
        if not logger["propagate"] and not logger["handlers"]:
            logger["handlers"] = ["h3"]
    return dict_config(handlers, root, loggers, filters, formatters)


def random_format(draw):
    """A %-format in which every field suits every value it will meet."""
    parts = []
    for _ in range(draw.randrange(1, 7)):
        name = draw.choice(sorted(CONVERSIONS))
        parts.append("%(" + name + ")" + _specification(draw, CONVERSIONS[name]))
        parts.append(draw.choice(["|", " ", "%%", "größe ", "\t", ""]))
    parts.append("%(message)s")  # one that Formatter's own check accepts
    return "".join(parts)


def _specification(draw, conversions):
    flags = "".join(draw.sample("#0- +", draw.choice([0, 0, 1, 2, 3])))
    width = str(draw.randrange(1, 30)) if draw.random() < 0.4 else ""
    precision = "." + str(draw.randrange(0, 25)) if draw.random() < 0.3 else ""
    conversion = draw.choice(conversions)
    if conversion == "c":
        precision = ""
    return flags + width + precision + conversion


def all_cases():
    return [*tree_cases(), *format_cases(), *random_cases(16, "oracle")]
