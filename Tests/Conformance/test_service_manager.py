"""The server under a service manager: it says when it is ready, that it lives, and when it stops (sd_notify)."""

import os
import socket

import pytest
from muster_process import Server


class Manager:
    """A socket as systemd has one, and what was sent to it."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(60)

    def wait_for(self, wanted):
        """The message that has an assignment; what comes before it is passed over."""
        while True:
            lines = self.socket.recv(4096).decode().splitlines()
            if wanted in lines:
                return lines


@pytest.fixture(params=["path", "abstract"])
def managed(request, tmp_path):
    """A manager and a server that it has started."""
    name = f"@muster-test-{os.urandom(4).hex()}" if request.param == "abstract" else str(tmp_path / "notify")
    manager = Manager(name.replace("@", "\0", 1))
    server = Server(
        tmp_path / "server", environment={"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "400000"})
    yield manager, server
    if server.process and server.process.poll() is None:
        server.kill()
    manager.socket.close()


def test_ready_means_that_the_server_answers(managed):
    manager, server = managed
    server.spawn()
    lines = manager.wait_for("READY=1")
    assert f"STATUS=serving on port {server.port}" in lines
    assert server.curl("GET", "/info").status == 200


def test_signs_of_life_come_until_the_server_stops(managed):
    manager, server = managed
    server.spawn()
    manager.wait_for("READY=1")
    for _ in range(3):
        manager.wait_for("WATCHDOG=1")
    assert server.stop() == 0
    manager.wait_for("STOPPING=1")


def test_a_watchdog_of_another_process_is_left_alone(tmp_path):
    manager = Manager(str(tmp_path / "notify"))
    server = Server(
        tmp_path / "server",
        environment={"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"})
    server.spawn()
    manager.wait_for("READY=1")
    server.stop()
    # The next message is the last one: none said WATCHDOG.
    assert manager.socket.recv(4096) == b"STOPPING=1"


@pytest.mark.parametrize("name", ["", "relative", "/" + "x" * 200, "/nobody/listens"])
def test_without_a_manager_the_server_does_its_work(tmp_path, name):
    server = Server(tmp_path / "server", environment={"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "x"}).start()
    assert server.stop() == 0
