"""`muster-agent` as a child process, beside a machine that has tasks to do."""

import contextlib
import itertools
import os
import pathlib
import signal
import subprocess
import time
import uuid

from muster_process import BINARY

AGENT = os.environ.get("MUSTER_AGENT_BIN", str(pathlib.Path(BINARY).parent / "muster-agent"))
NUMBERS = itertools.count()
PATIENCE = 60


def until(what, condition, timeout=PATIENCE):
    """The first value of `condition` that is true; what it is for is told if none comes."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not in {timeout} s: {what}")


class Machine:
    """A machine whose task list has scripts, and the folder in which they leave traces."""

    def __init__(self, server, folder, *scripts, **fields):
        self.server, self.folder = server, pathlib.Path(folder)
        self.number = next(NUMBERS)
        self.name = f"agent-{self.number}"
        self.uuid = str(uuid.uuid4())
        tasks = [self.task(script) for script in scripts]
        made = server.curl("POST", "/machines", {"Name": self.name, "Uuid": self.uuid, "Tasks": tasks, **fields})
        assert made.status == 201, made.body
        self.token = server.get(f"/machines/{self.uuid}/token?ttl=1h")["Token"]

    def task(self, script, **fields):
        """A task of one script, or the entry as it is if it names something else."""
        if script.startswith(("chroot:", "stage:", "bootenv:", "context:", "action:")):
            return script
        name = f"task-{next(NUMBERS)}"
        body = script if script.startswith("#!") else f"#!/bin/sh\ncd '{self.folder}'\n{script}\n"
        made = self.server.curl("POST", "/tasks", {
            "Name": name, "Templates": [{"Name": "the script", "Contents": body}], **fields})
        assert made.status == 201, made.body
        return name

    def get(self, *names):
        machine = self.server.get(f"/machines/{self.uuid}")
        return [machine[name] for name in names] if names else machine

    def set(self, **fields):
        patch = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in fields.items()]
        reply = self.server.curl("PATCH", f"/machines/{self.uuid}", patch)
        assert reply.status == 200, reply.body

    def job(self):
        """The machine's current job."""
        return self.server.get(f"/jobs/{self.get('CurrentJob')[0]}")

    def state(self):
        """The state of the current job; empty if there is none."""
        job = self.get("CurrentJob")[0].strip("0-")
        return self.job()["State"] if job else ""

    def jobs(self):
        """All jobs as (state, exit state), in their order."""
        found = sorted(self.server.get(f"/jobs?Machine={self.uuid}"), key=lambda job: job["StartTime"])
        return [(job["State"], job["ExitState"]) for job in found]

    def log(self, job=None):
        return self.server.curl("GET", f"/jobs/{job or self.get('CurrentJob')[0]}/log").body.decode()

    def read(self, name):
        """What a script wrote into its folder; empty if it did not."""
        path = self.folder / name
        return path.read_text() if path.exists() else ""


class Agent:
    """An agent of a machine; it can be killed and started again in the same folder, as in the same boot."""

    def __init__(self, machine, folder, *flags, **environment):
        self.machine, self.folder = machine, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log, self.power = self.folder / "agent.log", self.folder / "power"
        self.flags, self.environment, self.process = list(flags), environment, None

    def command(self):
        return [
            AGENT, "--runner-dir", str(self.folder / "runner"), "--log-level", "debug",
            "--power-command", f"echo >>'{self.power}'", *self.flags]

    def start(self):
        machine = self.machine
        environment = {
            **os.environ, "RS_ENDPOINT": f"https://127.0.0.1:{machine.server.port}", "RS_TOKEN": machine.token,
            "RS_UUID": machine.uuid, **self.environment}
        environment = {name: value for name, value in environment.items() if value is not None}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=environment)
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(20)
            self.process.kill()
        return self.process.wait() if self.process else None

    def kill(self):
        """Ends the agent as a power cut would, but not what it started."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def wait(self, timeout=PATIENCE):
        """The exit code, once it has ended by itself."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the agent goes on:\n{self.text()}") from None

    def run(self):
        """Works until there is nothing to do, and gives the exit code."""
        self.flags.append("--oneshot")
        return self.start().wait()

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def done(self):
        """What was asked of the power command."""
        return self.power.read_text().split() if self.power.exists() else []
