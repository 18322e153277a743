"""Every command of python-cratonclient as it is sent: headers, order of requests, forms of queries (F §9). The client itself is on no
registry, so its requests are played, with the library that it sends them with."""

import urllib.parse

import pytest
import requests
from conftest import fleet_user


class Client:
    """The session of the client: one connection, its three fields, bodies as JSON, and the URL with `/v1`."""

    def __init__(self, fleet):
        self.url = f"http://127.0.0.1:{fleet.port}/v1"
        self.session = requests.Session()
        self.session.headers.update({
            "X-Auth-Token": fleet.key, "X-Auth-User": fleet.user, "X-Auth-Project": fleet.project,
            "User-Agent": "python-cratonclient/0.1.dev1"})

    def send(self, method, path, query=None, body=None, status=200):
        url = path if path.startswith("http") else self.url + path
        reply = self.session.request(method, url, params=query, json=body)
        assert reply.status_code == status, (method, path, query, body, reply.status_code, reply.text)
        return reply.json() if reply.content else None

    def create(self, collection, **body):
        return self.send("POST", f"/{collection}", body=body, status=201)

    def all(self, collection, key=None, **query):
        """`--all`: pages of 100, and `next` as it is until a page is empty."""
        rows, reply = [], self.send("GET", f"/{collection}", {**query, "limit": 100})
        while reply[key or collection]:
            rows += reply[key or collection]
            href = [link["href"] for link in reply["links"] if link["rel"] == "next"]
            if not href:
                break
            reply = self.send("GET", href[0])
        return rows


@pytest.fixture(scope="module")
def client(fleet):
    return Client(fleet)


@pytest.fixture(scope="module")
def root(fleet_root):
    return Client(fleet_root)


@pytest.fixture(scope="module")
def places(client):
    cloud = client.create("clouds", name="client-cloud")
    region = client.create("regions", name="client-region", cloud_id=cloud["id"])
    cell = client.create("cells", name="client-cell", region_id=region["id"], cloud_id=cloud["id"])
    host = client.create("hosts", name="client-host", ip_address="10.3.0.1", region_id=region["id"], cloud_id=cloud["id"], cell_id=cell["id"],
                         device_type="server", active=True)
    return {"clouds": cloud, "regions": region, "cells": cell, "hosts": host}


def test_projects(root):
    """project-create, -list, -show, -delete, and the variables of one."""
    made = root.create("projects", name="client-project")
    path = f"/projects/{made['id']}"
    assert root.send("GET", path)["name"] == "client-project"
    assert root.send("GET", "/projects", {"limit": 30})["projects"]
    assert [each["id"] for each in root.all("projects", name="client-project")] == [made["id"]]
    assert root.send("GET", "/projects", {"name": "client-project", "marker": made["id"]})["projects"] == []
    root.send("GET", path)
    assert root.send("PUT", path + "/variables", body={"a": 1, "b": "x"}) == {"variables": {"a": 1, "b": "x"}}
    assert root.send("GET", path + "/variables") == {"variables": {"a": 1, "b": "x"}}
    root.send("GET", path)
    assert root.send("DELETE", path + "/variables", body=["a"], status=204) is None
    assert root.send("DELETE", path, status=204) is None
    root.send("GET", path, status=404)


@pytest.mark.parametrize("kind, made, changed", [
    ("clouds", {"note": "n"}, {"name": "client-cloud", "note": "new"}), ("regions", {"note": "n"}, {"name": "client-region", "note": "new"}),
    ("cells", {"note": "n"}, {"name": "client-cell", "note": "new"}),
    ("hosts", {"note": "n"}, {"name": "client-host", "active": True, "note": "new"}),
])
class TestCommands:
    """What all kinds have: create, list, show, update, delete."""

    def body(self, places, kind, name):
        given = {"clouds": [], "regions": ["cloud_id"], "cells": ["cloud_id", "region_id"],
                 "hosts": ["cloud_id", "region_id", "cell_id", "ip_address", "device_type", "active"]}[kind]
        return {"name": name, **{member: places[kind][member] for member in given}}

    def test_create_show_and_delete(self, client, places, kind, made, changed):
        one = client.create(kind, **self.body(places, kind, f"client-new-{kind}"), **made)
        assert one["note"] == "n" and one["variables"] == {}
        assert client.send("GET", f"/{kind}/{one['id']}")["name"] == one["name"]
        assert client.send("DELETE", f"/{kind}/{one['id']}", status=204) is None
        client.send("GET", f"/{kind}/{one['id']}", status=404)

    def test_update(self, client, places, kind, made, changed):
        assert client.send("PUT", f"/{kind}/{places[kind]['id']}", body=changed)["note"] == "new"

    @pytest.mark.parametrize("query", [
        {}, {"limit": 30}, {"limit": 5}, {"limit": 0}, {"detail": True}, {"sort_keys": "name"}, {"sort_key": "name"}, {"sort_dir": "asc"},
        {"sort_dir": "desc", "sort_keys": "name,id"}, {"vars": "a:1,b:2"}, {"marker": "first"}, {"details": "all"},
    ], ids=lambda query: urllib.parse.urlencode(query) or "plain")
    def test_list(self, client, places, kind, made, changed, query):
        query = {name: places[kind]["id"] if value == "first" else value for name, value in query.items()}
        body = client.send("GET", f"/{kind}", query)
        assert {link["rel"] for link in body["links"]} >= {"first", "prev", "self"}
        assert all(("variables" in row) == ("detail" in query or "details" in query) for row in body[kind])

    def test_list_of_all_pages(self, client, places, kind, made, changed):
        assert places[kind]["id"] in [row["id"] for row in client.all(kind, sort_dir="asc")]

    def test_variables(self, client, places, kind, made, changed):
        """vars-set reads the object, removes the keys without a value, sets the others, and reads them; vars-delete removes."""
        path = f"/{kind}/{places[kind]['id']}"
        values = {"text": "x", "int": 1, "flag": True, "none": None, "float": 1.5}
        client.send("GET", path)
        client.send("DELETE", path + "/variables", body=["gone"], status=204)
        assert client.send("PUT", path + "/variables", body=values)["variables"].items() >= values.items()
        assert client.send("GET", path + "/variables")["variables"].items() >= values.items()
        client.send("GET", path)
        client.send("DELETE", path + "/variables", body=list(values), status=204)
        assert not set(values) & set(client.send("GET", path + "/variables")["variables"])

    def test_the_lenient_forms(self, client, places, kind, made, changed):
        """The client offers to move things, which Craton refused."""
        moves = {"clouds": [], "regions": ["cloud_id"], "cells": ["cloud_id", "region_id"], "hosts": ["cloud_id", "region_id", "cell_id"]}[kind]
        body = {"name": places[kind]["name"], **{name: places[kind][name] for name in moves}}
        assert client.send("PUT", f"/{kind}/{places[kind]['id']}", body=body)["id"] == places[kind]["id"]


@pytest.mark.parametrize("query, found", [
    ({"region_id": "regions"}, True), ({"cloud_id": "clouds"}, True), ({"cell_id": "cells"}, True), ({"device_type": "server"}, True),
    ({"ip_address": "10.3.0.1"}, True), ({"label": "client-web"}, True), ({"vars": 'client_x:"y"'}, True), ({"ip_address": "10.3.0.9"}, False),
    ({"label": "other"}, False), ({"region_id": 999999}, False),
])
def test_host_list(client, places, query, found):
    host = places["hosts"]["id"]
    client.send("PUT", f"/hosts/{host}/labels", body={"labels": ["client-web"]})
    client.send("PUT", f"/hosts/{host}/variables", body={"client_x": "y"})
    query = {name: places[value]["id"] if value in places else value for name, value in query.items()}
    rows = client.send("GET", "/hosts", {"sort_dir": "asc", **query})["hosts"]
    assert (host in [row["id"] for row in rows]) == found
    assert (host in [row["id"] for row in client.all("hosts", sort_dir="asc", **query)]) == found


def test_host_create_and_update_with_flags_as_texts(client, places):
    place = {name: places["hosts"][name] for name in ["cloud_id", "region_id", "cell_id", "device_type"]}
    host = client.create("hosts", name="client-text", ip_address="10.3.0.2", active="false", labels="web", **place)
    assert host["active"] is False
    # An update without `-a` makes it active again.
    assert client.send("PUT", f"/hosts/{host['id']}", body={"note": "n", "active": True})["active"] is True
    assert client.send("PUT", f"/hosts/{host['id']}", body={"active": "false"})["active"] is False


@pytest.mark.parametrize("query", [
    {}, {"parent_id": "host"}, {"parent_id": "host", "descendants": True}, {"active": "true"}, {"active": "false"}, {"sort_keys": "name"},
    {"limit": 5}, {"region_id": "region"}, {"detail": True},
], ids=lambda query: urllib.parse.urlencode(query) or "plain")
def test_device_list(client, places, query):
    known = {"host": places["hosts"]["id"], "region": places["regions"]["id"]}
    query = {name: known.get(value, value) if isinstance(value, str) else value for name, value in query.items()}
    body = client.send("GET", "/devices", {"sort_dir": "asc", "descendants": False, **query})
    assert set(body["devices"]) == {"hosts", "network-devices"} and body["links"][0]["rel"] == "first"


@pytest.mark.parametrize("method, path, body, status", [
    ("GET", "/hosts/999999", None, 404), ("POST", "/hosts", {}, 400), ("POST", "/clouds", {"name": "client-cloud"}, 409),
    ("GET", "/projects", None, 401), ("PUT", "/hosts", {}, 405), ("GET", "/hosts?limit=101", None, 400),
])
def test_errors_are_those_that_the_client_knows(client, places, method, path, body, status):
    reply = client.session.request(method, client.url + path, json=body)
    assert (reply.status_code, set(reply.json())) == (status, {"message", "status"})


def test_a_url_that_ends_with_a_slash_leads_nowhere(client):
    """The client makes `/v1//v1/hosts` of it."""
    assert client.session.get(client.url + "//v1/hosts").status_code == 404


def test_a_plain_user_sees_their_project_only(fleet, fleet_root, places):
    stranger = Client(fleet_user(fleet_root, "client-stranger"))
    assert stranger.send("GET", "/hosts", {"sort_dir": "asc"})["hosts"] == []
    stranger.send("GET", f"/hosts/{places['hosts']['id']}", status=404)
