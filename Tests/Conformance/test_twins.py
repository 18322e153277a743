"""Names that differ only in normalization are two names: Unicode calls the Kelvin sign a K."""

import urllib.parse

import pytest

KATE, TWIN = "Kate", "\N{KELVIN SIGN}ate"


def encoded(name):
    return urllib.parse.quote(name)


def test_of_two_users_who_are_twins_neither_gets_the_rights_of_the_other(fresh):
    server = fresh()
    for name, roles in (KATE, ["superuser"]), (TWIN, []):
        assert server.curl("POST", "/users", {"Name": name, "Roles": roles}).status == 201
        assert server.curl("PUT", f"/users/{encoded(name)}/password", {"Password": f"of {name}"}).status == 200
    for _ in range(2):
        assert server.curl("GET", "/users", user=f"{KATE}:of {KATE}").status == 200
        reply = server.curl("GET", "/users", user=f"{TWIN}:of {TWIN}")
        assert reply.status == 403 or reply.json == [], "the twin has no roles"
        assert server.curl("GET", "/users", user=f"{TWIN}:of {KATE}").status == 401


@pytest.fixture
def packs(server):
    for name, profile in (KATE, "kates"), (TWIN, "twins"):
        pack = {"meta": {"Name": name, "Version": "v1.0.0"}, "sections": {"profiles": {profile: {"Name": profile}}}}
        assert server.curl("POST", "/contents", pack).status == 201
    yield
    assert server.curl("DELETE", f"/contents/{encoded(TWIN)}").status == 204


def test_two_packs_that_are_twins_stand_side_by_side(server, packs):
    assert [server.get(f"/profiles/{name}")["Bundle"] for name in ("kates", "twins")] == [KATE, TWIN]
    assert server.curl("DELETE", f"/contents/{KATE}").status == 204
    assert server.curl("GET", "/profiles/kates").status == 404
    assert server.get("/profiles/twins")["Bundle"] == TWIN


def test_a_sign_makes_no_name_of_ours(server):
    reply = server.curl("POST", "/prefs", {"jobsTo\N{KELVIN SIGN}eep": "5"})
    assert reply.status == 422 and "Unknown Preference" in reply.json["Messages"][0]
    made = server.curl("POST", "/stages", {"Name": "twin-stage", "Tas\N{KELVIN SIGN}s": ["nowhere"]})
    assert made.status == 201 and made.json["Tasks"] == []
    assert server.curl("DELETE", "/stages/twin-stage").status == 200
    assert server.curl("GET", f"/reservations?To{encoded(chr(0x212a))}en=x").status == 406


def test_params_that_are_twins_are_read_one_by_one(server):
    params = {KATE: 1, TWIN: 2}
    assert server.curl("POST", "/profiles", {"Name": "twin-params", "Params": params}).json["Params"] == params
    for name, value in params.items():
        assert server.get(f"/profiles/twin-params/params?params={encoded(name)}") == {name: value}
        assert server.get(f"/profiles/twin-params?params={encoded(name)}")["Params"] == {name: value}
    assert server.curl("DELETE", "/profiles/twin-params").status == 200
