"""Who changed what, when and why; what things were; and why they are as they are."""

import time

import pytest


@pytest.fixture
def profile(server, request):
    """The name of a profile that is free before and after the test."""
    yield request.node.name
    server.curl("DELETE", f"/profiles/{request.node.name}")


def describe(server, name, text):
    patch = [{"op": "replace", "path": "/Description", "value": text}]
    reply = server.curl("PATCH", f"/profiles/{name}", patch, headers=[f"X-Change-Reason: to {text}"])
    assert reply.status == 200, reply.body
    return int(reply.headers["etag"].strip('"'), 16)


def test_every_version_of_an_object_is_told(server, profile):
    server.curl("POST", "/profiles", {"Name": profile})
    revisions = [describe(server, profile, text) for text in ["one", "two"]]
    versions = server.get(f"/profiles/{profile}/history")["versions"]
    assert [each["reason"] for each in versions] == ["to two", "to one", ""]
    assert [each["revision"] for each in versions][:2] == revisions[::-1]
    assert versions[0]["principal"] == "user:rocketskates"
    assert versions[0]["diff"] == [{"op": "replace", "path": "/Description", "value": "two"}]
    assert versions[2]["before"] is None
    server.curl("DELETE", f"/profiles/{profile}")
    assert server.get(f"/profiles/{profile}/history")["versions"][0]["action"] == "delete"


def test_reads_go_back_in_time(server, profile):
    server.curl("POST", "/profiles", {"Name": profile})
    first = describe(server, profile, "one")
    describe(server, profile, "two")
    server.curl("DELETE", f"/profiles/{profile}")
    assert server.get(f"/profiles/{profile}?revision={first}")["Description"] == "one"
    rows = server.get(f"/profiles?Name={profile}&revision={first}")
    assert [row["Description"] for row in rows] == ["one"]
    when = server.get(f"/changes/{first}")["time"]
    assert server.get(f"/profiles/{profile}?at={when}")["Description"] == "one"
    assert server.curl("GET", f"/profiles/{profile}").status == 404
    assert server.curl("GET", "/profiles?revision=99999999").status == 404
    assert server.curl("GET", "/info?revision=1").status == 400


def test_history_is_filtered_and_paged(server, profile):
    server.curl("POST", "/profiles", {"Name": profile})
    for text in ["p", "q", "r"]:
        describe(server, profile, text)
    path = f"/history?type=profiles&key={profile}&limit=2"
    page = server.get(path)
    assert [each["reason"] for each in page["records"]] == ["to r", "to q"]
    rest = server.get(f"{path}&cursor={page['cursor']}")
    assert [each["reason"] for each in rest["records"]] == ["to p", ""]
    assert "cursor" not in rest
    assert [each["reason"] for each in server.get("/history?reason=to q&type=profiles".replace(" ", "%20"))["records"]][
        0] == "to q"
    assert server.curl("GET", "/history?since=yesterday").status == 400


def test_secrets_stay_secret(server):
    user = server.curl("POST", "/users", {"Name": "keeps-secret"}).json
    server.curl("PUT", "/users/keeps-secret/password", {"Password": "hidden"})
    server.curl("DELETE", "/users/keeps-secret")
    text = server.curl("GET", "/users/keeps-secret/history").body.decode()
    assert user["Secret"] not in text
    assert "PasswordHash" not in text
    first = server.curl("GET", "/changes/1?limit=10000").body.decode()
    assert "baseTokenSecret" not in first or "(not shown)" in first


def test_values_of_params_are_explained(server, profile):
    server.curl("POST", "/profiles", {"Name": profile, "Params": {"why": "profile"}})
    made = server.curl("POST", "/machines", {
        "Name": "explained", "Profiles": [profile], "Params": {"why": "machine", "a/b": 1}}).json["Uuid"]
    try:
        told = server.get(f"/machines/{made}/params/why/explain")
        assert told["value"] == "machine"
        assert [(each["type"], each["value"]) for each in told["values"]] == [
            ("machines", "machine"), ("profiles", "profile")]
        assert {each["setBy"]["principal"] for each in told["values"]} == {"user:rocketskates"}
        assert {each["layer"]["kind"] for each in told["values"]} == {"writable"}
        assert server.get(f"/machines/{made}/params/a/b/explain")["value"] == 1
    finally:
        server.curl("DELETE", f"/machines/{made}")


def test_layers_are_explained(server):
    told = server.get("/stages/none/explain")
    assert told["layer"]["kind"] == "basic"
    assert told["shadows"] == []
    server.curl("PATCH", "/stages/none", [{"op": "replace", "path": "/Description", "value": "over"}])
    try:
        told = server.get("/stages/none/explain")
        assert told["layer"]["kind"] == "writable"
        assert [each["layer"]["kind"] for each in told["shadows"]] == ["basic"]
    finally:
        server.curl("DELETE", "/stages/none")


def test_old_history_is_forgotten(fresh):
    server = fresh("--history-size", "1")
    before = server.get("/events/cursor")["cursor"]
    for number in range(300):
        server.curl("POST", "/profiles", {"Name": f"p{number}", "Description": "x" * 9000})
        server.curl("DELETE", f"/profiles/p{number}")
    deadline = time.monotonic() + 30
    while server.get("/history?limit=1")["start"] == 0:
        assert time.monotonic() < deadline, "nothing was forgotten"
        time.sleep(0.5)
    start = server.get("/history?limit=1")["start"]
    assert server.curl("GET", "/changes/1").status == 410
    assert server.curl("GET", "/profiles?revision=0").status == 410
    assert server.curl("GET", f"/profiles?revision={start}").status == 200
    # Events go as far back as history does, or further while they are in memory.
    server.stop()
    server.start()
    gone = server.curl("GET", f"/events?since={before}")
    assert gone.status == 410
    oldest = server.get(f"/events?since={gone.json['Oldest']}&limit=1")["events"]
    assert oldest and oldest[0]["Revision"] > 1
