"""Starting, stopping and starting again: what stays, and how a server is told what to do (C §1)."""

import os
import pathlib
import signal
import socket
import subprocess

import pytest
from muster_process import BINARY, free_ports
from object_types import ALL

HOLDINGS = [each for each in ALL if each.prefix != "machines"] + [each for each in ALL if each.prefix == "machines"]


def holdings(server):
    """All that a server holds, with the tags of its objects."""
    lists = {each.prefix: server.get(f"/{each.prefix}") for each in ALL}
    tags = {each.prefix: server.curl("HEAD", each.url).headers.get("etag") for each in ALL}
    return lists, tags, server.get("/contents"), server.get("/prefs")


def fill(server):
    for each in HOLDINGS:
        assert server.curl("POST", f"/{each.prefix}", each.body).status == 201
    pack = {"meta": {"Name": "Kept", "Version": "1.0.0"}, "sections": {"profiles": {"packed": {"Name": "packed"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    patch = [{"op": "add", "path": "/Meta/over", "value": "ridden"}]
    assert server.curl("PATCH", "/bootenvs/local", patch).status == 200
    assert server.curl("POST", "/prefs", {"knownTokenTimeout": "7200"}).status in (200, 201)
    assert server.curl("PUT", "/users/crud@user/password", {"Password": "kept"}).status == 200


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_there_after_the_server_was_ended_and_started_again(fresh, end):
    server = fresh()
    fill(server)
    before = holdings(server)
    token = server.get("/users/rocketskates/token?ttl=1h")["Token"]
    assert getattr(server, end)() in (0, None)
    server.start()
    assert holdings(server) == before
    assert server.curl("GET", "/machines", token=token).status == 200
    assert server.curl("GET", "/users/crud@user", user="crud@user:kept").status == 200


def test_what_was_deleted_stays_deleted(fresh):
    server = fresh()
    fill(server)
    for each in reversed(HOLDINGS):
        assert server.curl("DELETE", each.url).status == 200
    assert server.curl("DELETE", "/contents/Kept").status == 204
    assert server.curl("DELETE", "/bootenvs/local").status == 200
    before = holdings(server)
    server.kill()
    server.start()
    assert holdings(server) == before


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_asked_to_end_ends_with_0_and_says_so(fresh, signal_):
    server = fresh()
    server.process.send_signal(signal_)
    assert server.process.wait(30) == 0
    assert "stopped" in server.log_text()


def test_a_deleted_first_user_stays_deleted(fresh):
    server = fresh()
    server.curl("POST", "/users", {"Name": "admin", "Roles": ["superuser"]})
    server.curl("PUT", "/users/admin/password", {"Password": "s3cret"})
    assert server.curl("DELETE", "/users/rocketskates", user="admin:s3cret").status == 200
    server.stop()
    server.start()
    assert server.curl("GET", "/users", user="admin:s3cret").status == 200
    assert server.curl("GET", "/users").status == 401


def test_two_servers_cannot_share_a_store(fresh):
    first = fresh()
    second = fresh(start=False)
    done = subprocess.run(second.command(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"{first.root}/muster is in use by process {first.process.pid}" in done.stderr
    assert first.curl("GET", "/machines").status == 200


def test_a_memory_store_forgets(fresh):
    server = fresh(backend="memory:///")
    server.curl("POST", "/profiles", {"Name": "forgotten"})
    server.stop()
    server.start()
    assert server.curl("GET", "/profiles/forgotten").status == 404


def test_the_certificate_is_made_once_and_its_key_is_private(fresh):
    server = fresh()
    certificate, key = server.root / "server.crt", server.root / "server.key"
    before = certificate.read_bytes(), key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    server.stop()
    server.start()
    assert (certificate.read_bytes(), key.read_bytes()) == before


def test_files_are_served_over_plain_http_and_nothing_outside_them(fresh):
    server = fresh()
    (server.root / "tftpboot" / "hello.txt").write_text("hello")
    base = f"http://127.0.0.1:{server.static_port}"
    assert server.curl("GET", "/hello.txt", base=base).body == b"hello"
    for path in "/../server.key", "/%2e%2e/server.key", "/..%2fserver.key", "//server.key", "/missing":
        reply = server.curl("GET", path, base=base, headers=["X-Path: as-is"])
        assert reply.status in (400, 403, 404) and b"PRIVATE" not in reply.body


def run(*command, environment=None, cwd=None):
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=cwd, env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("flags, words", [
    (["--api-port", "70000"], "api-port is 70000"), (["--api-port", "http"], "http"),
    (["--backend", "bolt:/x"], "bolt"), (["--backend", "nonsense"], "nonsense"), (["--log-level", "loud"], "loud"),
    (["--max-body", "0"], "max-body is 0"), (["--config", "/no/such/file.yaml"], "/no/such/file.yaml"),
    (["--frobnicate"], "--frobnicate"), (["--base-root", "/proc/nowhere"], "/proc/nowhere"),
])
def test_a_setting_that_makes_no_sense_keeps_the_server_from_starting_and_is_named(tmp_path, flags, words):
    base = [] if "--base-root" in flags else ["--base-root", str(tmp_path)]
    code, output = run(BINARY, "serve", *base, *flags)
    assert code > 0 and words in output


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = run(
            BINARY, "serve", "--base-root", str(tmp_path), "--host", "127.0.0.1", "--api-port", str(port),
            "--static-port", "0")
    assert code == 1 and str(port) in output and "in use" in output.lower()


def test_a_store_of_garbage_is_named_and_left_alone(tmp_path):
    store = tmp_path / "muster"
    store.mkdir()
    (store / "data.mdb").write_bytes(b"garbage" * 10_000)
    before = (store / "data.mdb").read_bytes()
    code, output = run(BINARY, "serve", "--base-root", str(tmp_path), "--api-port", "0", "--static-port", "0")
    assert code == 1 and str(store) in output
    assert (store / "data.mdb").read_bytes() == before


def test_version_and_help_are_told(tmp_path):
    assert "v4." in run(BINARY, "--version")[1]
    code, text = run(BINARY, "serve", "--help")
    assert code == 0 and "--base-root" in text and "RS_BASE_ROOT" in text


def test_under_the_name_dr_provision_it_takes_the_flags_of_dr_provision(fresh, tmp_path):
    """These are the flags that the public test harness of dr-provision gives."""
    link = tmp_path / "dr-provision"
    link.symlink_to(pathlib.Path(BINARY).resolve())
    names = ["tftp", "dhcp", "binl", "metrics", "static-secure"]
    ports = [text for name, port in zip(names, free_ports(5)) for text in (f"--{name}-port", str(port))]
    server = fresh(start=False)
    server.command = lambda: [
        str(link), "--base-root", str(server.root), "--tls-key", "server.key", "--tls-cert", "server.crt",
        "--api-port", str(server.port), "--static-port", str(server.static_port), *ports, "--fake-pinger",
        "--drp-id", "Fred", "--plugin-comm-root", str(tmp_path), "--backend", "memory:///"]
    server.start()
    assert server.get("/info")["id"] == "Fred"
    assert server.get("/info")["api_port"] == server.port
    assert (server.root / "server.crt").exists()
    assert server.stop() == 0


def minimal(server):
    return [BINARY, "serve", "--host", "127.0.0.1", "--api-port", str(server.port), "--static-port",
            str(server.static_port)]


def test_settings_come_from_flags_then_the_environment_then_the_file(fresh, tmp_path):
    file = tmp_path / "muster.yaml"
    file.write_text("drp-id: from-file\nlog-level: debug\nbackend: 'memory:///'\n")
    base = {"RS_BASE_ROOT": str(tmp_path / "server"), "RS_CONFIG": str(file)}
    for environment, flags, expected in (
        ({}, [], "from-file"), ({"RS_DRP_ID": "from-environment"}, [], "from-environment"),
        ({"RS_DRP_ID": "from-environment"}, ["--drp-id", "from-flag"], "from-flag"),
    ):
        server = fresh(start=False, environment={**base, **environment})
        server.command = lambda: minimal(server) + flags
        server.start()
        assert server.get("/info")["id"] == expected
        assert not (server.root / "muster").exists(), "the file's backend did not count"
        server.stop()


def test_the_flag_for_the_file_goes_before_the_environments(fresh, tmp_path):
    for name in "one", "two":
        (tmp_path / f"{name}.yaml").write_text(f"drp-id: {name}\n")
    environment = {"RS_BASE_ROOT": str(tmp_path / "server"), "RS_CONFIG": str(tmp_path / "one.yaml")}
    server = fresh(start=False, environment=environment)
    server.command = lambda: minimal(server) + ["--config", str(tmp_path / "two.yaml")]
    server.start()
    assert server.get("/info")["id"] == "two"


def test_the_house_configuration_is_accepted(fresh, tmp_path):
    house = pathlib.Path(__file__).parents[2] / "Config" / "muster.yaml"
    server = fresh("--config", str(house))
    assert server.curl("GET", "/info").status == 200
