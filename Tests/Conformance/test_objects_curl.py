"""The generic endpoints, for every type that clients may write (C §8)."""

import json

import pytest
from object_types import ALL, Invented


@pytest.fixture(params=ALL, ids=lambda each: each.prefix)
def kind(request, server):
    """One type, of which the object of the table does not exist yet."""
    yield request.param
    server.curl("DELETE", request.param.url)


@pytest.fixture
def made(kind, server):
    """The object of the table, as its creation answered."""
    reply = server.curl("POST", f"/{kind.prefix}", kind.body)
    assert reply.status == 201, reply.body
    return reply.json


def sorted_members(pairs):
    names = [name for name, _ in pairs]
    assert names == sorted(names)
    return dict(pairs)


def refused(reply, code, kind, error, key, *messages):
    """Whether a reply is exactly this error."""
    expected = {"Code": code, "Model": kind.prefix, "Type": error, "Key": key, "Messages": list(messages)}
    assert reply.json == expected
    assert reply.status == code


def test_the_table_holds_every_type_that_clients_may_write(server):
    assert server.get("/objects") == sorted([each.prefix for each in ALL] + ["preferences"])


def test_creating_answers_exactly_the_fields_of_the_type_with_zero_values(kind, server):
    reply = server.curl("POST", f"/{kind.prefix}", kind.body)
    assert (reply.status, reply.headers["content-type"]) == (201, "application/json")
    assert reply.json == kind.reply


def test_members_are_sorted_at_every_level(kind, made, server):
    json.loads(server.curl("GET", kind.url).body, object_pairs_hook=sorted_members)


def test_getting_answers_what_creating_answered(kind, made, server):
    reply = server.curl("GET", kind.url)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json == made
    assert reply.headers["etag"].startswith('"') and reply.headers["etag"].endswith('"')


def test_head_answers_the_headers_of_get_without_a_body(kind, made, server):
    get, head = server.curl("GET", kind.url), server.curl("HEAD", kind.url)
    assert (head.status, head.body) == (200, b"")
    for name in "content-type", "content-length", "etag":
        assert head.headers[name] == get.headers[name]


def test_the_list_holds_the_object_and_counts_it(kind, made, server):
    reply = server.curl("GET", f"/{kind.prefix}")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert made in reply.json
    head = server.curl("HEAD", f"/{kind.prefix}")
    assert (head.status, head.body) == (200, b"")
    for name in "x-drp-list-count", "x-drp-list-filter-count", "x-drp-list-total-count":
        assert int(reply.headers[name]) == int(head.headers[name]) == len(reply.json)


def test_a_key_that_is_taken_is_refused(kind, made, server):
    reply = server.curl("POST", f"/{kind.prefix}", kind.body)
    refused(reply, 409, kind, "CREATE", kind.error_key, "already exists")


def test_an_object_without_a_key_gets_a_new_one_or_is_refused(kind, server):
    reply = server.curl("POST", f"/{kind.prefix}", {**kind.body, kind.key_field: ""})
    if kind.key_field != "Uuid":
        return refused(reply, 400, kind, "CREATE", "", "Empty key not allowed")
    key = reply.json["Uuid"]
    assert key == Invented("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert server.curl("DELETE", f"/{kind.prefix}/{key}").status == 200


def test_names_of_fields_may_be_in_any_case(kind, server):
    body = {name.lower(): value for name, value in kind.body.items()}
    assert server.curl("POST", f"/{kind.prefix}", body).json == kind.reply


def test_unknown_fields_are_dropped_except_by_raw_types(kind, server):
    unknown = {"Nonsense": [1], "CreatedAt": "2024-01-01T00:00:00Z"}
    reply = server.curl("POST", f"/{kind.prefix}", {**kind.body, **unknown})
    assert reply.json == ({**kind.reply, **unknown} if kind.is_open else kind.reply)


def test_null_stands_for_an_empty_list_or_map(kind, server):
    emptied = {name: None for name, value in kind.reply.items() if isinstance(value, (list, dict))}
    reply = server.curl("POST", f"/{kind.prefix}", {**emptied, **kind.body})
    assert reply.json == kind.reply


def test_what_only_the_server_sets_is_ignored(kind, server):
    claimed = {
        "Validated": False, "Available": False, "Errors": ["no"], "ReadOnly": True, "Bundle": "x", "Endpoint": "y"}
    reply = server.curl("POST", f"/{kind.prefix}", {**claimed, **kind.body})
    assert reply.json == kind.reply


def test_put_replaces_the_object(kind, made, server):
    before = server.curl("GET", kind.url).headers["etag"]
    reply = server.curl("PUT", kind.url, {**made, "Meta": {"color": "blue"}})
    assert reply.status == 200
    assert reply.json == {**made, "Meta": {"color": "blue"}}
    after = server.curl("GET", kind.url)
    assert after.json == reply.json
    assert after.headers["etag"] != before


def test_put_refuses_another_key_and_changes_nothing(kind, made, server):
    other = "0d1e2f3a-0000-4000-8000-0000000000ff" if kind.key_field == "Uuid" else "192.168.251.99"
    reply = server.curl("PUT", kind.url, {**made, kind.key_field: other, "Meta": {"color": "blue"}})
    assert (reply.status, reply.json["Type"], reply.json["Model"]) == (400, "PUT", kind.prefix)
    assert server.get(kind.url) == made


def test_patch_changes_what_it_points_to_and_nothing_else(kind, made, server):
    patch = [
        {"op": "test", "path": "/Meta", "from": "", "value": made["Meta"]},
        {"op": "add", "path": "/Meta/icon", "from": "", "value": "world"},
    ]
    reply = server.curl("PATCH", kind.url, patch)
    assert reply.status == 200
    assert reply.json == {**made, "Meta": {**made["Meta"], "icon": "world"}}
    assert server.get(kind.url) == reply.json


def test_patch_may_test_the_whole_document_as_it_was_served(kind, made, server):
    patch = [{"op": "test", "path": "", "value": made}, {"op": "replace", "path": "/Meta", "value": {"a": "b"}}]
    assert server.curl("PATCH", kind.url, patch).json == {**made, "Meta": {"a": "b"}}


def test_an_empty_patch_answers_the_object_as_it_is(kind, made, server):
    reply = server.curl("PATCH", kind.url, [])
    assert (reply.status, reply.json) == (200, made)


def test_a_patch_whose_test_fails_is_refused_in_these_words_and_changes_nothing(kind, made, server):
    patch = [
        {"op": "add", "path": "/Meta/icon", "value": "world"},
        {"op": "test", "path": "/Meta/icon", "value": "moon"},
    ]
    printed = "\n".join([
        "Patch: [", "  {", '    "op": "add",', '    "path": "/Meta/icon",', '    "from": "",', '    "value": "world"',
        "  },", "  {", '    "op": "test",', '    "path": "/Meta/icon",', '    "from": "",', '    "value": "moon"',
        "  }", "]"])
    reply = server.curl("PATCH", kind.url, patch)
    refused(reply, 409, kind, "PATCH", kind.error_key, "Patch error at line 1: Test op failed.", printed)
    assert server.get(kind.url) == made


def test_deleting_answers_the_object_as_it_was(kind, made, server):
    reply = server.curl("DELETE", kind.url)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json == made
    assert server.curl("GET", kind.url).status == 404
    assert made not in server.get(f"/{kind.prefix}")


@pytest.mark.parametrize("method, body", [("GET", None), ("PUT", {}), ("PATCH", []), ("DELETE", None)])
def test_a_missing_object_is_not_found_under_the_key_as_given(kind, server, method, body):
    body = kind.body if method == "PUT" else body
    refused(server.curl(method, kind.url, body), 404, kind, method, kind.error_key, "Not Found")


def test_head_of_a_missing_object_is_404_without_a_body(kind, server):
    reply = server.curl("HEAD", kind.url)
    assert (reply.status, reply.body) == (404, b"")
