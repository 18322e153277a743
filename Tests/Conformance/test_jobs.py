"""Machines that work through their task lists: one rule of workflows and jobs after the other, as runners and operators see them."""

import concurrent.futures
import uuid

import pytest
from muster_process import Server
from runner import NOBODY, Machine


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("jobs")).start()
    request.addfinalizer(running.stop)

    def made(path, **body):
        reply = running.curl("POST", path, body)
        assert reply.status == 201, reply.body

    for name in ("base", "t1", "t2", "t3", "mend"):
        made("/tasks", Name=name)
    made("/tasks", Name="deep", Prerequisites=["base"])
    made("/tasks", Name="needs", Prerequisites=["deep", "base"])
    for name in ("env1", "env2", "os-install"):
        made("/bootenvs", Name=name, OS={"Name": f"{name}-os"})
    made("/stages", Name="s1", BootEnv="env1", Tasks=["t1", "t2"])
    made("/stages", Name="s2", BootEnv="env2", Tasks=["t3"])
    made("/stages", Name="plain", Tasks=["t1", "t2"])
    made("/stages", Name="more", Tasks=["t3"])
    made("/stages", Name="wants", BootEnv="env1", Tasks=["needs", "t1", "needs"])
    made("/stages", Name="install", BootEnv="os-install", Tasks=["t1"])
    made("/workflows", Name="wf1", Stages=["s1", "s2"])
    made("/workflows", Name="soft", Stages=["plain", "more"])
    made("/workflows", Name="prerequisites", Stages=["wants", "s2", "wants"])
    made("/workflows", Name="installs", Stages=["install"])
    made("/workflows", Name="idle", Stages=["none"])
    return running


WF1 = ["stage:s1", "bootenv:env1", "t1", "t2", "stage:s2", "bootenv:env2", "t3"]


# Workflows, and what follows from them (C §15.1, §15.2)


def test_a_workflow_sets_the_task_list_and_enters_its_first_stage_at_once(server):
    machine = Machine(server)
    assert machine.get("Tasks", "CurrentTask", "WorkflowComplete", "Runnable") == [[], 0, True, True]
    assert machine.set(Workflow="wf1").status == 200
    assert machine.get("Tasks", "CurrentTask", "Stage", "BootEnv", "Runnable", "WorkflowComplete") == [
        WF1, -1, "s1", "env1", False, False]


def test_a_new_machine_begins_with_its_workflow_and_can_run_at_once(server):
    machine = Machine(server, Workflow="wf1")
    assert machine.get("Tasks", "CurrentTask", "Stage", "BootEnv", "Runnable", "WorkflowComplete") == [
        WF1, -1, "s1", "env1", True, False]


def test_a_new_machine_has_the_tasks_and_the_bootenv_of_its_stage(server):
    assert Machine(server, Stage="s2").get("Tasks", "CurrentTask", "BootEnv", "WorkflowComplete") == [
        ["t3"], -1, "env2", False]


def test_prerequisites_stand_before_the_first_task_that_needs_them_in_each_bootenv(server):
    machine = Machine(server, Workflow="prerequisites")
    wants = ["stage:wants", "bootenv:env1", "base", "deep", "needs", "t1", "needs"]
    assert machine.get("Tasks") == [[*wants, "stage:s2", "bootenv:env2", "t3", *wants]]


def test_a_workflow_taken_away_leaves_nothing_to_do(server):
    machine = Machine(server, Workflow="wf1")
    machine.set(Workflow="")
    assert machine.get("Stage", "Tasks", "CurrentTask", "WorkflowComplete", "BootEnv") == ["none", [], 0, True, "env1"]


def test_the_context_is_set_back_to_the_one_that_the_machine_has_as_its_base(server):
    machine = Machine(server, Meta={"BaseContext": "pod"}, Context="other")
    machine.set(Workflow="soft")
    assert machine.get("Context") == ["pod"]


def test_stage_and_bootenv_follow_from_the_workflow_alone(server):
    machine = Machine(server, Workflow="wf1")
    assert machine.refused(Stage="s2") == [
        "Cannot change Stage from s1 to s2: the machine is in the workflow wf1, which sets it. "
        "Change the Workflow, or clear it first"]
    assert "Cannot change BootEnv from env1 to env2" in machine.refused(BootEnv="env2")[0]


def test_a_stage_sets_tasks_and_bootenv_but_not_while_tasks_wait(server):
    machine = Machine(server)
    assert machine.set(Stage="s1").status == 200
    assert machine.get("Tasks", "CurrentTask", "BootEnv", "Runnable") == [["t1", "t2"], -1, "env1", False]
    assert machine.refused(Stage="s2") == ["Can not change stages with pending tasks unless forced"]
    assert machine.set("?force=true", Stage="s2").status == 200
    assert machine.get("Tasks", "Stage", "BootEnv") == [["t3"], "s2", "env2"]


def test_another_bootenv_has_the_machine_wait_until_it_booted(server):
    machine = Machine(server)
    machine.set(BootEnv="env2")
    assert machine.get("Runnable", "BootEnv") == [False, "env2"]


def test_a_bootenv_that_installs_says_what_the_machine_has_then(server):
    assert Machine(server, Workflow="installs").get("OS") == ["os-install-os"]


def test_the_position_goes_back_within_the_bootenv_and_never_forward(server):
    machine = Machine(server, Workflow="wf1")
    assert machine.refused(CurrentTask=0) == ["Cannot advance CurrentTask from -1 to 0 without running jobs"]
    assert [machine.run(), machine.run()] == [(2, "t1"), (3, "t2")]
    assert machine.next() is None
    machine.boot()
    assert machine.run() == (6, "t3")
    assert machine.refused(CurrentTask=0) == ["Cannot change CurrentTask from 6 to 0 past 4"]
    assert machine.set(CurrentTask=5).status == 200
    assert machine.run() == (6, "t3")
    assert machine.set(CurrentTask=-1).status == 200
    assert machine.get("CurrentTask") == [4]
    assert machine.run() == (6, "t3")


def test_a_machine_begins_again_where_nothing_forbids_it(server):
    machine = Machine(server, Workflow="soft")
    assert [machine.run() for _ in range(3)] == [(1, "t1"), (2, "t2"), (4, "t3")]
    assert machine.set(CurrentTask=-1).status == 200
    assert machine.get("CurrentTask", "WorkflowComplete") == [-1, False]
    assert machine.run() == (1, "t1")


def test_only_what_has_not_run_can_be_edited(server):
    machine = Machine(server, Tasks=["t1", "t2", "t3"])
    machine.run()
    assert machine.refused(Tasks=[]) == ["Cannot remove tasks that have already executed or are already executing"]
    assert machine.refused(Tasks=["t2", "t1"]) == ["Cannot change tasks that have already executed or are executing"]
    assert machine.set(Tasks=["t1", "t3"]).status == 200
    assert machine.run() == (1, "t3")
    assert machine.next() is None
    assert machine.set(Tasks=["t1", "t3", "t2"]).status == 200
    assert machine.get("WorkflowComplete") == [False]
    assert machine.next() == (2, "t2")


def test_a_locked_machine_is_left_alone(server):
    machine = Machine(server, Tasks=["t1"])
    machine.set(Locked=True)
    assert machine.refused(Workflow="wf1") == ["Locked"]
    assert machine.order().json["Messages"] == [f"Machine {machine.uuid} is locked"]
    machine.set(Locked=False)
    assert machine.next() == (0, "t1")


# Jobs (C §15.3)


def test_a_job_says_what_is_done_where_and_what_came_before(server):
    machine = Machine(server, Workflow="wf1")
    wanted = str(uuid.uuid4())
    reply = machine.order(Uuid=wanted)
    job = reply.json
    assert reply.status == 201
    assert {name: job[name] for name in (
        "Uuid", "Machine", "Task", "Stage", "BootEnv", "Workflow", "State", "ExitState", "Previous", "CurrentIndex",
        "NextIndex", "Current", "Archived")} == {
        "Uuid": wanted, "Machine": machine.uuid, "Task": "t1", "Stage": "s1", "BootEnv": "env1", "Workflow": "wf1",
        "State": "created", "ExitState": "", "Previous": NOBODY, "CurrentIndex": 2, "NextIndex": 3, "Current": True,
        "Archived": False}
    assert job["StartTime"] > "2020" and job["EndTime"] == "0001-01-01T00:00:00Z"
    assert machine.get("CurrentJob", "CurrentTask") == [wanted, 2]
    machine.job = wanted
    ended = machine.end()
    assert (ended["ExitState"], ended["EndTime"] > "2020") == ("complete", True)
    second = machine.order().json
    assert (second["Previous"], second["CurrentIndex"]) == (wanted, 3)
    assert server.curl("GET", f"/jobs/{wanted}").json["Current"] is False


def test_a_machine_has_one_job_at_a_time(server):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    for _ in range(2):
        reply = machine.order()
        assert (reply.status, reply.json) == (409, {
            "Code": 409, "Key": "", "Model": "", "Type": "Conflict",
            "Messages": [f"Machine {machine.uuid} already has running or created job"]})
        server.curl("PATCH", f"/jobs/{machine.job}", [{"op": "replace", "path": "/State", "value": "running"}])


def test_whoever_asks_again_with_the_uuid_of_the_job_that_was_made_gets_it(server):
    machine = Machine(server, Tasks=["t1"])
    wanted = str(uuid.uuid4())
    assert [machine.order(Uuid=wanted).status for _ in range(2)] == [201, 202]


@pytest.mark.parametrize("change, message", [
    ({"Runnable": False}, "Machine {} is not runnable"), ({"Locked": True}, "Machine {} is locked"),
])
def test_no_job_is_begun_on_a_machine_that_cannot_run(server, change, message):
    machine = Machine(server, Tasks=["t1"])
    machine.set(**change)
    assert machine.order().json["Messages"] == [message.format(machine.uuid)]


def test_an_unknown_machine_has_no_jobs(server):
    reply = server.curl("POST", "/jobs", {"Machine": NOBODY})
    assert (reply.status, reply.json["Messages"]) == (422, [f"Machine {NOBODY} does not exist"])


def test_all_done_is_no_content_and_completes_the_workflow(server):
    machine = Machine(server, Tasks=["t1"])
    machine.run()
    assert machine.get("WorkflowComplete") == [False]
    reply = machine.order()
    assert (reply.status, reply.body, reply.headers["content-type"]) == (204, b"", "application/json")
    assert machine.get("WorkflowComplete", "CurrentTask") == [True, 1]
    assert machine.order().status == 204


def test_an_incomplete_job_is_given_again(server):
    machine = Machine(server, Tasks=["t1", "t2"])
    machine.next()
    machine.end("incomplete")
    reply = machine.order()
    assert (reply.status, reply.json["Uuid"], reply.json["State"]) == (202, machine.job, "incomplete")
    machine.end()
    assert machine.next() == (1, "t2")


def test_a_failed_task_is_given_again_as_another_job(server):
    machine = Machine(server, Tasks=["t1", "t2"])
    machine.next()
    failed = machine.job
    assert machine.end("failed")["ExitState"] == "failed"
    assert machine.next() == (0, "t1")
    assert machine.job != failed
    machine.end()
    assert machine.next() == (1, "t2")


def test_a_bootenv_has_a_job_and_ends_the_work_until_the_machine_booted(server):
    machine = Machine(server, Workflow="wf1")
    machine.run()
    machine.run()
    assert machine.next() is None
    assert machine.get("Stage", "BootEnv", "Runnable", "CurrentTask") == ["s2", "env2", False, 5]
    assert machine.order().json["Messages"] == [f"Machine {machine.uuid} is not runnable"]
    machine.boot()
    assert machine.run() == (6, "t3")
    assert machine.next() is None
    assert machine.jobs() == [
        ("t1", "finished"), ("t2", "finished"), ("stage:s2", "finished"), ("bootenv:env2", "finished"), ("t3", "finished")]
    jobs = {job["Task"]: job for job in server.curl("GET", f"/jobs?Machine={machine.uuid}").json}
    assert [(jobs["stage:s2"][name]) for name in ("CurrentIndex", "NextIndex", "Stage", "BootEnv", "ExitState")] == [
        4, 5, "s2", "env1", "complete"]
    assert [(jobs["bootenv:env2"][name]) for name in ("CurrentIndex", "NextIndex", "Stage", "BootEnv")] == [5, 6, "s2", "env2"]
    log = server.curl("GET", f"/jobs/{jobs['bootenv:env2']['Uuid']}/log").body.decode()
    assert log == (f"Log for Job: {jobs['bootenv:env2']['Uuid']}\n"
                   f"Machine <{machine.uuid}> changing from bootenv env1 to env2\n")


def test_entries_that_change_nothing_have_no_job(server):
    machine = Machine(server, Workflow="soft")
    assert [machine.run(), machine.run(), machine.run(), machine.run()] == [(1, "t1"), (2, "t2"), (4, "t3"), None]
    assert machine.jobs() == [("t1", "finished"), ("t2", "finished"), ("stage:more", "finished"), ("t3", "finished")]


def test_a_workflow_of_nothing_to_do_is_complete(server):
    machine = Machine(server, Workflow="idle")
    assert machine.next() is None
    assert machine.get("WorkflowComplete", "CurrentTask") == [True, 1]


def test_another_context_is_for_another_runner(server):
    machine = Machine(server, Tasks=["t1", "context:pod", "t2", "context:", "t3"])
    assert machine.run() == (0, "t1")
    assert machine.next() is None
    assert machine.get("Context", "CurrentTask") == ["pod", 1]
    assert machine.next() is None
    assert machine.next(Context="pod") == (2, "t2")
    machine.end()
    assert machine.next(Context="pod") is None
    assert machine.next() == (4, "t3")


def test_a_change_of_the_root_directory_is_the_runners(server):
    machine = Machine(server, Tasks=["chroot:/mnt", "t1"])
    assert machine.run() == (0, "chroot:/mnt")
    assert machine.run() == (1, "t1")


def test_an_action_that_nobody_offers_fails_its_job(server):
    machine = Machine(server, Tasks=["action:explode", "t1"])
    assert machine.order().status == 204
    assert machine.get("Runnable") == [False]
    (job,) = server.curl("GET", f"/jobs?Machine={machine.uuid}").json
    assert (job["State"], job["ExitState"]) == ("failed", "failed")
    log = server.curl("GET", f"/jobs/{job['Uuid']}/log").body.decode()
    assert log.startswith(f"Log for Job: {job['Uuid']}\nAction explode validation failed:\n")
    assert "Action explode on machines: Not Found" in log


# What becomes of a job's end (C §15.2)


def test_a_machine_that_works_step_by_step_stops_after_each_task(server):
    machine = Machine(server, Tasks=["t1", "t2"], Params={"task-single-step": True})
    machine.run()
    assert machine.get("Runnable") == [False]
    machine.boot()
    assert machine.run() == (1, "t2")


def test_a_machine_stops_before_tasks_that_it_is_told_to_stop_at(server):
    machine = Machine(server, Tasks=["t1", "t2"], Params={"task-stop-at": ["t2"]})
    assert [machine.run(), machine.next()] == [(0, "t1"), None]
    assert machine.get("Runnable", "WorkflowComplete") == [False, False]
    machine.boot()
    assert machine.run() == (1, "t2")


def test_a_failed_task_is_tried_again_after_a_while_as_often_as_it_may_be(server):
    machine = Machine(server, Tasks=["t1", "t2"], Params={"task-retry": {"t1": 1}})
    machine.run("failed")
    assert machine.get("RetryTaskAttempt", "Runnable") == [1, False]
    # The object's validator changes when the server lets the machine go on.
    tag = server.curl("HEAD", f"/machines/{machine.uuid}").headers["etag"]
    waited = server.curl("GET", f"/machines/{machine.uuid}", headers=[f"If-None-Match: {tag}", "Prefer: wait=60s"])
    assert (waited.status, waited.json["Runnable"]) == (200, True)
    machine.run("failed")
    assert machine.get("RetryTaskAttempt") == [0]
    assert machine.run() == (0, "t1")


def test_a_machine_that_is_stopped_while_its_task_waits_to_be_tried_again_stays_so(server):
    stopped, other = (Machine(server, Tasks=["t1"], Params={"task-retry": {"t1": 5}}) for _ in range(2))
    for machine in (stopped, other):
        machine.run("failed")
        assert machine.get("RetryTaskAttempt", "Runnable") == [1, False]
    assert stopped.set(Runnable=False).status == 200
    assert stopped.get("RetryTaskAttempt", "Runnable") == [0, False]
    # The other, which failed later, goes on; then the first one's time is over as well.
    until_runnable(server, other)
    assert stopped.get("Runnable") == [False]
    # Whoever lets it go on and stops it at once does not mean to have it tried again either.
    other.run("failed")
    for runnable in (True, False):
        other.set(Runnable=runnable)
    assert other.get("RetryTaskAttempt", "Runnable") == [0, False]


def test_the_runner_of_a_machine_does_not_stop_its_own_retries(server):
    machine = Machine(server, Tasks=["t1"], Params={"task-retry": {"t1": 5}})
    token = server.curl("GET", f"/machines/{machine.uuid}/token").json["Token"]
    machine.run("failed")
    stop = [{"op": "replace", "path": "/Runnable", "value": False}]
    assert server.curl("PATCH", f"/machines/{machine.uuid}", stop, token=token).status == 200
    assert machine.get("RetryTaskAttempt") == [1]
    until_runnable(server, machine)


def until_runnable(server, machine):
    """Waits until the server lets a machine go on."""
    while machine.get("Runnable") == [False]:
        tag = server.curl("HEAD", f"/machines/{machine.uuid}").headers["etag"]
        server.curl("GET", f"/machines/{machine.uuid}", headers=[f"If-None-Match: {tag}", "Prefer: wait=60s"])


@pytest.mark.parametrize("task", ["t1", "action:explode"])
def test_the_failure_of_a_task_counts_once_however_often_it_is_undone(server, task):
    machine = Machine(server, Tasks=[task], Params={"task-retry": {task: 20}})
    # So late an attempt waits for long, and the server changes nothing meanwhile.
    machine.set(RetryTaskAttempt=9)
    if task == "t1":
        machine.run("failed")
    else:
        assert machine.order().status == 204
    failed = machine.get()
    assert failed["RetryTaskAttempt"] == 10
    revision = server.revision(f"/machines/{machine.uuid}")
    for _ in range(4):
        assert server.curl("POST", f"/changes/{revision}/undo?force=true").status in (200, 201)
        revision = server.revision(f"/machines/{machine.uuid}")
    assert machine.get() == failed


def test_handlers_run_when_a_task_fails_and_then_the_task_again(server):
    machine = Machine(server, Tasks=["t1", "t2", "t3"], Params={"task-error-handlers": {"t2": ["mend", "t1"]}})
    machine.run()
    machine.set(Runnable=True)
    assert machine.run("failed") == (1, "t2")
    assert machine.get("Tasks", "CurrentTask", "TaskErrorStacks", "Runnable") == [
        ["mend", "t1"], -1, [{"CurrentTask": 1, "TaskList": ["t1", "t2", "t3"]}], True]
    assert [machine.run(), machine.run()] == [(0, "mend"), (1, "t1")]
    assert machine.run() == (1, "t2")
    assert machine.get("Tasks", "TaskErrorStacks") == [["t1", "t2", "t3"], []]
    assert [machine.run(), machine.run()] == [(2, "t3"), None]


def test_the_failure_of_a_handler_is_not_handled(server):
    machine = Machine(server, Tasks=["t1"], Params={"task-error-handlers": {"t1": ["mend"], "mend": ["t2"]}})
    machine.run("failed")
    assert machine.run("failed") == (0, "mend")
    assert machine.get("Tasks") == [["mend"]]


def test_handlers_that_do_not_exist_are_told_of_in_the_log(server):
    machine = Machine(server, Tasks=["t1"], Params={"task-error-handlers": {"t1": ["gone"]}})
    machine.run("failed")
    assert machine.get("Tasks", "TaskErrorStacks") == [["t1"], []]
    assert b"Task gone does not exist" in server.curl("GET", f"/jobs/{machine.job}/log").body


@pytest.mark.parametrize("steps, refused", [
    (["running", "created"], "running to created"), (["running", "finished", "running"], "finished to running"),
    (["failed", "finished"], "failed to finished"), (["running", "incomplete", "running", "finished"], None),
])
def test_a_job_goes_one_way(server, steps, refused):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    for step in steps:
        reply = server.curl("PATCH", f"/jobs/{machine.job}", [{"op": "replace", "path": "/State", "value": step}])
    assert reply.status == (422 if refused else 200)
    if refused:
        assert f"Cannot change State from {refused}" in reply.json["Messages"][0]


# Logs and scripts (C §15.4)


def test_a_log_is_appended_to_and_read_in_parts(server):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    path, raw = f"/jobs/{machine.job}/log", ["Content-Type: application/octet-stream"]
    head = f"Log for Job: {machine.job}\n".encode()
    pieces = [b"one\n", b"", bytes(range(256)) * 1024, b"x" * 3_000_000, b"end"]
    for piece in pieces:
        reply = server.curl("PUT", path, piece, headers=raw)
        assert (reply.status, reply.headers["content-type"]) == (204, "application/json")
    whole = head + b"".join(pieces)
    reply = server.curl("GET", path)
    assert (reply.body == whole, reply.headers["content-type"]) == (True, "application/octet-stream")
    assert server.curl("HEAD", path).headers["content-length"] == str(len(whole))
    for first, last in [(0, 3), (50, 300_000), (len(whole) - 3, len(whole) - 1)]:
        part = server.curl("GET", path, headers=[f"Range: bytes={first}-{last}"])
        assert (part.status, part.body == whole[first:last + 1]) == (206, True)
    assert server.curl("GET", path, headers=[f"Range: bytes={len(whole)}-"]).status == 416


def test_a_log_can_be_followed_until_the_job_ends(server):
    import subprocess

    machine = Machine(server, Tasks=["t1"])
    machine.next()
    url = f"{server.url}/jobs/{machine.job}/log"
    follower = subprocess.Popen(
        ["curl", "-sSkN", "-u", "rocketskates:r0cketsk8ts", f"{url}?follow=true"], stdout=subprocess.PIPE)
    assert follower.stdout.readline() == f"Log for Job: {machine.job}\n".encode()
    for line in (b"first\n", b"second\n"):
        server.curl("PUT", f"/jobs/{machine.job}/log", line)
        assert follower.stdout.readline() == line
    machine.end()
    server.curl("PUT", f"/jobs/{machine.job}/log", b"late\n")
    assert follower.wait(60) == 0
    assert follower.stdout.read() in (b"", b"late\n")


@pytest.mark.parametrize("method, body", [("GET", None), ("PUT", b"x")])
def test_the_log_of_no_job_is_refused_in_the_words_that_clients_know(server, method, body):
    reply = server.curl(method, "/jobs/john/log", body)
    assert (reply.status, reply.json) == (422, {
        "Code": 422, "Key": "", "Model": "", "Type": "ValidationError", "Messages": ["Job john does not exist"]})


def test_scripts_are_rendered_for_the_machine_and_the_runners_system(server):
    server.curl("POST", "/tasks", {"Name": "scripted", "RequiredParams": ["needed"], "Templates": [
        {"Name": "run", "Contents": "echo {{.Machine.Name}} {{.Param \"needed\"}}", "Meta": {"OS": "linux, darwin"}},
        {"Name": "file", "Path": "/etc/{{.Machine.Name}}", "Contents": "{{.Task.Name}}", "Meta": {"OS": "any"}},
        {"Name": "other", "Contents": "dir", "Meta": {"OS": "windows"}}]})
    machine = Machine(server, Name="script-m", Tasks=["scripted"])
    machine.next()
    path = f"/jobs/{machine.job}/actions"
    missing = server.curl("GET", path)
    assert (missing.status, missing.json["Messages"]) == (
        400, ["Task scripted requires the param needed, and the machine has none: set it"])
    server.curl("POST", f"/machines/{machine.uuid}/params/needed", "v")
    linux = server.curl("GET", f"{path}?os=linux").json
    assert linux == [
        {"Name": "run", "Path": "", "Content": "echo script-m v", "Meta": {"OS": "linux, darwin"}},
        {"Name": "file", "Path": "/etc/script-m", "Content": "scripted", "Meta": {"OS": "any"}}]
    assert [each["Name"] for each in server.curl("GET", f"{path}?os=windows").json] == ["file", "other"]
    assert len(server.curl("GET", path).json) == 3


def test_a_task_with_more_rights_gives_its_job_a_token_that_has_them(server):
    server.curl("POST", "/tasks", {"Name": "elevated", "ExtraClaims": [
        {"scope": "profiles", "action": "get", "specific": "global"}]})
    machine = Machine(server, Tasks=["t1", "elevated"])
    token = server.curl("GET", f"/machines/{machine.uuid}/token").json["Token"]
    order = {"Machine": machine.uuid}
    plain = server.curl("POST", "/jobs", order, token=token).json
    assert "Token" not in plain
    assert server.curl("GET", "/profiles/global", token=token).status == 404
    machine.job = plain["Uuid"]
    machine.end()
    elevated = server.curl("POST", "/jobs", order, token=token).json
    assert elevated["ExtraClaims"] == [{"scope": "profiles", "action": "get", "specific": "global"}]
    assert server.curl("GET", "/profiles/global", token=elevated["Token"]).status == 200
    assert "Token" not in server.curl("GET", f"/jobs/{elevated['Uuid']}").json
    assert server.curl("GET", "/profiles/other", token=elevated["Token"]).status == 404


def test_a_runner_does_everything_with_the_token_of_its_machine(server):
    machine, other = Machine(server, Tasks=["t1"]), Machine(server, Tasks=["t1"])
    token = server.curl("GET", f"/machines/{machine.uuid}/token").json["Token"]
    job = server.curl("POST", "/jobs", {"Machine": machine.uuid}, token=token).json
    one = f"/jobs/{job['Uuid']}"
    patch = [{"op": "test", "path": "/State", "value": "created"}, {"op": "replace", "path": "/State", "value": "running"}]
    assert server.curl("PATCH", one, patch, token=token).status == 200
    assert server.curl("GET", "/tasks/t1", token=token).status == 200
    assert server.curl("GET", f"{one}/actions?os=linux", token=token).status == 200
    assert server.curl("PUT", f"{one}/log", b"done\n", token=token).status == 204
    assert server.curl("PATCH", f"/machines/{machine.uuid}", [
        {"op": "replace", "path": "/Runnable", "value": False}], token=token).status == 200
    other.next()
    assert server.curl("PUT", f"/jobs/{other.job}/log", b"x", token=token).status in (403, 404)
    third = Machine(server, Tasks=["t1"])
    assert server.curl("POST", "/jobs", {"Machine": third.uuid}, token=token).status == 403
    assert third.next() == (0, "t1")
    assert server.curl("GET", f"/jobs/{other.job}/actions", token=token).status in (403, 404)


# What is forgotten (C §15.4)


def test_jobs_are_forgotten_as_asked_but_not_what_counts(server):
    machine = Machine(server, Tasks=["t1", "t2", "t3"])
    machine.run()
    machine.run("failed")
    machine.set(Runnable=True)
    machine.run()
    machine.next()
    done = [job for job in server.curl("GET", f"/jobs?Machine={machine.uuid}&sort=StartTime").json]
    assert len(done) == 4
    base = f"/jobs?machine={machine.uuid}"
    tried = server.curl("DELETE", f"{base}&dryrun=true&jobsToKeep=0").json
    assert tried == [job["Uuid"] for job in done[:3]]
    assert server.curl("DELETE", f"{base}&jobsToKeep=3").json == tried[:1]
    assert server.curl("GET", f"/jobs/{tried[0]}/log").status == 422
    assert server.curl("DELETE", f"{base}&failedJobsPurgedAfter=0s").json == tried[1:2]
    assert server.curl("DELETE", f"{base}&completeJobsPurgedAfter=1h").json == []
    server.curl("DELETE", f"/machines/{machine.uuid}")
    assert sorted(server.curl("DELETE", "/jobs?machine=missing").json) == sorted(job["Uuid"] for job in done[2:])


@pytest.mark.parametrize("query", ["jobsToKeep=-1", "jobsToKeep=x", "failedJobsPurgedAfter=soon", "nonsense=1"])
def test_a_purge_that_makes_no_sense_forgets_nothing(server, query):
    assert server.curl("DELETE", f"/jobs?{query}").status == 400


def test_a_job_can_be_archived(server):
    machine = Machine(server, Tasks=["t1"])
    machine.run()
    assert server.curl("POST", f"/jobs/{machine.job}/archive").json["Archived"] is True


def test_a_machine_is_started_anew_or_cleaned_up(server):
    machine = Machine(server, Workflow="soft")
    machine.run()
    patch = [{"op": "replace", "path": "/Workflow", "value": "soft"}, {"op": "replace", "path": "/Runnable", "value": True}]
    started = server.curl("PATCH", f"/machines/{machine.uuid}/start", patch)
    assert (started.status, started.json["CurrentTask"], started.json["Runnable"]) == (200, -1, True)
    assert server.curl("DELETE", f"/machines/{machine.uuid}/cleanup").json["Uuid"] == machine.uuid
    assert server.curl("GET", f"/machines/{machine.uuid}").status == 404


# One request, one revision


def test_all_that_an_order_does_is_one_change_and_can_be_undone(server):
    machine = Machine(server, Workflow="wf1")
    machine.run()
    machine.run()
    before = machine.get()
    assert machine.next() is None
    revision = server.revision(f"/machines/{machine.uuid}")
    changes = server.curl("GET", f"/changes/{revision}").json
    assert sorted(change["type"] for change in changes["changes"]) == ["jobs", "jobs", "jobs", "machines"]
    assert server.curl("POST", f"/changes/{revision}/undo").status in (200, 201)
    assert machine.get() == before


def test_a_new_workflow_can_be_tried_and_undone(server):
    machine = Machine(server, Workflow="soft")
    before = machine.get()
    machine.set(Workflow="wf1")
    assert server.curl("POST", f"/changes/{server.revision(f'/machines/{machine.uuid}')}/undo").status in (200, 201)
    assert machine.get() == before


# Kill -9


def test_no_job_that_ended_runs_again_after_a_crash_and_none_is_forgotten(fresh):
    server = fresh()
    for name in ("t1", "t2", "t3"):
        server.curl("POST", "/tasks", {"Name": name})
    machines = [Machine(server, Tasks=["t1", "t2", "t3"]) for _ in range(6)]
    ended = {}
    for number, machine in enumerate(machines):
        for _ in range(number % 3):
            machine.run()
            ended.setdefault(machine.uuid, []).append(machine.job)
        if number % 2:
            machine.next()
            server.curl("PUT", f"/jobs/{machine.job}/log", b"half")
    before = {machine.uuid: machine.jobs() for machine in machines}
    server.kill()
    server.start()
    for number, machine in enumerate(machines):
        assert machine.jobs() == before[machine.uuid]
        if number % 2:
            assert server.curl("GET", f"/jobs/{machine.job}/log").body.endswith(b"\nhalf")
            machine.end()
        while machine.run():
            pass
        assert machine.jobs() == [("t1", "finished"), ("t2", "finished"), ("t3", "finished")]


# Logs whose parts are sent again


def part(server, job, start, body, last=None):
    """Sends bytes of a log, which begin at `start`."""
    last = start + len(body) - 1 if last is None else last
    return server.curl("PUT", f"/jobs/{job}/log", body, headers=[
        "Content-Type: application/octet-stream", f"Content-Range: bytes {start}-{last}/*"])


def test_a_part_of_a_log_that_is_sent_again_is_there_once(server):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    log = f"/jobs/{machine.job}/log"
    head = server.curl("GET", log).body
    for _ in range(3):
        assert part(server, machine.job, len(head), b"one two ").status == 204
    assert part(server, machine.job, len(head) + 4, b"two three").status == 204
    assert part(server, machine.job, len(head), b"one").status == 204
    assert server.curl("GET", log).body == head + b"one two three"


def test_a_part_of_a_log_that_leaves_a_gap_is_refused_with_the_size(server):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    size = len(server.curl("GET", f"/jobs/{machine.job}/log").body)
    reply = part(server, machine.job, size + 1, b"late")
    assert (reply.status, reply.json["Messages"]) == (
        409, [f"The log has {size} bytes: what begins at byte {size + 1} cannot be appended to it"])
    assert len(server.curl("GET", f"/jobs/{machine.job}/log").body) == size


@pytest.mark.parametrize("header", ["bytes 5-4/*", "bytes x-9/*", "bytes 0-", "lines 0-3/*", f"bytes 0-{2 ** 64 - 1}/*", "bytes -1-3/*"])
def test_a_range_that_makes_no_sense_is_refused(server, header):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    reply = server.curl("PUT", f"/jobs/{machine.job}/log", b"abcd", headers=[f"Content-Range: {header}"])
    assert reply.status == 400 and "bytes START-END/*" in reply.json["Messages"][0]


@pytest.mark.parametrize("last", [1, 9])
def test_a_body_of_another_length_than_its_range_is_not_stored(server, last):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    before = server.curl("GET", f"/jobs/{machine.job}/log").body
    reply = part(server, machine.job, 0, b"abcd", last=last)
    assert reply.status == 400 and "not as long as" in reply.json["Messages"][0]
    assert server.curl("GET", f"/jobs/{machine.job}/log").body == before


def test_the_same_part_from_many_at_once_is_there_once(server):
    machine = Machine(server, Tasks=["t1"])
    machine.next()
    head = server.curl("GET", f"/jobs/{machine.job}/log").body
    body = b"x" * 200_000
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: part(server, machine.job, len(head), body), range(16)))
    assert {reply.status for reply in replies} == {204}
    assert server.curl("GET", f"/jobs/{machine.job}/log").body == head + body
