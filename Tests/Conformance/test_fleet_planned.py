"""What Craton's plans had beyond its code: reasons and history, where a variable comes from, labels that hand variables on, and
which machine a host is."""

import urllib.parse

import pytest
from conftest import fleet_user
from fleet_client import Inventory

MACHINE = "0d1e2f3a-0000-4000-8000-00000000f1e7"


def test_every_change_has_an_actor_and_the_reason_that_was_given(fleet, inventory):
    cloud = inventory.cloud(note="old")
    path = f"clouds/{cloud['id']}"
    headers = {**fleet.headers(), "X-Change-Reason": "ticket 7"}
    assert fleet.send("PUT", path, {"note": "new"}, headers=headers).status == 200
    assert fleet.send("PUT", path + "/variables", {"a": 1}, headers=headers).status == 200
    assert fleet.send("DELETE", path, headers={**headers, "X-Change-Reason": "gone"}).status == 204
    rows = fleet.get(path + "/history")["history"]
    assert [(row["action"], row["reason"]) for row in rows] == [
        ("delete", "gone"), ("update", "ticket 7"), ("update", "ticket 7"), ("create", "")]
    assert {row["actor"] for row in rows} == {f"fleet:{fleet.project}/{fleet.user}"}
    assert rows[1]["changes"] == {"variables": {"before": {}, "after": {"a": 1}}}
    assert rows[2]["changes"]["note"] == {"before": "old", "after": "new"} and set(rows[2]["changes"]) == {"note", "updated_at"}
    assert rows[3]["changes"]["name"] == {"before": None, "after": cloud["name"]}


def test_a_reason_has_a_limit(fleet, inventory):
    path = f"clouds/{inventory.cloud()['id']}"
    for length, status in [(4096, 200), (4097, 400)]:
        headers = {**fleet.headers(), "X-Change-Reason": "x" * length}
        assert fleet.send("PUT", path, {"note": str(length)}, headers=headers).status == status


@pytest.mark.parametrize("make, collection", [
    ("cloud", "clouds"), ("host", "hosts"), ("switch", "network-devices"), ("network", "networks"), ("interface", "network-interfaces"),
])
def test_histories_have_pages_and_are_of_their_kind(fleet, inventory, make, collection):
    region = inventory.region(inventory.cloud())
    one = {"cloud": inventory.cloud, "host": lambda: inventory.host(region), "switch": lambda: inventory.switch(region),
           "network": lambda: inventory.network(region), "interface": lambda: inventory.interface(inventory.host(region))}[make]()
    names = [inventory.name() for _ in range(3)]
    for name in names:
        fleet.put(f"{collection}/{one['id']}", {"name": name})
    seen, href = [], f"{collection}/{one['id']}/history?limit=2"
    while href:
        body = fleet.get(href)
        seen += body["history"]
        target = [urllib.parse.urlsplit(link["href"]) for link in body["links"]]
        href = f"{target[0].path}?{target[0].query}" if target else None
    assert [row["changes"]["name"]["after"] for row in seen] == [*reversed(names), one["name"]]
    for other in {"hosts", "network-devices", "clouds"} - {collection}:
        if {other, collection} <= {"hosts", "network-devices"}:
            assert fleet.send("GET", f"{other}/{one['id']}/history").status == 404
    assert fleet.send("GET", f"{collection}/999999/history").status == 404


def test_histories_are_for_those_who_see_the_object(fleet, fleet_root, inventory):
    cloud = inventory.cloud()
    stranger = fleet_user(fleet_root, "history-stranger", is_admin=True)
    assert stranger.refused("GET", f"clouds/{cloud['id']}/history", 404) == "Not Found"
    fleet.delete(f"clouds/{cloud['id']}")
    assert stranger.refused("GET", f"clouds/{cloud['id']}/history", 404) == "Not Found"
    assert len(fleet_root.get(f"clouds/{cloud['id']}/history")["history"]) == 2
    user = fleet_root.get("users?name=history-stranger")["users"][0]
    text = fleet_root.send("GET", f"users/{user['id']}/history").body.decode()
    assert stranger.key not in text and "digest" not in text
    assert fleet_root.send("GET", f"projects/{fleet.project}/history").status == 200


def test_explain_tells_where_a_variable_comes_from_and_what_it_hides(fleet, inventory):
    cloud = inventory.cloud(variables={"a": 1, "b": 1})
    region = inventory.region(cloud, variables={"a": 2})
    host = inventory.host(region, variables={"a": 2})
    body = fleet.get(f"hosts/{host['id']}/variables?explain=true")
    assert body["variables"] == fleet.get(f"hosts/{host['id']}/variables")["variables"]
    places = [{"kind": kind, "id": one["id"], "name": one["name"]} for kind, one in [("host", host), ("region", region), ("cloud", cloud)]]
    assert body["explain"]["a"] == {"from": places[0], "hides": [{**places[1], "value": 2}, {**places[2], "value": 1}], "redundant": True}
    assert body["explain"]["b"] == {"from": places[2], "hides": [], "redundant": False}
    shown = fleet.get(f"regions/{region['id']}/variables?explain=1")
    assert shown["explain"]["a"] == {"from": places[1], "hides": [{**places[2], "value": 1}], "redundant": False}
    assert set(shown["variables"]) == {"a", "b"}


@pytest.mark.parametrize("kind", ["clouds", "networks", "projects"])
def test_explain_is_for_what_is_handed_variables(fleet, kind):
    assert "('explain' was unexpected)" in fleet.refused("GET", f"{kind}/1/variables?explain=true", 400)


@pytest.mark.parametrize("kind", ["regions", "cells", "network-devices"])
def test_other_arguments_are_refused_as_if_there_were_no_explain(fleet, kind):
    text = fleet.refused("GET", f"{kind}/1/variables?resolved-values=1", 400)
    assert text.endswith("- Additional properties are not allowed ('resolved-values' was unexpected)\n"
                         "- {'resolved-values': '1'} has too many properties")


def test_labels_hand_on_variables_between_parents_and_places(fleet, inventory):
    cloud = inventory.cloud()
    region = inventory.region(cloud, variables={"x": "region", "only": 1})
    top = inventory.host(region, variables={"y": "parent"})
    host = inventory.host(region, parent_id=top["id"], labels=["l-b", "l-a"])
    other = inventory.host(region)
    assert fleet.put("labels/l-a/variables", {"x": "a", "y": "a", "z": "a"}) == {"variables": {"x": "a", "y": "a", "z": "a"}}
    assert fleet.put("labels/l-b/variables", {"x": "b"})["variables"] == {"x": "b"}
    assert fleet.get(f"hosts/{host['id']}")["variables"] == {"x": "b", "y": "parent", "z": "a", "only": 1}
    assert fleet.get(f"hosts/{other['id']}")["variables"] == {"x": "region", "only": 1}
    explained = fleet.get(f"hosts/{host['id']}/variables?explain=true")["explain"]["x"]
    assert explained["from"] == {"kind": "label", "id": "l-b", "name": "l-b"}
    assert [place["kind"] for place in explained["hides"]] == ["label", "region"]
    for text, ids in [('x:"b"', [host["id"]]), ('x:"a"', []), ('z:"a"', [host["id"]]), ('x:"region"', [top["id"], other["id"]])]:
        assert [each["id"] for each in fleet.get(f"hosts?vars={urllib.parse.quote(text)}")["hosts"]] == ids
    fleet.delete("labels/l-b/variables", ["x", "nope"])
    assert fleet.get("labels/l-b/variables") == {"variables": {}}
    assert fleet.get(f"hosts/{host['id']}")["variables"]["x"] == "a"
    fleet.delete("labels/l-a/variables", ["x", "y", "z"])
    assert fleet.get(f"hosts/{host['id']}")["variables"] == {"x": "region", "y": "parent", "only": 1}
    fleet.delete("labels/never/variables", ["x"])


def test_labels_of_another_project_hand_on_nothing(fleet, fleet_root, inventory):
    stranger = fleet_user(fleet_root, "label-stranger")
    host = inventory.host(inventory.region(inventory.cloud()), labels=["shared"])
    stranger.put("labels/shared/variables", {"secret": 1})
    assert fleet.get("labels/shared/variables") == {"variables": {}}
    assert fleet.get(f"hosts/{host['id']}")["variables"] == {}
    assert fleet.get("hosts?vars=secret:1")["hosts"] == []


def test_a_host_can_be_a_machine(fleet, fleet_server, inventory):
    region = inventory.region(inventory.cloud())
    host, other, switch = inventory.host(region), inventory.host(region), inventory.switch(region)
    path = f"hosts/{host['id']}/machine"
    assert fleet.refused("GET", path, 404) == "Not Found"
    assert fleet.put(path, {"machine": MACHINE.upper()}) == fleet.get(path) == {"machine": MACHINE}
    assert "is the machine" in fleet.refused("PUT", f"hosts/{other['id']}/machine", 409, {"machine": MACHINE})
    assert fleet.put(path, {"machine": "52-54-00-00-00-AA"}) == {"machine": "52:54:00:00:00:aa"}
    assert "neither a UUID nor a hardware address" in fleet.refused("PUT", path, 400, {"machine": "x"})
    assert "'machine' is a required property" in fleet.refused("PUT", path, 400, {})
    for method, body in [("GET", None), ("PUT", {"machine": MACHINE}), ("DELETE", None)]:
        assert fleet.refused(method, f"hosts/{switch['id']}/machine", 404, body) == "Not Found"
    assert "machine" not in fleet.get(f"hosts/{host['id']}")
    fleet.delete(path)
    fleet.delete(path)
    assert fleet.send("GET", path).status == 404
    fleet.put(path, {"machine": MACHINE})
    fleet.delete(f"hosts/{host['id']}")
    assert fleet_server.curl("GET", f"/fleet_machines/{host['id']}").status == 404
    assert fleet.put(f"hosts/{other['id']}/machine", {"machine": MACHINE}) == {"machine": MACHINE}


def test_a_fake_inventory_as_the_generator_makes_it(fleet_root):
    """The order and the bodies of tools/generate_fake_data.py (F §10)."""
    client = fleet_user(fleet_root, "fake", is_admin=True)
    counts = dict.fromkeys(["clouds", "regions", "cells", "networks", "network-devices", "network-interfaces", "hosts"], 0)

    def post(collection, **body):
        counts[collection] += 1
        return client.post(collection, body)["id"]

    for number, cloud_name in [(1, "CLOUD1"), (2, "CLOUD2")]:
        cloud = post("clouds", name=cloud_name)
        client.put(f"clouds/{cloud}/variables", {"version": "juno" if number == 1 else "kilo"})
        for region_name in ["ORD135", "DFW"]:
            region = post("regions", name=region_name, cloud_id=cloud)
            client.put(f"regions/{region}/variables", {"glance_default_store": "swift"})
            for cell_name in ["C0001", "C0002"]:
                cell = post("cells", name=cell_name, cloud_id=cloud, region_id=region)
                place = {"cloud_id": cloud, "region_id": region, "cell_id": cell}
                network = post("networks", name=f"private_net_{cell_name}", cidr="192.168.1.0/24", netmask="255.255.255.0",
                               gateway="192.168.1.1", ip_block_type="private", variables={"vlan": 1}, **place)
                switch = post("network-devices", name=f"switch1.{cell_name}.{region_name}.example.com", model_name="model-x",
                              os_version="version-1", device_type="switch", ip_address="10.10.1.1", active=True, **place)
                for port in range(5):
                    post("network-interfaces", name=f"eth{port}", device_id=switch, interface_type="ethernet", port=port,
                         ip_address=f"10.10.0.{port + 1}", speed=1000, link="up", duplex="full", network_id=network)
                for index in range(4):
                    name = f"host{index % 2}.{region_name}.{cell_name}.C-{number}.example{index // 2 + 1}.com"
                    host = post("hosts", name=name, ip_address=f"192.168.1.{5 + index}", device_type="server", parent_id=switch,
                                active=True, **place)
                    client.put(f"hosts/{host}/labels", {"labels": ["server"]})
                    post("network-interfaces", name="eth0", device_id=host, interface_type="ethernet", ip_address="10.10.0.9")
                    child = post("hosts", name=f"container_{name}", ip_address=f"172.0.0.{2 + index}", device_type="container",
                                 parent_id=host, active=True, **place)
                    client.put(f"hosts/{child}/labels", {"labels": ["container"]})
    assert counts == {"clouds": 2, "regions": 4, "cells": 8, "networks": 8, "network-devices": 8, "network-interfaces": 72, "hosts": 64}
    assert len(client.get("hosts?limit=100&label=server")["hosts"]) == 32
    assert len(client.get("hosts?limit=100&vars=version:%22juno%22")["hosts"]) == 32
    assert len(client.get("devices?limit=100")["devices"]["hosts"]) == 64
    assert client.send("POST", "clouds", {"name": "CLOUD1"}).status == 409
    switch = client.get("network-devices")["network_devices"][0]["id"]
    below = client.get(f"devices?parent_id={switch}&descendants=true")["devices"]["hosts"]
    assert len(below) == 8


@pytest.fixture(scope="module")
def guarded(fleet_root):
    """A project in which variables that begin with `secret` are the vault's, and those with `secret_shared` everybody's to read."""
    admin = fleet_user(fleet_root, "guard-admin", is_admin=True)
    people = {"admin": admin, "plain": fleet_user(fleet_root, "guard-plain", admin.project)}
    for role in ["vault", "reader"]:
        people[role] = fleet_user(fleet_root, f"guard-{role}", admin.project, roles=[role])
    inventory = Inventory(people["vault"], "guard")
    region = inventory.region(inventory.cloud(variables={"secret_key": "hush", "open": 1, "secret_shared_x": 2}))
    people["host"] = inventory.host(region, variables={"secret_own": "hush"}, labels=["g"], ip_address="10.77.0.1")
    people["region"] = region
    people["vault"].put("labels/g/variables", {"secret_label": "hush"})
    for prefix, role, access in [("secret", "vault", "write"), ("secret", "reader", "read"), ("secret_shared", "reader", "read"),
                                 ("secret_shared", "vault", "write"), ("secret_shared", "admin", "read")]:
        admin.post("variable-rights", {"prefix": prefix, "role": role, "access": access})
    return people


def test_rights_to_variables_are_kept_by_admins(guarded):
    rights = guarded["admin"].get("variable-rights?prefix=secret")["variable_rights"]
    assert [(right["role"], right["access"]) for right in rights] == [("vault", "write"), ("reader", "read")]
    assert guarded["plain"].send("GET", "variable-rights").status == 401
    assert guarded["plain"].send("POST", "variable-rights", {"prefix": "a", "role": "b", "access": "read"}).status == 401
    text = guarded["admin"].refused("POST", "variable-rights", 400, {"prefix": "a", "role": "b", "access": "own"})
    assert text == "access 'own' is none of read, write"
    assert guarded["admin"].send("POST", "variable-rights", {"prefix": "secret", "role": "vault", "access": "read"}).status == 409


@pytest.mark.parametrize("who, hidden", [
    ("plain", {"secret_key", "secret_own", "secret_shared_x", "secret_label"}), ("admin", {"secret_key", "secret_own", "secret_label"}),
    ("vault", set()), ("reader", set()),
])
def test_variables_are_hidden_from_those_without_the_role(guarded, who, hidden):
    client, host = guarded[who], guarded["host"]
    everything = {"secret_key", "secret_own", "secret_shared_x", "secret_label", "open"}
    assert set(client.get(f"hosts/{host['id']}")["variables"]) == everything - hidden
    assert set(client.get("hosts?details=1")["hosts"][0]["variables"]) == everything - hidden
    assert set(client.get(f"hosts/{host['id']}/variables?explain=1")["explain"]) == everything - hidden
    assert set(client.get("devices?details=1")["devices"]["hosts"][0]["variables"]) == everything - hidden
    assert set(client.get("ansible-inventory")["_meta"]["hostvars"]["10.77.0.1"]) == everything - hidden
    assert set(client.get("labels/g/variables")["variables"]) == {"secret_label"} - hidden
    assert len(client.get("hosts?vars=secret_key:%22hush%22")["hosts"]) == ("secret_key" not in hidden)
    if "secret_own" in hidden:
        for path in [f"hosts/{host['id']}/history", "hosts?details=1", "ansible-inventory", f"regions/{guarded['region']['id']}"]:
            assert b"hush" not in client.send("GET", path).body


@pytest.mark.parametrize("who, name, may", [
    ("plain", "open", True), ("plain", "secret_new", False), ("plain", "secret_shared_x", False), ("reader", "secret_new", False),
    ("reader", "open", True), ("admin", "secret_shared_x", False), ("vault", "secret_new", True), ("vault", "secret_shared_x", True),
])
def test_variables_are_written_by_those_with_the_role(guarded, who, name, may):
    client, path = guarded[who], f"hosts/{guarded['host']['id']}/variables"
    reply = client.send("PUT", path, {name: 5})
    assert reply.status == (200 if may else 401)
    if may:
        client.delete(path, [name])
    else:
        assert reply.json["message"] == f"The variable '{name}' is not yours to write"
        assert client.send("POST", "clouds", {"name": f"{who}{name}", "variables": {name: 1}}).status == 401
        assert client.send("PUT", "labels/other/variables", {name: 1}).status == 401
    assert client.send("DELETE", path, ["secret_own"]).status == (204 if who == "vault" else 401)
    guarded["vault"].put(path, {"secret_own": "hush"})


def test_hidden_variables_survive_what_others_write(guarded):
    path = f"hosts/{guarded['host']['id']}"
    assert guarded["plain"].put(path + "/variables", {"mine": 1})["variables"] == {"mine": 1}
    guarded["plain"].put(path, {"note": "n"})
    guarded["plain"].delete(path + "/variables", ["mine"])
    assert guarded["vault"].get(path + "/variables?resolved-values=0")["variables"] == {"secret_own": "hush"}


def test_what_is_removed_comes_back_whole_when_that_is_undone(fleet, fleet_root, fleet_server, inventory):
    region = inventory.region(inventory.cloud(), variables={"a": 1})
    cell = inventory.cell(region)
    host = inventory.host(cell, labels=["back"])
    switch = inventory.switch(cell, parent_id=host["id"])
    network = inventory.network(cell)
    interface = inventory.interface(switch, network_id=network["id"])
    paths = [f"hosts/{host['id']}", f"network-devices/{switch['id']}", f"networks/{network['id']}", f"network-interfaces/{interface['id']}"]
    before = [fleet.get(path) for path in paths]
    fleet.delete(f"clouds/{region['cloud_id']}")
    assert all(fleet.send("GET", path).status == 404 for path in paths)
    revision = fleet.get(f"clouds/{region['cloud_id']}/history")["history"][0]["revision"]
    assert fleet_server.curl("POST", f"/changes/{revision}/undo").status == 200
    assert [fleet.get(path) for path in paths] == before
    client = fleet_user(fleet_root, "undone", fleet.project)
    user = fleet_root.get("users?name=undone")["users"][0]
    fleet_root.delete(f"users/{user['id']}")
    assert client.send("GET", "hosts").status == 401
    revision = fleet_root.get(f"users/{user['id']}/history")["history"][0]["revision"]
    assert fleet_server.curl("POST", f"/changes/{revision}/undo").status == 200
    assert client.send("GET", "hosts").status == 200 and fleet_root.get(f"users/{user['id']}") == user


def test_one_change_set_makes_or_changes_many_hosts_and_is_undone_as_one(fleet, fleet_server, inventory):
    region = inventory.region(inventory.cloud())
    names = [inventory.name() for _ in range(50)]
    changes = [{"op": "create", "type": "fleet_devices", "key": "", "object": {
        "name": name, "ip_address": "10.0.0.1", "device_type": "server", "active": True, "cloud_id": region["cloud_id"],
        "region_id": region["id"], "project_id": fleet.project}} for name in names]
    reply = fleet_server.curl("POST", "/changes", {"reason": "rack 7", "changes": changes})
    assert reply.status == 200, reply.body
    rows = fleet.get(f"hosts?region_id={region['id']}&limit=0")["hosts"]
    assert [row["name"] for row in rows] == names
    assert fleet.get(f"hosts/{rows[0]['id']}/history")["history"][0]["reason"] == "rack 7"
    assert fleet_server.curl("POST", "/changes", {"changes": [*changes[:1], *changes[:1]]}).status == 409
    changes = [{"op": "patch", "type": "fleet_devices", "key": str(row["id"]), "patch": [
        {"op": "add", "path": "/note", "value": "moved"}]} for row in rows]
    assert fleet_server.curl("POST", "/changes", {"reason": "rack 8", "changes": changes}).status == 200
    moved = fleet.get(f"hosts?region_id={region['id']}&limit=0")["hosts"]
    assert {row["note"] for row in moved} == {"moved"}
    revisions = {fleet.get(f"hosts/{row['id']}/history")["history"][0]["revision"] for row in moved[:3]}
    assert len(revisions) == 1 and fleet_server.curl("POST", f"/changes/{revisions.pop()}/undo").status == 200
    assert fleet.get(f"hosts?region_id={region['id']}&limit=0")["hosts"][0]["note"] is None


def test_the_store_is_sound(fleet_server):
    assert fleet_server.get("/system/check")["differences"] == []
