"""The tour of the README: every line is run as it stands there."""

import os
import pathlib
import signal
import subprocess
import threading

import pytest
from muster_process import BINARY, PASSWORD, USER

PROJECT = pathlib.Path(__file__).parents[2]


def lines(heading):
    """The commands of a section, each as one text however many lines it has."""
    section = (PROJECT / "README.md").read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    commands, open_ = [], False
    for line in section.splitlines():
        if not line.startswith("    "):
            open_ = False
            continue
        if open_:
            commands[-1] += "\n" + line[4:]
        else:
            commands.append(line[4:])
        # A quoted document goes on until its quote is closed.
        open_ = commands[-1].count("'") % 2 == 1
    return commands


class Tour:
    """A shell in an empty folder in which the lines of a tour are run, one after the other."""

    def __init__(self, server, folder):
        tools = folder / "tools"
        tools.mkdir(parents=True)
        (tools / "muster").symlink_to(pathlib.Path(BINARY).resolve())
        # curl as it is, that also tells the status of each answer.
        (tools / "curl").write_text(
            f"#!/bin/sh\nexec {_which('curl')} -w '%{{stderr}}%{{http_code}}\\n' \"$@\"\n")
        (tools / "curl").chmod(0o755)
        self.folder = folder
        self.server = server
        self.before = []
        self.environment = {
            "HOME": str(folder), "PATH": f"{tools}:{os.environ['PATH']}", "EDITOR": "true", "TERM": "dumb",
            "RS_ENDPOINT": f"https://127.0.0.1:{server.port}"}

    def start(self, line):
        script = "set -o pipefail\n" + "\n".join([*self.before, line])
        script = script.replace("127.0.0.1:8092", f"127.0.0.1:{self.server.port}")
        return subprocess.Popen(
            ["bash", "-c", script], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, line):
        process = self.start(line)
        out, err = process.communicate(timeout=120)
        if line.startswith(("drp()", "api=", "etag=")):
            self.before.append(line)
        return process.returncode, out, err


def _which(program):
    import shutil

    return shutil.which(program)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    from muster_process import Server

    made = Server(
        tmp_path_factory.mktemp("readme"), "--default-content", str(PROJECT / "Config/content")).start()
    yield made
    made.stop()


def touch(server, name):
    """Changes a machine."""
    patch = [{"op": "add", "path": "/Meta/touched", "value": os.urandom(4).hex()}]
    return server.curl("PATCH", f"/machines/Name:{name}", patch).status == 200


def test_the_tour_with_curl(running, tmp_path):
    tour = Tour(running, tmp_path)
    commands = lines("Five minutes with curl")
    assert len(commands) > 20
    for line in commands:
        stop = threading.Event()
        if "Prefer: wait" in line:
            # Somebody changes the machine until the waiting client has seen it.
            def change():
                while not stop.wait(0.2):
                    touch(running, "web-1")

            threading.Thread(target=change).start()
        code, out, err = tour.run(line)
        stop.set()
        # What the parts of a pipe say stands in its order; grep and jq say nothing.
        statuses = [text for text in err.split() if text.isdigit() and len(text) == 3]
        wanted = "422" if "not\", \"a\", \"disk" in line else "2"
        assert code == 0 and all(status.startswith(wanted[0]) for status in statuses), (line, code, out, err)
        if not line.startswith(("drp()", "api=")):
            assert statuses and (out or "204" in statuses or line.startswith("etag=")), (line, out, err)


def test_the_tour_on_the_command_line(running, tmp_path):
    tour = Tour(running, tmp_path)
    running.curl("POST", "/machines", {"Name": "web-1", "Address": "10.0.0.11"})
    commands = lines("Five minutes on the command line")
    assert len(commands) > 20
    for line in commands:
        if "Ctrl-C" in line:
            watch(tour, running, line)
            continue
        code, out, err = tour.run(line)
        wanted = 1 if "exit code 1" in line else 0
        assert code == wanted, (line, code, out, err)


def watch(tour, server, line):
    """A line that runs until somebody presses Ctrl-C, which is done when it has shown something."""
    process = tour.start(line)
    stop = threading.Event()

    def change():
        while not stop.wait(0.2):
            touch(server, "web-2")

    thread = threading.Thread(target=change)
    thread.start()
    shown = process.stdout.readline()
    stop.set()
    thread.join()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert shown and process.returncode in (0, 130, -signal.SIGINT), (line, process.returncode)
