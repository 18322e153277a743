"""A Muster that runs while it is measured."""

import base64
import http.client
import json
import ssl
import time

USER, PASSWORD = "rocketskates", "r0cketsk8ts"
API = "/api/v3"


class Server:
    """Starts on entry, is gone on exit."""

    def __init__(self, bench, store, tls, flags=()):
        from .bench import free_port

        self.bench = bench
        self.store = store
        self.tls = tls
        self.flags = flags
        self.port = free_port()
        self.static_port = free_port()
        self.base = bench.root / "base"
        self.log = bench.root / "muster.log"
        self.token = ""

    def __enter__(self):
        from .bench import wait_for_port

        self.base.mkdir(exist_ok=True)
        start = time.monotonic()
        self.process = self.bench.spawn(
            self.bench.bin / "muster", "serve", "--base-root", self.base, "--backend", self.backend,
            "--host", "127.0.0.1", "--api-port", self.port, "--static-port", self.static_port,
            *([] if "--fleet-port" in self.flags else ["--fleet-port", "0"]),
            *([] if self.tls else ["--no-tls"]), *self.flags, log=self.log)
        wait_for_port(self.port, self.process, "muster serve", self.log)
        #: From the start of the process until it takes connections, in seconds.
        self.startup = time.monotonic() - start
        self.token = json.loads(
            self.request("GET", f"/users/{USER}/token?ttl=12h", authorization=self.basic)[1])["Token"]
        return self

    def __exit__(self, *_):
        self.bench.stop(self.process)

    @property
    def backend(self):
        return f"lmdb:{self.store}"

    @property
    def basic(self):
        """The `Authorization` of the first user's password."""
        return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    @property
    def certificate(self):
        return self.base / "server.crt"

    @property
    def key(self):
        return self.base / "server.key"

    def url(self, path):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{API}{path}"

    def connection(self):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=untrusting(), timeout=600)

    def request(self, method, path, body=None, authorization=None, connection=None):
        """One request: the headers and the body of the answer.

        Raises BenchError when the answer is no success.
        """
        from .bench import BenchError

        connection = connection or self.connection()
        headers = {"Authorization": authorization or f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request(method, API + path, body=body, headers=headers)
        answer = connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {answer.status} {data[:300].decode(errors='replace')}")
        return answer.headers, data

    def resident(self):
        """Resident bytes of the process: all, its own memory, and mapped files."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            fields = dict(line.split(":", 1) for line in status)
        return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon", "RssFile"))


def untrusting():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
