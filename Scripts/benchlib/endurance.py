"""A server under mixed load for as long as it takes to show what grows: memory, and the files of its store.

The load goes in legs: a server starts, is patched, read, changed in sets, and backed up, and ends, politely or killed. The
number of objects stays the same, so that memory and files must not grow once history has come to its limit.
"""

import json
import os
import random
import signal
import statistics
import subprocess
import threading
import time

from .bench import BenchError
from .load import NOTES, patching
from .report import say

#: What history may take, in MiB.
HISTORY = 16
#: How many machines the full-speed patches change, and how many objects come and go beside them.
MACHINES, OTHERS = 1000, 200
#: The journal, and what else a store has that is neither objects nor history.
FIXED = 48 << 20
#: How much more memory the end of a leg may take than its middle.
MEMORY_LIMIT = 1.05
#: How much disk a store may take, to its objects and the limit of history.
DISK_LIMIT = 3


class Endurance:
    """One run: `seconds` of load in `legs` legs. In short ones memory is still warming up, and is not judged."""

    def __init__(self, bench, seconds, legs, judges_memory=True):
        self.bench = bench
        self.judges_memory = judges_memory
        self.leg_seconds = seconds / legs
        self.legs = legs
        self.store = bench.directory("soaked")
        self.backups = bench.directory("soak-backups")
        self.random = random.Random(1)
        self.requests = 0
        self.problems = []
        self.highest = []

    def run(self):
        """Runs all legs; what went wrong is in `problems` then."""
        for leg in range(1, self.legs + 1):
            self._leg(leg)
            self._check_offline(leg)
        if self.judges_memory and len(self.highest) > 2 and self.highest[-1] > self.highest[1] * MEMORY_LIMIT:
            self._complain(f"the last leg takes {self.highest[-1] / self.highest[1]:.2f} times the second one's memory")

    def _complain(self, problem):
        say(f"WRONG: {problem}")
        self.problems.append(problem)

    # One leg

    def _leg(self, number):
        with self.bench.server(self.store, tls=False, flags=["--history-size", HISTORY, "--backup-dir", self.backups]) as server:
            if number == 1:
                self._fill(server)
            listed = json.loads(server.request("GET", f"/machines?limit={MACHINES}&Name=Re(%5Efixed)")[1])
            keys = [row["Uuid"] for row in listed]
            stop, samples = threading.Event(), []
            threads = [
                threading.Thread(target=self._guarded, args=(what, server, stop, number, samples))
                for what in (self._mix, self._back_up, self._sample)]
            for each in threads:
                each.start()
            try:
                load = patching(self.bench, server, keys, self.leg_seconds, connections=16)
            finally:
                stop.set()
                for each in threads:
                    each.join()
            self._settle(server)
            report = json.loads(server.request("GET", "/system/check")[1])
            if report["status"] != "ok":
                self._complain(f"leg {number}: the self-check says {report}")
            self._judge(number, load, samples)
            if number % 2:
                os.kill(server.process.pid, signal.SIGKILL)
                server.process.wait()

    @staticmethod
    def _fill(server):
        changes = [
            {"op": "create", "type": "machines", "object": {"Name": f"fixed-{each}", "Params": {"notes": NOTES}}}
            for each in range(MACHINES)]
        server.request("POST", "/changes", json.dumps({"changes": changes}))

    def _guarded(self, what, *arguments):
        try:
            what(*arguments)
        except (BenchError, OSError) as error:
            self._complain(f"{what.__name__.strip('_')}: {error}")

    def _judge(self, number, load, samples):
        third = max(len(samples) // 3, 1)
        middle = statistics.median(all_ for all_, _, _ in samples[third:2 * third] or samples)
        end = statistics.median(all_ for all_, _, _ in samples[2 * third:] or samples)
        own = statistics.median(own for _, own, _ in samples[2 * third:] or samples)
        disk, live = self._disk_usage(), self._live_bytes()
        bound = DISK_LIMIT * (live + (HISTORY << 20)) + FIXED
        say(f"leg {number}/{self.legs}: {load.rate:,.0f} patches/s and {self.requests:,} other requests; "
            f"resident {middle / 2**20:.0f} MiB in the middle, {end / 2**20:.0f} at the end, {own / 2**20:.0f} of it its own; "
            f"{disk / 2**20:.0f} MiB on disk of at most {bound / 2**20:.0f}")
        self.highest.append(end)
        # Warming up takes the first leg.
        if self.judges_memory and number > 1 and end > middle * MEMORY_LIMIT:
            self._complain(f"leg {number}: resident memory grew from {middle:,} to {end:,} bytes")
        if disk > bound:
            self._complain(f"leg {number}: the store takes {disk:,} bytes of at most {bound:,}")

    def _disk_usage(self):
        done = subprocess.run(["du", "-sB1", self.store], capture_output=True, text=True, check=True)
        return int(done.stdout.split()[0])

    def _live_bytes(self):
        return (MACHINES + OTHERS) * 1100

    @staticmethod
    def _settle(server):
        """Returns once history is forgotten as far as it shall be."""
        last = None
        for _ in range(300):
            start = json.loads(server.request("GET", "/history?limit=1")[1]).get("start")
            if start == last:
                return
            last = start
            time.sleep(1)
        raise BenchError("history is still being forgotten five minutes after the load")

    # What goes on beside the patches

    def _mix(self, server, stop, number, _):
        """Creates, reads, changes and removes, one request after the other."""
        connection, names = server.connection(), []
        while not stop.is_set():
            name = f"soak-{number}-{self.requests}"
            kind = self.random.random()
            if kind < 0.05:
                changes = [{"op": "create", "type": "profiles", "object": {"Name": f"{name}-{each}"}} for each in range(200)]
                changes += [{"op": "delete", "type": "profiles", "key": f"{name}-{each}"} for each in range(200)]
                server.request("POST", "/changes", json.dumps({"changes": changes}), connection=connection)
            elif kind < 0.4 or len(names) > OTHERS - 1:
                if len(names) > OTHERS - 1:
                    server.request("DELETE", f"/machines/Name:{names.pop(0)}", connection=connection)
                body = {"Name": name, "Params": {"notes": NOTES}}
                server.request("POST", "/machines", json.dumps(body), connection=connection)
                names.append(name)
            else:
                server.request("GET", "/machines?limit=100&sort=Name&Name=Gt(m)", connection=connection)
            self.requests += 1
        for name in names:
            server.request("DELETE", f"/machines/Name:{name}", connection=connection)

    def _back_up(self, server, stop, number, _):
        """Makes a backup, one of what came since, and proves both."""
        while not stop.wait(self.leg_seconds / 4):
            name = f"leg{number}-{time.monotonic_ns()}"
            server.request("POST", "/system/backup", json.dumps({"target": name}))
            server.request("POST", "/system/backup", json.dumps({"target": f"{name}-since", "since": name}))
            self._muster("verify", self.backups / f"{name}-since")
            for each in (name, f"{name}-since"):
                os.unlink(self.backups / each)

    def _sample(self, server, stop, _, samples):
        while not stop.wait(self.leg_seconds / 60):
            samples.append(server.resident())

    def _check_offline(self, leg):
        self._muster("check", "--base-root", self.bench.root / "base", "--backend", f"lmdb:{self.store}", leg=leg)

    def _muster(self, *words, leg=None):
        done = subprocess.run([self.bench.bin / "muster", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self._complain(f"{'' if leg is None else f'after leg {leg}: '}muster {words[0]}: {done.stdout}{done.stderr}")
