"""Plain HTTP, for a proxy on the same host that ends TLS."""

import json
import subprocess

import pytest

from muster_process import BINARY, Server


def test_the_api_is_served_in_plain_http_and_needs_no_certificate(tmp_path):
    server = Server(tmp_path / "plain", "--no-tls").start()
    try:
        assert server.url.startswith("http://")
        assert server.curl("POST", "/profiles", {"Name": "plain"}).status == 201
        assert server.get("/profiles/plain")["Name"] == "plain"
        assert server.curl("GET", "/system/cert").status == 404
        assert not list(server.root.glob("*.crt")), "a certificate was made for nothing"
    finally:
        assert server.stop() == 0


def test_watchers_are_served_too(tmp_path):
    from websocket import create_connection

    server = Server(tmp_path / "plain", "--no-tls").start()
    try:
        watcher = create_connection(
            server.url.replace("http", "ws") + "/ws", header=[f"Authorization: {server.basic}"], timeout=20)
        watcher.send("register profiles.create.seen")
        assert json.loads(watcher.recv())["Action"] == "register"
        assert server.curl("POST", "/profiles", {"Name": "seen"}).status == 201
        assert json.loads(watcher.recv())["Key"] == "seen"
        watcher.close()
    finally:
        server.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::", "localhost.example", "128.0.0.1"])
def test_passwords_never_cross_a_network_in_clear(tmp_path, host):
    done = subprocess.run(
        [BINARY, "serve", "--base-root", tmp_path, "--no-tls", "--host", host], capture_output=True, text=True,
        timeout=60)
    assert done.returncode != 0
    assert f"no-tls with host {host}" in done.stderr and "--host 127.0.0.1" in done.stderr


def test_certificates_of_clients_need_tls(tmp_path):
    done = subprocess.run(
        [BINARY, "serve", "--base-root", tmp_path, "--no-tls", "--host", "127.0.0.1", "--client-ca", "clients.crt"],
        capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "client-ca" in done.stderr
