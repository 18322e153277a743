"""What a client of a websocket may send, and how much it may ask for."""

import json
import struct

import pytest
from websocket import ABNF, WebSocketConnectionClosedException, create_connection


@pytest.fixture
def watcher(server):
    import ssl

    made = create_connection(
        server.url.replace("https", "wss") + "/ws", header=[f"Authorization: {server.basic}"], timeout=20,
        sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False})
    yield made
    made.shutdown()


@pytest.mark.parametrize(("name", "frame", "code"), [
    ("a reserved bit", b"\xc1\x80\0\0\0\0", 1002),
    ("an unknown kind", b"\x83\x80\0\0\0\0", 1002),
    ("a length that is too long for itself", b"\x81\xfe\0\x01\0\0\0\0x", 1002),
    ("no mask", b"\x81\x01x", 1002),
    ("a long ping", b"\x89\xfe\0\x7e", 1002),
    ("a frame without end", b"\x81\xff\0\0\0\0\x7f\xff\xff\xff", 1009),
    ("bytes", b"\x82\x80\0\0\0\0", 1003),
    ("no UTF-8", b"\x81\x81\0\0\0\0\xff", 1007),
    ("a close code that means nothing was sent", b"\x88\x82\0\0\0\0\x03\xed", 1002),
    ("a proper end", b"\x88\x82\0\0\0\0\x03\xe9", 1001),
])
def test_a_frame_that_must_not_be_ends_the_websocket_with_its_code(watcher, name, frame, code):
    watcher.send("register profiles.create.nobody")
    assert json.loads(watcher.recv())["Action"] == "register"
    watcher.sock.sendall(frame)
    opcode, data = watcher.recv_data(control_frame=True)
    assert opcode == ABNF.OPCODE_CLOSE and struct.unpack("!H", data[:2])[0] == code
    with pytest.raises((WebSocketConnectionClosedException, OSError)):
        watcher.recv_data()


def test_the_filters_of_a_client_are_bounded_in_number_and_in_bytes(watcher):
    def register(text):
        watcher.send(f"register {text}")
        return json.loads(watcher.recv())

    answers = [register(f"profiles.create.{number}-" + "x" * 8000) for number in range(40)]
    refused = [answer for answer in answers if answer["Action"] == "error"]
    assert len(refused) == 40 - 32 and "262144 bytes" in refused[0]["Object"]
    for number in range(32):
        watcher.send(f"deregister profiles.create.{number}-" + "x" * 8000)
        assert json.loads(watcher.recv())["Action"] == "deregister"
    answers = [register(f"profiles.create.{number}") for number in range(1001)]
    assert [answer["Action"] for answer in answers].index("error") == 1000
