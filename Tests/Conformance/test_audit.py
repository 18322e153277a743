"""The trail that logins and refusals leave in the log and in metrics, and what never gets there."""

import base64
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from muster_process import PASSWORD


def metrics(server):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        lines = answer.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def logged(server, message):
    """The lines of the log with that message: who, and the rest."""
    lines = [line for line in server.get("/logs") if line["Message"] == message]
    return [(line["Principal"], (line["Data"] or [{}])[0]) for line in lines]


def wait_until(holds):
    """Waits for what the log's own thread has yet to write."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.fixture
def trail(fresh):
    server = fresh()
    server.get("/info")
    server.curl("POST", "/users", {"Name": "jill", "Roles": []})
    server.curl("PUT", "/users/jill/password", {"Password": "sesame-1"})
    return server


def test_waits_for_locks_are_timed(trail):
    def send(number):
        return trail.curl("POST", "/changes", {"changes": [
            {"op": "create", "type": "profiles", "key": f"wait-{number}-{at}", "object": {}} for at in range(500)]})

    before = metrics(trail)
    deadline = time.monotonic() + 60
    rounds = 0
    with ThreadPoolExecutor(4) as clients:
        while metrics(trail)["muster_lock_wait_seconds_count"] == before["muster_lock_wait_seconds_count"]:
            assert time.monotonic() < deadline, "large writes to one type never waited for each other"
            replies = list(clients.map(send, range(rounds, rounds + 4)))
            assert {reply.status for reply in replies} == {200}
            rounds += 4
    assert metrics(trail)["muster_lock_wait_seconds_sum"] > before["muster_lock_wait_seconds_sum"]


def test_a_large_patch_holds_no_writer(trail):
    """What is drafted beside the writer waits for locks; what is drafted on its thread never does."""
    trail.curl("POST", "/profiles", {"Name": "large"})
    patches = [
        [{"op": "add", "path": f"/Params/p{number}-{client}", "value": "x" * 40} for number in range(5000)]
        for client in range(4)]
    before = metrics(trail)
    deadline = time.monotonic() + 60
    with ThreadPoolExecutor(4) as clients:
        while metrics(trail)["muster_lock_wait_seconds_count"] == before["muster_lock_wait_seconds_count"]:
            assert time.monotonic() < deadline, "large patches never waited for each other"
            replies = list(clients.map(lambda patch: trail.curl("PATCH", "/profiles/large", patch), patches))
            assert {reply.status for reply in replies} == {200}
    assert len(trail.get("/profiles/large")["Params"]) == 20_000


def test_a_login_is_logged_once_with_who_where_and_which_request(trail):
    before = metrics(trail)
    reply = trail.curl("GET", "/users/jill", user="jill:sesame-1")
    trail.curl("GET", "/users/jill", user="jill:sesame-1")
    lines = [data for who, data in logged(trail, "login") if who == "user:jill"]
    assert [(data["address"], data["request"]) for data in lines] == [("127.0.0.1", reply.headers["x-request-id"])]
    name = 'muster_logins_total{method="password",outcome="granted"}'
    assert metrics(trail)[name] == before[name] + 1


def test_a_refused_login_is_logged_with_who_where_and_which_request(trail):
    before = metrics(trail)
    reply = trail.curl("GET", "/users/jill", user="jill:wrong-password")
    trail.curl("GET", "/users/jill", token="nonsense-token")
    trail.curl("GET", "/users/jill", user=None)
    lines = logged(trail, "login refused")
    assert [who for who, _ in lines] == ["user:jill", "", ""]
    assert lines[0][1]["address"] == "127.0.0.1" and lines[0][1]["request"] == reply.headers["x-request-id"]
    for method in "password", "token", "none":
        name = f'muster_logins_total{{method="{method}",outcome="refused"}}'
        assert metrics(trail)[name] == before[name] + 1


def test_a_denied_request_is_logged_with_who_where_and_which_request(trail):
    before = metrics(trail)
    reply = trail.curl("DELETE", "/profiles/global", user="jill:sesame-1")
    assert reply.status == 404, "she may not get it either, and is not told that it is there"
    (who, data), = logged(trail, "request denied")
    assert (who, data["address"], data["request"]) == ("user:jill", "127.0.0.1", reply.headers["x-request-id"])
    assert (data["method"], data["path"], data["status"]) == ("DELETE", "/api/v3/profiles/global", "404")
    assert metrics(trail)["muster_requests_denied_total"] == before["muster_requests_denied_total"] + 1


def test_a_guesser_who_is_held_back_is_counted(trail):
    for _ in range(30):
        trail.curl("GET", "/info", user="jill:guess")
    assert metrics(trail)['muster_logins_total{method="password",outcome="limited"}'] > 0


def test_a_token_given_out_is_logged(trail):
    before = metrics(trail)["muster_tokens_issued_total"]
    trail.get("/users/jill/token")
    assert logged(trail, "token issued")[-1][1]["for"] == "users/jill"
    assert metrics(trail)["muster_tokens_issued_total"] == before + 1


def test_a_name_cannot_forge_a_line_of_the_log(trail):
    name = base64.b64encode(b"x\n2030-01-01 notice forged\r\n\x1b[2J:y").decode()
    assert trail.curl("GET", "/info", user=None, headers=[f"Authorization: Basic {name}"]).status == 401
    wait_until(lambda: "login refused" in trail.log_text())
    assert not any(line.startswith("2030-01-01") for line in trail.log_text().splitlines())
    assert "\x1b" not in trail.log_text()


def test_no_secret_gets_into_a_log_an_error_an_event_or_history(fresh):
    server = fresh("--log-level", "trace")
    cursor = server.get("/events/cursor")["cursor"]
    secrets = {"password": "hush-hush-1", "base": "0123456789abcdef0123456789abcdeX", "query": "tkn-in-a-query"}
    server.curl("POST", "/users", {"Name": "carol", "Roles": []})
    server.curl("PUT", "/users/carol/password", {"Password": secrets["password"]})
    server.curl("POST", "/machines", {"Name": "m1"})
    secrets["user"] = server.get("/users/carol")["Secret"]
    secrets["machine"] = server.get("/machines/Name:m1")["Secret"]
    secrets["token"] = server.get("/users/carol/token")["Token"]
    server.curl("POST", "/prefs", {"baseTokenSecret": secrets["base"]})
    token = secrets["again"] = server.get("/users/carol/token")["Token"]
    errors = [
        server.curl("GET", f"/profiles/global?token={token}", user=None),
        server.curl("GET", f"/info?a=b&token=carol:{secrets['password']}", user=None),
        server.curl("GET", f"/profiles/global?token={secrets['query']}", user=None),
        server.curl("GET", "/profiles/global", user=f"carol:{secrets['password']}x"),
        server.curl("GET", "/profiles/global", token=token),
    ]
    assert [each.status for each in errors] == [404, 403, 403, 401, 404]
    assert errors[1].json["Messages"][0] == "Cannot access /api/v3/info?a=b"
    records = server.get("/history")["records"]
    told = [each.body.decode() for each in errors] + [
        server.log_text(), json.dumps(server.get("/logs")),
        json.dumps(server.get(f"/events?since={cursor}&limit=1000")),
        json.dumps(records), json.dumps(server.get("/users/carol/history")),
        json.dumps(server.get("/machines/Name:m1/history")),
        *(json.dumps(server.get(f"/changes/{record['revision']}")) for record in records),
    ]
    for name, secret in secrets.items():
        assert not any(secret in text for text in told), name
    assert json.dumps(server.get(f"/events?since={cursor}&limit=1000")).count('"carol"') > 0


def test_whoever_puts_back_what_an_event_told_ends_no_tokens(server):
    cursor = server.get("/events/cursor")["cursor"]
    server.curl("POST", "/machines", {"Name": "put-back"})
    token = server.get("/machines/Name:put-back/token")["Token"]
    events = server.get(f"/events?since={cursor}&filter=machines.create.*")["events"]
    told = [event["Object"] for event in events if event["Object"]["Name"] == "put-back"][0]
    assert told["Secret"] == ""
    assert server.curl("PUT", f"/machines/{told['Uuid']}", told).status == 200
    assert server.curl("GET", f"/machines/{told['Uuid']}", token=token).status == 200
    server.curl("DELETE", f"/machines/{told['Uuid']}")


def test_every_answer_tells_browsers_to_be_careful(server):
    for reply in (
        server.curl("GET", "/machines"), server.curl("GET", "/nowhere"), server.curl("GET", "/machines", user=None),
        server.curl("HEAD", "/machines"), server.curl("DELETE", "/profiles/none"), server.curl("GET", "/health"),
    ):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert PASSWORD not in server.log_text()
