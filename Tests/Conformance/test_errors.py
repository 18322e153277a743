"""Refusals in the words that clients know (C §3): one row, one test."""

import urllib.parse

import pytest

UUID = "0d1e2f3a-0000-4000-8000-0000000000f0"


@pytest.fixture
def made(server):
    """Creates objects, and removes them after the test."""
    paths = []

    def make(prefix, **body):
        reply = server.curl("POST", f"/{prefix}", body)
        assert reply.status == 201, reply.body
        paths.append(f"/{prefix}/" + (body.get("Uuid") or body.get("Name") or body.get("ID") or body["Addr"]))
        return reply.json

    yield make
    for path in reversed(paths):
        if path.startswith("/machines"):
            server.curl("PATCH", path, [{"op": "replace", "path": "/Locked", "value": False}])
        server.curl("DELETE", path)


def error(server, method, path, body=None):
    reply = server.curl(method, path, body)
    assert reply.status == reply.json["Code"] >= 400
    assert reply.headers["content-type"] == "application/json"
    return reply.json


def refusal(code, kind, model, key, *messages):
    return {"Code": code, "Type": kind, "Model": model, "Key": key, "Messages": list(messages)}


def test_sub_resources_of_missing_objects_are_not_found_under_the_parent(server):
    expected = refusal(404, "POST", "machines", "john", "Not Found")
    assert error(server, "POST", "/machines/john/params", {}) == expected


def test_an_unknown_action_is_not_found(server, made):
    made("machines", Uuid=UUID, Name="errors-bob")
    path = f"/machines/{UUID}/actions/command"
    assert error(server, "GET", path) == refusal(404, "GET", "machines", UUID, "command: Not Found")
    expected = refusal(404, "INVOKE", "machines", UUID, "Action command on machines: Not Found")
    assert error(server, "POST", path, {}) == expected
    assert server.get(f"/machines/{UUID}/actions") == []


@pytest.mark.parametrize("prefix, body, key, messages", [
    ("machines", {"Name": "x"}, UUID, [f"{UUID}: Invalid Name `x`"]),
    ("machines", {"Name": "ok-name", "Stage": "s!"}, UUID, [f"{UUID}: Invalid Stage `s!`"]),
    ("machines", {"Name": "ok-name", "Arch": "pdp11"}, UUID, [f"{UUID}: Unsupported arch pdp11"]),
    ("machines", {"Name": "ok-name", "Arch": "x86_64"}, UUID, [f"{UUID}: Please use amd64 for Arch instead of x86_64"]),
    ("machines", {"Name": "ok-name", "Stage": "baz"}, UUID, ["Stage baz does not exist"]),
    ("machines", {"Name": "ok-name", "BootEnv": "baz"}, UUID, ["Bootenv baz does not exist"]),
    ("machines", {"Name": "ok-name", "BootEnv": "ignore"}, UUID,
     ["BootEnv ignore does not allow Machine assignments, it has the OnlyUnknown flag."]),
    ("machines", {"Name": "ok-name", "Profiles": ["nope"]}, UUID, [f"{UUID}: Profile nope (at 0) does not exist"]),
    ("machines", {"Name": "ok-name", "Profiles": ["global", "global"]}, UUID,
     [f"{UUID}: Duplicate profile global: at 0 and 1"]),
    ("machines", {"Name": "ok-name", "Tasks": ["nope"]}, UUID, [f"{UUID}: Task nope (at 0) does not exist"]),
    ("profiles", {"Name": "1bad"}, "1bad", ["1bad: Invalid Name `1bad`"]),
    ("templates", {"ID": "x"}, "x", ["x: Invalid ID `x`"]),
    ("users", {"Name": "a/b"}, "a/b", ["a/b: Invalid Name `a/b`"]),
    ("params", {"Name": "x y!"}, "x y!", ["x y!: Invalid Name `x y!`"]),
    ("params", {"Name": "bad-default", "Schema": {"type": "string", "default": True}}, "bad-default",
     ["bad-default: Error in default value: (root): Invalid type. Expected: string, given: boolean"]),
    ("roles", {"Name": "bad-role", "Claims": [{"scope": "freds", "action": "get", "specific": "*"}]}, "bad-role",
     ["bad-role: No such scope 'freds'"]),
    ("roles", {"Name": "bad-role", "Claims": [{"scope": "machines", "action": "eat", "specific": "*"}]}, "bad-role",
     ["bad-role: No such action 'eat'"]),
    ("subnets", {"Name": "bad-net", "Subnet": "10.9.8.0/24", "ActiveStart": "10.9.8.20", "ActiveEnd": "10.9.8.10"},
     "bad-net", ["bad-net: ActiveStart 10.9.8.20 must be less than or equal to ActiveEnd 10.9.8.10"]),
    ("subnets", {"Name": "bad-net", "Subnet": "10.9.8.0/24", "ActiveStart": "10.9.8.10", "ActiveEnd": "10.9.8.20",
                 "ActiveLeaseTime": 10, "ReservedLeaseTime": 20}, "bad-net",
     ["bad-net: ActiveLeaseTime must be greater than or equal to 60 seconds, not 10",
      "bad-net: ReservedLeaseTime must be greater than or equal to 7200 seconds, not 20"]),
    ("subnets", {"Name": "bad-net", "Subnet": "10.9.8.0/24", "ActiveStart": "10.9.8.10", "ActiveEnd": "10.9.8.20",
                 "Unmanaged": True, "Proxy": True}, "bad-net", ["bad-net: Unmanaged and Proxy cannot both be true"]),
    ("tasks", {"Name": "badfoo", "Prerequisites": ["badfoo"]}, "badfoo",
     ["Task badfoo depends on itself!", "badfoo: badfoo (cycle at 0)"]),
    ("tasks", {"Name": "bad-task", "Templates": [{"Path": "x", "Contents": "y"}]}, "bad-task",
     ["bad-task: Template[0] is missing a Name"]),
    ("tasks", {"Name": "bad-task", "Templates": [{"Name": "one"}]}, "bad-task",
     ["bad-task: Template[0] must have either an ID, a Link, or Contents set"]),
    ("tasks", {"Name": "bad-task", "Templates": [{"Name": "a", "ID": "b", "Contents": "c"}]}, "bad-task",
     ["bad-task: Template[0] has both an ID and Contents"]),
    ("tasks", {"Name": "bad-task", "Templates": [{"Name": "a", "Contents": "c"}, {"Name": "a", "Contents": "d"}]},
     "bad-task", ["bad-task: Template 1 and 0 have the same name a"]),
    ("tasks", {"Name": "bad-task", "Templates": [
        {"Name": "a", "Contents": "c", "Meta": {"OS": "linux"}}, {"Name": "b", "Contents": "d"}]}, "bad-task",
     ["bad-task: Cannot mix templates with OS metadata and templates without OS metadata",
      "bad-task: Template[0] a has OS metadata linux", "bad-task: Template[1] b is missing OS metadata"]),
    ("bootenvs", {"Name": "bad-env", "Templates": [{"Name": "a", "Contents": "c"}]}, "bad-env",
     ["bad-env: Template[0] is missing a Path"]),
    ("bootenvs", {"Name": "bad-env", "Loaders": {"vax": "x"}}, "bad-env",
     ["bad-env: vax is not a supported loader type"]),
    ("stages", {"Name": "bad-stage", "Tasks": ["action:x"]}, "bad-stage", ["bad-stage: Invalid action specifier x"]),
    ("stages", {"Name": "bad-stage", "Tasks": ["fly:x"]}, "bad-stage", ["bad-stage: Invalid Task: fly:x"]),
    ("reservations", {"Addr": "10.77.0.5", "Token": "t", "Strategy": "MAC", "Scoped": True}, "0A4D0005",
     ["0A4D0005: Address 10.77.0.5 is not in a defined Subnet, and Scoped is true."]),
    ("jobs", {"Uuid": UUID, "State": "asleep", "Stage": "none", "Task": "t1"}, UUID,
     [f"{UUID}: Invalid State `asleep`"]),
])
def test_an_object_that_breaks_a_rule_is_refused_with_a_sentence_for_each(server, prefix, body, key, messages):
    body = {"Uuid": UUID, **body} if prefix == "machines" else body
    refused = error(server, "POST", f"/{prefix}", body)
    assert refused["Messages"] == messages
    assert refused == refusal(422, "ValidationError", prefix, key, *messages)
    assert server.curl("GET", f"/{prefix}/{urllib.parse.quote(key)}").status == 404


@pytest.mark.parametrize("prefix, body, messages", [
    ("stages", {"Name": "soft", "BootEnv": "fredhammer"}, ["soft: BootEnv fredhammer does not exist"]),
    ("workflows", {"Name": "soft", "Stages": ["missing"]}, ["Stage missing does not exist"]),
    ("tasks", {"Name": "soft", "Templates": [{"Name": "a", "ID": "gone.tmpl"}]},
     ["Templates[0]: No common template for gone.tmpl"]),
])
def test_an_object_that_refers_to_what_is_missing_is_kept_but_cannot_be_used(server, made, prefix, body, messages):
    stored = made(prefix, **body)
    assert (stored["Validated"], stored["Available"]) == (True, False)
    assert [message.removeprefix("soft: ") for message in stored["Errors"]] == [
        message.removeprefix("soft: ") for message in messages]


def test_objects_become_usable_when_what_they_refer_to_appears_and_again_unusable_when_it_goes(server, made):
    made("workflows", Name="later-flow", Stages=["later-stage"])
    made("stages", Name="later-stage", BootEnv="later-env")
    flow = lambda: server.get("/workflows/later-flow")["Available"]
    assert flow() is False
    server.curl("POST", "/bootenvs", {"Name": "later-env", "OS": {"Name": "later"}})
    assert flow() is True
    server.curl("DELETE", "/bootenvs/later-env")
    assert flow() is False


def test_a_locked_machine_is_left_alone_until_it_is_unlocked(server, made):
    made("machines", Uuid=UUID, Name="errors-locked", Locked=True)
    path, locked = f"/machines/{UUID}", lambda method: refusal(422, method, "machines", UUID, "Locked")
    patch = [{"op": "replace", "path": "/Description", "value": "x"}]
    assert error(server, "PATCH", path, patch) == locked("PATCH")
    assert error(server, "DELETE", path) == locked("DELETE")
    assert error(server, "PUT", path, server.get(path)) == locked("PUT")
    assert error(server, "POST", f"{path}/params/some-param", 1)["Messages"] == ["Locked"]
    unlock = [{"op": "replace", "path": "/Locked", "value": False}, *patch]
    assert server.curl("PATCH", path, unlock).json["Description"] == "x"


def test_what_a_preference_names_stays(fresh):
    server = fresh()
    server.curl("POST", "/bootenvs", {"Name": "mine", "OS": {"Name": "mine"}})
    server.curl("POST", "/prefs", {"defaultBootEnv": "mine"})
    expected = refusal(
        409, "StillInUseError", "bootenvs", "mine", "BootEnv mine is the active defaultBootEnv, cannot remove it")
    assert error(server, "DELETE", "/bootenvs/mine") == expected


def test_a_role_that_a_user_has_stays(server, made):
    made("roles", Name="errors-role")
    made("users", Name="t1-1", Roles=["errors-role"])
    expected = refusal(409, "StillInUseError", "roles", "errors-role", "In use by User t1-1")
    assert error(server, "DELETE", "/roles/errors-role") == expected


def test_a_tenant_that_has_users_stays(server, made):
    made("users", Name="t2-1"), made("users", Name="t2-2")
    made("tenants", Name="errors-tenant", Users=["t2-1", "t2-2"])
    expected = refusal(409, "StillInUseError", "tenants", "errors-tenant", "Constraining Users: [t2-1 t2-2]")
    assert error(server, "DELETE", "/tenants/errors-tenant") == expected
    server.curl("PATCH", "/tenants/errors-tenant", [{"op": "replace", "path": "/Users", "value": []}])


def test_a_subnet_with_scoped_reservations_stays(server, made):
    made("subnets", Name="john", Subnet="10.78.0.0/24", ActiveStart="10.78.0.10", ActiveEnd="10.78.0.20")
    made("reservations", Addr="10.78.0.30", Token="t", Strategy="MAC", Scoped=True)
    expected = refusal(
        409, "StillInUseError", "subnets", "john", "Reservation 10.78.0.30 is scoped for Subnet john, cannot delete.")
    assert error(server, "DELETE", "/subnets/john") == expected


def test_a_profile_that_a_machine_has_stays(server, made):
    made("profiles", Name="errors-profile")
    made("machines", Uuid=UUID, Name="errors-user", Profiles=["errors-profile"])
    assert error(server, "DELETE", "/profiles/errors-profile")["Type"] == "StillInUseError"
    assert error(server, "DELETE", "/profiles/global")["Type"] == "StillInUseError"


def test_a_job_that_is_not_done_stays(server, made):
    job = made("jobs", Uuid=UUID, State="created", Stage="none", Task="errors-task")
    expected = refusal(
        422, "ValidationError", "jobs", UUID, f"Jobs {UUID} is not in a deletable state: created")
    assert error(server, "DELETE", f"/jobs/{job['Uuid']}") == expected
    server.curl("PATCH", f"/jobs/{UUID}", [{"op": "replace", "path": "/State", "value": "failed"}])


@pytest.mark.parametrize("patch, message", [
    ([{"op": "remove", "path": "/foo"}], "`/foo` does not point to an existing location"),
    ([{"op": "test", "path": "/Name", "value": "global"}, {"op": "replace", "path": "/foo", "value": 1}],
     "/foo does not refer to an existing location"),
    ([{"op": "add", "path": "/Profiles/7", "value": "x"}], "Index out of bounds"),
])
def test_a_patch_that_leads_nowhere_is_refused_with_the_number_of_its_line(server, patch, message):
    before = server.get("/profiles/global")
    refused = error(server, "PATCH", "/profiles/global", patch)
    assert (refused["Code"], refused["Type"], refused["Model"], refused["Key"]) == (409, "PATCH", "profiles", "global")
    assert refused["Messages"][0].startswith(f"Patch error at line {len(patch) - 1}: {message}")
    assert refused["Messages"][1].startswith("Patch: [\n  {\n")
    assert server.get("/profiles/global") == before


def test_a_patch_may_not_change_the_key(server):
    refused = error(server, "PATCH", "/profiles/global", [{"op": "replace", "path": "/Name", "value": "world"}])
    assert (refused["Code"], refused["Type"]) == (400, "PATCH")
    assert "global" in refused["Messages"][0] and "world" in refused["Messages"][0]


def test_numbers_in_tests_of_patches_are_compared_by_value(server, made):
    made("profiles", Name="errors-numbers", Params={"one": 1})
    patch = [{"op": "test", "path": "/Params", "value": {"one": 1.0}}]
    assert server.curl("PATCH", "/profiles/errors-numbers", patch).status == 200
