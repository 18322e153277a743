"""`muster fleet`: the inventory from the command line, with the environment of Craton's client."""

import json
import os
import subprocess

import pytest
from conftest import fleet_user
from muster_process import BINARY


@pytest.fixture(scope="module")
def cli(fleet_root):
    """Runs `muster fleet …` as an admin of a project that is filled by `demo`."""
    client = fleet_user(fleet_root, "cli", is_admin=True)
    environment = {**os.environ, "CRATON_URL": f"http://127.0.0.1:{client.port}/v1", "OS_PROJECT_ID": client.project,
                   "OS_USERNAME": client.user, "OS_PASSWORD": client.key}

    def run(*arguments, status=0, **changes):
        done = subprocess.run([BINARY, "fleet", *arguments], capture_output=True, text=True, env={**environment, **changes})
        assert status is None or done.returncode == status, (arguments, done.stdout, done.stderr)
        return done

    run.client = client
    run("demo")
    return run


def rows(cli, *arguments):
    return json.loads(cli("list", *arguments, "-o", "json").stdout)


def test_demo_makes_what_the_generator_of_fake_data_made(cli):
    counts = {"clouds": 2, "regions": 4, "cells": 8, "networks": 8, "network-devices": 8, "network-interfaces": 72, "hosts": 64}
    assert {kind: len(rows(cli, kind, "--limit", "0")) for kind in counts} == counts
    assert len(rows(cli, "hosts", "label=server", "--limit", "0")) == 32
    assert len(rows(cli, "devices", "--limit", "0")) == 72
    assert "already exists" in cli("demo", status=4).stderr


def test_lists_are_tables_with_as_many_rows_as_are_wanted(cli):
    lines = cli("list", "host", "--limit", "5").stdout.splitlines()
    assert lines[0].split() == ["ID", "NAME", "PLACE", "ADDRESS", "TYPE"] and len(lines) == 6
    assert len(rows(cli, "hosts")) == 30
    assert cli("list", "cells", "-o", "name", "--limit", "1").stdout.startswith("cells/")
    assert len(rows(cli, "hosts", 'vars=version:"kilo"', "--limit", "0")) == 32


def test_members_are_named_by_id_or_by_a_name_that_only_one_has(cli):
    region = rows(cli, "regions", "--limit", "1")[0]
    shown = json.loads(cli("show", "region", str(region["id"]), "-o", "json").stdout)
    assert shown["name"] == region["name"] and shown["variables"]["version"]
    assert "is the name of several regions" in cli("show", "regions", region["name"], status=2).stderr
    assert "Not Found" in cli("show", "host", "nope", status=3).stderr
    assert json.loads(cli("show", "cloud", "CLOUD1", "-o", "json").stdout)["name"] == "CLOUD1"


def test_members_are_made_changed_and_removed_with_a_reason(cli):
    region = rows(cli, "regions", "--limit", "1")[0]
    made = json.loads(cli("create", "host", "name=cli-1", f"cloud_id={region['cloud_id']}", f"region_id={region['id']}",
                          "ip_address=10.0.0.9", "device_type=server", "-o", "json").stdout)
    assert made["name"] == "cli-1" and made["active"] is True
    changed = json.loads(cli("update", "host", "cli-1", "active=false", "--reason", "ticket 7", "-o", "json").stdout)
    assert changed["active"] is False
    variables = json.loads(cli("vars", "host", "cli-1", "a=[1, 2]", "b=text", "-o", "json").stdout)
    assert variables["a"] == [1, 2] and variables["b"] == "text"
    assert "a" not in json.loads(cli("vars", "host", "cli-1", "a=", "-o", "json").stdout)
    explained = json.loads(cli("vars", "host", "cli-1", "--explain", "-o", "json").stdout)
    assert explained["b"]["from"]["name"] == "cli-1" and explained["version"]["from"]["kind"] == "cloud"
    cli("delete", "host", "cli-1", "--reason", "gone")
    history = cli.client.get(f"hosts/{made['id']}/history")["history"]
    assert (history[0]["reason"], history[-2]["reason"]) == ("gone", "ticket 7")
    cli("delete", "host", str(made["id"]), status=3)


@pytest.mark.parametrize("arguments, changes, status, text", [
    (["list", "hosts"], {"OS_PASSWORD": ""}, 2, "OS_PASSWORD"), (["list", "hosts"], {"OS_PASSWORD": "wrong"}, 1, "could not be authenticated"),
    (["list", "planets"], {}, 2, "none of projects"), (["list", "hosts", "bogus=1"], {}, None, "'bogus' was unexpected"),
    (["create", "cloud", "CLOUD9"], {}, 2, "no NAME=VALUE"), (["list", "hosts"], {"CRATON_URL": "ftp://x"}, 2, "scheme"),
    (["list", "hosts", "--limit", "-1"], {}, None, "limit"),
])
def test_mistakes_are_told(cli, arguments, changes, status, text):
    done = subprocess.run([BINARY, "fleet", *arguments], capture_output=True, text=True, env={
        **os.environ, "CRATON_URL": f"http://127.0.0.1:{cli.client.port}/v1", "OS_PROJECT_ID": cli.client.project,
        "OS_USERNAME": cli.client.user, "OS_PASSWORD": cli.client.key, **changes})
    assert done.returncode != 0 and text in done.stderr
    assert status is None or done.returncode == status


def test_a_url_is_taken_with_and_without_its_version(cli):
    assert cli("list", "clouds", CRATON_URL=f"http://127.0.0.1:{cli.client.port}").stdout == cli("list", "clouds").stdout


def test_the_verbs_of_cratons_client_are_there(cli):
    rows = json.loads(cli("host-list", "--limit", "0", "-o", "json").stdout)
    assert len(rows) == 64
    lines = cli("cell-list", "--fields", "id", "name", "--limit", "2").stdout.splitlines()
    assert lines[0].split() == ["ID", "NAME"] and len(lines) == 3
    assert json.loads(cli("host-list", "--label", "server", "--all", "--fields", "name", "-o", "json").stdout)[0].keys() == {"name"}
    assert len(json.loads(cli("host-list", "--vars", 'version:"kilo"', "--vars", 'glance_default_store:"swift"', "--all", "-o", "json").stdout)) == 32
    assert len(json.loads(cli("device-list", "--cell", "1", "--all", "-o", "json").stdout)) == 9
    newest = json.loads(cli("region-list", "--sort-key", "id", "--sort-dir", "desc", "--limit", "1", "-o", "json").stdout)[0]
    assert newest["id"] == max(row["id"] for row in json.loads(cli("region-list", "-o", "json").stdout))
    assert cli("user-list", "-o", "name").stdout.startswith("users/")


def test_verbs_make_change_and_remove_with_places_by_name(cli):
    cloud = json.loads(cli("cloud-create", "-n", "verbs", "--note", "n", "-o", "json").stdout)
    region = json.loads(cli("region-create", "-n", "VRB", "--cloud", "verbs", "-o", "json").stdout)
    assert region["cloud_id"] == cloud["id"]
    cell = json.loads(cli("cell-create", "-n", "V1", "-r", "VRB", "-o", "json").stdout)
    assert (cell["cloud_id"], cell["region_id"]) == (cloud["id"], region["id"])
    host = json.loads(cli("host-create", "-n", "verb-1", "-c", "V1", "-i", "10.0.0.8", "-t", "server", "-a", "false", "-l", "x", "-o", "json").stdout)
    assert (host["cloud_id"], host["region_id"], host["cell_id"], host["active"]) == (cloud["id"], region["id"], cell["id"], False)
    assert json.loads(cli("host-update", "verb-1", "--active", "true", "note=seen", "-o", "json").stdout)["note"] == "seen"
    below = json.loads(cli("host-create", "-n", "verb-2", "-r", "VRB", "--ip", "10.0.0.9", "--device-type", "x", "--parent", str(host["id"]), "-o", "json").stdout)
    assert len(json.loads(cli("device-list", "--parent", str(host["id"]), "--descendants", "-o", "json").stdout)) == 1
    assert json.loads(cli("host-update", str(below["id"]), "--parent", "null", "-o", "json").stdout)["parent_id"] is None
    variables = json.loads(cli("host-vars-set", "verb-1", "a=1", "b=x", "-o", "json").stdout)
    assert (variables["a"], variables["b"]) == (1, "x")
    assert "a" not in json.loads(cli("host-vars-delete", "verb-1", "a", "-o", "json").stdout)
    assert json.loads(cli("host-vars-get", "verb-1", "-o", "json").stdout) == {"b": "x"}
    assert json.loads(cli("region-show", "VRB", "-o", "json").stdout)["id"] == region["id"]
    cli("host-delete", "verb-1")
    cli("host-show", "verb-1", status=3)
    cli("cloud-delete", "verbs")


def test_verbs_for_devices_ask_which_kind_one_is(cli):
    cli("cloud-create", "-n", "either")
    cli("region-create", "-n", "EIT", "--cloud", "either")
    places = ["-r", "EIT", "-t", "x", "-i"]
    host = json.loads(cli("host-create", "-n", "either-host", *places, "10.0.1.1", "-o", "json").stdout)
    switch = json.loads(cli("network-device-create", "-n", "either-switch", *places, "10.0.1.2", "-o", "json").stdout)
    for made, word in [(host, "either-host"), (switch, str(switch["id"]))]:
        assert json.loads(cli("device-show", word, "-o", "json").stdout)["name"] == made["name"]
        assert json.loads(cli("device-update", word, "--ip", "10.0.1.9", "-o", "json").stdout)["ip_address"] == "10.0.1.9"
    assert cli("device-show", str(switch["id"]), "-o", "name").stdout.strip() == f"network-devices/{switch['id']}"
    cli("region-create", "-n", "OTHER", "--cloud", "either")
    twin = json.loads(cli(
        "network-device-create", "-n", "either-host", "-r", "OTHER", "-t", "x", "-i", "10.0.1.3", "-o", "json").stdout)
    several = cli("device-delete", "either-host", status=2).stderr
    assert f"hosts/{host['id']}, network-devices/{twin['id']}" in several
    cli("device-delete", str(switch["id"]))
    cli("device-delete", str(twin["id"]))
    assert "devices/either-switch" in cli("device-show", "either-switch", status=3).stderr
    cli("device-delete", "either-host")
    cli("cloud-delete", "either")


def test_a_device_is_given_a_secret_by_name_and_variables_are_read_from_a_file(cli, tmp_path):
    cli("cloud-create", "-n", "given")
    cli("region-create", "-n", "GVN", "--cloud", "given")
    secret = json.loads(cli("create", "access-secrets", "name=console", "value=hush", "-o", "json").stdout)
    made = json.loads(cli(
        "network-device-create", "-n", "given-1", "-r", "GVN", "-t", "x", "-i", "10.0.2.1", "--access_secret", "console",
        "-o", "json").stdout)
    assert made["access_secret_id"] == secret["id"]
    file = tmp_path / "variables.json"
    file.write_text('{"ntp": ["10.0.0.1"], "text": "1"}')
    shown = cli("network-device-vars-set", "given-1", "-f", str(file), "more=2", "-o", "json").stdout
    assert json.loads(shown) == {"ntp": ["10.0.0.1"], "text": "1", "more": 2}
    file.write_text("[1]")
    assert str(file) in cli("network-device-vars-set", "given-1", "-f", str(file), status=2).stderr
    assert "NAME=VALUE" in cli("network-device-vars-set", "given-1", status=2).stderr
    cli("cloud-delete", "given")


@pytest.mark.parametrize("arguments, status, text", [
    (["cloud-create", "-n", "x", "-r", "DFW"], 2, "clouds have no region"), (["region-list", "--ip", "10.0.0.1"], 2, "regions have no address"),
    (["host-create", "-n", "x", "-r", "nowhere"], 3, "Not Found"), (["host-list", "--limit", "-1"], 2, "limit"),
    (["project-update", "x"], 2, ""), (["host-show"], 2, "member"),
])
def test_mistakes_with_verbs_are_told(cli, arguments, status, text):
    assert text in cli(*arguments, status=status).stderr


def test_help_and_completion_know_the_verbs_and_their_flags(cli):
    assert "--region" in cli("host-list", "--help").stdout and "--region" not in cli("cloud-create", "--help").stdout
    offered = subprocess.run([BINARY, "complete", "--shell", "zsh", "--", "fleet", "host-"], capture_output=True, text=True, check=True).stdout
    assert [line.split("\t")[0] for line in offered.splitlines()[1:]] == [
        "host-list", "host-show", "host-create", "host-update", "host-delete", "host-vars-get", "host-vars-set", "host-vars-delete"]
    offered = subprocess.run([BINARY, "complete", "--shell", "zsh", "--", "fleet", "cell-list", "--"], capture_output=True, text=True, check=True).stdout
    names = [line.split("\t")[0] for line in offered.splitlines()[1:]]
    assert {"--region", "--fields", "--limit"} <= set(names) and "--ip" not in names


def test_lint_is_a_table_and_can_fail(cli):
    lines = cli("lint", "--rule", "shared-address", "--limit", "2").stdout.splitlines()
    assert lines[0].split() == ["RULE", "KIND", "ID", "NAME", "FINDING"] and len(lines) == 3
    found = json.loads(cli("lint", "--rule", "shared-address", "--limit", "0", "--strict", "-o", "json", status=1).stdout)
    assert len(found) > 2
    assert cli("lint", "--rule", "misplaced", "--strict", "-o", "json").stdout.strip() == "[]"
    assert "is not one of" in cli("lint", "--rule", "nope", status=None).stderr
