"""What holds for all requests of one connection, however the server answers them."""

import json
import random
import socket
import ssl

import pytest


class Connection:
    """A connection over TLS that sends bytes as they are, and reads answers one by one."""

    def __init__(self, server, token):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.socket, self.token, self.rest = context.wrap_socket(raw), token, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, method, path, body=None, headers=(), version="1.1"):
        """The bytes of a request."""
        lines = [f"{method} /api/v3{path} HTTP/{version}", "Host: x", f"Authorization: Bearer {self.token}", *headers]
        data = b"" if body is None else (body if isinstance(body, bytes) else json.dumps(body).encode())
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    def send(self, data, piece=None):
        """Sends `data`, in pieces of that many bytes if asked to."""
        for start in range(0, len(data), piece or len(data)):
            self.socket.sendall(data[start:start + (piece or len(data))])

    def answer(self, has_body=True):
        """The next answer: status, headers and body; None if the connection ends before it."""
        while b"\r\n\r\n" not in self.rest:
            if not self._more():
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        length = int(headers.get("content-length", 0)) if has_body else 0
        while len(self.rest) < length:
            assert self._more(), "the connection ended within a body"
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(lines[0].split(" ")[1]), headers, body

    def is_at_end(self):
        """Whether nothing comes any more."""
        return self.rest == b"" and not self._more()

    def _more(self):
        try:
            part = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError):
            return False
        self.rest += part
        return bool(part)


@pytest.fixture(scope="module")
def token(server):
    return server.get("/users/rocketskates/token?ttl=1h")["Token"]


@pytest.fixture
def connection(server, token):
    with Connection(server, token) as connection:
        yield connection


@pytest.fixture(scope="module")
def machine(server):
    return server.curl("POST", "/machines", {"Name": "conn-one", "Params": {"notes": "x" * 20_000}}).json["Uuid"]


KINDS = ["get", "head", "absent", "list", "scan", "create", "profile", "change", "known", "bad"]


@pytest.mark.parametrize("seed", range(6))
def test_pipelined_requests_are_answered_in_their_order(server, token, machine, seed):
    """Brief requests, slow ones, writes, refusals and streams, in one go and cut anywhere."""
    chance = random.Random(seed)
    with Connection(server, token) as connection:
        sent, expected = b"", []
        for number in range(60):
            name = f"conn-{seed}-{number}"
            kind = chance.choice(KINDS)
            if kind == "get":
                sent += connection.request("GET", f"/machines/{machine}")
                expected.append((200, True, machine))
            elif kind == "head":
                sent += connection.request("HEAD", f"/machines/{machine}")
                expected.append((200, False, ""))
            elif kind == "absent":
                sent += connection.request("GET", f"/machines/Name:{name}")
                expected.append((404, True, name))
            elif kind == "list":
                sent += connection.request("GET", "/machines?Name=conn-one&slim=Params,Meta")
                expected.append((200, True, machine))
            elif kind == "scan":
                sent += connection.request("GET", f"/machines?Description={name}")
                expected.append((200, True, "[]"))
            elif kind == "create":
                sent += connection.request("POST", "/machines", {"Name": name})
                expected.append((201, True, name))
            elif kind == "profile":
                sent += connection.request("POST", "/profiles", {"Name": name})
                expected.append((201, True, name))
            elif kind == "change":
                create = {"op": "create", "type": "profiles", "object": {"Name": f"{name}-set"}}
                sent += connection.request("POST", "/changes", {"reason": "x", "changes": [create]})
                expected.append((200, True, f"{name}-set"))
            elif kind == "known":
                headers = ['If-None-Match: "x"', "Prefer: wait=0s"]
                sent += connection.request("GET", f"/machines/{machine}", headers=headers)
                expected.append((200, True, machine))
            else:
                sent += connection.request("POST", "/machines", b"{")
                expected.append((400, True, "POST"))
        connection.send(sent, piece=chance.choice([None, 100, 1000, 10_000]))
        for status, has_body, text in expected:
            answer = connection.answer(has_body)
            assert answer is not None and answer[0] == status
            assert text in answer[2].decode()


def test_a_request_that_comes_byte_by_byte_is_answered(connection):
    for body in ({"Name": "conn-bytes"}, {"Name": "a"}):
        connection.send(connection.request("POST", "/machines", body), piece=1)
    assert [connection.answer()[0], connection.answer()[0]] == [201, 422]


def test_a_long_body_is_taken_like_a_short_one(connection):
    for size in (1000, 60_000, 70_000, 300_000):
        body = {"Name": f"conn-{size}", "Params": {"notes": "n" * size}}
        connection.send(connection.request("POST", "/machines", body))
        status, _, answer = connection.answer()
        assert status == 201 and len(json.loads(answer)["Params"]["notes"]) == size


def test_a_list_of_many_parts_arrives_whole(connection):
    """Longer than what is sent as one, over what may pass without waiting."""
    for number in range(30):
        body = {"Name": f"conn-big-{number}", "Params": {"notes": "x" * 20_000}}
        connection.send(connection.request("POST", "/machines", body))
        assert connection.answer()[0] == 201
    for path in ("/machines?limit=100&sort=Name", "/machines?Name=Re(conn-big-.*)"):
        connection.send(connection.request("GET", path))
        status, headers, body = connection.answer()
        assert status == 200 and len(json.loads(body)) == int(headers["x-drp-list-count"]) >= 30
        assert len(body) > 600_000


def test_an_answer_comes_although_the_client_sends_no_more(server, token, machine):
    for path, body in ((f"/machines/{machine}", None), ("/machines", {"Name": "conn-last"})):
        with Connection(server, token) as connection:
            connection.send(connection.request("GET" if body is None else "POST", path, body))
            socket.socket.shutdown(connection.socket, socket.SHUT_WR)
            answer = connection.answer()
            assert answer is not None and answer[0] in (200, 201)


def test_what_is_no_request_ends_the_connection_after_the_answers_before_it(server, token):
    with Connection(server, token) as connection:
        connection.send(connection.request("POST", "/machines", {"Name": "conn-before"}) + b"NO HTTP AT ALL\r\n\r\n")
        assert connection.answer()[0] == 201
        last = connection.answer()
        assert last[0] == 501
        assert connection.is_at_end()
    assert server.get("/machines/Name:conn-before")["Name"] == "conn-before"


def test_a_client_that_wants_the_connection_closed_gets_its_answer_and_the_end(server, token, machine):
    with Connection(server, token) as connection:
        connection.send(connection.request("GET", f"/machines/{machine}", headers=["Connection: close"]))
        assert connection.answer()[0] == 200
        assert connection.is_at_end()


@pytest.mark.parametrize("header", ["Connection: keep-alive", "Connection: Keep-Alive", "X-Log-Request: debug"])
def test_other_headers_change_nothing(connection, machine, header):
    for _ in range(3):
        connection.send(connection.request("GET", f"/machines/{machine}", headers=[header]))
        assert connection.answer()[0] == 200


def test_answers_are_the_same_however_they_are_made(connection, machine):
    """A header that makes a request unusual has it answered through the stream."""
    connection.send(connection.request("GET", f"/machines/{machine}"))
    connection.send(connection.request("GET", f"/machines/{machine}", headers=["Prefer: nothing"]))
    direct, streamed = connection.answer(), connection.answer()
    for headers in (direct[1], streamed[1]):
        del headers["x-request-id"], headers["date"]
    assert direct == streamed


def test_a_body_cut_off_changes_nothing(server, token):
    with Connection(server, token) as connection:
        whole = connection.request("POST", "/machines", {"Name": "conn-half"})
        connection.send(whole[:-5])
    assert server.curl("GET", "/machines/Name:conn-half").status == 404
