"""Networks of their own: namespaces with a server in one and clients in others, where DHCP and TFTP have their usual ports."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import threading
import time

import pytest
from muster_process import Server

SCRIPTS = pathlib.Path(__file__).parent.parent / "BootLab"
ADDRESS = "10.98.0.1"


def missing(*programs):
    """Why there can be no lab here; None if there can."""
    if os.geteuid() != 0:
        return "namespaces take root"
    absent = [each for each in ("ip", *programs) if not shutil.which(each)]
    if absent:
        return f"{', '.join(absent)} not installed"
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
        return "this system makes no network namespaces"
    return None


def skip_unless(*programs):
    """Skips, so that everybody sees it, where there can be no lab."""
    reason = missing(*programs)
    if reason:
        print(f"\n*** NOT TESTED: {reason} ***")
        pytest.skip(f"NOT TESTED: {reason}")


class Lab:
    """A namespace with a bridge and the server's address, and others with one card each on that bridge."""

    def __init__(self, name, clients=2, prefix=16):
        self.name = name
        self.clients = [f"{name}-c{number}" for number in range(1, clients + 1)]
        subprocess.run([SCRIPTS / "make-namespace", "down", name], capture_output=True)
        subprocess.run(
            [SCRIPTS / "make-namespace", "up", name, f"{ADDRESS}/{prefix}", str(clients)], check=True, capture_output=True)

    def close(self):
        subprocess.run([SCRIPTS / "make-namespace", "down", self.name], check=True, capture_output=True)

    def server(self, root, *flags, **options):
        """A server in the lab, with the ports that clients expect."""
        made = Server(root, *flags, host="0.0.0.0", prefix=["ip", "netns", "exec", self.name], **options)
        made.secure_port, made.tftp_port, made.dhcp_port, made.binl_port = 8090, 69, 67, 4011
        made.port, made.static_port, made.metrics_port = 8092, 8091, 8080
        return made

    def run(self, client, *command, timeout=60, **options):
        """A command in a client's namespace."""
        return subprocess.run(
            ["ip", "netns", "exec", client, *map(str, command)], capture_output=True, text=True, timeout=timeout, **options)

    def mac(self, client):
        return self.run(client, "cat", "/sys/class/net/eth0/address").stdout.strip()


def inside(namespace, work):
    """What `work` gives, on a thread that is in a namespace. Sockets that it makes stay there."""
    outcome = []

    def body():
        libc = ctypes.CDLL(None, use_errno=True)
        with open(f"/run/netns/{namespace}") as handle:
            if libc.setns(handle.fileno(), 0x40000000) != 0:
                outcome.append(OSError(ctypes.get_errno(), f"setns {namespace}"))
                return
            try:
                outcome.append(work())
            except Exception as error:
                outcome.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


class Relay:
    """A relay in a client's namespace: it sends messages of clients on, and hears the answers (RFC 2131 §4.1)."""

    def __init__(self, lab, client, address):
        lab.run(client, "ip", "addr", "replace", f"{address}/16", "dev", "eth0")
        self.address = address

        def opened():
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((address, 67))
            return made

        self.socket = inside(client, opened)
        self.transaction = 0x1000

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendto(data, (ADDRESS, 67))

    def answer(self, timeout=20):
        """The next answer; None if none comes in time."""
        self.socket.settimeout(timeout)
        try:
            return self.socket.recv(4096)
        except TimeoutError:
            return None

    def ask(self, kind, mac, options=(), silent=False, **fields):
        """Sends a message and gives the answer to it, as a dictionary; None if there must be none."""
        self.transaction += 1
        self.send(message(kind, mac, self.transaction, options, giaddr=self.address, **fields))
        if silent:
            # What is answered in order is answered once the next one is.
            self.transaction += 1
            probe = message("inform", "02:fe:fe:fe:fe:fe", self.transaction, giaddr=self.address)
            self.send(probe)
            answer = parsed(self.answer())
            assert answer["xid"] == self.transaction, answer
            return None
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            data = self.answer()
            if data is None:
                break
            if parsed(data)["xid"] == self.transaction:
                return {**parsed(data), "raw": data}
        raise AssertionError(f"no answer to {kind} of {mac}")


KINDS = ["", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"]


def quad(address):
    return socket.inet_aton(address)


def message(kind, mac, xid, options=(), *, giaddr="0.0.0.0", ciaddr="0.0.0.0", flags=0, secs=0, hops=1):
    """A client's message; options are pairs of a code and bytes, in order."""
    head = struct.pack("!BBBBIHH", 1, 1, 6, hops, xid, secs, flags)
    head += quad(ciaddr) + bytes(8) + quad(giaddr) + bytes.fromhex(mac.replace(":", "")) + bytes(10 + 64 + 128)
    body = bytes([53, 1, KINDS.index(kind)])
    for code, value in options:
        body += bytes([code, len(value)]) + value
    return head + b"\x63\x82\x53\x63" + body + b"\xff"


def parsed(data):
    """An answer: its fields, and its options by code."""
    options, rest = {}, data[240:]
    while rest and rest[0] != 255:
        if rest[0] == 0:
            rest = rest[1:]
            continue
        options[rest[0]] = options.get(rest[0], b"") + rest[2:2 + rest[1]]
        rest = rest[2 + rest[1]:]
    return {
        "op": data[0], "xid": struct.unpack("!I", data[4:8])[0], "flags": struct.unpack("!H", data[10:12])[0],
        "ciaddr": socket.inet_ntoa(data[12:16]), "yiaddr": socket.inet_ntoa(data[16:20]),
        "siaddr": socket.inet_ntoa(data[20:24]), "giaddr": socket.inet_ntoa(data[24:28]),
        "file": data[108:236].rstrip(b"\0").decode(), "kind": KINDS[options[53][0]], "options": options,
    }


@contextlib.contextmanager
def subnet(server, **fields):
    """A subnet of the lab's network, for as long as it is needed."""
    body = {
        "Name": "lab", "Subnet": "10.98.0.0/16", "ActiveStart": "10.98.1.0", "ActiveEnd": "10.98.1.99", "Enabled": True,
        "ActiveLeaseTime": 3600, "Options": [{"Code": 3, "Value": ADDRESS}], **fields,
    }
    reply = server.curl("POST", "/subnets", body)
    assert reply.status == 201, reply.body
    try:
        yield reply.json
    finally:
        for kind in ("leases", "reservations"):
            for each in server.get(f"/{kind}"):
                server.curl("DELETE", f"/{kind}/{each['Addr']}")
        server.curl("DELETE", f"/subnets/{body['Name']}")
