"""Who may do what: passwords, tokens, roles and tenants (C §11)."""

import base64
import time

import pytest

DENIED = {"Code": 401, "Model": "users", "Type": "", "Key": "", "Messages": ["Access Denied"]}


@pytest.fixture
def user(server):
    """A user who may list and get machines and nothing else, with the password `sesame`."""
    role = {"Name": "looker", "Claims": [{"scope": "machines", "action": "list,get", "specific": "*"}]}
    assert server.curl("POST", "/roles", role).status == 201
    assert server.curl("POST", "/users", {"Name": "jill", "Roles": ["looker"]}).status == 201
    assert server.curl("PUT", "/users/jill/password", {"Password": "sesame"}).status == 200
    yield "jill:sesame"
    server.curl("DELETE", "/users/jill")
    server.curl("DELETE", "/roles/looker")


def token_of(server, name="rocketskates", query="", **options):
    reply = server.curl("GET", f"/users/{name}/token{query}", **options)
    assert reply.status == 200, reply.body
    return reply.json["Token"]


def test_a_password_opens_the_api(server):
    assert server.curl("GET", "/machines").status == 200


def test_a_token_opens_the_api_and_comes_with_the_servers_info(server):
    reply = server.curl("GET", "/users/rocketskates/token")
    assert reply.json.keys() == {"Token", "Info"}
    assert reply.json["Info"]["id"] == "Fred"
    assert server.curl("GET", "/machines", token=reply.json["Token"]).status == 200
    assert server.curl("GET", "/users/rocketskates/token?ttl=7200", token=reply.json["Token"]).status == 200


def test_a_token_also_counts_as_basic_and_as_an_argument(server):
    token = token_of(server)
    assert server.curl("GET", "/machines", user=None, headers=[f"Authorization: Basic {token}"]).status == 200
    assert server.curl("GET", f"/machines?token={token}", user=None).status == 200


@pytest.mark.parametrize("user", ["rocketskates:wrong", "nobody:r0cketsk8ts", "rocketskates:", ":"])
def test_a_wrong_password_is_refused_without_saying_what_is_wrong(server, user):
    reply = server.curl("GET", "/users/rocketskates/token", user=user)
    assert reply.json == DENIED
    assert reply.status == 401


@pytest.mark.parametrize("headers", [
    [], ["Authorization: Bearer garbage"], ["Authorization: Basic ****"], ["Authorization: Fred x"],
    ["Authorization: Bearer " + "A" * 8000],
])
def test_without_good_credentials_nothing_is_answered(server, headers):
    for method, body in ("GET", None), ("POST", {"Name": "intruder"}):
        reply = server.curl(method, "/profiles", body, user=None, headers=headers)
        assert reply.status in (401, 403)
        assert reply.json["Model"] == "users" and reply.json["Messages"]
    assert server.curl("GET", "/profiles/intruder").status == 404


def test_one_flipped_character_spoils_a_token(server):
    token = token_of(server)
    for position in 5, len(token) // 2, len(token) - 3:
        flipped = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1:]
        assert server.curl("GET", "/machines", token=flipped).status == 403


def test_a_token_expires(server):
    short, long = token_of(server, query="?ttl=2"), token_of(server, query="?ttl=600")
    end = time.monotonic() + 60
    while (reply := server.curl("GET", "/machines", token=short)).status == 200 and time.monotonic() < end:
        time.sleep(0.1)
    assert (reply.status, reply.json["Model"]) == (403, "users")
    assert server.curl("GET", "/machines", token=long).status == 200


@pytest.mark.parametrize("ttl", ["", "600", "1h", "3y", "1.5h"])
def test_a_lifetime_is_in_seconds_or_has_a_unit(server, ttl):
    assert server.curl("GET", "/machines", token=token_of(server, query=f"?ttl={ttl}")).status == 200


def test_a_lifetime_that_is_none_is_refused_in_these_words(server):
    reply = server.curl("GET", "/users/rocketskates/token?ttl=cow")
    assert reply.json == {
        "Code": 400, "Model": "users", "Type": "GET", "Key": "rocketskates",
        "Messages": ['strconv.ParseInt: parsing "cow": invalid syntax']}


def test_a_new_password_ends_the_old_one_and_all_tokens_made_with_it(server, user):
    token = token_of(server, "jill", user=user)
    assert server.curl("GET", "/machines", token=token).status == 200
    secret = server.get("/users/jill")["Secret"]
    changed = server.curl("PUT", "/users/jill/password", {"Password": "new words"}, user=user)
    assert changed.status == 200
    assert changed.json["Secret"] != secret and "PasswordHash" not in changed.json
    assert server.curl("GET", "/machines", user=user).json == DENIED
    assert server.curl("GET", "/machines", token=token).status == 403
    assert server.curl("GET", "/machines", user="jill:new words").status == 200


def test_a_password_hash_is_taken_as_the_reference_client_prints_it_and_never_shown(server):
    import hashlib
    salt = bytes(range(16))
    key = hashlib.scrypt(b"hush", salt=salt, n=16384, r=8, p=1, dklen=32)
    text = base64.b64encode(f"16384$8$1${salt.hex()}${key.hex()}".encode()).decode()
    made = server.curl("POST", "/users", {"Name": "hashed", "PasswordHash": text, "Roles": ["superuser"]})
    assert made.status == 201 and "PasswordHash" not in made.json
    assert server.curl("GET", "/machines", user="hashed:hush").status == 200
    assert text not in server.curl("GET", "/users").body.decode()
    # A client that puts back what it got does not take the password away.
    assert server.curl("PUT", "/users/hashed", {**made.json, "Description": "put"}).status == 200
    assert server.curl("GET", "/machines", user="hashed:hush").status == 200
    server.curl("DELETE", "/users/hashed")


def test_a_user_without_a_password_cannot_log_in(server):
    server.curl("POST", "/users", {"Name": "mute", "Roles": ["superuser"]})
    for password in "", "null", "mute":
        assert server.curl("GET", "/machines", user=f"mute:{password}").status == 401
    server.curl("DELETE", "/users/mute")


def test_a_deleted_users_tokens_die_with_the_user(server, user):
    token = token_of(server, "jill", user=user)
    server.curl("DELETE", "/users/jill")
    assert server.curl("GET", "/machines", token=token).status == 403
    assert server.curl("GET", "/machines", user=user).status == 401


def test_a_role_opens_what_it_claims_and_nothing_else(server, user):
    assert server.curl("GET", "/machines", user=user).status == 200
    reply = server.curl("POST", "/machines?force=true", {"Name": "intruder"}, user=user)
    assert (reply.status, reply.json["Type"], reply.json["Model"], reply.json["Key"]) == (403, "AUTH", "", "")
    assert reply.json["Messages"][0] == "Cannot access /api/v3/machines?force=true"
    assert reply.json["Messages"][1].startswith("Requires: machines create")
    for method, path, body in (
        ("GET", "/info", None), ("POST", "/prefs", {}), ("GET", "/logs", None),
        ("POST", "/contents", {"meta": {"Name": "x"}}),
    ):
        assert server.curl(method, path, body, user=user).status == 403, (method, path)
    assert server.curl("GET", "/prefs", user=user).json == {}


def test_what_a_role_does_not_let_one_get_is_answered_like_what_is_not_there(server, user):
    for method, path, body in (
        ("GET", "/profiles/{}", None), ("HEAD", "/profiles/{}", None), ("DELETE", "/profiles/{}", None),
        ("PUT", "/profiles/{}", {"Name": "global"}), ("GET", "/profiles/Name:{}", None),
        ("PATCH", "/meta/profiles/{}", [{"op": "add", "path": "/a", "value": "b"}]),
        ("POST", "/profiles/{}/params/x", 1), ("GET", "/profiles/{}/params?decode=true", None),
        ("GET", "/profiles/{}/explain", None), ("GET", "/profiles/{}/history", None),
        ("POST", "/profiles/{}/actions/burn", {}), ("GET", "/profiles/{}/pubkey", None),
    ):
        told = {}
        for name in "global", "absent":
            reply = server.curl(method, path.format(name), body, user=user)
            headers = {key: value for key, value in reply.headers.items() if key not in ("date", "x-request-id")}
            told[name] = (reply.status, headers, reply.body.replace(name.encode(), b""))
        assert told["global"] == told["absent"], (method, path)
        assert told["global"][0] == 404, (method, path)
    for path, body in ("/users/rocketskates/password", {"Password": "x"}), ("/users/rocketskates/token", None):
        reply = server.curl("PUT" if body else "GET", path, body, user=user)
        assert (reply.status, reply.json["Messages"]) == (404, ["Not Found"]), path


def test_the_refusal_names_the_key_as_it_was_typed(server, user):
    server.curl("POST", "/machines", {"Name": "bob"})
    reply = server.curl("GET", "/machines/Name:bob?decode=true", user=user)
    assert reply.json["Messages"] == [
        "Cannot access /api/v3/machines/Name:bob?decode=true", "Requires: machines getSecure Name:bob"]
    server.curl("DELETE", "/machines/Name:bob")


def test_users_get_themselves_and_change_their_own_password(server, user):
    assert server.curl("GET", "/users/jill", user=user).status == 200
    assert server.curl("GET", "/users/rocketskates", user=user).status == 404
    assert server.curl("PUT", "/users/jill/password", {"Password": "sesame"}, user=user).status == 200


def test_a_token_can_be_narrowed_but_not_widened(server, user):
    narrowed = token_of(server, query="?scope=profiles&action=get&specific=global")
    assert server.curl("GET", "/profiles/global", token=narrowed).status == 200
    assert server.curl("GET", "/profiles", token=narrowed).json == []
    assert server.curl("GET", "/machines", token=narrowed).json == []
    wider = server.curl("GET", "/users/jill/token?roles=superuser", user=user)
    assert server.curl("GET", "/profiles", token=wider.json["Token"]).json == []


def test_a_change_of_a_role_counts_at_once(server, user):
    token = token_of(server, "jill", user=user)
    assert server.curl("GET", "/profiles", token=token).json == []
    claim = {"scope": "profiles", "action": "*", "specific": "*"}
    server.curl("PATCH", "/roles/looker", [{"op": "add", "path": "/Claims/-", "value": claim}])
    assert server.curl("GET", "/profiles", token=token).json
    server.curl("PATCH", "/users/jill", [{"op": "replace", "path": "/Roles", "value": []}])
    assert server.curl("GET", "/profiles", token=token).json == []


def test_a_machines_token_is_for_that_machine(server):
    for name in "mine", "other":
        assert server.curl("POST", "/machines", {"Name": name}).status == 201
    token = server.get("/machines/Name:mine/token?ttl=1h")["Token"]
    assert server.curl("GET", "/machines/Name:mine", token=token).status == 200
    patch = [{"op": "replace", "path": "/Description", "value": "x"}]
    assert server.curl("PATCH", "/machines/Name:mine", patch, token=token).status == 200
    assert server.curl("GET", "/stages/none", token=token).status == 200
    assert server.curl("PATCH", "/machines/Name:other", patch, token=token).status == 404
    assert server.curl("DELETE", "/profiles/global", token=token).status == 404
    for name in "mine", "other":
        server.curl("DELETE", f"/machines/Name:{name}")


def test_a_tenants_users_see_its_members_only(server, user):
    for name in "seen", "hidden":
        server.curl("POST", "/machines", {"Name": name})
    seen, hidden = (server.get(f"/machines/Name:{name}")["Uuid"] for name in ("seen", "hidden"))
    server.curl("POST", "/tenants", {"Name": "acme", "Users": ["jill"], "Members": {"machines": [seen]}})
    reply = server.curl("GET", "/machines", user=user)
    assert [each["Name"] for each in reply.json] == ["seen"]
    assert reply.headers["x-drp-list-total-count"] == "1"
    assert server.curl("GET", f"/machines/{seen}", user=user).status == 200
    assert server.curl("GET", f"/machines/{hidden}", user=user).json["Messages"] == ["Not Found"]
    server.curl("PATCH", "/tenants/acme", [{"op": "replace", "path": "/Users", "value": []}])
    for path in "/tenants/acme", f"/machines/{seen}", f"/machines/{hidden}":
        assert server.curl("DELETE", path).status == 200


@pytest.mark.parametrize("pref", ["baseTokenSecret", "systemGrantorSecret"])
def test_new_secrets_of_the_server_end_all_tokens(fresh, pref):
    server = fresh()
    token = token_of(server)
    assert server.curl("POST", "/prefs", {pref: "0123456789abcdef0123456789abcdef"}).status in (200, 201)
    assert server.curl("GET", "/machines", token=token).status == 403
    assert server.curl("GET", "/machines", token=token_of(server)).status == 200


def test_someone_who_guesses_passwords_is_slowed_down(fresh):
    server = fresh()
    statuses = [server.curl("GET", "/machines", user="rocketskates:guess").status for _ in range(40)]
    assert statuses[0] == 401 and statuses[-1] == 429
    reply = server.curl("GET", "/machines", user="rocketskates:guess")
    assert int(reply.headers["retry-after"]) >= 1 and "try again in" in reply.json["Messages"][0]
    assert server.curl("GET", "/health").status == 200


def test_health_is_open_to_all(server):
    for base in f"https://127.0.0.1:{server.port}", None:
        reply = server.curl("GET", "/health", user=None, base=base)
        assert (reply.status, reply.json["status"]) == (200, "ok")
