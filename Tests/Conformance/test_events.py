"""Watching: WebSocket with a client that others wrote, long-poll and server-sent events with curl (C §12)."""

import json
import ssl
import subprocess
import threading
import time
import urllib.parse

import pytest
import websocket
from muster_process import PASSWORD, USER

MEMBERS = {"Time", "Type", "Action", "Key", "Principal", "Object", "Original"}


class Socket:
    """A websocket of the server that speaks of events."""

    def __init__(self, server, path="/api/v3/ws", *, token=f"{USER}:{PASSWORD}", header=None):
        query = f"?token={urllib.parse.quote(token)}" if token else ""
        self.connection = websocket.create_connection(
            f"wss://127.0.0.1:{server.port}{path}{query}", sslopt={"cert_reqs": ssl.CERT_NONE}, timeout=20,
            header=header or [])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def say(self, text):
        """Sends a command, and gives the frame that answers it."""
        self.connection.send(text)
        while True:
            frame = self.frame()
            if frame["Type"] == "websocket":
                return frame

    def frame(self):
        return json.loads(self.connection.recv())

    def until(self, kind, action, key):
        """The events up to one that is waited for."""
        events = []
        while True:
            events.append(self.frame())
            if (events[-1]["Type"], events[-1]["Action"], events[-1]["Key"]) == (kind, action, key):
                return events


def profile(server, name, **fields):
    reply = server.curl("POST", "/profiles", {"Name": name, **fields})
    assert reply.status == 201, reply.body
    return reply.json


def poll(server, **arguments):
    return server.get("/events?" + urllib.parse.urlencode(arguments, doseq=True))


def cursor(server):
    return server.get("/events/cursor")["cursor"]


def names(events):
    return [f"{event['Type']}.{event['Action']}.{event['Key']}" for event in events]


def test_a_registered_client_gets_the_events_of_an_objects_life(server):
    with Socket(server) as socket:
        assert socket.say("register profiles.*.ws-life")["Action"] == "register"
        made = profile(server, "ws-life")
        changed = server.curl("PUT", "/profiles/ws-life", {**made, "Description": "new"}).json
        server.curl("DELETE", "/profiles/ws-life")
        events = socket.until("profiles", "delete", "ws-life")
        assert names(events) == [f"profiles.{word}.ws-life" for word in ("create", "update", "delete")]
        assert all(set(event) == MEMBERS and event["Principal"] == f"user:{USER}" for event in events)
        assert [event["Object"] for event in events] == [made, changed, changed]
        assert [event["Original"] for event in events] == [None, made, None]


def test_one_frame_an_event_however_many_filters_match(server):
    with Socket(server) as socket:
        for text in "register *.*.*", "register profiles.*.ws-once", "register profiles.create.*":
            socket.say(text)
        profile(server, "ws-once")
        profile(server, "ws-fence")
        assert names(socket.until("profiles", "create", "ws-fence")).count("profiles.create.ws-once") == 1


@pytest.mark.parametrize("filter", [
    r"beeblebrox.created.a\1b\2c\3", "beeblebrox.created.*", "x,beeblebrox.y,created.*", "*.*.a.b,c*,*"])
def test_filters_have_lists_wildcards_and_escapes(server, filter):
    with Socket(server) as socket:
        socket.say(f"register {filter}")
        event = {"Type": "beeblebrox", "Action": "created", "Key": "a.b,c*", "Principal": "me", "Object": [1],
                 "Original": {}, "Time": "2020-01-01T00:00:00Z"}
        assert server.curl("POST", "/events", event).status == 204
        assert socket.frame() == event


def test_a_filter_that_is_taken_back_matches_no_more(server):
    with Socket(server) as socket:
        socket.say("register beeblebrox.*.*")
        socket.say("register fence.*.*")
        assert socket.say("deregister beeblebrox.*.*")["Action"] == "deregister"
        server.curl("POST", "/events", {"Type": "beeblebrox", "Action": "a", "Key": "b"})
        server.curl("POST", "/events", {"Type": "fence", "Action": "a", "Key": "b"})
        assert socket.frame()["Type"] == "fence"


@pytest.mark.parametrize("text", ["register", "register a.b", "deregister x", "since nowhere", "hello", ""])
def test_what_is_not_understood_is_answered_too(server, text):
    with Socket(server) as socket:
        socket.connection.send(text)
        assert (socket.frame()["Action"], socket.say("register a.b.c")["Action"]) == ("error", "register")


def test_the_token_may_stand_in_the_header_or_the_query_and_the_id_in_the_path(server):
    token = server.get(f"/users/{USER}/token")["Token"]
    for path in "/api/v3/ws", "/Fred/api/v3/ws", "/api/v3/ws/Fred":
        with Socket(server, path, token=token) as socket:
            assert socket.say("register a.b.c")["Type"] == "websocket"
    with Socket(server, token=None, header=[f"Authorization: Bearer {token}"]) as socket:
        assert socket.say("register a.b.c")["Type"] == "websocket"


@pytest.mark.parametrize("path, token, status", [
    ("/api/v3/ws", None, 401), ("/api/v3/ws", f"{USER}:wrong", 401), ("/api/v3/ws", "nonsense", 403),
    ("/api/v3/nowhere", f"{USER}:{PASSWORD}", 404)])
def test_who_may_not_connect_gets_an_answer(server, path, token, status):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Socket(server, path, token=token)
    assert refused.value.status_code == status
    assert json.loads(refused.value.resp_body)["Code"] == status


def test_other_protocols_are_no_reason_not_to_answer(server):
    reply = server.curl("GET", "/info", headers=["Upgrade: h2c", "Connection: Upgrade"])
    assert reply.status == 200


def test_pings_are_answered_and_a_close_is_returned(server):
    with Socket(server) as socket:
        socket.connection.ping("abc")
        opcode, data = socket.connection.recv_data(control_frame=True)
        assert (opcode, data) == (websocket.ABNF.OPCODE_PONG, b"abc")
        socket.connection.send_close(1000)
        opcode, data = socket.connection.recv_data(control_frame=True)
        assert (opcode, data[:2]) == (websocket.ABNF.OPCODE_CLOSE, (1000).to_bytes(2, "big"))


def test_a_socket_that_resumes_gets_what_it_missed(server):
    before = cursor(server)
    for name in "ws-miss-1", "ws-miss-2":
        profile(server, name)
    with Socket(server) as socket:
        socket.say("register profiles.create.*")
        assert socket.say(f"since {before}")["Action"] == "since"
        events = socket.until("profiles", "create", "ws-miss-2")
        assert names(events) == ["profiles.create.ws-miss-1", "profiles.create.ws-miss-2"]
        assert [event["Revision"] for event in events] == sorted({event["Revision"] for event in events})
        bookmark = socket.frame()
        assert (bookmark["Action"], bookmark["Key"]) == ("bookmark", cursor(server))


def test_a_poll_answers_at_once_if_there_is_something(server):
    before = cursor(server)
    made = profile(server, "poll-once")
    answer = poll(server, since=before, wait="30s", filter="profiles.*.*")
    event, = answer["events"]
    assert set(event) == MEMBERS | {"Revision"}
    assert (event["Action"], event["Object"]) == ("create", made)
    assert answer["cursor"] == cursor(server)


def test_a_poll_waits_for_something_and_gives_up_in_time(server):
    before = cursor(server)
    timer = threading.Timer(0.3, profile, [server, "poll-later"])
    timer.start()
    assert names(poll(server, since=before, wait="30s")["events"]) == ["profiles.create.poll-later"]
    timer.join()
    start = time.monotonic()
    answer = poll(server, since=cursor(server), wait="1s", filter="nothing.*.*")
    assert (answer["events"], answer["cursor"]) == ([], cursor(server))
    assert 0.9 < time.monotonic() - start < 5


def test_pages_follow_each_other_without_gap_or_repeat(server):
    before = place = cursor(server)
    for number in range(7):
        profile(server, f"poll-page-{number}")
    seen = []
    while len(seen) < 7:
        page = poll(server, since=place, limit=3, filter="profiles.create.*")
        assert len(page["events"]) <= 3
        seen += names(page["events"])
        place = page["cursor"]
    assert seen == names(poll(server, since=before, filter="profiles.create.*")["events"])
    assert seen == [f"profiles.create.poll-page-{number}" for number in range(7)]


def test_conditions_on_fields_tell_of_what_begins_and_ceases_to_meet_them(server):
    before = cursor(server)
    for name, text in ("where-a", "yes"), ("where-b", "no"):
        profile(server, name, Description=text)
    server.curl("PATCH", "/profiles/where-a", [{"op": "replace", "path": "/Description", "value": "no"}])
    server.curl("PATCH", "/profiles/where-a", [{"op": "replace", "path": "/Description", "value": "other"}])
    events = poll(server, since=before, where="Description=Eq(yes)")["events"]
    assert names(events) == ["profiles.create.where-a", "profiles.update.where-a"]


@pytest.mark.parametrize("arguments, status", [
    ({"since": "nonsense"}, 400), ({"since": "00000000-0000-0000-0000-000000000000~1"}, 410),
    ({"filter": "a.b"}, 400), ({"wait": "soon"}, 400), ({"limit": "0"}, 400), ({"where": "Stage"}, 406)])
def test_a_poll_that_makes_no_sense_is_refused(server, arguments, status):
    reply = server.curl("GET", "/events?" + urllib.parse.urlencode(arguments))
    assert (reply.status, reply.json["Code"], reply.json["Model"]) == (status, status, "events")
    if status == 410:
        assert poll(server, since=reply.json["Oldest"], limit=1)["events"]


def stream(server, before, seconds=3, headers=(), arguments=""):
    """What curl reads of a stream: pairs of id and event, in which either may be None."""
    command = ["curl", "-sS", "-k", "-N", "--max-time", str(seconds), "-u", f"{USER}:{PASSWORD}",
               "-H", "Accept: text/event-stream", *(word for each in headers for word in ("-H", each))]
    done = subprocess.run([*command, f"{server.url}/events?since={before}{arguments}"], capture_output=True)
    blocks = []
    for text in done.stdout.decode().split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in text.split("\n") if not line.startswith(":"))
        blocks.append((lines.get("id"), json.loads(lines["data"]) if "data" in lines else None))
    return blocks


def test_a_stream_tells_of_old_and_new_events_and_can_be_taken_up_again(server):
    before = cursor(server)
    profile(server, "sse-1")
    threading.Timer(0.5, profile, [server, "sse-2"]).start()
    told = [block for block in stream(server, before, arguments="&filter=profiles.*.*") if block[1]]
    assert names(event for _, event in told) == ["profiles.create.sse-1", "profiles.create.sse-2"]
    again = stream(server, "0", 1, [f"Last-Event-ID: {told[0][0]}"], "&filter=profiles.*.*")
    assert [block for block in again if block[1]] == told[1:]


def test_preferences_tell_of_updates_and_never_of_secrets(server):
    before = cursor(server)
    server.curl("POST", "/prefs", {"debugDhcp": "info", "baseTokenSecret": "0123456789abcdef0123456789abcdef"})
    events = poll(server, since=before, filter="preferences.*.*")["events"]
    assert names(events) == ["preferences.update.debugDhcp"]
    whole = poll(server, since="0", limit=100000, filter=["preferences.*.*", "users.*.*"])["events"]
    assert not {"baseTokenSecret", "systemGrantorSecret"} & {event["Key"] for event in whole}
    assert all("PasswordHash" not in event["Object"] for event in whole if event["Type"] == "users")


def test_packs_tell_of_themselves_and_their_objects_together(server):
    before = cursor(server)
    pack = {"meta": {"Name": "event-pack"}, "sections": {"profiles": {"of-pack": {"Name": "of-pack"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    assert server.curl("PUT", "/contents/event-pack", {**pack, "sections": {}}).status == 200
    assert server.curl("DELETE", "/contents/event-pack").status == 204
    page = poll(server, since=before, limit=1)
    assert names(page["events"]) == ["contents.create.event-pack", "profiles.create.of-pack"]
    rest = poll(server, since=page["cursor"])["events"]
    assert names(rest) == [
        "contents.update.event-pack", "profiles.delete.of-pack", "contents.delete.event-pack"]


def test_rights_decide_who_is_told(server):
    server.curl("POST", "/roles", {"Name": "stages-only", "Claims": [
        {"scope": "stages", "action": "list,get", "specific": "*"}]})
    server.curl("POST", "/users", {"Name": "watching", "Roles": ["stages-only"]})
    server.curl("PUT", "/users/watching/password", {"Password": "watchme"})
    before = cursor(server)
    profile(server, "unseen")
    server.curl("POST", "/stages", {"Name": "seen"})
    reply = server.curl("GET", f"/events?since={before}", user="watching:watchme")
    assert names(reply.json["events"]) == ["stages.create.seen"]


def test_a_cursor_outlives_the_process(fresh):
    server = fresh()
    before = cursor(server)
    profile(server, "durable", Description="one")
    server.curl("PATCH", "/profiles/durable", [{"op": "replace", "path": "/Description", "value": "two"}])
    live = poll(server, since=before)
    server.kill()
    server.start()
    assert poll(server, since=before) == live
    assert poll(server, since="0", limit=100000)["events"][-2:] == live["events"]


def test_shutdown_closes_sockets_and_ends_polls(fresh):
    server = fresh()
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(poll(server, wait="60s")))
    waiting.start()
    socket = Socket(server)
    socket.say("register a.b.c")
    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 10
    opcode, data = socket.connection.recv_data(control_frame=True)
    assert (opcode, data[:2]) == (websocket.ABNF.OPCODE_CLOSE, (1001).to_bytes(2, "big"))
    waiting.join(5)
    assert [answer["events"] for answer in answers] == [[]]


def test_log_lines_are_events_for_those_who_watch_the_log(server):
    with Socket(server) as socket:
        socket.say("register log.*.*")
        reply = server.curl("POST", "/profiles", {"Name": "log-watched"})
        request = reply.headers["x-request-id"]
        while True:
            event = socket.frame()
            assert (event["Type"], event["Action"]) == ("log", event["Object"]["Level"])
            assert event["Key"] == event["Object"]["Service"] and set(event) == MEMBERS
            if any(data.get("request") == request for data in event["Object"]["Data"]):
                break
        assert event["Action"] == "info" and event["Principal"] == f"user:{USER}"
        lines = server.get("/logs")
        assert event["Object"] in lines


def restricted(server, name, claims, tenant=None):
    """A user with these claims, perhaps of a tenant; gives its credentials."""
    server.curl("POST", "/roles", {"Name": name, "Claims": claims})
    assert server.curl("POST", "/users", {"Name": name, "Roles": [name]}).status == 201
    assert server.curl("PUT", f"/users/{name}/password", {"Password": "watchme"}).status == 200
    if tenant is not None:
        reply = server.curl("POST", "/tenants", {"Name": name, "Users": [name], "Members": tenant})
        assert reply.status == 201, reply.body
    return f"{name}:watchme"


def test_log_lines_are_only_for_those_who_may_read_the_log(server):
    user = restricted(server, "no-logs", [{"scope": "profiles", "action": "*", "specific": "*"}])
    with Socket(server, token=user) as socket:
        socket.say("register log,profiles.*.*")
        profile(server, "ws-no-logs")
        assert {event["Type"] for event in socket.until("profiles", "create", "ws-no-logs")} == {"profiles"}


def test_a_tenant_is_told_of_its_members_only_and_as_they_come_and_go(server):
    everything = [{"scope": "*", "action": "*", "specific": "*"}]
    for name in "tenant-in", "tenant-out", "tenant-fence":
        profile(server, name)
    user = restricted(server, "tenant-watch", everything, {"profiles": ["tenant-in", "tenant-fence"]})

    def touch(name, text):
        reply = server.curl("PATCH", f"/profiles/{name}", [{"op": "replace", "path": "/Description", "value": text}])
        assert reply.status == 200, reply.body

    def members(*names):
        patch = [{"op": "replace", "path": "/Members", "value": {"profiles": list(names)}}]
        assert server.curl("PATCH", "/tenants/tenant-watch", patch).status == 200

    before = cursor(server)
    with Socket(server, token=user) as socket:
        socket.say("register profiles.*.*")

        def told():
            """The keys of the events so far."""
            touch("tenant-fence", str(time.monotonic()))
            return [event["Key"] for event in socket.until("profiles", "update", "tenant-fence")][:-1]

        for name in "tenant-in", "tenant-out":
            touch(name, "1")
        assert told() == ["tenant-in"]
        # Coming into sight and going out of it is no event of the object.
        members("tenant-out", "tenant-fence")
        assert told() == []
        assert server.curl("GET", "/profiles/tenant-in", user=user).status == 404
        for name in "tenant-in", "tenant-out":
            touch(name, "2")
        assert told() == ["tenant-out"]
    # What is seen is decided now, also for what happened before.
    again = server.curl("GET", f"/events?since={before}&filter=profiles.*.*", user=user).json["events"]
    assert {event["Key"] for event in again} == {"tenant-out", "tenant-fence"}


def test_who_loses_a_right_while_connected_is_told_no_more(server):
    claims = [{"scope": "profiles", "action": "list,get", "specific": "*"},
              {"scope": "stages", "action": "list,get", "specific": "*"}]
    user = restricted(server, "loses-right", claims)
    with Socket(server, token=user) as socket:
        socket.say("register *.*.*")
        profile(server, "before-loss")
        socket.until("profiles", "create", "before-loss")
        reply = server.curl("PATCH", "/roles/loses-right", [{"op": "replace", "path": "/Claims", "value": claims[1:]}])
        assert reply.status == 200, reply.body
        profile(server, "after-loss")
        server.curl("POST", "/stages", {"Name": "loss-fence"})
        assert names(socket.until("stages", "create", "loss-fence")) == ["stages.create.loss-fence"]


def test_who_is_removed_while_connected_is_disconnected_with_a_reason(server):
    user = restricted(server, "is-removed", [{"scope": "*", "action": "*", "specific": "*"}])
    with Socket(server, token=user) as socket:
        socket.say("register nothing.*.*")
        assert server.curl("DELETE", "/users/is-removed").status == 200
        opcode, data = socket.connection.recv_data(control_frame=True)
        assert (opcode, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1008)
        assert data[2:]


def test_a_cursor_of_another_store_is_gone(fresh):
    """A store that is made anew, or restored, has another epoch."""
    server = fresh(name="one")
    before = cursor(server)
    other = fresh(name="two")
    for number in range(3):
        profile(other, f"epoch-{number}")
    reply = other.curl("GET", f"/events?since={before}")
    assert reply.status == 410
    assert len(poll(other, since=reply.json["Oldest"], filter="profiles.create.*")["events"]) >= 3
    with Socket(other) as socket:
        answer = socket.say(f"since {before}")
        assert answer["Action"] == "error" and reply.json["Oldest"] in answer["Object"]


@pytest.mark.parametrize("path, headers", [
    ("/events?wait=50s", []), ("/profiles/global", ["If-None-Match", "Prefer: wait=50s"])])
@pytest.mark.parametrize("signal", ["SIGTERM", "SIGKILL"])
def test_a_client_that_leaves_is_not_waited_for(fresh, path, headers, signal):
    server = fresh("--log-level", "debug")
    if headers:
        tag = server.curl("GET", path).headers["etag"]
        headers = [f"If-None-Match: {tag}", headers[1]]
    command = ["curl", "-sk", "-u", f"{USER}:{PASSWORD}", *(word for each in headers for word in ("-H", each))]
    client = subprocess.Popen([*command, server.url + path], stdout=subprocess.DEVNULL)
    lines = server.get("/logs")
    time.sleep(0.5)
    assert client.poll() is None
    client.send_signal(getattr(__import__("signal"), signal))
    client.wait()
    asked = path.partition("?")[0]

    def answered():
        return [line for line in server.get("/logs") if line["Seq"] >= len(lines) and line["Data"]
                and line["Data"][0].get("path", "").endswith(asked)]

    deadline = time.monotonic() + 5
    while not answered() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(answered()) == 1
