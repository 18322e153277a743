"""What an operator has beyond Craton: secrets, a look for what is amiss, hosts that lend machines their variables, the store."""

import json
import socket
import subprocess

import pytest
from conftest import fleet_user
from fleet_client import REQUEST_ID, Fleet, Inventory, account, bootstrap
from muster_process import BINARY, free_ports

DIGESTIBLE = {400, 401, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 422, 500}
VALUE = "Tr0ub4dor-and-3"


@pytest.fixture(scope="module")
def secret(fleet):
    return fleet.post("access-secrets", {"name": "switches", "value": {"user": "admin", "password": VALUE}})


def test_a_secret_is_shown_without_its_value(fleet, secret):
    assert set(secret) == {"id", "name", "project_id", "created_at", "updated_at"}
    assert fleet.get(f"access-secrets/{secret['id']}") == secret
    assert fleet.get("access-secrets?name=switches")["access_secrets"] == [secret]
    changed = fleet.put(f"access-secrets/{secret['id']}", {"value": VALUE + "!"})
    assert changed["updated_at"] > secret["created_at"]
    assert fleet.put(f"access-secrets/{secret['id']}", {"name": "switches"}) == changed
    assert fleet.refused("POST", "access-secrets", 409, {"name": "switches", "value": VALUE}).startswith("An access secret")


@pytest.mark.parametrize("body", [{"name": 1, "value": VALUE}, {"value": VALUE}, {"name": "x", "value": VALUE, "other": 1}, {"name": "x" * 256, "value": VALUE}])
def test_refusals_of_a_secret_do_not_repeat_it(fleet, body):
    assert VALUE not in fleet.refused("POST", "access-secrets", 400, body)


def test_the_value_of_a_secret_is_in_no_answer_event_or_log(fleet, fleet_root, fleet_server, inventory, secret):
    device = inventory.switch(inventory.region(inventory.cloud()), access_secret_id=secret["id"])
    assert device["access_secret_id"] == secret["id"]
    path = f"network-devices/{device['id']}"
    for text in [fleet.get(path), fleet.get(path + "/history"), fleet.put(path, {"os_version": "2"}), fleet.get("network-devices?limit=0")]:
        assert "access_secret_id" not in str(text)
    assert "is reached with the secret" in fleet.refused("DELETE", f"access-secrets/{secret['id']}", 409)
    texts = [fleet_root.send("GET", path).body.decode() for path in [
        "access-secrets", f"access-secrets/{secret['id']}", f"access-secrets/{secret['id']}/history", "lint?limit=0", "devices?details=1&limit=0"]]
    texts += [fleet_server.curl("GET", path).body.decode() for path in [
        "/fleet_secrets", f"/fleet_secrets/{secret['id']}", f"/fleet_secrets/{secret['id']}/history", "/history?limit=500",
        "/events?since=0", "/logs", "/changes"]]
    texts.append(fleet_server.log_text())
    texts += [file.read_bytes().decode("latin-1") for file in (fleet_server.root / "muster").rglob("*") if file.is_file()]
    assert all(VALUE not in text for text in texts)
    fleet.delete(path)
    fleet.delete(f"access-secrets/{secret['id']}")


def test_secrets_are_made_by_admins_and_named_to_all_of_the_project(fleet, fleet_root):
    plain = fleet_user(fleet_root, "secret-plain", fleet.project)
    stranger = fleet_user(fleet_root, "secret-stranger", is_admin=True)
    made = fleet.post("access-secrets", {"name": "ours", "value": 1})
    assert plain.get(f"access-secrets/{made['id']}")["name"] == "ours"
    for method, path, body in [("POST", "access-secrets", {"name": "x", "value": 1}), ("PUT", f"access-secrets/{made['id']}", {"value": 2})]:
        assert plain.refused(method, path, 401, body) == "This action requires the 'admin' role"
    assert plain.send("DELETE", f"access-secrets/{made['id']}").status == 401
    assert stranger.refused("GET", f"access-secrets/{made['id']}", 404) == "Not Found"
    inventory = Inventory(stranger, "secret-stranger")
    inventory.switch(inventory.region(inventory.cloud()), access_secret_id=made["id"])
    assert [row["kind"] for row in stranger.get("lint?rule=missing-secret")["findings"]] == ["network-device"]
    fleet.delete(f"access-secrets/{made['id']}")


@pytest.fixture(scope="module")
def untidy(fleet_root):
    """An inventory with one thing amiss of each kind."""
    client = fleet_user(fleet_root, "untidy", is_admin=True)
    made = Inventory(client, "untidy")
    cloud, other = made.cloud(variables={"ntp": "a", "dns": ["a"], "same": 1}), made.cloud()
    region = made.region(cloud, variables={"ntp": "a", "dns": "b", "same": 2})
    elsewhere = client.post("regions", {"name": "elsewhere", "cloud_id": other["id"]})
    parent = made.switch(region, access_secret_id=4711)
    host = made.host(region, ip_address="10.9.0.1", parent_id=parent["id"], labels=["used"])
    made.interface(host)
    below = made.host(region, ip_address="10.9.0.2", parent_id=host["id"])
    client.put(f"hosts/{host['id']}", {"active": False})
    lost = client.post("hosts", {"name": "lost", "ip_address": "10.9.0.1", "device_type": "x", "cloud_id": cloud["id"], "region_id": elsewhere["id"]})
    client.put("labels/used/variables", {"a": 1})
    client.put("labels/never/variables", {"a": 1})
    client.put(f"hosts/{lost['id']}/machine", {"machine": "0d1e2f3a-0000-4000-8000-0000000000ff"})
    return client, {"region": region, "host": host, "below": below, "lost": lost, "parent": parent, "other": other}


@pytest.mark.parametrize("rule, names, text", [
    ("redundant-override", ["region"], "'ntp' would be the same without it: the cloud"), ("changed-type", ["region"], "'dns' is a text and hides a list of the cloud"),
    ("unused-label", [], "no device has the label 'never'"), ("misplaced", ["lost"], "is in cloud"), ("empty-place", ["other"], "no device is in it"),
    ("shared-address", ["host", "lost"], "Ansible"), ("no-interface", ["below", "lost"], "no network interface"),
    ("inactive-parent", ["below"], "the device above it"), ("missing-secret", ["parent"], "access_secret_id 4711 does not exist"),
    ("unknown-machine", [], "0d1e2f3a-0000-4000-8000-0000000000ff"),
])
def test_lint_finds_what_is_amiss(untidy, rule, names, text):
    client, made = untidy
    found = client.get(f"lint?rule={rule}")["findings"]
    assert found and {row["rule"] for row in found} == {rule} and all(text in row["message"] for row in found), found
    if names:
        assert sorted(row["id"] for row in found) == sorted(made[name]["id"] for name in names)
        assert all(row["name"] == made[name]["name"] for row, name in zip(found, names, strict=True))


def test_lint_looks_for_everything_and_takes_a_limit(untidy, fleet_root):
    client, _ = untidy
    found = client.get("lint?limit=0")["findings"]
    assert len({row["rule"] for row in found}) == 10
    assert client.get("lint?limit=3")["findings"] == found[:3]
    assert client.get("lint?rule=misplaced,changed-type")["findings"] == [row for row in found if row["rule"] in ("misplaced", "changed-type")]
    assert "'nope' is not one of ['redundant-override'" in client.refused("GET", "lint?rule=nope", 400)
    assert all(row in fleet_root.get("lint?limit=0")["findings"] for row in found)


def test_a_profile_lends_a_machine_the_variables_of_its_host(fleet, fleet_server, inventory):
    region = inventory.region(inventory.cloud(variables={"ntp": "far", "dns": "cloud"}))
    host = inventory.host(region, variables={"ntp": "near", "kept_x": "hush"})
    assert fleet_server.curl("POST", "/machines", {"Name": "lent", "HardwareAddrs": ["52:54:00:00:11:22"]}).status == 201
    key = next(machine["Uuid"] for machine in fleet_server.get("/machines?Name=lent"))
    params = f"/machines/{key}/params?aggregate=true"
    right = fleet.post("variable-rights", {"prefix": "kept_", "role": "vault", "access": "read"})
    assert fleet_server.curl("POST", "/profiles", {
        "Name": "lender", "Params": {"dns": "profile"}, "Meta": {"fleet-variables": fleet.project}}).status == 201
    assert fleet_server.curl("PATCH", f"/machines/{key}", [{"op": "add", "path": "/Profiles", "value": ["lender"]}]).status == 200
    assert fleet_server.get(params) == {"dns": "profile"}
    for machine in ["52:54:00:00:11:22", key]:
        fleet.put(f"hosts/{host['id']}/machine", {"machine": machine})
        assert fleet_server.get(params) == {"dns": "profile", "ntp": "near"}
    fleet.put(f"hosts/{host['id']}/variables", {"ntp": "new"})
    assert fleet_server.get(f"/machines/{key}/params/ntp?aggregate=true") == "new"
    explained = fleet_server.get(f"/machines/{key}/params/ntp/explain")
    assert [(row["type"], row["key"]) for row in explained["values"]] == [("fleet_devices", str(host["id"]))]
    assert fleet_server.curl("PATCH", "/profiles/lender", [{"op": "replace", "path": "/Meta/fleet-variables", "value": "other"}]).status == 200
    assert fleet_server.get(params) == {"dns": "profile"}
    fleet.delete(f"hosts/{host['id']}/machine")
    fleet.delete(f"variable-rights/{right['id']}")


def test_a_users_name_is_taken_once_in_a_project(fleet, fleet_root):
    other = fleet_user(fleet_root, "twin", is_admin=True)
    assert fleet.post("users", {"username": "twin", "project_id": fleet.project})["username"] == "twin"
    assert fleet.refused("POST", "users", 409, {"username": "twin", "project_id": fleet.project}) == "A user with the given name already exists."
    assert fleet.send("POST", "users", {"username": "twin", "project_id": other.project}).status == 409


def test_events_of_one_kind_can_be_watched_for(fleet, fleet_server, inventory):
    cursor = fleet_server.get("/events/cursor")["cursor"]
    region = inventory.region(inventory.cloud())
    inventory.host(region)
    events = fleet_server.get(f"/events?since={cursor}&filter=fleet_devices.create.*")["events"]
    assert [(event["Type"], event["Action"]) for event in events] == [("fleet_devices", "create")]
    assert len(fleet_server.get(f"/events?since={cursor}&filter=fleet_regions.*.*")["events"]) == 1


def test_a_project_goes_with_all_that_is_its_own(fleet_root):
    client = fleet_user(fleet_root, "whole", is_admin=True)
    client.post("access-secrets", {"name": "s", "value": 1})
    client.put("labels/l/variables", {"a": 1})
    client.post("variable-rights", {"prefix": "a", "role": "b", "access": "read"})
    fleet_root.delete(f"projects/{client.project}")
    for path in [f"projects/{client.project}", "variable-rights"]:
        assert client.project not in fleet_root.send("GET", path).body.decode()


def told(port, sent, patience=10):
    """The status, the fields and the body of the answer to bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        connection.sendall(sent)
        connection.settimeout(patience)
        received = b""
        while True:
            try:
                part = connection.recv(65536)
            except (TimeoutError, ConnectionResetError):
                break
            received += part
            head, found, body = received.partition(b"\r\n\r\n")
            length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            if not part or found and length and len(body) >= length[0]:
                break
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), fields, body


@pytest.mark.parametrize("sent", [
    b"GARBAGE\r\n\r\n", b"GET /v1/hosts HTTP/9.9\r\n\r\n", b"GET /v1/hosts HTTP/1.1\r\nBad Header\r\n\r\n",
    b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /v1/hosts HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    b"GET /v1/hosts HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(5000)) + b"\r\n",
    b"BREW /v1/hosts HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /v1/hosts HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n",
    b"POST /v1/hosts HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"POST /v1/hosts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nope\r\n\r\n",
    b"GET /v1/hosts HTTP/1.1\r\n\r\n", b"GET /v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
], ids=["line", "version", "field", "target", "long-field", "fields", "method", "length", "negative", "encoding", "host", "escape"])
def test_whatever_is_wrong_with_a_request_is_told_so_that_the_client_can_read_it(fleet, sent):
    status, fields, body = told(fleet.port, sent)
    assert status in DIGESTIBLE, (status, body)
    assert REQUEST_ID.fullmatch(fields["x-openstack-request-id"]) and fields["content-type"] == "application/json"
    assert set(json.loads(body)) == {"message", "status"} and json.loads(body)["status"] == status


def test_a_body_that_is_too_long_is_refused_in_the_clients_words(fleet):
    reply = fleet.send("POST", "clouds", raw=b'{"name": "' + b"x" * (33 << 20) + b'"}')
    assert reply.status == 413


def test_ids_and_everything_else_are_the_same_in_a_copy_of_the_store(fresh, tmp_path):
    first = fresh(start=False, name="first")
    first.fleet_port = free_ports(1)[0]
    first.start()
    made = account(bootstrap(first))
    client = Fleet(first.fleet_port, made["ProjectId"], made["Username"], made["APIKey"])
    inventory = Inventory(client, "copy")
    region = inventory.region(inventory.cloud(variables={"a": 1}))
    hosts = [inventory.host(region) for _ in range(3)]
    client.delete(f"hosts/{hosts[2]['id']}")
    # Links begin with the host that was asked.
    sent = {**client.headers(), "Host": "inventory"}
    before = [client.send("GET", path, headers=sent).body for path in ["hosts?details=1", "regions/1", "users", f"hosts/{hosts[2]['id']}/history"]]
    assert first.stop() == 0
    copy = [BINARY, "store", "copy", f"lmdb:{first.root}/muster", f"directory:{tmp_path}/files"]
    subprocess.run(copy, check=True, capture_output=True)
    second = fresh(start=False, name="second", backend=f"directory:{tmp_path}/files")
    second.fleet_port = free_ports(1)[0]
    second.start()
    client = Fleet(second.fleet_port, made["ProjectId"], made["Username"], made["APIKey"])
    after = [client.send("GET", path, headers=sent).body for path in ["hosts?details=1", "regions/1", "users", f"hosts/{hosts[2]['id']}/history"]]
    assert after == before
    assert Inventory(client, "again").host(region)["id"] == hosts[2]["id"] + 1
