"""The inventory's API with OpenStack's identity service: a small one that speaks the documented protocol (F §2, Keystone mode)."""

import datetime
import http.server
import json
import threading
import time
import urllib.parse

import pytest
from fleet_client import Fleet, Inventory
from muster_process import free_ports

DENIED = "The request could not be authenticated."


class Keystone(http.server.ThreadingHTTPServer):
    """`POST /v3/auth/tokens` for the server itself, `GET /v3/auth/tokens` for the tokens that it is shown."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.tokens, self.own, self.logins, self.questions = {}, None, 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def add(self, token, user, project, name="lab", roles=(), seconds=3600, **more):
        expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        self.tokens[token] = {"token": {
            "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "user": {"name": user, "id": "u", "domain": {"name": "Default"}},
            "project": {"id": project, "name": name, "domain": {"name": "Default"}}, "roles": [{"name": role} for role in roles], **more}}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data)), "Content-Type": "application/json"}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        user = body["auth"]["identity"]["password"]["user"]
        assert self.path == "/v3/auth/tokens" and body["auth"]["identity"]["methods"] == ["password"]
        if (user["name"], user["password"], user["domain"]["name"]) != ("muster", "wonderwall", "Default"):
            return self.reply(401, {"error": {"code": 401}})
        assert body["auth"]["scope"]["project"] == {"name": "service", "domain": {"name": "Default"}}
        self.server.logins += 1
        self.server.own = f"own-{self.server.logins}"
        self.reply(201, {"token": {}}, X_Subject_Token=self.server.own)

    def do_GET(self):
        assert urllib.parse.urlsplit(self.path).path == "/v3/auth/tokens"
        self.server.questions += 1
        if self.headers["X-Auth-Token"] != self.server.own:
            return self.reply(401, {"error": {"code": 401}})
        known = self.server.tokens.get(self.headers["X-Subject-Token"])
        self.reply(200, known) if known else self.reply(404, {"error": {"code": 404}})


@pytest.fixture(scope="module")
def keystone():
    server = Keystone()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def federated(keystone, tmp_path_factory):
    """A server that asks the identity service."""
    from muster_process import Server
    running = Server(
        tmp_path_factory.mktemp("keystone"), "--fleet-keystone", f"http://127.0.0.1:{keystone.server_port}/v3/",
        environment={"RS_FLEET_KEYSTONE_PASSWORD": "wonderwall"})
    running.fleet_port = free_ports(1)[0]
    running.start()
    yield running
    running.stop()


class TokenClient(Fleet):
    """Somebody who shows nothing but a token."""

    def __init__(self, port, token):
        super().__init__(port, None, None, token)

    def headers(self):
        return {"X-Auth-Token": self.key}


def test_a_token_says_who_comes_and_which_project_is_theirs(keystone, federated):
    project = "b9f10eca66ac4c279c139d01e65f96b4"
    keystone.add("t-plain", "ann", project, name="blue", roles=["member"])
    client = TokenClient(federated.fleet_port, "t-plain")
    cloud = Inventory(client, "keystone").cloud()
    assert cloud["project_id"] == "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"
    assert client.get(f"clouds/{cloud['id']}/history")["history"][0]["actor"] == f"fleet:{cloud['project_id']}/ann"
    assert client.send("GET", "projects").status == 401
    made = federated.curl("GET", f"/fleet_projects/{cloud['project_id']}").json
    assert made["name"] == "blue"


@pytest.mark.parametrize("roles, more, admin, root", [
    (["member"], {}, False, False), (["admin"], {}, True, False), (["admin", "x"], {"is_admin_project": True}, True, True),
    (["member"], {"is_admin_project": True}, False, False),
])
def test_roles_make_admins_and_the_admin_project_makes_root(keystone, federated, roles, more, admin, root):
    token = f"t-{roles}-{more}"
    keystone.add(token, "bob", "c9f10eca66ac4c279c139d01e65f96b4", roles=roles, **more)
    client = TokenClient(federated.fleet_port, token)
    assert client.send("GET", "users").status == (200 if admin else 401)
    assert client.send("GET", "projects").status == (200 if root else 401)


@pytest.mark.parametrize("token", ["", "unknown", "ended", "broken", "t" * 4000])
def test_what_the_service_does_not_confirm_is_refused(keystone, federated, token):
    keystone.add("ended", "ann", "b9f10eca66ac4c279c139d01e65f96b4", seconds=-1)
    keystone.tokens["broken"] = {"token": {"roles": []}}
    reply = TokenClient(federated.fleet_port, token).send("GET", "hosts")
    assert (reply.status, reply.json["message"]) == (401, DENIED)


def test_an_answer_is_remembered_and_a_new_token_is_fetched_when_the_own_one_ends(keystone, federated):
    keystone.add("t-cached", "ann", "b9f10eca66ac4c279c139d01e65f96b4")
    client = TokenClient(federated.fleet_port, "t-cached")
    client.get("hosts")
    questions, logins = keystone.questions, keystone.logins
    for _ in range(5):
        client.get("hosts")
    assert (keystone.questions, keystone.logins) == (questions, logins)
    keystone.own = "another"
    keystone.add("t-later", "ann", "b9f10eca66ac4c279c139d01e65f96b4")
    TokenClient(federated.fleet_port, "t-later").get("hosts")
    assert keystone.logins == logins + 1


def test_a_token_ends_when_it_says_so(keystone, federated):
    keystone.add("t-short", "ann", "b9f10eca66ac4c279c139d01e65f96b4", seconds=1.5)
    client = TokenClient(federated.fleet_port, "t-short")
    statuses = [client.send("GET", "hosts").status]
    while statuses[-1] == 200:
        statuses.append(client.send("GET", "hosts").status)
        assert len(statuses) < 1_000_000
    assert statuses[0] == 200 and statuses[-1] == 401


def test_without_the_service_nobody_is_known_and_the_log_says_why(fresh):
    server = fresh("--fleet-keystone", "http://127.0.0.1:9/v3", start=False, environment={"RS_FLEET_KEYSTONE_PASSWORD": "x"})
    server.fleet_port = free_ports(1)[0]
    server.start()
    assert TokenClient(server.fleet_port, "any").send("GET", "hosts").status == 401
    deadline = time.monotonic() + 30
    while "a token cannot be confirmed by the identity service" not in server.log_text():
        assert time.monotonic() < deadline, server.log_text()
    assert server.curl("GET", "/info").status == 200


@pytest.mark.parametrize("flags, text", [
    (["--fleet-keystone", "keystone:5000"], "give a URL"), (["--fleet-keystone", "https://keystone"], "RS_FLEET_KEYSTONE_PASSWORD"),
    (["--fleet-host", ""], "fleet-host is empty"), (["--fleet-port", "70000"], "fleet-port is 70000"),
])
def test_settings_that_make_no_sense_are_named(fresh, flags, text):
    server = fresh(*flags, start=False)
    if "--fleet-port" in flags:
        server.fleet_port = 70000
    server.spawn()
    assert server.process.wait(30) != 0
    assert text in server.log_text()


def test_a_taken_port_is_told_and_the_server_starts(fresh, federated):
    server = fresh(start=False)
    server.fleet_port = federated.fleet_port
    server.start()
    assert any(error.startswith("fleet: ") for error in server.get("/info")["errors"])
    assert "a service cannot be started" in server.log_text()


def test_over_tls_links_say_so(fresh):
    import ssl
    import http.client
    server = fresh("--fleet-tls", start=False)
    server.fleet_port = free_ports(1)[0]
    server.start()
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", server.fleet_port, context=context)
    connection.request("GET", "/v1/hosts")
    assert connection.getresponse().status == 401
