"""TFTP with clients that others wrote, and with packets of our own (RFC 1350, 2347-2349, 7440)."""

import os
import shutil
import socket
import struct
import subprocess

import pytest


@pytest.fixture(scope="module")
def files(server):
    """Files of awkward sizes below the file root."""
    root = server.root / "tftpboot/tftp"
    root.mkdir(parents=True, exist_ok=True)
    made = {}
    for size in (0, 1, 511, 512, 513, 1428, 2856, 100_000, 3 << 20):
        made[size] = os.urandom(size)
        (root / str(size)).write_bytes(made[size])
    (root / "text").write_bytes(b"one\ntwo\r\nthree\rfour\n")
    return made


@pytest.mark.parametrize("block", [512, 1428, 8192, 65464])
@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 1428, 2856, 100_000, 3 << 20])
def test_curl_gets_what_is_there(server, files, tmp_path, size, block):
    done = subprocess.run(
        ["curl", "-sS", "--tftp-blksize", str(block), "-o", tmp_path / "got", f"tftp://127.0.0.1:{server.tftp_port}/tftp/{size}"],
        capture_output=True, text=True, timeout=60)
    got = (tmp_path / "got").read_bytes() if (tmp_path / "got").exists() else b""
    assert done.returncode == 0 and got == files[size], done


@pytest.mark.parametrize("window", [1, 4, 16, 64])
def test_atftp_gets_it_in_windows(server, files, tmp_path, window):
    if not shutil.which("atftp"):
        pytest.skip("NOT TESTED: no atftp")
    subprocess.run(
        ["atftp", "--option", f"windowsize {window}", "--option", "blksize 1428", "--option", "tsize", "--get", "--remote-file",
         f"tftp/{3 << 20}", "--local-file", tmp_path / "got", "127.0.0.1", str(server.tftp_port)],
        check=True, capture_output=True, timeout=120)
    assert (tmp_path / "got").read_bytes() == files[3 << 20]


def test_tftp_hpa_gets_text_as_text_and_bytes_as_bytes(server, files, tmp_path):
    if not shutil.which("tftp"):
        pytest.skip("NOT TESTED: no tftp")
    for mode, name, wanted in (("binary", "100000", files[100_000]), ("ascii", "text", b"one\ntwo\r\nthree\rfour\n")):
        script = f"mode {mode}\nget tftp/{name} {tmp_path}/{mode}\nquit\n"
        subprocess.run(
            ["tftp", "127.0.0.1", str(server.tftp_port)], input=script, text=True, check=True, capture_output=True, timeout=60)
        assert (tmp_path / mode).read_bytes() == wanted


def test_block_numbers_roll_over(server, tmp_path):
    data = os.urandom(40 << 20)
    (server.root / "tftpboot/rolling").write_bytes(data)
    subprocess.run(
        ["curl", "-sS", "-o", tmp_path / "got", f"tftp://127.0.0.1:{server.tftp_port}/rolling"], check=True, timeout=300)
    assert (tmp_path / "got").read_bytes() == data


class Client:
    """A client that does what it is told."""

    def __init__(self, server):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(20)
        self.server = ("127.0.0.1", server.tftp_port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, name, mode="octet", **options):
        words = [name, mode, *(str(each) for pair in options.items() for each in pair)]
        self.socket.sendto(b"\0\1" + b"".join(word.encode() + b"\0" for word in words), self.server)
        return self.answer()

    def answer(self):
        data, self.peer = self.socket.recvfrom(70_000)
        return struct.unpack("!H", data[:2])[0], data[2:]

    def acknowledge(self, block, peer=None):
        self.socket.sendto(struct.pack("!HH", 4, block), peer or self.peer)
        return self.answer()


def test_options_are_answered_in_the_clients_order_and_unknown_ones_left_out(server, files):
    with Client(server) as client:
        kind, data = client.ask("tftp/100000", blksize=1000, multicast="", tsize=0, timeout=3, windowsize=2)
        assert (kind, data) == (6, b"blksize\x001000\0tsize\x00100000\0timeout\x003\0windowsize\x002\0")
        assert client.acknowledge(0) == (3, b"\0\1" + files[100_000][:1000])
        assert client.answer() == (3, b"\0\2" + files[100_000][1000:2000])
        # One that came out of order has the window sent again from what the client has.
        assert client.acknowledge(1) == (3, b"\0\2" + files[100_000][1000:2000])
        assert client.answer() == (3, b"\0\3" + files[100_000][2000:3000])


def test_what_is_not_acknowledged_is_sent_again(server, files):
    with Client(server) as client:
        first = client.ask("tftp/1428")
        assert first == (3, b"\0\1" + files[1428][:512])
        assert client.answer() == first
        # An acknowledgement that comes twice has nothing sent twice.
        second = client.acknowledge(1)
        client.socket.sendto(struct.pack("!HH", 4, 1), client.peer)
        assert client.acknowledge(2) == (3, b"\0\3" + files[1428][1024:]) and second[1][:2] == b"\0\2"


def test_a_stranger_is_sent_away_and_the_transfer_goes_on(server, files):
    with Client(server) as client, Client(server) as stranger:
        assert client.ask("tftp/513")[1][:2] == b"\0\1"
        kind, data = stranger.acknowledge(1, peer=client.peer)
        assert (kind, data[:2]) == (5, b"\0\5")
        assert client.acknowledge(1) == (3, b"\0\2" + files[513][512:])


@pytest.mark.parametrize("name, code", [
    ("nowhere", 1), ("tftp", 1), ("../server.key", 2), ("/../server.key", 2), ("tftp/../../server.key", 2),
    ("..\\server.key", 2), ("", None), ("a" * 5000, None),
])
def test_what_is_not_there_or_not_below_the_root_is_refused(server, files, name, code):
    with Client(server) as client:
        if code is None:
            # A request that is none has no answer; the next one has.
            client.socket.sendto(b"\0\1" + name.encode() + b"\0octet\0", client.server)
            name, code = "nowhere", 1
        kind, data = client.ask(name)
        assert (kind, struct.unpack("!H", data[:2])[0]) == (5, code) and data.endswith(b"\0")


def test_nothing_can_be_written(server):
    with Client(server) as client:
        client.socket.sendto(b"\0\2new\0octet\0", client.server)
        kind, data = client.answer()
        assert kind == 5 and data[:2] == b"\0\2" and b"read-only" in data
    assert not (server.root / "tftpboot/new").exists()


def test_a_rendered_file_comes_by_tftp_with_firmwares_slashes(server):
    with Client(server) as client:
        for name in ("default.ipxe", "/default.ipxe", "\\default.ipxe", "//default.ipxe"):
            kind, data = client.ask(name)
            assert kind == 3 and data[2:].startswith(b"#!ipxe"), name


def test_what_cannot_be_served_is_told_and_the_rest_serves(fresh):
    server = fresh(start=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken, socket.socket() as listening:
        taken.bind(("0.0.0.0", server.dhcp_port))
        listening.bind(("127.0.0.1", server.static_port))
        listening.listen()
        server.start()
        health = server.curl("GET", "/health", user=None)
        assert health.status == 200
        causes = health.json["services"]
        assert f"UDP port {server.dhcp_port} cannot be opened" in causes["dhcp"] and "another server has it" in causes["dhcp"]
        assert f"port {server.static_port}" in causes["files"] and set(causes) == {"dhcp", "files"}
        info = server.get("/info")
        assert info["dhcp_enabled"] is False and info["prov_enabled"] is False and info["tftp_enabled"] is True
        assert any(each.startswith("dhcp: ") for each in info["errors"])
        assert "a service cannot be started" in server.log_text()


def test_what_is_not_wanted_is_not_served(fresh):
    server = fresh("--disable-dhcp", "--disable-tftp", "--disable-binl", "--disable-provisioner")
    info = server.get("/info")
    assert not any(info[f"{each}_enabled"] for each in ("dhcp", "tftp", "binl", "prov", "secure_prov"))
    assert info["errors"] == [] and "services" not in server.curl("GET", "/health", user=None).json
