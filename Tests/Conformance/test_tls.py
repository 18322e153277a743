"""TLS: versions, certificates that change while the server runs, and certificates of clients."""

import json
import socket
import ssl
import subprocess
import time

import pytest


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_certificate(directory, name, signer=None, subject=None):
    """Makes `name.crt` and `name.key`, signed by itself or by another one; gives both paths."""
    key, crt = directory / f"{name}.key", directory / f"{name}.crt"
    command = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
               "-subj", subject or f"/CN={name}", "-keyout", key, "-out", crt]
    openssl(*command, *(["-CA", signer[0], "-CAkey", signer[1]] if signer else []))
    return crt, key


def shown(server, **options):
    """The certificate that the server shows to a new connection, in PEM."""
    return ssl.get_server_certificate(("127.0.0.1", server.port), **options)


def wait_for(condition, what):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def handshake(server, low, high):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = low, high
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with context.wrap_socket(plain) as secure:
            return secure.version(), secure.selected_alpn_protocol()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_1_2_or_1_3_and_carries_http_1_1(server):
    two, three = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
    assert handshake(server, two, two) == ("TLSv1.2", "http/1.1")
    assert handshake(server, three, three) == ("TLSv1.3", "http/1.1")
    for old in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            handshake(server, old, old)


def test_new_files_are_shown_without_a_restart_and_bad_ones_are_not(fresh, tmp_path):
    server = fresh()
    first = shown(server)
    crt, key = make_certificate(tmp_path, "other")
    (server.root / "server.crt").write_text(crt.read_text())
    wait_for(lambda: "cannot be used" in server.log_text(), "a certificate without its key is not complained of")
    assert shown(server) == first
    (server.root / "server.key").write_text(key.read_text())
    wait_for(lambda: shown(server) != first, "the new certificate is not shown")
    assert shown(server).split() == crt.read_text().split()
    (server.root / "server.crt").write_text("nonsense")
    wait_for(lambda: server.log_text().count("cannot be used") == 2, "nonsense is not complained of")
    assert shown(server).split() == crt.read_text().split()
    assert server.curl("GET", "/info").status == 200


def test_a_certificate_can_be_read_and_set_over_the_api_and_its_key_only_set(fresh, tmp_path):
    server = fresh()
    reply = server.get("/system/cert")
    assert reply == {"Cert": (server.root / "server.crt").read_text(), "Key": ""}
    crt, key = make_certificate(tmp_path, "posted")
    body = {"Cert": crt.read_text(), "Key": key.read_text()}
    assert server.curl("POST", "/system/cert", body).json == {"Cert": crt.read_text(), "Key": ""}
    assert shown(server).split() == crt.read_text().split()
    assert (server.root / "server.key").stat().st_mode & 0o777 == 0o600
    server.stop()
    server.start()
    assert shown(server).split() == crt.read_text().split()
    assert key.read_text().split("\n")[1] not in server.log_text()


def test_a_certificate_that_cannot_be_used_is_refused_and_changes_nothing(fresh, tmp_path):
    server = fresh()
    first, files = shown(server), (server.root / "server.crt").read_text()
    crt, _ = make_certificate(tmp_path, "one")
    _, key = make_certificate(tmp_path, "two")
    secret = key.read_text().split("\n")[1]
    for body, status in (
        ({"Cert": crt.read_text(), "Key": key.read_text()}, 422), ({"Cert": "x", "Key": key.read_text()}, 422),
        ({"Cert": crt.read_text(), "Key": "x"}, 422), ({"Cert": crt.read_text()}, 400), ({}, 400), ([], 400),
    ):
        reply = server.curl("POST", "/system/cert", body)
        assert reply.status == status, reply.body
        assert secret.encode() not in reply.body
    assert (shown(server), (server.root / "server.crt").read_text()) == (first, files)
    assert secret not in server.log_text() and secret not in json.dumps(server.get("/logs"))


def test_only_those_who_may_do_everything_see_to_the_certificate(server):
    server.curl("POST", "/users", {"Name": "cert-user", "Roles": []})
    token = server.get("/users/cert-user/token")["Token"]
    for method, body in ("GET", None), ("POST", {}):
        assert server.curl(method, "/system/cert", body, token=token).status == 403
    server.curl("DELETE", "/users/cert-user")


@pytest.fixture
def vouched(fresh, tmp_path):
    """A server that takes clients' certificates, and a function that asks it with one."""
    authority = make_certificate(tmp_path, "authority")
    server = fresh("--client-ca", str(authority[0]))

    def ask(path, certificate=None, *options):
        command = ["curl", "-sS", "-k", "-i", *options]
        if certificate:
            command += ["--cert", str(certificate[0]), "--key", str(certificate[1])]
        done = subprocess.run([*command, server.url + path], capture_output=True)
        return int(done.stdout.split()[1]) if done.returncode == 0 else None

    return server, authority, ask


def test_a_clients_certificate_logs_in_the_user_that_it_names(vouched, tmp_path):
    server, authority, ask = vouched
    server.curl("POST", "/users", {"Name": "carl", "Roles": ["superuser"]})
    carl = make_certificate(tmp_path, "carl", authority)
    assert ask("/machines", carl) == 200
    server.curl("POST", "/profiles", {"Name": "by-password"})
    made = subprocess.run(
        ["curl", "-sS", "-k", "--cert", carl[0], "--key", carl[1], "-H", "Content-Type: application/json", "-d",
         '{"Name":"by-certificate"}', server.url + "/profiles"], capture_output=True, check=True)
    assert json.loads(made.stdout)["Name"] == "by-certificate"
    assert server.get("/profiles/by-certificate/history")["versions"][0]["principal"] == "user:carl"
    # What the request itself says goes first.
    assert ask("/machines", carl, "-u", "carl:guess") == 401
    assert ask("/machines", carl, "-H", "Authorization: Bearer nonsense") == 403
    server.curl("DELETE", "/users/carl")
    assert ask("/machines", carl) == 401


def test_other_certificates_log_in_nobody(vouched, tmp_path):
    server, authority, ask = vouched
    assert ask("/machines") == 401
    assert ask("/machines", None, "-u", "rocketskates:r0cketsk8ts") == 200
    # A stranger's is refused by TLS itself.
    assert ask("/machines", make_certificate(tmp_path, "rocketskates")) is None
    for name, subject in ("nobody", "/CN=nobody"), ("two", "/CN=rocketskates/CN=nobody"), ("none", "/O=rocketskates"):
        assert ask("/machines", make_certificate(tmp_path, name, authority, subject)) == 401


def test_without_the_setting_certificates_count_for_nothing(server, tmp_path):
    crt, key = make_certificate(tmp_path, "rocketskates")
    done = subprocess.run(
        ["curl", "-sS", "-k", "-o", "/dev/null", "-w", "%{http_code}", "--cert", crt, "--key", key,
         server.url + "/machines"], capture_output=True, check=True)
    assert done.stdout == b"401"
