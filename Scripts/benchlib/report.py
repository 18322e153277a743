"""Rows and how they are shown."""

import json
import statistics
import sys
import time
from dataclasses import dataclass

_start = time.monotonic()


def say(text):
    """A line of progress."""
    print(f"[{time.monotonic() - _start:6.1f} s] {text}", file=sys.stderr, flush=True)


def short(size):
    """A size as names of rows have it: `10k`, `1m`."""
    if size % 1_000_000 == 0:
        return f"{size // 1_000_000}m"
    return f"{size // 1000}k" if size % 1000 == 0 else str(size)


@dataclass
class Row:
    """One measured thing: ours, the limit's, both in `unit`, and the ratio to reach (a lower or upper bound)."""

    name: str
    value: float
    unit: str
    limit: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self):
        return self.value / self.limit

    @property
    def goal(self):
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def is_reached(self):
        low = self.at_least is not None and self.ratio < self.at_least
        return not low and (self.at_most is None or self.ratio <= self.at_most)


def compare(bench, name, unit, ours, limit, **goal):
    """Measures both sides in turns, so that what else the machine does meets both, and makes a row of the medians."""
    values, limits = [], []
    for round_ in range(bench.rounds):
        limits.append(limit(round_))
        values.append(ours(round_))
        say(f"{name} {round_ + 1}/{bench.rounds}: {values[-1]:.4g} to {limits[-1]:.4g} {unit}")
    return Row(name, statistics.median(values), unit, statistics.median(limits), **goal)


class Report:
    """Collects rows; writes each to the JSON file at once, and all as a table at the end."""

    def __init__(self, path):
        self.rows = []
        self.file = open(path, "w", encoding="utf-8") if path else None

    def add(self, row):
        self.rows.append(row)
        if self.file:
            fields = {
                "name": row.name, "value": row.value, "unit": row.unit, "limit": row.limit, "ratio": round(row.ratio, 4)
            }
            print(json.dumps(fields), file=self.file, flush=True)

    def show(self):
        head = ("row", "value", "limit", "unit", "ratio", "reach", "")
        lines = [head] + [
            (
                row.name, _number(row.value), _number(row.limit), row.unit, f"{row.ratio:.3f}", row.goal,
                "" if row.is_reached else "missed",
            )
            for row in self.rows
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        for line in lines:
            cells = [
                cell.rjust(width) if column in (1, 2, 4) else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths))
            ]
            print("  ".join(cells).rstrip())


def _number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
