"""The rows `stores`: stores made of files, how long stores take to be read, backups, and how long writers wait for all that."""

import json
import os
import statistics
import subprocess
import threading
import time

from .load import creating
from .report import Row, compare, say
from .server import Server

#: How many machines are read and backed up.
MACHINES = 50_000
#: As many as a document is for.
FEW_MACHINES = 2000


def stores(bench):
    """See the functions below."""
    yield from _directory_write(bench)
    yield from _load(bench)
    yield from _backup(bench)


def _directory_write(bench):
    """Durable creates in a directory store by 64 clients, to making, syncing and renaming files of the same size."""
    def ours(_):
        folder = bench.directory("fleet")
        with _FileServer(bench, folder, tls=False) as server:
            return creating(bench, server, "files", 64).rate

    def files(_):
        folder = bench.directory("plain")
        body, made, start = os.urandom(1100), 0, time.perf_counter()
        while time.perf_counter() - start < bench.seconds:
            draft, path = folder / f"new{made}", folder / f"{made}.yaml"
            with open(draft, "wb") as out:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            os.rename(draft, path)
            _sync(folder)
            made += 1
        return made / (time.perf_counter() - start)

    yield compare(bench, "store-directory-write", "creates/s", ours, files, at_least=0.6)


def _sync(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _load(bench):
    """Starting on a store, to reading the bytes of its files from the page cache."""
    for kind, count in (("lmdb", MACHINES), ("directory", MACHINES), ("file", FEW_MACHINES)):
        name = f"store-load-{kind}"
        source = bench.copy_of_store(1000 if bench.options.quick else count)
        target = bench.root / f"load-{kind}"
        bench.discard(target)
        if kind == "lmdb":
            locator = f"lmdb:{source}"
        else:
            locator = f"{kind}:{target}"
            _muster(bench, "store", "copy", f"lmdb:{source}", locator)
        path = source if kind == "lmdb" else target
        yield compare(
            bench, name, "s", lambda _, locator=locator: _start(bench, locator),
            lambda _, path=path: _read(path), at_most={"lmdb": 10, "directory": 10, "file": 60}[kind])


def _start(bench, locator):
    with _FileServer(bench, None, tls=False, locator=locator) as server:
        return server.startup


def _read(path):
    start = time.perf_counter()
    for folder, _, names in os.walk(path) if path.is_dir() else [(path.parent, [], [path.name])]:
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                while file.read(1 << 20):
                    pass
    return time.perf_counter() - start


def _backup(bench):
    """Bytes of backups a second, to copying as many and syncing them; and what writers wait meanwhile, to otherwise."""
    count = 1000 if bench.options.quick else MACHINES
    with bench.server(bench.copy_of_store(count), tls=False, flags=["--backup-dir", bench.directory("backups")]) as server:
        made, copied = [], []
        for number in range(bench.rounds):
            start = time.perf_counter()
            answer = json.loads(server.request("POST", "/system/backup", json.dumps({"target": f"b{number}"}))[1])
            made.append(answer["bytes"] / (time.perf_counter() - start))
            path = bench.root / "backups" / f"b{number}"
            start = time.perf_counter()
            subprocess.run(["cp", path, bench.root / "copy"], check=True)
            subprocess.run(["sync", bench.root / "copy"], check=True)
            copied.append(answer["bytes"] / (time.perf_counter() - start))
            say(f"backup {number + 1}/{bench.rounds}: {made[-1]:,.0f} to {copied[-1]:,.0f} bytes/s")
        yield Row("backup", statistics.median(made), "bytes/s", statistics.median(copied), at_least=0.5)
        quiet, busy = [], []
        for number in range(bench.rounds):
            quiet.append(creating(bench, server, f"q{number}", 16).p99 / 1000)
            stop = threading.Event()
            thread = threading.Thread(target=_keep_backing_up, args=(bench, server, stop, number))
            thread.start()
            busy.append(creating(bench, server, f"w{number}", 16).p99 / 1000)
            stop.set()
            thread.join()
            say(f"backup-write-stall {number + 1}/{bench.rounds}: p99 {busy[-1]:.1f} to {quiet[-1]:.1f} ms")
        yield Row("backup-write-stall", statistics.median(busy), "ms", statistics.median(quiet), at_most=2)


def _keep_backing_up(bench, server, stop, round_):
    number = 0
    while not stop.is_set():
        name = f"stall-{round_}-{number}"
        server.request("POST", "/system/backup", json.dumps({"target": name}))
        os.unlink(bench.root / "backups" / name)
        number += 1


def _muster(bench, *words):
    subprocess.run([str(bench.bin / "muster"), *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class _FileServer(Server):
    """A server on a store of another kind."""

    def __init__(self, bench, folder, tls, locator=None):
        super().__init__(bench, folder, tls)
        self.locator = locator or f"directory:{folder}"

    @property
    def backend(self):
        return self.locator
