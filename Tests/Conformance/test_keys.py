"""How URLs name objects: keys with slashes, keys of unique indexes, and what is no key at all (C §2)."""

import pytest

MACHINE = "0d1e2f3a-0000-4000-8000-0000000000b1"


@pytest.fixture(scope="module", autouse=True)
def objects(server):
    made = [
        ("/machines", {"Uuid": MACHINE, "Name": "keys-bob", "Params": {"keys/slashed": 1}}),
        ("/params", {"Name": "keys/one/two"}),
        ("/users", {"Name": "keys@host"}),
        ("/subnets", {"Name": "keys-net", "Subnet": "192.168.240.0/24", "ActiveStart": "192.168.240.10",
                      "ActiveEnd": "192.168.240.20"}),
        ("/leases", {"Addr": "192.168.240.11", "Strategy": "MAC", "Token": "52:54:00:00:00:11", "State": "ACK"}),
    ]
    urls = ["/" + server.curl("POST", path, body).json["Name" if "Name" in body else "Addr"] for path, body in made]
    yield
    for (path, _), url in zip(made, urls):
        server.curl("DELETE", path + (f"/{MACHINE}" if path == "/machines" else url))


@pytest.mark.parametrize("path, name", [
    (f"/machines/{MACHINE}", "keys-bob"),
    (f"/machines/{MACHINE.upper()}", "keys-bob"),
    (f"/machines/Uuid:{MACHINE}", "keys-bob"),
    (f"/machines/Key:{MACHINE}", "keys-bob"),
    ("/machines/Name:keys-bob", "keys-bob"),
    ("/machines/Name%3Akeys-bob", "keys-bob"),
    ("/machines//Name:keys-bob/", "keys-bob"),
    ("/params/keys/one/two", "keys/one/two"),
    ("/params/keys%2Fone%2Ftwo", "keys/one/two"),
    ("/params/Name:keys/one/two", "keys/one/two"),
    ("/users/keys@host", "keys@host"),
    ("/users/keys%40host", "keys@host"),
    ("/subnets/Name:keys-net", "keys-net"),
])
def test_an_object_answers_to_its_key_and_to_every_unique_index(server, path, name):
    assert server.get(path)["Name"] == name


@pytest.mark.parametrize("path", ["/leases/192.168.240.11", "/leases/C0A8F00B", "/leases/Key:C0A8F00B"])
def test_a_lease_answers_to_its_address_in_both_forms(server, path):
    assert server.get(path)["Addr"] == "192.168.240.11"


@pytest.mark.parametrize("prefix, key", [
    ("machines", "keys-bob"), ("machines", "Runnable:true"), ("machines", "Stage:none"), ("machines", "Fred:bob"),
    ("machines", "Name:"), ("bootenvs", "OnlyUnknown:true"), ("params", "keys/one"), ("leases", "192.168.240"),
])
def test_what_is_neither_key_nor_unique_index_is_not_found_under_what_was_typed(server, prefix, key):
    reply = server.curl("GET", f"/{prefix}/{key}")
    assert reply.status == 404
    assert reply.json == {"Code": 404, "Model": prefix, "Type": "GET", "Key": key, "Messages": ["Not Found"]}


def test_sub_resources_take_every_form_of_key(server):
    for path in (
        "/machines/Name:keys-bob/params/keys/slashed", f"/machines/{MACHINE}/params/keys%2Fslashed",
        "/machines/Name%3Akeys-bob/params/keys%2Fslashed",
    ):
        assert server.get(path) == 1
    assert server.get("/meta/params/keys/one/two") == {}
    assert server.get("/meta/params/keys%2Fone%2Ftwo") == {}


def test_writes_take_every_form_of_key(server):
    patch = [{"op": "replace", "path": "/Description", "value": "patched"}]
    for path in "/machines/Name:keys-bob", "/params/keys/one/two", "/params/keys%2Fone%2Ftwo":
        assert server.curl("PATCH", path, patch).json["Description"] == "patched"


def test_two_objects_cannot_share_the_value_of_a_unique_index(server):
    reply = server.curl("POST", "/machines", {"Name": "keys-bob"})
    assert reply.status == 422
    assert "keys-bob" in reply.json["Messages"][0]


def test_paths_may_begin_with_the_id_of_this_endpoint_but_with_no_other(server):
    base = f"https://127.0.0.1:{server.port}"
    assert server.curl("GET", "/Fred/api/v3/machines/Name:keys-bob", base=base).json["Uuid"] == MACHINE
    assert server.curl("GET", "/Barney/api/v3/machines", base=base).status == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_paths_that_lead_nowhere_are_told_so(server, method):
    reply = server.curl(method, "/freds/john", None if method in ("GET", "DELETE") else {})
    assert reply.status == 404
    assert reply.json == {
        "Code": 404, "Model": "/api/v3/freds/john", "Type": method, "Key": "", "Messages": ["No route"]}
