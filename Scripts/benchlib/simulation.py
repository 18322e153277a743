"""The rows `simulate`: machines that work through a workflow, and the logs of their jobs."""

import json
import os
import subprocess
import time

from .load import creating, run_wrk
from .report import Row, compare, say

#: How often a job is written: it is made, begun, logged to, ended.
WRITES = 4
#: How much runners send at once, at the most.
CHUNK = 64 << 10

#: Appends a chunk to one log after the other.
_APPEND = """
local made, chunk = 0, string.rep("x", CHUNK)
function request()
  made = made + 1
  return wrk.format("PUT", PATH .. "/jobs/" .. JOBS[made % #JOBS + 1] .. "/log", nil, chunk)
end
"""


def simulate(bench):
    """Finished jobs of machines in a workflow of 20 tasks, to creates of machines by as many clients, divided by the writes of a job;
    bytes of logs that are appended, to appending and syncing the same chunks."""
    machines = 20 if bench.options.quick else max(1, 10_000 // bench.rounds)
    slowest = []

    def jobs(round_):
        with bench.server(bench.directory("simulated"), tls=False) as server:
            report = _play(bench, server, machines)
        slowest.append(max(row["p99"] for row in report["requests"] if row["request"] in ("order", "begin", "log", "end")))
        return report["jobsPerSecond"]

    def writes(round_):
        with bench.server(bench.directory("written"), tls=False) as server:
            return creating(bench, server, f"s{round_}", 64).rate / WRITES

    yield compare(bench, "jobs", "jobs/s", jobs, writes, at_least=0.5)
    yield Row("jobs-p99", sorted(slowest)[len(slowest) // 2], "ms", 50, at_most=1)
    yield compare(
        bench, "job-logs", "MB/s", lambda _: _logging(bench), lambda _: _syncing(bench.directory("log"), bench.seconds),
        at_least=0.3)


def _play(bench, server, machines):
    """What `muster simulate` tells."""
    command = [
        bench.bin / "muster", "simulate", "--machines", machines, "--tasks", 20, "--at-once", 64, "--failures", 2, "-o", "json",
        "-E", f"http://127.0.0.1:{server.port}", "-T", server.token]
    environment = {**os.environ, "HOME": str(bench.root)}
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, env=environment, check=True)
    report = json.loads(done.stdout)
    say(f"simulate: {report['jobs']} jobs of {machines} machines in {report['seconds']} s")
    return report


def _logging(bench):
    """Megabytes of logs a second, 16 clients that wait until each chunk is durable."""
    with bench.server(bench.directory("logged"), tls=False) as server:
        jobs = []
        for number in range(64):
            body = json.dumps({"Stage": "none", "State": "running", "Task": "stage:none"})
            jobs.append(json.loads(server.request("POST", "/jobs", body)[1])["Uuid"])
        names = ",".join(f'"{job}"' for job in jobs)
        script = f'local JOBS = {{{names}}}\nlocal CHUNK = {CHUNK}\nlocal PATH = "/api/v3"\n' + _APPEND
        headers = [f"Authorization: Bearer {server.token}", "Content-Type: application/octet-stream"]
        result = run_wrk(bench, server.url("/"), 16, script, headers, threads=1)
    return result.rate * CHUNK / 1e6


def _syncing(folder, seconds):
    """Megabytes a second that are appended to one file, each chunk synced before the next."""
    chunk, count, start = b"x" * CHUNK, 0, time.monotonic()
    with open(folder / "chunks", "wb", buffering=0) as file:
        while time.monotonic() - start < seconds:
            file.write(chunk)
            os.fdatasync(file.fileno())
            count += 1
    return count * CHUNK / 1e6 / (time.monotonic() - start)
