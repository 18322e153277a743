"""A server that runs out of descriptors, or whose log nobody reads: it says so and serves on."""

import os
import stat

import pytest

from muster_process import BINARY, Server
from raw_client import RawClient, metric, wait_until

HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def wrapped(tmp_path, *lines):
    """A program that runs the server after `lines` of shell."""
    script = tmp_path / "wrapped"
    script.write_text("\n".join(["#!/bin/sh", *lines, f'exec "{os.path.abspath(BINARY)}" "$@"']) + "\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def ticks(server):
    """The processor time that the server has used, in hundredths of a second."""
    with open(f"/proc/{server.process.pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.fixture
def small(tmp_path):
    """A server that may have 164 descriptors open."""
    running = Server(tmp_path / "small", "--no-tls", binary=wrapped(tmp_path, "ulimit -n 164")).start()
    yield running
    assert running.stop() == 0


def test_with_all_descriptors_taken_the_server_serves_those_it_has_and_says_so(small):
    first = RawClient(small.port)
    assert b"200 OK" in first.send(HEALTH).read_until(b"}")
    others = [RawClient(small.port) for _ in range(200)]
    files = [RawClient(small.static_port) for _ in range(60)]
    wait_until(lambda: "new ones wait until others end" in small.log_text())
    for _ in range(20):
        assert b"200 OK" in first.send(HEALTH).read_until(b"}")
    # It can still open what it needs to write, and answer on other ports.
    body = b'{"Name": "written"}'
    first.send(
        b"POST /api/v3/profiles HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (small.basic.encode(), len(body), body))
    assert b"201 Created" in first.read_until(b"}")
    assert metric(small, "muster_accept_pauses_total") >= 2
    # It does not spin: waiting takes no processor time. A second of it is ten times what the rest takes.
    before, rounds = ticks(small), 0
    while rounds < 100:
        metric(small, "muster_accept_pauses_total")
        rounds += 1
    assert ticks(small) - before < 1000
    assert small.log_text().count("new ones wait until others end") < 20
    for client in [*others, *files]:
        client.socket.close()
    with RawClient(small.port) as late:
        assert b"200 OK" in late.send(HEALTH).read_until(b"}")


def test_a_log_that_nobody_reads_holds_nothing_up(tmp_path):
    pipe = tmp_path / "log.pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    server = Server(tmp_path / "quiet", "--no-tls", binary=wrapped(tmp_path, f'exec 2>"{pipe}"'))
    try:
        server.start()
        token = server.get("/users/rocketskates/token?ttl=1h")["Token"]
        request = f"GET /api/v3/nothing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        with RawClient(server.port) as client:
            for _ in range(250):
                client.send(request * 100)
                for _ in range(100):
                    client.read_until(b'"Type":"GET"}')
        wait_until(lambda: metric(server, "muster_log_lines_dropped_total") > 0)
        assert server.curl("POST", "/profiles", {"Name": "written"}).status == 201
        # Even an end does not wait for the reader.
        assert server.stop(20) == 0
    finally:
        os.close(reader)
        if server.process and server.process.poll() is None:
            server.kill()
