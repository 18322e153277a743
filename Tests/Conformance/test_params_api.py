"""The params of an object, one by one and as a map, and where their values come from (C §9)."""

import pytest

TYPES = {
    "machines": {"Uuid": "0d1e2f3a-0000-4000-8000-0000000000e0", "Name": "params-owner"},
    "profiles": {"Name": "params-owner"},
    "stages": {"Name": "params-owner"},
    "plugins": {"Name": "params-owner", "Provider": "params-provider"},
    "endpoints": {"Id": "params-owner"},
    "kk": {"Id": "params-owner"},
}


@pytest.fixture(scope="module", autouse=True)
def schemas(server):
    params = [
        {"Name": "params/number", "Schema": {"type": "integer", "minimum": 1, "default": 7}},
        {"Name": "params/text", "Schema": {"type": "string"}},
        {"Name": "params/open"},
    ]
    for each in params:
        assert server.curl("POST", "/params", each).status == 201
    yield
    for each in params:
        server.curl("DELETE", f"/params/{each['Name']}")


@pytest.fixture(params=TYPES)
def owner(request, server):
    """The path of an object that has params, without any."""
    prefix, body = request.param, TYPES[request.param]
    assert server.curl("POST", f"/{prefix}", body).status == 201
    path = f"/{prefix}/{body.get('Uuid', 'params-owner')}"
    yield path
    server.curl("DELETE", path)


def test_a_param_is_set_read_and_taken_away(server, owner):
    set_ = server.curl("POST", f"{owner}/params/params/open", {"a": [1, None]})
    assert (set_.status, set_.json) == (200, {"a": [1, None]})
    assert server.get(f"{owner}/params/params/open") == {"a": [1, None]}
    assert server.get(f"{owner}/params/params%2Fopen") == {"a": [1, None]}
    assert server.get(owner)["Params"] == {"params/open": {"a": [1, None]}}
    removed = server.curl("DELETE", f"{owner}/params/params/open")
    assert (removed.status, removed.json) == (200, {"a": [1, None]})
    assert server.get(f"{owner}/params") == {}


def test_a_param_that_is_absent_is_null(server, owner):
    reply = server.curl("GET", f"{owner}/params/params/open")
    assert (reply.status, reply.body) == (200, b"null")


def test_null_is_a_value_that_is_stored(server, owner):
    server.curl("POST", f"{owner}/params/params/open", b"null")
    assert server.get(f"{owner}/params") == {"params/open": None}


def test_taking_away_what_is_absent_is_not_found(server, owner):
    reply = server.curl("DELETE", f"{owner}/params/params/open")
    assert reply.status == 404
    assert reply.json == {
        "Code": 404, "Model": "params", "Type": "DELETE", "Key": "params/open", "Messages": ["Not Found"]}


def test_post_replaces_the_whole_map(server, owner):
    server.curl("POST", f"{owner}/params/old", 1)
    reply = server.curl("POST", f"{owner}/params", {"params/text": "x", "new": 2})
    assert (reply.status, reply.json) == (200, {"new": 2, "params/text": "x"})
    assert server.get(f"{owner}/params") == {"new": 2, "params/text": "x"}


def test_patch_changes_the_map(server, owner):
    server.curl("POST", f"{owner}/params", {"params/text": "x", "old": 1})
    patch = [
        {"op": "test", "path": "", "from": "", "value": {"params/text": "x", "old": 1}},
        {"op": "replace", "path": "/params~1text", "from": "", "value": "y"},
        {"op": "remove", "path": "/old", "from": "", "value": None},
        {"op": "add", "path": "/new", "from": "", "value": [True]},
    ]
    reply = server.curl("PATCH", f"{owner}/params", patch)
    assert (reply.status, reply.json) == (200, {"new": [True], "params/text": "y"})


def test_a_patch_whose_test_fails_changes_nothing(server, owner):
    server.curl("POST", f"{owner}/params", {"old": 1})
    reply = server.curl("PATCH", f"{owner}/params", [{"op": "test", "path": "/old", "value": 2}])
    assert (reply.status, reply.json["Type"]) == (409, "PATCH")
    assert reply.json["Messages"][0] == "Patch error at line 0: Test op failed."
    assert server.get(f"{owner}/params") == {"old": 1}


@pytest.mark.parametrize("value, problem", [
    (b'"two"', "Key 'params/number': invalid val 'two': : (root): Invalid type. Expected: integer, given: string"),
    (b"[5]", "Key 'params/number': invalid val '[5]': : (root): Invalid type. Expected: integer, given: array"),
])
def test_a_value_that_breaks_the_schema_is_refused_with_the_key_as_given(server, owner, value, problem):
    server.curl("POST", f"{owner}/params/params/number", 3)
    reply = server.curl("POST", f"{owner}/params/params/number", value)
    _, prefix, key = owner.split("/")
    assert reply.json == {"Code": 422, "Model": prefix, "Type": "POST", "Key": key, "Messages": [problem]}
    assert server.get(f"{owner}/params") == {"params/number": 3}


def test_schemas_hold_for_the_map_and_for_the_whole_object_too(server, owner):
    bad = {"params/number": 0}
    assert server.curl("POST", f"{owner}/params", bad).status == 422
    assert server.curl("PATCH", f"{owner}/params", [{"op": "add", "path": "/params~1number", "value": 0}]).status == 422
    refused = server.curl("PATCH", owner, [{"op": "add", "path": "/Params", "value": bad}])
    assert (refused.status, refused.json["Type"]) == (422, "ValidationError")
    assert server.curl("PUT", owner, {**server.get(owner), "Params": bad}).status == 422
    assert server.get(f"{owner}/params") == {}


def test_a_list_of_names_narrows_the_map(server, owner):
    server.curl("POST", f"{owner}/params", {"one": 1, "two": 2, "params/text": "x"})
    assert server.get(f"{owner}/params?params=one,params/text,none") == {"one": 1, "params/text": "x"}


@pytest.mark.parametrize("method, below, body", [
    ("GET", "", None), ("POST", "", {}), ("PATCH", "", []), ("GET", "/x", None), ("POST", "/x", {}),
    ("DELETE", "/x", None),
])
def test_params_of_a_missing_object_are_not_found(server, method, below, body):
    reply = server.curl(method, f"/machines/Name:nobody/params{below}", body)
    assert reply.json == {
        "Code": 404, "Model": "machines", "Type": method, "Key": "Name:nobody", "Messages": ["Not Found"]}


def test_types_without_params_have_no_such_path(server):
    reply = server.curl("POST", "/params/params/open/params", {})
    assert (reply.status, reply.json["Messages"]) == (404, ["No route"])


PROFILES = {
    "prec-inner": {"pb": "inner", "pc": "inner", "pd": "inner"},
    "prec-outer": {"pb": "outer", "pc": "outer"},
    "prec-second": {"pc": "second", "pd": "second", "pe": "second"},
    "prec-stage": {"pe": "stage profile", "pf": "stage profile", "pg": "stage profile"},
}
STAGE = {"pe": "stage", "pf": "stage"}
GLOBAL = {"pg": "global", "ph": "global"}


@pytest.fixture(scope="module")
def machine(server):
    """A machine with a value of its own in `pa`, and values from everywhere else in the names after it."""
    nested = {"prec-outer": ["prec-inner"]}
    made = [
        *(("profiles", {"Name": name, "Params": params, "Profiles": nested.get(name, [])})
          for name, params in PROFILES.items()),
        ("stages", {"Name": "prec-stage", "Params": STAGE, "Profiles": ["prec-stage"]}),
        ("params", {"Name": "prec/defaulted", "Schema": {"type": "string", "default": "from the schema"}}),
        ("machines", {"Name": "prec-machine", "Stage": "prec-stage", "Params": {"pa": "machine"},
                      "Profiles": ["prec-outer", "prec-second"]}),
    ]
    for prefix, body in made:
        assert server.curl("POST", f"/{prefix}", body).status == 201
    server.curl("POST", "/profiles/global/params", GLOBAL)
    yield "/machines/Name:prec-machine"
    server.curl("POST", "/profiles/global/params", {})
    for prefix, body in reversed(made):
        server.curl("DELETE", f"/{prefix}/Name:{body['Name']}")


def test_aggregated_params_come_from_the_first_place_that_has_them(server, machine):
    expected = {
        "pa": "machine", "pb": "outer", "pc": "outer", "pd": "inner", "pe": "second", "pf": "stage",
        "pg": "stage profile", "ph": "global"}
    assert server.get(f"{machine}/params?aggregate=true") == expected
    assert server.get(f"{machine}?aggregate=true")["Params"] == expected
    assert server.get(f"{machine}/params?aggregate=true&params=pa,ph") == {"pa": "machine", "ph": "global"}
    for name, value in expected.items():
        assert server.get(f"{machine}/params/{name}?aggregate=true") == value


def test_without_aggregate_only_the_machines_own_params_count(server, machine):
    assert server.get(f"{machine}/params") == {"pa": "machine"}
    assert server.get(f"{machine}/params/pb") is None


def test_the_schemas_default_comes_last_and_only_where_one_param_is_asked_for(server, machine):
    assert server.get(f"{machine}/params/prec/defaulted?aggregate=true") == "from the schema"
    assert server.get(f"{machine}/params/prec/defaulted") is None
    assert "prec/defaulted" not in server.get(f"{machine}/params?aggregate=true")


def test_the_order_of_profiles_counts(server, machine):
    patch = [{"op": "replace", "path": "/Profiles", "value": ["prec-second", "prec-outer"]}]
    assert server.curl("PATCH", machine, patch).status == 200
    assert server.get(f"{machine}/params/pc?aggregate=true") == "second"
    patch[0]["value"] = ["prec-outer", "prec-second"]
    assert server.curl("PATCH", machine, patch).status == 200


def test_compose_merges_maps_with_the_nearer_value_first(server, machine):
    server.curl("POST", f"{machine}/params/maps", {"x": {"near": 1}, "y": "near"})
    server.curl("POST", "/profiles/prec-outer/params/maps", {"x": {"near": 2, "far": 2}, "y": "far", "z": "far"})
    assert server.get(f"{machine}/params/maps?compose=true") == {"x": {"far": 2, "near": 1}, "y": "near", "z": "far"}
    server.curl("DELETE", f"{machine}/params/maps")
    server.curl("DELETE", "/profiles/prec-outer/params/maps")


def test_compose_joins_lists(server, machine):
    server.curl("POST", f"{machine}/params/lists", ["near"])
    server.curl("POST", "/profiles/prec-outer/params/lists", ["far"])
    assert server.get(f"{machine}/params/lists?compose=true") == ["near", "far"]
    server.curl("DELETE", f"{machine}/params/lists")
    server.curl("DELETE", "/profiles/prec-outer/params/lists")
