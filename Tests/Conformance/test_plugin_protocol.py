"""The protocol of plug-ins as those speak it that are written with the public library (C §18), byte by byte."""

import json
import pathlib
import ssl

import pytest
import websocket
from muster_process import PASSWORD, USER
from test_plugins import OCTETS, machine, program_of, run, until

PROGRAM = pathlib.Path(__file__).parent / "plugins" / "walker"


@pytest.fixture
def walking(fresh):
    server = fresh()
    assert server.curl("POST", "/plugin_providers/walker", PROGRAM.read_bytes(), headers=OCTETS).status == 201
    until(lambda: server.curl("GET", "/plugins/walker").status == 200 and server.get("/plugins/walker")["Available"], "the plug-in")
    until(lambda: heard(server), "a plug-in that answers")
    return server


def heard(server):
    """The requests that the plug-in got, oldest first."""
    reply = run(server, "/system/actions/heard")
    return reply.json if reply.status == 200 else None


def test_a_definition_with_all_that_the_librarys_encoder_leaves_empty_is_understood(walking):
    provider = walking.get("/plugin_providers/walker")
    assert (provider["Version"], provider["PluginVersion"], provider["AutoStart"], provider["HasPublish"]) == ("v4.2.0", 4, True, True)
    assert (provider["RequiredParams"], provider["OptionalParams"], provider["StoreObjects"]) == ([], ["walker/steps"], {})
    assert {action["Command"] for action in provider["AvailableActions"]} == {"walk", "stumble", "heard", "list", "tell"}
    # A plug-in has the meta of the provider that it starts with.
    assert walking.get("/plugins/walker")["Meta"]["color"] == "green"


def test_what_a_plugin_logs_before_it_is_ready_and_while_it_is_configured_is_in_the_log(walking):
    said = "Received Config request: {}"
    # The log is written by a thread of its own.
    until(lambda: said in walking.log_text(), "the line in the log")
    log = walking.log_text()
    assert log.index("says something before it is ready") < log.index(said)


def test_requests_are_what_the_library_takes(walking):
    uuid = machine(walking, "walked", Params={"walker/steps": 3})
    assert run(walking, f"/machines/{uuid}/actions/walk", {"steps": 2}).json == "step " * 50_000
    requests = heard(walking)
    (config,) = [request for request in requests if "/config" in request[0]]
    assert (config[0], config[2]) == ("POST /api-plugin/v4/config HTTP/1.1", {})
    for line, headers, body in requests:
        assert headers["content-type"] == "application/json" and headers["host"], line
        # Without a length the library takes a body for none.
        assert int(headers["content-length"]) > 0 and isinstance(body, dict), line
    (walk,) = [body for line, _, body in requests if "/action" in line and body["Command"] == "walk"]
    assert {"Model", "Plugin", "Command", "CommandSet", "Params"} <= set(walk)
    assert (walk["Plugin"], walk["Model"]["Uuid"], walk["Params"]["steps"]) == ("walker", uuid, 2)
    (event,) = [body for line, _, body in requests if "/publish" in line and body["Type"] == "machines" and body["Action"] == "create"]
    assert (event["Key"], event["Object"]["Name"]) == (uuid, "walked")
    assert event["Time"].endswith("Z")


def test_a_refusal_is_handed_on_as_it_is(walking):
    reply = run(walking, f"/machines/{machine(walking, 'm1')}/actions/stumble")
    assert (reply.status, reply.json["Messages"], reply.json["Type"]) == (409, ["it stumbles"], "plugin")


def test_calls_follow_each_other_on_one_connection(walking):
    uuid = machine(walking, "m1")
    (found, machines), (missing, error) = run(walking, "/system/actions/list").json
    assert (found, [each["Uuid"] for each in machines]) == (200, [uuid])
    assert (missing, error["Code"], error["Type"], error["Model"]) == (404, 404, "GET", "machines")
    socket = websocket.create_connection(
        walking.url.replace("https", "wss") + f"/ws?token={USER}:{PASSWORD}", sslopt={"cert_reqs": ssl.CERT_NONE})
    socket.send("register walk.*.*")
    socket.recv()
    assert run(walking, "/system/actions/tell").json[0] == 200
    event = json.loads(socket.recv())
    socket.close()
    assert (event["Type"], event["Action"], event["Object"], event["Principal"]) == ("walk", "told", {"steps": 1}, "walker")


def test_a_plugin_that_ends_instead_of_answering_to_stop_has_stopped(walking):
    first = program_of(walking)
    assert walking.curl("POST", "/plugins/walker/params/walker/steps", 4).status == 200
    until(lambda: program_of(walking) not in (None, first), "another run")
    (config,) = [body for line, _, body in until(lambda: heard(walking), "an answer") if "/config" in line]
    assert config == {"walker/steps": 4}
    assert walking.get("/plugins/walker")["PluginErrors"] == []
    assert walking.curl("DELETE", "/plugins/walker").status == 200
    until(lambda: program_of(walking) is None, "its end")
    assert "it is started again" not in walking.log_text()
