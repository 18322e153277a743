"""Hostile and broken input: each gets a clear error, and nothing has changed after it."""

import json
import socket

import pytest
from fast_client import CONTEXT, FastClient

MEBIBYTE = 1 << 20


@pytest.fixture(autouse=True)
def unchanged(server):
    """After every test the server lives and holds what it held before."""
    before = state(server)
    yield
    assert server.process.poll() is None, server.log_text()[-2000:]
    assert state(server) == before


def state(server):
    with FastClient(server) as client:
        return client.get("/contents/BackingStore"), client.get("/contents")


def refused(reply, code, *words):
    """Whether a reply is a well-formed error that says these words."""
    assert reply.status == code, reply.body[:500]
    assert reply.headers["content-type"] == "application/json"
    assert reply.json.keys() == {"Code", "Key", "Messages", "Model", "Type"} and reply.json["Code"] == code
    for word in words:
        assert word in " ".join(reply.json["Messages"])
    return reply.json


WRITES = [
    ("POST", "/profiles"), ("PUT", "/profiles/global"), ("PATCH", "/profiles/global"),
    ("PATCH", "/meta/profiles/global"),
    ("POST", "/profiles/global/params"), ("PATCH", "/profiles/global/params"), ("POST", "/profiles/global/params/name"),
    ("POST", "/contents"), ("POST", "/prefs"), ("PUT", "/users/rocketskates/password"),
]

MALFORMED = {
    "nothing": (b"", "ends too early"),
    "cut short": (b'{"Name": "x', "ends too early"),
    "no quotes": (b"{Name: 1}", "expected a key in double quotes"),
    "comma at the end": (b'{"Name": "x",}', "expected a key in double quotes"),
    "two values": (b'{"Name": "x"} {}', "after the end of the value"),
    "single quotes": (b"{'Name': 'x'}", "unexpected character"),
    "a number that is none": (b'{"Name": 01}', "line 1 column"),
    "not a number": (b'{"Name": NaN}', "unexpected character"),
    "an escape that is none": (b'{"Name": "\\x41"}', "escape"),
    "half a surrogate pair": (b'{"Name": "\\ud800"}', "escape"),
    "a raw new line in a text": (b'{"Name": "a\nb"}', "control character"),
    "invalid UTF-8": (b'{"Name": "caf\xe9"}', "not valid UTF-8"),
    "overlong UTF-8": (b'{"Name": "\xc0\xaf"}', "not valid UTF-8"),
    "a surrogate in UTF-8": (b'{"Name": "\xed\xa0\x80"}', "not valid UTF-8"),
    "UTF-16": ('{"Name": "x"}'.encode("utf-16"), "unexpected character"),
    "a byte order mark": (b'\xef\xbb\xbf{"Name": "x"}', "unexpected character"),
    "a key twice": (b'{"Name": "x", "Name": "y"}', 'duplicate key "Name"'),
    "a key twice, once escaped": (b'{"Name": "x", "Na\\u006de": "y"}', 'duplicate key "Name"'),
    "a key twice, deep": (b'{"Name": "x", "Params": {"a": {"b": 1, "b": 2}}}', 'duplicate key "b"'),
    "nested too deep": (b'{"Name": "x", "Params": {"p": ' + b"[" * 1000 + b"]" * 1000 + b"}}", "nested deeper than"),
    "a million brackets": (b"[" * MEBIBYTE, "nested deeper than"),
    "a million braces": (b'{"a":' * (MEBIBYTE // 5), "nested deeper than"),
}


@pytest.mark.parametrize("body, words", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_body_that_is_no_json_is_refused_with_the_place_of_the_fault(server, body, words):
    reply = server.curl("POST", "/profiles", body)
    error = refused(reply, 400, words)
    assert error["Type"] == "POST" and error["Messages"][0].startswith("line ")


@pytest.mark.parametrize("method, path", WRITES)
def test_every_write_refuses_malformed_json_in_its_methods_name(server, method, path):
    error = refused(server.curl(method, path, b'{"a": tru}'), 400, "line 1 column")
    assert error["Type"] == method


@pytest.mark.parametrize("method, path", WRITES)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_every_write_refuses_what_is_not_called_json(server, method, path, content_type):
    reply = server.curl(method, path, b"{}", headers=[f"Content-Type:{content_type and ' ' + content_type}"])
    refused(reply, 400, f"Invalid content type: {content_type}")


@pytest.mark.parametrize("content_type", [
    "application/json; charset=utf-8", "APPLICATION/JSON", "application/json-patch+json"])
def test_json_goes_by_these_names_too(server, content_type):
    reply = server.curl("PATCH", "/profiles/global", b"[]", headers=[f"Content-Type: {content_type}"])
    assert reply.status == 200


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
@pytest.mark.parametrize("method, path", [
    ("POST", "/profiles"), ("PUT", "/profiles/global"), ("POST", "/profiles/global/params"), ("POST", "/contents"),
    ("POST", "/prefs"), ("PUT", "/users/rocketskates/password"),
])
def test_json_that_is_no_object_is_refused_where_an_object_is_wanted(server, method, path, body):
    reply = server.curl(method, path, json.dumps(body).encode())
    assert reply.status in (400, 422)
    refused(reply, reply.status)


@pytest.mark.parametrize("field, value, words", [
    ("Name", 7, "json: cannot unmarshal number into Go struct field Profile.Name of type string"),
    ("Params", [1], "json: cannot unmarshal array into Go struct field Profile.Params of type map[string]interface {}"),
    ("Profiles", "x", "json: cannot unmarshal string into Go struct field Profile.Profiles of type []string"),
    ("Profiles", [1], "json: cannot unmarshal number"),
    ("Meta", {"a": 1}, "json: cannot unmarshal number"),
    ("Description", {"a": 1}, "json: cannot unmarshal object"),
    ("Description", True, "json: cannot unmarshal bool"),
])
def test_a_field_of_the_wrong_type_is_refused_as_gos_decoder_would(server, field, value, words):
    error = refused(server.curl("POST", "/profiles", {"Name": "bad-types", field: value}), 400, words)
    assert (error["Type"], error["Model"]) == ("POST", "profiles")
    refused(server.curl("PUT", "/profiles/global", {**server.get("/profiles/global"), field: value}), 400, words)
    refused(server.curl("PATCH", "/profiles/global", [{"op": "add", "path": f"/{field}", "value": value}]), 400, words)


@pytest.mark.parametrize("prefix, body", [
    ("machines", {"Name": "bad-types", "Uuid": "not-a-uuid"}),
    ("machines", {"Name": "bad-types", "Address": "999.1.1.1"}),
    ("machines", {"Name": "bad-types", "CurrentTask": "one"}),
    ("machines", {"Name": "bad-types", "CurrentTask": 1.5}),
    ("machines", {"Name": "bad-types", "CurrentTask": 1e300}),
    ("machines", {"Name": "bad-types", "Runnable": "yes"}),
    ("machines", {"Name": "bad-types", "Fingerprint": {"SSNHash": "&&&"}}),
    ("leases", {"Addr": "10.1.1.1", "ExpireTime": "yesterday"}),
    ("subnets", {"Name": "bad-types", "Subnet": "10.0.0.0/24", "Options": [{"Code": 256, "Value": "x"}]}),
    ("tasks", {"Name": "bad-types", "Templates": [{"Name": ["x"]}]}),
    ("users", {"Name": "bad-types", "PasswordHash": "not base64!"}),
])
def test_values_of_every_kind_are_checked(server, prefix, body):
    error = refused(server.curl("POST", f"/{prefix}", body), 400)
    assert error["Model"] == prefix and error["Messages"][0]


@pytest.mark.parametrize("patch, words", [
    ({"op": "add"}, ""), ([7], ""), ([{"op": "fly", "path": "/a"}], "fly"), ([{"path": "/a"}], ""),
    ([{"op": "add", "path": "Name", "value": 1}], "Initial character of a non-empty pointer must be `/`"),
    ([{"op": "add", "path": 7, "value": 1}], ""), ([{"op": "move", "from": "Name", "path": "/a"}], ""),
])
def test_a_patch_that_is_none_is_refused(server, patch, words):
    for path in "/profiles/global", "/profiles/global/params", "/meta/profiles/global":
        error = refused(server.curl("PATCH", path, patch), 400, words)
        assert error["Type"] == "PATCH"


@pytest.mark.parametrize(
    "path", ["/freds", "/freds/x", "/machine", "/", "/profiless", "/preferences", "/plugin_providers"])
def test_an_unknown_prefix_takes_no_objects(server, path):
    reply = server.curl("POST", path, {"Name": "x"})
    refused(reply, 404, "No route")


@pytest.mark.parametrize("path", [
    "/profiles/" + "x" * 500, "/profiles/%00", "/profiles/%ff%fe", "/profiles/..%2f..%2fetc%2fpasswd", "/profiles/%",
    "/profiles/%zz", "/profiles/a%0d%0aX-Injected:1", "/meta/freds/x", "/profiles/a/b/c/d/e",
])
def test_odd_keys_are_simply_not_found(server, path):
    reply = server.curl("GET", path)
    refused(reply, 404)
    assert "x-injected" not in reply.headers


def test_keys_have_a_longest_length(server):
    longest = "k" * 400
    assert server.curl("POST", "/profiles", {"Name": longest}).status == 201
    assert server.curl("DELETE", f"/profiles/{longest}").status == 200
    refused(server.curl("POST", "/profiles", {"Name": longest + "k"}), 422, "longer than 400")


def test_a_body_of_fifty_megabytes_is_refused_with_the_limit_and_the_remedy(server):
    body = b'{"Name": "big", "Description": "' + b"x" * (50 * MEBIBYTE) + b'"}'
    refused(server.curl("POST", "/profiles", body), 413, str(len(body)), str(32 * MEBIBYTE), "--max-body")


def test_a_long_body_without_a_length_is_refused_as_soon_as_it_is_too_long(server):
    chunk = b"%x\r\n" % MEBIBYTE + b" " * MEBIBYTE + b"\r\n"
    sent = 0
    with FastClient(server) as client:
        client.connection.putrequest("POST", "/api/v3/profiles")
        for name, value in {**client.headers, "Transfer-Encoding": "chunked"}.items():
            client.connection.putheader(name, value)
        client.connection.endheaders()
        try:
            for sent in range(1, 65):
                client.connection.send(chunk)
            client.connection.send(b"0\r\n\r\n")
            assert client.connection.getresponse().status == 413
        except OSError:
            assert sent > 32, "refused before the limit"


def test_the_limit_can_be_set(fresh):
    server = fresh("--max-body", "1")
    body = {"Name": "big", "Description": "x" * MEBIBYTE}
    refused(server.curl("POST", "/profiles", body), 413, str(MEBIBYTE))
    body["Description"] = "x" * (MEBIBYTE - 100)
    assert server.curl("POST", "/profiles", body).status == 201


def test_a_long_body_of_a_caller_without_rights_is_not_even_read(server):
    body = b" " * (20 * MEBIBYTE)
    reply = server.curl("POST", "/profiles", body, user="rocketskates:nonsense")
    assert reply.status in (401, 429)


def test_the_deepest_json_that_is_taken_comes_back_whole(server):
    value = 1
    for _ in range(250):
        value = [value]
    assert server.curl("POST", "/profiles", {"Name": "deep", "Params": {"deep": value}}).status == 201
    assert server.get("/profiles/deep/params/deep") == value
    assert server.get("/profiles/deep?aggregate=true")["Params"]["deep"] == value
    assert server.curl("DELETE", "/profiles/deep").status == 200


def test_patches_cannot_nest_deeper_than_bodies(server):
    server.curl("POST", "/profiles", {"Name": "deep", "Params": {"deep": []}})
    statuses = []
    for _ in range(300):
        copy = [{"op": "copy", "from": "/Params", "path": "/Params/deep"}] * 10
        statuses.append(server.curl("PATCH", "/profiles/deep", copy).status)
        if statuses[-1] != 200:
            break
    assert statuses[-1] == 409
    assert server.curl("DELETE", "/profiles/deep").status == 200


def test_patches_cannot_multiply_a_document_without_end(server):
    server.curl("POST", "/profiles", {"Name": "bomb", "Params": {"list": ["x" * 1000]}})
    before = server.get("/profiles/bomb")
    bomb = [{"op": "copy", "from": "/Params/list", "path": "/Params/list/-"}] * 40
    refused(server.curl("PATCH", "/profiles/bomb", bomb), 409)
    assert server.get("/profiles/bomb") == before
    assert server.curl("DELETE", "/profiles/bomb").status == 200


@pytest.mark.parametrize(
    "number", ["1" + "0" * 5000, "1e999999999", "-0.0000000000000000000000000001e-400", "0e999999999999"])
def test_numbers_of_any_size_are_kept_or_refused_but_never_fatal(server, number):
    reply = server.curl("POST", "/profiles", f'{{"Name": "number", "Params": {{"number": {number}}}}}'.encode())
    assert reply.status in (201, 400)
    if reply.status == 201:
        patch = [{"op": "test", "path": "/Name", "value": "number"}]
        assert server.curl("PATCH", "/profiles/number", patch).status == 200
        assert server.curl("GET", "/profiles?number=Gt(1)").status == 200
        assert server.curl("DELETE", "/profiles/number").status == 200


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*$", "((a?){50}a{50}){9}", "[", "(?P<x>", "a{1000000}", "\\"])
def test_patterns_of_filters_and_schemas_cannot_stall_the_server(server, pattern):
    import time
    from urllib.parse import quote
    server.curl("POST", "/profiles", {"Name": "a" * 300})
    began = time.monotonic()
    assert server.curl("GET", f"/profiles?Name=Re({quote(pattern)})").status in (200, 406)
    schema = {"type": "string", "pattern": pattern, "default": "a" * 300}
    reply = server.curl("POST", "/params", {"Name": "stall", "Schema": schema})
    assert reply.status in (201, 422)
    assert time.monotonic() - began < 10
    server.curl("DELETE", "/params/stall")
    server.curl("DELETE", "/profiles/" + "a" * 300)


@pytest.mark.parametrize("name, bad", [
    ("of the wrong type", {"Name": "pk-0500", "Params": 7}), ("that breaks a rule", {"Name": "pk-0500!"}),
    ("that is no object", ["pk-0500"]), ("with a name of the wrong type", {"Name": {}}),
])
def test_one_bad_object_among_a_thousand_keeps_a_pack_out_and_is_named(server, name, bad):
    section = {f"pk-{n:04}": {"Name": f"pk-{n:04}", "Params": {"pack": n}} for n in range(1000)}
    section["pk-0500"] = bad
    pack = {"meta": {"Name": "Thousand"}, "sections": {"profiles": section}}
    refused(server.curl("POST", "/contents", pack), 422, "pk-0500")
    assert server.curl("GET", "/profiles/pk-0001").status == 404


EXTREME = [
    "-9223372036854775808", "9223372036854775807", "18446744073709551615", "-1", "1e999", "9" * 400, "-2147483649",
]


@pytest.mark.parametrize("number", EXTREME)
def test_numbers_at_the_end_of_their_types_are_answered(server, number):
    """No number in a client's text ends the process, wherever it stands; the fixture looks whether it lives."""
    for path in [
        f"/subnets?Subnet=::ffff:10.0.0.0/{number}", f"/subnets?Subnet=10.0.0.0/{number}",
        f"/subnets?ActiveAddress={number}", f"/machines?limit={number}", f"/machines?offset={number}",
        f"/machines?limit={number}&offset={number}&reverse=true", f"/machines?Address=Between({number},{number})",
        f"/machines?CurrentTask={number}", f"/jobs?StartTime=Gt({number})", f"/history?limit={number}",
        f"/history?last={number}", f"/history?start={number}", f"/changes/{number}",
        f"/changes/{number}?offset={number}&limit={number}", f"/machines?revision={number}", f"/machines?at={number}",
        f"/events?since={number}", f"/events?limit={number}", f"/events?wait={number}ns&since=0&limit=1",
        f"/events?where=Subnet=::ffff:10.0.0.0/{number}", f"/users/rocketskates/token?ttl={number}",
        f"/users/rocketskates/token?ttl={number}y", f"/logs?limit={number}",
    ]:
        reply = server.curl("GET", path)
        assert 200 <= reply.status < 500, (path, reply.body[:300])
    for path, body in [
        ("/subnets", {"Name": "far", "Subnet": f"::ffff:10.0.0.0/{number}", "Strategy": "MAC"}),
        ("/leases", {"Addr": "10.9.9.9", "Token": "t", "Strategy": "MAC", "ExpireTime": number}),
        ("/contents", {"meta": {"Name": "far", "Version": number}, "sections": 7}),
        ("/contents", {"meta": {"Name": "far", "Prerequisites": f"BasicStore: >=1.0.{number}"}, "sections": 7}),
        ("/params", {"Name": "far", "Schema": {"minLength": number, "multipleOf": number}}),
    ]:
        reply = server.curl("POST", path, body)
        assert 400 <= reply.status < 500, (path, reply.body[:300])


@pytest.mark.parametrize("pack", [
    {"meta": 7}, {"meta": {"Name": 7}}, {"meta": {"Name": "bad"}, "sections": 7},
    {"meta": {"Name": "bad"}, "sections": {"profiles": 7}}, {"meta": {"Name": "bad"}, "sections": []},
    {"meta": {"Name": "bad", "Writable": "yes"}},
])
def test_a_pack_of_the_wrong_form_is_refused(server, pack):
    reply = server.curl("POST", "/contents", pack)
    assert reply.status in (400, 422)
    refused(reply, reply.status)
    assert server.curl("GET", "/contents/bad").status == 404


def tls(server):
    return CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", server.port), 30))


NO_HTTP = {
    "empty lines": b"\r\n\r\n",
    "a method alone": b"GET\r\n\r\n",
    "zeros": b"\x00" * 100,
    "another version": b"GET / HTTP/9.9\r\n\r\n",
    "a header without a colon": b"GET /api/v3/info HTTP/1.1\r\nHost\r\n\r\n",
    "a very long path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "very many headers": b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: x\r\n" % n for n in range(20_000)) + b"\r\n",
    "a negative length": b"POST /api/v3/profiles HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST /api/v3/profiles HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a chunk without a size": b"POST /api/v3/profiles HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
}


@pytest.mark.parametrize("bytes_", NO_HTTP.values(), ids=NO_HTTP.keys())
def test_bytes_that_are_no_http_end_the_connection_and_nothing_else(server, bytes_):
    with tls(server) as connection:
        try:
            connection.sendall(bytes_)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError:
            pass
    assert server.curl("GET", "/health").status == 200


def test_clients_that_hang_up_in_the_middle_do_no_harm(server):
    for length in 10, 1000:
        with tls(server) as connection:
            head = f"POST /api/v3/profiles HTTP/1.1\r\nHost: x\r\nAuthorization: {server.basic}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            connection.sendall(head.encode() + b'{"Name"')
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(b"this is no TLS\r\n\r\n")
        connection.settimeout(30)
        while connection.recv(65536):
            pass
    assert server.curl("GET", "/health").status == 200
