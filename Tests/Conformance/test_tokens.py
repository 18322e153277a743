"""Tokens wherever they may be shown: what they hold, what narrows them, and what ends them (C §11.1)."""

import json
import ssl
import subprocess
import urllib.parse

import pytest
import websocket
from muster_process import Server

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server with a clerk, who may list and get profiles and machines, and a porter, who may do nothing."""
    server = Server(tmp_path_factory.mktemp("tokens"), "--drp-id", "Fred").start()
    for name, scope in ("lookers", "profiles,machines"), ("stagehands", "stages"):
        claims = [{"scope": scope, "action": "list,get", "specific": "*"}]
        assert server.curl("POST", "/roles", {"Name": name, "Claims": claims}).status == 201
    assert server.curl("POST", "/users", {"Name": "clerk", "Roles": ["lookers", "stagehands"]}).status == 201
    assert server.curl("POST", "/users", {"Name": "porter", "Roles": []}).status == 201
    yield server
    server.stop()


def token_of(server, name="clerk", query="", **options):
    reply = server.curl("GET", f"/users/{name}/token{query}", **options)
    assert reply.status == 200, reply.body
    return reply.json["Token"]


def connect(server, path, header=()):
    url = f"wss://127.0.0.1:{server.port}/api/v3{path}"
    return websocket.create_connection(url, sslopt={"cert_reqs": ssl.CERT_NONE}, timeout=20, header=[*header])


def ways_in(server, token):
    """The status of one request for each way to show a token; 101 where a websocket opens."""
    statuses = [
        server.curl("GET", "/profiles/global", token=token).status,
        server.curl("GET", "/profiles/global", user=None, headers=[f"Authorization: Basic {token}"]).status,
        server.curl("GET", f"/profiles/global?token={token}", user=None).status,
        server.curl("GET", f"/events?wait=0s&token={token}", user=None).status,
    ]
    for path, header in (f"/ws?token={token}", ()), ("/ws", [f"Authorization: Bearer {token}"]):
        try:
            connect(server, path, header).close()
            statuses.append(101)
        except websocket.WebSocketBadStatusException as refused:
            statuses.append(refused.status_code)
    return statuses


GOOD, BAD = [200, 200, 200, 200, 101, 101], [403] * 6


def change_secret(server, user):
    server.curl("PATCH", f"/users/{user}", [{"op": "replace", "path": "/Secret", "value": SECRET[::-1]}])


def test_a_token_is_good_wherever_it_is_shown(house):
    assert ways_in(house, token_of(house)) == GOOD
    assert ways_in(house, "nonsense") == BAD


@pytest.mark.parametrize(
    "end", ["own secret", "grantor's secret", "baseTokenSecret", "systemGrantorSecret", "deletion"])
def test_what_ends_a_token_ends_it_wherever_it_is_shown(fresh, end):
    server = fresh()
    for name in "holder", "giver":
        server.curl("POST", "/users", {"Name": name, "Roles": ["superuser"]})
    given = token_of(server, "holder", token=token_of(server, "giver"))
    spare = token_of(server, "holder")
    open_socket = connect(server, f"/ws?token={given}")
    open_socket.send("register profiles.*.*")
    json.loads(open_socket.recv())
    assert ways_in(server, given) == GOOD
    if end == "own secret":
        change_secret(server, "holder")
    elif end == "grantor's secret":
        change_secret(server, "giver")
    elif end == "deletion":
        server.curl("DELETE", "/users/holder")
    else:
        server.curl("POST", "/prefs", {end: SECRET})
    assert ways_in(server, given) == BAD
    # Only what a token depends on ends it.
    assert ways_in(server, spare) == (GOOD if end == "grantor's secret" else BAD)
    server.curl("POST", "/profiles", {"Name": "after-the-end"})
    opcode, data = open_socket.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE and b"oken" in data


def shown(server, path, token):
    """Whether a GET shows the token's holder anything; a list without the right to it is empty, an object is not there (C §7.2)."""
    reply = server.curl("GET", path, token=token)
    assert reply.status in (200, 404), reply.body
    return reply.status == 200 and reply.json != []


def test_roles_narrow_a_token_and_those_not_held_are_dropped(house):
    def reach(query, **options):
        token = token_of(house, query=query, **options)
        return [path for path in ("/profiles", "/stages", "/users") if shown(house, path, token)]

    assert reach("") == ["/profiles", "/stages"]
    assert reach("?roles=lookers") == ["/profiles"]
    assert reach("?roles=lookers,stagehands") == ["/profiles", "/stages"]
    assert reach("?roles=superuser,stagehands") == ["/stages"]
    assert reach("?roles=superuser") == []
    assert reach("?roles=no-such-role") == []
    narrow = token_of(house, query="?roles=lookers")
    assert reach("", token=narrow) == ["/profiles"]
    assert reach("?roles=stagehands", token=narrow) == []


def test_scope_action_and_specific_narrow_a_token(house):
    listing, global_profile, none_stage = "/profiles", "/profiles/global", "/stages/none"

    def reach(query, **options):
        token = token_of(house, query=query, **options)
        return [path for path in (listing, global_profile, none_stage) if shown(house, path, token)]

    assert reach("?scope=profiles") == [listing, global_profile]
    assert reach("?action=get") == [global_profile, none_stage]
    assert reach("?specific=global") == [global_profile]
    assert reach("?scope=profiles&action=get&specific=global") == [global_profile]
    # A restriction adds nothing, and cannot be taken off again with the token itself.
    assert reach("?scope=users,profiles&action=*") == [listing, global_profile]
    both = token_of(house, query="?scope=users,profiles&action=*")
    assert reach("?scope=*", token=both) == [listing, global_profile]
    assert house.curl("GET", "/users/rocketskates", token=both).status == 404


def test_a_narrowed_token_sets_no_password_and_hears_of_nothing_else(house):
    token = token_of(house, query="?scope=stages,users&action=*")
    assert house.curl("PUT", "/users/clerk/password", {"Password": "wider"}, token=token).status == 403
    cursor = house.get("/events/cursor")["cursor"]
    house.curl("POST", "/profiles", {"Name": "token-profile"})
    house.curl("POST", "/stages", {"Name": "token-stage"})
    events = house.curl("GET", f"/events?since={cursor}", token=token).json["events"]
    assert {event["Key"] for event in events if event["Key"].startswith("token-")} == {"token-stage"}


@pytest.mark.parametrize("ttl, status", [
    ("", 200), ("0", 200), ("7200", 200), ("1h", 200), ("3y", 200), ("2w", 200), ("99999999999999999999", 400),
    ("cow", 400), ("1h30", None), ("-5", None), ("1e3", None), (" ", None), ("%00", None)])
def test_lifetimes(house, ttl, status):
    reply = house.curl("GET", f"/users/clerk/token?ttl={urllib.parse.quote(ttl, safe='%')}")
    assert reply.status == status if status else reply.status in (200, 400), reply.body
    if reply.status == 200:
        assert house.curl("GET", "/profiles", token=reply.json["Token"]).status == 200


def test_a_machines_token_works_for_it_alone_and_ends_with_its_secret(house):
    made = house.curl("POST", "/machines", {"Name": "tok-m1", "Address": "10.9.8.7"}).json
    house.curl("POST", "/machines", {"Name": "tok-m2"})
    token = house.get("/machines/Name:tok-m1/token?ttl=1h")["Token"]
    own = f"/machines/{made['Uuid']}"
    assert [house.curl("GET", path, token=token).status for path in (
        own, "/machines/Name:tok-m2", "/stages/none", "/profiles/global", "/users/rocketskates", "/info")] == [
        200, 404, 200, 404, 404, 200]
    assert not shown(house, "/machines", token)
    patch = [{"op": "add", "path": "/Params/shade", "value": 1}]
    changed = house.curl("PATCH", own, patch, token=token)
    assert changed.status == 200, changed.body
    assert house.curl("DELETE", own, token=token).status == 403
    # It may hold its own address, and no other one.
    for address, status in ("10.9.8.6", 403), ("10.9.8.7", 201):
        body = {"Addr": address, "Strategy": "MAC", "Token": f"52:54:00:00:00:0{address[-1]}"}
        assert house.curl("POST", "/reservations", body, token=token).status == status
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(house, "/ws?token=" + token[:-4] + "AAAA")
    connect(house, f"/ws?token={token}").close()
    house.curl("PATCH", own, [{"op": "replace", "path": "/Secret", "value": SECRET}])
    assert house.curl("GET", own, token=token).status == 403
    house.curl("DELETE", "/reservations/10.9.8.7")
    for name in "tok-m1", "tok-m2":
        house.curl("DELETE", f"/machines/Name:{name}")


def test_guesses_count_for_each_address_and_user_alone(fresh):
    server = fresh()
    for name in "ann", "bob":
        server.curl("POST", "/users", {"Name": name})
        server.curl("PUT", f"/users/{name}/password", {"Password": f"{name}-password"})

    def login(user, password, address):
        done = subprocess.run(
            ["curl", "-sSk", "-o", "/dev/null", "-w", "%{http_code}", "--interface", address, "-u",
             f"{user}:{password}", f"{server.url}/users/{user}"], capture_output=True, check=True)
        return int(done.stdout)

    assert [login("ann", "guess", "127.0.0.2") for _ in range(15)][-1] == 429
    # Not even the right password gets through now, or guessing would tell it.
    assert login("ann", "ann-password", "127.0.0.2") == 429
    assert login("bob", "bob-password", "127.0.0.2") == 200
    assert login("ann", "ann-password", "127.0.0.3") == 200


def test_who_loses_a_right_while_waiting_does_not_get_the_object(house):
    claims = [{"scope": "profiles", "action": "get", "specific": "waited-for"}]
    house.curl("POST", "/roles", {"Name": "waiters", "Claims": claims})
    house.curl("POST", "/users", {"Name": "waiter", "Roles": ["waiters"]})
    etag = house.curl("POST", "/profiles", {"Name": "waited-for"}).headers["etag"]
    for loses in False, True:
        waiting = subprocess.Popen(
            ["curl", "-sSki", "-H", f"Authorization: Bearer {token_of(house, 'waiter')}", "-H",
             f"If-None-Match: {etag}", "-H", "Prefer: wait=20s", f"{house.url}/profiles/waited-for"],
            stdout=subprocess.PIPE)
        if loses:
            house.curl("PATCH", "/users/waiter", [{"op": "replace", "path": "/Roles", "value": []}])
        patch = [{"op": "add", "path": "/Description", "value": f"words-{loses}"}]
        changed = house.curl("PATCH", "/profiles/waited-for", patch)
        etag = changed.headers["etag"]
        answer = waiting.communicate(timeout=40)[0]
        assert (b"words-True" in answer) is False
        assert answer.split()[1] == (b"404" if loses else b"200")


def test_whoever_is_taken_out_of_a_tenants_list_sees_it_no_more(house):
    for name in "member", "other":
        house.curl("POST", "/profiles", {"Name": f"tenant-{name}"})
    house.curl("POST", "/users", {"Name": "lodger", "Roles": ["lookers"]})
    tenant = {"Name": "house", "Users": ["lodger"], "Members": {"profiles": ["tenant-member"]}}
    assert house.curl("POST", "/tenants", tenant).status == 201
    token = token_of(house, "lodger")

    def seen():
        return [profile["Name"] for profile in house.curl("GET", "/profiles", token=token).json]

    assert seen() == ["tenant-member"]
    house.curl("PATCH", "/tenants/house", [{"op": "replace", "path": "/Members/profiles", "value": ["tenant-other"]}])
    assert seen() == ["tenant-other"]
    assert house.curl("GET", "/profiles/tenant-member", token=token).status == 404
    assert house.curl("GET", "/profiles/tenant-member/history", token=token).status == 404
    assert house.curl("GET", "/profiles/tenant-member/explain", token=token).status == 404
    house.curl("PATCH", "/tenants/house", [{"op": "replace", "path": "/Users", "value": []}])
    assert {"tenant-member", "tenant-other", "global"} <= set(seen())
