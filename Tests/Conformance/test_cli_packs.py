"""Packs on the command line: made, checked, bundled, uploaded, planned, compared and taken back."""

import json
import subprocess

import pytest

from command_line import CommandLine


@pytest.fixture
def cli(server, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return CommandLine(home, server)


@pytest.fixture
def pack(tmp_path, request):
    """A pack of a profile and a param, on disk, with a name of the test's own."""
    name = "p" + str(abs(hash(request.node.name)) % 10**9)
    folder = tmp_path / name
    (folder / "profiles").mkdir(parents=True)
    (folder / "params").mkdir()
    (folder / "templates").mkdir()
    (folder / "._Name.meta").write_text(name + "\n")
    (folder / "._Version.meta").write_text("v1.0.0\n")
    (folder / "params" / "size.yaml").write_text(f"Name: {name}/size\nSchema:\n  type: integer\n  default: 1\n")
    (folder / "profiles" / "big.yaml").write_text(f"Name: {name}-big\nParams:\n  {name}/size: 3\n")
    (folder / "templates" / f"{name}.tmpl").write_text("size {{.Param \"" + name + "/size\"}}\n")
    return folder


def git(folder, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(pack):
    git(pack, "init", "-q")
    git(pack, "remote", "add", "origin", "https://rob:secret@git.example/packs.git")
    git(pack, "add", ".")
    git(pack, "commit", "-qm", "first")
    return pack


def test_a_new_pack_has_no_problems_and_can_be_uploaded(cli, tmp_path):
    folder = tmp_path / "newpack"
    assert "is a pack" in cli.ok("packs", "new", "newpack", str(folder))
    assert "no problems" in cli.ok("packs", "lint", str(folder))
    assert "newpack v0.1.0 uploaded, 1 objects" in cli.ok("packs", "upload", str(folder))
    assert "newpack" in cli.ok("packs", "list")
    assert cli.json("get", "profiles", "newpack")["Bundle"] == "newpack"
    assert "removed" in cli.ok("packs", "rm", "newpack")
    assert cli("packs", "rm", "newpack").returncode == 3


def test_a_new_pack_replaces_nothing(cli, tmp_path):
    folder = tmp_path / "twice"
    cli.ok("packs", "new", "twice", str(folder))
    again = cli("packs", "new", "twice", str(folder))
    assert again.returncode == 2 and "is there already" in again.stderr


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "a b"])
def test_a_pack_has_a_plain_name(cli, tmp_path, name):
    refused = cli("packs", "new", name, str(tmp_path / "x"))
    assert refused.returncode == 2 and not (tmp_path / "x").exists()


def test_lint_names_the_file_and_what_is_wrong(cli, pack):
    (pack / "params" / "broken.yaml").write_text("Name: [a\n")
    done = cli("packs", "lint", str(pack))
    assert done.returncode == 1 and "params/broken.yaml" in done.stdout and "line" in done.stdout
    (pack / "params" / "broken.yaml").write_text("Name: x\nSchema: 5\nNothing: 1\n")
    (pack / "profiles" / "big.yaml").write_text("Name: y\nParams: 7\n")
    done = cli("packs", "lint", str(pack))
    assert done.returncode == 1 and "cannot unmarshal" in done.stdout


def test_lint_finds_templates_that_do_not_parse_and_bad_versions(cli, pack):
    (pack / "templates" / "bad.tmpl").write_text("{{if}}\n")
    assert cli("packs", "lint", str(pack)).returncode == 1
    (pack / "templates" / "bad.tmpl").unlink()
    (pack / "._Version.meta").write_text("one\n")
    done = cli("packs", "lint", str(pack))
    assert done.returncode == 1 and "invalid version" in done.stdout


def test_what_is_odd_counts_when_lint_is_strict(cli, pack):
    (pack / "profiles" / "again.yaml").write_text((pack / "profiles" / "big.yaml").read_text())
    assert cli("packs", "lint", str(pack)).returncode == 0
    done = cli("packs", "lint", "--strict", str(pack))
    assert done.returncode == 1 and "is given again" in done.stdout


def test_lint_tells_what_the_server_would_pass_over(cli, pack):
    (pack / "profiles" / "big.yaml").write_text(f"Name: {pack.name}-big\nDescripton: x\nMeta:\n  a: b\n")
    (pack / "profils").mkdir()
    (pack / "profils" / "x.yaml").write_text("Name: x\n")
    done = cli("packs", "lint", str(pack))
    assert done.returncode == 0
    assert f"profiles/{pack.name}-big: there is no field Descripton. Did you mean Description?" in done.stdout
    assert "profils: there is no type of this name. Did you mean profiles?" in done.stdout
    rows = json.loads(cli("packs", "lint", str(pack), "-o", "json").stdout)
    assert cli("packs", "lint", str(pack), "-o", "jsonpath={[0].kind}").stdout == rows[0]["kind"] + "\n"
    assert {row["kind"] for row in rows} == {"warning"} and len(rows) == 2
    assert cli("packs", "lint", "--strict", str(pack)).returncode == 1


def test_lint_tells_values_that_their_param_refuses(cli, pack):
    (pack / "params" / "size.yaml").write_text(f"Name: {pack.name}/size\nSchema:\n  type: integer\n")
    (pack / "profiles" / "big.yaml").write_text(f"Name: {pack.name}-big\nParams:\n  {pack.name}/size: much\n")
    done = cli("packs", "lint", str(pack))
    assert f"profiles/{pack.name}-big: " in done.stdout and f"{pack.name}/size" in done.stdout


@pytest.mark.parametrize("arguments", [["lint"], ["upload"], ["plan"], ["drift"], ["bundle"]])
def test_a_pack_that_is_not_there_is_named(cli, tmp_path, arguments):
    done = cli("packs", *arguments, str(tmp_path / "nothing"))
    assert done.returncode in (1, 2) and "nothing" in done.stdout + done.stderr


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_bundle_is_the_pack_and_unbundling_it_gives_the_pack(cli, pack, tmp_path, form):
    bundle, folder = tmp_path / f"one.{form}", tmp_path / "again"
    cli.ok("packs", "bundle", str(pack), str(bundle))
    if form == "json":
        assert json.loads(bundle.read_text())["meta"]["Name"] == pack.name
    cli.ok("packs", "unbundle", str(bundle), str(folder))
    assert (folder / "templates" / f"{pack.name}.tmpl").read_text() == (
        pack / "templates" / f"{pack.name}.tmpl").read_text()
    assert (folder / "._Version.meta").read_text() == "v1.0.0\n"
    other = tmp_path / f"two.{form}"
    cli.ok("packs", "bundle", str(folder), str(other))
    assert other.read_text() == bundle.read_text()
    assert cli.ok("packs", "bundle", str(folder)) == cli.ok("packs", "bundle", str(pack))


def test_unbundling_replaces_files_only_when_told(cli, pack, tmp_path):
    bundle = tmp_path / "one.yaml"
    cli.ok("packs", "bundle", str(pack), str(bundle))
    refused = cli("packs", "unbundle", str(bundle), str(pack))
    assert refused.returncode == 2 and "--force" in refused.stderr
    cli.ok("packs", "unbundle", str(bundle), str(pack), "--force")


@pytest.mark.parametrize("sections", [
    {"../out": {"x": {"Name": "x"}}}, {".hidden": {"x": {"Name": "x"}}}, {"a/b": {"x": {"Name": "x"}}},
])
def test_unbundling_writes_nothing_elsewhere(cli, tmp_path, sections):
    bundle, folder = tmp_path / "evil.json", tmp_path / "below" / "folder"
    folder.parent.mkdir()
    bundle.write_text(json.dumps({"meta": {"Name": "evil"}, "sections": sections}))
    assert cli("packs", "unbundle", str(bundle), str(folder)).returncode == 2
    assert not folder.exists() and not (tmp_path / "below" / "out").exists()


def test_keys_with_slashes_and_dots_stay_files_of_their_folder(cli, tmp_path):
    bundle, folder = tmp_path / "keys.json", tmp_path / "keys"
    params = {name: {"Name": name} for name in ("a/b/c", "..", "../../x")}
    bundle.write_text(json.dumps({"meta": {"Name": "keys"}, "sections": {"params": params}}))
    cli("packs", "unbundle", str(bundle), str(folder))
    assert not (tmp_path / "x.yaml").exists() and not (tmp_path / "x").exists()


def test_two_objects_in_one_file_are_refused(cli, tmp_path):
    bundle = tmp_path / "keys.json"
    bundle.write_text(json.dumps({
        "meta": {"Name": "keys"}, "sections": {"params": {"a/b": {"Name": "a/b"}, "a.b": {"Name": "a.b"}}}}))
    refused = cli("packs", "unbundle", str(bundle), str(tmp_path / "keys"))
    assert refused.returncode == 2 and "params/a.b.yaml" in refused.stderr


def test_a_pack_says_which_commit_it_came_from(cli, checkout):
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, check=True, capture_output=True, text=True).stdout.strip()
    cli.ok("packs", "upload", str(checkout))
    meta = cli.json("packs", "get", checkout.name)["meta"]
    assert meta["CodeSource"] == f"https://git.example/packs.git#{commit}"
    (checkout / "._Version.meta").write_text("v1.0.1\n")
    cli.ok("packs", "upload", str(checkout))
    meta = cli.json("packs", "get", checkout.name)["meta"]
    assert meta["CodeSource"] == f"https://git.example/packs.git#{commit}-dirty"
    cli.ok("packs", "rm", checkout.name)


def test_what_a_pack_says_of_its_source_stays(cli, checkout):
    (checkout / "._CodeSource.meta").write_text("https://elsewhere/\n")
    cli.ok("packs", "upload", str(checkout))
    assert cli.json("packs", "get", checkout.name)["meta"]["CodeSource"] == "https://elsewhere/"
    cli.ok("packs", "rm", checkout.name)


def test_without_git_packs_go_all_the_same(cli, checkout):
    cli.ok("packs", "upload", str(checkout), PATH="/nonexistent")
    assert cli.json("packs", "get", checkout.name)["meta"]["CodeSource"] == ""
    cli.ok("packs", "rm", checkout.name)


def test_a_plan_is_what_apply_then_changes(cli, pack):
    first = cli("packs", "plan", str(pack))
    assert first.returncode == 1 and "is new" in first.stdout and f"create profiles/{pack.name}-big" in first.stdout
    cli.ok("packs", "apply", str(pack), "--reason", "first")
    machine = cli.json("create", "machines", f"Name={pack.name}", f"Profiles=[\"{pack.name}-big\"]")
    same = cli("packs", "plan", str(pack))
    assert same.returncode == 0 and "nothing would change" in same.stdout
    (pack / "profiles" / "big.yaml").write_text(f"Name: {pack.name}-big\nParams:\n  {pack.name}/size: 5\n")
    (pack / "._Version.meta").write_text("v1.1.0\n")
    plan = cli("packs", "plan", str(pack))
    assert plan.returncode == 1 and "v1.0.0 becomes v1.1.0" in plan.stdout
    assert f"params of machine {pack.name}" in plan.stdout and "+ " in plan.stdout
    assert cli.json("packs", "list") and cli.json("packs", "get", pack.name)["meta"]["Version"] == "v1.0.0"
    applied = cli.ok("packs", "apply", str(pack))
    assert plan.stdout.splitlines()[1:] == applied.splitlines()[1:-1]
    value = cli.json("params", "get", f"machines/{machine['Uuid']}", f"{pack.name}/size", "--aggregate")
    assert value == 5
    cli.ok("delete", "machines", machine["Uuid"])
    cli.ok("packs", "rm", pack.name)


def test_a_change_of_the_version_alone_is_a_change(cli, pack):
    cli.ok("packs", "apply", str(pack))
    (pack / "._Version.meta").write_text("v1.0.1\n")
    assert cli("packs", "plan", str(pack)).returncode == 1
    cli.ok("packs", "apply", str(pack))
    assert cli("packs", "plan", str(pack)).returncode == 0
    cli.ok("packs", "rm", pack.name)


def test_apply_asks_on_a_terminal(cli, pack):
    shown, code = cli.on_terminal("packs", "apply", str(pack), typed=b"n\n")
    assert code == 1 and "Upload it?" in shown and cli("packs", "get", pack.name).returncode == 3
    shown, code = cli.on_terminal("packs", "apply", str(pack), typed=b"y\n")
    assert code == 0 and "uploaded" in shown
    cli.ok("packs", "rm", pack.name)


def test_drift_is_what_was_changed_on_one_side(cli, pack, tmp_path):
    assert cli("packs", "drift", str(pack)).returncode == 3
    cli.ok("packs", "upload", str(pack))
    assert cli.ok("packs", "drift", str(pack)) == ""
    other = json.loads(cli.ok("packs", "get", pack.name, "-o", "json"))
    other["sections"]["profiles"][f"{pack.name}-big"]["Description"] = "theirs"
    other["sections"]["profiles"][f"{pack.name}-more"] = {"Name": f"{pack.name}-more"}
    del other["sections"]["templates"]
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(other))
    cli.ok("packs", "upload", str(changed))
    drift = cli("packs", "drift", str(pack))
    assert drift.returncode == 1
    assert f"~ profiles/{pack.name}-big" in drift.stdout and "  - /Description: \"theirs\"" in drift.stdout
    assert f"- profiles/{pack.name}-more" in drift.stdout and f"+ templates/{pack.name}.tmpl" in drift.stdout
    kinds = {row["name"]: row["kind"] for row in json.loads(cli("packs", "drift", str(pack), "-o", "json").stdout)}
    assert kinds[f"profiles/{pack.name}-more"] == "onServer" and kinds[f"profiles/{pack.name}-big"] == "differs"
    cli.ok("packs", "rm", pack.name)


def test_rollback_brings_the_version_before_and_then_the_one_after(cli, pack):
    cli.ok("packs", "upload", str(pack))
    (pack / "._Version.meta").write_text("v2.0.0\n")
    (pack / "profiles" / "big.yaml").write_text(f"Name: {pack.name}-big\nParams:\n  {pack.name}/size: 9\n")
    cli.ok("packs", "upload", str(pack))
    size = lambda: cli.json("get", "profiles", f"{pack.name}-big")["Params"][f"{pack.name}/size"]  # noqa: E731
    assert size() == 9
    cli.ok("packs", "rollback", pack.name, "--dry-run")
    assert size() == 9
    assert "is at version v1.0.0" in cli.ok("packs", "rollback", pack.name, "--reason", "wrong")
    assert size() == 3
    assert "is at version v2.0.0" in cli.ok("packs", "rollback", pack.name)
    assert size() == 9
    cli.ok("packs", "rm", pack.name)
    assert "is at version v2.0.0" in cli.ok("packs", "rollback", pack.name)
    cli.ok("packs", "rm", pack.name)


def test_rollback_keeps_what_was_changed_beside_the_pack(cli, pack):
    cli.ok("packs", "upload", str(pack))
    (pack / "._Version.meta").write_text("v2.0.0\n")
    cli.ok("packs", "upload", str(pack))
    cli.ok("create", "profile", f"Name={pack.name}-own", f"Params.{pack.name}/size=7")
    assert "is at version v1.0.0" in cli.ok("packs", "rollback", pack.name)
    assert cli.json("get", "profiles", f"{pack.name}-own")["Params"] == {f"{pack.name}/size": 7}
    cli.ok("delete", "profile", f"{pack.name}-own")
    cli.ok("packs", "rm", pack.name)


def test_rollback_goes_to_a_version(cli, pack):
    for version in ("v1.0.0", "v2.0.0", "v3.0.0"):
        (pack / "._Version.meta").write_text(f"{version}\n")
        cli.ok("packs", "upload", str(pack))
    done = cli("packs", "rollback", pack.name, "--to", "v9")
    assert done.returncode == 3 and "It has v2.0.0, v1.0.0" in done.stderr
    assert "is at version v1.0.0" in cli.ok("packs", "rollback", pack.name, "--to", "v1.0.0")
    assert cli.json("packs", "get", pack.name)["meta"]["Version"] == "v1.0.0"
    assert cli("packs", "rollback", pack.name, "--to", "v2.0.0", "--revision", "3").returncode == 2
    cli.ok("packs", "rm", pack.name)


def test_rollback_of_the_first_upload_removes_the_pack(cli, pack):
    cli.ok("packs", "upload", str(pack))
    assert "is gone" in cli.ok("packs", "rollback", pack.name)
    assert cli("packs", "get", pack.name).returncode == 3


def test_rollback_of_what_never_was(cli):
    done = cli("packs", "rollback", "never-there")
    assert done.returncode == 3 and "never-there" in done.stderr


def test_an_upload_that_is_refused_leaves_what_was(cli, pack):
    cli.ok("packs", "upload", str(pack))
    (pack / "params" / "size.yaml").write_text(f"Name: {pack.name}/size\nSchema:\n  type: nonsense\n")
    refused = cli("packs", "upload", str(pack))
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1
    assert cli("packs", "drift", str(pack)).returncode in (1, 2)
    cli.ok("packs", "rm", pack.name)


def test_the_servers_own_packs_stay(cli, tmp_path):
    bundle = tmp_path / "basic.json"
    bundle.write_text(json.dumps({"meta": {"Name": "BasicStore"}, "sections": {}}))
    assert cli("packs", "upload", str(bundle)).returncode == 4
    assert cli("packs", "rm", "BasicStore").returncode == 4


def test_a_pack_without_a_name_is_refused_before_it_is_sent(cli, tmp_path):
    (tmp_path / "anon" / "params").mkdir(parents=True)
    done = cli("packs", "upload", str(tmp_path / "anon"))
    assert done.returncode == 2 and "._Name.meta" in done.stderr


def test_apply_takes_a_pack_as_a_layer_and_mixes_it_with_nothing(cli, pack, tmp_path):
    bundle, other = tmp_path / "pack.yaml", tmp_path / "other.yaml"
    cli.ok("packs", "bundle", str(pack), str(bundle))
    other.write_text("type: profiles\nobject:\n  Name: beside\n")
    mixed = cli("apply", "-f", str(bundle), "-f", str(other))
    assert mixed.returncode == 2 and "pack.yaml" in mixed.stderr and "other.yaml" in mixed.stderr
    assert cli("diff", "-f", str(bundle)).returncode == 1
    cli.ok("apply", "-f", str(bundle), "--reason", "as a layer")
    assert cli.json("get", "profiles", f"{pack.name}-big")["Bundle"] == pack.name
    assert cli("diff", "-f", str(bundle)).returncode == 0
    assert cli("apply", "-f", str(bundle), "--prune", "a=b").returncode == 2
    cli.ok("packs", "rm", pack.name)


def test_a_commit_alone_is_no_drift_and_no_plan(cli, checkout):
    cli.ok("packs", "apply", str(checkout))
    assert cli.ok("packs", "drift", str(checkout)) == ""
    git(checkout, "commit", "-q", "--allow-empty", "-m", "unrelated")
    assert cli("packs", "plan", str(checkout)).returncode == 0
    cli.ok("packs", "rm", checkout.name)


def test_unbundling_follows_no_links(cli, pack, tmp_path):
    bundle, folder, elsewhere = tmp_path / "one.yaml", tmp_path / "linked", tmp_path / "elsewhere"
    cli.ok("packs", "bundle", str(pack), str(bundle))
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "profiles").symlink_to(elsewhere)
    refused = cli("packs", "unbundle", str(bundle), str(folder))
    assert refused.returncode == 2 and "symbolic link" in refused.stderr and not list(elsewhere.iterdir())


@pytest.mark.parametrize("key", ["yes", "1.0", "null", "<<", "a: b", "two\nlines", " x", "~", "- x", "#x"])
def test_keys_that_yaml_would_read_as_something_else_come_back(cli, tmp_path, key):
    bundle, folder = tmp_path / "keys.json", tmp_path / "keys"
    profile = {"Name": "keys", "Meta": {key: "v"}}
    bundle.write_text(json.dumps({"meta": {"Name": "keys"}, "sections": {"profiles": {"keys": profile}}}))
    cli.ok("packs", "unbundle", str(bundle), str(folder))
    again = tmp_path / "again.json"
    cli.ok("packs", "bundle", str(folder), str(again))
    assert json.loads(again.read_text())["sections"]["profiles"]["keys"]["Meta"] == {key: "v"}


def test_a_git_that_never_answers_holds_nobody_up_for_long(cli, checkout, tmp_path):
    (tmp_path / "bin").mkdir()
    slow = tmp_path / "bin" / "git"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    slow.chmod(0o755)
    cli.ok("packs", "bundle", str(checkout), PATH=f"{tmp_path}/bin")
