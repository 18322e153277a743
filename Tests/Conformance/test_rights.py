"""Who can do something, and why somebody cannot: the role, the claim and the tenant that decide."""

import urllib.parse

import pytest

NAMES = {
    "roles": ["rights-get", "rights-list"], "users": ["rights-ann", "rights-bob", "rights-cid"],
    "tenants": ["rights-t"], "profiles": ["rights-p", "rights-q"],
}


@pytest.fixture(scope="module")
def realm(server):
    """Ann may get profile p; so may Bob, but his tenant hides it; Cid may list."""
    get = {"scope": "profiles", "action": "get", "specific": "rights-p"}
    listing = {"scope": "profiles", "action": "list", "specific": "*"}
    for kind, body in (
        ("roles", {"Name": "rights-get", "Claims": [listing, get]}),
        ("roles", {"Name": "rights-list", "Claims": [listing]}),
        ("profiles", {"Name": "rights-p"}), ("profiles", {"Name": "rights-q"}),
        ("users", {"Name": "rights-ann", "Roles": ["rights-list", "rights-get"]}),
        ("users", {"Name": "rights-bob", "Roles": ["rights-get"]}),
        ("users", {"Name": "rights-cid", "Roles": ["rights-list"]}),
        ("tenants", {"Name": "rights-t", "Users": ["rights-bob"], "Members": {"profiles": ["rights-q"]}}),
    ):
        reply = server.curl("POST", f"/{kind}", body)
        assert reply.status == 201, reply.body
    yield server
    server.curl("PATCH", "/tenants/rights-t", [{"op": "replace", "path": "/Users", "value": []}])
    for kind in "tenants", "users", "roles", "profiles":
        for name in NAMES[kind]:
            server.curl("DELETE", f"/{kind}/{name}")


def token_of(server, name, query=""):
    return server.get(f"/users/{name}/token{query}")["Token"]


def who_can(server, **arguments):
    options = {"token": arguments.pop("token")} if "token" in arguments else {}
    return server.curl("GET", "/system/whocan?" + urllib.parse.urlencode(arguments), **options)


def why(server, user, path, method="GET", token=None, **more):
    query = urllib.parse.urlencode({"user": user, "method": method, "path": path, **more})
    return server.curl("GET", f"/system/whydenied?{query}", token=token)


def test_who_can_names_users_with_the_role_claim_and_tenant_that_decide(realm):
    answer = who_can(realm, scope="profiles", action="get", specific="rights-p").json
    rows = {row["user"]: row for row in answer["users"]}
    assert rows["rocketskates"]["role"] == "superuser"
    claim = {"scope": "profiles", "action": "get", "specific": "rights-p"}
    assert rows["rights-ann"] == {
        "user": "rights-ann", "role": "rights-get", "implied": False, "claims": [claim], "tenant": None}
    assert "rights-bob" not in rows and "rights-cid" not in rows
    (kept,) = [row for row in answer["keptOut"] if row["user"] == "rights-bob"]
    assert kept["tenant"] == {"name": "rights-t", "type": "profiles", "key": "rights-p", "listed": False}
    by_index = who_can(realm, scope="profiles", action="get", specific="Name:rights-p").json
    assert (by_index["users"], by_index["keptOut"]) == (answer["users"], answer["keptOut"])


def test_who_can_agrees_with_what_users_can_do(realm):
    for key in "rights-p", "rights-q":
        able = {row["user"] for row in who_can(realm, scope="profiles", action="get", specific=key).json["users"]}
        for user in NAMES["users"]:
            status = realm.curl("GET", f"/profiles/{key}", token=token_of(realm, user)).status
            assert (user in able) == (status == 200), (user, key)


def test_what_everybody_may_do_to_themselves_has_no_role(realm):
    answer = who_can(realm, scope="users", action="password", specific="rights-cid").json
    (row,) = [row for row in answer["users"] if row["user"] == "rights-cid"]
    assert (row["role"], row["implied"]) == ("", True)
    assert row["claims"] == [{"scope": "users", "action": "get,password,token", "specific": "rights-cid"}]


@pytest.mark.parametrize("arguments", [
    {}, {"scope": "profiles"}, {"scope": "nodes", "action": "get"}, {"scope": "profiles", "action": "fly"}])
def test_who_can_what_does_not_exist_is_refused(server, arguments):
    assert who_can(server, **arguments).status == 400


@pytest.mark.parametrize("user, method, path, status", [
    ("rights-ann", "GET", "/api/v3/profiles/rights-p", 200), ("rights-ann", "GET", "/profiles/rights-p", 200),
    ("rights-ann", "GET", "/profiles/rights-q", 404), ("rights-ann", "DELETE", "/profiles/rights-p", 403),
    ("rights-bob", "GET", "/profiles/rights-p", 404), ("rights-bob", "GET", "/profiles/rights-q", 404),
    ("rights-cid", "GET", "/profiles", 200), ("rights-cid", "GET", "/profiles/Name:rights-p", 404),
    ("rights-cid", "GET", "/users/rights-cid", 200), ("rights-cid", "POST", "/profiles", 403),
    ("rocketskates", "PATCH", "/profiles/rights-p", 200), ("rights-cid", "GET", "/history", 200),
])
def test_why_denied_tells_what_becomes_of_a_request(realm, user, method, path, status):
    answer = why(realm, user, path, method)
    assert answer.status == 200, answer.body
    assert (answer.json["status"], answer.json["allowed"]) == (status, status == 200)
    if method == "GET":
        full = path if path.startswith("/api") else "/api/v3" + path
        base = f"https://127.0.0.1:{realm.port}"
        assert realm.curl("GET", full, token=token_of(realm, user), base=base).status == status


def test_why_denied_names_what_decides(realm):
    granted = why(realm, "rights-ann", "/profiles/rights-p").json
    claim = {"scope": "profiles", "action": "get", "specific": "rights-p"}
    assert (granted["role"], granted["claims"], granted["requires"]) == ("rights-get", [claim], [claim])
    assert granted["route"] == "GET /api/v3/profiles/{key...}"
    lacking = why(realm, "rights-cid", "/profiles/rights-p").json["lacking"]
    assert [(row["role"], row["missing"]) for row in lacking] == [("rights-list", [claim]), ("", [claim])]
    hidden = why(realm, "rights-bob", "/profiles/rights-p").json
    assert hidden["tenant"] == {"name": "rights-t", "type": "profiles", "key": "rights-p", "listed": False}
    assert (hidden["role"], hidden["allowed"]) == ("rights-get", False)


def test_why_denied_takes_what_a_body_would_say_as_arguments(realm):
    requires = why(realm, "rights-cid", "/profiles/rights-p", "PATCH", pointer="/Params/a").json["requires"]
    assert [claim["action"] for claim in requires] == ["update:/Params/a"]
    assert why(realm, "rights-cid", "/profiles", "POST", key="new").json["requires"][0]["specific"] == "new"
    assert why(realm, "rights-cid", "/nowhere").status == 404
    assert why(realm, "nobody-at-all", "/profiles").status == 404
    assert realm.curl("GET", "/system/whydenied?user=rights-cid").status == 400


def test_users_may_ask_about_themselves_and_learn_of_nobody_else(realm):
    token = token_of(realm, "rights-cid")
    own = why(realm, "rights-cid", "/profiles/rights-p", token=token)
    assert own.status == 200 and own.json["status"] == 404
    # Of a role that may not be read the name is known from the user, and the claims stay hidden.
    assert [row["missing"] for row in own.json["lacking"] if row["role"]] == [[]]
    other = why(realm, "rights-ann", "/profiles/rights-p", token=token)
    nobody = why(realm, "no-such-user", "/profiles/rights-p", token=token)
    assert (other.status, nobody.status) == (404, 404)
    assert other.body.replace(b"rights-ann", b"") == nobody.body.replace(b"no-such-user", b"")
    assert who_can(realm, scope="profiles", action="get", specific="rights-p", token=token).status == 403


def test_the_tenant_that_hides_something_is_named_only_to_those_who_may_get_it(realm):
    token = token_of(realm, "rights-bob")
    told = why(realm, "rights-bob", "/profiles/rights-p", token=token).json
    assert told["status"] == 404 and told["tenant"]["name"] == ""
    missing = why(realm, "rights-bob", "/profiles/rights-none", token=token).json
    assert missing["status"] == 404
    # A hidden object is judged by what was typed, as if there were none.
    typed = why(realm, "rights-bob", "/profiles/Name:rights-p", token=token).json
    assert typed["requires"][0]["specific"] == "Name:rights-p"


def test_those_who_may_list_users_learn_only_of_users_they_may_get(realm):
    claims = [
        {"scope": "users", "action": "list", "specific": "*"},
        {"scope": "users", "action": "get", "specific": "rights-ann"}]
    realm.curl("POST", "/roles", {"Name": "rights-clerk", "Claims": claims})
    realm.curl("POST", "/users", {"Name": "rights-dan", "Roles": ["rights-clerk"]})
    token = token_of(realm, "rights-dan")
    answer = who_can(realm, scope="profiles", action="get", specific="rights-p", token=token).json
    assert [(row["user"], row["role"], row["claims"]) for row in answer["users"]] == [("rights-ann", "rights-get", [])]
    assert answer["keptOut"] == []
    realm.curl("DELETE", "/users/rights-dan")
    realm.curl("DELETE", "/roles/rights-clerk")
