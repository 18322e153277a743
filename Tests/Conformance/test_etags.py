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
