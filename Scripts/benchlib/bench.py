"""Processes, stores and files that the rows share; everything ends and goes when the bench ends."""

import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .report import say
from .server import Server


class BenchError(Exception):
    """A measurement that could not be made, or not be trusted."""


class Bench:
    """The setting of one run."""

    def __init__(self, options):
        self.options = options
        self.rounds = options.rounds
        self.seconds = options.seconds
        self._processes = []
        self._stores = {}

    def __enter__(self):
        self._install("wrk")
        self.bin = Path(self.options.bin or self._build()).resolve()
        # On disk, not in memory as /tmp may be: syncing must cost what it costs.
        self.root = Path(tempfile.mkdtemp(prefix="muster-bench-", dir=_disk()))
        return self

    def __exit__(self, *_):
        self.stop_all()
        shutil.rmtree(self.root, ignore_errors=True)

    def _install(self, *packages):
        subprocess.run(["Scripts/setup", *packages], check=True, stdout=subprocess.DEVNULL)

    def install_peer(self):
        """Installs etcd, unless it is there."""
        return self.install("etcd", "etcd-server", "/usr/bin")

    def install(self, program, package, *folders):
        """Where a program is; installs its package, unless it is there.

        `folders` are patterns of where packages put it, beside those of the search path.
        """
        found = _find(program, folders)
        if not found:
            self._install(package)
            found = _find(program, folders)
        if not found:
            raise BenchError(f"the package {package} has no {program}")
        return found

    def _build(self):
        """Builds what is measured; returns where it is."""
        say("building release (muster, muster-bench)")
        products = [_output("Scripts/build-release", product) for product in ("muster", "muster-bench")]
        return Path(products[0]).parent

    # Processes

    def spawn(self, *command, log):
        """Starts a process in the background; its output goes to the file `log`."""
        with open(log, "ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self.root)
        self._processes.append(process)
        return process

    def stop(self, process, patience=60):
        """Ends a process that `spawn` started: politely, then not."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._processes:
            self._processes.remove(process)

    def stop_all(self):
        for process in list(self._processes):
            self.stop(process, patience=20)

    def baseline(self, *arguments):
        """What `muster-bench` prints, as numbers; what it says of its progress or of errors is passed on."""
        command = [self.bin / "muster-bench", *map(str, arguments)]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=3600)
        if result.returncode != 0:
            raise BenchError(f"muster-bench {arguments[0]} ended with code {result.returncode}")
        return [float(word) for word in result.stdout.split()]

    # Files and stores

    def directory(self, name):
        """An empty directory on the disk of the stores."""
        path = self.root / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def discard(self, path):
        shutil.rmtree(path, ignore_errors=True)

    def store(self, count):
        """A store with `count` machines that nobody writes to; filled once a run."""
        if count not in self._stores:
            say(f"filling a store with {count:,} machines")
            path = self.directory(f"store-{count}")
            self.baseline("fill", "--backend", f"lmdb:{path}", "--count", count)
            # The first start commits what the packs of this version bring; later ones must find nothing to do.
            with self.server(path):
                pass
            self._stores[count] = path
        return self._stores[count]

    def copy_of_store(self, count):
        """A copy of such a store, to write to."""
        source, copy = self.store(count), self.root / f"copy-{count}"
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-r", "--sparse=always", source, copy], check=True)
        return copy

    def server(self, store, tls=True, flags=()):
        """A running server on `store`, with more flags of `muster serve`; a context manager."""
        return Server(self, store, tls, flags)


def _find(program, folders):
    """The program in the search path, or else in the last of the folders that match."""
    found = shutil.which(program)
    if found:
        return found
    paths = [path for folder in folders for path in sorted(glob.glob(f"{folder}/{program}")) if os.access(path, os.X_OK)]
    return paths[-1] if paths else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, what, log, limit=600.0):
    """Returns once something listens on `port`."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            tail = Path(log).read_text(errors="replace")[-2000:]
            raise BenchError(f"{what} ended with code {process.returncode}:\n{tail}")
        time.sleep(0.005)
    raise BenchError(f"{what} does not listen after {limit:.0f} s")


def wait_for_text(text, log, process, what, limit=300.0):
    """Returns once a process has written `text` to its log."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        written = Path(log).read_text(errors="replace") if Path(log).exists() else ""
        if text in written:
            return
        if process.poll() is not None:
            raise BenchError(f"{what} ended with code {process.returncode}:\n{written[-2000:]}")
        time.sleep(0.02)
    raise BenchError(f"{what} does not say `{text}` after {limit:.0f} s")


def _output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _disk():
    """The first directory for temporary files that is not in memory."""
    candidates = [os.environ.get("TMPDIR"), "/var/tmp", "/tmp", "."]
    for path in filter(None, candidates):
        kind = subprocess.run(["stat", "-f", "-c", "%T", path], capture_output=True, text=True).stdout.strip()
        if kind and kind not in ("tmpfs", "ramfs"):
            return path
    return "."
