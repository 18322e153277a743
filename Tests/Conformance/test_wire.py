"""Small matters of the wire that public clients and packs rely on."""

import re

import pytest
from object_types import ALL

CLAIM_NOTHING = [{"scope": "info", "action": "get", "specific": "*"}]


@pytest.fixture
def made(server):
    """Creates objects; all are deleted after the test, the last one first."""
    paths = []

    def make(prefix, key="Name", **fields):
        reply = server.curl("POST", f"/{prefix}", fields)
        assert reply.status == 201, reply.body
        paths.append(f"/{prefix}/{reply.json[key]}")
        return reply.json

    yield make
    for path in reversed(paths):
        server.curl("DELETE", path)


@pytest.fixture
def jill(server, made):
    """The login of a user who may do next to nothing."""
    made("roles", Name="wire-role", Claims=CLAIM_NOTHING)
    made("users", Name="wire-jill", Roles=["wire-role"])
    assert server.curl("PUT", "/users/wire-jill/password", {"Password": "x"}).status == 200
    return "wire-jill:x"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("prefix", [*(each.prefix for each in ALL), "interfaces", "contents"])
def test_a_list_without_the_right_to_it_is_empty(server, jill, prefix, method):
    reply = server.curl(method, f"/{prefix}", user=jill)
    assert reply.status == 200
    counts = {name: value for name, value in reply.headers.items() if name.startswith("x-drp-list-")}
    assert len(counts) == 3 and set(counts.values()) == {"0"}
    if method == "GET":
        assert reply.json == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("prefix", ["interfaces", "contents"])
def test_lists_of_what_is_no_object_have_counts_too(server, method, prefix):
    count = str(len(server.get(f"/{prefix}")))
    headers = server.curl(method, f"/{prefix}").headers
    assert [headers[f"x-drp-list-{name}count"] for name in ("", "filter-", "total-")] == [count] * 3


def test_a_tenant_that_lists_users_does_not_lock_its_own_out(server, made, jill):
    made("roles", Name="wire-users", Claims=[{"scope": "users", "action": "get,list", "specific": "*"}])
    server.curl("PATCH", "/users/wire-jill", [{"op": "add", "path": "/Roles/-", "value": "wire-users"}])
    made("users", Name="wire-jack")
    tenant = made("tenants", Name="wire-tenant", Users=["wire-jill"], Members={"users": []})["Name"]
    assert server.curl("GET", "/users/wire-jill", user=jill).status == 200
    assert server.curl("GET", "/users/wire-jill/token", user=jill).status == 200
    assert [each["Name"] for each in server.curl("GET", "/users", user=jill).json] == ["wire-jill"]
    assert server.curl("GET", "/users/wire-jack", user=jill).status == 404
    assert server.curl("DELETE", "/users/wire-jill").status == 200
    assert server.get(f"/tenants/{tenant}")["Users"] == []


def test_the_role_superuser_stays(server):
    for path in "/roles/superuser", "/roles/Name:superuser":
        error = server.curl("DELETE", path).json
        assert (error["Code"], error["Type"]) == (409, "StillInUseError"), error
    assert server.curl("DELETE", "/bootenvs/local").json["Type"] in ("StillInUseError", "DELETE")


def test_a_param_that_is_posted_without_a_body_is_null(server, made):
    made("profiles", Name="wire-profile", Params={"size": 1})
    for body, headers in (b"", []), (b"", ["Content-Type;"]), (None, []):
        server.curl("POST", "/profiles/wire-profile/params/size", 1)
        reply = server.curl("POST", "/profiles/wire-profile/params/size", body, headers=headers)
        assert (reply.status, reply.body) == (200, b"null")
        assert server.get("/profiles/wire-profile")["Params"] == {"size": None}


def test_profiles_of_machines_are_found_by_several_at_once(server, made):
    for name in "a", "b", "c":
        made("profiles", Name=f"wire-{name}")
    machines = {}
    for name, profiles in ("0", ""), ("1", "a"), ("2", "ab"), ("3", "bca"):
        machine = made("machines", "Uuid", Name=f"wire-{name}", Profiles=[f"wire-{each}" for each in profiles])
        machines[machine["Uuid"]] = name

    def found(condition):
        rows = server.get(f"/machines?Name=Re(^wire-)&Profiles={condition}")
        return "".join(sorted(machines[each["Uuid"]] for each in rows))

    assert found("Eq(wire-a,wire-b)") == found("wire-b,wire-a") == "23"
    assert found("Ne(wire-a,wire-b)") == "01"
    assert found("Eq(wire-a)") == found("wire-a") == "123"


def test_what_is_slim_is_empty_and_named_params_come_even_so(server, made):
    made("profiles", Name="wire-slim", Params={"aa": 1, "bb": 2}, Meta={"x": "y"})
    for path in "/profiles/wire-slim?", "/profiles?Name=wire-slim&":
        def get(query):
            value = server.get(path + query)
            return value[0] if isinstance(value, list) else value

        whole = get("")
        assert get("slim=params,META") == {**whole, "Params": {}, "Meta": {}, "Partial": True}
        assert get("slim=Params&params=aa") == {**whole, "Params": {"aa": 1}, "Partial": True}
        assert get("slim=Params&aggregate=true") == {**whole, "Params": {}, "Partial": True}


def test_who_slims_what_is_hidden_is_not_shown_a_place_for_it(server):
    assert "PasswordHash" not in server.get("/users/rocketskates?slim=PasswordHash")


@pytest.mark.parametrize("query, status, is_written", [
    ("dryRun", 200, False), ("dryrun=", 200, False), ("DRYRUN=true", 200, False), ("dryRun=True", 200, False),
    ("dryRun=1", 200, False), ("dryRun=false", 200, True), ("DryRun=0", 200, True), ("dryRun=FALSE", 200, True),
    ("dryRun=yes", 400, False), ("dryrun=2", 400, False), ("dryrun=0&dryRun=1", 200, False),
])
def test_a_dry_run_is_asked_for_in_any_spelling(server, query, status, is_written):
    body = {"changes": [{"op": "create", "type": "profiles", "key": "wire-dry", "object": {}}]}
    reply = server.curl("POST", f"/changes?{query}", body)
    assert reply.status == status, reply.body
    assert (server.curl("DELETE", "/profiles/wire-dry").status == 200) == is_written
    single = server.curl("POST", f"/profiles?{query}", {"Name": "wire-dry"})
    assert (single.status == 201) == is_written
    assert (server.curl("DELETE", "/profiles/wire-dry").status == 200) == is_written


def test_the_certificate_can_be_downloaded(server):
    reply = server.curl("GET", "/static/cert")
    assert reply.status == 200
    assert reply.body.decode() == server.get("/system/cert")["Cert"]
    assert reply.body.startswith(b"-----BEGIN CERTIFICATE-----") and b"PRIVATE" not in reply.body


def test_templates_with_and_without_systems_are_told_apart_one_by_one(server):
    templates = [{"Name": "t1", "Contents": "x"}, {"Name": "t2", "Contents": "x", "Meta": {"OS": "any"}}]
    reply = server.curl("POST", "/tasks", {"Name": "wire-task", "Templates": templates})
    assert (reply.status, reply.json["Messages"]) == (422, [
        "wire-task: Cannot mix templates with OS metadata and templates without OS metadata",
        "wire-task: Template[0] t1 is missing OS metadata", "wire-task: Template[1] t2 has OS metadata any"])


def test_an_older_client_can_patch_what_has_members_that_it_does_not_know(server, made):
    machine = made("machines", "Uuid", Name="wire-older")
    path = f"/machines/{machine['Uuid']}"
    older = {name: value for name, value in machine.items() if name not in ("Fingerprint", "PoolStatus")}
    older["Profile"] = {"Name": ""}

    def patch(document):
        return server.curl("PATCH", path, [
            {"op": "test", "path": "", "value": document},
            {"op": "replace", "path": "/Description", "value": document["Description"] + "x"}])

    assert patch(older).status == 200
    assert patch(older).status == 409
    assert patch({**older, "Description": "x"}).status == 200
    assert patch({**older, "Description": "xx", "Meta": {}}).status == 409


UNBUILT = [
    ("GET", "/alerts", "alerts"), ("POST", "/clusters", "clusters"), ("DELETE", "/pipelines/x", "pipelines"),
    ("HEAD", "/zones/x", "zones"), ("PATCH", "/ux_views/x/y", "ux_views"),
    ("GET", "/zones/x", "zones"),
]


@pytest.mark.parametrize("method, path, part", UNBUILT)
def test_what_is_not_built_says_so(server, method, path, part):
    body = {"POST": {"Name": "x"}, "PATCH": []}.get(method)
    reply = server.curl(method, path, body)
    assert reply.status == 501
    if method == "HEAD":
        return
    assert reply.json.keys() == {"Model", "Key", "Type", "Messages", "Code"}
    assert (reply.json["Code"], reply.json["Type"]) == (501, method)
    assert part in reply.json["Messages"][0] and path in reply.json["Messages"][0]
    assert server.curl(method, path, body, user=None).status in (401, 403)


def test_what_nobody_knows_has_no_route(server):
    assert server.curl("GET", "/freds/john").json["Messages"] == ["No route"]


def test_info_tells_the_ports_that_the_server_was_started_with(fresh):
    names = {"tftp": "tftp_port", "dhcp": "dhcp_port", "binl": "binl_port", "static-secure": "secure_file_port"}
    server = fresh()
    info = server.get("/info")
    ports = [server.tftp_port, server.dhcp_port, server.binl_port, server.secure_port]
    assert [info[name] for name in names.values()] == ports
    for name in "tftp", "dhcp", "binl", "prov", "secure_prov":
        assert info[f"{name}_enabled"] is True
    environment = fresh("--disable-tftp", name="environment", environment={"RS_DISABLE_BINL": "true"}).get("/info")
    assert (environment["tftp_enabled"], environment["binl_enabled"], environment["dhcp_enabled"]) == (False, False, True)


def test_features_are_those_that_clients_know_and_then_only_true_ones(server):
    features = server.get("/info")["features"]
    start = features.index("log-has-head-method")
    assert features[0] == "api-v3" and start == 35
    assert features[start + 1:] == ["virtual-media-boot", "elevated-tasks", "overridable-bootloaders", "centos-8"]
    assert not {each for each in features if re.match("selective-job-purge|task-retry|agent-auto-update", each)}
