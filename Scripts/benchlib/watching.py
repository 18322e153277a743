"""Watchers: what they are told, how late, what they cost writers, and what memory they take."""

import itertools
import statistics
from dataclasses import dataclass

from .bench import BenchError, wait_for_text
from .report import Row, say

_runs = itertools.count(1)


@dataclass
class _Load:
    """What `muster-bench watch-load` saw; delays in milliseconds."""

    commits: float
    seconds: float
    told: float
    due: float
    strays: float
    median: float
    p99: float

    @property
    def rate(self):
        return self.commits / self.seconds


def _load(bench, server, watchers):
    quick = bench.options.quick
    return _Load(*bench.baseline(
        "watch-load", "--port", server.port, "--token", server.token, "--watchers", watchers,
        "--seconds", 2 if quick else 10, "--prefix", f"watched-{next(_runs)}-"))


def watch(bench):
    """A thousand watchers of one type at a thousand commits a second, to the same load without; and idle watchers."""
    watchers = 50 if bench.options.quick else 1000
    with bench.server(bench.directory("watched")) as server:
        rounds = []
        for number in range(bench.rounds):
            alone, watched = _load(bench, server, 0), _load(bench, server, watchers)
            if watched.strays:
                raise BenchError(f"{watched.strays:.0f} events came twice or without a cause")
            rounds.append((watched, alone))
            say(
                f"watch {number + 1}/{bench.rounds}: {watched.told:,.0f} of {watched.due:,.0f} events, delay median "
                f"{watched.median:.1f} ms, p99 {watched.p99:.1f} ms; {watched.rate:.0f} commits/s to {alone.rate:.0f}")
    yield Row(
        "watch-delivered", sum(watched.told for watched, _ in rounds), "events",
        sum(watched.due for watched, _ in rounds), at_least=1)
    # The delay has no peer: it is shown against one second.
    for name in "median", "p99":
        yield Row(
            f"watch-delay-{name}", statistics.median(getattr(watched, name) for watched, _ in rounds), "ms", 1000,
            at_most=1)
    yield Row(
        "watch-commit-rate", statistics.median(watched.rate for watched, _ in rounds), "commits/s",
        statistics.median(alone.rate for _, alone in rounds), at_least=0.7)
    yield _idle_memory(bench)


def _idle_memory(bench):
    """Resident memory of a registered watcher who hears nothing, over TLS, to 32 KiB."""
    watchers = 100 if bench.options.quick else 10_000
    with bench.server(bench.directory("idle")) as server:
        # What the first connections bring along is not theirs.
        bench.baseline("watch-load", "--port", server.port, "--token", server.token, "--watchers", 10, "--seconds", 1,
                       "--rate", 100, "--prefix", "warm-")
        before = server.resident()[0]
        log = bench.root / "idle.log"
        log.unlink(missing_ok=True)
        process = bench.spawn(
            bench.bin / "muster-bench", "watch-idle", "--port", server.port, "--token", server.token,
            "--watchers", watchers, log=log)
        wait_for_text("ready", log, process, "muster-bench watch-idle")
        after = server.resident()[0]
        bench.stop(process)
    say(f"watch: {watchers:,} idle watchers, {before / 2**20:.0f} MiB before, {after / 2**20:.0f} MiB with them")
    return Row("watch-idle-memory", (after - before) / watchers, "bytes", 32 << 10, at_most=1)
