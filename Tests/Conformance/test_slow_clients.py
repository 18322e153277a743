"""Clients that do not read what they asked for: they cost little, are cut off, and never keep the server from ending."""

import signal
import time

import pytest

from raw_client import RawClient, metric, resident, wait_until

UNREAD = 'muster_connections_cut_total{reason="unread"}'


def fill(server, objects=400, size=50_000):
    """Writes profiles whose list has 20 MB."""
    for start in range(0, objects, 50):
        changes = [
            {"op": "create", "type": "profiles", "object": {"Name": f"big-{number}", "Description": "x" * size}}
            for number in range(start, start + 50)]
        assert server.curl("POST", "/changes", {"reason": "fill", "changes": changes}).status == 200


@pytest.fixture(scope="module", params=["tls", "plain"])
def filled(tmp_path_factory, request):
    from muster_process import Server

    flags = ["--no-tls"] if request.param == "plain" else []
    running = Server(tmp_path_factory.mktemp("slow"), "--write-timeout", "1s", *flags).start()
    running.tls = request.param == "tls"
    fill(running)
    (running.root / "tftpboot").mkdir(exist_ok=True)
    (running.root / "tftpboot" / "image.bin").write_bytes(b"x" * (50 << 20))
    yield running
    assert running.stop() == 0


def get(server, path, version="1.1"):
    return f"GET /api/v3{path} HTTP/{version}\r\nHost: x\r\nAuthorization: {server.basic}\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/profiles?sort=Description", "/profiles?slim=Meta", "/profiles?Name=Re(big.*)"])
def test_long_lists_that_nobody_reads_cost_little_and_their_clients_are_cut_off(filled, path):
    clients = 30
    cut, before = metric(filled, UNREAD), resident(filled)
    waiting = [RawClient(filled.port, filled.tls, receive_buffer=4096) for _ in range(clients)]
    for client in waiting:
        client.send(get(filled, path))
    most = 0

    def are_cut():
        nonlocal most
        most = max(most, resident(filled) - before)
        return metric(filled, UNREAD) - cut >= clients

    wait_until(are_cut)
    assert most < clients * (2 << 20), f"{clients} clients cost {most >> 20} MiB"
    assert filled.curl("GET", "/health").status == 200


def test_pipelined_requests_whose_answers_nobody_reads_are_not_taken_without_end(filled):
    cut, before = metric(filled, UNREAD), resident(filled)
    with RawClient(filled.port, filled.tls, receive_buffer=4096, timeout=5) as client:
        requests = get(filled, "/profiles/big-1") * 100
        sent = 0
        try:
            while sent < 200 << 20:
                client.send(requests)
                sent += len(requests)
        except OSError:
            pass
        assert sent < 200 << 20, "the server took requests for 200 GiB of answers"
        wait_until(lambda: metric(filled, UNREAD) > cut)
        assert resident(filled) - before < 30 << 20


def test_a_download_that_nobody_reads_is_cut_off(filled):
    cut = metric(filled, UNREAD)
    waiting = [RawClient(filled.static_port, receive_buffer=4096) for _ in range(5)]
    for client in waiting:
        client.send(b"GET /image.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    wait_until(lambda: metric(filled, UNREAD) - cut >= 5)


def test_a_client_that_reads_slowly_gets_all_of_it(fresh):
    """It takes several write timeouts, and something in each."""
    server = fresh("--write-timeout", "2s")
    (server.root / "tftpboot").mkdir(exist_ok=True)
    (server.root / "tftpboot" / "image.bin").write_bytes(b"x" * 6_000_000)
    with RawClient(server.static_port, receive_buffer=65536) as client:
        client.send(b"GET /image.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        start, received = time.monotonic(), 0
        while part := client.socket.recv(65536):
            received += len(part)
            # Not to wait for anything: this is how the client reads.
            time.sleep(len(part) / 1_000_000)
        assert received > 6_000_000 and time.monotonic() - start > 5


def test_who_connects_to_the_static_port_and_asks_nothing_is_let_go(fresh):
    server = fresh("--request-timeout", "1s")
    for port in (server.static_port, server.metrics_port):
        with RawClient(port) as client:
            assert client.read_to_end() == b""
        with RawClient(port) as client:
            assert client.send(b"GET / HTT").read_to_end() == b""


@pytest.mark.parametrize("flags", [[], ["--no-tls"]])
def test_the_server_ends_in_time_whatever_clients_do(fresh, flags):
    server = fresh("--write-timeout", "5m", "--shutdown-timeout", "8s", "--request-timeout", "5m", *flags)
    fill(server, 50, 200_000)
    (server.root / "tftpboot").mkdir(exist_ok=True)
    (server.root / "tftpboot" / "image.bin").write_bytes(b"x" * (50 << 20))
    tls = not flags
    clients = [
        RawClient(server.port, tls, 4096).send(get(server, "/profiles?sort=Description")),
        RawClient(server.port, tls, 4096).send(get(server, "/events?wait=10m&filter=x.*.*")),
        RawClient(server.port, tls, 4096).send(b"POST /api/v3/profiles HTTP/1.1\r\nContent-Le"),
        RawClient(server.port, tls, 4096),
        RawClient(server.port),
        RawClient(server.static_port, receive_buffer=4096).send(b"GET /image.bin HTTP/1.1\r\nHost: x\r\n\r\n"),
        RawClient(server.static_port).send(b"GET /image.bin HT"),
        RawClient(server.static_port),
        RawClient(server.metrics_port).send(b"GET /met"),
        RawClient(server.metrics_port),
    ]
    # The first parts of what is asked for are on their way.
    clients[0].socket.recv(1)
    clients[5].socket.recv(1)
    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("path", ["/profiles?sort=Description", "/profiles/big-1"])
def test_an_answer_on_its_way_comes_to_its_end_although_the_server_stops(fresh, path):
    server = fresh("--no-tls", "--shutdown-timeout", "60s")
    fill(server, 50, 200_000)
    with RawClient(server.port, receive_buffer=4096) as client:
        client.send(get(server, path))
        head = client.read_until(b"\r\n\r\n").decode().lower()
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "stop" in server.log_text() or not listens(server.static_port))
        length = int(head.partition("content-length: ")[2].split()[0])
        assert len(client.read(length)) == length
    assert server.process.wait(30) == 0


def listens(port):
    """Whether somebody listens on a port."""
    try:
        RawClient(port).socket.close()
        return True
    except OSError:
        return False
