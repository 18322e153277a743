"""Triggers: a blueprint's tasks run on machines at certain times, on events, and when somebody calls, with the rights of their writer."""

import hashlib
import hmac
import json
import time

import pytest
from muster_process import Server
from runner import Machine

SECRET = "open sesame, please"


def until(condition, seconds=60):
    """What a condition gives once that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def furnish(server):
    def made(path, **body):
        reply = server.curl("POST", path, body)
        assert reply.status == 201, reply.body
        return reply.json

    for name in ("t1", "t2"):
        made("/tasks", Name=name)
    made("/tasks", Name="tells", Templates=[{"Name": "run", "Contents": "{{.Param \"said\"}} {{.Param \"event\" | toJson}}"}])
    made("/tasks", Name="after", Prerequisites=["t1"])
    made("/blueprints", Name="bp", Tasks=["t1", "t2"])
    made("/blueprints", Name="telling", Tasks=["tells"])
    made("/blueprints", Name="chained", Tasks=["after"])
    return made


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("triggers")).start()
    request.addfinalizer(running.stop)
    furnish(running)
    return running


def made(server, path, **body):
    reply = server.curl("POST", path, body)
    assert reply.status == 201, reply.body
    return reply.json


def orders(server, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return server.curl("GET", f"/work_orders?{query}").json


def webhook(server, name, body=b"{}", **headers):
    headers = [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    return server.curl("POST", f"/webhooks/{name}", body, user=None, headers=headers)


# Work orders


def test_an_order_is_the_machines_task_list_while_it_runs_and_then_all_is_as_before(server):
    machine = Machine(server, Tasks=["t2"])
    assert machine.run() == (0, "t2")
    assert machine.next() is None
    before = machine.get()
    order = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    assert server.curl("GET", f"/work_orders/{order['Uuid']}").json["State"] == "running"
    assert machine.get("Tasks", "CurrentTask", "WorkflowComplete") == [["t1", "t2"], -1, False]
    assert [machine.run(), machine.run(), machine.next()] == [(0, "t1"), (1, "t2"), None]
    ended = server.curl("GET", f"/work_orders/{order['Uuid']}").json
    assert (ended["State"], ended["CurrentJob"], ended["EndTime"] > ended["StartTime"] > "2020") == ("finished", machine.job, True)
    assert machine.get() == before


def test_orders_of_one_machine_run_one_after_the_other_and_after_its_workflow(server):
    machine = Machine(server, Tasks=["t2"])
    first = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    second = made(server, "/work_orders", Tasks=["t2"], Machine=machine.uuid)
    states = lambda: [server.curl("GET", f"/work_orders/{each['Uuid']}").json["State"] for each in (first, second)]
    assert states() == ["created", "created"]
    assert [machine.run(), machine.next()] == [(0, "t2"), None]
    assert states() == ["running", "created"]
    assert [machine.run(), machine.run(), machine.next()] == [(0, "t1"), (1, "t2"), None]
    assert states() == ["finished", "running"]
    assert [machine.run(), machine.next(), states()] == [(0, "t2"), None, ["finished", "finished"]]


def test_an_order_that_fails_leaves_the_machine_as_it_was(server):
    machine = Machine(server)
    order = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    machine.next()
    machine.set(Runnable=False)
    machine.end("failed")
    failed = server.curl("GET", f"/work_orders/{order['Uuid']}").json
    assert (failed["State"], failed["Status"]) == ("failed", f"job {machine.job} of the task t1 failed")
    assert machine.get("Tasks", "Runnable", "WorkflowComplete") == [[], True, True]


def test_an_order_whose_task_is_tried_again_has_not_failed(server):
    machine = Machine(server, Params={"task-error-handlers": {"t1": ["t2"]}})
    order = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    machine.run("failed")
    assert server.curl("GET", f"/work_orders/{order['Uuid']}").json["State"] == "running"
    assert [machine.run(), machine.run(), machine.run(), machine.next()] == [(0, "t2"), (0, "t1"), (1, "t2"), None]
    assert server.curl("GET", f"/work_orders/{order['Uuid']}").json["State"] == "finished"


def test_prerequisites_are_in_the_order(server):
    order = made(server, "/work_orders", Blueprint="chained", Machine=Machine(server).uuid)
    assert order["Tasks"] == ["t1", "after"]


def test_an_order_can_be_cancelled_and_a_machine_given_something_else(server):
    machine = Machine(server)
    order = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    one = f"/work_orders/{order['Uuid']}"
    assert server.curl("DELETE", one).status == 422
    assert server.curl("PATCH", one, [{"op": "replace", "path": "/State", "value": "finished"}]).status == 422
    assert server.curl("PATCH", one, [{"op": "replace", "path": "/State", "value": "cancelled"}]).status == 200
    assert machine.get("Tasks", "WorkflowComplete") == [[], True]
    assert server.curl("DELETE", one).status == 200
    again = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid)
    assert machine.set("?force=true", Stage="local").status == 200
    assert server.curl("GET", f"/work_orders/{again['Uuid']}").json["Status"] == "the machine was given something else to do"
    server.curl("DELETE", f"/machines/{machine.uuid}")


def test_an_order_that_is_done_can_be_run_again(server):
    machine = Machine(server)
    order = made(server, "/work_orders", Blueprint="bp", Machine=machine.uuid, Params={"said": "again"})
    one = f"/work_orders/{order['Uuid']}"
    refused = server.curl("POST", f"{one}/restart")
    assert (refused.status, refused.json["Messages"][0]) == (
        409, f"Work order {order['Uuid']} is running, and can be restarted once it is done: cancel it first")
    machine.run("failed")
    assert server.curl("GET", one).json["State"] == "failed"
    for ends in ("failed", "finished"):
        again = server.curl("POST", f"{one}/restart")
        assert (again.status, again.json["State"], again.json["Status"], again.json["Params"]) == (200, "running", "", {"said": "again"})
        assert again.json["EndTime"] == "0001-01-01T00:00:00Z" < order["CreateTime"] <= again.json["CreateTime"]
        assert machine.get("Tasks", "CurrentTask") == [["t1", "t2"], -1]
        assert machine.run(ends) == (0, "t1")
    assert [machine.run(), machine.next(), server.curl("GET", one).json["State"]] == [(1, "t2"), None, "finished"]
    machine.set(Tasks=["t2"])
    assert server.curl("POST", f"{one}/restart").json["State"] == "created"
    assert [machine.run(), machine.next(), server.curl("GET", one).json["State"]] == [(0, "t2"), None, "running"]
    assert server.curl("POST", "/work_orders/none/restart").status == 404


def test_running_an_order_again_takes_the_right_to_make_it(server):
    machine = Machine(server)
    order = made(server, "/work_orders", Tasks=["t1"], Machine=machine.uuid)
    assert [machine.run(), machine.next()] == [(0, "t1"), None]
    claims = [("work_orders", "create,get,update", "*"), ("machines,tasks", "get", "*")]
    made(server, "/roles", Name="half", Claims=[{"scope": scope, "action": action, "specific": of} for scope, action, of in claims])
    made(server, "/users", Name="half", Roles=["half"])
    server.curl("PUT", "/users/half/password", {"Password": "pw"})
    refused = server.curl("POST", f"/work_orders/{order['Uuid']}/restart", user="half:pw")
    assert (refused.status, refused.json["Messages"][-1]) == (403, f"Requires: machines updateTaskList {machine.uuid}")
    assert server.curl("GET", f"/work_orders/{order['Uuid']}").json["State"] == "finished"
    server.curl("DELETE", f"/machines/{machine.uuid}")
    gone = server.curl("POST", f"/work_orders/{order['Uuid']}/restart")
    assert (gone.status, gone.json["Messages"]) == (422, [f"Machine {machine.uuid} does not exist"])


def test_orders_are_forgotten_as_asked_but_not_what_is_still_to_come(server):
    machine = Machine(server)
    ended = [made(server, "/work_orders", Tasks=["t1"], Machine=machine.uuid)["Uuid"] for _ in range(4)]
    for state in ("finished", "failed", "finished"):
        assert machine.run(state) == (0, "t1")
        # A failure ends an order by itself, and the next one has begun.
        assert state == "failed" or machine.next() is None
    server.curl("PATCH", f"/work_orders/{ended[3]}", [{"op": "replace", "path": "/State", "value": "cancelled"}])
    waiting = [made(server, "/work_orders", Tasks=["t1"], Machine=machine.uuid)["Uuid"] for _ in range(2)]
    base = f"/work_orders?machine={machine.uuid}"
    assert server.curl("DELETE", f"{base}&dryrun=true&workOrdersToKeep=0").json == ended
    assert server.curl("DELETE", f"{base}&workOrdersToKeep=5").json == ended[:1]
    assert sorted(server.curl("DELETE", f"{base}&failedWorkOrdersPurgedAfter=0s").json) == sorted([ended[1], ended[3]])
    assert server.curl("DELETE", f"{base}&completeWorkOrdersPurgedAfter=1h").json == []
    assert server.curl("DELETE", f"{base}&completeWorkOrdersPurgedAfter=0s").json == ended[2:3]
    assert sorted(order["Uuid"] for order in orders(server, Machine=machine.uuid)) == sorted(waiting)
    assert server.curl("DELETE", f"{base}&jobsToKeep=0").status == 400
    assert server.curl("POST", "/prefs", {"workOrdersToKeep": "many"}).status == 422


@pytest.mark.parametrize("body, message", [
    ({"Blueprint": "bp", "Machine": "00000000-0000-4000-8000-00000000dead"}, "Machine 00000000-0000-4000-8000-00000000dead does not exist"),
    ({"Blueprint": "none"}, "Blueprint none does not exist"), ({}, "a work order has a Blueprint with tasks, or Tasks"),
    ({"Tasks": ["stage:none"]}, "enters no stage or bootenv"),
])
def test_an_order_that_makes_no_sense_is_refused(server, body, message):
    body.setdefault("Machine", Machine(server).uuid)
    reply = server.curl("POST", "/work_orders", body)
    assert reply.status == 422 and any(message in each for each in reply.json["Messages"]), reply.body


# Triggers


def test_a_trigger_fires_every_so_often(server):
    machine = Machine(server)
    trigger = made(server, "/triggers", Name="often", TriggerProvider="cron-trigger", Blueprint="bp", Enabled=True,
                   Filter=f"Uuid={machine.uuid}", Params={"cron-trigger/interval": "1s"})
    assert trigger["LastModifiedBy"] == "user:rocketskates"
    order = until(lambda: orders(server, Trigger="often"))[0]
    assert (order["Machine"], order["Blueprint"], order["Event"][:14]) == (machine.uuid, "bp", "trigger-often@")
    assert server.curl("GET", "/schedules/trigger-often").status == 200
    server.curl("PATCH", "/triggers/often", [{"op": "replace", "path": "/Enabled", "value": False}])
    assert server.curl("GET", "/schedules/trigger-often").status == 404
    # Who is not done with the last order misses those that came meanwhile.
    assert len(orders(server, Trigger="often")) == 1


def test_a_trigger_fires_on_events_and_hands_them_on(server):
    made(server, "/triggers", Name="born", TriggerProvider="event-trigger", Blueprint="telling", Enabled=True,
         Params={"event-trigger/event-match": "machines.create.*"}, WorkOrderParams={"said": "hello"},
         StoreDataInParameter="event")
    machine = Machine(server)
    (order,) = until(lambda: orders(server, Trigger="born", Machine=machine.uuid))
    assert order["Params"]["event"]["Key"] == machine.uuid
    assert machine.next() == (0, "tells")
    (action,) = server.curl("GET", f"/jobs/{machine.job}/actions").json
    said, _, event = action["Content"].partition(" ")
    assert (said, json.loads(event)["Action"]) == ("hello", "create")
    assert server.curl("GET", f"/machines/{machine.uuid}/params/said").json is None
    server.curl("DELETE", "/triggers/born")


def test_a_trigger_fires_when_somebody_calls_who_knows_its_secret(server):
    machine = Machine(server)
    shown = made(server, "/triggers", Name="called", TriggerProvider="webhook-trigger", Blueprint="bp", Enabled=True, QueueMode=True,
                 Filter=f"Uuid={machine.uuid}", MergeDataIntoParams=True, Params={"webhook-trigger/secret": SECRET})
    assert set(shown["Params"]["webhook-trigger/secret"]) == {"Key", "Nonce", "Payload"}
    body = json.dumps({"who": "rob"}).encode()
    reply = webhook(server, "called", body, X_Muster_Token=SECRET, X_Muster_Delivery="one")
    assert (reply.status, reply.json) == (202, {"Trigger": "called", "Event": "one", "WorkOrders": 1})
    assert webhook(server, "called", body, X_Muster_Token=SECRET, X_Muster_Delivery="one").json["WorkOrders"] == 0
    code = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert webhook(server, "called", body, X_Hub_Signature_256=f"sha256={code}", X_GitHub_Delivery="two").json["WorkOrders"] == 1
    assert [order["Params"] for order in orders(server, Trigger="called")] == [{"who": "rob"}] * 2
    for name, headers in [
        ("called", {}), ("called", {"X_Muster_Token": SECRET[:-1]}), ("called", {"X_Hub_Signature_256": f"sha256={code[:-1]}0"}),
        ("called", {"X_Hub_Signature_256": "sha256=zz"}), ("nobody", {"X_Muster_Token": SECRET}), ("often", {"X_Muster_Token": SECRET}),
    ]:
        reply = webhook(server, name, body, **headers)
        assert (reply.status, reply.json["Messages"][0]) == (403, "No trigger can be called so: send its secret "
                                                             "as X-Muster-Token, or sign the body with it in X-Hub-Signature-256")
    log = server.log_text() + json.dumps(server.curl("GET", "/triggers/called/history").json)
    assert SECRET not in log


def test_who_guesses_the_secret_of_a_webhook_is_slowed_down(fresh):
    server = fresh()
    furnish(server)
    for name in ("guessed", "other"):
        made(server, "/triggers", Name=name, TriggerProvider="webhook-trigger", Blueprint="bp", Enabled=True, QueueMode=True,
             Filter=f"Uuid={Machine(server).uuid}", Params={"webhook-trigger/secret": SECRET})
    for _ in range(3):
        assert [webhook(server, "guessed", X_Muster_Token=f"guess {number}").status for number in range(9)] == [403] * 9
        # Who knows it is not held up by typing errors of before.
        assert webhook(server, "guessed", X_Muster_Token=SECRET).status == 202
    assert [webhook(server, "guessed", X_Hub_Signature_256="sha256=00").status for _ in range(10)] == [403] * 10
    for secret in ("wrong", SECRET):
        limited = webhook(server, "guessed", X_Muster_Token=secret)
        assert limited.status == 429 and int(limited.headers["retry-after"]) > 0, limited.body
    assert webhook(server, "other", X_Muster_Token=SECRET).status == 202


@pytest.mark.parametrize("body, message", [
    ({"TriggerProvider": "cron-trigger"}, "a cron-trigger has either the param"),
    ({"TriggerProvider": "cron-trigger", "Params": {"cron-trigger/time-string": "61 * * * *"}, "Enabled": True}, "Cron: "),
    ({"TriggerProvider": "event-trigger"}, "an event-trigger has the param event-trigger/event-match"),
    ({"TriggerProvider": "event-trigger", "Params": {"event-trigger/event-match": "machines"}}, "event-trigger/event-match: "),
    ({"TriggerProvider": "webhook-trigger"}, "a webhook-trigger has the param webhook-trigger/secret"),
    ({"TriggerProvider": "webhook-trigger", "Params": {"webhook-trigger/secret": "short"}}, "webhook-trigger/secret"),
    ({"TriggerProvider": "event-trigger", "Params": {"event-trigger/event-match": "*.*.*"}, "Filter": "Nothing=x&Uuid=fred"}, "Filter: "),
    ({"TriggerProvider": "cron-trigger", "Params": {"cron-trigger/interval": "1h"}, "FilterCount": 5000}, "FilterCount must be"),
])
def test_a_trigger_that_makes_no_sense_is_refused(server, body, message):
    reply = server.curl("POST", "/triggers", {"Name": "bad-trigger", "Blueprint": "bp", **body})
    assert reply.status in (406, 422) and any(message in each for each in reply.json["Messages"]), reply.body


def test_a_run_has_the_rights_that_its_writer_has_then(server):
    machine, other = Machine(server), Machine(server)
    claims = [("triggers", "*", "*"), ("blueprints", "get", "*"), ("params,trigger_providers", "get", "*"), ("work_orders", "create,get", "*"),
              ("machines", "get,list", "*"), ("machines", "updateTaskList", machine.uuid)]
    made(server, "/roles", Name="trigger-role",
         Claims=[{"scope": scope, "action": action, "specific": specific} for scope, action, specific in claims])
    made(server, "/users", Name="timer", Roles=["trigger-role"])
    server.curl("PUT", "/users/timer/password", {"Password": "pw"})
    for name, target in (("own", machine), ("foreign", other)):
        reply = server.curl("POST", "/triggers", {
            "Name": name, "TriggerProvider": "webhook-trigger", "Blueprint": "bp", "Enabled": True, "QueueMode": True,
            "Filter": f"Uuid={target.uuid}", "Params": {"webhook-trigger/secret": SECRET}}, user="timer:pw")
        assert reply.status == 201, reply.body
    assert webhook(server, "own", X_Muster_Token=SECRET).json["WorkOrders"] == 1
    refused = webhook(server, "foreign", X_Muster_Token=SECRET)
    assert (refused.status, refused.json["Messages"][-1]) == (403, f"Requires: machines updateTaskList {other.uuid}")
    assert orders(server, Machine=other.uuid) == []
    assert server.curl("POST", "/work_orders", {"Blueprint": "bp", "Machine": other.uuid}, user="timer:pw").status == 403
    server.curl("DELETE", "/users/timer")
    assert webhook(server, "own", X_Muster_Token=SECRET).status == 403


def test_what_a_pack_says_of_a_triggers_writer_gives_it_no_rights(server):
    machine = Machine(server)
    pack = {"meta": {"Name": "timers"}, "sections": {
        "triggers": {"packed": {
            "Name": "packed", "TriggerProvider": "webhook-trigger", "Blueprint": "bp", "Enabled": True, "Filter": f"Uuid={machine.uuid}",
            "Params": {"webhook-trigger/secret": SECRET}, "LastModifiedBy": "user:rocketskates"}}}}
    reply = server.curl("POST", "/contents", pack)
    assert reply.status == 201, reply.body
    refused = webhook(server, "packed", X_Muster_Token=SECRET)
    assert refused.status == 403 and "a content pack wrote the trigger last" in refused.json["Messages"][0]
    assert orders(server, Machine=machine.uuid) == []
    server.curl("DELETE", "/contents/timers")


def test_the_tables_of_types_stay_as_older_clients_know_them(server):
    assert not {"triggers", "blueprints", "work_orders", "trigger_providers"} & set(server.curl("GET", "/objects").json)
    names = {row["name"] for row in server.curl("GET", "/system/types").json}
    assert {"triggers", "blueprints", "work_orders"} <= names


def test_a_server_ends_well_with_and_without_event_triggers(fresh):
    server = fresh()
    furnish(server)
    assert server.stop() == 0
    server.start()
    made(server, "/triggers", Name="born", TriggerProvider="event-trigger", Blueprint="bp", Enabled=True,
         Params={"event-trigger/event-match": "machines.create.*"})
    Machine(server)
    until(lambda: orders(server, Trigger="born"))
    assert server.stop() == 0


def test_no_event_is_missed_by_a_server_that_dies(fresh):
    server = fresh()
    furnish(server)
    made(server, "/triggers", Name="born", TriggerProvider="event-trigger", Blueprint="bp", Enabled=True,
         Params={"event-trigger/event-match": "machines.create.*"})
    machines = []
    for _ in range(3):
        machines += [Machine(server).uuid for _ in range(10)]
        server.kill()
        server.start()
    found = until(lambda: (all_ := orders(server, Trigger="born")) and len(all_) >= len(machines) and all_)
    assert sorted(order["Machine"] for order in found) == sorted(machines)
