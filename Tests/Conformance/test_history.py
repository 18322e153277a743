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
    return server.revision(f"/profiles/{name}")


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


def test_history_is_filtered_by_who(server, profile):
    server.curl("POST", "/profiles", {"Name": profile})
    for name in ["user:rocketskates", "rocketskates"]:
        assert len(server.get(f"/history?type=profiles&key={profile}&principal={name}")["records"]) == 1
    assert server.get("/history?principal=skates")["records"] == []


@pytest.mark.parametrize("path, status, problem", [
    ("/history?type=freds", 400, "type: there is no type `freds`"),
    ("/history?limit=0", 400, "limit must be a number from 1 to 1000, not `0`"),
    ("/history?cursor=x", 400, "`x` is no cursor: use the one that the page before gave"),
    ("/history?until=noon", 400, "until must be a time such as 2030-12-31T23:59:59Z, not `noon`"),
    ("/history?typ=profiles", 400,
     "History has the arguments cursor, key, limit, principal, reason, since, type, until, not `typ`"),
    ("/changes/1?offset=x", 400, "offset must be a number from 0, not `x`"),
    ("/changes/1?offset=-1", 400, "offset must be a number from 0, not `-1`"),
    ("/changes/x", 400, "A revision is a whole number, not `x`"),
    ("/changes/99999999", 404, "There is no commit 99999999: they are counted from 1, and the newest is "),
    ("/profiles?revision=99999999", 404, "There is no commit 99999999: they are counted from 1, and the newest is "),
    ("/profiles/global?revision=-1", 400, "A revision is a whole number, not `-1`"),
    ("/profiles?at=noon", 400, "at must be a time such as 2030-12-31T23:59:59Z, not `noon`"),
    ("/profiles?revision=1&at=2030-12-31T23:59:59Z", 400, "revision= and at= both name a state: give one"),
    ("/profiles?revision=1&sort=Fred", 406, "No such index: Fred"),
])
def test_a_question_that_makes_no_sense_is_answered_with_a_remedy(server, path, status, problem):
    reply = server.curl("GET", path)
    assert reply.status == status
    assert reply.json["Messages"][0].startswith(problem)


def test_a_write_to_the_past_is_refused(server, profile):
    server.curl("POST", "/profiles", {"Name": profile})
    reply = server.curl("DELETE", f"/profiles/{profile}?revision=1")
    assert reply.status == 400
    assert reply.json["Messages"] == [
        "revision= and at= are for reads, not for DELETE: a change set's ifMatch guards a write"]
    assert server.curl("GET", f"/profiles/{profile}").status == 200


def test_lists_of_the_past_are_sorted_filtered_and_cut(server):
    machines = [server.curl("POST", "/machines", {
        "Name": f"past-{letter}.x", "Address": f"10.99.0.{number}", "Params": {"place": number % 2}}).json["Uuid"]
        for number, letter in enumerate("abcd")]
    revision = server.get("/history?limit=1")["records"][0]["revision"]
    when = server.get(f"/changes/{revision}")["time"]
    for machine in machines:
        assert server.curl("DELETE", f"/machines/{machine}").status == 200
    for state in [f"revision={revision}", f"at={when}"]:
        def names(query):
            return [row["Name"] for row in server.get(f"/machines?{state}&Name=Re(past-.*)&{query}")]

        assert names("sort=Address&reverse=true") == ["past-d.x", "past-c.x", "past-b.x", "past-a.x"]
        assert names("sort=Name&offset=1&limit=2") == ["past-b.x", "past-c.x"]
        assert names("place=Eq(1)&sort=Name") == ["past-b.x", "past-d.x"]
        assert names("Address=10.99.0.2") == ["past-c.x"]
        assert server.get(f"/machines/Name:past-a.x/params/place?{state}") == 0
    assert server.get("/machines?Name=Re(past-.*)") == []


def test_packs_of_the_past_are_told(server):
    pack = {"meta": {"Name": "past-pack", "Version": "v1.0.0"}, "sections": {
        "profiles": {"in-past-pack": {"Name": "in-past-pack", "Params": {"size": 1}}}}}

    def send(method, path, reason):
        reply = server.curl(method, path, None if method == "DELETE" else pack, headers=[f"X-Change-Reason: {reason}"])
        assert reply.status in (200, 201, 204), reply.body
        return server.get("/history?limit=1")["records"][0]["revision"]

    first = send("POST", "/contents", "one")
    pack["sections"]["profiles"]["in-past-pack"]["Params"]["size"] = 2
    second = send("PUT", "/contents/past-pack", "two")
    send("DELETE", "/contents/past-pack", "none")
    for revision, reason, size in [(first, "one", 1), (second, "two", 2)]:
        told = server.get(f"/profiles/in-past-pack/explain?revision={revision}")
        assert told["layer"] == {"kind": "dynamic", "name": "past-pack"}
        assert (told["setBy"]["revision"], told["setBy"]["reason"]) == (revision, reason)
        assert told["object"]["Params"] == {"size": size}
        assert server.get(f"/profiles/in-past-pack?revision={revision}")["Params"] == {"size": size}
    versions = server.get(f"/profiles/in-past-pack/history?revision={second}")["versions"]
    assert [each["reason"] for each in versions] == ["two", "one"]
    for filters in ["type=contents&key=past-pack", "key=past-pack"]:
        assert [each["reason"] for each in server.get(f"/history?{filters}")["records"]] == ["none", "two", "one"]


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


def test_all_that_a_value_beats_is_explained_in_order(server):
    def make(kind, body):
        reply = server.curl("POST", f"/{kind}", body)
        assert reply.status == 201, reply.body
        return reply.json

    make("params", {"Name": "explained-level", "Schema": {"type": "integer", "default": 0}})
    make("profiles", {"Name": "explained-inner", "Params": {"explained-level": 3}})
    make("profiles", {
        "Name": "explained-outer", "Params": {"explained-level": 2}, "Profiles": ["explained-inner"]})
    make("profiles", {"Name": "explained-staged", "Params": {"explained-level": 5}})
    make("stages", {"Name": "explained-stage", "Params": {"explained-level": 4}, "Profiles": ["explained-staged"]})
    machine = make("machines", {
        "Name": "explained.x", "Profiles": ["explained-outer"], "Stage": "explained-stage"})["Uuid"]
    try:
        for path, value in [(f"/machines/{machine}", 1), ("/profiles/global", 6)]:
            why = [f"X-Change-Reason: to {value}"]
            reply = server.curl("POST", f"{path}/params/explained-level", value, headers=why)
            assert reply.status == 200, reply.body
        told = server.get(f"/machines/{machine}/params/explained-level/explain")
        assert [(each["type"], each["key"], each["value"]) for each in told["values"]] == [
            ("machines", machine, 1), ("profiles", "explained-outer", 2), ("profiles", "explained-inner", 3),
            ("stages", "explained-stage", 4), ("profiles", "explained-staged", 5), ("profiles", "global", 6)]
        assert (told["value"], told["from"], told["default"]) == (1, "value", 0)
        assert [each["setBy"]["reason"] for each in told["values"]] == ["to 1", "", "", "", "", "to 6"]
    finally:
        server.curl("DELETE", "/profiles/global/params/explained-level")
        for path in [
            f"machines/{machine}", "stages/explained-stage", "profiles/explained-staged", "profiles/explained-outer",
            "profiles/explained-inner", "params/explained-level",
        ]:
            server.curl("DELETE", f"/{path}")


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
    assert server.curl("GET", "/changes/1").status == 410
    assert server.curl("GET", "/profiles?revision=0").status == 410
    # The oldest state can be told, unless more was forgotten since it was named.
    start = server.get("/history?limit=1")["start"]
    while (status := server.curl("GET", f"/profiles?revision={start}").status) != 200:
        assert status == 410
        named, start = start, server.get("/history?limit=1")["start"]
        assert start > named
    # Events go as far back as history does, or further while they are in memory.
    server.stop()
    server.start()
    gone = server.curl("GET", f"/events?since={before}")
    assert gone.status == 410
    while (page := server.curl("GET", f"/events?since={gone.json['Oldest']}&limit=1")).status != 200:
        assert page.status == 410
        assert page.json["Oldest"] != gone.json["Oldest"]
        gone = page
    oldest = page.json["events"]
    assert oldest and oldest[0]["Revision"] > 1
