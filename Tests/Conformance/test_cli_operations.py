"""Commands beside the verbs over types: files and images, programs of plug-ins, pools, jobs, actions, and the server itself."""

import contextlib
import hashlib
import io
import itertools
import json
import os
import pathlib
import signal
import socket
import subprocess
import tarfile
import threading

import pytest
from command_line import CommandLine
from runner import Machine

PROGRAM = pathlib.Path(__file__).parent / "plugins" / "incrementer"
NUMBERS = itertools.count()


@pytest.fixture
def cli(server, tmp_path):
    """The command line, logged in, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    cli = CommandLine(home, server)
    cli.ok("info")  # The server is met, so that the first refusal is a line alone.
    return cli


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def refused(done, code, *words):
    """Checks that a command ended with a code and one line that says why."""
    assert done.returncode == code, done
    assert all(word in done.stderr for word in words), done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stdout == "", done


class TestFiles:
    @pytest.mark.parametrize("area", ["files", "isos"])
    def test_a_file_goes_there_and_comes_back(self, cli, here, area):
        content = os.urandom(3_000_000)
        (here / "image.iso").write_bytes(content)
        shown = cli.ok(area, "upload", "image.iso", f"cli{area}/deep/image.iso")
        assert shown == f"{area}/cli{area}/deep/image.iso uploaded, 2.8 MiB\n"
        assert cli.ok(area, "list", f"cli{area}") == "deep/\n"
        assert cli.ok(area, "list", f"cli{area}", "--all") == "deep/image.iso\n"
        assert cli.json(area, "list", f"cli{area}/deep") == ["image.iso"]
        assert cli.ok(area, "download", f"cli{area}/deep/image.iso", "back") == "back: 2.8 MiB\n"
        assert (here / "back").read_bytes() == content
        told = cli.json(area, "download", f"cli{area}/deep/image.iso", ".")
        assert told["sha256"] == hashlib.sha256(content).hexdigest() and (here / "image.iso").read_bytes() == content
        assert cli.ok(area, "rm", f"cli{area}/deep/image.iso").endswith(" removed\n")
        refused(cli(area, "download", f"cli{area}/deep/image.iso"), 3, "image.iso")

    def test_a_file_is_called_as_here_unless_said(self, cli, here):
        (here / "cli-short.txt").write_text("short\n")
        assert cli.ok("files", "upload", str(here / "cli-short.txt")) == "files/cli-short.txt uploaded, 6 bytes\n"
        assert cli.ok("files", "download", "cli-short.txt", "-") == "short\n"
        cli.ok("files", "destroy", "cli-short.txt")

    def test_an_empty_file_is_one(self, cli, here):
        (here / "cli-empty").touch()
        assert cli.json("files", "upload", "cli-empty") == {"Path": "/cli-empty", "Size": 0}
        (here / "cli-empty").unlink()
        cli.ok("files", "download", "cli-empty")
        assert (here / "cli-empty").read_bytes() == b""
        cli.ok("files", "rm", "cli-empty")

    def test_an_archive_is_unpacked_where_it_is_put(self, cli, here):
        with tarfile.open(here / "site.tar.gz", "w:gz") as archive:
            entry = tarfile.TarInfo("etc/motd")
            entry.size = 5
            archive.addfile(entry, io.BytesIO(b"hello"))
        cli.ok("files", "upload", "site.tar.gz", "cliex/site.tar.gz", "--explode")
        assert cli.ok("files", "download", "cliex/etc/motd", "-") == "hello"

    def test_what_cannot_be_sent_is_told(self, cli, here):
        refused(cli("files", "upload", "nowhere"), 2, "cannot read nowhere")
        refused(cli("files", "upload", "."), 2, "is no regular file")
        (here / "x").touch()
        refused(cli("files", "upload", "x", "folder/"), 2, "is no path of a file")
        refused(cli("files", "list", "no/such/folder"), 3, "no/such/folder")
        refused(cli("files", "rm", "no/such/file"), 3, "Unable to delete")

    def test_a_broken_download_leaves_nothing(self, cli, here):
        refused(cli("files", "download", "no-such-file"), 3)
        assert list(here.iterdir()) == []
        (here / "x").write_text("x")
        cli.ok("files", "upload", "x", "cli-x")
        refused(cli("files", "download", "cli-x", "no/such/folder/x"), 2, "cannot write")

    def test_who_may_not_upload_is_told_so_and_not_at_the_end_of_a_long_file(self, cli, server, here, tmp_path):
        server.curl("POST", "/users", {"Name": "cli-reader"})
        server.curl("PUT", "/users/cli-reader/password", {"Password": "secret"})
        with open(here / "long", "wb") as file:
            file.truncate(64 << 20)
        reader = CommandLine(tmp_path / "reader", server, user="cli-reader", password="secret")
        reader.home.mkdir()
        reader.ok("types")
        refused(reader("files", "upload", "long", "cli-long"), 3, "files/cli-long: Not Found")
        assert "cli-long" not in cli.ok("files", "list")

    def test_progress_is_shown_on_a_terminal_and_taken_away(self, cli, here):
        with open(here / "long", "wb") as file:
            file.truncate(400 << 20)
        shown, code = cli.on_terminal("files", "upload", str(here / "long"), "cli-progress")
        assert code == 0 and shown.endswith("files/cli-progress uploaded, 400.0 MiB\r\n")
        assert " of 400.0 MiB" in shown
        cli.ok("files", "rm", "cli-progress")

    def test_ctrl_c_leaves_nothing_of_a_download(self, cli, here):
        with open(here / "long", "wb") as file:
            file.truncate(2 << 30)
        cli.ok("files", "upload", "long", "cli-interrupted")
        (here / "long").unlink()
        shown, code = cli.on_terminal("files", "download", "cli-interrupted", str(here / "back"), until=b" of ")
        assert code == -signal.SIGINT and list(here.iterdir()) == [], shown
        cli.ok("files", "rm", "cli-interrupted")

    def test_completion_walks_through_folders(self, cli, here):
        (here / "x").touch()
        cli.ok("files", "upload", "x", "clitab/one/x")
        lines = cli.ok("complete", "--shell", "zsh", "--", "files", "download", "clita").splitlines()
        assert lines[1].split("\t")[0] == "clitab/"
        lines = cli.ok("complete", "--shell", "zsh", "--", "files", "rm", "clitab/one/").splitlines()
        assert lines[1].split("\t")[0] == "clitab/one/x"


class TestBootEnvs:
    def test_what_was_unpacked_is_taken_away(self, cli):
        cli.ok("create", "bootenv", "Name=cli-env", 'OS={"Name": "cli-os"}')
        assert cli.ok("bootenvs", "purge", "cli-env") == "bootenvs/cli-env has nothing unpacked any more\n"
        assert cli.ok("bootenvs", "purgelocal", "cli-env", "--reexplode").endswith("is being unpacked again\n")
        cli.ok("delete", "bootenv", "cli-env")
        refused(cli("bootenvs", "purge", "cli-env"), 3, "cli-env")


class TestPlugins:
    @pytest.fixture
    def provider(self, cli):
        shown = cli.ok("plugin-providers", "upload", str(PROGRAM))
        assert shown.startswith("plugin_providers/incrementer uploaded, ")
        cli.ok("create", "plugin", "Name=cli-counter", "Provider=incrementer")
        yield "incrementer"
        cli("delete", "plugin", "cli-counter")
        cli.ok("delete", "plugin_provider", "incrementer")

    @pytest.fixture
    def cli(self, fresh, tmp_path):
        """A server of its own, since the types that a plug-in brings stay."""
        home = tmp_path / "home"
        home.mkdir()
        cli = CommandLine(home, fresh())
        cli.ok("info")
        return cli

    def test_a_program_comes_back_as_it_was(self, cli, provider, here):
        cli.ok("plugin_providers", "download", provider)
        assert (here / provider).read_bytes() == PROGRAM.read_bytes()
        refused(cli("plugin-providers", "download", "nobody"), 3, "nobody")
        refused(cli("plugin-providers", "upload", str(PROGRAM), "not a name"), 1, "not a name")

    def test_actions_are_listed_and_run(self, cli, provider):
        cli.ok("create", "machine", "Name=cli-acting")
        listed = cli.ok("actions", "list", "machine/Name:cli-acting").splitlines()
        assert listed[0].split() == ["ACTION", "PROVIDER", "NEEDS", "TAKES"]
        assert "increment" in [line.split()[0] for line in listed[1:]]
        cli.ok("actions", "run", "machine/Name:cli-acting", "increment", "incrementer/step=3")
        assert cli.json("params", "get", "machine/Name:cli-acting", "incrementer/default") == 3
        refused(cli("actions", "run", "machine/Name:cli-acting", "fly"), 3, "fly")
        refused(cli("actions", "run", "machine/Name:cli-acting", "increment", "=3"), 2, "is no NAME=VALUE")
        cli.ok("actions", "list", "system")
        cli.ok("delete", "machine", "Name:cli-acting")


class TestPools:
    @pytest.fixture
    def pool(self, cli):
        """The name of a pool, and three machines of the default one that are called like it."""
        name = f"clipool{next(NUMBERS)}"
        for number in range(3):
            cli.ok("create", "machine", f"Name={name}-{number}")
        return name

    def test_machines_go_in_through_and_out(self, cli, pool):
        added = cli.ok("pools", "add", pool, f"Name=Re(^{pool})", "sort=Name", "--count", "2")
        assert sorted(added.splitlines()) == [f"{pool}-0 added, Free", f"{pool}-1 added, Free"]
        assert pool in cli.ok("pools", "active").split()
        assert cli.ok("pools", "allocate", pool, "--machine-list", f"Name:{pool}-1", "--reason", "for kate") == (
            f"{pool}-1 allocated, InUse\n")
        assert {status: len(found) for status, found in cli.json("pools", "status", pool).items()} == {
            "Free": 1, "InUse": 1}
        lines = cli.ok("pools", "status", pool).splitlines()
        assert lines[0].split() == ["NAME", "STATUS", "ALLOCATED", "UUID"] and len(lines) == 3
        assert cli.ok("pools", "release", pool) == f"{pool}-1 released, Free\n"
        names = cli.ok("pools", "remove", pool, "--all-machines", "-o", "name").split()
        assert len(names) == 2 and all(name.startswith("machines/") for name in names)
        assert cli.json("history", "machine", f"Name:{pool}-1")["versions"][2]["reason"] == "for kate"

    def test_what_is_done_to_machines_is_said(self, cli, pool):
        cli.ok("create", "profile", f"Name={pool}")
        cli.ok(
            "pools", "add", pool, "--machine-list", f"Name:{pool}-0,Name:{pool}-1", "--add-profiles", pool,
            "--add-parameters", '{"cli/size": 2}', "--wait-timeout", "10s", "--minimum", "2")
        machine = cli.json("get", "machine", f"Name:{pool}-1")
        assert (machine["Profiles"], machine["Params"], machine["Pool"]) == ([pool], {"cli/size": 2}, pool)

    def test_too_few_machines_change_nothing(self, cli, pool):
        refused(cli("pools", "allocate", pool, "--count", "2"), 4, pool)
        refused(cli("pools", "add", pool, "--count", "1", "--all-machines"), 1, "exclude one another")
        refused(cli("pools", "allocate", pool, "--add-parameters", "[1]"), 2, "JSON object")
        refused(cli("pools", "allocate", pool, "--source-pool", "x"), 2, "Unknown option '--source-pool'")


class TestJobs:
    @pytest.fixture
    def machine(self, cli, server):
        """A machine whose job has logged a line."""
        name = f"clijobs{next(NUMBERS)}"
        cli.ok("create", "task", f"Name={name}")
        cli.ok("create", "stage", f"Name={name}", f"Tasks={name}")
        cli.ok("create", "workflow", f"Name={name}", f"Stages={name}")
        machine = Machine(server, Name=name, Workflow=name)
        assert machine.next()
        server.curl("PUT", f"/jobs/{machine.job}/log", b"first\n", headers=["Content-Type: application/octet-stream"])
        return machine

    def test_a_log_is_shown_by_job_and_by_machine(self, cli, machine):
        log = f"Log for Job: {machine.job}\nfirst\n"
        assert cli.ok("jobs", "log", machine.job) == log
        assert cli.ok("jobs", "log", "--machine", machine.uuid) == log
        refused(cli("jobs", "log"), 2, "Say which job")
        refused(cli("jobs", "log", "nowhere"), 1, "nowhere")

    def test_a_log_is_followed_to_its_end(self, cli, server, machine):
        running = cli.start("jobs", "log", machine.job, "-f")
        assert running.stdout.readline() == f"Log for Job: {machine.job}\n"
        assert running.stdout.readline() == "first\n"
        server.curl("PUT", f"/jobs/{machine.job}/log", b"second\n", headers=["Content-Type: application/octet-stream"])
        assert running.stdout.readline() == "second\n"
        machine.end()
        assert running.stdout.read() == "" and running.wait(30) == 0
        running.stderr.close()

    def test_old_jobs_are_forgotten(self, cli, machine):
        machine.end()
        first = machine.job
        machine.set(CurrentTask=-1)
        assert machine.next()
        purge = ["jobs", "purge", "--machine", machine.uuid, "--keep", "0"]
        assert cli.ok(*purge, "--dry-run") == f"jobs/{first} would go\n"
        assert cli.ok(*purge) == f"jobs/{first} deleted\n"
        assert cli("exists", "job", first).returncode == 3
        refused(cli("jobs", "purge", "--failed-after", "soon"), 1, "soon")


class TestServer:
    def test_preferences_are_shown_and_set(self, cli):
        before = cli.json("prefs", "list")["defaultStage"]
        assert cli.ok("prefs", "set", "defaultStage=none", "--reason", "a test") == "prefs/defaultStage set\n"
        assert cli.ok("prefs", "list", "-o", "jsonpath={.defaultStage}") == "none\n"
        cli.ok("prefs", "set", f"defaultStage={before}")
        refused(cli("prefs", "set", "defaultStage"), 2, "is no NAME=VALUE")
        refused(cli("prefs", "set", "defaultStage=nowhere"), 1, "nowhere")

    def test_addresses_are_taken_and_given_back(self, cli):
        cli.ok(
            "create", "subnet", "Name=clinet", "Subnet=10.77.0.1/24", "ActiveStart=10.77.0.10", "ActiveEnd=10.77.0.12",
            "Enabled=true")
        cli.ok("create", "machine", "Name=cli-addressed", 'HardwareAddrs=["52:54:00:77:00:01"]')
        taken = cli.ok(
            "subnets", "allocate", "clinet", "--machine", "Name:cli-addressed", "--param", "cli/address").strip()
        assert cli.json("params", "get", "machine/Name:cli-addressed", "cli/address") == taken
        made = cli.json("subnets", "allocate", "clinet", "--for-token", "52:54:00:77:00:02", "--address", "10.77.0.12")
        assert (made["Addr"], made["Token"]) == ("10.77.0.12", "52:54:00:77:00:02")
        assert cli.ok("subnets", "release", "clinet", taken) == f"subnets/clinet: {taken} is free\n"
        cli.ok("subnets", "release", "clinet", "10.77.0.12")
        refused(cli("subnets", "allocate", "clinet"), 2, "--machine or --for-token")
        refused(cli("subnets", "release", "clinet", "10.78.0.1"), 1, "10.78.0.1")
        cli.ok("delete", "machine", "Name:cli-addressed")
        cli.ok("delete", "subnet", "clinet")

    def test_templates_are_rendered(self, cli, here):
        cli.ok("create", "machine", "Name=cli-rendered", "Params.cli/word=hello")
        (here / "draft.tmpl").write_text('{{.Param "cli/word"}} {{.Machine.Name}}\n')
        assert cli.ok("render", "Name:cli-rendered", "-f", "draft.tmpl") == "hello cli-rendered\n"
        cli.ok("create", "template", "ID=cli.tmpl", "Contents=I am {{.Machine.Name}}")
        assert cli.ok("render", "Name:cli-rendered", "cli.tmpl") == "I am cli-rendered"
        done = cli("render", "Name:cli-rendered", "-f", "-", "--explain", stdin='{{.Param "cli/word"}}')
        assert done.stdout == "hello" and "cli/word" in done.stderr and "machines/" in done.stderr
        done = cli("render", "Name:cli-rendered", "-f", "-", stdin="{{")
        assert done.returncode == 1
        refused(cli("render", "Name:cli-rendered"), 2, "Say the template, or -f FILE")

    def test_a_machines_token_is_a_machines(self, cli):
        cli.ok("create", "machine", "Name=cli-tokened")
        token = cli.ok("token", "--machine", "Name:cli-tokened").strip()
        done = cli("list", "users", "-T", token, "-o", "name")
        assert (done.returncode, done.stdout) == (0, "")
        refused(cli("token", "--machine", "Name:cli-tokened", "--scope", "machines"), 2, "do not go with it")

    def test_the_certificate_is_shown_and_replaced(self, fresh, tmp_path):
        server = fresh()
        home = tmp_path / "home"
        home.mkdir()
        cli = CommandLine(home, server)
        assert cli.ok("system", "cert", "get").startswith("-----BEGIN CERTIFICATE-----")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", home / "key", "-out", home / "pem",
             "-days", "2", "-subj", "/CN=cli"], check=True, capture_output=True)
        refused(cli("system", "cert", "set", str(home / "pem"), str(home / "pem")), 1, "cannot be used")
        cli.ok("system", "cert", "set", str(home / "pem"), str(home / "key"))
        refused(cli("list", "machines"), 5, "has changed", "muster context trust")
        cli.ok("context", "trust")
        assert cli.ok("system", "cert", "get") == (home / "pem").read_text()


class CuttingOnce:
    """A way to a server that cuts the first connection by which more than so many bytes are sent."""

    def __init__(self, port, limit):
        self.target, self.limit, self.count = port, limit, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, target, is_request):
        sent = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sent += len(data)
                if is_request and sent > self.limit and self.count == 0:
                    self.count += 1
                    break
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class TestConnectionsThatBreak:
    @pytest.fixture
    def way(self, cli, server, request):
        """A way to the server that breaks, and the command line that goes by it."""
        way = CuttingOnce(server.port, request.param)
        cli.environment["RS_ENDPOINT"] = f"https://127.0.0.1:{way.port}"
        yield way
        way.listener.close()

    @pytest.mark.parametrize("way", [2_000_000], indirect=True)
    def test_an_upload_begins_again(self, cli, server, here, way):
        content = os.urandom(5_000_000)
        (here / "long").write_bytes(content)
        cli.ok("files", "upload", "long", "cli-again")
        assert way.count == 1
        assert server.curl("GET", "/files/cli-again").body == content
        cli.ok("files", "rm", "cli-again")

    @pytest.mark.parametrize("way", [500_000], indirect=True)
    def test_a_change_set_is_sent_again_and_happens_once(self, cli, way):
        documents = [
            {"type": "profile", "object": {"Name": f"cli-again-{n}", "Meta": {"by": "again"}, "Params": {"cli/again": "y" * 400}}}
            for n in range(2000)]
        shown = cli.ok("apply", "-f", "-", stdin=json.dumps(documents))
        assert way.count == 1 and "2000 changed" in shown
        assert cli.ok("count", "profiles", "Name=Re(^cli-again-)") == "2000\n"
        empty = "type: profile\nobject: {Name: cli-again-0}\n"
        assert "1999 changed" in cli.ok("apply", "-f", "-", "--prune", "by=again", stdin=empty)
        cli.ok("delete", "profile", "cli-again-0")
