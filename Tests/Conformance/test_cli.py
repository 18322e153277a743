"""Every command that asks a server, as a user types it."""

import json
import os
import select
import signal
import stat

import pytest
from command_line import CommandLine


@pytest.fixture
def cli(server, tmp_path):
    """The command line, logged in, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return CommandLine(home, server)


@pytest.fixture
def machine(cli):
    """A machine; removed after the test."""
    name = f"cli-{os.urandom(4).hex()}"
    cli.ok("create", "machine", f"Name={name}", "Address=10.9.0.11", "Meta.rack=4")
    yield name
    cli("delete", "machine", f"Name:{name}")


class TestReading:
    def test_a_list_is_a_table_of_names_and_indexes(self, cli, machine):
        lines = cli.ok("list", "machines", f"Name={machine}").splitlines()
        assert lines[0].split()[:3] == ["NAME", "UUID", "ADDRESS"]
        assert lines[1].split()[0] == machine and "10.9.0.11" in lines[1]

    def test_columns_are_chosen(self, cli, machine):
        lines = cli.ok("list", "machine", f"Name={machine}", "--columns", "Name,Meta.rack").splitlines()
        assert [line.split() for line in lines] == [["NAME", "META.RACK"], [machine, "4"]]

    def test_json_is_what_the_server_sends(self, cli, server, machine):
        raw = server.curl("GET", f"/machines?Name={machine}").body.decode()
        assert cli.ok("list", "machines", f"Name={machine}", "-o", "json") == raw + "\n"

    def test_names_are_printed_a_line_each(self, cli, machine):
        uuid = cli.json("get", "machine", f"Name:{machine}")["Uuid"]
        assert cli.ok("list", "machines", f"Name={machine}", "-o", "name") == f"machines/{uuid}\n"

    def test_templates_are_for_whatever_is_shown(self, cli, machine):
        assert cli.ok("history", "machine", f"Name:{machine}", "-o", "jsonpath={.versions[0].action}") == "create\n"
        assert "machines\n" in cli.ok("types", "-o", "name")
        assert cli.ok("types", "machine", "-o", "template={{.key}}") == "Uuid\n"
        assert cli.json("apply", "-f", "-", stdin="{type: profile, object: {Name: global}}") == {"results": []}

    def test_a_template_finds_members(self, cli, machine):
        shown = cli.ok("get", "machine", f"Name:{machine}", "-o", 'jsonpath={.Name} is in {.Meta.rack}')
        assert shown == f"{machine} is in 4\n"

    def test_a_go_template_has_sprigs_functions(self, cli, machine):
        text = 'template={{.Name | upper}}{{range $k, $v := .Meta}} {{$k}}={{$v}}{{end}}'
        assert cli.ok("get", "machine", f"Name:{machine}", "-o", text).startswith(f"{machine.upper()} ")
        assert "rack=4" in cli.ok("list", "machines", f"Name={machine}", "-o", text)
        done = cli("get", "machine", f"Name:{machine}", "-o", "template={{index .Profiles 7}}")
        assert done.returncode == 2 and "index out of range" in done.stderr

    def test_yaml_has_the_members_in_their_order(self, cli, machine):
        shown = cli.ok("get", "machine", f"Name:{machine}", "-o", "yaml")
        whole = cli.json("get", "machine", f"Name:{machine}")
        members = [line.split(":")[0] for line in shown.splitlines() if line[0].isalpha()]
        assert members == list(whole) and f"\nName: {machine}\n" in shown

    def test_pages_are_of_one_revision(self, cli, server):
        changes = [
            {"op": "create", "type": "profiles", "object": {"Name": f"cli-page-{i:05}"}} for i in range(2500)]
        assert server.curl("POST", "/changes", {"changes": changes}).status == 200
        names = cli.ok("list", "profiles", "Name=Re(^cli-page-)", "-o", "name").splitlines()
        assert names == [f"profiles/cli-page-{i:05}" for i in range(2500)]
        done = cli("delete", "profiles", *(name.split("/")[1] for name in names), "--yes")
        assert done.returncode == 0

    def test_counts_and_presence(self, cli, machine):
        assert cli.ok("count", "machines", f"Name={machine}") == "1\n"
        assert cli("exists", "machine", f"Name:{machine}").returncode == 0
        gone = cli("exists", "machine", "Name:nobody")
        assert (gone.returncode, gone.stdout, gone.stderr) == (3, "", "")

    def test_a_reader_that_leaves_is_no_error(self, cli, machine):
        import subprocess

        shell = f"{os.environ['MUSTER_BIN']} list params -o json | head -c 10"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", shell], env=cli.environment, capture_output=True)
        assert done.stderr == b"" or b"is new here" in done.stderr
        assert len(done.stdout) == 10


class TestWriting:
    def test_set_changes_members_and_leaves_others(self, cli, machine):
        cli.ok("set", "machine", f"Name:{machine}", "Description=slot 11", "Meta.slot=11", "Runnable=false")
        found = cli.json("get", "machine", f"Name:{machine}")
        assert (found["Description"], found["Runnable"], found["Meta"]["rack"]) == ("slot 11", False, "4")

    def test_a_dry_run_changes_nothing_and_shows_what_would(self, cli, machine):
        shown = cli.ok("set", "machine", f"Name:{machine}", "Description=x", "--dry-run")
        assert "+ /Description: \"x\"" in shown
        assert cli.json("get", "machine", f"Name:{machine}")["Description"] == ""

    def test_a_failed_test_of_a_patch_is_a_conflict(self, cli, machine):
        patch = '[{"op": "test", "path": "/Description", "value": "other"}]'
        done = cli("patch", "machine", f"Name:{machine}", patch)
        assert done.returncode == 4 and "Test op failed" in done.stderr

    def test_an_edit_replaces_the_object(self, cli, machine):
        cli.ok("edit", "machine", f"Name:{machine}", EDITOR="sed -i 's/^Description:.*/Description: edited/'")
        assert cli.json("get", "machine", f"Name:{machine}")["Description"] == "edited"

    def test_an_edit_of_what_has_changed_is_refused_and_kept(self, cli, machine):
        other = f"{os.environ['MUSTER_BIN']} set machine Name:{machine} Description=theirs >/dev/null; sed -i s/10.9.0.11/10.9.0.12/"
        done = cli("edit", "machine", f"Name:{machine}", EDITOR=other)
        assert done.returncode == 4 and "changed by somebody else" in done.stderr
        kept = done.stderr.split(" is in ")[1].strip()
        assert "10.9.0.12" in open(kept).read()
        assert cli.json("get", "machine", f"Name:{machine}")["Address"] == "10.9.0.11"

    def test_more_than_one_deletion_asks(self, cli):
        cli.ok("create", "profile", "Name=cli-a")
        cli.ok("create", "profile", "Name=cli-b")
        assert cli("delete", "profiles", "cli-a", "cli-b").returncode == 2
        shown, code = cli.on_terminal("delete", "profiles", "cli-a", "cli-b", typed=b"n\n")
        assert code == 2 and "nothing is deleted" in shown
        shown, code = cli.on_terminal("delete", "profiles", "cli-a", "cli-b", typed=b"y\n")
        assert code == 0 and cli("exists", "profile", "cli-a").returncode == 3

    def test_params_are_set_shown_and_removed(self, cli, machine):
        cli.ok("params", "set", f"machine/Name:{machine}", "cli/size=3", "cli/word=three")
        assert cli.json("params", "get", f"machine/Name:{machine}") == {"cli/size": 3, "cli/word": "three"}
        cli.ok("params", "rm", f"machine/Name:{machine}", "cli/size")
        assert cli.json("params", "get", f"machine/Name:{machine}") == {"cli/word": "three"}


class TestApplying:
    def test_a_folder_is_applied_in_one_revision_and_then_says_nothing_new(self, cli, tmp_path):
        (tmp_path / "site/profiles").mkdir(parents=True)
        (tmp_path / "site/params").mkdir()
        (tmp_path / "site/profiles/cli-p.yaml").write_text("Name: cli-p\nMeta: {by: site}\nParams: {cli/x: 1}\n")
        (tmp_path / "site/params/x.yaml").write_text("Name: cli/x\nMeta: {by: site}\nSchema: {type: integer}\n")
        site = str(tmp_path / "site")
        assert cli("diff", "-f", site).returncode == 1
        assert "2 changed" in cli.ok("apply", "-f", site)
        assert cli("diff", "-f", site).returncode == 0
        assert "nothing to change (2 as they are)" in cli.ok("apply", "-f", site)
        os.remove(tmp_path / "site/profiles/cli-p.yaml")
        assert "profiles/cli-p deleted" in cli.ok("apply", "-f", site, "--prune", "by=site")
        cli.ok("delete", "param", "cli/x")

    def test_documents_come_from_standard_input(self, cli):
        text = "type: profile\nobject: {Name: cli-d}\n---\ntype: profile\nobject: {Name: cli-e}\n"
        cli.ok("apply", "-f", "-", stdin=text)
        assert cli.ok("list", "profiles", "Name=In(cli-d,cli-e)", "-o", "name") == "profiles/cli-d\nprofiles/cli-e\n"
        cli.ok("delete", "profiles", "cli-d", "cli-e", "--yes")

    def test_documents_come_in_a_json_array(self, cli):
        documents = [{"type": "profile", "object": {"Name": f"cli-array-{n}"}} for n in range(30)]
        assert "30 changed" in cli.ok("apply", "-f", "-", stdin=json.dumps(documents))
        names = cli.ok("list", "profiles", "Name=Re(^cli-array-)", "-o", "name").split()
        assert len(names) == 30
        cli.ok("delete", "profiles", *(name.split("/")[1] for name in names), "--yes")

    @pytest.mark.parametrize("form", ["file", "folder", "standard input"])
    def test_yaml_means_what_it_means_in_packs(self, cli, tmp_path, form):
        text = "Name: cli-yaml\nDescription: 1.50\nMeta: &m {rack: 4, spare: yes}\nParams: {cli/copy: {<<: *m}, cli/yes: yes}\n"
        document = "type: profile\nobject:\n" + "".join(f"  {line}\n" for line in text.splitlines())
        (tmp_path / "site/profiles").mkdir(parents=True)
        (tmp_path / "site/profiles/p.yaml").write_text(text)
        (tmp_path / "p.yaml").write_text(document)
        source = {"file": str(tmp_path / "p.yaml"), "folder": str(tmp_path / "site"), "standard input": "-"}[form]
        cli.ok("apply", "-f", source, stdin=document)
        made = cli.json("get", "profile", "cli-yaml")
        assert (made["Description"], made["Meta"]["rack"], made["Meta"]["spare"]) == ("1.5", "4", "true")
        assert made["Params"] == {"cli/copy": {"rack": 4, "spare": True}, "cli/yes": True}
        cli.ok("delete", "profile", "cli-yaml")

    def test_a_pack_means_the_same_from_a_file_and_from_standard_input(self, cli, tmp_path):
        text = "meta: {Name: cli-pipe, Version: 1.10}\nsections: {profiles: {cli-pipe: {Name: cli-pipe, Description: 007}}}\n"
        packs = []
        for source in ("-", str(tmp_path / "pack.yaml")):
            (tmp_path / "pack.yaml").write_text(text)
            cli.ok("apply", "-f", source, stdin=text)
            packs.append(cli.json("packs", "get", "cli-pipe"))
            cli.ok("packs", "rm", "cli-pipe")
        for pack in packs:
            pack["meta"]["CodeSource"] = ""
        assert packs[0] == packs[1] and packs[0]["meta"]["Version"] == "1.1"
        assert packs[0]["sections"]["profiles"]["cli-pipe"]["Description"] == "7"

    def test_what_is_odd_in_yaml_is_told(self, cli):
        done = cli("apply", "-f", "-", stdin="type: profile\nobject: {Name: cli-odd, Name: cli-odd2}\n")
        assert done.returncode == 0 and "standard input: line 2" in done.stderr and "given again" in done.stderr
        cli.ok("delete", "profile", "cli-odd2")
        done = cli("apply", "-f", "-", stdin="type: profile\nobject: {Name: [\n")
        assert done.returncode == 2 and "standard input is neither JSON nor YAML: line" in done.stderr

    def test_one_wrong_document_refuses_all(self, cli):
        text = "type: profile\nobject: {Name: cli-f}\n---\ntype: machine\nobject: {Name: cli-g, BootEnv: nowhere}\n"
        done = cli("apply", "-f", "-", stdin=text)
        assert done.returncode == 1 and "nowhere" in done.stderr
        assert cli("exists", "profile", "cli-f").returncode == 3


class TestPast:
    def test_history_tells_who_and_why_and_undo_takes_back(self, cli, machine):
        cli.ok("set", "machine", f"Name:{machine}", "Description=wrong", "--reason", "a mistake")
        page = cli.json("history", "machine", f"Name:{machine}")
        newest = page["versions"][0]
        assert (newest["reason"], newest["principal"]) == ("a mistake", "user:rocketskates")
        before = str(newest["revision"] - 1)
        assert cli.json("show", "machine", f"Name:{machine}", "--revision", before)["Description"] == ""
        cli.ok("undo", str(newest["revision"]))
        assert cli.json("get", "machine", f"Name:{machine}")["Description"] == ""

    def test_explain_names_the_layer(self, cli):
        shown = cli.json("explain", "stage", "none")
        assert shown["layer"]["name"]


class TestWatching:
    def test_a_watch_tells_each_change(self, cli, machine):
        uuid = cli.json("get", "machine", f"Name:{machine}")["Uuid"]
        watch = cli.start("watch", "machines", "--key", uuid, "--count", "2", "-o", "json")
        for value in range(50):
            cli.ok("set", "machine", f"Name:{machine}", f"Description={value}")
            if watch.poll() is not None:
                break
        out, _ = watch.communicate(timeout=30)
        events = [json.loads(line) for line in out.splitlines()]
        assert len(events) == 2 and {event["Key"] for event in events} == {uuid}

    def test_a_wait_ends_when_the_field_has_the_value(self, cli, machine):
        wait = cli.start("wait", "machine", f"Name:{machine}", "Description=done", "--timeout", "1m")
        cli.ok("set", "machine", f"Name:{machine}", "Description=done")
        assert wait.wait(timeout=30) == 0

    def test_a_wait_in_vain_says_what_is_missing(self, cli, machine):
        done = cli("wait", "machine", f"Name:{machine}", "Description=never", "--timeout", "0s")
        assert done.returncode == 6 and "Description=never" in done.stderr

    def test_kept_events_are_listed(self, cli, machine):
        lines = cli.ok("events", "machines.create.*", "-o", "json").splitlines()
        assert any(json.loads(line)["Object"]["Name"] == machine for line in lines)


class TestServer:
    def test_the_log_is_shown_and_followed(self, cli):
        lines = cli.ok("logs").splitlines()
        assert any("loaded" in line for line in lines), lines[:3]
        follow = cli.start("logs", "-f")
        while not select.select([follow.stdout], [], [], 0.1)[0]:
            # A login that fails is logged.
            cli("get", "machine", "Name:nobody", "-T", "wrong")
            assert follow.poll() is None
        assert follow.stdout.readline()
        follow.send_signal(signal.SIGINT)
        assert follow.wait(timeout=30) in (0, 130, -signal.SIGINT)

    def test_the_check_finds_nothing_wrong(self, cli):
        report = cli.json("system", "check")
        assert report["differences"] == []

    def test_types_and_one_of_them(self, cli):
        assert any(line.split()[:2] == ["machines", "Uuid"] for line in cli.ok("types").splitlines())
        fields = [line.split() for line in cli.ok("types", "machine").splitlines()]
        assert ["Name", "string", "anyone"] in fields and ["Available", "boolean", "server"] in fields

    def test_who_waits_is_told(self, cli):
        """A server that never answers: the terminal shows how long one has waited, and a pipe shows nothing."""
        import socket

        with socket.create_server(("127.0.0.1", 0)) as deaf:
            endpoint = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            shown, code = cli.on_terminal("info", "-E", endpoint, until=b"waiting for the server: 1 s")
            assert b"waiting for the server: 1 s" in shown.encode() and code != 0


class TestRights:
    def test_who_can_and_why_not(self, cli):
        assert "rocketskates" in cli.ok("whocan", "machines", "get")
        assert cli.json("whydenied", "rocketskates", "GET", "/machines")["allowed"] is True

    def test_a_password_is_set_from_standard_input(self, cli, server, tmp_path):
        cli.ok("create", "user", "Name=cli-user")
        cli.ok("users", "passwd", "cli-user", stdin="sesame\n")
        other = CommandLine(tmp_path / "home", server, "cli-user", "sesame")
        assert other("token").returncode == 0
        wrong = CommandLine(tmp_path / "home", server, "cli-user", "nope")
        done = wrong("get", "user", "cli-user")
        assert done.returncode == 1 and "Access Denied" in done.stderr
        cli.ok("delete", "user", "cli-user")


class TestConnections:
    def test_the_token_is_kept_where_nobody_else_reads_it(self, cli):
        cli.ok("count", "machines")
        (token,) = (cli.home / ".cache/muster/tokens").iterdir()
        assert stat.S_IMODE(token.stat().st_mode) == 0o600

    def test_a_changed_certificate_is_refused_until_it_is_trusted(self, cli):
        cli.ok("count", "machines")
        known = cli.home / ".config/muster/known_servers"
        name = known.read_text().split()[0]
        known.write_text(f"{name} {'0' * 64}\n")
        done = cli("count", "machines")
        assert done.returncode == 5 and "has changed" in done.stderr and "context trust" in done.stderr
        cli.ok("context", "trust")
        cli.ok("count", "machines")

    def test_nobody_there(self, cli):
        done = cli("count", "machines", RS_ENDPOINT="https://127.0.0.1:1")
        assert done.returncode == 5 and "no server answers at https://127.0.0.1:1" in done.stderr

    def test_errors_are_json_for_who_asks_for_json(self, cli):
        done = cli("get", "machine", "Name:nobody", "-o", "json")
        assert done.returncode == 3 and json.loads(done.stderr.splitlines()[-1])["kind"] == "notFound"

    def test_a_context_says_where_and_who(self, cli, server):
        endpoint = cli.environment.pop("RS_ENDPOINT")
        cli.environment.pop("RS_KEY")
        cli.ok("context", "set", "lab", "-E", endpoint, "-U", "rocketskates", "-P", "r0cketsk8ts")
        assert cli.json("info")["id"] == "Fred"
        assert "* lab" in " ".join(cli.ok("context", "list").split())
        assert cli.json("context", "list") == [
            {"name": "lab", "endpoint": endpoint, "username": "rocketskates", "current": True}]
        assert stat.S_IMODE((cli.home / ".config/muster/config.yaml").stat().st_mode) == 0o600
        assert cli("info", "--context", "home").returncode == 2
        cli.ok("context", "rm", "lab")


class TestMistakes:
    @pytest.mark.parametrize(
        "arguments, said",
        [
            (["list", "machinse"], "Did you mean machines?"),
            (["list", "machines", "Name"], "is no filter"),
            (["create", "machine", "Nmae=x"], "have no field `Nmae`. Did you mean Name?"),
            (["wait", "machine", "k", "Stege=x"], "Did you mean Stage?"),
            (["lsit", "machines"], "there is no command `lsit`. Did you mean list?"),
            (["packs", "lnit"], "there is no command `lnit` of `packs`. Did you mean lint?"),
            (["list"], "`muster help list` shows how"),
            (["packs", "lint"], "`muster help packs lint` shows how"),
            (["list", "machines", "--srot", "Name"], "--sort"),
            (["get", "machine", "k", "-o", "template={{.Name"], "template: output:1: unclosed action"),
            (["get", "machine", "k", "-o", "jsonpath={.Name"], "character"),
            (["set", "machine", "k", "Runnable=maybe"], "is true or false"),
            (["patch", "machine", "k", "{}"], "array of operations"),
            (["get", "machine", "k", "-o", "xml"], "xml"),
            (["show", "machine", "k"], "--at"),
            (["wait", "machine", "k", "Name=x", "--timeout", "soon"], "is no duration"),
            (["create", "machine", "-f", "/nonexistent"], "/nonexistent"),
            (["context", "use", "nowhere"], "there is no context"),
        ],
    )
    def test_a_wrong_command_line_is_code_2_and_says_what_to_do(self, cli, arguments, said):
        done = cli(*arguments)
        assert done.returncode == 2 and said in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) == 1 + ("is new here" in done.stderr)

    def test_a_wrong_command_line_is_json_too_for_who_asks_for_json(self, cli):
        done = cli("list", "-o", "json")
        assert done.returncode == 2 and json.loads(done.stderr)["kind"] == "usage"

    def test_what_the_server_refuses_is_code_1_with_its_words(self, cli):
        done = cli("list", "machines", "limit=-1")
        assert done.returncode == 1 and "Limit cannot be negative" in done.stderr
