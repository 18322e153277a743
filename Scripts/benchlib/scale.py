"""The rows `scale`: what a fleet of a million machines costs, beside one of ten thousand."""

import json
import statistics
import time
from urllib.parse import quote

from .bench import BenchError
from .load import NOTES
from .report import Row, say, short

#: After so many seconds without giving memory back, the server has what it keeps.
_PATIENCE = 6


def scale(bench):
    """Start, page, count, filter, patch, change set, past list, check, and memory after these, at two sizes.

    What must not depend on the size is compared with the smaller one; what takes longer for more objects, with a start
    or with what the bare library takes for the same objects.
    """
    largest = bench.options.objects
    small, large = min(10_000, largest // 2), largest
    changes = _change_set(small)
    measured = {count: _measure(bench, count, changes) for count in (small, large)}
    for count in (small, large):
        yield from _against_machine(short(count), measured[count])
    of = measured[large]
    yield Row(f"scale-start-{short(large)}", of["start"], "s", of["scan"], at_most=4)
    yield Row(f"scale-filter-{short(large)}", of["filter"], "ms", of["copy"], at_most=2)
    # Deeper trees that are in no cache make the change set, which LMDB takes directly, and its undoing take longer.
    for what, limit in (
            ("page", 2), ("count", 2), ("count-index", 2), ("patch", 3), ("changeset", 6), ("past", 4)):
        values = [measured[count][what] for count in (small, large)]
        yield Row(f"scale-{what}-{short(large)}", values[1], "ms", values[0], at_most=limit)


def _against_machine(size, of):
    # Five starts for objects, indexes and layers, and ten seconds for each GiB of history.
    yield Row(f"scale-check-{size}", of["check"], "s", of["start"] + 2 * of["history"], at_most=5)
    yield Row(f"scale-memory-{size}", of["after"], "bytes", of["before"], at_most=1.15)


def _measure(bench, count, changes):
    store = bench.copy_of_store(count)
    of = {"scan": bench.baseline("raw-scan", "--path", store)[0]}
    of["copy"] = bench.baseline("raw-copy", "--path", store)[0] * 1000
    of["history"] = sum(
        bench.baseline("raw-scan", "--path", store, "--database", name)[2] for name in ("commits", "versions")) / 2**30
    with bench.server(store) as server:
        of["start"] = server.startup
        connection = server.connection()
        _measure_requests(server, connection, count, changes, of)
    bench.discard(store)
    for what in sorted(of):
        say(f"scale at {count:,}: {what} {of[what]:.4g}")
    return of


def _measure_requests(server, connection, count, changes, of):
    def milliseconds(repeats, method, path, body=None, check=lambda headers, data: True):
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            headers, data = server.request(method, path, body, connection=connection)
            times.append((time.perf_counter() - start) * 1000)
            if not check(headers, data):
                raise BenchError(f"{method} {path} gave {data[:200]}")
        return statistics.median(times)

    def counts(headers, _):
        return int(headers["X-Drp-List-Total-Count"]) >= count

    machine = json.loads(server.request("GET", "/machines?limit=1", connection=connection)[1])[0]["Uuid"]
    of["page"] = milliseconds(50, "GET", f"/machines?limit=100&offset={count // 2}")
    of["count"] = milliseconds(50, "HEAD", "/machines", check=counts)
    of["count-index"] = milliseconds(50, "HEAD", "/machines?Stage=none", check=counts)
    serial = quote(json.dumps(f"s-{count // 2}"))
    of["filter"] = milliseconds(10, "GET", f"/machines?serial={serial}", check=lambda _, data: _length(data) == 1)
    patch = json.dumps([{"op": "replace", "path": "/Description", "value": "patched"}])
    of["patch"] = milliseconds(50, "PATCH", f"/machines/{machine}", patch)
    before = _revision(server, connection)
    of["changeset"] = milliseconds(1, "POST", "/changes", changes)
    # What the change set left in the journal goes to its place a second later, which leaves pages of the file mapped: they
    # are no yardstick for what the rest keeps.
    _settled_memory(server)
    of["before"] = server.resident()[1]
    past = f"/machines?revision={before}&limit=100&sort=Name"
    of["past"] = milliseconds(3, "GET", past, check=lambda _, data: _length(data) == 100)
    of["check"] = milliseconds(1, "GET", "/system/check", check=lambda _, data: b'"status":"ok"' in data) / 1000
    of["after"] = _settled_memory(server)


def _length(data):
    return len(json.loads(data))


def _revision(server, connection):
    return json.loads(server.request("GET", "/history?limit=1", connection=connection)[1])["records"][0]["revision"]


def _change_set(count):
    changes = [
        {"op": "create", "type": "machines", "object": {"Name": f"scale-{number}", "Params": {"notes": NOTES}}}
        for number in range(count)
    ]
    return json.dumps({"changes": changes})


def _settled_memory(server):
    """Resident bytes once they have not shrunk for some seconds."""
    least, since = server.resident()[0], time.monotonic()
    while time.monotonic() - since < _PATIENCE:
        time.sleep(0.25)
        resident = server.resident()[0]
        if resident < least * 0.99:
            least, since = resident, time.monotonic()
    return server.resident()[0]
