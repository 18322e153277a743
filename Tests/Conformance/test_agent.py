"""The runner on machines: what `muster-agent` does with tasks, and what comes through whatever dies meanwhile."""

import os
import pathlib
import subprocess
import uuid

import pytest
from agent_process import AGENT, Agent, Machine, until
from cutting_proxy import CuttingProxy
from muster_process import BINARY, Server


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("agents")).start()
    request.addfinalizer(running.stop)
    for name in ("one", "two", "an-install"):
        assert running.curl("POST", "/bootenvs", {"Name": name}).status == 201
    return running


@pytest.fixture
def machine(server, tmp_path):
    """A function that makes machines with tasks of these scripts."""
    def make(*scripts, server=server, **fields):
        return Machine(server, tmp_path, *scripts, **fields)

    return make


@pytest.fixture
def agent(tmp_path):
    """A function that makes agents; all are ended after the test."""
    made = []

    def make(machine, *flags, folder="agent", **environment):
        made.append(Agent(machine, tmp_path / folder, *flags, **environment))
        return made[-1]

    yield make
    for each in made:
        each.end()


# Tasks


def test_tasks_run_one_after_the_other_until_the_workflow_is_complete(machine, agent):
    given = machine("echo first >>trace", "echo second >>trace", "echo third >>trace")
    assert agent(given).run() == 0
    assert given.read("trace") == "first\nsecond\nthird\n"
    assert given.get("WorkflowComplete", "CurrentTask", "Runnable") == [True, 3, True]
    assert given.jobs() == [("finished", "complete")] * 3


def test_what_scripts_say_is_in_the_jobs_log(machine, agent):
    given = machine("echo to output; echo to errors >&2; echo again")
    agent(given).run()
    assert "to output\nto errors\nagain\n" in given.log()
    assert "muster-agent: the script ended with 0" in given.log()


@pytest.mark.parametrize("code, state, exit_state, runnable, power", [
    (0, "finished", "complete", True, []),
    (1, "failed", "failed", False, []),
    (3, "failed", "failed", False, []),
    (255, "failed", "failed", False, []),
    (16, "finished", "stop", False, []),
    (32, "finished", "poweroff", False, ["poweroff"]),
    (64, "finished", "reboot", False, ["reboot"]),
    (128, "incomplete", "", False, []),
    (144, "incomplete", "stop", False, []),
    (160, "incomplete", "poweroff", False, ["poweroff"]),
    (192, "incomplete", "reboot", False, ["reboot"]),
    (96, "finished", "reboot", False, ["reboot"]),
])
def test_exit_codes_say_what_becomes_of_job_and_machine(machine, agent, code, state, exit_state, runnable, power):
    given = machine(f"echo ran >>trace; exit {code}")
    started = agent(given)
    assert started.run() == (1 if state == "failed" else 0), started.text()
    job = given.job()
    assert (job["State"], job["ExitState"], given.get("Runnable")) == (state, exit_state, [runnable])
    assert started.done() == power and given.read("trace") == "ran\n"


def test_a_script_that_a_signal_ends_has_failed(machine, agent):
    given = machine("kill -9 $$")
    agent(given).run()
    assert given.job()["State"] == "failed" and "was ended by signal 9" in given.log()


def test_scripts_know_where_they_run(machine, agent):
    given = machine("env | sort >environment; pwd >place; cd \"$RS_TASK_DIR\" && pwd >task; ls", **{})
    started = agent(given)
    started.run()
    names = dict(line.split("=", 1) for line in given.read("environment").splitlines() if "=" in line)
    assert (names["RS_UUID"], names["RS_ENDPOINT"]) == (given.uuid, f"https://127.0.0.1:{given.server.port}")
    assert names["RS_TOKEN"] == given.token
    assert names["RS_RUNNER_DIR"] == str(started.folder / "runner")
    assert names["RS_TASK_DIR"].startswith(names["RS_RUNNER_DIR"]) and "PATH" in names and "HOME" in names
    assert {name for name in names if name.startswith("RS_")} == {
        "RS_UUID", "RS_ENDPOINT", "RS_TOKEN", "RS_RUNNER_DIR", "RS_TASK_DIR"}
    # Nothing is left of the task.
    assert not os.path.exists(names["RS_TASK_DIR"])


def test_a_task_has_files_and_scripts_in_their_order(server, tmp_path, agent):
    given = Machine(server, tmp_path)
    target = tmp_path / "made/by/task"
    made = server.curl("POST", "/tasks", {"Name": "files", "Templates": [
        {"Name": "a-file", "Meta": {"OS": "linux"}, "Path": str(target), "Contents": "name = {{.Machine.Name}}\n"},
        {"Name": "first", "Meta": {"OS": "linux,darwin"}, "Contents": f"#!/bin/sh\ncp {target} {tmp_path}/copy\n"},
        {"Name": "for others", "Meta": {"OS": "windows"}, "Contents": "exit 1"},
        {"Name": "without a first line", "Meta": {"OS": "any"}, "Contents": f"echo done >>{tmp_path}/copy"},
        {"Name": "of another kind", "Meta": {"OS": "linux"}, "Contents": f"#!/usr/bin/env -S python3 -I\nprint('python', file=open('{tmp_path}/copy', 'a'))\n"},
    ]})
    assert made.status == 201, made.body
    given.set(Tasks=["files"])
    assert agent(given).run() == 0, given.log()
    assert given.read("copy") == f"name = {given.name}\ndone\npython\n"
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_script_after_one_that_does_not_end_well_is_not_run(server, tmp_path, agent):
    given = Machine(server, tmp_path)
    server.curl("POST", "/tasks", {"Name": "two-steps", "Templates": [
        {"Name": "first", "Contents": "exit 16"}, {"Name": "second", "Contents": f"touch {tmp_path}/second"}]})
    given.set(Tasks=["two-steps"])
    agent(given).run()
    assert given.job()["ExitState"] == "stop" and not (tmp_path / "second").exists()


def test_scripts_run_where_the_file_system_lets_nothing_be_executed(machine, agent, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("mounts, which takes root")
    folder = tmp_path / "noexec"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", folder], check=True)
    try:
        given = machine("echo ran")
        assert agent(given, folder="noexec/agent").run() == 0, given.log()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_task_that_lacks_a_param_fails_and_says_which(server, tmp_path, agent):
    given = Machine(server, tmp_path)
    server.curl("POST", "/tasks", {"Name": "wants", "RequiredParams": ["some/param"], "Templates": [
        {"Name": "x", "Contents": "exit 0"}]})
    given.set(Tasks=["wants"])
    assert agent(given).run() == 1
    assert given.job()["State"] == "failed" and "requires the param some/param" in given.log()


def test_a_task_with_more_rights_runs_with_a_token_that_has_them(server, tmp_path, agent):
    given = Machine(server, tmp_path)
    task = given.task('printf %s "$RS_TOKEN" >token', ExtraClaims=[{"scope": "profiles", "action": "get", "specific": "global"}])
    given.set(Tasks=[task])
    agent(given).run()
    assert given.read("token") != given.token
    assert server.curl("GET", "/profiles/global", token=given.read("token")).status == 200


def test_an_action_that_fails_on_the_server_is_a_failure(machine, agent):
    given = machine("action:nobody-offers-this", "echo ran >trace")
    started = agent(given)
    assert started.run() == 1 and given.job()["Uuid"] in started.text() and not given.read("trace")


def test_a_job_for_which_there_is_no_room_fails_and_says_why(machine, agent):
    given = machine("echo ran >trace")
    started = agent(given)
    # A file where the folder of jobs has its place.
    (started.folder / "runner/jobs").mkdir(parents=True)
    (started.folder / "runner/tasks").write_text("")
    assert started.run() == 1
    assert given.job()["State"] == "failed" and "cannot make" in given.log() and not given.read("trace")


# Output


def test_what_a_script_says_can_be_read_while_it_runs(machine, agent):
    given = machine("echo begun; while [ ! -e go ]; do sleep 0.1; done; echo ended")
    with agent(given):
        until("its first line", lambda: given.state() and "begun\n" in given.log())
        assert given.job()["State"] == "running" and "ended\n" not in given.log()
        (given.folder / "go").touch()
        until("the end", lambda: given.job()["State"] == "finished")
        assert "begun\nended\n" in given.log()


def test_all_of_a_long_output_arrives(machine, agent):
    given = machine("seq 1 400000")
    assert agent(given).run() == 0
    lines = given.log().splitlines()
    start = lines.index("1")
    assert lines[start:start + 400_000] == [str(number) for number in range(1, 400_001)]


def test_what_a_script_leaves_running_does_not_hold_its_job(machine, agent):
    given = machine("sleep 600 & echo $! >left")
    try:
        assert agent(given).run() == 0
        assert given.job()["State"] == "finished"
        os.kill(int(given.read("left")), 0)
    finally:
        os.kill(int(given.read("left")), 9)


# Waiting


def test_an_agent_without_work_waits_and_hears_of_it_at_once(machine, agent):
    given = machine()
    with agent(given) as waiting:
        until("it waits", lambda: "this is" in waiting.text())
        given.set(Tasks=[given.task("echo woken >trace")])
        until("the task", lambda: given.read("trace"), timeout=10)
        assert waiting.process.poll() is None


def test_a_machine_that_an_operator_stopped_is_left_alone_until_it_may_go_on(machine, agent):
    given = machine("echo ran >>trace", "exit 16", "echo ran >>trace")
    with agent(given) as waiting:
        until("the stop", lambda: ("finished", "stop") in given.jobs())
        waiting.kill()
        waiting.start()
        until("it waits again", lambda: waiting.text().count("this is") == 2 and "is not runnable" in waiting.text())
        assert given.get("Runnable") == [False]
        given.set(Runnable=True)
        until("the rest", lambda: given.read("trace") == "ran\nran\n")


def test_a_machine_whose_task_failed_goes_on_when_it_is_told_to(machine, agent):
    given = machine("[ -e mended ]", "echo ran >trace")
    with agent(given):
        until("the failure", lambda: ("failed", "failed") in given.jobs())
        (given.folder / "mended").touch()
        given.set(Runnable=True)
        until("the rest", lambda: given.read("trace"))


def test_an_agent_hears_of_it_when_the_job_of_another_is_over(machine, agent):
    given = machine("echo begun >>trace; while [ ! -e go ]; do sleep 0.1; done")
    with agent(given, folder="waiting") as waiting, agent(given, folder="other") as other:
        until("one of them waits for the other", lambda: "already has running" in waiting.text() + other.text())
        first, second = (waiting, other) if "already has running" in waiting.text() else (other, waiting)
        second.kill()
        (given.folder / "go").touch()
        patch = [{"op": "replace", "path": "/State", "value": "incomplete"}]
        assert given.server.curl("PATCH", f"/jobs/{given.job()['Uuid']}", patch).status == 200
        until("the end", lambda: given.get("WorkflowComplete") == [True])
        assert first.process.poll() is None and given.jobs() == [("finished", "complete")]


# Boots


def test_another_bootenv_has_the_machine_start_anew_and_then_go_on(machine, agent):
    given = machine("echo before >>trace", "bootenv:two", "echo after >>trace", BootEnv="one")
    first = agent(given).start()
    assert first.wait() == 0 and first.done() == ["reboot"]
    assert given.get("BootEnv", "Runnable") == ["two", False] and given.read("trace") == "before\n"
    # A boot: nothing is left of what was in memory.
    with agent(given, folder="second boot"):
        until("the rest", lambda: given.read("trace") == "before\nafter\n")


def test_an_agent_that_dies_before_the_boot_starts_the_machine_anew_after_all(machine, agent):
    given = machine(BootEnv="one")
    started = agent(given).start()
    until("it waits", lambda: "this is" in started.text())
    started.kill()
    given.set(BootEnv="two")
    assert started.start().wait() == 0 and started.done() == ["reboot"]


def test_an_agent_in_an_installer_leaves_it_alone(machine, agent):
    given = machine("echo installed >trace", "bootenv:local", BootEnv="an-install")
    started = agent(given).start()
    assert started.wait() == 0 and started.done() == [] and given.read("trace") == "installed\n"


def test_a_task_that_starts_the_machine_anew_is_gone_on_from_after_the_boot(machine, agent):
    given = machine("exit 64", "echo after >trace")
    assert agent(given).start().wait() == 0
    assert given.get("Runnable") == [False]
    with agent(given, folder="second boot"):
        until("the rest", lambda: given.read("trace"))


def test_an_incomplete_task_that_starts_the_machine_anew_is_run_again(machine, agent):
    given = machine("echo x >>trace; [ $(wc -l <trace) = 2 ] || exit 192")
    assert agent(given).start().wait() == 0
    with agent(given, folder="second boot"):
        until("its end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "x\nx\n" and given.jobs() == [("finished", "complete")]


def test_a_power_command_that_fails_is_told_of(machine, agent):
    given = machine("exit 64")
    started = agent(given, RS_POWER_COMMAND="exit 3 #")
    started.command = lambda: [AGENT, "--runner-dir", str(started.folder / "runner")]
    assert started.start().wait() == 1
    assert "the command for reboot failed (status 3)" in started.text() and "--power-command" in started.text()


# Deaths


def test_nothing_is_lost_when_the_server_dies_while_a_task_runs(tmp_path, fresh, agent):
    server = fresh()
    given = Machine(server, tmp_path, "for n in $(seq 1 60); do echo line $n; sleep 0.1; done", "echo second >>trace")
    with agent(given):
        until("the first lines", lambda: given.state() and "line 5\n" in given.log())
        first = given.get("CurrentJob")[0]
        server.kill()
        server.start()
        until("the end", lambda: given.get("WorkflowComplete") == [True])
    wanted = "".join(f"line {number}\n" for number in range(1, 61))
    assert wanted in given.log(first) and given.read("trace") == "second\n"
    assert given.jobs() == [("finished", "complete")] * 2


def test_a_task_that_ends_while_the_server_is_away_is_reported_once_it_is_back(tmp_path, fresh, agent):
    server = fresh()
    given = Machine(server, tmp_path, "while [ ! -e go ]; do sleep 0.1; done; seq 1 20000; echo x >>trace", "echo y >>trace")
    with agent(given):
        until("it runs", lambda: given.state() == "running")
        first = given.get("CurrentJob")[0]
        server.kill()
        (given.folder / "go").touch()
        until("its end", lambda: given.read("trace"))
        server.start()
        until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "x\ny\n"
    assert "".join(f"{number}\n" for number in range(1, 20_001)) in given.log(first)


def test_an_agent_that_begins_before_its_server_waits_for_it(tmp_path, fresh, agent):
    server = fresh()
    given = Machine(server, tmp_path, "echo ran >trace")
    server.kill()
    with agent(given) as waiting:
        until("it tries", lambda: "the server does not answer" in waiting.text())
        server.start()
        until("the task", lambda: given.read("trace"))


def test_a_task_whose_agent_was_killed_is_run_again_and_never_twice_at_once(machine, agent):
    given = machine(
        "mkdir alone || { echo two at once >>trace; exit 1; }\n"
        "echo begun >>trace\n"
        "(while [ ! -e go ]; do sleep 0.1; done) || exit 1\n"
        "rmdir alone; echo ended >>trace", "echo next >>trace")
    started = agent(given).start()
    until("it runs", lambda: given.read("trace") == "begun\n")
    started.kill()
    # What the script held when it was killed, as a lock of its own would be gone with it.
    (given.folder / "alone").rmdir()
    started.start()
    until("it runs again", lambda: given.read("trace") == "begun\nbegun\n")
    (given.folder / "go").touch()
    until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "begun\nbegun\nended\nnext\n"
    assert given.jobs() == [("finished", "complete")] * 2
    assert "killed what an earlier agent left" in started.text()


def test_a_task_that_ended_is_not_run_again_because_its_agent_died_before_it_could_tell(tmp_path, fresh, agent):
    server = fresh()
    given = Machine(server, tmp_path, "while [ ! -e go ]; do sleep 0.1; done; echo ran >>trace", "echo next >>trace")
    started = agent(given).start()
    until("it runs", lambda: given.state() == "running")
    server.kill()
    (given.folder / "go").touch()
    until("its end is noted", lambda: list((started.folder / "runner/jobs").glob("*/end")))
    started.kill()
    server.start()
    started.start()
    until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "ran\nnext\n" and given.jobs() == [("finished", "complete")] * 2


def test_an_agent_that_is_asked_to_end_ends_its_task_which_is_run_again(machine, agent):
    given = machine("echo $$ >>trace; while [ ! -e go ]; do sleep 0.1; done")
    started = agent(given).start()
    until("it runs", lambda: given.read("trace"))
    assert started.end() == 0
    assert not os.path.exists(f"/proc/{given.read('trace').split()[0]}")
    assert (given.job()["State"], given.get("Runnable")) == ("incomplete", [True])
    (given.folder / "go").touch()
    started.start()
    until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.jobs() == [("finished", "complete")]


def test_a_job_that_an_operator_ends_is_stopped(machine, agent):
    given = machine("echo $$ >trace; sleep 600", "echo next >trace")
    with agent(given):
        until("it runs", lambda: given.read("trace"))
        script = given.read("trace").strip()
        patch = [{"op": "replace", "path": "/State", "value": "failed"}]
        assert given.server.curl("PATCH", f"/jobs/{given.job()['Uuid']}", patch).status == 200
        until("the script is gone", lambda: not os.path.exists(f"/proc/{script}"))


def test_the_agent_of_a_machine_that_is_gone_ends(machine, agent):
    given = machine()
    started = agent(given).start()
    until("it waits", lambda: "this is" in started.text())
    assert given.server.curl("DELETE", f"/machines/{given.uuid}").status == 200
    assert started.wait() == 1


@pytest.mark.parametrize("seed", range(3))
def test_each_task_runs_once_however_many_answers_are_lost(server, machine, agent, seed):
    proxy = CuttingProxy(server.port, seed)
    given = machine(*[f"echo {number} >>trace; seq 1 3000" for number in range(6)])
    try:
        with agent(given, RS_ENDPOINT=f"https://127.0.0.1:{proxy.port}"):
            until("the end", lambda: given.get("WorkflowComplete") == [True], timeout=120)
    finally:
        proxy.stop()
    assert proxy.count > 3
    assert given.read("trace") == "".join(f"{number}\n" for number in range(6))
    assert given.jobs() == [("finished", "complete")] * 6
    whole = "running the script\n" + "".join(f"{number}\n" for number in range(1, 3001)) + "muster-agent: the script ended with 0\n"
    for job in server.get(f"/jobs?Machine={given.uuid}"):
        assert given.log(job["Uuid"]).endswith(whole)


def test_an_agent_that_waits_hears_of_work_after_its_connection_broke(server, machine, agent):
    proxy = CuttingProxy(server.port, 1, cuts=False)
    given = machine()
    try:
        with agent(given, RS_ENDPOINT=f"https://127.0.0.1:{proxy.port}") as waiting:
            until("it waits", lambda: "this is" in waiting.text() and given.get("WorkflowComplete") == [True])
            proxy.cut()
            given.set(Tasks=[given.task("echo woken >trace")])
            until("the task", lambda: given.read("trace"), timeout=20)
    finally:
        proxy.stop()


# Contexts and roots


def test_each_context_has_an_agent_of_its_own(machine, agent):
    given = machine("echo machine >>trace", "context:pod", "echo pod >>trace", "context:", "echo back >>trace")
    with agent(given), agent(given, "--context", "pod", folder="pod"):
        until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "machine\npod\nback\n"


def test_an_agent_leaves_the_jobs_of_other_contexts_alone(machine, agent):
    given = machine("context:pod", "echo $$ >trace; while [ ! -e go ]; do sleep 0.1; done")
    with agent(given), agent(given, "--context", "pod", folder="pod"):
        until("it runs", lambda: given.read("trace"))
        with agent(given, folder="third") as other:
            until("it waits", lambda: "already has running" in other.text())
            assert given.job()["State"] == "running"
        (given.folder / "go").touch()
        until("the end", lambda: given.get("WorkflowComplete") == [True])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the root directory")
def test_tasks_after_a_change_of_root_run_below_it(server, tmp_path, agent):
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    (root / "bin/busybox").write_bytes(pathlib.Path("/bin/busybox").read_bytes())
    (root / "bin/busybox").chmod(0o755)
    (root / "bin/sh").symlink_to("busybox")
    given = Machine(server, tmp_path, f"chroot:{root}", "#!/bin/sh\npwd >/place; echo $RS_TASK_DIR >/task\n", "chroot:", "echo out >trace")
    assert agent(given).run() == 0, given.log()
    assert (root / "place").read_text() == (root / "task").read_text()
    assert given.read("trace") == "out\n"


@pytest.mark.parametrize("folder, reason", [
    ("relative/path", "must be an absolute path"), ("/no/such/folder", "there is no such folder")])
def test_a_root_that_cannot_be_fails_its_job(machine, agent, folder, reason):
    given = machine(f"chroot:{folder}", "echo ran >trace")
    assert agent(given).run() == 1
    assert given.job()["State"] == "failed" and reason in given.log() and not given.read("trace")


# Beginnings


def test_an_agent_finds_its_machine_by_the_hardware_or_makes_it_known(tmp_path, fresh, agent):
    cards = [card for card in pathlib.Path("/sys/class/net").iterdir() if (card / "device").exists()]
    if not cards:
        pytest.skip("NOT TESTED: no network card to be known by")
    server = fresh()
    given = Machine(server, tmp_path)
    script = given.task("echo $RS_UUID >>trace")
    assert server.curl("POST", "/stages", {"Name": "hello", "Tasks": [script]}).status == 201
    assert server.curl("POST", "/workflows", {"Name": "greet", "Stages": ["hello"]}).status == 201
    for run in (1, 2):
        started = agent(given, "--name-prefix", "found-", "--workflow", "greet", folder=f"run {run}", RS_UUID=None)
        given.token = server.get("/users/rocketskates/token")["Token"]
        assert started.run() == 0, started.text()
    found = [each for each in server.get("/machines") if each["Name"].startswith("found-")]
    assert len(found) == 1 and given.read("trace") == f"{found[0]['Uuid']}\n"


def test_an_agent_says_which_machine_it_is(machine, agent):
    given = machine()
    started = agent(given, "--identify")
    done = subprocess.run(
        started.command(), capture_output=True, text=True, timeout=60,
        env={**os.environ, "RS_ENDPOINT": f"https://127.0.0.1:{given.server.port}", "RS_TOKEN": given.token, "RS_UUID": given.uuid})
    assert (done.returncode, done.stdout) == (0, f"{given.uuid} {given.token}\n")


def test_the_address_is_reported_where_that_is_wanted(machine, agent):
    given = machine(Address="192.0.2.1")
    assert agent(given).run() == 0
    assert given.get("Address") == ["192.0.2.1"]
    assert agent(given, "--report-address", folder="second").run() == 0
    assert given.get("Address") == ["127.0.0.1"]


def test_two_agents_do_not_work_in_one_folder(machine, agent):
    given = machine()
    with agent(given) as first:
        until("it waits", lambda: "this is" in first.text())
        second = agent(given)
        assert second.start().wait() == 6 and "another agent works in" in second.text()


def test_of_two_agents_for_one_machine_one_at_a_time_runs_a_task(machine, agent):
    given = machine()
    script = "mkdir alone || echo two at once >>trace; echo ran >>trace; sleep 0.2; rmdir alone"
    with agent(given) as first, agent(given, folder="second") as second:
        until("both wait", lambda: "this is" in first.text() and "this is" in second.text())
        given.set(Tasks=[given.task(script) for _ in range(8)])
        until("the end", lambda: given.get("WorkflowComplete") == [True])
    assert given.read("trace") == "ran\n" * 8 and given.jobs() == [("finished", "complete")] * 8


def test_an_agent_that_begins_takes_over_what_another_is_at(machine, agent):
    given = machine("echo $$ >>trace; while [ ! -e go ]; do sleep 0.1; done")
    with agent(given) as first:
        until("it runs", lambda: given.read("trace"))
        with agent(given, folder="second"):
            until("it runs again", lambda: len(given.read("trace").split()) == 2)
            script = given.read("trace").split()[0]
            until("the first script is gone", lambda: not os.path.exists(f"/proc/{script}"))
            (given.folder / "go").touch()
            until("the end", lambda: given.get("WorkflowComplete") == [True])
        assert "a job was taken away" in first.text() and given.jobs() == [("finished", "complete")]


@pytest.mark.parametrize("environment, flags, code, words", [
    ({"RS_TOKEN": "nonsense"}, [], 1, "The token may have ended"),
    ({"RS_TOKEN": None}, [], 2, "there is no token: give --token or set RS_TOKEN"),
    ({"RS_ENDPOINT": None}, [], 2, "no server is named: give --endpoint"),
    ({"RS_ENDPOINT": "ftp://x"}, [], 2, "its scheme is neither https nor http"),
    ({"RS_UUID": "no-uuid"}, [], 2, "`no-uuid` is no UUID of a machine"),
    ({"RS_UUID": str(uuid.uuid4())}, [], 1, "machines/"),
    ({}, ["--runner-dir", "relative"], 2, "must be an absolute path"),
    ({}, ["--runner-dir", "/proc/no"], 2, "the folder /proc/no cannot be used"),
    ({}, ["--ca", "/no/such/file"], 2, "/no/such/file holds no certificates"),
    ({}, ["--onshot"], 2, "--onshot"),
])
def test_what_is_wrong_at_the_beginning_is_told_with_the_remedy(machine, agent, environment, flags, code, words):
    started = agent(machine(), *flags, **environment)
    assert started.start().wait() == code, started.text()
    assert words in started.text()


def test_a_certificate_of_another_authority_is_not_trusted(machine, agent, tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout", tmp_path / "key",
         "-out", tmp_path / "ca.pem"], check=True, capture_output=True)
    started = agent(machine(), "--ca", str(tmp_path / "ca.pem"))
    assert started.start().wait() == 5 and "certificate" in started.text()


# What scripts and machines are given


def test_scripts_ask_the_server_through_the_agent(machine, agent):
    given = machine(
        f"PATH={pathlib.Path(AGENT).parent}:$PATH\n"
        "muster-agent request POST \"machines/$RS_UUID/params/some/param\" '{\"a\": 1}' || exit 1\n"
        "muster-agent request GET \"machines/$RS_UUID/params/some/param\" >read || exit 1\n"
        "echo '[{\"op\": \"replace\", \"path\": \"/Description\", \"value\": \"x\"}]' |\n"
        "    muster-agent request PATCH \"machines/$RS_UUID\" - >/dev/null || exit 1\n"
        "muster-agent request DELETE \"machines/$RS_UUID/params/absent\" 2>refused; echo $? >>refused")
    assert agent(given).run() == 0, given.log()
    assert given.read("read") == '{"a":1}\n' and given.get("Description") == ["x"]
    assert given.read("refused").startswith("muster-agent: ") and given.read("refused").endswith("Not Found\n1\n")


@pytest.mark.parametrize("arguments, words", [
    (["FETCH", "machines"], "`FETCH` is none of the methods GET, HEAD"),
    (["POST", "machines", "{"], "the body is no JSON"),
    (["GET"], "`muster-agent request --help` shows how"),
])
def test_a_request_that_makes_no_sense_is_told_of(arguments, words):
    done = subprocess.run(
        [AGENT, "request", *arguments, "--endpoint", "https://127.0.0.1:1", "--token", "x"], capture_output=True, text=True)
    assert done.returncode == 2 and words in done.stderr


def test_help_and_version():
    shown = subprocess.run([AGENT, "--help"], capture_output=True, text=True).stdout
    assert "USAGE: muster-agent " in shown and "-E, --endpoint <url>" in shown and "RS_TOKEN" in shown
    ours = subprocess.run([AGENT, "--version"], capture_output=True, text=True).stdout
    assert ours == subprocess.run([BINARY, "--version"], capture_output=True, text=True).stdout


@pytest.mark.skipif(not (pathlib.Path(BINARY).parent / "muster-agent").exists(), reason="no agent beside the server's program")
def test_machines_are_offered_the_agent_beside_the_servers_program_unless_another_was_uploaded(fresh):
    server = fresh()
    path = "/files/muster-agent.amd64.linux"
    size = (pathlib.Path(BINARY).parent / "muster-agent").stat().st_size
    assert server.curl("HEAD", path, base=server.static_url).headers["content-length"] == str(size)
    assert server.get("/files") == ["muster-agent.amd64.linux"]
    assert server.curl("POST", path, b"another", headers=["Content-Type: application/octet-stream"]).status == 201
    server.stop()
    server.start()
    assert server.curl("GET", path, base=server.static_url).body == b"another"
    assert server.curl("DELETE", path).status == 204
    server.stop()
    server.start()
    assert server.curl("HEAD", path, base=server.static_url).headers["content-length"] == str(size)
