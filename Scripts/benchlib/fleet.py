"""The rows `fleet`: an inventory through Craton's API, to bare routes with the same bytes, and to the kernel's own writes."""

import http.client
import itertools
import json
import statistics
import time

from .bench import BenchError, free_port
from .load import creating, run_wrk, reading
from .report import Row, compare, say, short
from .server import untrusting

_runs = itertools.count(1)

#: Creates hosts with names that nothing else has.
_CREATE = """
local made = 0
function request()
  made = made + 1
  return wrk.format("POST", "/v1/hosts", nil, string.format(
    '{"name":"%s-%d-%08d","ip_address":"10.0.0.1","device_type":"server","cloud_id":%d,"region_id":%d,"note":"%s"}',
    RUN, thread_number, made, CLOUD, REGION, NOTES))
end
"""


class _Inventory:
    """The inventory of a running server, and who may do everything there."""

    def __init__(self, server, port):
        self.server, self.port = server, port
        connection = server.connection()
        connection.request("POST", "/fleet/bootstrap", headers={"Authorization": server.basic})
        made = json.loads(connection.getresponse().read())
        self.project = made["ProjectId"]
        self.headers = {
            "X-Auth-Project": self.project, "X-Auth-User": made["Username"], "X-Auth-Token": made["APIKey"],
            "Content-Type": "application/json"}
        # TLS on both ports, or on neither.
        self.scheme = "https" if server.tls else "http"
        self.connection = (
            http.client.HTTPSConnection("127.0.0.1", port, context=untrusting(), timeout=600) if server.tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=600))

    def url(self, path):
        return f"{self.scheme}://127.0.0.1:{self.port}/v1/{path}"

    @property
    def lines(self):
        """The fields of the head as wrk takes them."""
        return [f"{name}: {value}" for name, value in self.headers.items()]

    def send(self, method, path, body=None):
        self.connection.request(method, "/v1/" + path, body and json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data

    def make(self, path, **body):
        return json.loads(self.send("POST", path, body))["id"]

    def fill(self, count):
        """A cloud, ten regions and a hundred cells, with `count` hosts in change sets; the one region with a variable."""
        cloud = self.make("clouds", name="cloud", variables={"owner": "all"})
        regions = [self.make("regions", name=f"r{number}", cloud_id=cloud) for number in range(10)]
        cells = [
            (region, self.make("cells", name=f"c{number}", cloud_id=cloud, region_id=region))
            for region in regions for number in range(10)]
        # So few hosts are below it, however many there are in all.
        rare = (regions[0], self.make("cells", name="rare", cloud_id=cloud, region_id=regions[0], variables={"rare": 1}))
        for start in range(0, count, 1000):
            changes = []
            for number in range(start, min(count, start + 1000)):
                region, cell = rare if number % max(1, count // 100) == 0 else cells[number % 100]
                changes.append({"op": "create", "type": "fleet_devices", "key": "", "object": {
                    "name": f"h{number}", "ip_address": "10.0.0.1", "device_type": "server", "active": True, "cloud_id": cloud,
                    "region_id": region, "cell_id": cell, "project_id": self.project, "variables": {"serial": f"s{number}"}}})
            self.server.request("POST", "/changes", json.dumps({"changes": changes}))
        return cloud, regions[0]


def _server(bench, store, tls=True):
    port = free_port()
    flags = ["--fleet-port", str(port), *(["--fleet-tls"] if tls else [])]
    return bench.server(store, tls=tls, flags=flags), port


def _median(inventory, path, rows):
    """Milliseconds of a list, which must have so many rows."""
    times = []
    for _ in range(15):
        start = time.perf_counter()
        body = inventory.send("GET", path)
        times.append(time.perf_counter() - start)
    found = len(json.loads(body)["hosts"])
    if found != rows:
        raise BenchError(f"{path}: {found} rows, not {rows}")
    return statistics.median(times) * 1000


def fleet(bench):
    """Reads to bare routes, creates to the kernel's; lists of few hosts, to the same of the hundredth part of the hosts."""
    largest = bench.options.machines
    costs = {}
    for count in (max(1000, largest // 100), largest):
        server, port = _server(bench, bench.directory("fleet"))
        with server:
            inventory = _Inventory(server, port)
            inventory.fill(count)
            say(f"fleet: {count:,} hosts, {server.resident()[1] / count:.0f} bytes of memory for each")
            costs[count] = [
                _median(inventory, path, rows) for path, rows in (
                    ("hosts", 30), (f"hosts?marker={count // 2}", 30), ("hosts?vars=owner:%22all%22", 30), ("hosts?vars=rare:1", 30))]
            if count == largest:
                yield from _reads(bench, server, inventory)
    small, large = (costs[count] for count in sorted(costs))
    for name, first, last in zip(("list", "marker", "vars", "vars-rare"), small, large):
        yield Row(f"fleet-curve-{name}-{short(largest)}", last, "ms", first, at_most=2)
    yield _creates(bench)


def _reads(bench, server, inventory):
    for name, path in (("fleet-get", "hosts/7"), ("fleet-list", "hosts"), ("fleet-vars", "hosts?vars=owner:%22all%22")):
        from .rows import _BareRoute
        with _BareRoute(bench, server, inventory.send("GET", path)) as bare:
            yield compare(
                bench, name, "requests/s", lambda _: reading(bench, inventory.url(path), headers=inventory.lines).rate,
                lambda _: reading(bench, bare.url).rate, at_least=0.5 if name != "fleet-vars" else None)


def _creates(bench):
    """Durable creates by 64 clients, to the kernel's own of machines on the same server."""
    server, port = _server(bench, bench.directory("fleet"), tls=False)
    with server:
        inventory = _Inventory(server, port)
        cloud, region = inventory.fill(0)

        def ours(_):
            constants = (
                f'local RUN = "f{next(_runs)}"\nlocal NOTES = "{"n" * 290}"\nlocal CLOUD = {cloud}\nlocal REGION = {region}\n')
            return run_wrk(bench, inventory.url(""), 64, constants + _CREATE, inventory.lines, threads=1).rate

        return compare(
            bench, "fleet-create-64", "creates/s", ours, lambda _: creating(bench, server, f"k{next(_runs)}", 64).rate,
            at_least=0.5)
