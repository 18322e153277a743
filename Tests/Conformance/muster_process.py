"""A Muster server as a child process, and `curl` as its first client."""

import base64
import contextlib
import itertools
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

BINARY = os.environ.get("MUSTER_BIN", "muster")
USER = "rocketskates"
PASSWORD = "r0cketsk8ts"


def assigned_ports():
    """The ports that a program must name to have: those that the system gives to whoever connects are left out, since one
    of them may be in use by the time that a server which was told of it starts, or starts again."""
    first, last = map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    # Where the system gives all of them, there is nothing else to take.
    return [*range(10_000, first), *range(last + 1, 65_536)] or list(range(10_000, 65_536))


PORTS = assigned_ports()
random.shuffle(PORTS)


def free_ports(count):
    """Ports that nobody uses at the moment, and that were given to nobody for long."""
    found = list(itertools.islice(filter(is_free, PORTS), count))
    for port in found:
        PORTS.remove(port)
    PORTS.extend(found)
    return found


def is_free(port):
    """Whether both a stream and datagrams could be served at a port of all addresses."""
    for kind in [socket.SOCK_STREAM, socket.SOCK_DGRAM]:
        with socket.socket(type=kind) as tried:
            try:
                tried.bind(("", port))
            except OSError:
                return False
    return True


class Reply:
    """What curl brought back: status, headers by lower-case name, and body."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100"):
            head, _, self.body = self.body.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """A server in a directory of its own; it can be killed and started again on the same data."""

    def __init__(self, root, *flags, binary=BINARY, backend=None, environment=None, host="127.0.0.1", prefix=()):
        self.root = pathlib.Path(root)
        self.flags = list(flags)
        self.binary = binary
        self.host, self.prefix = host, list(prefix)
        self.backend = backend
        self.environment = environment or {}
        self.process = None
        self.port, self.static_port, self.metrics_port = free_ports(3)
        self.secure_port, self.tftp_port, self.dhcp_port, self.binl_port = free_ports(4)
        # The inventory's API is off unless a test wants it.
        self.fleet_port = 0
        self.log = self.root / "server.log"

    @property
    def url(self):
        return f"{'http' if '--no-tls' in self.flags else 'https'}://127.0.0.1:{self.port}/api/v3"

    @property
    def static_url(self):
        return f"http://127.0.0.1:{self.static_port}"

    @property
    def basic(self):
        """The `Authorization` of the first user, for clients other than curl."""
        return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def command(self):
        backend = ["--backend", self.backend] if self.backend else []
        return [
            *self.prefix, self.binary, "serve", "--host", self.host, "--base-root", str(self.root), "--api-port", str(self.port),
            "--static-port", str(self.static_port), "--metrics-port", str(self.metrics_port),
            "--static-secure-port", str(self.secure_port), "--tftp-port", str(self.tftp_port),
            "--dhcp-port", str(self.dhcp_port), "--binl-port", str(self.binl_port),
            "--fleet-port", str(self.fleet_port), *backend, *self.flags,
        ]

    def spawn(self):
        """Starts the process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=subprocess.STDOUT, cwd=self.root,
                env={**os.environ, **self.environment})

    def start(self, timeout=60):
        """Starts the process and returns once it answers."""
        self.spawn()
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log_text()}")
            with contextlib.suppress(subprocess.CalledProcessError):
                if self.curl("GET", "/health", user=None).status == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"the server does not answer:\n{self.log_text()}")

    def kill(self):
        """Ends the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, timeout=30):
        """Asks the process to end, and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def curl(self, method, path, body=None, *, user=f"{USER}:{PASSWORD}", token=None, headers=(), base=None):
        """One request with curl. A body that is not bytes is sent as JSON."""
        command = [*self.prefix, "curl", "-sS", "-k", "--http1.1", "--globoff", "--max-time", "60"]
        command += ["--head"] if method == "HEAD" else ["-i", "-X", method]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        elif user:
            command += ["-u", user]
        for header in headers:
            command += ["-H", header]
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            if not any(header.lower().startswith("content-type") for header in headers):
                command += ["-H", "Content-Type: application/json"]
            command += ["--data-binary", "@-"]
        done = subprocess.run([*command, (base or self.url) + path], input=data, capture_output=True, check=True)
        return Reply(done.stdout)

    def revision(self, path):
        """The number of the commit that wrote an object as it is now."""
        return self.get(f"{path}/history?limit=1")["versions"][0]["revision"]

    def get(self, path, **options):
        reply = self.curl("GET", path, **options)
        assert reply.status == 200, (path, reply.status, reply.body)
        return reply.json
