"""What is no HTTP/1.1 request is refused at once and with the right status; what is one is answered as RFC 9110 says."""

import json

import pytest

from raw_client import RawClient, metric, wait_until

HOST = b"Host: x\r\n"
HEADS = {
    "an unknown method": (b"BREW /api/v3/health HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "a method in lower case": (b"get /api/v3/health HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "two lengths": (
        b"POST /api/v3/profiles HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "a length and chunks": (
        b"POST /api/v3/profiles HTTP/1.1\r\n" + HOST
        + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a negative length": (b"POST /api/v3/profiles HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
    "a length beyond 64 bits": (
        b"POST /api/v3/profiles HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "a bare line feed": (b"GET /api/v3/health HTTP/1.1\nHost: x\n\n", 400),
    "a field without a colon": (b"GET /api/v3/health HTTP/1.1\r\nHost x\r\n\r\n", 400),
    "a blank before the colon": (b"GET /api/v3/health HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "a zero byte": (b"GET /api/v3/health HTTP/1.1\r\nHost: x\0\r\n\r\n", 400),
    "a version of the future": (b"GET /api/v3/health HTTP/3.0\r\n" + HOST + b"\r\n", 505),
    "a version of the past": (b"GET /api/v3/health HTTP/0.9\r\n\r\n", 505),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None),
    "a field that is too long": (
        b"GET /api/v3/health HTTP/1.1\r\n" + HOST + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n", 431),
    "too many fields": (
        b"GET /api/v3/health HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n", 431),
    "another expectation": (b"GET /api/v3/health HTTP/1.1\r\n" + HOST + b"Expect: miracles\r\n\r\n", 417),
    "a handshake of TLS to a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    from muster_process import Server

    running = Server(tmp_path_factory.mktemp("heads"), "--no-tls", "--request-timeout", "5m").start()
    yield running
    running.stop()


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("place", ["first", "later", "behind others", "static"])
def test_a_head_that_cannot_be_parsed_is_refused_at_once_and_the_connection_ends(plain, name, place):
    head, status = HEADS[name]
    port = plain.static_port if place == "static" else plain.port
    with RawClient(port) as client:
        if place == "later":
            client.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").read_until(b"}")
        if place == "behind others":
            client.send(b"GET /health HTTP/1.1\r\nHost: x\r\nPrefer: x\r\n\r\n" * 3)
        answers = client.send(head).read_to_end()
    if place == "behind others":
        assert answers.count(b"HTTP/1.1 200 OK") == 3
        answers = answers[answers.rindex(b"HTTP/1.1 %d " % status if status else b"HTTP/1.1 4"):]
    assert answers.startswith(b"HTTP/1.1 %d " % status if status else b"HTTP/1.1 "), answers[:200]
    assert b"connection: close" in answers.lower()
    if status:
        assert json.loads(answers.partition(b"\r\n\r\n")[2])["Code"] == status
    assert plain.curl("GET", "/health").status == 200


def test_refused_heads_are_counted_and_logged(plain):
    sample = 'muster_heads_refused_total{status="501"}'
    before = metric(plain, sample)
    with RawClient(plain.port) as client:
        client.send(b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end()
    assert metric(plain, sample) == before + 1
    wait_until(lambda: "requests that cannot be parsed are refused" in plain.log_text())


def post(server, body, *headers, version="1.1"):
    lines = [
        f"POST /api/v3/profiles HTTP/{version}", "Host: x", f"Authorization: {server.basic}",
        "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def test_a_client_that_waits_to_be_told_to_continue_is_told_so(plain):
    body = b'{"Name": "continued"}'
    with RawClient(plain.port) as client:
        for _ in range(2):
            client.send(post(plain, body, "Expect: 100-continue"))
            assert client.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            answer = client.send(body).read_until(b"\r\n\r\n")
            assert answer.startswith((b"HTTP/1.1 201", b"HTTP/1.1 409"))
            client.read(int(answer.lower().partition(b"content-length: ")[2].split()[0]))


def test_who_does_not_wait_to_be_told_is_answered_too(plain):
    body = b'{"Name": "eager"}'
    with RawClient(plain.port) as client:
        client.send(b"GET /health HTTP/1.1\r\nHost: x\r\nPrefer: x\r\n\r\n")
        client.send(post(plain, body, "Expect: 100-continue") + body)
        assert client.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        client.read_until(b"}")
        head = client.read_until(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            head = client.read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 201")


def test_a_body_that_is_announced_as_too_long_is_refused_before_it_is_sent(plain):
    with RawClient(plain.port) as client:
        head = post(plain, b"", "Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 999999999")
        answer = client.send(head).read_to_end()
        assert answer.startswith(b"HTTP/1.1 413"), answer[:200]
        assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("port", ["api", "static"])
def test_who_speaks_http_1_0_gets_no_chunks_and_the_end_of_the_connection(plain, port):
    (plain.root / "tftpboot").mkdir(exist_ok=True)
    (plain.root / "tftpboot" / "small.txt").write_bytes(b"small")
    path = "/api/v3/profiles?slim=Meta" if port == "api" else "/small.txt"
    number = plain.port if port == "api" else plain.static_port
    with RawClient(number) as client:
        answer = client.send(
            f"GET {path} HTTP/1.0\r\nAuthorization: {plain.basic}\r\n\r\n".encode()).read_to_end()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200") and b"chunked" not in head and b"connection: close" in head.lower()
    assert json.loads(body) if port == "api" else body == b"small"


def test_who_speaks_http_1_0_may_keep_the_connection(plain):
    with RawClient(plain.port) as client:
        for _ in range(2):
            client.send(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert b"connection: keep-alive" in client.read_until(b"\r\n\r\n").lower()
            client.read_until(b"}")


def test_a_stream_of_events_to_http_1_0_has_no_chunks(plain):
    with RawClient(plain.port) as client:
        client.send(
            f"GET /api/v3/events HTTP/1.0\r\nAuthorization: {plain.basic}\r\nAccept: text/event-stream\r\n\r\n".encode())
        assert b"chunked" not in client.read_until(b"\r\n\r\n").lower()
        assert client.read_until(b"\n").startswith(b"retry:")


@pytest.mark.parametrize("range", [
    "bytes=9223372036854775807-", "bytes=5-3", "bytes=-9223372036854775808", "bytes=0-9223372036854775807",
    "bytes=99999999999999999999-", "bytes=-", "bytes=0-0,2-3", "bytes=-0", "bytes=100-200", "items=1-2"])
def test_no_range_of_a_file_stops_the_server(plain, range):
    (plain.root / "tftpboot").mkdir(exist_ok=True)
    (plain.root / "tftpboot" / "small.txt").write_bytes(b"small")
    with RawClient(plain.static_port) as client:
        answer = client.send(
            f"GET /small.txt HTTP/1.1\r\nHost: x\r\nRange: {range}\r\nConnection: close\r\n\r\n".encode()).read_to_end()
    assert answer.startswith(b"HTTP/1.1 "), answer
    assert plain.process.poll() is None
