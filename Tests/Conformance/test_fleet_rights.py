"""Who may do what in an inventory, and what nobody is told of others' (F §2)."""

import re

import pytest
from conftest import fleet_user
from fleet_client import Inventory

ADMIN = "This action requires the 'admin' role"
BODIES = {
    "projects": {"name": "x"}, "users": {"username": "x", "project_id": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"},
}


@pytest.fixture(scope="module")
def people(fleet_root):
    """A plain user and an admin of one project, and an inventory of another with a secret in every part."""
    plain = fleet_user(fleet_root, "plain")
    admin = fleet_user(fleet_root, "boss", plain.project, is_admin=True)
    stranger = fleet_user(fleet_root, "stranger", is_admin=True)
    return {"plain": plain, "admin": admin, "root": fleet_root, "stranger": stranger}


@pytest.fixture(scope="module")
def foreign(people):
    """What the other project has."""
    inventory = Inventory(people["stranger"], "hush")
    hidden = {"hush": "hush"}
    cloud = inventory.cloud(variables=hidden, note="hush")
    region = inventory.region(cloud, variables=hidden)
    cell = inventory.cell(region, variables=hidden)
    switch = inventory.switch(cell, variables=hidden)
    host = inventory.host(cell, variables=hidden, labels=["hush"], parent_id=switch["id"])
    network = inventory.network(cell, variables=hidden)
    interface = inventory.interface(host, network_id=network["id"])
    stranger = people["stranger"]
    stranger.put(f"projects/{stranger.project}/variables", hidden)
    stranger.put("labels/hush/variables", hidden)
    stranger.put(f"hosts/{host['id']}/machine", {"machine": "0d1e2f3a-0000-4000-8000-00000000face"})
    secret = stranger.post("access-secrets", {"name": "hush", "value": "hush"})
    right = stranger.post("variable-rights", {"prefix": "other", "role": "hush", "access": "read"})
    return {
        "clouds": cloud, "regions": region, "cells": cell, "hosts": host, "network-devices": switch, "networks": network,
        "network-interfaces": interface, "access-secrets": secret, "variable-rights": right,
    }


@pytest.mark.parametrize("method, path, levels", [
    ("GET", "projects", {"root"}), ("GET", "projects?name=x", {"root"}), ("POST", "projects", {"root"}), ("DELETE", "projects/{project}", {"root"}),
    ("GET", "projects/{project}", {"root", "admin"}), ("GET", "projects/{project}/variables", {"root", "admin"}),
    ("PUT", "projects/{project}/variables", {"root", "admin"}), ("DELETE", "projects/{project}/variables", {"root", "admin"}),
    ("GET", "users", {"root", "admin"}), ("GET", "users?name=plain", {"root", "admin"}), ("POST", "users", {"root", "admin"}),
    ("GET", "users/1", {"root", "admin"}), ("DELETE", "users/999999", {"root", "admin"}), ("GET", "clouds", {"root", "admin", "plain"}),
    ("GET", "devices", {"root", "admin", "plain"}), ("GET", "ansible-inventory", {"root", "admin", "plain"}),
])
@pytest.mark.parametrize("level", ["plain", "admin", "root"])
def test_each_level_may_do_what_the_contract_says(people, level, method, path, levels):
    # A project that is not there: it is the right that is asked for, not the project.
    path = path.format(project="b9f10eca-66ac-4c27-9c13-9d01e65f96b4")
    body = {"POST": BODIES.get(path), "PUT": {}, "DELETE": ["x"] if "variables" in path else None}.get(method)
    if level in levels and method == "POST":
        return
    reply = people[level].send(method, path, body)
    if level in levels:
        assert reply.status in (200, 204, 404)
    else:
        assert (reply.status, reply.json["message"]) == (401, ADMIN)


def test_what_makes_no_sense_is_told_before_rights_are_asked_for(people):
    assert people["plain"].send("GET", "projects?bogus=1").status == 400
    assert people["plain"].send("POST", "users", {}).status == 400


def test_admins_list_their_own_users_and_find_names_in_all_projects(people):
    listed = people["admin"].get("users")["users"]
    assert {user["username"] for user in listed} == {"plain", "boss"}
    assert [user["username"] for user in people["admin"].get("users?name=stranger")["users"]] == ["stranger"]
    assert people["admin"].refused("GET", "users?id=999999", 404) == "Not Found"
    assert len(people["root"].get("users?limit=0")["users"]) > 3


def test_admins_make_users_in_other_projects_and_reach_their_variables(people):
    made = people["admin"].post("users", {"username": "made", "project_id": people["stranger"].project, "is_admin": True})
    assert people["admin"].get(f"users/{made['id']}")["project_id"] == people["stranger"].project
    path = f"projects/{people['stranger'].project}/variables"
    assert people["admin"].put(path, {"x": 1})["variables"]["x"] == 1
    people["admin"].delete(path, ["x"])
    people["admin"].delete(f"users/{made['id']}")
    people["admin"].refused("GET", f"users/{made['id']}", 404)


@pytest.mark.parametrize("project", ["x", "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"])
def test_a_user_must_belong_to_a_project_that_is_there(people, project):
    people["admin"].refused("POST", "users", 400, {"username": "nowhere", "project_id": project})


@pytest.mark.parametrize("who", ["plain", "admin"])
@pytest.mark.parametrize("kind", ["clouds", "regions", "cells", "hosts", "network-devices", "networks", "network-interfaces"])
def test_what_belongs_to_another_project_is_not_there(people, foreign, who, kind):
    client, one = people[who], foreign[kind]
    path = f"{kind}/{one['id']}"
    assert client.refused("GET", path, 404) == "Not Found"
    assert client.refused("PUT", path, 404, {"name": "stolen"}) == "Not Found"
    client.delete(path)
    for part in ["variables", "labels"]:
        if part == "labels" and kind not in ("hosts", "network-devices") or kind == "network-interfaces":
            continue
        assert client.refused("GET", f"{path}/{part}", 404) == "Not Found"
        body = {"labels": ["x"]} if part == "labels" else {"x": 1}
        assert client.refused("PUT", f"{path}/{part}", 404, body) == "Not Found"
        assert client.refused("DELETE", f"{path}/{part}", 404, body if part == "labels" else ["x"]) == "Not Found"
    key = kind.replace("-", "_")
    lookup = client.send("GET", f"{kind}?id={one['id']}")
    assert lookup.status == 404 or lookup.json[key] == []
    assert client.refused("GET", f"{kind}?marker={one['id']}", 400) == f'Marker "{one["id"]}" does not exist'
    assert people["stranger"].get(path)["id"] == one["id"] and people["root"].get(path)["id"] == one["id"]


@pytest.mark.parametrize("who", ["plain", "admin", "root"])
@pytest.mark.parametrize("collection, member, kind", [
    ("regions", "cloud_id", "clouds"), ("cells", "cloud_id", "clouds"), ("cells", "region_id", "regions"), ("hosts", "cloud_id", "clouds"),
    ("hosts", "region_id", "regions"), ("hosts", "cell_id", "cells"), ("hosts", "parent_id", "hosts"), ("hosts", "parent_id", "network-devices"),
    ("network-devices", "cell_id", "cells"), ("networks", "cell_id", "cells"), ("network-interfaces", "device_id", "hosts"),
    ("network-interfaces", "network_id", "networks"),
])
def test_no_body_reaches_into_another_project(people, foreign, own, who, collection, member, kind):
    client, made = people[who], own[who]
    body = {name: value for name, value in made[collection].items()
            if value is not None and name not in {"id", "project_id", "created_at", "updated_at", "links"}}
    for number in [foreign[kind]["id"], 999999]:
        text = client.refused("POST", collection, 400, {**body, "name": f"{who}-{collection}-{member}", member: number})
        assert text == f"{member} {number} does not exist"


@pytest.fixture(scope="module")
def own(people):
    """One object of each kind for each of three callers."""
    made = {}
    for who in ["plain", "admin", "root"]:
        inventory = Inventory(people[who], "own-" + who)
        cloud = inventory.cloud()
        region = inventory.region(cloud)
        cell = inventory.cell(region)
        host = inventory.host(cell)
        made[who] = {
            "clouds": cloud, "regions": region, "cells": cell, "hosts": host, "network-devices": inventory.switch(cell),
            "networks": inventory.network(cell), "network-interfaces": inventory.interface(host),
        }
    return made


@pytest.mark.parametrize("change", [{"parent_id": "hosts"}, {"region_id": "regions"}, {"cell_id": "cells"}, {"cloud_id": "clouds"}])
def test_no_change_reaches_into_another_project(people, foreign, own, change):
    (member, kind), = change.items()
    people["plain"].refused("PUT", f"hosts/{own['plain']['hosts']['id']}", 400, {member: foreign[kind]["id"]})


def walk(foreign):
    """Every way to ask for something, with the ids of what another project has."""
    ids = sorted({one["id"] for one in foreign.values()})
    for kind, one in foreign.items():
        path = f"{kind}/{one['id']}"
        yield from [kind, f"{kind}?limit=0", path, f"{path}/variables", f"{path}/variables?explain=1", f"{path}/labels", f"{path}/machine",
                    f"{path}/history", f"{kind}?limit=0&details=1", f"{kind}?vars=hush:%22hush%22",
                    f"{kind}?name={one.get('name', 'x')}", f"{kind}?id={one['id']}"]
        for number in ids:
            for filtered in ["cloud_id", "region_id", "cell_id", "device_id", "marker"]:
                yield f"{kind}?{filtered}={number}&details=1"
    for number in ids:
        for filtered in ["cloud_id", "region_id", "cell_id", "parent_id", "marker"]:
            yield f"devices?{filtered}={number}&details=1&descendants=true"
        yield f"ansible-inventory?region_id={number}"
        yield f"ansible-inventory?cell_id={number}"
    yield from ["devices?details=1&limit=0", "ansible-inventory", "hosts?label=hush", "labels/hush/variables", "lint", "lint?limit=0", "projects", "users", "users?name=stranger", "users?id=1"]


@pytest.mark.parametrize("who", ["plain", "admin"])
def test_a_walk_over_everything_shows_nothing_of_another_project(people, foreign, own, who):
    client, project, count = people[who], people["stranger"].project, 0
    for path in walk(foreign):
        reply = client.send("GET", path)
        count += 1
        if who == "admin" and path.startswith("users?"):
            continue
        text = reply.body.decode()
        # A refusal repeats what was asked.
        text = re.sub(r'"(href|message)": ".*"', "", text)
        assert "hush" not in text and "00000000face" not in text and project not in text, (path, text)
    assert count > 250


@pytest.mark.parametrize("who", ["plain", "admin"])
def test_no_write_reaches_what_another_project_has(people, foreign, own, who):
    """Every method of every path with the ids of another project's things: nothing is told, and nothing changes."""
    client, root = people[who], people["root"]
    paths = [f"{kind}/{one['id']}" for kind, one in foreign.items()]
    before = [root.get(path) for path in paths] + [people["stranger"].get("labels/hush/variables")]
    bodies = {"": {"name": "taken"}, "/variables": {"taken": 1}, "/labels": {"labels": ["taken"]}, "/machine": {
        "machine": "0d1e2f3a-0000-4000-8000-00000000beef"}}
    tried = 0
    for path in paths:
        for part, body in bodies.items():
            for method in root.send("OPTIONS", path + part).headers.get("allow", "").split(", "):
                if method not in ("PUT", "DELETE", "POST"):
                    continue
                reply = client.send(method, path + part, ["hush"] if (part, method) == ("/variables", "DELETE") else
                                    body if part or method == "PUT" else None)
                assert (reply.status, reply.body) == (204, b"") or reply.status in (401, 404) or (
                    reply.status == 400 and "/variable-rights" in "/" + path), (method, path + part, reply.status, reply.body)
                assert b"hush" not in reply.body
                tried += 1
    client.send("DELETE", "labels/hush/variables", ["hush"])
    assert [root.get(path) for path in paths] + [people["stranger"].get("labels/hush/variables")] == before
    assert tried > 30


def test_keys_are_in_no_answer_but_those_that_show_users(fleet_server, people):
    keys = [people[who].key for who in people]
    texts = [fleet_server.curl("GET", path).body.decode() for path in [
        "/fleet_users", "/fleet_users/1", "/fleet_users/1/history", "/history?limit=500", "/events?since=0", "/logs", "/changes"]]
    texts.append(fleet_server.log_text())
    for path in (fleet_server.root / "muster").rglob("*"):
        if path.is_file():
            texts.append(path.read_bytes().decode("latin-1"))
    assert sum(len(text) for text in texts) > 100_000
    for key in keys:
        assert all(key not in text for text in texts)


def test_a_user_who_is_removed_is_not_known_any_more(people):
    client = fleet_user(people["root"], "leaver", people["plain"].project)
    user = people["root"].get("users?name=leaver")["users"][0]
    assert client.get("clouds")
    people["root"].delete(f"users/{user['id']}")
    assert client.send("GET", "clouds").status == 401


def test_only_root_makes_projects_and_no_body_makes_root(people):
    assert "was unexpected" in people["admin"].refused("POST", "users", 400, {
        "username": "r", "project_id": people["admin"].project, "is_root": True})
    names = [people["root"].post("projects", {"name": "twice"})["id"] for _ in range(2)]
    assert len(set(names)) == 2


def test_the_generic_api_obeys_the_same_rules(fleet_server, people, foreign):
    made = {"name": "generic", "cloud_id": foreign["clouds"]["id"], "project_id": people["plain"].project}
    refused = fleet_server.curl("POST", "/fleet_regions", made)
    assert (refused.status, refused.json["Messages"]) == (422, [f"cloud_id {foreign['clouds']['id']} does not exist"])
    assert fleet_server.curl("POST", "/fleet_users", {"username": "g", "project_id": people["plain"].project}).status == 201
