"""Stores made of files: what clients write is there as files, and what people do to files is taken over at the next start."""

import json
import os
import shutil
import subprocess

import pytest
import yaml
from crash_writer import SHARED, found
from fast_client import FastClient
from test_crash import SEED, WRITERS, check, write_until_killed

ROUNDS = int(os.environ.get("MUSTER_CRASH_ROUNDS", "20"))


def start_refused(server):
    """What a server says that does not start."""
    server.spawn()
    assert server.process.wait(60) != 0
    return server.log_text()


def offline(server):
    command = [server.binary, "check", "--base-root", str(server.root), "--backend", server.backend]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def profile(server, name, **fields):
    reply = server.curl("POST", "/profiles", {"Name": name, **fields})
    assert reply.status == 201, reply.body


@pytest.fixture
def fleet(fresh):
    """A server whose store is the directory `fleet` in its root."""
    server = fresh(backend="directory:fleet")
    server.folder = server.root / "fleet"
    return server


@pytest.mark.parametrize("backend", ["directory:fleet", "directory:fleet?codec=json", "file:fleet.yaml", "file:fleet.json"])
def test_what_was_acknowledged_is_there_after_a_kill(fresh, backend):
    server = fresh(backend=backend)
    for number in range(10):
        profile(server, f"p {number}", Description="x" * number, Params={"text": "a: b\n# c\n"})
    assert server.curl("DELETE", "/profiles/p%203").status == 200
    assert server.curl("PATCH", "/profiles/p%204", [{"op": "replace", "path": "/Description", "value": "no"}]).status == 200
    before = server.get("/profiles")
    server.kill()
    done = offline(server)
    assert done.returncode == 0, done
    server.start()
    assert server.get("/profiles") == before
    assert server.get("/system/check")["status"] == "ok"


def test_objects_are_files_and_secrets_are_not(fleet):
    profile(fleet, "a b", Params={"number": 1, "text": "yes"})
    assert yaml.safe_load((fleet.folder / "profiles/a+b.yaml").read_text()) == fleet.get("/profiles/a%20b")
    machine = fleet.curl("POST", "/machines", {"Name": "mm"}).json
    text = (fleet.folder / f"machines/{machine['Uuid']}.yaml").read_text()
    assert "Name: mm\n" in text and machine["Secret"] and machine["Secret"] not in text
    assert "PasswordHash" not in (fleet.folder / "users/rocketskates.yaml").read_text()
    assert not (fleet.folder / "preferences").exists(), "it has the secret that signs tokens"
    assert (fleet.folder / ".muster").stat().st_mode & 0o777 == 0o700
    assert (fleet.folder / ".muster/.gitignore").read_text() == "*\n"
    assert fleet.curl("DELETE", "/profiles/a%20b").status == 200
    assert not (fleet.folder / "profiles/a+b.yaml").exists()


def test_files_that_were_edited_are_taken_over_as_one_commit(fleet):
    for name in ["keep", "edit", "drop"]:
        profile(fleet, name)
    machine = fleet.curl("POST", "/machines", {"Name": "mm"}).json
    revision = fleet.get("/history?limit=1")["records"][0]["revision"]
    assert fleet.stop() == 0
    path = fleet.folder / "profiles/edit.yaml"
    path.write_text("# by hand\n" + path.read_text().replace('Description: ""', "Description: by hand"))
    (fleet.folder / "profiles/drop.yaml").unlink()
    (fleet.folder / "profiles/new.yaml").write_text("Name: new\nDescription: 12\n")
    path = fleet.folder / f"machines/{machine['Uuid']}.yaml"
    path.write_text(path.read_text().replace("Name: mm\n", "Name: renamed\n"))
    fleet.start()
    record = fleet.get("/history?limit=1")["records"][0]
    assert record["revision"] == revision + 1 and record["reason"] == "found changed on disk"
    assert fleet.get("/profiles/edit")["Description"] == "by hand"
    assert fleet.get("/profiles/new")["Description"] == "12"
    assert fleet.curl("GET", "/profiles/drop").status == 404
    assert fleet.get(f"/machines/{machine['Uuid']}") == {**machine, "Name": "renamed"}, "the secret is another"
    assert (fleet.folder / "profiles/edit.yaml").read_text().startswith("# by hand\n"), "a comment is lost"
    assert fleet.get("/system/check")["status"] == "ok"
    assert fleet.stop() == 0
    fleet.start()
    assert fleet.get("/history?limit=1")["records"][0]["revision"] == revision + 1, "it is taken over again"


@pytest.mark.parametrize("name, text, words", [
    ("profiles/pp.yaml", "Name: [", "it is no YAML"), ("profiles/pp.yaml", "- 1\n", "it holds no object"),
    ("profiles/pp.yaml", "Name: qq\n", "its name says pp"), ("profiles/pp.yaml", "Name: pp\nParams: 5\n", "Params"),
    ("subnets/ss.yaml", "Name: ss\nSubnet: nonsense\n", "nonsense"), ("profiles/x%20y.yaml", "Name: x y\n", "x+y.yaml"),
])
def test_a_file_that_cannot_be_used_keeps_the_server_from_starting(fleet, name, text, words):
    profile(fleet, "pp")
    before = fleet.get("/profiles/pp")
    assert fleet.stop() == 0
    path = fleet.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    said = start_refused(fleet)
    assert name in said and words in said and "--repair" in said, said
    assert path.read_text() == text
    fleet.flags.append("--repair")
    fleet.start()
    assert fleet.get("/profiles/pp") == before
    aside = list((fleet.folder / ".muster/aside").iterdir())
    assert [each.read_text() for each in aside] == [text] and str(aside[0]) in fleet.log_text()


def test_a_clone_without_the_hidden_folder_is_another_store_with_the_same_objects(fleet, fresh):
    git = lambda *words, at=fleet.folder: subprocess.run(  # noqa: E731
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "safe.directory=*", *words], cwd=at, check=True,
        capture_output=True)
    param = {"Name": "password", "Secure": True, "Schema": {"type": "string"}}
    assert fleet.curl("POST", "/params", param).status == 201
    profile(fleet, "base")
    machine = fleet.curl("POST", "/machines", {"Name": "mm", "Profiles": ["base"]}).json
    assert fleet.curl("POST", f"/machines/{machine['Uuid']}/params/password", b'"secret"').status == 200
    lists = {each: fleet.get(f"/{each}") for each in ["machines", "profiles", "params"]}
    cursor = fleet.get("/events/cursor")["cursor"]
    assert fleet.stop() == 0
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "all")
    clone = fresh(name="clone", backend="directory:fleet", start=False)
    clone.root.mkdir()
    git("clone", "-q", str(fleet.folder), str(clone.root / "fleet"))
    assert not (clone.root / "fleet/.muster").exists()
    clone.start()
    for name, objects in lists.items():
        strip = lambda each: {key: value for key, value in each.items() if key != "Secret"}  # noqa: E731
        assert [strip(each) for each in clone.get(f"/{name}")] == [strip(each) for each in objects]
    assert clone.curl("GET", f"/events?since={cursor}").status == 410
    assert f"machines/{machine['Uuid']}: password" in clone.log_text()
    assert clone.get("/system/check")["status"] == "ok"


def test_a_directory_that_lost_its_files_is_not_taken_for_one_that_was_emptied(fleet):
    for number in range(12):
        profile(fleet, f"p{number}")
    assert fleet.stop() == 0
    for each in fleet.folder.iterdir():
        if each.name != ".muster":
            shutil.rmtree(each)
    said = start_refused(fleet)
    assert "mounted" in said and "--repair" in said
    fleet.flags.append("--repair")
    fleet.start()
    assert len(list((fleet.folder / "profiles").iterdir())) == 13
    assert len(fleet.get("/profiles")) == 13


def test_a_file_store_has_no_history_and_says_so(fresh):
    server = fresh(backend="file:fleet.yaml")
    profile(server, "pp")
    first = server.get("/events/cursor")["cursor"]
    for number in range(5):
        patch = [{"op": "replace", "path": "/Description", "value": str(number)}]
        assert server.curl("PATCH", "/profiles/pp", patch).status == 200
    assert server.stop() == 0
    document = yaml.safe_load((server.root / "fleet.yaml").read_text())
    assert document["sections"]["profiles"]["pp"]["Description"] == "4"
    assert "versions" not in document["muster"]["entries"] and len(document["muster"]["entries"]["commits"]) == 1
    server.start()
    assert len(server.get("/profiles/pp/history")["versions"]) <= 1
    assert server.curl("GET", f"/events?since={first}").status == 410
    assert server.get("/system/check")["status"] == "ok"


def test_no_acknowledged_write_is_lost_by_a_directory(fresh):
    server = fresh(backend="directory:fleet")
    server.curl("POST", "/profiles", {"Name": SHARED})
    token = server.get("/users/rocketskates/token?ttl=1d")["Token"]
    server.stop()
    known = [{} for _ in range(WRITERS)]
    for round_ in range(1, ROUNDS + 1):
        where = f"seed {SEED} round {round_}"
        writers = write_until_killed(server, token, round_, known)
        done = offline(server)
        assert done.returncode == 0, f"{where}: {done}"
        server.start()
        assert "changed by hand" not in server.log_text(), f"{where}: the server takes its own files for somebody else's"
        check(found(FastClient(server, token)), writers, where)
        for name in ["profiles", "machines"]:
            files = {each.name for each in (server.root / "fleet" / name).glob("*.yaml")}
            assert len(files) == sum(not each["ReadOnly"] for each in server.get(f"/{name}")), f"{where}: {name}"
        server.kill()


def test_json_is_the_form_of_the_files_if_it_is_asked_for(fresh):
    server = fresh(backend="directory:fleet?codec=json")
    profile(server, "pp")
    path = server.root / "fleet/profiles/pp.json"
    assert json.loads(path.read_text()) == server.get("/profiles/pp")
    assert server.stop() == 0
    server.backend = "directory:fleet?codec=yaml"
    assert "json" in start_refused(server)
