"""The public runner, request by request: its headers, its zero-valued bodies, its patches, and what it takes for an answer."""

import contextlib
import http.client
import json
import ssl
import uuid

import pytest
import websocket
from muster_process import Server

NOBODY = ""
NO_TIME = "0001-01-01T00:00:00Z"
#: A job as the Go client sends it: all its fields, those without a value as Go's encoder writes them.
EMPTY_JOB = {
    "Validated": False, "Available": False, "Errors": None, "ReadOnly": False, "Meta": None, "Endpoint": "", "Bundle": "",
    "Uuid": NOBODY, "Previous": NOBODY, "Machine": NOBODY, "Task": "", "Stage": "", "Workflow": "", "BootEnv": "", "Context": "",
    "State": "", "ExitState": "", "StartTime": NO_TIME, "EndTime": NO_TIME, "Archived": False, "Current": False, "CurrentIndex": 0,
    "NextIndex": 0,
}


class Runner:
    """The client on a machine. It insists on JSON wherever it does not read raw bytes."""

    def __init__(self, server, machine):
        self.server, self.machine = server, machine
        self.token = server.curl("GET", f"/machines/{machine}/token?ttl=3y").json["Token"]
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", server.port, timeout=30, context=ssl._create_unverified_context())
        self.events = websocket.create_connection(
            f"wss://127.0.0.1:{server.port}/api/v3/ws", sslopt={"cert_reqs": ssl.CERT_NONE}, timeout=30,
            header=[f"Authorization: Bearer {self.token}"])
        for pattern in (f"machines.update.{machine}", f"machines.save.{machine}", f"machines.delete.{machine}"):
            self.events.send(f"register {pattern}")
            assert json.loads(self.events.recv())["Type"] == "websocket"

    def close(self):
        self.events.close()
        self.connection.close()

    def ask(self, method, path, body=None, raw=None):
        headers = {"Accept": "application/json", "Cache-Control": "no-store", "Authorization": f"Bearer {self.token}"}
        data = None
        if raw is not None:
            data, headers["Content-Type"] = raw, "application/octet-stream"
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        self.connection.request(method, f"/api/v3{path}", data, headers)
        reply = self.connection.getresponse()
        content = reply.read()
        assert reply.status < 300, content
        assert reply.headers["Content-Type"] == "application/json"
        return reply.status, json.loads(content) if content else None

    def patch(self, path, *operations):
        """A patch with every member of every operation, as the Go client spells them."""
        return self.ask("PATCH", path, [
            {"op": op, "path": path, "from": "", "value": value} for op, path, value in operations])[1]

    def event(self, condition):
        """Waits for an event of the machine."""
        while True:
            event = json.loads(self.events.recv())
            if event["Type"] == "machines" and condition(event["Object"]):
                return event

    def order(self):
        return self.ask("POST", "/jobs", {**EMPTY_JOB, "Machine": self.machine})

    def work(self, job, exit_code=0):
        """What the runner does for a job whose script ends so."""
        one = f"/jobs/{job['Uuid']}"
        assert self.ask("GET", f"/tasks/{job['Task']}")[1]["Name"] == job["Task"]
        running = self.patch(one, ("test", "/State", "created"), ("replace", "/State", "running"))
        assert running["State"] == "running"
        actions = self.ask("GET", f"{one}/actions?os=linux")[1]
        for action in actions:
            assert set(action) == {"Name", "Path", "Content", "Meta"}
            self.ask("PUT", f"{one}/log", raw=f"{action['Content']}\n".encode())
        if exit_code:
            self.patch(f"/machines/{self.machine}", ("test", "/Runnable", True), ("replace", "/Runnable", False))
        state, exit_state = ("failed", "failed") if exit_code == 1 else ("finished", {0: "complete", 64: "reboot"}[exit_code])
        ended = self.patch(
            one, ("test", "/State", "running"), ("replace", "/State", state), ("test", "/ExitState", ""),
            ("replace", "/ExitState", exit_state))
        assert (ended["State"], ended["ExitState"]) == (state, exit_state)
        return actions


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("runner")).start()
    request.addfinalizer(running.stop)
    for name in ("first", "second", "third"):
        script = {"Name": "run", "Contents": f"echo {name} on {{{{.Machine.Name}}}}"}
        assert running.curl("POST", "/tasks", {"Name": name, "Templates": [script]}).status == 201
    running.curl("POST", "/bootenvs", {"Name": "other"})
    running.curl("POST", "/stages", {"Name": "one", "Tasks": ["first", "second"]})
    running.curl("POST", "/stages", {"Name": "two", "BootEnv": "other", "Tasks": ["third"]})
    running.curl("POST", "/workflows", {"Name": "both", "Stages": ["one", "two"]})
    return running


@pytest.fixture
def runner(server):
    machine = server.curl("POST", "/machines", {"Name": f"run-{uuid.uuid4().hex[:8]}"}).json["Uuid"]
    playing = Runner(server, machine)
    yield playing
    playing.close()


def set_workflow(server, machine, name):
    patch = [{"op": "replace", "path": "/Workflow", "value": name}]
    assert server.curl("PATCH", f"/machines/{machine}", patch).status == 200


def test_a_workflow_from_its_first_request_to_its_end(server, runner):
    assert runner.order() == (204, None)
    set_workflow(server, runner.machine, "both")
    assert runner.event(lambda machine: machine["Workflow"] == "both")["Object"]["Runnable"] is True
    for task in ("first", "second"):
        status, job = runner.order()
        assert (status, job["Task"], job["Workflow"], job["Stage"]) == (201, task, "both", "one")
        runner.event(lambda machine, job=job: machine["CurrentJob"] == job["Uuid"])
        (action,) = runner.work(job)
        assert action["Content"].startswith(f"echo {task} on run-")
    assert runner.order() == (204, None)
    assert runner.event(lambda machine: machine["BootEnv"] == "other")["Object"]["Runnable"] is False
    # It boots, and says so.
    runner.patch(f"/machines/{runner.machine}", ("test", "/Runnable", False), ("replace", "/Runnable", True))
    assert runner.event(lambda machine: machine["Runnable"])["Action"] == "update"
    status, job = runner.order()
    runner.work(job)
    assert runner.order() == (204, None)
    assert runner.event(lambda machine: machine["WorkflowComplete"])["Object"]["CurrentTask"] == 6


def test_a_task_that_fails_and_one_that_reboots(server, runner):
    set_workflow(server, runner.machine, "both")
    job = runner.order()[1]
    runner.work(job, exit_code=1)
    runner.event(lambda machine: not machine["Runnable"])
    runner.connection.request(
        "POST", "/api/v3/jobs", json.dumps({**EMPTY_JOB, "Machine": runner.machine}),
        {"Authorization": f"Bearer {runner.token}", "Content-Type": "application/json"})
    reply = runner.connection.getresponse()
    assert (reply.status, json.loads(reply.read())["Type"]) == (409, "Conflict")
    runner.patch(f"/machines/{runner.machine}", ("replace", "/Runnable", True))
    again = runner.order()[1]
    assert (again["Task"], again["Previous"]) == ("first", job["Uuid"])
    runner.work(again, exit_code=64)
    # The reboot itself is asked of a plug-in, which need not be there.
    with contextlib.suppress(AssertionError):
        runner.ask("POST", f"/machines/{runner.machine}/actions/nextbootpxe", {})
    runner.patch(f"/machines/{runner.machine}", ("replace", "/Runnable", True))
    assert runner.order()[1]["Task"] == "second"


@pytest.mark.parametrize("deletes", ["machine", "cleanup"])
def test_a_runner_is_told_that_its_machine_is_gone_before_its_token_ends(server, deletes):
    machine = server.curl("POST", "/machines", {"Name": f"gone-by-{deletes}"}).json["Uuid"]
    other = server.curl("POST", "/machines", {"Name": f"stays-by-{deletes}"}).json["Uuid"]
    runner = Runner(server, machine)
    for key in (other, machine):
        path = "/cleanup" if deletes == "cleanup" else ""
        assert server.curl("DELETE", f"/machines/{key}{path}").status == 200
    told = json.loads(runner.events.recv())
    assert (told["Type"], told["Action"], told["Key"]) == ("machines", "delete", machine)
    with contextlib.suppress(websocket.WebSocketConnectionClosedException):
        assert not runner.events.recv()
    runner.close()
