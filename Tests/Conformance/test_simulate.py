"""`muster simulate`: played machines go through workflows, also while the server is killed under them."""

import collections
import json
import time

import pytest
from command_line import CommandLine
from muster_process import Server
from test_default_content import CONTENT, KERNELS


def furnished(root, **options):
    """A server with the default content, and what its bootenvs look for."""
    server = Server(root, "--default-content", str(CONTENT), "--strict-content", **options)
    for path in KERNELS:
        (server.root / "tftpboot" / path).parent.mkdir(parents=True, exist_ok=True)
        (server.root / "tftpboot" / path).write_bytes(b"x")
    return server.start()


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    running = furnished(tmp_path_factory.mktemp("simulate"))
    request.addfinalizer(running.stop)
    return running


@pytest.fixture
def muster(tmp_path, server):
    return CommandLine(tmp_path, server)


def jobs_by_machine(server):
    found = collections.defaultdict(list)
    for job in server.curl("GET", "/jobs?sort=StartTime").json:
        found[job["Machine"]].append(job)
    return found


def test_fifty_machines_go_through_a_workflow_of_the_default_content(server, muster):
    cursor = server.curl("GET", "/events/cursor").json["cursor"]
    report = muster.json("simulate", "--machines", "50", "--workflow", "discover", "--failures", "10", "--log-bytes", "300")
    machines = {machine["Uuid"]: machine for machine in server.curl("GET", "/machines?Name=Re(^sim-)").json}
    assert len(machines) == 50
    assert {(machine["WorkflowComplete"], machine["Stage"]) for machine in machines.values()} == {(True, "remote-access")}
    tasks = [entry for entry in next(iter(machines.values()))["Tasks"] if ":" not in entry]
    finished, failed = 0, 0
    for uuid, jobs in jobs_by_machine(server).items():
        done = [job["Task"] for job in jobs if job["State"] == "finished" and ":" not in job["Task"]]
        assert done == tasks, machines[uuid]["Name"]
        finished += len(done)
        failed += sum(job["State"] == "failed" for job in jobs)
        log = server.curl("GET", f"/jobs/{jobs[-1]['Uuid']}/log").body
        assert log.startswith(f"Log for Job: {jobs[-1]['Uuid']}\nstep done".encode()) and len(log) == 50 + 300
    assert (report["jobs"], report["failures"]) == (finished, failed) == (50 * len(tasks), failed)
    assert failed > 0 and report["logBytes"] == (finished + failed) * 300
    events = collections.Counter()
    while page := server.curl("GET", f"/events?since={cursor}&limit=1000&filter=jobs.*.*").json:
        for event in page["events"]:
            events[event["Action"], (event["Object"] or {}).get("State")] += 1
        if page["cursor"] == cursor:
            break
        cursor = page["cursor"]
    assert events["update", "finished"] == finished and events["update", "failed"] == failed


def test_machines_begin_anew_and_can_be_taken_away(server, muster):
    assert muster.json("simulate", "--machines", "5", "--tasks", "3")["jobs"] == 15
    assert muster.json("simulate", "--machines", "5", "--tasks", "4", "--failures", "0")["jobs"] == 20
    text = muster.ok("simulate", "--machines", "1", "--tasks", "2", "--failures", "0")
    assert text.startswith("1 machines, 2 jobs in ") and "REQUEST" in text
    muster.ok("simulate", "--machines", "50", "--clean")
    for path in ("/machines", "/jobs", "/workflows?Name=simulate", "/tasks?Name=Re(^simulate-)"):
        assert server.curl("GET", path).json == []


@pytest.mark.parametrize("arguments, said", [
    (["--machines", "0"], "--machines: from 1 to 1000000, not 0"), (["--tasks", "1001"], "--tasks: from 1 to 1000"),
    (["--at-once", "0"], "--at-once: from 1"), (["--failures", "100"], "--failures: from 0 to 90"),
    (["--log-bytes", "-1"], "--log-bytes"), (["--workflow", "none-such"], "Workflow none-such does not exist"),
])
def test_what_makes_no_sense_is_refused(muster, arguments, said):
    done = muster("simulate", *arguments)
    assert done.returncode != 0 and said in done.stderr, done.stderr


def test_no_job_runs_twice_that_ended_and_none_is_forgotten_when_the_server_dies(tmp_path, fresh):
    server = fresh()
    muster = CommandLine(tmp_path, server)
    play = muster.start("simulate", "--machines", "20", "--tasks", "12", "--at-once", "20", "--failures", "0", "-o", "json")
    for _ in range(4):
        deadline, before = time.monotonic() + 60, len(server.curl("GET", "/jobs").json)
        while len(server.curl("GET", "/jobs").json) < before + 20 and play.poll() is None:
            assert time.monotonic() < deadline
        server.kill()
        server.start()
    output, complaints = play.communicate(timeout=120)
    assert play.returncode == 0, complaints
    jobs = jobs_by_machine(server)
    assert len(jobs) == 20
    for uuid, own in jobs.items():
        assert [(job["Task"], job["State"]) for job in own] == [(f"simulate-{number}", "finished") for number in range(1, 13)]
    assert {machine["WorkflowComplete"] for machine in server.curl("GET", "/machines").json} == {True}
    assert json.loads(output)["jobs"] == 240
