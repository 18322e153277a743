"""The rows `schedule`: what a million schedules cost, and how fast those that are due run."""

from .report import Row, compare, say


def schedule(bench):
    """Memory and start with schedules, to their JSON and to copying it; durable runs, to LMDB's own puts of as many values."""
    count = bench.options.objects
    store = bench.directory("schedules")
    bench.baseline("fill-schedules", "--backend", f"lmdb:{store}", "--count", count)
    scan, values, size = bench.baseline("raw-scan", "--path", store)
    with bench.server(store) as server:
        server.request("GET", "/schedules?limit=1")
        resident, own, files = server.resident()
        startup = server.startup
    say(f"schedule: {own / count:.0f} bytes of memory for each of {count:,}, {size / values:.0f} of them JSON")
    yield Row("schedule-memory", resident, "bytes", size - 8 * values, at_most=3)
    yield Row("schedule-start", startup, "s", scan, at_most=6)
    yield compare(
        bench, "schedule-runs", "runs/s", lambda _: _runs(bench), lambda _: _puts(bench, size / values) / 2,
        at_least=0.1)


def _runs(bench):
    """Each is begun in one commit and confirmed in another, with up to 31 others."""
    due = 2000 if bench.options.quick else 50_000
    store = bench.directory("due")
    bench.baseline("fill-schedules", "--backend", f"lmdb:{store}", "--count", due, "--due", due)
    rate = bench.baseline("run-schedules", "--backend", f"lmdb:{store}", "--due", due)[0]
    bench.discard(store)
    return rate


def _puts(bench, size):
    path = bench.directory("raw")
    rate = bench.baseline(
        "raw-puts", "--path", path, "--size", round(size), "--batch", 32, "--seconds", bench.seconds)[0]
    bench.discard(path)
    return rate
