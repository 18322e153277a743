"""Sealed values (C §9): with PyNaCl in both directions, with dr-provision's client, and nowhere in clear."""

import base64
import json
import re
import threading

import nacl.exceptions
import nacl.public
import nacl.utils
import pytest
from test_events import Socket

TYPES = {
    "machines": {"Uuid": "0d1e2f3a-0000-4000-8000-0000000000f0", "Name": "sealed-owner"},
    "profiles": {"Name": "sealed-owner"},
    "stages": {"Name": "sealed-owner"},
    "plugins": {"Name": "sealed-owner", "Provider": "sealed-provider"},
    "endpoints": {"Id": "sealed-owner"},
    "kk": {"Id": "sealed-owner"},
}
SECRET = "s3cr3t-of-the-fleet"
NAME = "sealed/password"


@pytest.fixture(scope="module", autouse=True)
def params(server):
    made = [
        {"Name": NAME, "Secure": True, "Schema": {"type": "string", "minLength": 3}},
        {"Name": "sealed/map", "Secure": True},
        {"Name": "sealed/open"},
    ]
    for each in made:
        assert server.curl("POST", "/params", each).status == 201
    yield
    for each in made:
        server.curl("DELETE", f"/params/{each['Name']}")


@pytest.fixture(params=TYPES)
def owner(request, server):
    """The path of an object that has params, without any."""
    prefix, body = request.param, TYPES[request.param]
    assert server.curl("POST", f"/{prefix}", body).status == 201
    path = f"/{prefix}/{body.get('Uuid', 'sealed-owner')}"
    yield path
    server.curl("DELETE", path)


@pytest.fixture
def profile(server, request):
    """The path of a profile that is there for the test only."""
    name = request.node.name.split("[")[0]
    assert server.curl("POST", "/profiles", {"Name": name}).status == 201
    yield f"/profiles/{name}"
    server.curl("DELETE", f"/profiles/{name}")


def seal(pubkey, value):
    """Seals as dr-provision's clients do."""
    sender = nacl.public.PrivateKey.generate()
    nonce = nacl.utils.random(nacl.public.Box.NONCE_SIZE)
    box = nacl.public.Box(sender, nacl.public.PublicKey(base64.b64decode(pubkey)))
    parts = {
        "Key": bytes(sender.public_key), "Nonce": nonce,
        "Payload": box.encrypt(json.dumps(value).encode(), nonce).ciphertext,
    }
    return {name: base64.b64encode(part).decode() for name, part in parts.items()}


def is_sealed(value):
    lengths = {name: len(base64.b64decode(part)) for name, part in value.items()}
    return lengths.pop("Payload") >= 16 and lengths == {"Key": 32, "Nonce": 24}


def is_clear_nowhere(server, secret):
    """Whether neither what the server wrote nor what it says has the secret."""
    for path in server.root.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    for path in "/history?limit=1000", "/contents", "/logs", "/events?wait=0s&limit=10000":
        assert secret not in json.dumps(server.get(path)), path
    return True


def test_values_are_sealed_by_clients_and_opened_by_the_server(server, owner):
    pubkey = server.get(f"{owner}/pubkey")
    assert len(base64.b64decode(pubkey)) == 32
    assert server.get(f"{owner}/pubkey") == pubkey
    box = seal(pubkey, SECRET)
    set_ = server.curl("POST", f"{owner}/params/{NAME}", box)
    assert (set_.status, set_.json) == (200, box)
    assert server.get(f"{owner}/params/{NAME}") == box
    assert server.get(f"{owner}/params/{NAME}?decode=true") == SECRET
    assert server.get(f"{owner}/params?decode=true") == {NAME: SECRET}
    assert server.get(f"{owner}?decode=true")["Params"] == {NAME: SECRET}
    assert server.get(owner)["Params"] == {NAME: box}
    prefix = owner.split("/")[1]
    rows = server.get(f"/{prefix}?decode=true&Key={owner.split('/')[2]}")
    assert [row["Params"] for row in rows] == [{NAME: SECRET}]


@pytest.mark.parametrize("value", [None, True, 12, 1.5, "ä\u2028", [1, [2]], {"Key": "x", "more": {"a": None}}])
def test_any_value_goes_both_ways(server, profile, value):
    box = server.curl("POST", f"{profile}/params/sealed/map", json.dumps(value).encode()).json
    assert is_sealed(box)
    assert server.get(f"{profile}/params/sealed/map?decode=true") == value
    box = seal(server.get(f"{profile}/pubkey"), value)
    assert server.curl("POST", f"{profile}/params/sealed/map", box).status == 200
    assert server.get(f"{profile}/params/sealed/map?decode=true") == value


def test_what_the_server_seals_pynacl_opens_with_the_key_that_only_the_store_has(fresh):
    server = fresh()
    server.curl("POST", "/params", {"Name": NAME, "Secure": True})
    boxes = {}
    for name in "one", "two":
        made = server.curl("POST", "/profiles", {"Name": name, "Params": {NAME: SECRET + name}}).json
        boxes[name] = made["Params"][NAME]
    pubkeys = {name: server.get(f"/profiles/{name}/pubkey") for name in boxes}
    server.stop()
    stored = b"".join(path.read_bytes() for path in server.root.rglob("*.mdb"))
    for name, box in boxes.items():
        found = re.search(rb'"Holder":"profiles/' + name.encode() + rb'","Id":"\w+","PrivateKey":"([^"]+)"', stored)
        private = nacl.public.PrivateKey(base64.b64decode(found[1]))
        assert base64.b64encode(bytes(private.public_key)).decode() == pubkeys[name]
        parts = {part: base64.b64decode(text) for part, text in box.items()}
        assert len(parts["Payload"]) == len(json.dumps(SECRET + name)) + 16
        sender = nacl.public.PublicKey(parts["Key"])
        opened = nacl.public.Box(private, sender).decrypt(parts["Payload"], parts["Nonce"])
        assert json.loads(opened) == SECRET + name
        stranger = nacl.public.Box(nacl.public.PrivateKey.generate(), sender)
        with pytest.raises(nacl.exceptions.CryptoError):
            stranger.decrypt(parts["Payload"], parts["Nonce"])


def writes(path, value):
    whole = {"Name": path.rpartition("/")[2], "Params": {NAME: value}}
    key = path.rpartition("/")[2]
    return {
        "one param": ("POST", f"{path}/params/{NAME}", value),
        "all params": ("POST", f"{path}/params", {NAME: value}),
        "a patch of params": (
            "PATCH", f"{path}/params", [{"op": "add", "path": "/" + NAME.replace("/", "~1"), "value": value}]),
        "a patch of all params": ("PATCH", f"{path}/params", [{"op": "replace", "path": "", "value": {NAME: value}}]),
        "the whole object": ("PUT", path, whole),
        "names in lower case": ("PUT", path, {"name": key, "params": {NAME: value}}),
        "a patch of the object": (
            "PATCH", path, [{"op": "add", "path": "/Params/" + NAME.replace("/", "~1"), "value": value}]),
        "a change set": ("POST", "/changes", {
            "changes": [{"op": "replace", "type": "profiles", "key": key, "object": whole}]}),
        "a change set of lines": ("POST", "/changes", json.dumps(
            {"op": "patch", "type": "profiles", "key": key, "patch": [
                {"op": "replace", "path": "/Params", "value": {NAME: value}}]}).encode()),
    }


@pytest.mark.parametrize("way", writes("/profiles/x", ""))
def test_clear_values_are_sealed_whatever_the_way(server, profile, way):
    method, path, body = writes(profile, SECRET)[way]
    headers = ["Content-Type: application/x-ndjson"] if way.endswith("lines") else []
    if path == "/changes":
        tried = server.curl(method, path + "?dryRun=true", body, headers=headers)
        assert tried.status == 200 and SECRET not in tried.body.decode()
    reply = server.curl(method, path, body, headers=headers)
    assert reply.status == 200, reply.body
    assert SECRET not in reply.body.decode()
    assert is_sealed(server.get(profile)["Params"][NAME])
    assert server.get(f"{profile}/params/{NAME}?decode=true") == SECRET
    assert server.curl("DELETE", f"{profile}/params/{NAME}").status == 200


def test_a_new_object_may_come_with_clear_values(server):
    body = {"Name": "sealed-new", "Params": {NAME: SECRET, "sealed/open": SECRET[:3]}}
    made = server.curl("POST", "/profiles", body)
    assert made.status == 201
    assert is_sealed(made.json["Params"][NAME]) and made.json["Params"]["sealed/open"] == SECRET[:3]
    clone = server.curl("POST", "/profiles", {**made.json, "Name": "sealed-clone"})
    assert (clone.status, clone.json["Type"]) == (422, "ValidationError")
    assert "SecureData corrupted" in clone.json["Messages"][0] and NAME in clone.json["Messages"][0]
    opened = server.get("/profiles/sealed-new?decode=true")
    clone = server.curl("POST", "/profiles", {**opened, "Name": "sealed-clone"})
    assert clone.status == 201
    assert server.get("/profiles/sealed-clone?decode=true")["Params"] == opened["Params"]
    assert server.get("/profiles/sealed-clone/pubkey") != server.get("/profiles/sealed-new/pubkey")
    for name in "sealed-new", "sealed-clone":
        server.curl("DELETE", f"/profiles/{name}")


def test_boxes_that_cannot_be_opened_are_refused(server, profile):
    pubkey = server.get(f"{profile}/pubkey")
    good = seal(pubkey, SECRET)
    stranger = base64.b64encode(bytes(nacl.public.PrivateKey.generate().public_key)).decode()
    bad = {
        "Key must be 32 bytes long": {**good, "Key": base64.b64encode(b"x" * 31).decode()},
        "Nonce must be 24 bytes long": {**good, "Nonce": ""},
        "SecureData corrupted": {**good, "Payload": good["Payload"][::-1].lstrip("=")},
        "SecureData corrupted:": seal(stranger, SECRET),
    }
    for message, box in bad.items():
        reply = server.curl("POST", f"{profile}/params/{NAME}", box)
        assert (reply.status, reply.json["Type"]) == (422, "POST"), reply.body
        assert message in reply.json["Messages"][0]
        assert SECRET not in reply.body.decode()
    assert server.get(f"{profile}/params") == {}


def test_the_schema_holds_for_what_is_in_the_box(server, profile):
    pubkey = server.get(f"{profile}/pubkey")
    for value in 5, "ab":
        for sent in value, seal(pubkey, value):
            reply = server.curl("POST", f"{profile}/params/{NAME}", json.dumps(sent).encode())
            assert reply.status == 422, reply.body
            assert reply.json["Messages"][0].startswith(f"Key '{NAME}': invalid val '(not shown)': :")
    assert server.curl("POST", f"{profile}/params/{NAME}", seal(pubkey, "abc")).status == 200


def test_the_same_value_again_changes_nothing(server, profile):
    first = server.curl("POST", f"{profile}/params/{NAME}", SECRET).json
    etag = server.curl("GET", profile).headers["etag"]
    assert server.curl("POST", f"{profile}/params/{NAME}", SECRET).json == first
    assert server.curl("GET", profile).headers["etag"] == etag
    assert server.curl("POST", f"{profile}/params/{NAME}", SECRET + "!").json != first


def test_machines_get_sealed_values_from_their_profiles(server, profile):
    server.curl("POST", f"{profile}/params", {NAME: SECRET, "sealed/map": {"a": 1, "b": [1]}})
    machine = {"Name": "sealed-machine", "Profiles": [profile.rpartition("/")[2]], "Params": {"sealed/map": {"b": [2]}}}
    uuid = server.curl("POST", "/machines", machine).json["Uuid"]
    path = f"/machines/{uuid}"
    box = server.get(profile)["Params"][NAME]
    assert server.get(f"{path}/params/{NAME}?aggregate=true") == box
    assert server.get(f"{path}/params/{NAME}?aggregate=true&decode=true") == SECRET
    assert server.get(f"{path}/params?aggregate=true&decode=true&params={NAME}") == {NAME: SECRET}
    assert server.get(f"{path}?aggregate=true&decode=true")["Params"][NAME] == SECRET
    assert server.get(f"{path}/params/sealed/map?compose=true&decode=true") == {"a": 1, "b": [2, 1]}
    explained = server.get(f"{path}/params/{NAME}/explain")
    assert [each["value"] for each in explained["values"]] == [box]
    server.curl("DELETE", path)


def test_values_follow_when_a_param_becomes_secure_and_ceases_to_be(server, profile):
    name, secret = "sealed/later", "not-yet-a-secret"
    server.curl("POST", "/params", {"Name": name})
    server.curl("POST", f"{profile}/params/{name}", secret)
    before = server.revision(profile)
    cursor = server.get("/events/cursor")["cursor"]
    with Socket(server) as socket:
        socket.say(f"register profiles.*.{profile.rpartition('/')[2]}")
        assert server.curl("PATCH", f"/params/{name}", [
            {"op": "replace", "path": "/Secure", "value": True}]).status == 200
        event = socket.until("profiles", "save", profile.rpartition("/")[2])[-1]
    box = server.get(profile)["Params"][name]
    assert is_sealed(box) and event["Object"]["Params"][name] == box and secret not in json.dumps(event)
    assert server.get(f"{profile}/params/{name}?decode=true") == secret
    # What was written before is not shown any more either.
    assert secret not in json.dumps(server.get(f"{profile}/history"))
    assert secret not in json.dumps(server.get(f"{profile}?revision={before}"))
    assert secret not in json.dumps(server.get(f"{profile}/params?revision={before}"))
    assert secret not in json.dumps(server.get(f"/profiles?revision={before}"))
    assert secret not in json.dumps(server.get(f"/events?cursor={cursor}&wait=0s"))
    assert server.get(f"{profile}/params/{name}?revision={before}&decode=true") == secret
    assert server.curl("PATCH", f"/params/{name}", [
        {"op": "replace", "path": "/Secure", "value": False}]).status == 200
    assert server.get(profile)["Params"] == {name: secret}
    server.curl("DELETE", f"/params/{name}")


def test_values_stay_sealed_when_their_param_goes_away(server, profile):
    server.curl("POST", "/params", {"Name": "sealed/gone", "Secure": True})
    box = server.curl("POST", f"{profile}/params/sealed/gone", SECRET).json
    assert server.curl("DELETE", "/params/sealed/gone").status == 200
    assert server.get(profile)["Params"] == {"sealed/gone": box}
    server.curl("POST", "/params", {"Name": "sealed/gone"})
    assert server.get(profile)["Params"] == {"sealed/gone": box}
    assert server.get(f"{profile}/params/sealed/gone?decode=true") == SECRET
    server.curl("DELETE", "/params/sealed/gone")


def test_a_new_object_has_a_new_key_and_undoing_brings_back_the_old_one(server):
    path = "/profiles/sealed-undo"
    server.curl("POST", "/profiles", {"Name": "sealed-undo", "Params": {NAME: SECRET}})
    old, pubkey = server.get(path)["Params"], server.get(f"{path}/pubkey")
    filled = server.revision(path)
    server.curl("DELETE", path)
    assert server.get(f"{path}?revision={filled}&decode=true")["Params"] == {NAME: SECRET}
    gone = int(server.get("/history?type=profiles&key=sealed-undo")["records"][0]["revision"])
    undone = server.curl("POST", f"/changes/{gone}/undo")
    assert undone.status == 200 and SECRET not in undone.body.decode()
    assert [each["type"] for each in undone.json["changes"]] == ["profiles"]
    assert (server.get(path)["Params"], server.get(f"{path}/pubkey")) == (old, pubkey)
    assert server.get(f"{path}?decode=true")["Params"] == {NAME: SECRET}
    server.curl("DELETE", path)
    server.curl("POST", "/profiles", {"Name": "sealed-undo"})
    assert server.get(f"{path}/pubkey") != pubkey
    assert server.curl("POST", f"{path}/params", old).status == 422
    server.curl("DELETE", path)


def test_undoing_puts_back_the_value_before(server, profile):
    server.curl("POST", f"{profile}/params/{NAME}", SECRET)
    set_ = server.curl("POST", f"{profile}/params/{NAME}", "another")
    assert set_.status == 200
    revision = server.revision(profile)
    undone = server.curl("POST", f"/changes/{revision}/undo")
    assert undone.status == 200, undone.body
    assert server.get(f"{profile}/params/{NAME}?decode=true") == SECRET


def pack(value, name="sealed-pack"):
    return {
        "meta": {"Name": name, "Version": "v1.0.0"},
        "sections": {
            "params": {"sealed/packed": {"Name": "sealed/packed", "Secure": True, "Schema": {"type": "string"}}},
            "profiles": {"sealed-packed": {"Name": "sealed-packed", "Params": {"sealed/packed": value}}},
        },
    }


def test_content_packs_are_sealed_on_load_and_read_back_in_clear(server):
    tried = server.curl("POST", "/contents?dryRun=true", pack(SECRET))
    assert tried.status == 200 and SECRET not in tried.body.decode()
    assert server.curl("POST", "/contents", pack(SECRET)).status == 201
    profile = server.get("/profiles/sealed-packed")
    assert is_sealed(profile["Params"]["sealed/packed"]) and profile["Bundle"] == "sealed-pack"
    assert server.get("/profiles/sealed-packed?decode=true")["Params"] == {"sealed/packed": SECRET}
    content = server.get("/contents/sealed-pack")
    assert content["sections"]["profiles"]["sealed-packed"]["Params"] == {"sealed/packed": SECRET}
    assert server.curl("PUT", "/contents/sealed-pack", pack(SECRET)).status == 200
    assert server.get("/profiles/sealed-packed")["Params"] == profile["Params"]
    explained = server.get("/profiles/sealed-packed/explain")
    assert explained["object"]["Params"] == profile["Params"]
    bad = server.curl("PUT", "/contents/sealed-pack", pack(seal(base64.b64encode(b"9" * 32).decode(), SECRET)))
    assert bad.status == 422 and "SecureData corrupted" in bad.body.decode()
    assert server.curl("DELETE", "/contents/sealed-pack").status == 204


def test_the_keys_are_told_of_nowhere(server, profile):
    server.curl("POST", f"{profile}/params/{NAME}", SECRET)
    told = json.dumps([server.get(path) for path in (
        "/objects", "/indexes", "/info", "/contents", "/contents/BackingStore", "/history?limit=1000",
        f"{profile}/history", f"{profile}/explain", "/events?wait=0s&limit=10000", "/logs")])
    assert "sealing_keys" not in told and "PrivateKey" not in told
    assert server.curl("GET", "/sealing_keys").status == 404
    assert server.curl("GET", "/history?type=sealing_keys").status == 400
    change = {"op": "create", "type": "sealing_keys", "object": {"Id": "x"}}
    assert server.curl("POST", "/changes", {"changes": [change]}).status == 400
    stolen = {"meta": {"Name": "thief"}, "sections": {"sealing_keys": {"x": {"Id": "x", "PrivateKey": "AAAA"}}}}
    assert server.curl("POST", "/contents", stolen).json["Counts"] == {}
    server.curl("DELETE", "/contents/thief")


def test_sealing_opening_and_the_public_key_have_claims_of_their_own(server, profile):
    name = profile.rpartition("/")[2]
    server.curl("POST", f"{profile}/params/{NAME}", SECRET)

    def user(actions):
        claims = {name: actions, "*": "list,get"}
        role = {"Name": "sealer", "Claims": [
            {"scope": "profiles", "action": action, "specific": key} for key, action in claims.items()]}
        for path in "/users/sealer", "/roles/sealer":
            server.curl("DELETE", path)
        assert server.curl("POST", "/roles", role).status == 201
        assert server.curl("POST", "/users", {"Name": "sealer", "Roles": ["sealer"]}).status == 201
        server.curl("PUT", "/users/sealer/password", {"Password": "sesame"})
        return server.curl("GET", "/users/sealer/token", user="sealer:sesame").json["Token"]

    def denied(reply, path, claim):
        assert reply.status == 403, reply.body
        assert reply.json["Messages"] == [f"Cannot access /api/v3{path}", f"Requires: {claim}"]

    plain = user("update")
    for path in f"{profile}?decode=true", f"{profile}/params?decode=true", f"{profile}/params/{NAME}?decode=true":
        denied(server.curl("GET", path, token=plain), path, f"profiles getSecure {name}")
        assert server.get(path.partition("?")[0], token=plain)
    denied(server.curl("GET", f"{profile}/pubkey", token=plain), f"{profile}/pubkey", f"profiles updateSecure {name}")
    for way, (method, path, body) in writes(profile, SECRET + "-changed").items():
        headers = ["Content-Type: application/x-ndjson"] if way.endswith("lines") else []
        denied(server.curl(method, path, body, token=plain, headers=headers), path, f"profiles updateSecure {name}")
    assert server.curl("POST", f"{profile}/params/sealed/open", 1, token=plain).status == 200
    typed = f"/profiles/Name:{name}?decode=true"
    denied(server.curl("GET", typed, token=plain), typed, f"profiles getSecure Name:{name}")

    rich = user("update,getSecure,updateSecure")
    assert server.get(f"{profile}/params/{NAME}?decode=true", token=rich) == SECRET
    assert server.curl("POST", f"{profile}/params/{NAME}", "changed", token=rich).status == 200
    # Every row of a list must be the caller's to open.
    assert server.curl("GET", f"/profiles?decode=true&Name={name}", token=rich).status == 200
    refused = server.curl("GET", "/profiles?decode=true&Name=global", token=rich)
    denied(refused, "/profiles?decode=true&Name=global", "profiles getSecure global")
    for path in "/users/sealer", "/roles/sealer":
        server.curl("DELETE", path)


def test_drp_provisions_client_sees_sealed_values(server, drppy, profile):
    import drppy_client
    from drppy_client.api.custom_overrides import SecureData

    api, name = drppy_client.ProfilesApi(drppy), profile.rpartition("/")[2]
    box = SecureData()
    box.seal(base64.b64decode(api.get_profile_pub_key(name)), SECRET)
    sent = {"Key": box.Key, "Nonce": box.Nonce, "Payload": box.Payload}
    assert api.post_profile_param(sent, name, NAME) == sent
    assert api.get_profile_param(name, NAME) == sent
    assert api.get_profile_param(name, NAME, decode="true") == SECRET
    assert api.get_profile_params(name, decode="true") == {NAME: SECRET}
    assert is_sealed(api.post_profile_params({NAME: "again"}, name)[NAME])
    assert api.get_profile(name, decode="true").params == {NAME: "again"}
    assert is_sealed(api.delete_profile_param(name, NAME))


def test_a_secret_that_was_used_everywhere_stands_nowhere(fresh):
    """Greps everything that the server wrote or tells, and restarts it in between."""
    server = fresh("--log-level", "trace")
    secret = "grep-for-this-secret"
    server.curl("POST", "/params", {"Name": NAME, "Secure": True, "Schema": {"type": "string"}})
    server.curl("POST", "/profiles", {"Name": "holder"})
    token = server.curl("GET", "/users/rocketskates/token").json["Token"]
    for number, (way, (method, path, body)) in enumerate(writes("/profiles/holder", secret).items()):
        headers = ["Content-Type: application/x-ndjson"] if way.endswith("lines") else []
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        body = text.replace(secret.encode(), f"{secret}-{number}".encode())
        headers.append(f"Idempotency-Key: {number}")
        if path == "/changes":
            server.curl(method, path + "?dryRun=true", body, headers=headers[:-1])
        assert server.curl(method, path, body, headers=headers, token=token).status == 200
    server.curl("POST", f"/profiles/holder/params/{NAME}", {"wrong": secret})
    server.curl("PATCH", "/profiles/holder/params", [{"op": "test", "path": "/x", "value": secret}])
    server.curl("POST", "/contents", pack(secret))
    server.curl("PUT", "/contents/sealed-pack", pack(secret + "2"))
    server.curl("POST", "/profiles", {"Name": "short", "Params": {NAME: secret}})
    server.curl("DELETE", "/profiles/short")
    server.get("/profiles?decode=true")
    assert is_clear_nowhere(server, secret)
    server.kill()
    server.start()
    assert server.get("/profiles/sealed-packed?decode=true")["Params"] == {"sealed/packed": secret + "2"}
    assert server.get("/profiles/holder?decode=true")["Params"][NAME].startswith(secret)
    assert server.stop() == 0
    server.start()
    assert is_clear_nowhere(server, secret)


def test_packs_on_disk_are_sealed_once(fresh, tmp_path):
    """Their files stay as they are, but no restart makes other boxes of the same values, and a change is noticed."""
    path = tmp_path / "local.json"
    content = pack(SECRET, "LocalStore")
    del content["sections"]["params"]
    path.write_text(json.dumps(content))
    server = fresh("--local-content", str(path))
    server.curl("POST", "/params", {"Name": "sealed/packed"})
    server.curl("POST", "/profiles", {"Name": "written", "Params": {"sealed/packed": SECRET}})
    assert server.get("/profiles/sealed-packed")["Params"] == {"sealed/packed": SECRET}
    server.curl("PATCH", "/params/sealed~1packed".replace("~1", "/"), [
        {"op": "replace", "path": "/Secure", "value": True}])
    box = server.get("/profiles/sealed-packed")["Params"]["sealed/packed"]
    assert is_sealed(box) and is_sealed(server.get("/profiles/written")["Params"]["sealed/packed"])
    revision = server.get("/history?limit=1")["records"][0]["revision"]
    for _ in range(2):
        server.stop()
        server.start()
        assert server.get("/profiles/sealed-packed")["Params"]["sealed/packed"] == box
    assert server.get("/history?limit=1")["records"][0]["revision"] == revision
    server.stop()
    content["sections"]["params"] = {"sealed/other": {"Name": "sealed/other", "Secure": True}}
    content["sections"]["profiles"]["sealed-packed"]["Params"]["sealed/other"] = "other"
    path.write_text(json.dumps(content))
    server.start()
    assert server.get("/profiles/sealed-packed?decode=true")["Params"] == {
        "sealed/packed": SECRET, "sealed/other": "other"}


def test_one_key_is_made_however_many_ask_for_it_at_once(server, profile):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(server.get(f"{profile}/pubkey"))) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(keys) == 12 and len(set(keys)) == 1
