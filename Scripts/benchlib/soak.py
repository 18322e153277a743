"""The rows `soak`: what a minute of patches at full speed leaves on disk and in memory, with a limit on history."""

import json
import subprocess
import time

from .load import patching
from .report import Row, say

#: What history may take, in MiB.
HISTORY = 64
#: How many machines are patched.
MACHINES = 1000


def soak(bench):
    """Disk used after the patches, to the limit; resident memory after them, to before."""
    seconds = 5 if bench.options.quick else 60
    store = bench.copy_of_store(MACHINES)
    with bench.server(store, tls=False, flags=["--history-size", HISTORY]) as server:
        keys = [row["Uuid"] for row in json.loads(server.request("GET", f"/machines?limit={MACHINES}")[1])]
        before = server.resident()[0]
        load = patching(bench, server, keys, seconds)
        say(f"soak: {load.requests:,} patches in {seconds} s, {load.rate:,.0f} a second")
        _settle(server)
        after, used = server.resident()[0], _disk_usage(store)
    yield Row("soak-size", used, "bytes", HISTORY << 20, at_most=3)
    yield Row("soak-memory", after, "bytes", before, at_most=1.5)


def _settle(server):
    """Returns once the server writes no more, as far as the log of commits tells."""
    last = None
    for _ in range(120):
        start = json.loads(server.request("GET", "/history?limit=1")[1]).get("start")
        if start == last:
            return
        last = start
        time.sleep(0.5)


def _disk_usage(path):
    done = subprocess.run(["du", "-sB1", path], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])
