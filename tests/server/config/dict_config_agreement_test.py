"""Holds CPython's logging.config.dictConfig against tests/golden/dict_config.

NAME.json's `logging` section must load and give the settings in NAME.state, to
which dict_config_agreement_test.cc holds our own loader. Also loads the section
of logboomd.example.yaml where PyYAML is installed.

Usage: dict_config_agreement_test.py SOURCE_DIR   (`--write`: writes the states)
"""

import json
import logging
import logging.config
import os
import pathlib
import subprocess
import sys
import tempfile


def lower(value):
    return "true" if value else "false"


def show_filters(filterer):
    return ",".join(f.name for f in filterer.filters)


def show_logger(name, logger):
    handlers = ",".join(h.name for h in logger.handlers)
    return (f"logger {name}: level={logger.level}"
            f" propagate={lower(logger.propagate)} handlers=[{handlers}]"
            f" filters=[{show_filters(logger)}]\n")


def show_handler(name, handler):
    kind = type(handler).__name__
    if isinstance(handler, logging.FileHandler):
        kind += (f" filename={os.path.relpath(handler.baseFilename)}"
                 f" truncate={lower(handler.mode == 'w')}"
                 f" delay={lower(handler.delay)}")
    elif isinstance(handler, logging.StreamHandler):
        stream = {sys.stdout: "stdout", sys.stderr: "stderr"}[handler.stream]
        kind += f" stream={stream}"
    formatter = handler.formatter or logging.Formatter()
    return (f"handler {name}: {kind} level={handler.level}"
            f" filters=[{show_filters(handler)}]"
            f" datefmt=<{formatter.datefmt or ''}>"
            f" format=<{formatter._fmt}>\n")


def settings(section):
    """What a fresh process has after dictConfig(section)."""
    names = [n for n in section.get("loggers") or {} if n not in ("", "root")]
    handlers = list(section.get("handlers") or {})
    # The configurator is kept: it owns the handlers that no logger has.
    configurator = logging.config.DictConfigurator(section)
    configurator.configure()
    text = show_logger("root", logging.getLogger())
    for name in names:
        text += show_logger(name, logging.getLogger(name))
    for name in handlers:
        text += show_handler(name, configurator.config["handlers"][name])
    return text


def run_alone(section):
    """settings() in a process and a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--settings"],
            input=json.dumps(section), cwd=folder, encoding="utf-8",
            capture_output=True, env={**os.environ, "PYTHONUTF8": "1"})
    if done.returncode != 0:
        raise SystemExit(f"dictConfig refused {section}:\n{done.stderr}")
    return done.stdout


def check_example(source):
    try:
        import yaml
    except ImportError:
        print("PyYAML is not installed: the example file is left out")
        return
    text = (source / "logboomd.example.yaml").read_text(encoding="utf-8")
    run_alone(yaml.safe_load(text)["logging"])


def main():
    if sys.argv[1] == "--settings":
        sys.stdout.write(settings(json.load(sys.stdin)))
        return
    source = pathlib.Path(sys.argv[1])
    files = sorted((source / "tests/golden/dict_config").glob("*.json"))
    if not files:
        raise SystemExit("no files to compare")
    failed = 0
    for file in files:
        section = json.loads(file.read_text(encoding="utf-8"))["logging"]
        got = run_alone(section)
        state = file.with_suffix(".state")
        if "--write" in sys.argv:
            state.write_text(got, encoding="utf-8")
        elif got != state.read_text(encoding="utf-8"):
            print(f"{file.name}: CPython has\n{got}")
            failed += 1
    check_example(source)
    sys.exit(1 if failed else 0)


main()
