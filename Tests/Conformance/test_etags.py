"""Conditional reads, and reads that wait for a change (C §2.1)."""

import threading
import time

import pytest

TAG = "If-None-Match: {}"


@pytest.fixture
def profile(server):
    """The path of a profile, and its present tag."""
    assert server.curl("POST", "/profiles", {"Name": "etag-profile"}).status == 201
    yield "/profiles/etag-profile", server.curl("GET", "/profiles/etag-profile").headers["etag"]
    server.curl("DELETE", "/profiles/etag-profile")


def describe(server, path, text):
    return server.curl("PATCH", path, [{"op": "replace", "path": "/Description", "value": text}])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_knows_the_object_is_told_304_without_a_body(server, profile, method):
    path, tag = profile
    reply = server.curl(method, path, headers=[TAG.format(tag)])
    assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)


def test_a_client_that_knows_something_else_gets_the_object(server, profile):
    path, _ = profile
    assert server.curl("GET", path, headers=[TAG.format('"something else"')]).json["Name"] == "etag-profile"


def test_the_tag_changes_with_the_object_and_only_then(server, profile):
    path, tag = profile
    assert server.curl("GET", path).headers["etag"] == tag
    changed = describe(server, path, "changed").headers["etag"]
    assert changed != tag
    assert server.curl("GET", path).headers["etag"] == changed
    assert describe(server, path, "changed").headers["etag"] == changed


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_waiting_read_is_woken_by_a_patch(server, profile, method):
    path, tag = profile
    replies = []

    def wait():
        replies.append(server.curl(method, path, headers=[TAG.format(tag), "Prefer: wait=30s"]))

    waiting = threading.Thread(target=wait)
    began = time.monotonic()
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive(), "it did not wait"
    changed = describe(server, path, "woken").headers["etag"]
    waiting.join(10)
    assert not waiting.is_alive(), "it slept on"
    assert time.monotonic() - began < 15
    assert (replies[0].status, replies[0].headers["etag"]) == (200, changed)
    if method == "GET":
        assert replies[0].json["Description"] == "woken"


def test_a_waiting_read_sleeps_through_changes_of_other_objects(server, profile):
    path, tag = profile
    waiting = threading.Thread(
        target=lambda: server.curl("GET", path, headers=[TAG.format(tag), "Prefer: wait=30s"]), daemon=True)
    waiting.start()
    server.curl("PATCH", "/profiles/global", [{"op": "add", "path": "/Meta/etag", "value": "x"}])
    server.curl("PATCH", "/profiles/global", [{"op": "remove", "path": "/Meta/etag"}])
    waiting.join(0.5)
    assert waiting.is_alive()
    describe(server, path, "enough")
    waiting.join(10)
    assert not waiting.is_alive()


def test_a_waiting_read_ends_when_the_object_goes(server, profile):
    path, tag = profile
    replies = []
    waiting = threading.Thread(
        target=lambda: replies.append(server.curl("GET", path, headers=[TAG.format(tag), "Prefer: wait=30s"])))
    waiting.start()
    waiting.join(0.3)
    server.curl("DELETE", path)
    waiting.join(10)
    assert replies and replies[0].status == 404


@pytest.mark.parametrize("wait", ["1", "1s", "1000ms"])
def test_a_wait_without_a_change_ends_with_304(server, profile, wait):
    path, tag = profile
    began = time.monotonic()
    reply = server.curl("GET", path, headers=[TAG.format(tag), f"Prefer: wait={wait}"])
    assert (reply.status, reply.body) == (304, b"")
    assert 0.9 < time.monotonic() - began < 10


def test_a_wait_for_what_has_changed_already_does_not_wait(server, profile):
    path, tag = profile
    describe(server, path, "already")
    began = time.monotonic()
    assert server.curl("GET", path, headers=[TAG.format(tag), "Prefer: wait=30s"]).status == 200
    assert time.monotonic() - began < 5


def test_stopping_the_server_ends_waits(fresh):
    server = fresh()
    tag = server.curl("GET", "/profiles/global").headers["etag"]
    replies = []
    waiting = threading.Thread(
        target=lambda: replies.append(server.curl(
            "GET", "/profiles/global", headers=[TAG.format(tag), "Prefer: wait=60s"])))
    waiting.start()
    waiting.join(0.5)
    assert server.stop(20) == 0
    waiting.join(5)
    assert replies and replies[0].status == 304


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ['W/{}', '"other", {}', '"a,b" ,W/{}', "*"])
def test_a_304_has_the_tag_of_the_object_whatever_the_client_sent(server, profile, method, tags):
    path, tag = profile
    for prefer in [], ["Prefer: wait=100ms"]:
        reply = server.curl(method, path, headers=[TAG.format(tags.format(tag)), *prefer])
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)


# What writes, by a path below the profile, and its body.
WRITES = [
    ("PUT", "", {"Name": "etag-profile", "Description": "put"}),
    ("PATCH", "", [{"op": "add", "path": "/Description", "value": "patched"}]),
    ("POST", "/params", {"size": 1}), ("PATCH", "/params", [{"op": "add", "path": "/size", "value": 2}]),
    ("POST", "/params/size", 3), ("DELETE", "/params/size", None), ("DELETE", "", None),
]
META = ("PATCH", "/meta/profiles/etag-profile", [{"op": "add", "path": "/colour", "value": "green"}])


def write(server, method, path, body, *headers):
    return server.curl(method, path, body, headers=headers)


@pytest.mark.parametrize("method, below, body", [*WRITES, META])
def test_a_write_is_done_only_to_the_object_that_the_client_means(server, profile, method, below, body):
    path, old = profile
    assert server.curl("POST", f"{path}/params/size", 0).status == 200
    tag = server.curl("GET", path).headers["etag"]
    target = below if below.startswith("/meta") else path + below
    for header in (
        f"If-Match: {old}", 'If-Match: "other"', f"If-Match: W/{tag}", f'If-Match: W/{tag}, "other"', "If-Match: ",
        f"If-None-Match: {tag}", f"If-None-Match: W/{tag}", "If-None-Match: *", f'If-None-Match: "other", {tag}',
    ):
        header = header if header != "If-Match: " else "If-Match;"
        reply = write(server, method, target, body, header)
        assert (reply.status, reply.json["Code"]) == (412, 412), header
        assert server.curl("GET", path).headers["etag"] == tag
    done = write(server, method, target, body, f'If-Match: "other", {tag}', f"If-None-Match: {old}")
    assert done.status == 200
    assert write(server, method, target, body, "If-Match: *").status == (404 if method == "DELETE" else 200)


def test_a_condition_on_what_does_not_exist(server, profile):
    missing = "/profiles/etag-missing"
    assert write(server, "PUT", missing, {"Name": "etag-missing"}, "If-Match: *").status == 404
    assert write(server, "DELETE", missing, None, 'If-Match: "x"').status == 404
    body = {"Name": "etag-missing"}
    assert write(server, "POST", "/profiles", body, "If-Match: *").status == 412
    assert write(server, "POST", "/profiles", body, "If-None-Match: *").status == 201
    assert write(server, "POST", "/profiles", body, "If-None-Match: *").status == 412
    assert write(server, "POST", "/profiles", body, "If-Match: *").status == 409
    assert write(server, "DELETE", missing, None, "If-Match: *").status == 200


def test_reads_look_at_if_match_too(server, profile):
    path, tag = profile
    assert write(server, "GET", path, None, f"If-Match: {tag}").status == 200
    assert write(server, "GET", path, None, 'If-Match: "other"').status == 412
    assert write(server, "GET", path, None, 'If-Match: "other"', f"If-None-Match: {tag}").status == 412


@pytest.mark.parametrize("path", ["{}/params", "{}/params/size", "/meta{}"])
def test_params_and_meta_have_the_tag_of_their_object(server, profile, path):
    tag = profile[1]
    path = path.format(profile[0])
    reply = server.curl("GET", path)
    assert (reply.status, reply.headers["etag"]) == (200, tag)
    assert server.curl("GET", path, headers=[TAG.format(tag)]).status == 304
    assert server.curl("GET", path, headers=[TAG.format('"other"')]).status == 200


def test_preferences_have_a_tag_and_can_be_guarded(server):
    tag = server.curl("GET", "/prefs").headers["etag"]
    assert server.curl("GET", "/prefs", headers=[TAG.format(tag)]).status == 304
    value = server.get("/prefs")["unknownTokenTimeout"]
    changed = write(server, "POST", "/prefs", {"unknownTokenTimeout": "601"}, f"If-Match: {tag}")
    assert changed.status == 201 and changed.headers["etag"] == server.curl("GET", "/prefs").headers["etag"] != tag
    assert write(server, "POST", "/prefs", {"unknownTokenTimeout": "602"}, f"If-Match: {tag}").status == 412
    assert write(server, "POST", "/prefs", {"unknownTokenTimeout": value}).status == 201
    assert server.curl("GET", "/prefs").headers["etag"] == tag


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/changes", {"changes": []}), ("POST", "/contents", {"meta": {"Name": "etag-pack"}}),
    ("PUT", "/users/rocketskates/password", {"Password": "r0cketsk8ts"}),
])
def test_a_condition_that_nothing_would_look_at_is_refused(server, method, path, body):
    reply = write(server, method, path, body, 'If-Match: "x"')
    assert reply.status == 412 and path in reply.json["Messages"][0]


def test_of_two_writers_who_know_the_same_state_one_wins(server, profile):
    path, tag = profile
    statuses = []

    def patch(number):
        body = [{"op": "add", "path": "/Meta/winner", "value": str(number)}]
        statuses.append(write(server, "PATCH", path, body, f"If-Match: {tag}").status)

    writers = [threading.Thread(target=patch, args=[number]) for number in range(8)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert sorted(statuses) == [200] + [412] * 7
