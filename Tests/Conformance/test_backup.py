"""Backups: made while clients write, proved without a store, restored to any revision, and tried."""

import concurrent.futures
import json
import pathlib

import pytest
from command_line import CommandLine
from raw_client import RawClient, wait_until


def profile(server, name, **fields):
    reply = server.curl("POST", "/profiles", {"Name": name, **fields})
    assert reply.status == 201, reply.body


def newest(server):
    return server.get("/history?limit=1")["records"][0]["revision"]


@pytest.fixture
def world(fresh, tmp_path):
    """A server with some history, and `muster` for it."""
    server = fresh()
    for number in range(20):
        profile(server, f"p{number}", Description=str(number))
    assert server.curl("DELETE", "/profiles/p7").status == 200
    pack = {"meta": {"Name": "pack", "Version": "v1.0.0"}, "sections": {"profiles": {"packed": {"Name": "packed"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    home = tmp_path / "home"
    home.mkdir()
    return server, CommandLine(home, server), lambda name: str(tmp_path / name)


def serve(fresh, backend):
    """A server on a store that was made elsewhere."""
    return fresh(name=f"restored-{abs(hash(backend))}", backend=backend)


@pytest.mark.parametrize("kind", ["lmdb:{}", "directory:{}", "file:{}.yaml"])
def test_a_backup_makes_a_store_of_any_kind_that_serves_the_same(world, fresh, kind):
    server, muster, path = world
    shown = muster.ok("backup", path("full"))
    assert f"{newest(server)}" in shown and "20" in shown
    before = {each: server.get(f"/{each}") for each in ["profiles", "contents", "users"]}
    history = server.get("/history?limit=1000")["records"]
    target = kind.format(path("made"))
    assert f"revision {newest(server)}" in muster.ok("restore", path("full"), target)
    made = serve(fresh, target)
    for name, objects in before.items():
        assert made.get(f"/{name}") == objects
    assert made.get("/system/check")["status"] == "ok"
    if kind.startswith("file"):
        # It has no history, and says so.
        assert made.get("/history?limit=1000")["records"] == []
        assert made.curl("GET", f"/profiles/p1?revision={newest(server) - 1}").status in (404, 410)
    else:
        assert [each["revision"] for each in made.get("/history?limit=1000")["records"]][-len(history):] == [
            each["revision"] for each in history]
        assert made.get("/profiles/p7/history")["versions"] == server.get("/profiles/p7/history")["versions"]


def test_what_was_told_before_a_restoration_is_refused_after_it(world, fresh):
    server, muster, path = world
    cursor, etag = server.get("/events/cursor")["cursor"], server.curl("GET", "/profiles/p1").headers["etag"]
    muster.ok("backup", path("full"))
    muster.ok("restore", path("full"), f"lmdb:{path('made')}")
    made = serve(fresh, f"lmdb:{path('made')}")
    assert made.curl("GET", f"/events?since={cursor}").status == 410
    assert made.curl("GET", "/profiles/p1", headers=[f"If-None-Match: {etag}"]).status == 200
    patch = [{"op": "replace", "path": "/Description", "value": "x"}]
    assert made.curl("PATCH", "/profiles/p1", patch, headers=[f"If-Match: {etag}"]).status == 412


def test_any_revision_that_a_backup_has_can_be_restored(world, fresh):
    server, muster, path = world
    states = {}
    for number in range(3):
        patch = [{"op": "replace", "path": "/Description", "value": f"later {number}"}]
        assert server.curl("PATCH", "/profiles/p1", patch).status == 200
        states[newest(server)] = server.get("/profiles")
    muster.ok("backup", path("full"))
    for revision, profiles in states.items():
        target = f"lmdb:{path(f'at-{revision}')}"
        muster.ok("restore", path("full"), target, "--revision", str(revision))
        made = serve(fresh, target)
        assert made.get("/profiles") == profiles
        assert made.get("/system/check")["status"] == "ok"
    refused = muster("restore", path("full"), f"lmdb:{path('never')}", "--revision", "100000")
    assert refused.returncode == 2 and "revision 100000 is not in the backup" in refused.stderr


def test_backups_that_go_on_from_one_another(world, fresh):
    server, muster, path = world
    muster.ok("backup", path("0"))
    for number in range(1, 4):
        profile(server, f"new{number}")
        assert server.curl("DELETE", f"/profiles/p{number}").status == 200
        shown = muster.json("backup", path(str(number)), "--since", path(str(number - 1)))
        assert shown["commits"] == 2 and shown["objects"] == 1
    muster.ok("drill", path("3"))
    muster.ok("restore", path("3"), f"lmdb:{path('made')}")
    assert serve(fresh, f"lmdb:{path('made')}").get("/profiles") == server.get("/profiles")
    pathlib.Path(path("1")).rename(pathlib.Path(path("home")) / "1")
    refused = muster("restore", path("3"), f"lmdb:{path('again')}")
    assert refused.returncode == 3 and "goes on from one" in refused.stderr
    assert not pathlib.Path(path("again")).exists()


def test_a_backup_is_of_one_revision_while_clients_write(world, fresh):
    server, muster, path = world

    def write(client):
        for number in range(40):
            profile(server, f"busy-{client}-{number}")

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        writes = [pool.submit(write, client) for client in range(3)]
        names = []
        while not all(each.done() for each in writes):
            names.append(path(f"busy{len(names)}"))
            muster.ok("backup", names[-1])
        for each in writes:
            each.result()
    for name in names[:: max(len(names) // 3, 1)]:
        muster.ok("drill", name)


def test_a_damaged_backup_is_named_and_not_restored(world):
    server, muster, path = world
    muster.ok("backup", path("full"))
    whole = pathlib.Path(path("full")).read_bytes()
    place = whole.rindex(b'"Description":"5"')
    pathlib.Path(path("full")).write_bytes(whole[:place + 16] + b"6" + whole[place + 17:])
    found = muster("verify", path("full"))
    assert found.returncode == 1 and "profiles/p5" in found.stdout, found
    for command in [("restore", path("full"), f"lmdb:{path('made')}"), ("drill", path("full"))]:
        refused = muster(*command)
        assert refused.returncode == 1 and "not whole" in refused.stderr
    pathlib.Path(path("full")).write_bytes(whole[:-30])
    assert muster("verify", path("full")).returncode == 1
    pathlib.Path(path("full")).write_text("something else")
    refused = muster("verify", path("full"))
    assert refused.returncode == 1 and "is no backup" in refused.stderr
    assert muster("verify", path("missing")).returncode == 3


def test_a_target_that_exists_is_left_alone(world):
    server, muster, path = world
    pathlib.Path(path("taken")).write_text("mine")
    refused = muster("backup", path("taken"))
    assert refused.returncode == 4 and "exists already" in refused.stderr
    assert pathlib.Path(path("taken")).read_text() == "mine"
    muster.ok("backup", path("full"))
    muster.ok("restore", path("full"), f"lmdb:{path('made')}")
    refused = muster("restore", path("full"), f"lmdb:{path('made')}")
    assert refused.returncode == 2 and "is not empty" in refused.stderr


def test_the_server_keeps_backups_of_its_own(world, tmp_path):
    server, muster, path = world
    first = server.curl("POST", "/system/backup", {"target": "monday"})
    assert first.status == 201 and first.json["revision"] == newest(server)
    file = server.root / "backups/monday"
    assert file.stat().st_size == first.json["bytes"] and file.stat().st_mode & 0o777 == 0o600
    profile(server, "new")
    second = server.curl("POST", "/system/backup", {"target": "tuesday", "since": "monday"}).json
    assert second["counts"]["commits"] == 1
    muster.ok("drill", str(server.root / "backups/tuesday"))
    assert server.curl("POST", "/system/backup", {"target": "monday"}).status == 409
    assert server.curl("POST", "/system/backup", {"target": "next", "since": "sunday"}).status == 404
    for name in ["", "../x", "a/b", ".hidden", None, 5]:
        assert server.curl("POST", "/system/backup", {"target": name}).status == 400, name
    assert server.curl("GET", "/system/backup?since=nonsense").status == 400
    assert sorted(each.name for each in (server.root / "backups").iterdir()) == ["monday", "tuesday"]


def test_a_backup_takes_a_right_of_its_own(world):
    server, muster, path = world
    claims = [{"scope": "system", "action": "upgrade", "specific": "*"}]
    assert server.curl("POST", "/roles", {"Name": "keeper", "Claims": claims}).status == 201
    server.curl("POST", "/users", {"Name": "keeper", "Roles": ["keeper"]})
    server.curl("PUT", "/users/keeper/password", {"Password": "pw"})
    assert server.curl("GET", "/system/backup", user="keeper:pw").status == 403
    assert server.curl("POST", "/system/backup", {"target": "x"}, user="keeper:pw").status == 403
    claims[0]["action"] = "backup"
    server.curl("PATCH", "/roles/keeper", [{"op": "replace", "path": "/Claims", "value": claims}])
    assert server.curl("POST", "/system/backup", {"target": "x"}, user="keeper:pw").status == 201
    assert "backup" not in json.dumps(server.get("/info")["scopes"])


def test_a_store_is_copied_into_any_other_and_serves_the_same_bytes(world, fresh):
    server, muster, path = world
    cursor = server.get("/events/cursor")["cursor"]
    before, history = server.get("/profiles"), server.get("/history?limit=1000")["records"]
    etag = server.curl("GET", "/profiles/p1").headers["etag"]
    assert server.stop() == 0
    source = f"lmdb:{server.root}/muster"
    muster.ok("store", "copy", source, f"directory:{path('files')}")
    muster.ok("store", "copy", f"directory:{path('files')}", f"lmdb:{path('back')}")
    muster.ok("store", "copy", f"lmdb:{path('back')}", f"file:{path('all.yaml')}")
    for target in [f"directory:{path('files')}", f"lmdb:{path('back')}"]:
        made = serve(fresh, target)
        assert made.get("/profiles") == before
        assert made.get("/history?limit=1000")["records"][-len(history):] == history
        assert made.curl("GET", f"/events?since={cursor}").status == 200
        assert made.curl("GET", "/profiles/p1").headers["etag"] == etag
        assert made.get("/system/check")["status"] == "ok"
    made = serve(fresh, f"file:{path('all.yaml')}")
    assert made.get("/profiles") == before and made.get("/system/check")["status"] == "ok"
    refused = muster("store", "copy", source, f"lmdb:{path('all.yaml')}")
    assert refused.returncode != 0
    refused = muster("store", "copy", f"lmdb:{path('nothing')}", f"lmdb:{path('x')}")
    assert refused.returncode == 3 and not pathlib.Path(path("x")).exists()


def test_a_store_says_what_it_holds(world):
    server, muster, path = world
    revision = newest(server)
    used = muster("store", "info", f"lmdb:{server.root}/muster")
    assert used.returncode == 4 and str(server.process.pid) in used.stderr
    assert server.stop() == 0
    shown = muster.ok("store", "info", f"lmdb:{server.root}/muster")
    for words in ["format", "epoch", "openings", "free for reuse", "last checkpoint", "type profiles", "keyspace versions"]:
        assert words in shown, shown
    facts = muster.json("store", "info", f"lmdb:{server.root}/muster")
    assert facts["revision"] == revision and facts["types"]["profiles"]["entries"] >= 19
    assert facts["keyspaces"]["commits"]["entries"] == revision


def test_a_damaged_backup_leaves_no_store_behind(world):
    _, muster, path = world
    muster.ok("backup", path("full"))
    data = bytearray(pathlib.Path(path("full")).read_bytes())
    data[len(data) // 2] ^= 1
    pathlib.Path(path("full")).write_bytes(data)
    assert muster("restore", path("full"), f"lmdb:{path('made')}").returncode != 0
    assert not pathlib.Path(path("made")).exists()


def test_a_client_that_leaves_at_once_keeps_nobody_from_making_backups(world):
    server, _, _ = world
    for _ in range(20):
        with RawClient(server.port, tls=True) as client:
            client.send(f"GET /api/v3/system/backup HTTP/1.1\r\nHost: x\r\nAuthorization: {server.basic}\r\n\r\n".encode())
    wait_until(lambda: server.curl("POST", "/system/backup", {"target": "after"}).status == 201)
