"""Draws what service_bench measured, or prints it as a table:

    service_bench --json figures.json
    python3 plot_service.py figures.json --svg service.svg
    python3 plot_service.py figures.json --table

The standard library only."""
import argparse
import html
import json
import math

WIDTH = 860
LABELS = 250        # where the bars begin
RIGHT = 80          # room for the figure behind the longest bar
BAR, GAP, HEADING = 15, 6, 34
TOP, BOTTOM = 64, 40
CLASSES = {"logboomd": "ours", "floor": "floor"}
# Microseconds per record, by the row's name.
BUDGETS = {"Publish": 0.6, "OTLP": 0.6,
           "Publish, batches of 1, 64 connections": 12.0}

STYLE = """
  .page { fill: #ffffff; }
  text { font: 12px sans-serif; fill: #24292f; }
  .figure { stroke: #ffffff; stroke-width: 3; paint-order: stroke; }
  .title { font-size: 15px; font-weight: bold; }
  .heading { font-weight: bold; }
  .quiet { fill: #57606a; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .ours { fill: #2f6fd0; }
  .floor { fill: #8c959f; }
  .peer { fill: #d9822b; }
  .budget { stroke: #c2255c; stroke-width: 2.5; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    text { fill: #e6edf3; }
    .figure { stroke: #0d1117; }
    .quiet { fill: #9aa4ae; }
    .grid { stroke: #3a424b; }
    .ours { fill: #5c9bff; }
    .floor { fill: #7d8590; }
    .peer { fill: #f0a355; }
    .budget { stroke: #ff6b9d; }
  }
"""


GRPC = ("Publish", "OTLP")


def is_base(row):
    """The points that floors and peers are measured at."""
    return (row["connections"] == 4 and row["handlers"] == 1 and row["synced"]
            and row["loggers"] == 1 and row["journal_bytes"] == 0
            and (row["batch"] == 1000 or row["way"] not in GRPC))


def groups_of(rows):
    """[(heading, [(label, row)])]: each way in beside its floor and peers, then
    what changes around the base point."""
    base = {}
    for row in rows:
        if is_base(row):
            way = "syslog" if row["taker"] == "rsyslog" else row["way"]
            base.setdefault(way, []).append(row)
    groups = []
    for way, some in base.items():
        sized = "batches of 1,000" if some[0]["batch"] > 1 else "one record each"
        groups.append((f"{way}: {sized}, 4 connections", [
            (row["taker"] if way != "syslog" else f"rsyslog, {row['way']}", row)
            for row in some]))
    for way in GRPC:
        varied = [row for row in rows if row["way"] == way and not is_base(row)]
        if varied:
            groups.append((f"{way}: one thing changed", [
                (row["name"].split(", ", 1)[1], row) for row in varied]))
    varied = [row for row in rows if row["way"] not in GRPC
              and not is_base(row)]
    if varied:
        groups.append(("Frames: one thing changed",
                       [(row["name"], row) for row in varied]))
    return groups


class Axis:
    """Microseconds on a logarithmic axis from a power of ten to another."""

    def __init__(self, values):
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))

    def x(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return LABELS + part * (WIDTH - RIGHT - LABELS)

    def ticks(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def number(value):
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"


def text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>'
            f"{html.escape(words)}</text>")


def legend():
    parts, x = [], LABELS
    for kind, words in (("ours", "logboomd"), ("floor", "floor: receive, write once"),
                        ("peer", "others")):
        parts.append(f'<rect class="{kind}" x="{x}" y="36" width="12" height="12"/>')
        parts.append(text(x + 18, 46, words, "quiet"))
        x += 40 + 7 * len(words)
    parts.append(f'<line class="budget" x1="{x}" x2="{x}" y1="34" y2="50"/>')
    parts.append(text(x + 8, 46, "budget", "quiet"))
    return parts


def bar(axis, y, label, row):
    value = row["cpu_us"]
    kind = CLASSES.get(row["taker"], "peer")
    left, right = axis.x(10.0 ** axis.low), axis.x(value)
    parts = [
        text(LABELS - 10, y + 12, label, anchor="end"),
        f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="{BAR}"/>',
    ]
    end = right
    budget = BUDGETS.get(row["name"])
    if budget:
        at = axis.x(budget)
        end = max(end, at + 3)
        parts.append(f'<line class="budget" x1="{at:.1f}" x2="{at:.1f}" '
                     f'y1="{y - 3}" y2="{y + BAR + 3}"/>')
    parts.append(text(end + 6, y + 12, number(value), "figure"))
    return parts


def lines(axis, top, bottom):
    return [f'<line class="grid" x1="{axis.x(tick):.1f}" x2="{axis.x(tick):.1f}" '
            f'y1="{top}" y2="{bottom}"/>' for tick in axis.ticks()]


def chart(figures):
    rows = [row for row in figures["rows"] if row["measured"]]
    groups = groups_of(rows)
    axis = Axis([row["cpu_us"] for row in rows])
    grid, bars, y = [], [], TOP
    for heading, some in groups:
        bars.append(text(20, y + 22, heading, "heading"))
        y += HEADING
        grid += lines(axis, y - 4, y + len(some) * (BAR + GAP))
        for label, row in some:
            bars += bar(axis, y, label, row)
            y += BAR + GAP
    height = y + BOTTOM
    machine = figures["machine"]
    for tick in axis.ticks():
        grid.append(text(axis.x(tick), y + 20, f"{tick:g} µs", "quiet", "middle"))
    head = [text(20, 22, "Server CPU per record (user and system), one processor", "title"),
            text(WIDTH - 20, 22, f"{machine['processor']}, medians of {figures['runs']}",
                 "quiet", "end")]
    body = "\n".join(head + legend() + grid + bars)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}">\n<style>{STYLE}</style>\n'
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>\n{body}\n</svg>\n')


def comparison(row, rows):
    """What the row's CPU is of its floor's."""
    if row["taker"] != "logboomd":
        return ""
    for other in rows:
        if (other["taker"] == "floor" and other["measured"]
                and all(other[key] == row[key]
                        for key in ("way", "batch", "connections", "synced",
                                    "handlers", "loggers", "journal_bytes"))):
            return f"{row['cpu_us'] / other['cpu_us']:.1f}"
    return ""


def table(figures):
    lines = ["| | records/s | CPU µs/record | × floor | anon MiB | ack p50 | p99 | p99.9 ms |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in figures["rows"]:
        if not row["measured"]:
            lines.append(f"| {row['name']} | {row['note']} | | | | | | |")
            continue
        ack = row.get("ack_ms")
        acks = [f"{ack[key]:.2f}" for key in ("p50", "p99", "p999")] if ack else ["", "", ""]
        name = row["name"] + (f" ({row['note']})" if row["note"] else "")
        lines.append("| " + " | ".join(
            [name, f"{row['written_per_second']:,.0f}", f"{row['cpu_us']:.3f}",
             comparison(row, figures["rows"]), f"{row['anonymous_mib']:.1f}", *acks]) + " |")
    machine = figures["machine"]
    lines.append("")
    lines.append("; ".join(f"{key}: {machine[key].strip()}" for key in sorted(machine)
                           if machine[key]) + f"; medians of {figures['runs']} runs.")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", help="what service_bench --json wrote")
    parser.add_argument("--svg", help="write the chart to this file")
    parser.add_argument("--table", action="store_true", help="print a Markdown table")
    arguments = parser.parse_args()
    with open(arguments.figures, encoding="utf-8") as file:
        figures = json.load(file)
    if arguments.svg:
        with open(arguments.svg, "w", encoding="utf-8") as file:
            file.write(chart(figures))
    if arguments.table:
        print(table(figures))


main()
