"""The configurations of the oracle: each a dictConfig and what goes with it."""

import dataclasses
import random

from records import ANY, CONVERSIONS, TEXTS

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

BRACE_FORMATS = {
    "who": ["{name}|{levelno}|{levelname}|{message}", "{name:<15}|{name:>15}|{name:.3}|{name:^21}|",
            "{name!r}|{name!a:*^30}", "{levelname:<8}|{levelname:8.2}|{levelname!a}|{levelno:05d}"],
    "where": ["{pathname}|{filename}|{module}|{lineno}|{funcName}",
              "{pathname:>40}|{filename:<12}|{module:.3}|{lineno:06}|{funcName!r}|{lineno:,}|{lineno:#x}"],
    "when": ["{asctime}|{created:f}|{msecs:03.0f}|{relativeCreated:.0f}", "{created}|{msecs}|{relativeCreated}",
             "{created:.3f}|{created:,.1f}|{relativeCreated:+8.1f}|{relativeCreated:_.2e}",
             "{asctime:>30}|{asctime:.10}|{asctime:é^25}|{asctime!r}", "{created!r}|{created:%}|{created:n}|{msecs:G}"],
    "which_process": ["{thread}|{threadName}|{process}|{processName}|{message}",
                      "{thread:x}|{thread:#_o}|{process:_b}|{process:e}|{threadName!r:>20}|{thread:030,}"],
    "text": ["{message}", "{message!r}", "{message!a}", "{message:.7}|", "{message:<30}|{message:>30}|{message:^30}|",
             "{msg}|{args}|{exc_info}", "{msg!r:.20}|{msg!s:>12}|"],
    "exceptions": ["{message}", "{exc_text}", "{stack_info!r}|{exc_text!r}", "{message:.0}", "{exc_text!s:.20}|{stack_info!s:<9}"],
    "integers": ["{x_int}|{x_int:d}|{x_int:b}|{x_int:o}|{x_int:x}|{x_int:X}|{x_int:n}",
                 "{x_int:+d}|{x_int: d}|{x_int:08d}|{x_int:<8d}|{x_int:=+12}|{x_int:*^+12,}|{x_int:-}|",
                 "{x_int:#x}|{x_int:#X}|{x_int:#o}|{x_int:#b}|{x_int:#010x}|{x_int:<#10o}|{x_int:#020_x}",
                 "{x_int:e}|{x_int:f}|{x_int:g}|{x_int:%}|{x_int:,.2f}|{x_int:015,d}|{x_int:016_}|{x_int!s:>9}"],
    "big_integers": ["{x_big:d}|{x_big:x}|{x_big:o}|{x_big:b}", "{x_big:+120d}|{x_big:0120d}|{x_big:<120,}|{x_big:^120_}",
                     "{x_big:e}|{x_big:g}|{x_big:.3f}|{x_big}|{x_big!r}|{x_big:_x}|{x_big:%}"],
    "booleans": ["{x_bool}|{x_bool:d}|{x_bool:5}|{x_bool:f}|{x_bool!r:>7}|{x_bool:%}|{x_bool!s:<7}|"],
    "characters": ["{x_code:c}|{x_code:5c}|{x_code:^5c}|{x_code:=5c}|{x_code:05c}|{x_char:5}|{x_code}"],
    "floats": ["{x_float}|{x_float!r}|{x_float:.3}|{x_float:.17}|{x_float:.1}|{x_float:.0}", "{x_float:e}|{x_float:E}|{x_float:f}|{x_float:F}",
               "{x_float:g}|{x_float:G}|{x_float:#g}|{x_float:#.0f}|{x_float:#.0e}|{x_float:#.3}|{x_float:#}|{x_float:n}",
               "{x_float:+.2f}|{x_float: .2f}|{x_float:012.3f}|{x_float:<12.3f}|{x_float:=+12.1e}|{x_float:*^30}|",
               "{x_float:.0f}|{x_float:.0e}|{x_float:.0g}|{x_float:.17g}|{x_float:.30f}|{x_float:,}|{x_float:_.2f}|{x_float:025,.1f}|{x_float:.2%}"],
    "odd_floats": ["{x_odd}|{x_odd:f}|{x_odd:F}|{x_odd:e}|{x_odd:G}|{x_odd:%}", "{x_odd:08f}|{x_odd:+f}|{x_odd: g}|{x_odd:<8.2f}|{x_odd:09,}|{x_odd:=+9}"],
    "strings": ["{x_str}|{x_str!r}|{x_str!a}", "{x_str:5}|{x_str:>5}|{x_str:.1}|{x_str:^5.1}|{x_str:05}|{x_str:é^9s}|",
                "{x_text!r}", "{x_text!a}", "{x_text!r:.5}|{x_text!a:>10.3}"],
    "others": ["{x_bytes}|{x_bytearray!r}|{x_none}|{x_none!s:>6}|{x_class}|{x_class!r:>60}",
               "{x_list}|{x_tuple!r}|{x_set}|{x_frozenset!s:.9}|{x_loop}|{x_dict}|{x_odd_dict!a}|{x_ordered}|{x_default}|{x_deque}",
               "{x_decimal}|{x_decimal!r:>30}|{x_fraction}|{x_complex}|{x_uuid!s:.8}|{x_uuid}",
               "{x_datetime}|{x_datetime!r}|{x_date}|{x_time}|{x_timedelta!s:>30}|{x_timezone}"],
    "indices": ["{x_list[0]}|{x_list[2][1]}|{x_list[3]:08.3f}|{x_list[4]!r}|{x_list[1]!r:.9}",
                "{x_dict[k]:+,}|{x_dict[n][deep]}|{x_dict[n][deep][0]}|{x_deque[0]}|{x_loop[0]:,}",
                "{x_ordered[z]:05d}|{x_ordered[a]!a}|{x_default[a]}|{asctime[3]}|{x_char[0]}"],
    "braces": ["{{{name}}}|{{}}", "{{name}}|{levelno}", "größe|{name}|\U0001F600\t{levelno}", "{größe}|{message}",
               "{name}\n  {levelno}\n", "%(name)s|$name|{name}"],
}

DOLLAR_FORMATS = {
    "all": ["$name|$levelno|${levelname}|$message", "$pathname|$filename|$module|$lineno|$funcName|$created|$msecs|$relativeCreated",
            "$asctime|${asctime}s", "$thread|$threadName|$process|$processName|$msg|$args|$exc_info",
            "$exc_text|$stack_info", "$message", "$name\n  $levelno\n", "$$name|$$$levelno|$levelno$$", "größe|$name.$levelno|${name}größe"],
    "extras": ["$x_int|$x_big|$x_bool|$x_code|$x_char|$x_float|$x_odd", "$x_str|$x_text|$x_bytes|$x_bytearray|$x_none",
               "$x_list|$x_tuple|$x_set|$x_frozenset|$x_dict|$x_odd_dict|$x_ordered|$x_default|$x_deque|$x_loop",
               "$x_decimal|$x_fraction|$x_complex|$x_uuid|$x_datetime|$x_date|$x_time|$x_timedelta|$x_timezone|$x_class|$__py__"],
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
    for style, groups in (("{", BRACE_FORMATS), ("$", DOLLAR_FORMATS)):
        for name, formats in groups.items():
            formatters = [{"format": text, "style": style} for text in formats]
            word = {"{": "brace", "$": "dollar"}[style]
            yield _format_case(f"{word}_{name}", formatters, "UTC")
    yield _format_case("style_dates", [
        {"format": "{asctime:>30}|{message:.3}", "style": "{", "datefmt": DATEFMTS[0]},
        {"format": "$asctime|$levelno", "style": "$", "datefmt": DATEFMTS[1]}], CET)
    yield _format_case("style_defaults", [{"style": "{"}, {"style": "$"}], "UTC")
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


def random_cases(count, seed, name, styles):
    """Trees and formats at random."""
    for i in range(count):
        draw = random.Random(f"{seed} {i}")
        yield Case(f"{name}_{i}", _random_config(draw, styles), tz=draw.choice(["UTC", CET]),
                   apply_logger_levels=draw.random() < 0.2)


def _random_config(draw, styles):
    formatters = {f"f{i}": _random_formatter(draw, styles[i % len(styles)]) for i in range(3)}
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


def _random_formatter(draw, style):
    if style == "%":
        return {"format": random_format(draw)}
    draw_format = random_brace_format if style == "{" else random_dollar_format
    return {"format": draw_format(draw), "style": style}


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


def random_brace_format(draw):
    """The same in {-style; but for names that it cannot have."""
    parts = []
    for _ in range(draw.randrange(1, 7)):
        name = draw.choice([name for name in sorted(CONVERSIONS) if name.isidentifier()])
        parts.append("{" + name + _brace_specification(draw, name) + "}")
        parts.append(draw.choice(["|", " ", "{{", "}}", "größe ", "\t", ""]))
    return "".join(parts)


def _brace_specification(draw, name):
    conversions = CONVERSIONS[name]
    align = draw.choice(["", "", "<", ">", "^", "*<", "é>", "0^", ">>"])
    width = str(draw.randrange(1, 30)) if draw.random() < 0.5 else ""
    precision = "." + str(draw.randrange(0, 25)) if draw.random() < 0.3 else ""
    if draw.random() < 0.2:
        return draw.choice(["", "!r", "!s", "!a"])
    if conversions in (ANY, "csra", "sra") or draw.random() < 0.2:
        conversion = "" if name in TEXTS else "!" + draw.choice("rsa")
        return conversion + ":" + align + draw.choice(["", "0"]) + width + precision
    align = draw.choice([align, "=", "x="])
    if name == "x_code" and draw.random() < 0.5:
        return ":" + align + width + "c"
    if "g" not in conversions or name == "x_decimal":
        return ""
    types = "eEfFgG%" if "x" not in conversions or precision else "bdoxXeEfFgG%n"
    kind = draw.choice(types)
    grouping = {"n": [""]}.get(kind, ["", "_"] if kind in "boxX" else ["", ",", "_"])
    return (":" + align + draw.choice(["", "+", "-", " "]) + draw.choice(["", "#"]) +
            draw.choice(["", "0"]) + width + draw.choice(grouping) + precision + kind)


def random_dollar_format(draw):
    """The same in $-style."""
    parts = []
    for _ in range(draw.randrange(1, 7)):
        name = draw.choice([name for name in sorted(CONVERSIONS)
                            if name.isidentifier() and name.isascii()])
        parts.append(draw.choice(["${" + name + "}", "$" + name + "."]))
        parts.append(draw.choice(["|", " ", "$$", "größe ", "\t", ""]))
    return "".join(parts)


def all_cases():
    return [*tree_cases(), *format_cases(), *random_cases(16, "oracle", "random", "%"),
            *random_cases(12, "styles", "random_styles", "{${")]
