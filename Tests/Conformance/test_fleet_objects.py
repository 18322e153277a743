"""The objects of an inventory: what bodies may say, what is read, how they are changed and removed (F §3)."""

import pytest

HEAD = "The request included the following errors:\n"
READ = {
    "clouds": {"id", "name", "note", "project_id", "created_at", "updated_at"},
    "regions": {"id", "name", "note", "cloud_id", "project_id", "created_at", "updated_at"},
    "cells": {"id", "name", "note", "cloud_id", "region_id", "project_id", "created_at", "updated_at"},
    "hosts": {
        "id", "name", "active", "device_type", "ip_address", "note", "cloud_id", "region_id", "cell_id", "parent_id", "project_id",
        "created_at", "updated_at", "links"},
    "network-devices": {
        "id", "name", "active", "device_type", "ip_address", "cloud_id", "region_id", "cell_id", "parent_id", "project_id",
        "created_at", "updated_at", "links", "model_name", "os_version", "vlans"},
    "networks": {
        "id", "name", "cidr", "gateway", "netmask", "cloud_id", "region_id", "cell_id", "ip_block_type", "nss", "project_id",
        "created_at", "updated_at"},
    "network-interfaces": {
        "id", "name", "device_id", "interface_type", "ip_address", "network_id", "port", "vlan_id", "vlan", "duplex", "speed", "link",
        "cdp", "security", "project_id", "created_at", "updated_at"},
}
REQUIRED = {
    "projects": ["name"], "users": ["project_id", "username"], "clouds": ["name"], "regions": ["cloud_id", "name"],
    "cells": ["cloud_id", "name", "region_id"],
    "hosts": ["cloud_id", "device_type", "ip_address", "name", "region_id"],
    "network-devices": ["cloud_id", "device_type", "ip_address", "name", "region_id"],
    "networks": ["cidr", "cloud_id", "gateway", "name", "netmask", "region_id"],
    "network-interfaces": ["device_id", "interface_type", "ip_address", "name"],
}
COLLECTIONS = list(READ)


@pytest.fixture(scope="module")
def made(inventory):
    """One object of each kind."""
    cloud = inventory.cloud()
    region = inventory.region(cloud)
    cell = inventory.cell(region)
    host = inventory.host(cell)
    return {
        "clouds": cloud, "regions": region, "cells": cell, "hosts": host, "network-devices": inventory.switch(cell),
        "networks": inventory.network(cell), "network-interfaces": inventory.interface(host),
    }


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_new_object_is_shown_with_all_its_members(fleet, made, collection):
    new = made[collection]
    assert set(new) - {"variables"} == READ[collection]
    assert ("variables" in new) == (collection != "network-interfaces")
    assert new["updated_at"] is None and new["project_id"] == fleet.project
    read = fleet.get(f"{collection}/{new['id']}")
    assert read.pop("variables") == {}
    new = {name: value for name, value in new.items() if name != "variables"}
    assert read == new
    listed = fleet.get(f"{collection}?id={new['id']}")[collection.replace("-", "_")]
    assert listed == [new]


@pytest.mark.parametrize("collection", list(REQUIRED))
def test_all_missing_members_are_named(fleet_root, collection):
    text = fleet_root.refused("POST", collection, 400, {})
    assert text == HEAD + "\n".join(f"- '{name}' is a required property" for name in REQUIRED[collection])


@pytest.mark.parametrize("collection", list(REQUIRED))
@pytest.mark.parametrize("body, line", [(None, "None"), ([], "[]"), ("x", "'x'"), (1, "1"), (True, "True")])
def test_a_body_must_be_an_object(fleet_root, collection, body, line):
    reply = fleet_root.send("POST", collection, raw=__import__("json").dumps(body).encode())
    assert (reply.status, reply.json["message"]) == (400, HEAD + f"- {line} is not of type 'object'")


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("name", ["id", "created_at", "updated_at", "project_id"])
def test_what_the_server_sets_is_refused(fleet, collection, name):
    text = fleet.refused("POST", collection, 400, {name: 1})
    assert f"- Additional properties are not allowed ('{name}' was unexpected)" in text.splitlines()


@pytest.mark.parametrize("raw, kind", [(b"", "application/json"), (b"{", "application/json"), (b'{"name": "\xff"}', "application/json"),
                                       (b'{"name": NaN}', "application/vnd.x+json"), (b"[" * 5000, "application/json")])
def test_what_is_called_json_must_be(fleet, raw, kind):
    reply = fleet.send("POST", "clouds", raw=raw, headers={**fleet.headers(), "Content-Type": kind})
    assert reply.status == 400 and "browser" in reply.json["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_called_json_counts_as_absent(fleet, kind):
    reply = fleet.send("POST", "clouds", raw=b'{"name": "x"}', headers={**fleet.headers(), "Content-Type": kind})
    assert (reply.status, reply.json["message"]) == (400, HEAD + "- None is not of type 'object'")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/vnd.api+json", "APPLICATION/JSON"])
def test_parameters_and_suffixes_of_the_media_type_make_no_difference(fleet, inventory, kind):
    body = __import__("json").dumps({"name": inventory.name()}).encode()
    assert fleet.send("POST", "clouds", raw=body, headers={**fleet.headers(), "Content-Type": kind}).status == 201


@pytest.mark.parametrize("member, value, line", [
    ("name", 1, "1 is not of type 'string'"), ("name", None, "None is not of type 'string'"), ("name", True, "True is not of type 'string'"),
    ("name", [], "[] is not of type 'string'"), ("name", {"a": [1, "b"]}, "{'a': [1, 'b']} is not of type 'string'"),
    ("cloud_id", "x", "'x' is not of type 'integer'"), ("cloud_id", 1.5, "1.5 is not of type 'integer'"),
    ("cloud_id", True, "True is not of type 'integer'"), ("cloud_id", None, "None is not of type 'integer'"),
    ("cloud_id", "it's", "\"it's\" is not of type 'integer'"), ("active", "up", "'up' is not of type 'boolean'"),
    ("active", 1, "1 is not of type 'boolean'"), ("labels", {}, "{} is not of type 'array'"), ("labels", [1], "1 is not of type 'string'"),
    ("variables", [], "[] is not of type 'object'"), ("variables", {"": 1}, "'' does not match any of the regexes: '^.+'"),
    ("links", [1], "1 is not of type 'object'"), ("ip_address", 7, "7 is not of type 'string'"),
    ("parent_id", None, "None is not of type 'integer'"), ("note", None, "None is not of type 'string'"),
])
def test_members_of_the_wrong_type_are_refused(fleet, inventory, made, member, value, line):
    body = {"name": inventory.name(), "ip_address": "10.0.0.1", "device_type": "x", **inventory.place(made["cells"])}
    assert fleet.refused("POST", "hosts", 400, {**body, member: value}) == HEAD + "- " + line


@pytest.mark.parametrize("member, value", [
    ("name", "x" * 256), ("device_type", "x" * 256), ("ip_address", "10.0.0.256"), ("ip_address", ""), ("ip_address", "x"),
    ("cloud_id", 999999), ("cloud_id", 0), ("cloud_id", -1), ("cloud_id", 10**30), ("region_id", 999999), ("cell_id", 999999),
    ("cell_id", 0), ("parent_id", 999999), ("parent_id", 0), ("labels", ["x" * 256]), ("variables", {"x" * 256: 1}),
])
def test_values_that_no_object_can_have_are_refused(fleet, inventory, made, member, value):
    body = {"name": inventory.name(), "ip_address": "10.0.0.1", "device_type": "x", **inventory.place(made["cells"])}
    fleet.refused("POST", "hosts", 400, {**body, member: value})


@pytest.mark.parametrize("member, value", [("name", ""), ("name", "x" * 255), ("name", "ünï ☃ 𝒳"), ("note", "n" * 5000), ("device_type", "")])
def test_values_at_the_edge_are_kept(fleet, inventory, made, member, value):
    host = inventory.host(made["regions"], **{member: value})
    assert fleet.get(f"hosts/{host['id']}")[member] == value
    fleet.delete(f"hosts/{host['id']}")


@pytest.mark.parametrize("given, kept", [
    ("fe80::0001", "fe80::1"), ("2001:DB8::0:1", "2001:db8::1"), ("10.1.2.3", "10.1.2.3"), ("::1", "::1"),
])
def test_addresses_are_read_in_one_spelling_and_found_by_it(fleet, inventory, made, given, kept):
    host = inventory.host(made["cells"], ip_address=given)
    assert fleet.get(f"hosts/{host['id']}")["ip_address"] == kept
    assert host["id"] in [each["id"] for each in fleet.get(f"hosts?ip_address={given}")["hosts"]]


def test_what_a_network_device_refers_to_is_echoed_and_not_kept(fleet, inventory, made):
    given = {"access_secret_id": 7, "interface_id": 8, "network_id": 9}
    device = inventory.switch(made["cells"], model_name="x", os_version="1", vlans="1,2", **given)
    assert {name: device[name] for name in given} == given
    read = fleet.get(f"network-devices/{device['id']}")
    assert not set(given) & set(read) and read["vlans"] == "1,2"


def test_a_user_gets_a_key_and_its_roles_are_echoed(fleet, inventory):
    user = fleet.post("users", {"username": inventory.name(), "project_id": fleet.project.replace("-", ""), "roles": ["a"], "api_key": "mine"})
    assert user["api_key"] != "mine" and len(user["api_key"]) == 36 and user["roles"] == ["a"]
    read = fleet.get(f"users/{user['id']}")
    assert set(read) == {"id", "username", "api_key", "is_admin", "project_id", "created_at", "updated_at"}
    assert (read["api_key"], read["is_admin"]) == (user["api_key"], False)


@pytest.mark.parametrize("collection, message", [
    ("clouds", "A cloud with the given name already exists."), ("regions", "A region with the given name already exists."),
    ("cells", "A cell with the given name already exists."), ("hosts", "A device with the given name already exists."),
    ("network-devices", "A device with the given name already exists."),
    ("networks", "Network with the given name already exists in this region."),
    ("network-interfaces", "A network interface with the given name already exists."),
])
def test_names_are_taken_once(fleet, inventory, made, collection, message):
    taken = made[collection]
    kinds = {"clouds": inventory.cloud, "regions": lambda **more: inventory.region(made["clouds"], **more),
             "cells": lambda **more: inventory.cell(made["regions"], **more), "hosts": lambda **more: inventory.host(made["cells"], **more),
             "network-devices": lambda **more: inventory.switch(made["cells"], **more),
             "networks": lambda **more: inventory.network(made["cells"], **more),
             "network-interfaces": lambda **more: inventory.interface(made["hosts"], **more)}
    other = kinds[collection]()
    assert fleet.refused("PUT", f"{collection}/{other['id']}", 409, {"name": taken["name"]}) == message
    body = {name: value for name, value in taken.items()
            if value is not None and name not in {"id", "project_id", "created_at", "updated_at", "links"}}
    assert fleet.refused("POST", collection, 409, body) == message
    assert fleet.put(f"{collection}/{other['id']}", {"name": other["name"]})["updated_at"] is None


def test_a_host_and_a_network_device_of_a_region_share_their_names(fleet, inventory, made):
    host = inventory.host(made["cells"])
    body = {"name": host["name"], "ip_address": "10.0.0.1", "device_type": "x", **inventory.place(made["regions"])}
    assert fleet.refused("POST", "network-devices", 409, body) == "A device with the given name already exists."
    assert inventory.host(inventory.region(made["clouds"]), name=host["name"])["name"] == host["name"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_change_sets_the_time_only_if_something_changes(fleet, made, collection):
    path = f"{collection}/{made[collection]['id']}"
    before = fleet.get(path)
    assert fleet.put(path, {})["updated_at"] == before["updated_at"]
    assert fleet.put(path, {"name": before["name"]})["updated_at"] == before["updated_at"]
    after = fleet.put(path, {"name": before["name"] + "x"})
    assert after["updated_at"] > before["created_at"] and "variables" not in after
    assert fleet.put(path, {"name": before["name"]})["name"] == before["name"]


@pytest.mark.parametrize("collection, member", [
    ("clouds", "variables"), ("regions", "variables"), ("cells", "variables"), ("hosts", "labels"), ("hosts", "variables"),
    ("hosts", "id"), ("network-devices", "active"), ("network-devices", "note"), ("networks", "region_id"), ("networks", "variables"),
    ("network-interfaces", "device_id"), ("network-interfaces", "ip_address"), ("network-interfaces", "vlan_id"),
])
def test_members_that_cannot_be_changed_are_refused(fleet, made, collection, member):
    text = fleet.refused("PUT", f"{collection}/{made[collection]['id']}", 400, {member: "x"})
    assert text == HEAD + f"- Additional properties are not allowed ('{member}' was unexpected)"


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("key", ["999999", "0", "-1", "5x", "1.0", "x", "01", "%00", "1" * 400])
def test_ids_that_lead_nowhere(fleet, collection, key):
    assert fleet.refused("GET", f"{collection}/{key}", 404) == "Not Found"
    assert fleet.refused("PUT", f"{collection}/{key}", 404, {}) == "Not Found"
    fleet.delete(f"{collection}/{key}")


@pytest.mark.parametrize("key", ["1", "x", "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"])
def test_projects_that_are_not_there(fleet_root, key):
    assert fleet_root.refused("GET", f"projects/{key}", 404) == "Not Found"
    fleet_root.delete(f"projects/{key}")


def test_a_device_of_the_other_kind_is_not_there(fleet, made):
    host, switch = made["hosts"]["id"], made["network-devices"]["id"]
    for path in [f"network-devices/{host}", f"hosts/{switch}", f"hosts/{switch}/labels", f"hosts/{switch}/variables"]:
        assert fleet.refused("GET", path, 404) == "Not Found"
    assert fleet.refused("PUT", f"hosts/{switch}", 404, {"name": "x"}) == "Not Found"
    fleet.delete(f"hosts/{switch}")
    assert fleet.get(f"network-devices/{switch}")["id"] == switch


def test_ids_are_never_given_again(fleet, inventory):
    first = inventory.cloud()["id"]
    fleet.delete(f"clouds/{first}")
    assert inventory.cloud()["id"] > first


def test_links_lead_up_to_what_a_device_is_in(fleet, inventory, made):
    cell, region, switch = made["cells"], made["regions"], made["network-devices"]
    host = inventory.host(cell, parent_id=switch["id"])
    for device, up in [
        (inventory.host(region), f"regions/{region['id']}"), (inventory.host(cell), f"cells/{cell['id']}"),
        (host, f"network-devices/{switch['id']}"), (inventory.host(region, parent_id=host["id"]), f"hosts/{host['id']}"),
    ]:
        expected = [{"rel": "up", "href": f"{fleet.base}/{up}"}]
        assert device["links"] == expected
        assert fleet.get(f"hosts/{device['id']}")["links"] == expected
        assert fleet.put(f"hosts/{device['id']}", {})["links"] == expected


def test_no_device_is_its_own_ancestor(fleet, inventory, made):
    top = inventory.host(made["cells"])
    middle = inventory.switch(made["cells"], parent_id=top["id"])
    low = inventory.host(made["cells"], parent_id=middle["id"])
    assert fleet.refused("PUT", f"hosts/{top['id']}", 400, {"parent_id": top["id"]}) == (
        f"A device cannot be its own parent. The id for '{top['name']}' cannot be used as its parent_id.")
    for below in [middle, low]:
        assert fleet.refused("PUT", f"hosts/{top['id']}", 400, {"parent_id": below["id"]}) == (
            f"A device cannot have a descendant as its parent. The parent_id for '{top['name']}' cannot be set to the id '{below['id']}'.")
    assert fleet.put(f"hosts/{low['id']}", {"parent_id": None})["parent_id"] is None
    assert fleet.put(f"hosts/{top['id']}", {"parent_id": low["id"]})["parent_id"] == low["id"]


def test_what_has_children_or_interfaces_stays(fleet, inventory, made):
    top = inventory.host(made["cells"])
    inventory.host(made["cells"], parent_id=top["id"])
    fleet.delete(f"hosts/{top['id']}", status=409)
    network = inventory.network(made["cells"])
    interface = inventory.interface(top, network_id=network["id"])
    fleet.delete(f"networks/{network['id']}", status=409)
    fleet.delete(f"network-interfaces/{interface['id']}")
    fleet.delete(f"networks/{network['id']}")


@pytest.mark.parametrize("level", ["clouds", "regions", "cells"])
def test_with_a_place_goes_all_that_is_in_it(fleet, inventory, level):
    cloud = inventory.cloud()
    region = inventory.region(cloud)
    cell = inventory.cell(region)
    top = inventory.host(cell)
    low = inventory.switch(cell, parent_id=top["id"])
    network = inventory.network(cell)
    interface = inventory.interface(low, network_id=network["id"])
    fleet.delete({"clouds": f"clouds/{cloud['id']}", "regions": f"regions/{region['id']}", "cells": f"cells/{cell['id']}"}[level])
    gone = [f"cells/{cell['id']}", f"hosts/{top['id']}", f"network-devices/{low['id']}", f"networks/{network['id']}",
            f"network-interfaces/{interface['id']}"]
    for path in gone:
        fleet.refused("GET", path, 404)
    assert fleet.send("GET", f"regions/{region['id']}").status == (200 if level == "cells" else 404)


def test_with_a_project_goes_all_of_it(fleet_root):
    from conftest import fleet_user
    from fleet_client import Inventory
    client = fleet_user(fleet_root, "gone-project")
    inventory = Inventory(client, "gone-project")
    inventory.interface(inventory.host(inventory.region(inventory.cloud())))
    fleet_root.delete(f"projects/{client.project}")
    assert client.send("GET", "hosts").status == 401
    fleet_root.refused("GET", f"projects/{client.project}", 404)
    assert fleet_root.get("users?name=gone-project")["users"] == []


@pytest.mark.parametrize("body, expected", [({"active": "false"}, False), ({"active": "true"}, True), ({"active": False}, False), ({}, True)])
def test_flags_as_the_client_sends_them(inventory, made, body, expected):
    assert inventory.host(made["cells"], **body)["active"] is expected


def test_a_label_as_the_client_sends_it(fleet, inventory, made):
    host = inventory.host(made["cells"], labels="web")
    assert fleet.get(f"hosts/{host['id']}/labels") == {"labels": ["web"]}


def test_a_host_is_moved_as_the_client_asks(fleet, inventory, made):
    host, region = inventory.host(made["cells"]), inventory.region(made["clouds"])
    cell = inventory.cell(region)
    moved = fleet.put(f"hosts/{host['id']}", {"region_id": region["id"], "cell_id": cell["id"], "active": True})
    assert (moved["region_id"], moved["cell_id"]) == (region["id"], cell["id"])
