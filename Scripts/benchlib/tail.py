"""The rows `write-tail`: how long the slowest writers wait."""

import base64
import itertools
import json
import statistics
import threading

from .load import NOTES, creating, patching, putting
from .peers import start_etcd
from .report import Row, say

_runs = itertools.count(1)


def write_tail(bench):
    """The slowest creates by 16 and 64 clients, to the slowest puts into etcd; and small writes beside large change sets."""
    seconds = 2 if bench.options.quick else 20
    etcd = bench.install_peer()
    with bench.server(bench.directory("written")) as server:
        url = start_etcd(bench, etcd, server.certificate, server.key)
        value = base64.b64encode(b"v" * 1100).decode()
        for clients in (16, 64):
            ours, theirs = [], []
            for number in range(max(bench.rounds // 2, 1)):
                ours.append(creating(bench, server, f"t{next(_runs)}", clients, seconds))
                theirs.append(putting(bench, url, next(_runs), value, clients, seconds))
                say(f"write-tail-{clients} {number + 1}: p99 {ours[-1].p99 / 1000:.1f} to {theirs[-1].p99 / 1000:.1f} ms, "
                    f"p99.9 {ours[-1].p999 / 1000:.1f} to {theirs[-1].p999 / 1000:.1f} ms")
            for name in ("p99", "p999"):
                mine, peers = (statistics.median(getattr(each, name) for each in loads) / 1000 for loads in (ours, theirs))
                yield Row(f"write-tail-{clients}-{name}", mine, "ms", peers, at_most=1)
    yield from _beside_change_sets(bench, seconds)


def _beside_change_sets(bench, seconds):
    """The slowest patches of profiles while machines come in change sets of 10,000; to the usual ones, of which 25 are allowed."""
    count = 500 if bench.options.quick else 10_000
    with bench.server(bench.directory("beside"), tls=False) as server:
        names = [f"profile-{number}" for number in range(64)]
        for name in names:
            server.request("POST", "/profiles", json.dumps({"Name": name}))
        stop = threading.Event()
        thread = threading.Thread(target=_keep_changing, args=(server, count, stop))
        thread.start()
        load = patching(bench, server, names, seconds, connections=16, type_="profiles")
        stop.set()
        thread.join()
        say(f"write-tail-changeset: p50 {load.p50 / 1000:.1f}, p99 {load.p99 / 1000:.1f}, p99.9 {load.p999 / 1000:.1f} ms")
        yield Row("write-tail-changeset", load.p99 / 1000, "ms", max(100, 25 * load.p50 / 1000), at_most=1)


def _keep_changing(server, count, stop):
    connection = server.connection()
    while not stop.is_set():
        run = next(_runs)
        changes = [
            {"op": "create", "type": "machines",
             "object": {"Name": f"set{run}-{number}", "Params": {"notes": NOTES}}} for number in range(count)]
        server.request("POST", "/changes", json.dumps({"changes": changes}), connection=connection)
