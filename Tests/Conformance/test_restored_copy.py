"""A store that is copied, goes on, and is put back: nothing that was told in between passes for the truth."""

import shutil

import pytest


def put_back(server, copy):
    shutil.rmtree(server.root / "muster")
    shutil.copytree(copy, server.root / "muster")


def describe(server, text):
    reply = server.curl("PATCH", "/profiles/global", [{"op": "replace", "path": "/Description", "value": text}])
    assert reply.status == 200
    return reply.headers["etag"]


def known(server):
    """What a client keeps: the etag of an object, a cursor of events, and one of history."""
    page = server.get("/history?limit=1")
    return server.curl("GET", "/profiles/global").headers["etag"], server.get("/events/cursor")["cursor"], page["cursor"]


def change(etag):
    return {"changes": [{"op": "patch", "type": "profiles", "key": "global", "ifMatch": etag,
                         "patch": [{"op": "replace", "path": "/Description", "value": "overwritten"}]}]}


@pytest.mark.parametrize("commits", [0, 1, 3])
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_told_after_the_copy_is_refused(fresh, tmp_path, commits, end):
    server = fresh()
    describe(server, "before")
    before = known(server)
    assert server.stop() == 0
    shutil.copytree(server.root / "muster", tmp_path / "copy")
    server.start()
    for number in range(commits + 1):
        describe(server, f"lost {number}")
    etag, cursor, page = known(server)
    assert getattr(server, end)() in (0, None)
    put_back(server, tmp_path / "copy")
    server.start()
    for number in range(commits + 3):
        refused = server.curl("GET", f"/events?since={cursor}")
        assert refused.status == 410, number
        assert server.curl("GET", f"/events?since={refused.json['Oldest']}").status == 200
        assert server.curl("GET", f"/history?cursor={page}").status == (410 if commits else 200)
        assert server.curl("GET", "/profiles/global", headers=[f"If-None-Match: {etag}"]).status == 200
        waited = server.curl("GET", "/profiles/global", headers=[f"If-None-Match: {etag}", "Prefer: wait=30s"])
        assert waited.status == 200
        assert server.curl("POST", "/changes", change(etag)).status == 412
        patch = change(etag)["changes"][0]["patch"]
        assert server.curl("PATCH", "/profiles/global", patch, headers=[f"If-Match: {etag}"]).status == 412
        if number == 0:
            assert server.curl("GET", "/profiles/global", headers=[f"If-None-Match: {before[0]}"]).status == 304
        assert server.curl("GET", f"/events?since={before[1]}").status == 200
        assert server.curl("GET", f"/history?cursor={before[2]}").status == 200
        describe(server, f"another {number}")
        assert server.get("/profiles/global")["Description"] == f"another {number}"


def test_a_plain_restart_keeps_everything_valid(fresh):
    server = fresh()
    describe(server, "once")
    etag, cursor, page = known(server)
    for end in "stop", "kill", "stop":
        getattr(server, end)()
        server.start()
        assert known(server) == (etag, cursor, page)
        assert server.curl("GET", "/profiles/global", headers=[f"If-None-Match: {etag}"]).status == 304
        assert server.curl("GET", f"/events?since={cursor}").json["events"] == []
    assert server.curl("POST", "/changes", change(etag)).status == 200


def test_an_answer_that_is_kept_comes_back_only_where_its_change_is(fresh, tmp_path):
    server = fresh()
    early, late = ["Idempotency-Key: early"], ["Idempotency-Key: late"]
    first = server.curl("POST", "/profiles", {"Name": "early"}, headers=early)
    server.stop()
    shutil.copytree(server.root / "muster", tmp_path / "copy")
    server.start()
    lost = server.curl("POST", "/profiles", {"Name": "late"}, headers=late)
    server.stop()
    put_back(server, tmp_path / "copy")
    server.start()
    again = server.curl("POST", "/profiles", {"Name": "early"}, headers=early)
    assert (again.body, again.headers["etag"]) == (first.body, first.headers["etag"])
    anew = server.curl("POST", "/profiles", {"Name": "late"}, headers=late)
    assert (anew.status, anew.body) == (201, lost.body)
    assert anew.headers["etag"] != lost.headers["etag"]


def test_a_memory_store_is_another_at_each_start(fresh):
    server = fresh(backend="memory:///")
    etag, cursor, _ = known(server)
    server.stop()
    server.start()
    assert server.curl("GET", f"/events?since={cursor}").status == 410
    assert server.curl("GET", "/profiles/global", headers=[f"If-None-Match: {etag}"]).status == 200
