"""The rows `cli`: what the command line costs beside other programs, beside the requests that it makes, and who types."""

import itertools
import json
import os
import statistics
import subprocess
import time

from .bench import BenchError
from .load import NOTES
from .report import compare
from .server import PASSWORD, USER

#: How long who presses Tab waits at the most, in milliseconds.
PATIENCE = 200

#: Lines whose last word is completed with what only the server knows, as bash hands them over.
LINES = ("muster list mach", "muster get machine Name:", "muster set machine Name:x Desc", "muster list machines Na")

_runs = itertools.count(1)


def cli(bench):
    """Starting, to git; a table of 10,000 machines, to curl getting them; completion, to how long nobody minds; a change set of as
    many objects, to the request alone."""
    count = 1000 if bench.options.quick else 10_000
    yield compare(
        bench, "cli-start", "ms", lambda _: _start([bench.bin / "muster", "--version"]),
        lambda _: _start(["git", "--version"]), at_most=10)
    with bench.server(bench.copy_of_store(count)) as server:
        command = _command(bench, server)
        _run(command("info"))  # The token and the certificate are kept from here on.
        curl = [
            "curl", "-ksf", "-H", f"Authorization: Bearer {server.token}", "-o", "/dev/null",
            server.url(f"/machines?limit={count}&slim=Params,Meta")]
        yield compare(
            bench, "cli-list", "s", lambda _: _seconds(command("list", "machines")), lambda _: _seconds((curl, None)),
            at_most=2)
        yield compare(
            bench, "cli-complete", "ms", lambda _: _complete(command), lambda _: PATIENCE, at_most=1)
    with bench.server(bench.directory("applied")) as server:
        command = _command(bench, server)
        _run(command("info"))
        yield compare(
            bench, "cli-apply", "objects/s", lambda _: count / _apply(bench, command, count),
            lambda _: count / _post(server, count), at_least=0.7)


def _command(bench, server):
    """Makes command lines of `muster` as a user of their own who asks the server."""
    home = bench.directory("home")
    environment = {
        **os.environ, "HOME": str(home), "RS_ENDPOINT": server.url("").partition("/api")[0], "RS_KEY": f"{USER}:{PASSWORD}"}
    return lambda *words: ([bench.bin / "muster", *words], environment)


def _run(command):
    words, environment = command
    done = subprocess.run(
        [str(word) for word in words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise BenchError(f"{words[0]} ended with code {done.returncode}: {done.stderr[-500:]}")


def _seconds(command):
    start = time.perf_counter()
    _run(command)
    return time.perf_counter() - start


def _start(words):
    """The median of many starts, in milliseconds."""
    return statistics.median(_seconds((words, None)) for _ in range(30)) * 1000


def _complete(command):
    """The time of a Tab, in milliseconds: of the line of `LINES` that takes longest, the median of some."""
    def median(line):
        typed = command("complete", "--shell", "bash", "--word", line.split()[-1], "--", line)
        return statistics.median(_seconds(typed) for _ in range(10))

    return max(median(line) for line in LINES) * 1000


def _machines(count):
    name = f"cli{next(_runs)}"
    return [
        {"Name": f"{name}-{number}", "Description": "made by the bench", "Params": {"notes": NOTES}}
        for number in range(count)
    ]


def _apply(bench, command, count):
    """The time of one `apply` of a file with so many new machines."""
    path = bench.root / "machines.json"
    path.write_text(json.dumps([{"type": "machines", "object": machine} for machine in _machines(count)]))
    return _seconds(command("apply", "-f", path))


def _post(server, count):
    """The time of the request for as many."""
    changes = [{"op": "create", "type": "machines", "object": machine} for machine in _machines(count)]
    body = json.dumps({"reason": "bench", "changes": changes})
    connection = server.connection()
    connection.connect()
    start = time.perf_counter()
    server.request("POST", "/changes", body, connection=connection)
    return time.perf_counter() - start
