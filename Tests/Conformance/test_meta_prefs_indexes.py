"""Annotations, preferences, and what can be searched by (C §7.1, §10, §13)."""

import ipaddress

import pytest
from object_types import ALL

BASE = {
    "Key": "string UR", "Available": "boolean N", "Valid": "boolean N", "ReadOnly": "boolean N", "Bundle": "string R"}
NAME = {"Name": "string UR"}
INDEXES = {
    "bootenvs": {**NAME, "OnlyUnknown": "boolean N", "OsName": "string R"},
    "jobs": {
        "Uuid": "UUID string U", "Machine": "UUID string", "Previous": "UUID string", "Task": "string R",
        "Stage": "string R", "State": "string R", "BootEnv": "string R", "Workflow": "string R",
        "Archived": "boolean N", "Current": "boolean", "StartTime": "dateTime", "EndTime": "dateTime"},
    "leases": {
        "Addr": "IP Address", "ExpireTime": "Date/Time string", "State": "string R", "Strategy": "string R",
        "Token": "string R"},
    "machines": {
        "Uuid": "UUID string U", **NAME, "Address": "IP Address", "BootEnv": "string R", "Stage": "string R",
        "Workflow": "string R", "Runnable": "boolean N", "Params": "list N", "Profiles": "list N"},
    "params": {**NAME, "Secure": "boolean N"},
    "plugins": {**NAME, "Provider": "string R", "Params": "list N"},
    "profiles": {**NAME, "Params": "list N"},
    "reservations": {
        "Addr": "IP Address", "NextServer": "IP Address", "Strategy": "string R", "Token": "string R"},
    "roles": NAME,
    "stages": {
        **NAME, "BootEnv": "string R", "Reboot": "boolean N", "Params": "list N", "Profiles": "list N",
        "Tasks": "list N"},
    "subnets": {
        **NAME, "Address": "IP Address", "ActiveAddress": "IP Address", "NextServer": "IP Address",
        "Enabled": "boolean N", "Proxy": "boolean", "Strategy": "string R", "Subnet": "CIDR Address U"},
    "tasks": NAME,
    "templates": {"ID": "string UR"},
    "tenants": NAME,
    "users": NAME,
    "workflows": {**NAME, "Stages": "list N"},
}


def written_out(indexes):
    """`string UR` and the like as the server tells it."""
    result = {}
    for name, text in indexes.items():
        kind, _, flags = text.rpartition(" ") if text.rpartition(" ")[2] in ("U", "R", "N", "UR") else (text, "", "")
        result[name] = {
            "Type": kind, "Unique": "U" in flags, "Regex": "R" in flags, "Unordered": "N" in flags}
    return result


@pytest.mark.parametrize("prefix", INDEXES)
def test_a_type_has_exactly_these_indexes(server, prefix):
    expected = written_out({**BASE, **INDEXES[prefix]})
    assert server.get(f"/indexes/{prefix}") == expected
    assert server.get("/indexes")[prefix] == expected
    for name in expected:
        assert server.get(f"/indexes/{prefix}/{name}") == expected[name]


def test_an_unknown_type_has_the_base_indexes_but_for_the_bundle(server):
    assert server.get("/indexes/freds") == written_out({k: v for k, v in BASE.items() if k != "Bundle"})


def test_an_unknown_index_is_all_zero(server):
    assert server.get("/indexes/machines/Fred") == {"Type": "", "Unique": False, "Unordered": False, "Regex": False}


def test_every_type_is_among_the_indexes(server):
    assert {each.prefix for each in ALL} <= server.get("/indexes").keys()


@pytest.mark.parametrize("kind", ALL, ids=lambda each: each.prefix)
def test_the_annotations_of_any_object_are_patched_apart_from_it(server, kind):
    server.curl("POST", f"/{kind.prefix}", kind.body)
    try:
        meta = server.get(f"/meta{kind.url}")
        assert meta == kind.reply["Meta"]
        patch = [
            {"op": "test", "path": "", "value": meta}, {"op": "add", "path": "/color", "value": "red"},
            {"op": "add", "path": "/icon", "value": "world"}, {"op": "remove", "path": "/icon"},
        ]
        reply = server.curl("PATCH", f"/meta{kind.url}", patch)
        assert (reply.status, reply.json) == (200, {**meta, "color": "red"})
        assert server.get(kind.url)["Meta"] == {**meta, "color": "red"}
    finally:
        server.curl("DELETE", kind.url)


def test_annotations_of_a_missing_object_are_not_found_under_its_type(server):
    for method, body in ("GET", None), ("PATCH", []):
        reply = server.curl(method, "/meta/machines/Name:nobody", body)
        assert reply.json == {
            "Code": 404, "Model": "machines", "Type": method, "Key": "Name:nobody", "Messages": ["Not Found"]}


def test_a_failing_patch_of_annotations_changes_nothing(server):
    before = server.get("/meta/profiles/global")
    patch = [{"op": "add", "path": "/color", "value": "x"}, {"op": "test", "path": "/color", "value": "y"}]
    reply = server.curl("PATCH", "/meta/profiles/global", patch)
    assert (reply.status, reply.json["Model"], reply.json["Type"]) == (409, "profiles", "PATCH")
    assert server.get("/meta/profiles/global") == before


def test_annotations_are_texts(server):
    reply = server.curl("PATCH", "/meta/profiles/global", [{"op": "add", "path": "/color", "value": 7}])
    assert reply.status == 400 and "number" in reply.json["Messages"][0]


DEFAULTS = {
    "debugBootEnv": "warn", "debugDhcp": "warn", "debugFrontend": "warn", "debugPlugins": "warn",
    "debugRenderer": "warn", "defaultBootEnv": "local", "defaultStage": "none", "knownTokenTimeout": "3600",
    "logLevel": "warn", "unknownBootEnv": "ignore", "unknownTokenTimeout": "600",
}


def test_a_new_server_has_these_preferences_and_shows_no_secrets(fresh):
    server = fresh()
    assert server.get("/prefs") == DEFAULTS
    assert server.get("/contents/BackingStore")["sections"].keys() >= {"preferences", "profiles", "users"}
    counts = {each["meta"]["Name"]: each["Counts"] for each in server.get("/contents")}
    assert counts["BackingStore"]["preferences"] == 13


def test_preferences_are_set_by_name_and_answered_in_full(server):
    reply = server.curl("POST", "/prefs", {"knownTokenTimeout": "7200", "logLevel": "info", "debugDhcp": "2"})
    assert reply.status in (200, 201)
    assert reply.json == {**DEFAULTS, "knownTokenTimeout": "7200", "logLevel": "info", "debugDhcp": "debug"}
    assert server.get("/prefs") == reply.json
    server.curl("POST", "/prefs", DEFAULTS)
    assert server.get("/prefs") == DEFAULTS


@pytest.mark.parametrize("name, value, message", [
    ("greg", "x", "Unknown Preference greg"),
    ("defaultBootEnv", "illegal", "defaultBootEnv: Bootenv illegal does not exist"),
    ("unknownBootEnv", "illegal", "unknownBootEnv: Bootenv illegal does not exist"),
    ("defaultStage", "illegal", "defaultStage: Stage illegal does not exist"),
    ("defaultWorkflow", "foo", "defaultWorkflow: Workflow foo does not exist"),
    ("knownTokenTimeout", "illegal", 'knownTokenTimeout: strconv.Atoi: parsing "illegal": invalid syntax'),
    ("unknownTokenTimeout", "1.5", 'unknownTokenTimeout: strconv.Atoi: parsing "1.5": invalid syntax'),
    ("baseTokenSecret", "short", "baseTokenSecret: Must be 32 bytes long"),
])
def test_a_preference_that_makes_no_sense_is_refused_and_nothing_is_set(server, name, value, message):
    reply = server.curl("POST", "/prefs", {name: value, "logLevel": "debug"})
    assert reply.json == {"Code": 422, "Model": "prefs", "Type": "POST", "Key": "", "Messages": [message]}
    assert server.get("/prefs") == DEFAULTS


@pytest.mark.parametrize("name", ["logLevel", "unknownBootEnv"])
def test_other_senseless_preferences_are_refused_too(server, name):
    reply = server.curl("POST", "/prefs", {name: "local"})
    assert reply.status == 422 and reply.json["Messages"][0].startswith(f"{name}: ")


def test_machines_start_as_the_preferences_say(fresh):
    server = fresh()
    server.curl("POST", "/stages", {"Name": "first"})
    assert server.curl("POST", "/prefs", {"defaultStage": "first"}).status in (200, 201)
    assert server.curl("POST", "/machines", {"Name": "bob"}).json["Stage"] == "first"
    reply = server.curl("DELETE", "/stages/first")
    assert (reply.status, reply.json["Type"]) == (409, "StillInUseError")


def test_the_hosts_interfaces_are_listed_but_not_written(server):
    loopback = next(each for each in server.get("/interfaces") if each["Name"] == "lo")
    assert loopback.keys() == {
        "Name", "Index", "Addresses", "ActiveAddress", "Gateway", "DnsServers", "DnsDomain", "ReadOnly", "Meta"}
    assert "127.0.0.1/8" in loopback["Addresses"]
    assert server.get("/interfaces/lo") == loopback
    # What leads out of this host also has a router and those who resolve names.
    route = next((line.split() for line in open("/proc/net/route") if line.split()[1] == "00000000"), None)
    if route:
        gateway = ipaddress.ip_address(bytes.fromhex(route[2])[::-1])
        assert server.get(f"/interfaces/{route[0]}")["Gateway"] == str(gateway)
    assert loopback["Gateway"] == "" and loopback["DnsServers"] == []
    reply = server.curl("GET", "/interfaces/john")
    assert reply.json == {
        "Code": 404, "Model": "interfaces", "Type": "GET", "Key": "john", "Messages": ["No interface"]}
    assert server.curl("DELETE", "/interfaces/lo").status == 404


def test_the_log_tells_of_writes_with_who_and_how_long(server):
    reply = server.curl("PATCH", "/profiles/global", [], headers=["X-Log-Token: meta-log-token"])
    lines = server.get("/logs")
    assert lines[0].keys() == {
        "Group", "Seq", "Time", "Service", "Principal", "Level", "File", "Line", "Message", "Data", "IgnorePublish"}
    assert [line["Seq"] for line in lines] == sorted(line["Seq"] for line in lines)
    mine = [line for line in lines if reply.headers["x-request-id"] in str(line)]
    assert any("/api/v3/profiles/global" in str(line) and "rocketskates" in str(line) for line in mine)
    assert any("meta-log-token" in line["Message"] and line["Level"] == "error" for line in mine)
