"""How the inventory's API talks: who is let in, how errors look, methods, links and pages (F §1, §2, §4)."""

import subprocess
import urllib.parse

import pytest
from conftest import fleet_user
from fleet_client import Fleet, account, bootstrap

COLLECTIONS = ["projects", "users", "clouds", "regions", "cells", "hosts", "network-devices", "networks", "network-interfaces"]
NOT_AUTHENTICATED = "The request could not be authenticated."
EXTRA = "The request included the following errors:\n- Additional properties are not allowed ('{}' was unexpected)"


def test_bootstrap_is_idempotent_and_has_the_labels_that_scripts_look_for(fleet_server, fleet_root):
    text = bootstrap(fleet_server)
    assert text == bootstrap(fleet_server)
    assert [line.partition(":")[0] for line in text.splitlines()] == ["", "ProjectId", "Username", "APIKey"]
    made = account(text)
    assert (made["Username"], len(made["APIKey"])) == ("bootstrap", 32)
    assert made["ProjectId"] == fleet_root.project


def test_bootstrap_takes_an_account(fleet_server):
    for user in [None, "rocketskates:wrong"]:
        assert fleet_server.curl("POST", "/fleet/bootstrap", user=user, base=fleet_server.url.removesuffix("/api/v3")).status == 401


@pytest.mark.parametrize("value, shown", [
    (None, "None"), ("", ""), ("demo", "demo"), ("1234", "1234"), ("g" * 32, "g" * 32),
])
def test_a_project_that_is_no_uuid_is_refused_by_name(fleet, value, shown):
    headers = {name: text for name, text in fleet.headers().items() if name != "X-Auth-Project"}
    if value is not None:
        headers["X-Auth-Project"] = value
    reply = fleet.send("GET", "clouds", headers=headers)
    assert (reply.status, reply.json["message"]) == (401, f"Project ID ('{shown}') is not a valid UUID")


@pytest.mark.parametrize("change", [
    lambda text: text, lambda text: text.upper(), lambda text: text.replace("-", ""), lambda text: "{" + text + "}",
    lambda text: "urn:uuid:" + text,
])
def test_a_project_is_known_in_every_spelling_of_its_uuid(fleet, change):
    assert Fleet(fleet.port, change(fleet.project), fleet.user, fleet.key).get("hosts")["hosts"] == []


@pytest.mark.parametrize("changes", [
    {"X-Auth-User": "nobody"}, {"X-Auth-Token": "wrong"}, {"X-Auth-Token": ""}, {"X-Auth-User": None}, {"X-Auth-Token": None},
    {"X-Auth-Project": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"},
])
@pytest.mark.parametrize("path", ["/v1/hosts", "/v1/nope", "/v1/hosts/1/variables"])
def test_nobody_is_told_more_than_that_they_are_not_known(fleet, changes, path):
    headers = {name: text for name, text in {**fleet.headers(), **changes}.items() if text is not None}
    reply = fleet.send("GET", path, headers=headers)
    assert (reply.status, reply.json["message"]) == (401, NOT_AUTHENTICATED)


def test_a_user_of_another_project_is_not_known_in_this_one(fleet, fleet_root):
    reply = Fleet(fleet.port, fleet.project, fleet_root.user, fleet_root.key).send("GET", "hosts")
    assert reply.status == 401


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nope", "/v1/hosts/", "/v1/hosts/1/nope", "/v1/devices/1", "/v2/hosts", "/v1//hosts/"])
def test_unknown_paths_are_not_found(fleet, path):
    assert fleet.send("GET", path).status == 404


@pytest.mark.parametrize("method, path, allowed", [
    ("PUT", "hosts", "GET, HEAD, OPTIONS, POST"), ("DELETE", "clouds", "GET, HEAD, OPTIONS, POST"),
    ("POST", "hosts/1", "DELETE, GET, HEAD, OPTIONS, PUT"), ("PUT", "projects/1", "DELETE, GET, HEAD, OPTIONS"),
    ("PUT", "users/1", "DELETE, GET, HEAD, OPTIONS"), ("POST", "devices", "GET, HEAD, OPTIONS"),
    ("POST", "hosts/1/variables", "DELETE, GET, HEAD, OPTIONS, PUT"), ("PATCH", "hosts/1/labels", "DELETE, GET, HEAD, OPTIONS, PUT"),
    ("POST", "ansible-inventory", "GET, HEAD, OPTIONS"),
])
def test_other_methods_are_refused_with_those_that_there_are(fleet, method, path, allowed):
    reply = fleet.send(method, path)
    assert (reply.status, reply.headers["allow"]) == (405, allowed)
    options = fleet.send("OPTIONS", path)
    assert (options.status, options.headers["allow"]) == (200, allowed)


@pytest.mark.parametrize("path", COLLECTIONS[2:] + ["devices", "ansible-inventory"])
def test_head_is_get_without_a_body(fleet, path):
    head, get = fleet.send("HEAD", path), fleet.send("GET", path)
    assert (head.status, head.headers["content-length"]) == (200, str(len(get.body)))


def test_a_request_id_of_a_client_is_not_echoed(fleet):
    reply = fleet.send("GET", "hosts", headers={**fleet.headers(), "x-openstack-request-id": "req-mine"})
    assert reply.headers["x-openstack-request-id"] != "req-mine"


@pytest.mark.parametrize("host", ["inventory.example:7780", "[::1]:7780", "craton"])
def test_urls_begin_with_the_host_that_the_client_asked(fleet, inventory, host):
    sent = {**fleet.headers(), "Host": host, "X-Forwarded-Host": "other"}
    reply = fleet.send("POST", "clouds", {"name": inventory.name()}, headers=sent)
    assert reply.headers["location"] == f"http://{host}/v1/clouds/{reply.json['id']}"
    links = fleet.send("GET", "clouds", headers=sent).json["links"]
    assert all(link["href"].startswith(f"http://{host}/v1/clouds?") for link in links)


@pytest.mark.parametrize("path, kind", [
    ("clouds/{}", "cloud"), ("projects/{}", "project"), ("users/{}", "user"), ("networks/{}", "network"),
    ("network-interfaces/{}", "interface"), ("hosts/{}/labels", "host"), ("regions/{}/variables", "region"),
])
def test_paths_without_arguments_take_none(fleet, path, kind):
    text = fleet.refused("GET", path.format(1) + "?x=1", 400)
    assert text == EXTRA.format("x") + "\n- {'x': '1'} has too many properties"


@pytest.mark.parametrize("path", COLLECTIONS[1:] + ["devices", "ansible-inventory", "hosts/1", "regions/1"])
def test_arguments_that_are_not_known_are_refused(fleet, path):
    assert fleet.refused("GET", path + "?bogus=1", 400) == EXTRA.format("bogus")


@pytest.mark.parametrize("query, line", [
    ("limit=101", "101 is greater than the maximum of 100"), ("limit=-1", "-1 is less than the minimum of 0"),
    ("limit=x", "'x' is not of type 'integer'"), ("limit=", "'' is not of type 'integer'"), ("limit=1.5", "'1.5' is not of type 'integer'"),
    ("marker=x", "'x' is not of type 'integer'"), ("cloud_id=a", "'a' is not of type 'integer'"), ("sort_dir=up", "'up' is not one of ['asc', 'desc']"),
    ("limit=99999999999999999999", "'99999999999999999999' is not of type 'integer'"),
])
def test_arguments_of_the_wrong_kind_are_refused(fleet, query, line):
    assert fleet.refused("GET", "hosts?" + query, 400) == "The request included the following errors:\n- " + line


def test_all_that_is_wrong_is_told_at_once_and_in_order(fleet):
    assert fleet.refused("GET", "hosts?limit=1000&zz=1&sort_dir=up", 400).splitlines()[1:] == [
        "- 'up' is not one of ['asc', 'desc']", "- 1000 is greater than the maximum of 100",
        "- Additional properties are not allowed ('zz' was unexpected)"]


@pytest.mark.parametrize("query, message", [
    ("sort_keys=nope", '"nope" is an invalid sort key'), ("sort_keys=name,%20id", '"" is an invalid sort key'),
    ("sort_keys=", '"" is an invalid sort key'), ("marker=999999", 'Marker "999999" does not exist'),
])
def test_markers_and_sort_keys_must_be_there(fleet, query, message):
    assert fleet.refused("GET", "hosts?" + query, 400) == message


def test_sort_keys_of_one_kind_of_device_do_not_sort_devices(fleet):
    assert fleet.refused("GET", "network-devices?sort_keys=model_name", 400) == '"model_name" is an invalid sort key'


def test_of_arguments_given_twice_the_first_counts(fleet):
    assert fleet.send("GET", "hosts?limit=20&limit=5000").status == 200
    assert fleet.send("GET", "hosts?limit=5000&limit=20").status == 400


@pytest.fixture(scope="module")
def many(fleet_root):
    """35 hosts of a project of their own, by number."""
    from fleet_client import Inventory
    client = fleet_user(fleet_root, "many", is_admin=True)
    made = Inventory(client, "many")
    region = made.region(made.cloud())
    return client, [made.host(region, device_type="even" if number % 2 else "odd")["id"] for number in range(35)]


def marker(body, rel):
    """The marker of a link; None without one, and for no link at all a failure."""
    href = next(link["href"] for link in body["links"] if link["rel"] == rel)
    return urllib.parse.parse_qs(urllib.parse.urlsplit(href).query).get("marker", [None])[0]


def test_links_say_all_that_the_list_was_asked_and_what_it_took_for_granted(many):
    client, ids = many
    body = client.get("hosts?limit=10&device_type=odd&vars=a:1")
    assert [link["rel"] for link in body["links"]] == ["first", "prev", "self"]
    query = urllib.parse.urlsplit(client.get("hosts?limit=10&device_type=odd")["links"][0]["href"]).query
    assert sorted(query.split("&")) == [
        "device_type=odd", "limit=10", "resolved-values=True", "sort_dir=asc", "sort_keys=created_at%2Cid"]
    query = urllib.parse.urlsplit(client.get("devices?active=no")["links"][0]["href"]).query
    assert sorted(query.split("&")) == [
        "active=False", "descendants=False", "details=False", "limit=30", "resolved-values=True", "sort_dir=asc",
        "sort_keys=created_at%2Cid"]


@pytest.mark.parametrize("start, previous", [(None, None), (14, 4), (9, 0), (4, 0), (0, None), (34, 24)])
def test_the_link_to_the_page_before_has_the_row_that_it_begins_behind(many, start, previous):
    client, ids = many
    body = client.get("hosts?limit=10" + ("" if start is None else f"&marker={ids[start]}"))
    assert marker(body, "first") is None
    assert marker(body, "self") == (None if start is None else str(ids[start]))
    assert marker(body, "prev") == (None if previous is None else str(ids[previous]))
    assert [host["id"] for host in body["hosts"]] == (ids[:10] if start is None else ids[start + 1:start + 11])


@pytest.mark.parametrize("path, key", [("hosts", "hosts"), ("devices", "devices")])
@pytest.mark.parametrize("query", ["", "sort_keys=name", "sort_dir=desc", "sort_keys=name,id&sort_dir=desc", "sort_keys=device_type%20name"])
def test_a_client_that_follows_next_sees_all_rows_once(many, path, key, query):
    client, ids = many
    seen, href = [], f"{path}?limit=10&{query}"
    while True:
        body = client.get(href)
        rows = body[key] if key == "hosts" else body["devices"]["hosts"]
        seen += rows
        if not rows:
            break
        target = urllib.parse.urlsplit(next(link["href"] for link in body["links"] if link["rel"] == "next"))
        href = f"{target.path}?{target.query}"
    columns = query.replace("%20", ",").partition("sort_keys=")[2].partition("&")[0].split(",") if "sort_keys" in query else ["id"]
    expected = sorted(seen, key=lambda row: [row[column] for column in columns] + [row["id"]], reverse="desc" in query)
    assert sorted(row["id"] for row in seen) == ids and seen == expected


@pytest.mark.parametrize("limit, count", [("0", 35), ("5", 5), ("1", 1), ("100", 35), ("", None)])
def test_small_limits_are_served_and_zero_means_all(many, limit, count):
    client, _ = many
    if count is not None:
        assert len(client.get(f"hosts?limit={limit}")["hosts"]) == count
    else:
        assert len(client.get("hosts")["hosts"]) == 30


def test_an_empty_page_has_no_next(many):
    client, ids = many
    assert [link["rel"] for link in client.get(f"hosts?marker={ids[-1]}")["links"]] == ["first", "prev", "self"]


def test_a_marker_need_not_match_the_filters_but_must_be_of_the_kind(many):
    client, ids = many
    assert [host["id"] for host in client.get(f"hosts?device_type=odd&marker={ids[1]}&limit=2")["hosts"]] == [ids[2], ids[4]]
    assert client.refused("GET", f"network-devices?marker={ids[0]}", 400) == f'Marker "{ids[0]}" does not exist'


def test_lists_of_filters_have_pages_too(many):
    client, ids = many
    first = client.get("hosts?device_type=odd&limit=10")
    second = client.get(f"hosts?device_type=odd&limit=10&marker={first['hosts'][-1]['id']}")
    assert [host["id"] for host in first["hosts"] + second["hosts"]] == ids[::2]
    assert marker(second, "prev") == str(ids[0])


def test_the_wrapper_functions_find_their_labels(fleet_server):
    text = bootstrap(fleet_server)
    for label in ["ProjectId", "Username", "APIKey"]:
        found = subprocess.run(["grep", label], input=text, capture_output=True, text=True)
        assert len(found.stdout.splitlines()) == 1
