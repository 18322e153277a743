"""Plug-in providers and plug-ins, from their upload to their end (C §18), and the actions that they offer (C §10)."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest
from muster_process import PASSWORD, USER
from runner import Machine
from test_readme import PROJECT, Tour

PROGRAM = pathlib.Path(__file__).parent / "plugins" / "incrementer"
OCTETS = ["Content-Type: application/octet-stream"]


def until(condition, what, seconds=30):
    """What `condition` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} has not come about in {seconds} s")


def upload(server, program=None, name="incrementer", **options):
    content = PROGRAM.read_bytes() if program is None else program
    return server.curl("POST", f"/plugin_providers/{name}", content, headers=OCTETS, **options)


def install(server):
    reply = upload(server)
    assert reply.status == 201, reply.body


def start(server, name="counter", params=None):
    reply = server.curl("POST", "/plugins", {"Name": name, "Provider": "incrementer", "Params": params or {}})
    assert reply.status == 201, reply.body
    return reply.json


def machine(server, name, **fields):
    return server.curl("POST", "/machines", {"Name": name, **fields}).json["Uuid"]


def run(server, path, body=None, **options):
    return server.curl("POST", path, {} if body is None else body, **options)


def programs():
    """The process ids of all plug-ins' programs that run, by their command lines."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        pid = int(process.name)
        with contextlib.suppress(OSError):
            # What leads a group is a program, and no helper of one.
            if "listen" in line and os.getpgid(pid) == pid:
                found[pid] = line
    return found


def program_of(server):
    """The process id of the one plug-in that a server runs; none while there is none."""
    own = [pid for pid, line in programs().items() if any(part.startswith(str(server.root)) for part in line)]
    assert len(own) <= 1
    return own[0] if own else None


@pytest.fixture
def counting(fresh):
    """A server with a plug-in called `counter`. Its root is short enough for sockets to be below it or not."""
    server = fresh()
    install(server)
    start(server)
    assert run(server, "/system/actions/incrstatus").json == "Running"
    return server


def provider_program(definition=None, *, define=None, unpack="true", listen="sleep 1000"):
    """The program of another provider, in shell."""
    define = define or f"cat <<'JSON'\n{json.dumps(definition)}\nJSON"
    return f"#!/bin/sh\ncase $1 in\ndefine) {define}\n;;\nunpack) {unpack};;\nlisten) {listen};;\nesac\n".encode()


def definition(name, **members):
    return {"Name": name, "Version": "v1.0.0", "PluginVersion": 4, **members}


# Providers


def test_an_uploaded_provider_tells_what_it_is_and_brings_files_and_content(fresh):
    server = fresh()
    reply = upload(server)
    assert (reply.status, reply.json) == (201, {"path": "incrementer", "size": PROGRAM.stat().st_size})
    provider = server.get("/plugin_providers/incrementer")
    assert provider["PluginVersion"] == 4 and provider["HasPublish"] is True
    assert provider["AvailableActions"][0] == {
        "Provider": "incrementer", "Model": "machines", "Command": "increment", "RequiredParams": [],
        "OptionalParams": ["incrementer/step", "incrementer/parameter"],
    }
    assert server.curl("GET", "/plugin_providers/incrementer/binary").body == PROGRAM.read_bytes()
    assert server.curl("GET", "/files/plugin_providers/incrementer/testFile").body == b"ImaFile"
    step = server.get("/params/incrementer/step")
    assert (step["ReadOnly"], step["Bundle"]) == (True, "incrementer")
    layers = {each["meta"]["Name"]: each for each in server.get("/contents")}
    assert layers["incrementer"]["meta"]["Type"] == "plugin"
    assert layers["incrementer"]["Counts"] == {"params": 4, "typed-cows": 1}


@pytest.mark.parametrize(
    "program, reason",
    [
        (b"#!/bin/sh\necho not JSON\n", "no JSON"),
        (b"#!/bin/sh\necho no such option >&2; exit 3\n", "`define` exited with status 3: no such option"),
        (b"this is no program", "cannot be run"),
        (provider_program(definition("other")), "it calls itself `other`, and not `wrong`"),
        (provider_program({"Name": "wrong", "PluginVersion": 2}), "version 2"),
        (provider_program(definition("wrong"), unpack="echo no room >&2; exit 1"), "no room"),
        (provider_program(definition("wrong", Content="meta: [")), "YAML"),
        (provider_program(definition("wrong", Content="meta: {RequiredFeatures: flying}")), "requires feature flying"),
        (provider_program(definition("wrong", StoreObjects={"machines": {}})), "the name machines is the server's own"),
        (provider_program(definition("wrong", StoreObjects={"isos": {}})), "the name isos is the server's own"),
        (provider_program(definition("wrong", StoreObjects={"a/b": {}})), "no name for a type"),
        (provider_program(definition("wrong", AvailableActions=[{"Model": "machines"}])), "has no Command"),
    ], ids=lambda value: value if isinstance(value, str) else "")
def test_a_provider_that_cannot_be_used_is_refused_with_the_reason_and_leaves_nothing(fresh, program, reason):
    server = fresh()
    reply = upload(server, program, "wrong")
    assert reply.status == 422, reply.body
    assert reason in "\n".join(reply.json["Messages"])
    assert server.get("/plugin_providers") == []
    assert server.curl("GET", "/plugin_providers/wrong/binary").status == 404
    assert "wrong" not in [each["meta"]["Name"] for each in server.get("/contents")]
    left = [each.name for each in (server.root / "plugins").rglob("*") if each.name != ".staging"]
    assert left == []
    files = server.curl("GET", "/files?path=plugin_providers&all=true")
    assert files.status == 404 or files.json == []


def test_a_provider_that_is_refused_leaves_the_one_before_as_it_was(counting):
    broken = PROGRAM.read_bytes().replace(b"  params:\n", b"  params: [\n")
    assert upload(counting, broken).status == 422
    assert counting.curl("GET", "/plugin_providers/incrementer/binary").body == PROGRAM.read_bytes()
    assert run(counting, "/system/actions/incrstatus").json == "Running"


def test_another_program_of_a_provider_takes_the_place_of_the_one_before(counting):
    before = program_of(counting)
    assert upload(counting, PROGRAM.read_bytes().replace(b'return "Running"', b'return "Running on"')).status == 201
    until(lambda: program_of(counting) not in (None, before), "another program")
    until(lambda: run(counting, "/system/actions/incrstatus").status == 200, "a program that serves")
    assert run(counting, "/system/actions/incrstatus").json == "Running on"


def test_a_provider_may_ask_the_server_before_it_says_what_it_is(fresh):
    server = fresh()
    asks = ("curl -ksf -H \"Authorization: Bearer $RS_TOKEN\" $RS_ENDPOINT/api/v3/info >/dev/null || exit 1; "
            f"echo '{json.dumps(definition('asking'))}'")
    reply = upload(server, provider_program(define=asks), "asking")
    assert reply.status == 201, reply.body


def test_another_program_that_says_the_same_of_itself_is_run_instead(fresh):
    server = fresh()
    for word in ["first", "second"]:
        program = provider_program(definition("writer"), listen=f"echo {word} > word; sleep 1000")
        assert upload(server, program, "writer").status == 201
        server.curl("POST", "/plugins", {"Name": "writer", "Provider": "writer"})
        file = server.root / "plugin-work" / "writer" / "word"
        until(lambda: file.exists() and file.read_text() == f"{word}\n", f"the {word} program")


def test_providers_that_come_at_once_are_each_whole(fresh):
    server = fresh()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        programs = [
            provider_program(definition("busy", Version=f"v{number}.0.0")) + b"#" * number for number in range(8)]
        replies = list(pool.map(lambda program: upload(server, program, "busy"), programs))
    assert [reply.status for reply in replies] == [201] * 8
    version = server.get("/plugin_providers/busy")["Version"]
    binary = server.curl("GET", "/plugin_providers/busy/binary").body
    assert version.encode() in binary
    assert not list((server.root / "plugins" / ".staging").iterdir())


def test_uploading_a_provider_takes_all_rights(fresh):
    server = fresh()
    claims = [{"scope": "plugin_providers,plugins,files,system", "action": "*", "specific": "*"}]
    assert server.curl("POST", "/roles", {"Name": "almost", "Claims": claims}).status == 201
    assert server.curl("POST", "/users", {"Name": "ann", "Roles": ["almost"]}).status == 201
    assert server.curl("PUT", "/users/ann/password", {"Password": "sesame"}).status == 200
    reply = upload(server, user="ann:sesame")
    assert (reply.status, reply.json["Type"]) == (403, "AUTH")
    token = server.get("/users/rocketskates/token?scope=plugin_providers&action=*&specific=*")["Token"]
    assert upload(server, token=token).status == 403
    assert server.get("/plugin_providers") == []


def test_a_removed_provider_takes_its_program_files_content_and_processes_with_it(counting):
    process = program_of(counting)
    assert process
    removed = counting.curl("DELETE", "/plugin_providers/incrementer")
    assert (removed.status, removed.json["Name"]) == (200, "incrementer")
    until(lambda: process not in programs(), "the end of the program")
    assert counting.get("/params") == [each for each in counting.get("/params") if each["Bundle"] != "incrementer"]
    assert counting.curl("GET", "/files/plugin_providers/incrementer/testFile").status == 404
    plugin = counting.get("/plugins/counter")
    assert (plugin["Available"], plugin["Errors"]) == (False, ["counter: Plugin Provider incrementer does not exist"])
    assert run(counting, "/system/actions/incrstatus").status == 404
    install(counting)
    assert run(counting, "/system/actions/incrstatus").json == "Running"


def test_a_program_put_into_the_folder_of_programs_is_installed_at_the_next_start(fresh):
    server = fresh(start=False)
    folder = server.root / "plugins"
    folder.mkdir(parents=True)
    (folder / "incrementer").write_bytes(PROGRAM.read_bytes())
    server.start()
    until(lambda: server.curl("GET", "/plugin_providers/incrementer").status == 200, "the provider")


def test_a_provider_that_starts_by_itself_has_a_plugin_of_its_name(fresh):
    server = fresh()
    program = PROGRAM.read_bytes().replace(b'"HasPublish": True,', b'"AutoStart": True, "Meta": {"color": "red"},')
    assert upload(server, program).status == 201
    plugin = server.get("/plugins/incrementer")
    assert (plugin["Provider"], plugin["Meta"]) == ("incrementer", {"color": "red"})
    assert run(server, "/system/actions/incrstatus").json == "Running"


def test_a_site_that_wants_no_plugins_has_none(fresh):
    server = fresh("--plugins", "none", start=False)
    (server.root / "plugins").mkdir(parents=True)
    (server.root / "plugins" / "incrementer").write_bytes(PROGRAM.read_bytes())
    server.start()
    reply = upload(server)
    assert reply.status == 403 and "--plugins" in reply.json["Messages"][0]
    assert server.get("/plugin_providers") == []
    assert "a plug-in provider is not let in" in server.log_text()


def test_providers_that_a_site_does_not_name_do_not_run(fresh):
    server = fresh()
    install(server)
    start(server)
    assert run(server, "/system/actions/incrstatus").json == "Running"
    server.stop()
    server.flags += ["--plugins", "other, another"]
    server.start()
    plugin = until(
        lambda: (found := server.get("/plugins/counter"))["PluginErrors"] and found, "a plug-in that is held")
    assert "not allowed on this server" in plugin["PluginErrors"][0]
    assert program_of(server) is None
    assert upload(server, provider_program(definition("other")), "other").status == 201


# Plug-ins


def test_a_plugin_that_is_configured_wrongly_says_so_and_runs_once_it_is_right(fresh):
    server = fresh()
    install(server)
    start(server, params={"incrementer/step": 0})
    plugin = until(lambda: not (found := server.get("/plugins/counter"))["Available"] and found, "a refusal")
    assert plugin["PluginErrors"] == ["incrementer/step must not be zero"]
    assert plugin["Errors"] == ["incrementer/step must not be zero"]
    reply = run(server, "/system/actions/incrstatus")
    assert reply.status == 503 and "incrementer/step must not be zero" in reply.json["Messages"]
    assert server.curl("POST", "/plugins/counter/params/incrementer/step", 2).status == 200
    until(lambda: server.get("/plugins/counter")["Available"], "a plug-in that runs")
    assert server.get("/plugins/counter")["PluginErrors"] == []
    uuid = machine(server, "m1")
    assert run(server, f"/machines/{uuid}/actions/increment").json == 2


def test_a_plugin_without_a_param_that_its_provider_requires_does_not_run(fresh):
    server = fresh()
    required = b'"HasPublish": True, "RequiredParams": ["incrementer/secret"],'
    assert upload(server, PROGRAM.read_bytes().replace(b'"HasPublish": True,', required)).status == 201
    start(server)
    plugin = until(lambda: (found := server.get("/plugins/counter"))["PluginErrors"] and found, "a plug-in that is held")
    assert plugin["PluginErrors"] == [
        "Plugin counter is missing the param incrementer/secret, which incrementer requires"]
    assert server.curl("POST", "/plugins/counter/params/incrementer/secret", "sesame").status == 200
    until(lambda: server.get("/plugins/counter")["Available"], "a plug-in that runs")
    assert "configured with ['incrementer/secret']" in server.log_text()


def test_a_killed_plugin_is_started_again(counting):
    before = program_of(counting)
    os.kill(before, signal.SIGKILL)
    plugin = until(lambda: not (found := counting.get("/plugins/counter"))["Available"] and found, "a failure")
    assert "was ended by the signal 9" in plugin["PluginErrors"][0]
    assert "it is started again after 1 s" in plugin["PluginErrors"][0]
    until(lambda: counting.get("/plugins/counter")["Available"], "another start")
    assert program_of(counting) != before
    assert run(counting, "/system/actions/incrstatus").json == "Running"


def test_an_action_that_ends_its_plugin_is_answered_so(counting):
    reply = run(counting, "/plugins/counter/actions/crash")
    assert (reply.status, reply.json["Messages"]) == (502, ["The plug-in ended before it answered to action"])
    until(lambda: "about to crash" in counting.log_text(), "its last words in the log")
    line = next(each for each in counting.log_text().splitlines() if "about to crash" in each)
    assert "plugin=counter" in line


def test_a_plugin_that_leaves_tells_why_and_each_start_waits_longer(counting):
    run(counting, "/plugins/counter/actions/leave")
    expected = "The plug-in ends: the counter is worn out; it is started again after {} s"
    until(lambda: counting.get("/plugins/counter")["PluginErrors"] == [expected.format(1)], "the reason")
    until(lambda: counting.get("/plugins/counter")["Available"], "another start")
    run(counting, "/plugins/counter/actions/leave")
    until(lambda: counting.get("/plugins/counter")["PluginErrors"] == [expected.format(2)], "the reason")


def test_a_program_that_never_serves_is_tried_again_and_ends_with_the_server(fresh):
    server = fresh()
    program = provider_program(definition("mute", AvailableActions=[{"Command": "speak"}]), listen="exit 7")
    assert upload(server, program, "mute").status == 201
    server.curl("POST", "/plugins", {"Name": "mute", "Provider": "mute"})
    until(lambda: "after 2 s" in str(server.get("/plugins/mute")["PluginErrors"]), "a second failure")
    assert "exited with status 7" in server.get("/plugins/mute")["PluginErrors"][0]
    assert server.stop() == 0


def test_a_plugin_ends_with_its_object_and_with_the_server(counting):
    process = program_of(counting)
    assert counting.curl("DELETE", "/plugins/counter").status == 200
    until(lambda: process not in programs(), "the end of the program")
    start(counting, "second")
    process = until(lambda: program_of(counting), "another program")
    assert counting.stop() == 0
    assert process not in programs()


def test_a_plugin_does_not_outlive_a_server_that_is_killed_and_runs_after_its_start(fresh):
    server = fresh()
    install(server)
    start(server)
    uuid = machine(server, "m1")
    assert run(server, f"/machines/{uuid}/actions/increment").json == 1
    process = program_of(server)
    server.kill()
    until(lambda: process not in programs(), "the end of the program")
    server.start()
    assert run(server, f"/machines/{uuid}/actions/increment").json == 2


def test_programs_are_limited_in_what_they_may_take(fresh):
    server = fresh("--plugin-memory", "512")
    limits = "ulimit -v > limits; ulimit -n >> limits; ulimit -c >> limits; exit 1"
    assert upload(server, provider_program(definition("bounded"), listen=limits), "bounded").status == 201
    server.curl("POST", "/plugins", {"Name": "bounded", "Provider": "bounded"})
    file = server.root / "plugin-work" / "bounded" / "limits"
    until(lambda: file.exists() and len(file.read_text().split()) == 3, "what its limits are")
    assert file.read_text().split() == [str(512 << 10), "1024", "0"]


def test_a_program_that_writes_without_end_does_not_fill_the_log(fresh):
    server = fresh()
    assert upload(server, provider_program(definition("chatty"), listen="yes chatter"), "chatty").status == 201
    server.curl("POST", "/plugins", {"Name": "chatty", "Provider": "chatty"})
    until(lambda: "a plug-in writes too much" in server.log_text(), "lines that are left out")
    assert server.curl("GET", "/health", user=None).status == 200
    assert server.log_text().count("chatter") < 2_000


def test_the_settings_of_the_server_are_no_business_of_plugins(fresh):
    server = fresh(environment={"RS_INITIAL_PASSWORD": PASSWORD})
    program = provider_program(definition("nosy"), listen="env > seen; exit 1")
    assert upload(server, program, "nosy").status == 201
    server.curl("POST", "/plugins", {"Name": "nosy", "Provider": "nosy"})
    file = server.root / "plugin-work" / "nosy" / "seen"
    until(lambda: file.exists() and "RS_WEBROOT" in file.read_text(), "its environment")
    names = {line.split("=")[0] for line in file.read_text().splitlines() if line.startswith("RS_")}
    assert names == {"RS_ENDPOINT", "RS_TOKEN", "RS_FILESERVER", "RS_WEBROOT"}


# Actions


def test_actions_of_machines_are_listed_once_their_params_are_there(counting):
    uuid = machine(counting, "m1")
    names = lambda: [each["Command"] for each in counting.get(f"/machines/{uuid}/actions")]
    assert names() == ["increment"]
    assert run(counting, "/machines/Name:m1/actions/increment").json == 1
    assert names() == ["increment", "reset_count"]
    body = {"incrementer/parameter": "parm2", "incrementer/step": 10}
    assert run(counting, f"/machines/{uuid}/actions/increment", body).json == 10
    assert counting.get(f"/machines/{uuid}/params") == {
        "incrementer/default": 1, "incrementer/touched": 2, "parm2": 10}
    assert run(counting, f"/machines/{uuid}/actions/reset_count").json == "Success"
    assert names() == ["increment"]
    assert counting.get(f"/machines/{uuid}/actions/increment")["Provider"] == "incrementer"


@pytest.mark.parametrize(
    "method, path, body, status, message",
    [
        ("POST", "command", {}, 404, "Action command on machines: Not Found"),
        ("GET", "command", None, 404, "command: Not Found"),
        ("POST", "reset_count", {}, 400, "Action reset_count Missing Parameter incrementer/touched"),
        ("GET", "reset_count", None, 400, "Action reset_count Missing Parameter incrementer/touched"),
        ("POST", "increment", {"incrementer/step": "asgdasdg"}, 400,
         "Action increment: Invalid Parameter: incrementer/step: "
         ": (root): Invalid type. Expected: integer, given: string"),
        ("POST", "increment?plugin=other", {}, 404, "Action increment on machines for plugin other not found"),
    ])
def test_actions_that_cannot_be_run_are_refused(counting, method, path, body, status, message):
    uuid = machine(counting, "m1")
    reply = counting.curl(method, f"/machines/{uuid}/actions/{path}", body)
    assert reply.status == status
    assert reply.json == {
        "Code": status, "Key": uuid, "Messages": [message], "Model": "machines",
        "Type": "INVOKE" if method == "POST" else "GET"}


def test_what_a_plugin_refuses_an_action_with_is_told_as_it_is(counting):
    uuid = machine(counting, "m1")
    reply = run(counting, f"/machines/{uuid}/actions/increment", {"incrementer/parameter": "x"})
    assert (reply.status, reply.json["Model"], reply.json["Key"]) == (400, "plugin", "incrementer")
    assert "Invalid Param Name" in reply.json["Messages"][0]


def test_params_of_actions_come_from_the_call_then_from_the_object_and_its_profiles(counting):
    assert counting.curl("POST", "/profiles", {"Name": "steps", "Params": {"incrementer/step": 7}}).status == 201
    uuid = machine(counting, "m1", Profiles=["steps"])
    assert run(counting, f"/machines/{uuid}/actions/increment").json == 7
    assert counting.curl("POST", f"/machines/{uuid}/params/incrementer/step", 3).status == 200
    assert run(counting, f"/machines/{uuid}/actions/increment").json == 10
    assert run(counting, f"/machines/{uuid}/actions/increment", {"incrementer/step": 1}).json == 11


def test_sealed_params_are_open_to_plugins_and_to_nobody_else(counting):
    uuid = machine(counting, "m1")
    sealed = counting.curl("POST", f"/machines/{uuid}/params/incrementer/secret", "sesame").json
    assert sorted(sealed) == ["Key", "Nonce", "Payload"]
    shown = run(counting, f"/machines/{uuid}/actions/show_secret").json
    assert shown == {"param": "sesame", "model": "sesame"}
    assert sorted(counting.get(f"/machines/{uuid}/params/incrementer/secret")) == ["Key", "Nonce", "Payload"]


def test_a_secret_is_not_opened_for_a_param_that_is_none(counting):
    uuid = machine(counting, "m1")
    sealed = counting.curl("POST", f"/machines/{uuid}/params/incrementer/secret", "sesame").json
    shown = run(counting, f"/machines/{uuid}/actions/show_secret", {"incrementer/secret": sealed}).json
    assert shown["param"] == "sesame"
    # The counter would count under that name, and who may only run actions would read it.
    told = run(counting, f"/machines/{uuid}/actions/increment", {"incrementer/parameter": sealed})
    assert told.status >= 400 and b"sesame" not in told.body
    assert "sesame" not in counting.get(f"/machines/{uuid}/params")


def test_of_several_plugins_the_one_that_is_named_runs_an_action(counting):
    start(counting, "steps", {"incrementer/step": 100})
    uuid = machine(counting, "m1")
    assert run(counting, f"/machines/{uuid}/actions/increment").json == 1
    assert run(counting, f"/machines/{uuid}/actions/increment?plugin=steps").json == 101
    offered = counting.get(f"/machines/{uuid}/actions?plugin=steps")
    assert [each["Command"] for each in offered] == ["increment", "reset_count"]


def test_actions_on_the_system_and_on_raw_objects(counting):
    assert [each["Command"] for each in counting.get("/system/actions")] == ["incrstatus", "announce"]
    assert counting.get("/system/actions/incrstatus")["Model"] == ""
    assert counting.curl("GET", "/system/actions/command").status == 404
    assert run(counting, "/system/actions/command").json["Messages"] == ["Action command on system: Not Found"]
    assert counting.curl("POST", "/cows", {"Id": "elsie"}).status == 201
    assert run(counting, "/cows/elsie/actions/moo").json == "elsie says moo"


def test_running_an_action_takes_the_right_to_it(counting):
    uuid = machine(counting, "m1")
    claims = [
        {"scope": "machines", "action": "get,list,actions,action:increment", "specific": "*"},
        {"scope": "system", "action": "action:incrstatus", "specific": "*"},
    ]
    assert counting.curl("POST", "/roles", {"Name": "counters", "Claims": claims}).status == 201
    assert counting.curl("POST", "/users", {"Name": "ann", "Roles": ["counters"]}).status == 201
    assert counting.curl("PUT", "/users/ann/password", {"Password": "sesame"}).status == 200
    assert run(counting, f"/machines/{uuid}/actions/increment", user="ann:sesame").json == 1
    refused = run(counting, f"/machines/{uuid}/actions/reset_count", user="ann:sesame")
    assert (refused.status, refused.json["Messages"][1]) == (403, f"Requires: machines action:reset_count {uuid}")
    assert run(counting, "/system/actions/incrstatus", user="ann:sesame").json == "Running"
    assert run(counting, "/system/actions/announce", user="ann:sesame").status == 403


# Events


def test_plugins_that_want_events_are_told_of_them(counting):
    uuid = machine(counting, "m1")
    seen = lambda: run(counting, "/plugins/counter/actions/seen").json
    until(lambda: f"machines.create.{uuid}" in seen(), "the event")
    counting.curl("POST", "/events", {"Type": "greeting", "Action": "hello", "Key": "world"})
    until(lambda: "greeting.hello.world" in seen(), "the event")


def test_what_a_plugin_publishes_is_an_event(counting):
    import ssl

    import websocket

    socket = websocket.create_connection(
        counting.url.replace("https", "wss") + f"/ws?token={USER}:{PASSWORD}", sslopt={"cert_reqs": ssl.CERT_NONE})
    socket.send("register counter.*.*")
    assert json.loads(socket.recv())["Type"] == "websocket"
    assert run(counting, "/system/actions/announce", {"loudly": True}).json == "Announced"
    event = json.loads(socket.recv())
    socket.close()
    assert (event["Type"], event["Action"], event["Key"]) == ("counter", "announced", "incrementer")
    assert (event["Principal"], event["Object"]) == ("counter", {"loudly": True})


# Types that providers bring


@pytest.mark.parametrize("store", ["lmdb", "directory"])
def test_types_of_a_provider_are_served_at_once_and_after_a_restart(fresh, tmp_path, store):
    server = fresh(backend=None if store == "lmdb" else f"directory:{tmp_path}/objects")
    assert server.curl("GET", "/typed-cows").status == 404
    install(server)
    assert [each["Id"] for each in server.get("/typed-cows")] == ["bessie"]
    assert {"cows", "typed-cows"} <= set(server.get("/objects"))
    assert {"getSecure", "action"} <= set(server.get("/info")["scopes"]["cows"])
    assert server.get("/indexes/typed-cows")["Spotted"]["Type"] == "boolean"
    assert server.curl("POST", "/typed-cows", {"Id": "elsie", "Type": "typed-cows", "Spotted": True}).status == 201
    claims = [{"scope": "cows", "action": "list,get", "specific": "*"}]
    assert server.curl("POST", "/roles", {"Name": "cowhand", "Claims": claims}).status == 201
    events = [each for each in server.get("/typed-cows/elsie/history")["versions"]]
    assert len(events) == 1
    server.stop()
    backend = server.command()[server.command().index("--backend"):][:2] if server.backend else []
    check = subprocess.run(
        [server.binary, "check", "--base-root", str(server.root), *backend], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
    server.start()
    assert [each["Id"] for each in server.get("/typed-cows")] == ["bessie", "elsie"]
    assert [each["Id"] for each in server.get("/typed-cows?Spotted=true")] == ["bessie", "elsie"]
    assert server.curl("DELETE", "/typed-cows/elsie").status == 200
    assert server.get("/system/check")["status"] == "ok"


@pytest.mark.parametrize(
    "cow, message",
    [
        ({}, "Error in value: (root): Spotted is required"),
        ({"Spotted": "very"}, "Error in value: Spotted: Invalid type. Expected: boolean, given: string"),
    ])
def test_raw_objects_that_break_their_schema_are_refused(counting, cow, message):
    reply = counting.curl("POST", "/typed-cows", {"Id": "elsie", "Type": "typed-cows", **cow})
    assert (reply.status, reply.json["Messages"]) == (422, [message])


def test_a_provider_may_declare_its_types_anew(counting):
    assert counting.curl("POST", "/cows", {"Id": "elsie", "Weight": 500}).status == 201
    stricter = PROGRAM.read_bytes().replace(
        b'"cows": {},', b'"cows": {"Weight": {"type": "integer"}}, "bulls": {},')
    assert upload(counting, stricter).status == 201
    assert [each["Id"] for each in counting.get("/cows?Weight=500")] == ["elsie"]
    assert counting.curl("POST", "/cows", {"Id": "lola", "Weight": "light"}).status == 422
    assert counting.curl("POST", "/bulls", {"Id": "ferdinand"}).status == 201
    assert counting.get("/system/check")["status"] == "ok"


def test_objects_of_a_type_wait_in_the_store_while_no_provider_declares_it(counting):
    assert counting.curl("POST", "/cows", {"Id": "elsie"}).status == 201
    assert counting.curl("DELETE", "/plugin_providers/incrementer").status == 200
    assert [each["Id"] for each in counting.get("/cows")] == ["elsie"]
    counting.stop()
    counting.start()
    assert counting.curl("GET", "/cows").status == 404
    install(counting)
    assert [each["Id"] for each in counting.get("/cows")] == ["elsie"]


def test_two_providers_must_mean_the_same_by_one_type(counting):
    other = provider_program(definition("other", StoreObjects={"cows": {"Horned": {"type": "boolean"}}}))
    reply = upload(counting, other, "other")
    assert reply.status == 422
    assert "The type cows is declared differently by the providers" in reply.json["Messages"][0]
    same = provider_program(definition("other", StoreObjects={"cows": {}}))
    assert upload(counting, same, "other").status == 201


# The guide


def test_the_plugin_of_the_guide_works_as_the_guide_says(fresh, tmp_path):
    server = fresh()
    text = (PROJECT / "Sources/Muster/Documentation.docc/Plugins.md").read_text()
    tour = Tour(server, tmp_path)
    program = text.split("```python\n")[1].split("```")[0]
    (pathlib.Path(tour.folder) / "greeter").write_text(program)
    tour.environment |= {"RS_KEY": f"{USER}:{PASSWORD}", "api": server.url}
    commands = [line[4:] for line in text.split("```")[2].splitlines() if line.startswith("    ")]
    assert len(commands) == 6
    answers = []
    for line in commands:
        code, out, err = tour.run(line)
        assert code == 0, f"{line}: {out}{err}"
        answers.append(json.loads(out))
    assert [each["Command"] for each in answers[3]] == ["greet"]
    assert answers[4:] == ["Hello, web-1", "Welcome, web-1"]


# Actions in task lists (C §15.3)


def test_actions_of_a_task_list_run_on_the_server_one_after_the_other(counting):
    counting.curl("POST", "/tasks", {"Name": "t1"})
    worker = Machine(counting, Tasks=["action:increment", "action:counter:increment", "t1"])
    first = worker.order()
    assert (first.status, first.json["Task"], first.json["State"], first.json["ExitState"]) == (
        201, "action:increment", "finished", "complete")
    log = counting.curl("GET", f"/jobs/{first.json['Uuid']}/log").body.decode()
    assert log.startswith(f"Log for Job: {first.json['Uuid']}\nResults from plugin invoke:\n") and log.endswith("End of results")
    assert worker.next() == (1, "action:counter:increment")
    assert worker.next() == (2, "t1")
    assert worker.jobs() == [
        ("action:increment", "finished"), ("action:counter:increment", "finished"), ("t1", "created")]
    refused = Machine(counting, Tasks=["action:nobody:increment"])
    assert refused.order().status == 204
    (job,) = counting.curl("GET", f"/jobs?Machine={refused.uuid}").json
    assert "Action increment on machines for plugin nobody not found" in counting.curl("GET", f"/jobs/{job['Uuid']}/log").body.decode()
    assert refused.get("Runnable") == [False]


def test_an_action_that_was_under_way_when_the_server_died_has_failed(counting):
    worker = Machine(counting, Tasks=["action:hang"], Params={"incrementer/seconds": 60})
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pending = pool.submit(worker.order)
        until(lambda: worker.jobs() == [("action:hang", "running")], "the job of the action")
        counting.kill()
        with contextlib.suppress(subprocess.CalledProcessError):
            pending.result()
    counting.start()
    assert worker.jobs() == [("action:hang", "failed")]
    assert worker.get("Runnable") == [False]
