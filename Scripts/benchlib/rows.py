"""The rows: what is measured against what, and the ratio to reach."""

import base64
import itertools
import json
import statistics
import subprocess
import time
from urllib.parse import quote

from .boot import boot_time, dhcp, render, static, tftp
from .bench import BenchError, free_port, wait_for_port
from .commands import cli
from .fleet import fleet
from .load import NOTES, creating, mixing, putting, reading
from .peers import Nginx, Postgres, Redis, start_etcd
from .report import Row, compare, say, short
from .scale import scale
from .schedules import schedule
from .simulation import simulate
from .soak import soak
from .stores import stores
from .tail import write_tail
from .watching import watch

_runs = itertools.count(1)


def _name():
    """A part of names that no other load of this run uses."""
    return f"b{next(_runs)}"


class _BareRoute:
    """Hummingbird with one route, serving `body` with the server's certificate."""

    def __init__(self, bench, server, body):
        self.bench, self.server, self.body = bench, server, body

    def __enter__(self):
        file, port, log = self.bench.root / "body", free_port(), self.bench.root / "bare.log"
        file.write_bytes(self.body)
        self.process = self.bench.spawn(
            self.bench.bin / "muster-bench", "bare-route", "--port", port, "--body", file,
            "--certificate", self.server.certificate, "--key", self.server.key, log=log)
        wait_for_port(port, self.process, "muster-bench bare-route", log, limit=20)
        self.url = f"https://127.0.0.1:{port}/"
        return self

    def __exit__(self, *_):
        self.bench.stop(self.process)


def _against_bare_route(bench, server, name, path, unit, at_least):
    """The rate of getting `path`, to that of getting the same bytes from a bare route."""
    _, body = server.request("GET", path)
    with _BareRoute(bench, server, body) as bare:
        yield compare(
            bench, name, unit, lambda _: reading(bench, server.url(path), server.token).rate,
            lambda _: reading(bench, bare.url).rate, at_least=at_least)


def get(bench):
    """One machine of 1 KB, 64 connections."""
    with bench.server(bench.store(bench.options.machines)) as server:
        key = json.loads(server.request("GET", "/machines?limit=1")[1])[0]["Uuid"]
        yield from _against_bare_route(bench, server, "get", f"/machines/{key}", "requests/s", 0.85)


def basic_auth(bench):
    """One machine, 64 connections: a password that is known, to a token."""
    with bench.server(bench.store(bench.options.machines)) as server:
        key = json.loads(server.request("GET", "/machines?limit=1")[1])[0]["Uuid"]
        url, basic = server.url(f"/machines/{key}"), f"Authorization: {server.basic}"
        yield compare(
            bench, "basic-auth", "requests/s", lambda _: reading(bench, url, headers=[basic]).rate,
            lambda _: reading(bench, url, server.token).rate, at_least=0.8)


def list_(bench):
    """A page of 100 machines from the middle of those that an indexed field selects."""
    count = bench.options.machines
    with bench.server(bench.store(count)) as server:
        page = f"limit=100&offset={count // 2}"
        yield from _against_bare_route(bench, server, "list", f"/machines?Stage=none&{page}", "pages/s", 0.7)
        yield from _against_bare_route(bench, server, "list-sorted", f"/machines?sort=Name&{page}", "pages/s", 0.7)


def filter_(bench):
    """The one machine of all that has a param's value."""
    count = bench.options.machines
    store = bench.store(count)
    with bench.server(store) as server:
        connection = server.connection()
        path = f"/machines?serial={quote(json.dumps(f's-{count // 2}'))}"

        def ours(_):
            times = []
            for _ in range(10):
                start = time.perf_counter()
                _, body = server.request("GET", path, connection=connection)
                times.append(time.perf_counter() - start)
            if len(json.loads(body)) != 1:
                raise BenchError(f"{path}: {len(json.loads(body))} machines")
            return statistics.median(times) * 1000

        yield compare(
            bench, "filter", "ms", ours, lambda _: bench.baseline("raw-copy", "--path", store)[0] * 1000, at_most=2)


def _size(server):
    """Bytes of a machine that the load creates, as the store holds it: its JSON after eight bytes."""
    body = json.dumps({"Name": f"probe-{_name()}-1", "Description": "made by the bench", "Params": {"notes": NOTES}})
    return len(server.request("POST", "/machines", body)[1]) + 8


def write(bench):
    """Durable creates by 1, 16 and 64 clients, each of which waits for its answer; without TLS, as LMDB has none.

    Each row begins with an empty store, as LMDB does each round.
    """
    for clients, at_least in ((1, 0.6), (16, 0.5), (64, 0.4)):
        with bench.server(bench.directory("written"), tls=False) as server:
            size = _size(server)
            yield compare(
                bench, f"write-{clients}", "creates/s",
                lambda _: creating(bench, server, _name(), clients).rate,
                lambda _: _raw_puts(bench, size, clients), at_least=at_least)


def _raw_puts(bench, size, batch, seconds=None):
    path = bench.directory("raw")
    rate = bench.baseline(
        "raw-puts", "--path", path, "--size", size, "--batch", batch, "--seconds", seconds or bench.seconds)[0]
    bench.discard(path)
    return rate


def write_peer(bench):
    """Creates by 64 clients, to puts of values of the same size into etcd through its HTTP gateway."""
    etcd = bench.install_peer()
    with bench.server(bench.directory("written")) as server:
        size = _size(server)
        value = base64.b64encode(b"v" * size).decode()
        url = start_etcd(bench, etcd, server.certificate, server.key)
        yield compare(
            bench, "write-peer", "writes/s", lambda _: creating(bench, server, _name(), 64).rate,
            lambda _: putting(bench, url, next(_runs), value, 64).rate, at_least=1.5)


def get_nginx(bench):
    """One machine of 1 KB over TLS, 64 connections, to nginx with the same bytes."""
    with bench.server(bench.store(bench.options.machines)) as server:
        key = json.loads(server.request("GET", "/machines?limit=1")[1])[0]["Uuid"]
        path = f"/machines/{key}"
        with Nginx(bench, server.certificate, server.key, server.request("GET", path)[1]) as nginx:
            yield compare(
                bench, "get-nginx", "requests/s", lambda _: reading(bench, server.url(path), server.token).rate,
                lambda _: reading(bench, nginx.url).rate, at_least=0.5)


def write_pg(bench):
    """Durable creates by 64 clients, to rows of the same size with a unique name in PostgreSQL; without TLS on either side."""
    with bench.server(bench.directory("written"), tls=False) as server, Postgres(bench, _size(server)) as postgres:
        yield compare(
            bench, "write-pg", "creates/s", lambda _: creating(bench, server, _name(), 64).rate,
            lambda _: postgres.insert(64), at_least=0.9)


def write_redis(bench):
    """Durable creates by 64 clients, to SETs of the same size in Redis, which syncs each; without TLS on either side."""
    with bench.server(bench.directory("written"), tls=False) as server, Redis(bench) as redis:
        size = _size(server)
        yield compare(
            bench, "write-redis", "creates/s", lambda _: creating(bench, server, _name(), 64).rate,
            lambda _: redis.set(64, size), at_least=0.2)


def interval(bench):
    """Bookings drafted where one room has 100,000, each checked for overlaps, to creates of the same objects without intervals."""
    count = 2000 if bench.options.quick else 100_000

    def rate(*flags):
        return bench.baseline("bookings", "--count", count, "--seconds", bench.seconds, *flags)[0]

    yield compare(bench, "interval", "bookings/s", lambda _: rate(), lambda _: rate("--plain"), at_least=0.35)


def changeset(bench):
    """Many creates in one request; without TLS, as LMDB has none."""
    count = 1000 if bench.options.quick else 10_000
    with bench.server(bench.directory("written"), tls=False) as server:
        size = _size(server)

        def ours(_):
            name = _name()
            changes = [
                {
                    "op": "create", "type": "machines",
                    "object": {
                        "Name": f"{name}-{number}", "Description": "made by the bench", "Params": {"notes": NOTES}
                    },
                }
                for number in range(count)
            ]
            body = json.dumps({"reason": "bench", "changes": changes})
            connection = server.connection()
            connection.connect()
            start = time.perf_counter()
            server.request("POST", "/changes", body, connection=connection)
            return count / (time.perf_counter() - start)

        yield compare(
            bench, "changeset", "objects/s", ours, lambda _: _raw_puts(bench, size, count, seconds=1.0), at_least=0.25)


def load(bench):
    """The time from the start of the process until it takes connections, to that of copying every value once."""
    sizes = [bench.options.machines, bench.options.objects]
    for name, count in zip((f"load-{short(sizes[0])}", "load"), sizes):
        store = bench.store(count)

        def ours(_, store=store):
            with bench.server(store) as server:
                return server.startup

        bench.baseline("raw-scan", "--path", store)  # Brings the store into the page cache, for both sides.
        yield compare(
            bench, name, "s", ours, lambda _, store=store: bench.baseline("raw-scan", "--path", store)[0], at_most=4)


def memory(bench):
    """Resident memory after loading, to the JSON's own bytes."""
    store = bench.store(bench.options.objects)
    _, count, size = bench.baseline("raw-scan", "--path", store)
    with bench.server(store) as server:
        server.request("GET", "/machines?limit=1")
        resident, own, files = server.resident()
    say(f"memory: {own / 2**20:.0f} MiB of its own, {files / 2**20:.0f} MiB of mapped files")
    yield Row("memory", resident, "bytes", size - 8 * count, at_most=1.6)


def mixed(bench):
    """The 99th percentile of reads while one request in ten is a write, to that without writes; 64 connections."""
    with bench.server(bench.copy_of_store(bench.options.machines)) as server:
        machines = json.loads(server.request("GET", "/machines?limit=96&slim=Params,Meta")[1])
        keys = [machine["Uuid"] for machine in machines]

        def p99(writes):
            result = mixing(bench, server, _name(), keys, writes)
            extra = result.extra
            say(f"mixed: {extra['reads']} reads, {extra['writes']} writes in {result.microseconds / 1e6:.1f} s")
            return extra["p99_reads"] / 1000

        yield compare(bench, "mixed", "ms", lambda _: p99(True), lambda _: p99(False), at_most=3)


def curves(bench):
    """The time of one write and of one page at growing sizes, to that at the smallest."""
    largest = bench.options.objects
    sizes = [size for size in (1000, 10_000, 100_000) if size < largest] + [largest]
    times = {}
    for size in sizes:
        store = bench.copy_of_store(size)
        with bench.server(store) as server:
            times[size] = _cost(bench, server, size)
        bench.discard(store)
        say(f"curves at {size:,}: {times[size][0]:.3f} ms a write, {times[size][1]:.3f} ms a page")
    for position, what in enumerate(("write", "page")):
        for size in sizes[1:]:
            yield Row(
                f"cost-{what}-{short(size)}", times[size][position], "ms", times[sizes[0]][position], at_most=2)


def _cost(bench, server, size):
    """Medians of one client's write and page, in milliseconds."""
    connection = server.connection()

    def median(count, request):
        times = []
        for number in range(count):
            start = time.perf_counter()
            request(number)
            times.append(time.perf_counter() - start)
        return statistics.median(times) * 1000

    def create(name, number):
        body = json.dumps({"Name": f"{name}-{number}", "Params": {"notes": NOTES}})
        server.request("POST", "/machines", body, connection=connection)

    page = f"/machines?Stage=none&limit=100&offset={size // 2}"
    writes, pages = [], []
    for _ in range(bench.rounds):
        name = _name()
        writes.append(median(50, lambda number, name=name: create(name, number)))
        pages.append(median(50, lambda _: server.request("GET", page, connection=connection)))
    return statistics.median(writes), statistics.median(pages)


ROWS = {
    "get": get, "basic-auth": basic_auth, "write": write, "load": load, "list": list_, "filter": filter_,
    "write-peer": write_peer, "get-nginx": get_nginx, "write-pg": write_pg, "write-redis": write_redis,
    "interval": interval,
    "changeset": changeset, "memory": memory, "mixed": mixed, "curves": curves, "watch": watch,
    "scale": scale, "schedule": schedule, "cli": cli, "soak": soak,
    "stores": stores, "write-tail": write_tail, "static": static, "render": render, "tftp": tftp, "dhcp": dhcp, "boot-time": boot_time,
    "simulate": simulate, "fleet": fleet,
}

#: Names for several rows.
GROUPS = {"boot": ["static", "render", "tftp", "dhcp", "boot-time"]}
