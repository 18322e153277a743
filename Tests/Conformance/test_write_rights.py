"""What is authorized is what is written, and what cannot be seen cannot be used: the real server, one user without rights."""

import pytest

SEALED = "write-rights/sealed"


@pytest.fixture
def clerk(server):
    """Makes users of one role; takes them away at the end."""
    made = []

    def make(name, claims):
        role = {"Name": f"{name}-role", "Claims": [dict(zip(("scope", "action", "specific"), each)) for each in claims]}
        assert server.curl("POST", "/roles", role).status == 201
        assert server.curl("POST", "/users", {"Name": name, "Roles": [role["Name"]]}).status == 201
        made.append(name)
        return server.get(f"/users/{name}/token")["Token"]

    yield make
    for name in made:
        server.curl("DELETE", f"/users/{name}")
        server.curl("DELETE", f"/roles/{name}-role")


@pytest.fixture
def sealed(server):
    assert server.curl("POST", "/params", {"Name": SEALED, "Secure": True}).status == 201
    yield SEALED
    server.curl("DELETE", f"/params/{SEALED}")


def test_who_may_create_one_profile_creates_no_other_by_a_second_spelling_of_its_name(server, clerk):
    token = clerk("speller", [("profiles", "create", "allowed")])
    change = {"op": "create", "type": "profiles", "key": "allowed", "object": {"NAME": "allowed", "name": "evil8"}}
    for path, body in ("/changes", {"changes": [change]}), ("/profiles", change["object"]):
        assert server.curl("POST", path, body, token=token).status in (400, 403)
        assert server.curl("GET", "/profiles/evil8").status == 404


def test_a_secret_for_a_profile_of_the_same_change_set_takes_the_right_to_seal(server, clerk, sealed):
    token = clerk("sealer", [("profiles", "create,get,update", "*")])
    patch = [{"op": "add", "path": "/Params/" + sealed.replace("/", "~1"), "value": "hush"}]
    changes = [
        {"op": "create", "type": "profiles", "object": {"Name": "fresh-one"}},
        {"op": "patch", "type": "profiles", "key": "fresh-one", "patch": patch}]
    reply = server.curl("POST", "/changes", {"changes": changes}, token=token)
    assert (reply.status, reply.json["Type"]) == (403, "AUTH")
    assert reply.json["Messages"] == ["Cannot access /api/v3/changes", "Requires: profiles updateSecure fresh-one"]
    assert server.curl("GET", "/profiles/fresh-one").status == 404


def test_a_tenants_user_reads_no_sealed_value_of_another_tenant_through_a_machine(server, clerk, sealed):
    token = clerk("tenantry", [("machines", "*", "*"), ("profiles", "*", "*")])
    secret = {"Name": "their-secret", "Params": {sealed: "hush"}}
    assert server.curl("POST", "/profiles", secret).status == 201
    machine = server.curl("POST", "/machines", {"Name": "their-own"}).json["Uuid"]
    tenant = {"Name": "acme-two", "Users": ["tenantry"], "Members": {"machines": [machine], "profiles": []}}
    assert server.curl("POST", "/tenants", tenant).status == 201
    replies = {}
    for name in "their-secret", "there-is-none":
        patch = [{"op": "add", "path": "/Profiles/-", "value": name}]
        reply = server.curl("PATCH", f"/machines/{machine}", patch, token=token)
        replies[name] = (reply.status, reply.body.replace(name.encode(), b""))
    assert replies["their-secret"] == replies["there-is-none"] and replies["their-secret"][0] == 422
    reply = server.curl("GET", f"/machines/{machine}/params?aggregate=true&decode=true", token=token)
    assert reply.status == 200 and b"hush" not in reply.body
    server.curl("PATCH", "/tenants/acme-two", [{"op": "replace", "path": "/Users", "value": []}])
    for path in "/tenants/acme-two", f"/machines/{machine}", "/profiles/their-secret":
        assert server.curl("DELETE", path).status == 200


@pytest.mark.parametrize("way", ["users", "roles", "tasks", "pack"])
def test_nobody_gives_rights_that_they_do_not_hold(server, clerk, way):
    actions = "list,get,create,update,delete"
    token = clerk("giver", [("users,roles,tasks", actions, "*"), ("contents", "*", "*")])
    user = {"Name": "given", "Roles": ["superuser"]}
    everything = [{"scope": "*", "action": "*", "specific": "*"}]
    method, path, body = {
        "users": ("POST", "/users", user),
        "roles": ("PATCH", "/roles/giver-role", [{"op": "replace", "path": "/Claims", "value": everything}]),
        "tasks": ("POST", "/tasks", {"Name": "given", "ExtraClaims": everything}),
        "pack": ("POST", "/contents", {"meta": {"Name": "given"}, "sections": {"users": {"given": user}}}),
    }[way]
    reply = server.curl(method, path, body, token=token)
    assert reply.status == 403, reply.body
    assert reply.json["Messages"][-1].startswith("Requires: roles grant ")
    assert server.curl("GET", "/users/given").status == 404
