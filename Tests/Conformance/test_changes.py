"""Change sets: many changes as one, tried without effect, sent again, and taken back."""

import json

import pytest


def change(op, kind, key, **more):
    return {"op": op, "type": kind, "key": key, **more}


@pytest.fixture
def names(server, request):
    """Two profiles' names that are free before and after the test."""
    names = [f"{request.node.name}-{letter}" for letter in "ab"]
    yield names
    for name in reversed(names):
        server.curl("DELETE", f"/profiles/{name}")


def test_a_set_is_one_revision(server, names):
    a, b = names
    reply = server.curl("POST", "/changes", {"reason": "one", "changes": [
        change("create", "profiles", a, object={"Params": {"size": 1}}),
        change("create", "profiles", b, object={"Name": b, "Profiles": [a]}),
        change("patch", "profiles", a, patch=[{"op": "replace", "path": "/Description", "value": "d"}]),
    ]})
    assert reply.status == 200, reply.body
    answer = reply.json
    assert [each["key"] for each in answer["results"]] == [a, b, a]
    for each in answer["results"]:
        one = server.curl("GET", f"/profiles/{each['key']}")
        assert one.json == each["object"]
        assert one.headers["etag"] == each["etag"]
    record = server.get(f"/changes/{answer['revision']}")
    assert record["reason"] == "one"
    assert {each["key"] for each in record["changes"]} == {a, b}


def test_a_brief_answer_has_no_objects(server, names):
    a, _ = names
    lines = json.dumps(change("create", "profiles", a, object={}))
    reply = server.curl("POST", "/changes?brief=true", lines.encode(), headers=["Content-Type: application/x-ndjson"])
    assert reply.status == 200, reply.body
    (result,) = reply.json["results"]
    assert result == {"etag": server.curl("GET", f"/profiles/{a}").headers["etag"], "key": a, "op": "create", "type": "profiles"}


def test_a_set_is_refused_as_a_whole(server, names):
    a, b = names
    reply = server.curl("POST", "/changes", {"changes": [
        change("create", "profiles", a, object={}), change("delete", "profiles", b)]})
    assert reply.status == 404
    assert reply.json["Messages"] == [f"change 1 (delete profiles/{b}): Not Found"]
    assert server.curl("GET", f"/profiles/{a}").status == 404


@pytest.mark.parametrize("change, problem", [
    (5, "change 0: must be an object, not number"),
    ({}, "change 0: type is missing"),
    ({"op": "fly", "type": "profiles", "key": "x"},
     "change 0 (fly profiles/x): op must be create, replace, patch or delete, not `fly`"),
    ({"op": "create", "type": "freds", "key": "x", "object": {}},
     "change 0 (create freds/x): there is no type `freds`"),
    ({"op": "create", "type": "profiles", "key": "x"},
     "change 0 (create profiles/x): object is missing or no object"),
    ({"op": "delete", "type": "profiles"}, "change 0 (delete profiles): key is missing"),
    ({"op": "delete", "type": "profiles", "key": "global", "ifmatch": "x"},
     "change 0 (delete profiles/global): ifmatch is none of ifMatch, key, object, op, patch, type"),
    ({"op": "patch", "type": "profiles", "key": "global", "patch": {}},
     "change 0 (patch profiles/global): Patch: must be an array of operations, not object"),
])
def test_a_change_that_makes_no_sense_is_named(server, change, problem):
    reply = server.curl("POST", "/changes", {"changes": [change]})
    assert (reply.status, reply.json["Messages"]) == (400, [problem])


def test_what_stands_around_changes_is_checked_too(server, names):
    changes = [change("create", "profiles", names[0], object={})]
    for body, problem in [
        ({"changes": changes, "reasn": "x"}, "`reasn` in the body is none of changes, reason"),
        ({"changes": changes, "reason": 5}, "reason must be text, not number"),
    ]:
        reply = server.curl("POST", "/changes", body)
        assert (reply.status, reply.json["Messages"]) == (400, [problem])
    reply = server.curl("POST", "/changes/1/undo", {"force": True})
    assert (reply.status, reply.json["Messages"]) == (400, ["`force` in the body is none of reason"])
    assert server.curl("GET", f"/profiles/{names[0]}").status == 404


def test_who_wants_to_try_never_writes(server, names):
    a, b = names
    body = {"changes": [change("create", "profiles", a, object={})]}
    pack = {"meta": {"Name": "never-there"}, "sections": {}}
    for path, sent in [("/changes", body), ("/contents", pack), ("/profiles", {"Name": a})]:
        for value in ["2", "yes", "on"]:
            reply = server.curl("POST", f"{path}?dryRun={value}", sent)
            assert (reply.status, reply.json["Messages"]) == (400, [f"dryRun must be true or false, not `{value}`"])
    server.curl("POST", "/profiles", {"Name": b})
    for method, path, sent in [
        ("POST", "/profiles", {"Name": a}), ("PUT", f"/profiles/{b}", {"Name": b, "Description": "x"}),
        ("PATCH", f"/profiles/{b}", [{"op": "replace", "path": "/Description", "value": "x"}]),
        ("DELETE", f"/profiles/{b}", None), ("POST", f"/profiles/{b}/params/some", 1),
    ]:
        reply = server.curl(method, f"{path}?dryRun=true", sent)
        assert reply.status == 400, (method, path, reply.body)
        assert "send this as a change set to /changes" in reply.json["Messages"][0]
    assert server.curl("GET", f"/profiles/{a}").status == 404
    kept = server.get(f"/profiles/{b}")
    assert (kept["Description"], kept["Params"]) == ("", {})
    assert server.curl("GET", "/contents/never-there").status == 404
    assert server.curl("POST", "/changes?dryRun=false", body).status == 200


def test_if_match_guards_a_change(server, names):
    a, _ = names
    etag = server.curl("POST", "/profiles", {"Name": a}).headers["etag"]
    wrong = {"changes": [change("delete", "profiles", a, ifMatch='"never"')]}
    assert server.curl("POST", "/changes", wrong).status == 409
    right = {"changes": [change("delete", "profiles", a, ifMatch=etag)]}
    assert server.curl("POST", "/changes", right).status == 200


def test_a_dry_run_tells_what_the_commit_does(server, names):
    a, b = names
    server.curl("POST", "/profiles", {"Name": a, "Params": {"size": 1}})
    machine = server.curl("POST", "/machines", {"Name": "dry-run-machine", "Profiles": [a]}).json["Uuid"]
    body = {"changes": [
        change("patch", "profiles", a, patch=[{"op": "replace", "path": "/Params", "value": {"size": 2}}]),
        change("create", "profiles", b, object={})]}
    try:
        dry = server.curl("POST", "/changes?dryRun=true", body)
        assert dry.status == 200, dry.body
        assert server.get(f"/profiles/{a}")["Params"] == {"size": 1}
        assert dry.json["params"]["machines"] == [
            {"key": machine, "name": "dry-run-machine", "diff": [{"op": "replace", "path": "/size", "value": 2}]}]
        wet = server.curl("POST", "/changes", body).json
        assert dry.json["revision"] == wet["revision"]
        assert dry.json["results"] == wet["results"]
        changes = server.get(f"/changes/{wet['revision']}")["changes"]
        assert [each["diff"] for each in dry.json["changes"]] == [each["diff"] for each in changes]
    finally:
        server.curl("DELETE", f"/machines/{machine}")


def test_lines_stream_in(server):
    lines = [change("create", "profiles", f"line-{number}", object={}) for number in range(500)]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    header = ["Content-Type: application/x-ndjson", "X-Change-Reason: lines"]
    reply = server.curl("POST", "/changes", body, headers=header)
    assert reply.status == 200, reply.body
    assert len(reply.json["results"]) == 500
    assert server.get(f"/changes/{reply.json['revision']}")["reason"] == "lines"
    assert server.curl("POST", f"/changes/{reply.json['revision']}/undo").status == 200
    assert server.curl("GET", "/profiles/line-7").status == 404


def test_a_write_can_be_sent_again(fresh):
    server = fresh()
    header = ["Idempotency-Key: again"]
    first = server.curl("POST", "/profiles", {"Name": "again"}, headers=header)
    assert first.status == 201
    server.kill()
    server.start()
    second = server.curl("POST", "/profiles", {"Name": "again"}, headers=header)
    assert (second.status, second.json) == (201, first.json)
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["idempotent-replay"] == "true"
    assert server.curl("POST", "/profiles", {"Name": "other"}, headers=header).status == 422
    body = {"changes": [change("create", "profiles", "set", object={})]}
    header = ["Idempotency-Key: set"]
    made = server.curl("POST", "/changes", body, headers=header)
    assert server.curl("POST", "/changes", body, headers=header).json == made.json
    body["changes"][0]["key"] = "other"
    assert server.curl("POST", "/changes", body, headers=header).status == 422


def test_every_kind_of_write_can_be_sent_again(fresh):
    server = fresh()
    server.curl("POST", "/profiles", {"Name": "undone"})
    revision = server.get("/history?limit=1")["records"][0]["revision"]
    writes = [
        ("POST", "/profiles", {"Name": "some"}), ("PUT", "/profiles/some", {"Name": "some", "Description": "d"}),
        ("PATCH", "/profiles/some", [{"op": "replace", "path": "/Description", "value": "e"}]),
        ("POST", "/profiles/some/params/size", 5), ("DELETE", "/profiles/some", None),
        ("POST", "/changes", {"changes": [change("create", "profiles", "set", object={})]}),
        ("POST", f"/changes/{revision}/undo", None), ("POST", "/contents", {"meta": {"Name": "pack"}, "sections": {}}),
        ("DELETE", "/contents/pack", None),
    ]

    def send():
        return [server.curl(*write, headers=[f"Idempotency-Key: {at}"]) for at, write in enumerate(writes)]

    def told(replies):
        return [(reply.status, reply.body, reply.headers.get("etag")) for reply in replies]

    first = send()
    assert {reply.status for reply in first} <= {200, 201, 204}
    newest = server.get("/history?limit=1")["records"][0]["revision"]
    assert told(send()) == told(first)
    server.kill()
    server.start()
    again = send()
    assert told(again) == told(first)
    assert {reply.headers["idempotent-replay"] for reply in again} == {"true"}
    assert server.get("/history?limit=1")["records"][0]["revision"] == newest
    for key in ["", "x" * 256]:
        header = f"Idempotency-Key: {key}" if key else "Idempotency-Key;"
        reply = server.curl("POST", "/profiles", {"Name": "other"}, headers=[header])
        assert reply.json["Messages"] == [f"An Idempotency-Key has 1 to 255 bytes, not {len(key)}"]


def test_a_write_whose_answer_is_too_long_to_be_kept_is_not_done_twice(fresh):
    server = fresh()
    header = ["Idempotency-Key: long"]
    changes = [change("create", "profiles", f"long-{at}", object={"Description": "x" * 50_000}) for at in range(30)]
    first = server.curl("POST", "/changes", {"changes": changes}, headers=header)
    assert first.status == 200 and len(first.json["results"]) == 30
    second = server.curl("POST", "/changes", {"changes": changes}, headers=header)
    assert second.status == 409 and second.headers["idempotent-replay"] == "true"
    assert "carried out with status 200" in second.json["Messages"][0]
    assert "1048576" in second.json["Messages"][1]


def test_an_undo_is_undone(server, names):
    a, _ = names
    made = server.curl("POST", "/changes", {"changes": [change("create", "profiles", a, object={})]}).json
    undone = server.curl("POST", f"/changes/{made['revision']}/undo", {"reason": "a mistake"}).json
    assert server.curl("GET", f"/profiles/{a}").status == 404
    assert server.get(f"/changes/{undone['revision']}")["reason"] == "a mistake"
    server.curl("POST", f"/changes/{undone['revision']}/undo")
    assert server.get(f"/profiles/{a}") == made["results"][0]["object"]


def test_a_commit_is_undone_unless_others_changed_its_objects(server, names):
    a, b = names
    made = server.curl("POST", "/changes", {"changes": [
        change("create", "profiles", a, object={}), change("create", "profiles", b, object={"Profiles": [a]})]}).json
    server.curl("PATCH", f"/profiles/{a}", [{"op": "replace", "path": "/Description", "value": "later"}])
    refused = server.curl("POST", f"/changes/{made['revision']}/undo")
    assert refused.status == 409
    assert refused.json["Messages"][0].startswith(f"profiles/{a} was changed again in revision ")
    dry = server.curl("POST", f"/changes/{made['revision']}/undo?force=true&dryRun=true").json
    assert {each["action"] for each in dry["changes"]} == {"delete"}
    assert server.curl("GET", f"/profiles/{a}").status == 200
    assert server.curl("POST", f"/changes/{made['revision']}/undo?force=true").status == 200
    assert server.curl("GET", f"/profiles/{a}").status == 404


def test_a_pack_can_be_tried(server):
    pack = {"meta": {"Name": "tried", "Version": "v1.0.0"}, "sections": {"profiles": {"in-pack": {"Name": "in-pack"}}}}
    dry = server.curl("POST", "/contents?dryRun=true", pack)
    assert dry.status == 200, dry.body
    assert [(each["action"], each["key"]) for each in dry.json["changes"]] == [("create", "in-pack")]
    assert server.curl("GET", "/contents/tried").status == 404


def test_nobody_changes_more_than_he_may(server):
    server.curl("POST", "/roles", {"Name": "no-writer", "Claims": [
        {"scope": "profiles", "action": "get", "specific": "*"}]})
    server.curl("POST", "/users", {"Name": "no-writer", "Roles": ["no-writer"]})
    server.curl("PUT", "/users/no-writer/password", {"Password": "pw"})
    try:
        body = {"changes": [change("create", "profiles", "denied", object={})]}
        assert server.curl("POST", "/changes", body, user="no-writer:pw").status == 403
        records = server.curl("GET", "/history", user="no-writer:pw").json["records"]
        seen = {(each["type"], each["key"]) for record in records for each in record["changes"]}
        assert {kind for kind, key in seen if (kind, key) != ("users", "no-writer")} <= {"profiles"}
    finally:
        server.curl("DELETE", "/users/no-writer")
        server.curl("DELETE", "/roles/no-writer")
