"""Completion: what `muster complete` offers, and that bash, zsh and fish offer it to whoever presses Tab."""

import os
import pathlib
import pty
import select
import shutil
import subprocess
import time

import pytest
from command_line import CommandLine
from muster_process import BINARY, PASSWORD, USER


@pytest.fixture
def cli(server, tmp_path):
    """The command line of somebody who has met the server."""
    home = tmp_path / "home"
    home.mkdir()
    cli = CommandLine(home, server)
    cli.ok("count", "machines")
    return cli


@pytest.fixture
def machine(cli):
    """A machine with a name that no other has; removed after the test."""
    name = f"tab{os.urandom(4).hex()}"
    cli.ok("create", "machine", f"Name={name}")
    yield name
    cli("delete", "machine", f"Name:{name}")


def offered(cli, *words):
    """The words that are offered behind others, as zsh gets them."""
    lines = cli.ok("complete", "--shell", "zsh", "--", *words).splitlines()
    return [line.split("\t")[0] for line in lines[1:]]


class TestCandidates:
    def test_commands_and_their_subcommands(self, cli):
        assert {"list", "get", "packs", "help"} <= set(offered(cli, ""))
        assert offered(cli, "wh") == ["whocan", "whydenied"]
        assert offered(cli, "packs", "ro") == ["rollback"]
        assert "complete" not in offered(cli, "")

    def test_options_that_are_not_given_yet(self, cli):
        assert "--sort" in offered(cli, "list", "machines", "--s")
        assert "--sort" not in offered(cli, "list", "machines", "--sort", "Name", "--s")
        assert offered(cli, "list", "machines", "-o", "j") == ["json", "jsonpath="]
        assert offered(cli, "list", "machines", "--output=y") == ["--output=yaml"]

    def test_types_by_name_and_alias(self, cli):
        assert offered(cli, "list", "machi") == ["machines", "machine"]
        assert "profiles" in offered(cli, "list", "")

    def test_keys_by_name(self, cli, machine):
        assert offered(cli, "get", "machine", f"Name:{machine[:5]}") == [f"Name:{machine}"]
        assert f"Name:{machine}" in offered(cli, "get", "machine", "")
        assert "global" in offered(cli, "get", "profile", "glo")

    def test_filters_fields_and_values(self, cli, machine):
        assert offered(cli, "list", "machines", "Add") == ["Address="]
        assert f"Name={machine}" in offered(cli, "list", "machines", f"Name={machine[:5]}")
        assert "Description=" in offered(cli, "set", "machine", "k", "Desc")
        assert offered(cli, "set", "machine", "k", "Runnable=") == ["Runnable=true", "Runnable=false"]
        assert offered(cli, "list", "machines", "--columns", "Name,Add") == ["Name,Address"]

    def test_objects_and_their_params(self, cli, machine):
        assert "machines/" in offered(cli, "params", "get", "mach")
        assert offered(cli, "params", "get", f"machine/Name:{machine[:5]}") == [f"machine/Name:{machine}"]

    def test_packs_users_and_contexts(self, cli):
        assert "BasicStore" in offered(cli, "packs", "get", "Bas")
        assert offered(cli, "users", "passwd", "rocket") == ["rocketskates"]
        cli.ok("context", "set", "lab", "-E", "https://lab:8092")
        assert offered(cli, "context", "use", "") == ["lab"]

    def test_files_where_files_are_meant(self, cli):
        assert cli.ok("complete", "--shell", "zsh", "--", "apply", "-f", "").startswith("file\n")
        assert cli.ok("complete", "--shell", "zsh", "--", "packs", "bundle", "").startswith("directory\n")

    def test_nobody_is_trusted_by_pressing_tab(self, cli, server, tmp_path):
        stranger = CommandLine(tmp_path / "stranger", server)
        stranger.home.mkdir()
        assert offered(stranger, "list", "machi") == []
        assert not (stranger.home / ".config").exists()

    def test_a_password_that_is_typed_is_not_sent(self, cli, server):
        del cli.environment["RS_KEY"]
        login = ["-U", USER, "-P", PASSWORD]
        for token in (cli.home / ".cache/muster/tokens").iterdir():
            token.unlink()
        assert offered(cli, "list", *login, "machi") == []
        assert list((cli.home / ".cache/muster/tokens").iterdir()) == []
        cli.ok("count", "machines", *login)
        assert offered(cli, "list", *login, "machi") == ["machines", "machine"]
        assert offered(cli, "list", "-U", USER, "-P", "wrong", "machi") == []

    def test_a_server_that_is_not_there_offers_nothing_and_complains_of_nothing(self, cli):
        cli.environment["RS_ENDPOINT"] = "http://127.0.0.1:1"
        done = cli("complete", "--shell", "fish", "--", "list", "machi")
        assert (done.returncode, done.stdout, done.stderr) == (0, "words\n", "")

    @pytest.mark.parametrize("line", ["muster list mach", "x=1; muster list mach", "muster 'list' \"mach"])
    def test_bash_hands_over_the_line(self, cli, line):
        lines = cli.ok("complete", "--shell", "bash", "--word", "mach", "--", line).splitlines()
        assert lines[1].split("\t")[0] == "machines"

    def test_bash_gets_what_it_has_split_off_not_again(self, cli, machine):
        line = f"muster get machine Name:{machine[:5]}"
        lines = cli.ok("complete", "--shell", "bash", "--word", machine[:5], "--", line).splitlines()
        assert lines[1].split("\t")[0] == machine


class Terminal:
    """A shell on a pseudo-terminal, typed into."""

    def __init__(self, cli, *command):
        bin = cli.home / "bin"
        bin.mkdir(exist_ok=True)
        (bin / "muster").unlink(missing_ok=True)
        (bin / "muster").symlink_to(pathlib.Path(BINARY).resolve())
        environment = {**cli.environment, "PATH": f"{bin}:{os.environ['PATH']}", "TERM": "vt100", "PS1": "$ "}
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(cli.home)
            os.execve(command[0], list(command), environment)
        self.shown = ""

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, text, limit=60):
        """Returns once the shell has shown a text that it had not shown before."""
        end = time.monotonic() + limit
        while text not in self.shown:
            left = end - time.monotonic()
            assert left > 0 and select.select([self.terminal], [], [], left)[0], f"no `{text}` in {self.shown!r}"
            self.shown += os.read(self.terminal, 65536).decode(errors="replace")
        self.shown = self.shown.split(text, 1)[1]

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


class TestShells:
    def test_bash(self, cli, machine):
        shell = Terminal(cli, shutil.which("bash"), "--norc", "--noprofile", "-i")
        shell.type("source <(muster completion bash); echo rea''dy\n")
        shell.wait_for("ready\r\n")
        # Up to where names differ: profile and profiles.
        shell.type("muster count profil\ts && echo coun''ted\n")
        shell.wait_for("counted\r\n")
        shell.type(f"muster exists machine Name:{machine[:6]}\t && echo fou''nd\n")
        shell.wait_for("found\r\n")
        shell.close()

    def test_zsh(self, cli, machine):
        shell = Terminal(cli, shutil.which("zsh"), "-f", "-i")
        shell.type("unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D\n")
        shell.type("source <(muster completion zsh); echo rea''dy\n")
        shell.wait_for("ready\r\n")
        shell.type(f"muster exists machine Name:{machine[:6]}\t && echo fou''nd\n")
        shell.wait_for("found\r\n")
        shell.close()

    def test_fish(self, cli, machine):
        script = "muster completion fish | source; complete -C 'muster get machine Name:%s'; complete -C 'muster packs ro'"
        done = subprocess.run(
            ["fish", "-N", "-c", script % machine[:6]], capture_output=True, text=True,
            env={**cli.environment, "PATH": f"{pathlib.Path(BINARY).resolve().parent}:{os.environ['PATH']}"})
        lines = done.stdout.splitlines()
        assert lines[0] == f"Name:{machine}", done.stdout + done.stderr
        assert lines[1].startswith("rollback\t")
