"""Variables, who hands them on, and lists that ask for them; labels, devices and Ansible's inventory (F §4 to §8)."""

import json
import urllib.parse

import pytest

KINDS = ["projects", "clouds", "regions", "cells", "hosts", "network-devices", "networks"]
BAD_PATH = "The query contains an invalid JSON Path expression."
BAD_VALUE = "An invalid JSON value was specified."


@pytest.fixture(scope="module")
def world(fleet, fleet_root, inventory):
    """A tree of places, each with a variable of its own and one that all have."""
    cloud = inventory.cloud(variables={"where": "cloud", "cloud": 1})
    region = inventory.region(cloud, variables={"where": "region", "region": 2})
    cell = inventory.cell(region, variables={"where": "cell", "cell": 3})
    switch = inventory.switch(cell, variables={"where": "switch", "switch": 4, "nested": {"a": [1, {"b": None}]}})
    host = inventory.host(cell, parent_id=switch["id"], variables={"where": "host", "host": 5})
    child = inventory.host(region, parent_id=host["id"], labels=["web"])
    network = inventory.network(cell, variables={"where": "network"})
    fleet.put(f"projects/{fleet.project}/variables", {"where": "project", "project": 0})
    return {
        "projects": {"id": fleet.project}, "clouds": cloud, "regions": region, "cells": cell, "network-devices": switch, "hosts": host,
        "child": child, "networks": network,
    }


@pytest.mark.parametrize("kind, query, expected", [
    ("clouds", "", {"where": "cloud", "cloud": 1}),
    ("regions", "", {"where": "region", "region": 2, "cloud": 1, "project": 0}),
    ("regions", "?resolved-values=no", {"where": "region", "region": 2}),
    ("cells", "", {"where": "cell", "cell": 3, "region": 2, "cloud": 1, "project": 0}),
    ("cells", "?resolved-values=false", {"where": "cell", "cell": 3}),
    ("network-devices", "?resolved-values=0", {"where": "switch", "switch": 4, "nested": {"a": [1, {"b": None}]}}),
    ("hosts", "?resolved-values=off", {
        "where": "host", "host": 5, "switch": 4, "nested": {"a": [1, {"b": None}]}, "cell": 3, "region": 2, "cloud": 1, "project": 0}),
    ("hosts", "?resolved-values=FALSE", {"where": "host", "host": 5}),
    ("networks", "", {"where": "network"}), ("projects", "", {"where": "project", "project": 0}),
])
def test_an_object_shows_what_it_has_and_what_it_is_handed(fleet, world, kind, query, expected):
    assert fleet.get(f"{kind}/{world[kind]['id']}{query}")["variables"] == expected


def test_ancestors_hand_on_their_own_variables_only_and_places_are_those_of_the_device_itself(fleet, world):
    variables = fleet.get(f"hosts/{world['child']['id']}")["variables"]
    assert variables["where"] == "host" and "cell" not in variables and variables["region"] == 2 and variables["switch"] == 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_variables_alone_are_the_objects_own_but_for_hosts(fleet, world, kind):
    path = f"{kind}/{world[kind]['id']}/variables"
    variables = fleet.get(path)["variables"]
    assert ("project" in variables) == (kind in ("projects", "hosts"))
    if kind == "hosts":
        assert fleet.get(path + "?resolved-values=false") == {"variables": {"where": "host", "host": 5}}
    else:
        assert "too many properties" in fleet.refused("GET", path + "?resolved-values=false", 400)


@pytest.mark.parametrize("kind", KINDS)
def test_variables_are_replaced_as_wholes_and_removed_by_name(fleet, world, kind):
    path = f"{kind}/{world[kind]['id']}"
    before = fleet.get(path)["updated_at"]
    own = fleet.put(path + "/variables", {"x": {"a": 1, "b": 2}, "X": None})["variables"]
    assert own["x"] == {"a": 1, "b": 2} and own["X"] is None and own["where"]
    assert ("project" in own) == (kind == "projects")
    assert fleet.put(path + "/variables", {"x": {"a": 3}})["variables"]["x"] == {"a": 3}
    assert fleet.put(path + "/variables", {})["variables"]["x"] == {"a": 3}
    fleet.delete(path + "/variables", ["x", "X", "nobody has this"])
    own = fleet.get(path + "/variables")["variables"]
    assert "x" not in own and "X" not in own
    assert fleet.get(path)["updated_at"] == before


@pytest.mark.parametrize("method, body, line", [
    ("PUT", [], "[] is not of type 'object'"), ("PUT", "x", "'x' is not of type 'object'"),
    ("PUT", {"": 1}, "'' does not match any of the regexes: '^.+'"), ("DELETE", {}, "{} is not of type 'array'"),
    ("DELETE", [1], "1 is not of type 'string'"),
])
@pytest.mark.parametrize("kind", ["clouds", "hosts"])
def test_bodies_about_variables_are_checked(fleet, world, kind, method, body, line):
    text = fleet.refused(method, f"{kind}/{world[kind]['id']}/variables", 400, body)
    assert text == "The request included the following errors:\n- " + line


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_no_body_is_none(fleet, world, method):
    assert "None is not of type" in fleet.refused(method, f"clouds/{world['clouds']['id']}/variables", 400)


@pytest.mark.parametrize("value", [
    1, 1.5, 3.14, 1e300, 1e-7, -0.001, 10**18, 2**63 - 1, 10**20, 2**70 + 1, "", "ünï ☃ 𝒳 \u0007\u007f", None, True, [], {}, [[], {"a": {}}], {"": {"": [None]}},
])
def test_any_json_is_a_value(fleet, world, value):
    path = f"clouds/{world['clouds']['id']}/variables"
    assert fleet.put(path, {"any": value})["variables"]["any"] == value
    assert fleet.get(path)["variables"]["any"] == value
    fleet.delete(path, ["any"])


def test_variables_that_would_be_shown_as_blanks_are_refused(fleet, world):
    path = f"hosts/{world['hosts']['id']}/variables"
    raw = b'{"deep": ' + b"[" * 200 + b",".join([b"1"] * 30_000) + b"]" * 200 + b"}"
    reply = fleet.send("PUT", path, raw=raw)
    assert (reply.status, reply.json["message"]) == (400, "the variables have too many values too deep: nest them less")
    assert fleet.send("PUT", path, {"wide": [1] * 30_000}).status == 200
    fleet.delete(path, ["wide"])


@pytest.mark.parametrize("name", ["a b", "v3.0", "häß", "x" * 255, "'", "\"", "a/b"])
def test_any_text_is_a_name(fleet, world, name):
    path = f"hosts/{world['hosts']['id']}/variables"
    assert fleet.put(path, {name: 1})["variables"][name] == 1
    fleet.delete(path, [name])


# What vars= finds.

VALUES = {
    "foo": {
        "foo": {
            "nested_string": "Bumbleywump Cucumberpatch", "nested_int": 1, "nested_float": 3.14, "nested_bool": True,
            "nested_boolstr": "false", "nested_null": None, "hyphenated-key": "look-at-all-these-hyphens"},
        "bar": ["I'm just a string", 2, 3, 4, "zoo"], "baz": "zoo"},
    "v3.0": {"foo": {"hyphenated-key": "x"}}, "s": "str", "i": 1, "arr": [1, ["sub", 2], {"k": "v"}, "a:b"], "obj": {"a": {"b": 1}, "c": 2},
    "hy-phen": 1, "@at": True, "_u": False, "n": None, "f": 1.5,
}
MATCHES = [
    'foo.foo.nested_string:"Bumbleywump Cucumberpatch"', "foo.foo.nested_int:1", "foo.foo.nested_int:1.0", "foo.foo.nested_float:3.14",
    "foo.foo.nested_bool:true", 'foo.foo.nested_boolstr:"false"', "foo.foo.nested_null:null", 'foo.*:"zoo"', 'foo.bar[*]:"zoo"',
    "foo.bar[0]:\"I'm just a string\"", "foo.bar[3]:4", "foo.bar:4", "foo.bar:[4]", 'foo.foo."hyphenated-key":"look-at-all-these-hyphens"',
    '"v3.0".foo."hyphenated-key":"x"', "'v3.0'.foo.\"hyphenated-key\":\"x\"", 's:"str"', "s[0]:\"str\"", "i:1", "i: 1 ", " i :1", "arr[*]:2",
    "arr[1][1]:2", 'arr[2].k:"v"', "arr:2", 'arr:["sub"]', 'arr:{"k":"v"}', "arr[1]:2", "obj:{}", 'obj:{"a":{}}', "obj.a.b:1", "obj.*.b:1",
    "obj . a . b : 1", "hy-phen:1", "@at:true", "_u:false", "n:null", "f:1.5", 'i:1,s:"str"', "i:2,i:1", 'arr[3]:"a:b"', "f:15e-1",
]
MISSES = [
    'foo.foo.nested_int:"1"', 'foo.foo.nested_bool:"true"', "foo.foo.nested_boolstr:false", "foo.foo.nested_null:0", "i:[1]", "i:2", "i[1]:1",
    "s[*]:\"str\"", 'S:"str"', "nope:null", "foo.bar[9]:1", "foo.nope:null", "obj.a.b.c:1", '*:"str"', "i:1,i:2", 'i:1,s:"x"', 's:"Str"',
    "arr[1][5]:2", "arr[5][0]:2", "n:false", "foo.bar.*:4", "obj:[]",
]
BAD_PATHS = [
    "", "s", "s:1,", ",s:1", ".s:1", "$.s:1", "[0]:1", "[*]foo:1", "s[a]:1", "s[-1]:1", "s[+1]:1", "s[]:1", 's["0"]:1', "s[last]:1", "s..a:1",
    "s.**:1", "s|t:1", "s.`parent`:1", "1num:1", "v3.0.foo:1", "foo.1num:1", "foo.:1", "foo.hyphenated-key:1", "föö:1", "s t:1", "s[0:1",
    'foo,s:"x"', "arr[0,1]:1", "foo.'q':1",
]
BAD_VALUES = ["s:str", "s:True", "s:01", "s:+1", "s:.5", "s:NaN", "s:", "s:'x'", 's:"x', "s:[1", "foo.bar:string", "s:1 2"]


@pytest.fixture(scope="module")
def searched(world, inventory):
    """One host and one cloud with all sorts of values."""
    return {"hosts": inventory.host(world["regions"], variables=VALUES)["id"], "clouds": inventory.cloud(variables=VALUES)["id"]}


def found(fleet, kind, text, more=""):
    body = fleet.get(f"{kind}?limit=0&vars={urllib.parse.quote(text)}{more}")
    return [each["id"] for each in body[kind.replace("-", "_")]]


@pytest.mark.parametrize("text", MATCHES)
def test_a_condition_that_holds(fleet, searched, text):
    assert found(fleet, "hosts", text) == [searched["hosts"]]
    assert found(fleet, "clouds", text, "&details=1") == [searched["clouds"]]


@pytest.mark.parametrize("text", MISSES)
def test_a_condition_that_does_not_hold(fleet, searched, text):
    assert found(fleet, "hosts", text) == [] and found(fleet, "clouds", text) == []


@pytest.mark.parametrize("text", BAD_PATHS)
def test_a_path_that_is_none(fleet, searched, text):
    assert fleet.refused("GET", f"hosts?vars={urllib.parse.quote(text)}", 400) == BAD_PATH


@pytest.mark.parametrize("text", BAD_VALUES)
def test_a_value_that_is_no_json(fleet, searched, text):
    assert fleet.refused("GET", f"clouds?vars={urllib.parse.quote(text)}", 400) == BAD_VALUE


@pytest.mark.parametrize("kind, text, names", [
    ("hosts", "cell:3", ["hosts"]), ("hosts", "region:2", ["hosts", "child"]), ("hosts", "switch:4", ["hosts", "child"]),
    ("hosts", 'where:"host"', ["hosts", "child"]), ("hosts", 'where:"cell"', []), ("hosts", "cloud:1,region:2,host:5", ["hosts", "child"]),
    ("network-devices", "cloud:1", ["network-devices"]), ("network-devices", 'where:"cell"', []), ("cells", "region:2", ["cells"]),
    ("cells", 'where:"region"', []), ("regions", "cloud:1", ["regions"]), ("regions", 'where:"cloud"', []), ("clouds", "cloud:1", ["clouds"]),
    ("clouds", "project:0", []), ("networks", "cell:3", []), ("networks", 'where:"network"', ["networks"]),
])
def test_what_is_handed_on_is_found_and_what_is_hidden_is_not(fleet, world, kind, text, names):
    ids = [world[name]["id"] for name in names]
    assert [each for each in found(fleet, kind, text) if each in {each["id"] for each in world.values()}] == ids


@pytest.mark.parametrize("kind, text", [("hosts", "region:2"), ("cells", "region:2"), ("regions", "cloud:1"), ("network-devices", "cloud:1")])
def test_without_resolved_values_only_an_objects_own_count(fleet, world, kind, text):
    assert found(fleet, kind, text, "&resolved-values=false") == []


def test_an_override_hides_and_shows_again(fleet, inventory):
    cloud = inventory.cloud(variables={"mode": "on"})
    region = inventory.region(cloud)
    cell = inventory.cell(region)
    host = inventory.host(cell)
    assert found(fleet, "hosts", 'mode:"on"') == [host["id"]]
    fleet.put(f"regions/{region['id']}/variables", {"mode": "off"})
    assert found(fleet, "hosts", 'mode:"on"') == [] and found(fleet, "cells", 'mode:"off"') == [cell["id"]]
    fleet.put(f"cells/{cell['id']}/variables", {"mode": "on"})
    assert found(fleet, "hosts", 'mode:"on"') == [host["id"]]
    fleet.put(f"clouds/{cloud['id']}/variables", {"mode": "off"})
    assert found(fleet, "hosts", 'mode:"on"') == [host["id"]]
    fleet.delete(f"cells/{cell['id']}/variables", ["mode"])
    assert found(fleet, "hosts", 'mode:"off"') == [host["id"]]


def test_lists_show_variables_only_with_details(fleet, world):
    for kind in KINDS[2:]:
        key = kind.replace("-", "_")
        assert all("variables" not in each for each in fleet.get(f"{kind}?limit=0")[key])
        for flag in ["details=all", "detail=True"]:
            rows = {each["id"]: each for each in fleet.get(f"{kind}?limit=0&{flag}")[key]}
            assert ("project" in rows[world[kind]["id"]]["variables"]) == (kind not in ("clouds", "networks"))
        own = {each["id"]: each for each in fleet.get(f"{kind}?limit=0&details=1" + ("" if kind == "clouds" else "&resolved-values=n"))[key]}
        assert "project" not in own[world[kind]["id"]]["variables"]


def test_projects_are_found_by_their_variables_and_by_names_like_a_pattern(fleet, fleet_root, world):
    ids = [each["id"] for each in fleet_root.get("projects?limit=0&vars=project:0")["projects"]]
    assert ids == [fleet.project]
    name = fleet.get(f"projects/{fleet.project}")["name"]
    for pattern in [name, "%25variables", name[:-1] + "_", "test%25var%25"]:
        rows = fleet_root.get(f"projects?name={pattern}&limit=0")["projects"]
        assert [each["id"] for each in rows] == [fleet.project]
    assert fleet_root.get("projects?name=variables")["projects"] == []


@pytest.mark.parametrize("kind", ["clouds", "regions"])
def test_clouds_and_regions_are_looked_up_by_name_and_id(fleet, world, kind):
    one = world[kind]
    for query in [f"name={one['name']}", f"id={one['id']}", f"name={one['name']}&id={one['id']}&details=1"]:
        body = fleet.get(f"{kind}?{query}")
        assert body["links"] == [] and [each["id"] for each in body[kind]] == [one["id"]] and "variables" not in body[kind][0]
    for query in ["name=nope", "id=999999", f"name=nope&id={one['id']}"]:
        assert fleet.refused("GET", f"{kind}?{query}", 404) == "Not Found"


# Labels.

def test_labels_are_added_and_removed(fleet, inventory, world):
    for path in [f"hosts/{inventory.host(world['cells'], labels=['b', 'a', 'b'])['id']}/labels",
                 f"network-devices/{inventory.switch(world['cells'])['id']}/labels"]:
        fleet.put(path, {"labels": ["a", "b"]})
        assert fleet.put(path, {"labels": ["c", "a", "role:db", ""]}) == {"labels": ["", "a", "b", "c", "role:db"]}
        fleet.delete(path, {"labels": ["a", "nope", ""]})
        assert fleet.get(path) == {"labels": ["b", "c", "role:db"]}
        assert "'labels' is a required property" in fleet.refused("PUT", path, 400, {})
        fleet.refused("PUT", path, 400, {"labels": ["x" * 256]})
    assert fleet.refused("GET", "hosts/999999/labels", 404) == "Not Found"


def test_hosts_are_found_by_one_label(fleet, world):
    assert [each["id"] for each in fleet.get("hosts?label=web")["hosts"]] == [world["child"]["id"]]
    assert fleet.get("hosts?label=we")["hosts"] == []
    assert fleet.send("GET", "network-devices?label=web").status == 400


# Filters.

@pytest.mark.parametrize("kind, query", [
    ("hosts", "name={name}"), ("hosts", "id={id}"), ("hosts", "id={id}&cell_id={cell_id}&region_id={region_id}&cloud_id={cloud_id}"),
    ("network-devices", "name={name}&device_type=switch"), ("cells", "name={name}"), ("cells", "region_id={region_id}&cloud_id={cloud_id}"),
    ("networks", "name={name}&region_id={region_id}"), ("networks", "cell_id={cell_id}"),
])
def test_filters_find_what_has_all_the_values(fleet, world, kind, query):
    one = world[kind]
    rows = fleet.get(f"{kind}?" + query.format(**one))[kind.replace("-", "_")]
    assert one["id"] in [each["id"] for each in rows]
    assert all(str(each[name]) == value for each in rows for name, value in urllib.parse.parse_qsl(query.format(**one)))


@pytest.mark.parametrize("path", [
    "hosts?name=nope", "hosts?ip_address=nope", "hosts?region_id=999999", "hosts?device_type=", "cells?region_id=nope",
    "network-devices?cell_id=nope", "networks?region_id=nope", "network-interfaces?interface_type=nope", "hosts?id=0", "cells?name=nope",
])
def test_filters_that_match_nothing_give_an_empty_list(fleet, world, path):
    body = fleet.get(path)
    assert body[path.partition("?")[0].replace("-", "_")] == [] and len(body["links"]) == 3


# Devices.

def devices(fleet, query):
    body = fleet.get("devices?limit=0&" + query)["devices"]
    assert set(body) == {"hosts", "network-devices"}
    return [each["id"] for each in body["hosts"]], [each["id"] for each in body["network-devices"]]


def test_devices_of_both_kinds_are_listed_together(fleet, inventory):
    region = inventory.region(inventory.cloud())
    cell = inventory.cell(region)
    switch = inventory.switch(cell)
    host = inventory.host(cell, parent_id=switch["id"])
    child = inventory.host(region, parent_id=host["id"], active=False)
    both = ([host["id"], child["id"]], [switch["id"]])
    assert devices(fleet, f"region_id={region['id']}") == both
    assert devices(fleet, f"cloud_id={region['cloud_id']}&descendants=true") == both
    assert devices(fleet, f"cell_id={cell['id']}") == ([host["id"]], [switch["id"]])
    assert devices(fleet, f"region_id={region['id']}&active=false") == ([child["id"]], [])
    assert devices(fleet, f"parent_id={switch['id']}") == ([host["id"]], [])
    assert devices(fleet, f"parent_id={switch['id']}&descendants=True") == ([host["id"], child["id"]], [])
    assert devices(fleet, f"parent_id={switch['id']}&descendants=True&active=0") == ([child["id"]], [])
    assert devices(fleet, "parent_id=999999") == devices(fleet, "parent_id=999999&descendants=1") == ([], [])
    page = fleet.get(f"devices?limit=1&region_id={region['id']}&marker={switch['id']}&details=1&sort_dir=asc&descendants=False")
    assert page["devices"]["hosts"][0]["variables"] == fleet.get(f"hosts/{host['id']}")["variables"]
    for refused in ["name=x", "vars=a:1", "id=1", "device_type=x"]:
        assert fleet.send("GET", "devices?" + refused).status == 400


# Ansible.

def test_ansible_gets_hosts_in_groups_with_their_variables(fleet, inventory):
    region = inventory.region(inventory.cloud(variables={"c": 1}), variables={"r": 2})
    cell = inventory.cell(region, variables={"x": 3})
    inventory.host(cell, ip_address="10.9.0.2", labels=["blue"], variables={"h": 4})
    inventory.host(cell, ip_address="10.9.0.1", labels=["blue", "red"])
    inventory.host(region, ip_address="10.9.0.3")
    body = fleet.get(f"ansible-inventory?region_id={region['id']}")
    group = f"{region['name']}-{cell['name']}"
    assert set(body) == {"all", "_meta", "blue", "red", region["name"], group}
    assert body["all"] == {"hosts": ["10.9.0.1", "10.9.0.2", "10.9.0.3"]}
    shared = fleet.get(f"projects/{fleet.project}/variables")["variables"]
    assert body["_meta"]["hostvars"]["10.9.0.2"] == {**shared, "c": 1, "r": 2, "x": 3, "h": 4}
    assert body[region["name"]] == {"children": [group], "hosts": ["10.9.0.3"], "vars": {"r": 2}}
    assert body[group] == {"hosts": ["10.9.0.1", "10.9.0.2"], "vars": {"x": 3}}
    assert body["blue"] == {"hosts": ["10.9.0.1", "10.9.0.2"], "vars": {}} and body["red"] == {"hosts": ["10.9.0.1"], "vars": {}}
    assert fleet.get(f"ansible-inventory?region_id={region['id']}&cell_id={cell['id']}")["all"] == {"hosts": ["10.9.0.1", "10.9.0.2"]}
    assert fleet.get("ansible-inventory?region_id=nope") == {"all": {"hosts": []}, "_meta": {"hostvars": {}}}
    assert fleet.send("GET", "ansible-inventory?region=1").status == 400


def test_the_answer_to_a_change_is_what_was_written_and_stays_so_after_a_restart(fresh):
    from fleet_client import Fleet, Inventory, account, bootstrap
    from muster_process import free_ports
    server = fresh(start=False)
    server.fleet_port = free_ports(1)[0]
    server.start()
    made = account(bootstrap(server))
    client = Fleet(server.fleet_port, made["ProjectId"], made["Username"], made["APIKey"])
    inventory = Inventory(client, "restart")
    region = inventory.region(inventory.cloud(variables={"a": [1.5e-7, "ü"]}))
    hosts = [inventory.host(region) for _ in range(3)]
    client.delete(f"hosts/{hosts[-1]['id']}")
    before = client.send("GET", "hosts?details=1").body
    server.kill()
    server.start()
    client = Fleet(server.fleet_port, made["ProjectId"], made["Username"], made["APIKey"])
    assert client.send("GET", "hosts?details=1").body == before
    assert inventory.client is not client and account(bootstrap(server)) == made
    assert Inventory(client, "again").host(region)["id"] == hosts[-1]["id"] + 1
    assert json.loads(before)["hosts"][0]["variables"] == {"a": [1.5e-7, "ü"]}
