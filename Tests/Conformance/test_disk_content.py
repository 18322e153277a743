"""Content that the server finds on disk when it starts: directories and files, good and broken (C §14.1, §14.3)."""

import json
import pathlib
import subprocess

import pytest

HOUSE_PACK = pathlib.Path(__file__).parents[2] / "Config" / "content"


def write_directory(root, **profiles):
    """A pack as a directory: one file an object."""
    (root / "profiles").mkdir(parents=True)
    (root / "templates").mkdir()
    (root / "._Name.meta").write_text("on-disk\n")
    (root / "._Version.meta").write_text("v1.2.3\n")
    for name, description in profiles.items():
        (root / "profiles" / f"{name}.yaml").write_text(f"Name: {name}\nDescription: {description}\n")
    (root / "templates" / "greeting.sh.tmpl").write_text("echo {{ .Machine.Name }}\n")
    return root


def write_file(path, **profiles):
    """A pack as one JSON file."""
    section = {name: {"Name": name, "Description": text} for name, text in profiles.items()}
    path.write_text(json.dumps({"meta": {"Name": "on-disk", "Version": "v1.2.3"}, "sections": {"profiles": section}}))
    return path


@pytest.mark.parametrize("flag, layer, kind", [
    ("--local-content", "LocalStore", "local"), ("--default-content", "DefaultStore", "default"),
])
def test_a_directory_is_a_layer(fresh, tmp_path, flag, layer, kind):
    server = fresh(flag, str(write_directory(tmp_path / "pack", disk="one")))
    shown = server.get("/profiles/disk")
    assert (shown["Description"], shown["Bundle"], shown["ReadOnly"]) == ("one", layer, True)
    assert server.get("/templates/greeting.sh.tmpl")["Contents"] == "echo {{ .Machine.Name }}\n"
    summary = next(each for each in server.get("/contents") if each["meta"]["Name"] == layer)
    assert summary["Counts"] == {"profiles": 1, "templates": 1}
    meta = summary["meta"]
    assert (meta["Type"], meta["Overwritable"], meta["Version"]) == (kind, True, "v1.2.3")


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_single_file_is_a_layer(fresh, tmp_path, suffix):
    server = fresh("--local-content", str(write_file(tmp_path / f"pack.{suffix}", disk="one")))
    assert server.get("/profiles/disk")["Bundle"] == "LocalStore"


def test_local_content_goes_over_default_content_and_under_what_is_written(fresh, tmp_path):
    local = write_file(tmp_path / "local.json", both="local")
    default = write_file(tmp_path / "default.json", both="default", lower="default")
    server = fresh("--local-content", str(local), "--default-content", str(default))
    assert [each["meta"]["Name"] for each in server.get("/contents")] == [
        "BackingStore", "LocalStore", "DefaultStore", "BasicStore"]
    assert server.get("/profiles/both")["Bundle"] == "LocalStore"
    written = server.curl("PATCH", "/profiles/both", [{"op": "replace", "path": "/Description", "value": "mine"}])
    assert (written.json["Bundle"], written.json["ReadOnly"]) == ("", False)
    server.curl("DELETE", "/profiles/both")
    assert server.get("/profiles/both")["Description"] == "local"


def test_uploaded_packs_go_between_local_and_default_content(fresh, tmp_path):
    local = write_file(tmp_path / "local.json", high="local")
    default = write_file(tmp_path / "default.json", low="default")
    server = fresh("--local-content", str(local), "--default-content", str(default))
    pack = {"meta": {"Name": "Uploaded"}, "sections": {"profiles": {"low": {"Name": "low", "Description": "up"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    assert server.get("/profiles/low")["Bundle"] == "Uploaded"
    pack["sections"]["profiles"] = {"high": {"Name": "high"}}
    refused = server.curl("PUT", "/contents/Uploaded", pack)
    assert refused.json["Messages"] == [
        "profiles:high in layer dynamic-Uploaded would override layer local-LocalStore"]


def test_what_has_changed_on_disk_shows_after_a_restart(fresh, tmp_path):
    pack = tmp_path / "pack.json"
    server = fresh("--local-content", str(write_file(pack, stays="old", goes="old")))
    server.curl("POST", "/machines", {"Name": "bob", "Profiles": ["goes"]})
    server.stop()
    write_file(pack, stays="new", comes="new")
    server.start()
    assert server.get("/profiles/stays")["Description"] == "new"
    assert server.get("/profiles/comes")["Description"] == "new"
    assert server.curl("GET", "/profiles/goes").status == 404
    bob = server.get("/machines/Name:bob")
    assert bob["Available"] is False and "Profile goes (at 0) does not exist" in bob["Errors"][0]


BROKEN = [
    ("no such file", lambda path: None, "there is no such file"),
    ("malformed", lambda path: path.write_text('{"meta": {"Name": "x"},\n "sections": {"profiles": }}'), "line 2"),
    ("undecodable", lambda path: path.write_text(json.dumps(
        {"meta": {"Name": "x"}, "sections": {"profiles": {"bad": {"Name": "bad", "Params": 5}}}})), "item bad"),
    ("invalid", lambda path: path.write_text(json.dumps(
        {"meta": {"Name": "x"}, "sections": {"params": {"x!": {"Name": "x!"}}}})), "Invalid Name `x!`"),
    ("not UTF-8", lambda path: path.write_bytes(b'{"meta": {"Name": "\xff"}}'), "UTF-8"),
]


@pytest.mark.parametrize("write, problem", [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN])
def test_a_broken_pack_is_named_in_the_log_and_left_out(fresh, tmp_path, write, problem):
    write(tmp_path / "broken.json")
    good = write_file(tmp_path / "good.json", disk="good")
    server = fresh("--local-content", str(tmp_path / "broken.json"), "--default-content", str(good))
    assert server.get("/profiles/disk")["Description"] == "good"
    assert "LocalStore" not in [each["meta"]["Name"] for each in server.get("/contents")]
    complaint = next(line for line in server.log_text().splitlines() if problem in line)
    assert "error" in complaint and "LocalStore" in complaint and "broken.json" in complaint


@pytest.mark.parametrize("write, problem", [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN])
def test_a_strict_server_does_not_start_with_a_broken_pack(fresh, tmp_path, write, problem):
    write(tmp_path / "broken.json")
    server = fresh("--strict-content", "--local-content", str(tmp_path / "broken.json"), start=False)
    server.root.mkdir()
    done = subprocess.run(server.command(), cwd=server.root, capture_output=True, text=True, timeout=60)
    assert done.returncode not in (0, None) and done.returncode > 0
    assert problem in done.stderr and "broken.json" in done.stderr and "--strict-content" in done.stderr


def test_a_broken_file_within_a_directory_is_named(fresh, tmp_path):
    pack = write_directory(tmp_path / "pack", disk="one")
    (pack / "profiles" / "torn.yaml").write_text("Name: [torn\n")
    server = fresh("--local-content", str(pack))
    assert "torn.yaml" in server.log_text()
    assert server.curl("GET", "/profiles/disk").status == 404


def test_disk_content_that_would_override_an_uploaded_pack_is_left_out_and_named(fresh, tmp_path):
    server = fresh("--local-content", str(write_file(tmp_path / "pack.json", other="local")))
    pack = {"meta": {"Name": "Uploaded"}, "sections": {"profiles": {"both": {"Name": "both"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    server.stop()
    write_file(tmp_path / "pack.json", both="local")
    server.start()
    assert server.get("/profiles/both")["Bundle"] == "Uploaded"
    assert "profiles:both in layer local-LocalStore would override layer dynamic-Uploaded" in server.log_text()


def test_the_content_that_comes_with_the_server_loads_without_a_complaint(fresh):
    server = fresh("--strict-content", "--default-content", str(HOUSE_PACK))
    summary = next(each for each in server.get("/contents") if each["meta"]["Name"] == "DefaultStore")
    assert summary["Counts"]["tasks"] > 5 and summary["Counts"]["workflows"] > 3
    for prefix in "tasks", "stages", "workflows", "params", "profiles", "templates":
        unavailable = server.get(f"/{prefix}?Available=false")
        assert all("iso" in str(each["Errors"]).lower() or "missing" in str(each["Errors"]) or
                   "is not available" in str(each["Errors"]) for each in unavailable), unavailable


ODD = """\
common: &common {readonly: true, order: 10}
Name: odd
Name: even
Meta: {<<: *common, icon: !!str 7}
Params: {mac: 52:54:00:12:34:56, ready: yes}
"""


def write_odd(root):
    """A directory with a key given twice, a flag file, and a directory among its templates."""
    write_directory(root, disk="one")
    (root / "profiles" / "odd.yaml").write_text(ODD)
    (root / "._Overwritable.meta").write_text("true\n")
    (root / "templates" / "attic").mkdir()
    return root


def test_yaml_is_read_as_the_public_client_reads_it(fresh, tmp_path):
    server = fresh("--local-content", str(write_odd(tmp_path / "pack")))
    shown = server.get("/profiles/even")
    assert shown["Meta"] == {"icon": "7", "order": "10", "readonly": "true"}
    assert shown["Params"] == {"mac": "52:54:00:12:34:56", "ready": True}
    warning = next(line for line in server.log_text().splitlines() if "is given again" in line)
    assert "warning" in warning and "odd.yaml: line 3" in warning and "LocalStore" in warning


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{this}: &{this} [{','.join(['*' + last] * 9)}]\n" for last, this in zip("abcdefgh", "bcdefghi"))


def test_aliases_that_explode_cost_little_and_hide_no_other_pack(fresh, tmp_path):
    (tmp_path / "bomb.yaml").write_text(BOMB)
    good = write_file(tmp_path / "good.json", disk="good")
    server = fresh("--local-content", str(tmp_path / "bomb.yaml"), "--default-content", str(good))
    assert server.get("/profiles/disk")["Description"] == "good"
    assert "bomb.yaml: not readable as YAML: line" in server.log_text()
    assert "aliases and merge keys bring more than 400000 values" in server.log_text()


def test_a_strict_server_tells_all_that_is_wrong_at_once(fresh, tmp_path):
    pack = write_odd(tmp_path / "pack")
    (pack / "profiles" / "torn.yaml").write_text("Name: [torn\n")
    (pack / "profiles" / "list.yaml").write_text("[]\n")
    (tmp_path / "bomb.yaml").write_text(BOMB)
    done = start_strictly(fresh, "--local-content", str(pack), "--default-content", str(tmp_path / "bomb.yaml"))
    assert done.returncode > 0
    for problem in "torn.yaml", "list.yaml", "bomb.yaml":
        assert problem in done.stderr, problem


def test_a_strict_server_does_not_start_with_a_key_given_twice(fresh, tmp_path):
    done = start_strictly(fresh, "--local-content", str(write_odd(tmp_path / "pack")))
    assert done.returncode > 0
    assert "odd.yaml: line 3" in done.stderr and "--strict-content" in done.stderr


def start_strictly(fresh, *flags):
    """What a strict server that does not start says."""
    server = fresh("--strict-content", *flags, start=False)
    server.root.mkdir()
    return subprocess.run(server.command(), cwd=server.root, capture_output=True, text=True, timeout=60)
