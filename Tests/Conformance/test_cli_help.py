"""Help, topics and manual pages: each is there, has examples, and is what was agreed on."""

import json
import os
import pathlib
import subprocess

import pytest
from command_line import CommandLine
from muster_process import BINARY

#: What each command's help says. `MUSTER_UPDATE_SNAPSHOTS=1` writes them anew, for a reader to compare.
SNAPSHOTS = pathlib.Path(__file__).parent / "snapshots"


def commands(command=None, path=()):
    """Every command as a tuple of words with what the parser tells of it; what help does not list is left out."""
    if command is None:
        told = subprocess.run([BINARY, "--experimental-dump-help"], capture_output=True, check=True).stdout
        command = json.loads(told)["command"]
    seen = set()
    for each in command.get("subcommands", []):
        if each.get("shouldDisplay", True) and each["commandName"] not in seen:
            seen.add(each["commandName"])
            words = (*path, each["commandName"])
            yield words, each
            yield from commands(each, words)


COMMANDS = dict(commands())
TOPICS = ["change-sets", "claims", "environment", "filters", "output", "packs", "patches"]


@pytest.fixture
def cli(tmp_path):
    """The command line without a server."""
    return CommandLine(tmp_path)


def agreed(name, text):
    """Compares a text with the one that was agreed on."""
    path = SNAPSHOTS / name
    if os.environ.get("MUSTER_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"{path} is missing: MUSTER_UPDATE_SNAPSHOTS=1 writes it"
    assert path.read_text() == text


class TestHelp:
    def test_there_are_all_commands(self):
        assert {("list",), ("packs", "rollback"), ("params", "set"), ("serve",), ("check",), ("help",)} <= set(COMMANDS)

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_every_command_has_examples_that_begin_with_it(self, words):
        told = COMMANDS[words]
        _, _, examples = told.get("discussion", "").partition("Examples:\n")
        assert f"muster {' '.join(words)}" in examples, told.get("discussion")

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_every_argument_is_explained(self, words):
        for argument in COMMANDS[words].get("arguments", []):
            assert argument.get("abstract") or not argument["shouldDisplay"], argument

    @pytest.mark.parametrize("words", [(), *COMMANDS], ids=lambda words: " ".join(words) or "muster")
    def test_help_is_what_was_agreed_on(self, cli, words):
        agreed(f"help/{'-'.join(words) or 'muster'}.txt", cli.ok("help", *words))

    def test_a_flag_shows_the_same(self, cli):
        shown = cli.ok("packs", "lint", "--help")
        assert "muster packs lint --strict shop.yaml" in shown


class TestTopics:
    @pytest.mark.parametrize("topic", TOPICS)
    def test_a_topic_is_what_was_agreed_on(self, cli, topic):
        agreed(f"topics/{topic}.txt", cli.ok("help", topic))

    def test_topics_are_listed(self, cli):
        shown = cli.ok("help", "topics")
        assert [line.split()[0] for line in shown.splitlines()[2:]] == TOPICS

    def test_lines_fit_a_page(self, cli):
        for topic in TOPICS:
            assert all(len(line) <= 125 for line in cli.ok("help", topic).splitlines())

    def test_a_typo_leads_to_the_topic(self, cli):
        done = cli("help", "filtres")
        assert done.returncode == 2 and "Did you mean filters?" in done.stderr


class TestManual:
    @pytest.fixture(scope="class")
    def manual(self, tmp_path_factory):
        folder = tmp_path_factory.mktemp("man")
        subprocess.run([BINARY, "manual", folder], check=True, capture_output=True)
        return folder

    def test_every_command_and_topic_has_a_page(self, manual):
        pages = {page.name for page in manual.glob("man*/*")}
        assert {f"muster-{'-'.join(words)}.1" for words in COMMANDS} <= pages
        assert {f"muster-{topic}.7" for topic in TOPICS} <= pages and "muster.1" in pages

    def test_pages_are_well_formed(self, manual):
        pages = sorted(str(page) for page in manual.glob("man*/*"))
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "error", *pages], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "")

    def test_examples_stay_as_they_are(self, manual):
        text = subprocess.run(
            ["mandoc", "-T", "ascii", "-O", "width=100", str(manual / "man1/muster-params-set.1")], capture_output=True,
            check=True).stdout.decode()
        plain = "".join(
            character for at, character in enumerate(text) if character != "\b" and text[at + 1 : at + 2] != "\b")
        assert "muster params set machine/Name:web-1 install/disk=/dev/sda\n" in plain
