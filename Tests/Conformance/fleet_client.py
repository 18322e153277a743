"""A client of the inventory's API at /v1, which holds every answer against the rules of F §1 before a test sees it."""

import http.client
import json
import re
import subprocess

from muster_process import BINARY, PASSWORD, USER

REQUEST_ID = re.compile(r"req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def bootstrap(server):
    """What `muster fleet bootstrap` prints."""
    command = [BINARY, "fleet", "bootstrap", "-E", f"https://127.0.0.1:{server.port}", "-U", USER, "-P", PASSWORD, "--insecure"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def account(text):
    """The labels of a bootstrap, as scripts find them."""
    return {label: re.search(rf"{label}: *(\S+)", text)[1] for label in ["ProjectId", "Username", "APIKey"]}


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def json(self):
        return json.loads(self.body)


class Fleet:
    """Somebody with a key, on one connection that stays open."""

    def __init__(self, port, project, user, key):
        self.port, self.project, self.user, self.key = port, project, user, key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.base = f"http://127.0.0.1:{port}/v1"

    def headers(self):
        return {
            "X-Auth-Project": self.project, "X-Auth-User": self.user, "X-Auth-Token": self.key,
            "User-Agent": "python-cratonclient/0.1", "Accept": "*/*",
        }

    def send(self, method, path, body=None, headers=None, raw=None):
        """One request; `raw` is sent as it is, `body` as JSON."""
        sent = self.headers() if headers is None else dict(headers)
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        elif raw is not None:
            sent.setdefault("Content-Type", "application/json")
        self.connection.request(method, path if path.startswith("/") else "/v1/" + path, data, sent)
        answer = self.connection.getresponse()
        reply = Reply(answer.status, answer.getheaders(), answer.read())
        self.check(method, reply)
        return reply

    @staticmethod
    def check(method, reply):
        """What F §1 says of every answer."""
        assert REQUEST_ID.fullmatch(reply.headers["x-openstack-request-id"])
        if method == "OPTIONS" and reply.status == 200:
            assert reply.headers["content-type"].startswith("text/html") and reply.body == b""
            return
        assert reply.headers["content-type"] == "application/json"
        if method == "HEAD" or reply.status == 204:
            assert reply.body == b""
            return
        text = reply.body.decode("ascii")
        assert text == json.dumps(json.loads(text), sort_keys=True, indent=2) + "\n"
        if reply.status >= 400:
            assert set(reply.json) == {"message", "status"} and reply.json["status"] == reply.status
            assert reply.status in {400, 401, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 422, 500}

    def get(self, path, status=200):
        reply = self.send("GET", path)
        assert reply.status == status, (path, reply.status, reply.body)
        return reply.json

    def post(self, path, body, status=201):
        reply = self.send("POST", path, body)
        assert reply.status == status, (path, reply.status, reply.body)
        return reply.json

    def put(self, path, body, status=200):
        reply = self.send("PUT", path, body)
        assert reply.status == status, (path, reply.status, reply.body)
        return reply.json

    def delete(self, path, body=None, status=204):
        reply = self.send("DELETE", path, body)
        assert reply.status == status, (path, reply.status, reply.body)

    def refused(self, method, path, status, body=None):
        """The message of a refusal."""
        reply = self.send(method, path, body)
        assert reply.status == status, (path, reply.status, reply.body)
        return reply.json["message"]


class Inventory:
    """Makes parts of an inventory whose names nobody else uses."""

    def __init__(self, client, prefix):
        self.client, self.prefix, self.count = client, prefix, 0

    def name(self):
        self.count += 1
        return f"{self.prefix}-{self.count}"

    def cloud(self, **more):
        return self.client.post("clouds", {"name": self.name(), **more})

    def region(self, cloud, **more):
        return self.client.post("regions", {"name": self.name(), "cloud_id": cloud["id"], **more})

    def cell(self, region, **more):
        return self.client.post(
            "cells", {"name": self.name(), "cloud_id": region["cloud_id"], "region_id": region["id"], **more})

    def place(self, place):
        """The members that put something into a region or a cell."""
        if "region_id" in place:
            return {"cloud_id": place["cloud_id"], "region_id": place["region_id"], "cell_id": place["id"]}
        return {"cloud_id": place["cloud_id"], "region_id": place["id"]}

    def host(self, place, **more):
        body = {"name": self.name(), "ip_address": "10.0.0.1", "device_type": "server", **self.place(place), **more}
        return self.client.post("hosts", body)

    def switch(self, place, **more):
        body = {"name": self.name(), "ip_address": "10.0.0.2", "device_type": "switch", **self.place(place), **more}
        return self.client.post("network-devices", body)

    def network(self, place, **more):
        body = {"name": self.name(), "cidr": "10.0.0.0/24", "gateway": "10.0.0.1", "netmask": "255.255.255.0"}
        return self.client.post("networks", {**body, **self.place(place), **more})

    def interface(self, device, **more):
        body = {"name": self.name(), "device_id": device["id"], "interface_type": "ethernet", "ip_address": "10.0.0.3"}
        return self.client.post("network-interfaces", {**body, **more})
