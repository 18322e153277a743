"""Limits that keep slow or greedy clients from holding the server up."""

import socket
import ssl
import time

import pytest


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A server whose clients have two seconds for a request."""
    from muster_process import Server

    running = Server(tmp_path_factory.mktemp("hasty"), "--request-timeout", "2s", "--idle-timeout", "4s").start()
    yield running
    running.stop()


def connect(server):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", server.port), timeout=30))


def seconds_until_closed(connection, drip=b""):
    """How long the server keeps a connection that gets a byte of `drip` now and then."""
    start = time.monotonic()
    connection.settimeout(0.2)
    rest = drip
    while time.monotonic() - start < 20:
        try:
            if rest:
                connection.send(rest[:1])
                rest = rest[1:] or drip
            if connection.recv(4096) == b"":
                return time.monotonic() - start
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - start
    return None


def ask(connection, head=b"GET /api/v3/health HTTP/1.1\r\nHost: x\r\n\r\n"):
    """The answer as it comes, head and body."""
    connection.sendall(head)
    connection.settimeout(10)
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.partition(b"\r\n\r\n")[2]:
        part = connection.recv(65536)
        if not part:
            break
        answer += part
    return answer


def test_who_connects_and_does_not_even_begin_with_tls_is_let_go(hasty):
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        assert 1 < seconds_until_closed(connection) < 10


def test_who_drips_the_first_head_is_let_go(hasty):
    with connect(hasty) as connection:
        connection.sendall(b"GET /api/v3/health HTTP/1.1\r\nHost: x\r\n")
        assert 1 < seconds_until_closed(connection, b"X-Slow: loris\r\n") < 10


def test_who_drips_a_later_head_is_let_go(hasty):
    with connect(hasty) as connection:
        assert b" 200 " in ask(connection)
        connection.sendall(b"GET /api/v3/health HTTP/1.1\r\nHost: x\r\n")
        assert 1 < seconds_until_closed(connection, b"X-Slow: loris\r\n") < 10


def test_who_drips_a_body_is_let_go(hasty):
    with connect(hasty) as connection:
        token = hasty.get("/users/rocketskates/token")["Token"]
        connection.sendall(
            b"POST /api/v3/profiles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer " + token.encode() + b"\r\nContent-Length: 100000\r\n\r\n{")
        assert 1 < seconds_until_closed(connection, b" ") < 10


def test_an_idle_connection_is_kept_for_its_time_and_no_longer(hasty):
    with connect(hasty) as connection:
        assert b" 200 " in ask(connection)
        time.sleep(2.5)
        assert b" 200 " in ask(connection)
        assert 3 < seconds_until_closed(connection) < 12


def test_a_wait_that_the_client_asked_for_is_not_cut_short(hasty):
    start = time.monotonic()
    reply = hasty.curl("GET", "/events?wait=6s&filter=nothing.*.*")
    assert reply.status == 200 and time.monotonic() - start > 5


def test_a_head_that_is_too_long_is_refused(server):
    for line in b"X-Long: " + b"x" * 200_000, b"\r\n".join(b"X-%d: y" % n for n in range(20_000)):
        with connect(server) as connection:
            try:
                connection.sendall(b"GET /api/v3/info HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
                answer = ask(connection, b"")
            except OSError:
                answer = b""
            assert b" 200 " not in answer and b" 401 " not in answer
    assert server.curl("GET", "/info").status == 200


def test_a_body_that_is_too_long_is_refused(fresh):
    server = fresh("--max-body", "1")
    reply = server.curl("POST", "/profiles", b'{"Name":"big","Description":"' + b"x" * (2 << 20) + b'"}')
    assert reply.status == 413
    assert server.curl("GET", "/profiles/big").status == 404


@pytest.mark.parametrize("flags", [("--request-timeout", "0"), ("--idle-timeout", "soon"), ("--client-ca", "/none")])
def test_settings_that_make_no_sense_are_named(fresh, flags):
    server = fresh(*flags, start=False)
    server.spawn()
    assert server.process.wait(30) != 0
    assert flags[1] in server.log_text()
