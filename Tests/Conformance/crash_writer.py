"""Clients that write until the server dies, and remember what was acknowledged.

Everything they write has a version, and says it several times over: a document whose parts name different versions was
stored by halves.
"""

import http.client
import random
import threading
import uuid

SHARED = "crash-shared"
NAMES_A_WRITER = 12
PROFILES_A_PACK = 10
PROFILES_A_SET = 110


def payload(version):
    """Text of up to 12 KB that follows from the version: several pages of a store."""
    return f"{version}/" * (version * 7919 % 2000)


def document(prefix, name, version):
    """An object that names its version in four places."""
    body = {
        "Name": name, "Description": f"version {version}", "Meta": {"version": str(version)},
        "Params": {"version": version, "payload": payload(version)},
    }
    return {**body, "Uuid": str(uuid.uuid5(uuid.NAMESPACE_DNS, name))} if prefix == "machines" else body


def pack(name, version):
    """A content pack whose objects and whose own version agree."""
    names = [f"{name}-{number}" for number in range(PROFILES_A_PACK)]
    section = {each: document("profiles", each, version) for each in names}
    return {"meta": {"Name": name, "Version": f"{version}.0.0"}, "sections": {"profiles": section}}


def version_of(stored):
    """The version that a stored object has in all its parts."""
    version = stored["Params"]["version"]
    said = stored["Description"], stored["Meta"]["version"], stored["Params"]["payload"]
    assert said == (f"version {version}", str(version), payload(version)), f"{stored['Name']} is half there: {stored}"
    return version


class Writer(threading.Thread):
    """Writes objects that nobody else writes, one request at a time, until the connection breaks.

    `acknowledged` is the version of everything that is certainly there. The one request without an answer is in
    `doubtful`, as what it was about and the version it would have made, None for a removal: it may have happened or
    not.
    """

    def __init__(self, client, number, seed, acknowledged, first_version):
        super().__init__(daemon=True)
        self.client = client
        self.number = number
        self.random = random.Random(f"{seed}-{number}")
        self.acknowledged = acknowledged
        self.version = first_version
        self.doubtful = None
        self.count = 0
        self.refusal = None

    def run(self):
        try:
            with self.client as client:
                while self.refusal is None:
                    self.step(client)
        except (OSError, http.client.HTTPException):
            pass

    def step(self, client):
        """One write, its answer, and what is known after it."""
        kind = self.random.choice(["profiles", "profiles", "machines", "contents", "shared", "sets"])
        name = f"crash-{self.number}-{kind}-{self.random.randrange(1 if kind != 'profiles' else NAMES_A_WRITER)}"
        subject = kind, name
        self.version += 1
        version, method, path, body = self.write(kind, name, self.acknowledged.get(subject))
        self.doubtful = subject, version
        status, reply = client.request(method, path, body)
        if status >= 300:
            self.refusal = f"{method} {path}: {status} {str(reply)[:500]}"
            return
        self.settle(subject, version)
        self.count += 1

    def settle(self, subject, version):
        """Notes what is certain now."""
        self.doubtful = None
        if version is None:
            self.acknowledged.pop(subject, None)
        else:
            self.acknowledged[subject] = version

    def write(self, kind, name, old):
        """A request that moves `name` from version `old` on: its version, method, path and body."""
        if kind == "shared":
            value = {"version": self.version, "again": self.version, "payload": payload(self.version)}
            patch = [{"op": "add", "path": f"/Params/{name}", "value": value}]
            return self.version, "PATCH", f"/profiles/{SHARED}", patch
        if kind == "sets":
            return self.change_set(name, old)
        new = pack(name, self.version) if kind == "contents" else document(kind, name, self.version)
        path = f"/machines/Name:{name}" if kind == "machines" else f"/{kind}/{name}"
        if old is None:
            return self.version, "POST", f"/{kind}", new
        methods = {"contents": ["PUT", "PUT"], "machines": ["PATCH", "PATCH"], "profiles": ["PUT", "PATCH", "PATCH"]}
        method = self.random.choice([*methods[kind], "DELETE"])
        if method == "DELETE":
            return None, method, path, None
        if method == "PATCH":
            new = [{"op": "test", "path": "/Params/version", "value": old}] + [
                {"op": "replace", "path": f"/{field}", "value": new[field]}
                for field in ("Description", "Meta", "Params")]
        return self.version, method, path, new


    def change_set(self, name, old):
        """A change set that makes, changes or removes many profiles at once; first and last are in doubt alike."""
        version = self.version
        if old is not None and self.random.random() < 0.3:
            version, operation = None, lambda each: {"op": "delete"}
        elif old is None:
            operation = lambda each: {"op": "create", "object": document("profiles", each, version)}
        else:
            operation = lambda each: {"op": "replace", "object": document("profiles", each, version)}
        names = [f"{name}-set-{number}" for number in range(PROFILES_A_SET)]
        changes = [{"type": "profiles", "key": each, **operation(each)} for each in names]
        return version, "POST", "/changes", {"reason": f"version {version}", "changes": changes}


def found(client):
    """The version of everything that writers left behind, as the server tells it; refuses what is half there."""
    versions = {}
    with client:
        packed, sets = {}, {}
        for stored in client.get("/profiles"):
            if stored["Bundle"].startswith("crash-"):
                packed.setdefault(stored["Bundle"], []).append(version_of(stored))
            elif "-set-" in stored["Name"]:
                sets.setdefault(stored["Name"].split("-set-")[0], []).append(version_of(stored))
            elif stored["Name"].startswith("crash-") and stored["Name"] != SHARED:
                versions["profiles", stored["Name"]] = version_of(stored)
        for name, each in sets.items():
            assert len(each) == PROFILES_A_SET and len(set(each)) == 1, f"the change set of {name} is half there"
            versions["sets", name] = each[0]
        for stored in client.get("/machines"):
            assert client.get(f"/machines/Name:{stored['Name']}") == stored, "an index leads elsewhere"
            versions["machines", stored["Name"]] = version_of(stored)
        for summary in client.get("/contents"):
            name, version = summary["meta"]["Name"], summary["meta"]["Version"]
            if name.startswith("crash-"):
                assert packed.pop(name) == [int(version.split(".")[0])] * PROFILES_A_PACK, f"{name} is half there"
                versions["contents", name] = int(version.split(".")[0])
        assert not packed, f"objects of packs that are not there: {packed.keys()}"
        for name, value in client.get(f"/profiles/{SHARED}")["Params"].items():
            version = value["version"]
            assert value == {"version": version, "again": version, "payload": payload(version)}, f"{name} is half there"
            versions["shared", name] = version
    return versions
