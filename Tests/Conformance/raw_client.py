"""Connections to any port of a server that send bytes as they are and read only when told to."""

import contextlib
import re
import socket
import ssl
import time


def wait_until(holds, timeout=60):
    """Returns once `holds()` is true; fails if that takes too long."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"it did not come true in {timeout} s")


class RawClient:
    """One connection."""

    def __init__(self, port, tls=False, receive_buffer=None, timeout=30):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def read_to_end(self):
        """Everything up to the end of the connection."""
        with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
            while part := self.socket.recv(65536):
                self.rest += part
        return self.rest

    def read(self, count):
        """The next `count` bytes."""
        while len(self.rest) < count:
            part = self.socket.recv(65536)
            assert part, f"the connection ended after {self.rest[:200]!r}"
            self.rest += part
        data, self.rest = self.rest[:count], self.rest[count:]
        return data

    def read_until(self, text):
        """Everything up to and with `text`; what follows is kept for the next call."""
        while text not in self.rest:
            part = self.socket.recv(65536)
            assert part, f"the connection ended after {self.rest[:200]!r}"
            self.rest += part
        head, _, self.rest = self.rest.partition(text)
        return head + text


def metric(server, sample):
    """The value of one sample at the metrics port."""
    with RawClient(server.metrics_port) as client:
        text = client.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").read_to_end().decode()
    found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)
    assert found, f"there is no {sample} in\n{text}"
    return float(found[1])


def resident(server):
    """The server's resident memory in bytes."""
    with open(f"/proc/{server.process.pid}/statm") as statm:
        return int(statm.read().split()[1]) * 4096
