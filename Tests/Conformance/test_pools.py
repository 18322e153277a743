"""Pools: which machines are taken, what happens to them on their way, and who may do it, as clients see it."""

import concurrent.futures
import itertools
import time
import uuid

import pytest
from muster_process import Server

NUMBERS = itertools.count()


def pool_name():
    """A pool that no other test has."""
    return f"pool{next(NUMBERS)}"


class Client:
    """Somebody who works with pools: the first user, or another one."""

    def __init__(self, server, user=None):
        self.server = server
        self.options = {"user": f"{user}:secret"} if user else {}

    def post(self, path, body=None):
        return self.server.curl("POST", path, body, **self.options)

    def order(self, operation, pool, query="", **body):
        """What a pool operation is answered with; keys are those of the body without `pool/`, and with `_` for `-`."""
        keys = {f"pool/{name.replace('_', '-')}": value for name, value in body.items()}
        return self.post(f"/pools/{pool}/{operation}Machines{query}", keys)

    def done(self, operation, pool, query="", **body):
        """The machines that an operation took, by name, with what became of them."""
        reply = self.order(operation, pool, query, **body)
        assert reply.status == 200, reply.body
        return {each["Name"]: each["Status"] for each in reply.json}

    def refused(self, operation, pool, query="", status=409, **body):
        reply = self.order(operation, pool, query, **body)
        assert reply.status == status, reply.body
        return reply.json["Messages"]

    def status(self, pool):
        """The names of a pool's machines, by status."""
        found = self.server.get(f"/pools/{pool}/status", **self.options)
        return {status: sorted(each["Name"] for each in machines) for status, machines in found.items()}


class Fleet(Client):
    """The first user, who makes what the tests need."""

    def machine(self, pool="default", **fields):
        """The name of a new machine in a pool."""
        name = f"m{next(NUMBERS):04}"
        self.made("/machines", Name=name, Uuid=str(uuid.uuid4()), Pool=pool, **fields)
        return name

    def machines(self, count, pool, **fields):
        return [self.machine(pool, **fields) for _ in range(count)]

    def made(self, path, **body):
        reply = self.post(path, body)
        assert reply.status == 201, reply.body
        return reply.json

    def get(self, name, *fields):
        machine = self.server.get(f"/machines/Name:{name}")
        return [machine[field] for field in fields] if fields else machine

    def set(self, name, **fields):
        patch = [{"op": "replace", "path": f"/{field}", "value": value} for field, value in fields.items()]
        return self.server.curl("PATCH", f"/machines/Name:{name}", patch)

    def run(self, name, *states):
        """Has a machine run one task after the other, each ending in a state; at the end it asks for one more."""
        for state in states:
            reply = self.post("/jobs", {"Machine": self.get(name)["Uuid"]})
            assert reply.status == 201, reply.body
            for step in ("running", state):
                patch = [{"op": "replace", "path": "/State", "value": step}]
                assert self.server.curl("PATCH", f"/jobs/{reply.json['Uuid']}", patch).status == 200
        if states[-1] == "finished":
            self.post("/jobs", {"Machine": self.get(name)["Uuid"]})

    def user(self, *claims):
        """A client that holds these claims, as (scope, action, specific)."""
        name = f"user{next(NUMBERS)}"
        self.made("/roles", Name=name, Claims=[dict(zip(("scope", "action", "specific"), claim)) for claim in claims])
        self.made("/users", Name=name, Roles=[name])
        assert self.server.curl("PUT", f"/users/{name}/password", {"Password": "secret"}).status == 200
        client = Client(self.server, name)
        client.name = name
        return client


@pytest.fixture(scope="module")
def fleet(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("pools")).start()
    request.addfinalizer(running.stop)
    return prepared(running)


def prepared(server):
    fleet = Fleet(server)
    for task in ("work", "mend"):
        fleet.made("/tasks", Name=task)
    for name in ("build", "wipe", "enter", "exit"):
        fleet.made("/stages", Name=name, Tasks=["work"])
        fleet.made("/workflows", Name=name, Stages=[name])
    for name in ("red", "blue"):
        fleet.made("/profiles", Name=name)
    return fleet


# Which pools there are


def test_a_machine_is_free_in_the_default_pool_unless_it_is_made_elsewhere(fleet):
    assert fleet.get(fleet.machine(), "Pool", "PoolStatus", "PoolAllocated") == ["default", "Free", False]
    pool = pool_name()
    assert fleet.get(fleet.machine(pool), "Pool", "PoolStatus", "PoolAllocated") == [pool, "Free", False]


def test_a_pool_is_there_while_machines_are_in_it_and_needs_no_object(fleet):
    pool, name = pool_name(), fleet.machine()
    assert pool not in fleet.server.get("/pools-active") and fleet.status(pool) == {}
    reply = fleet.order("add", pool, machine_list=[f"Name:{name}"])
    assert reply.json == [{"Name": name, "Uuid": fleet.get(name)["Uuid"], "Allocated": False, "Status": "Free"}]
    assert pool in fleet.server.get("/pools-active") and fleet.status(pool) == {"Free": [name]}
    fleet.done("remove", pool)
    assert pool not in fleet.server.get("/pools-active")


def test_names_that_no_pool_can_have_are_refused(fleet):
    assert fleet.refused("add", "9", status=422) == ["Invalid Pool `9`"]
    assert fleet.set(fleet.machine(), Pool="9").json["Messages"][0].endswith("Invalid Pool `9`")
    assert "Invalid PoolStatus `Busy`" in fleet.set(fleet.machine(), PoolStatus="Busy").json["Messages"][0]


def test_who_does_not_know_of_pools_leaves_a_machine_where_it_is(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    fleet.done("allocate", pool)
    machine = fleet.get(name)
    old = {field: value for field, value in machine.items() if not field.startswith("Pool")}
    assert fleet.server.curl("PUT", f"/machines/{machine['Uuid']}", old).status == 200
    assert fleet.get(name, "Pool", "PoolStatus", "PoolAllocated") == [pool, "InUse", True]


# Which machines are taken


def test_one_machine_is_taken_if_nothing_is_said(fleet):
    pool = pool_name()
    fleet.machines(3, pool)
    assert list(fleet.done("allocate", pool).values()) == ["InUse"]
    assert {status: len(names) for status, names in fleet.status(pool).items()} == {"Free": 2, "InUse": 1}


def test_with_fewer_machines_than_the_minimum_nothing_changes(fleet):
    pool = pool_name()
    names = fleet.machines(2, pool)
    assert fleet.refused("allocate", pool, count=3) == [
        f"Pool {pool} has 2 machines that can be allocated, and at least 3 are asked for"]
    assert fleet.status(pool) == {"Free": names}
    assert len(fleet.done("allocate", pool, count=3, minimum=2)) == 2


def test_all_machines_are_as_many_as_there_are(fleet):
    pool = pool_name()
    assert fleet.done("allocate", pool, all_machines=True) == {}
    names = fleet.machines(3, pool)
    assert sorted(fleet.done("allocate", pool, all_machines=True)) == names
    assert fleet.refused("allocate", pool, all_machines=True, minimum=1)


def test_named_machines_are_taken_whether_by_uuid_or_name_and_each_once(fleet):
    pool = pool_name()
    names = fleet.machines(3, pool)
    named = [f"Name:{names[2]}", fleet.get(names[0])["Uuid"], f"Name:{names[0]}"]
    assert list(fleet.done("allocate", pool, machine_list=named)) == [names[2], names[0]]


def test_a_refusal_says_of_each_named_machine_why_it_cannot_be_taken(fleet):
    pool = pool_name()
    used, locked, free = fleet.machines(3, pool)
    away = fleet.machine()
    fleet.done("allocate", pool, machine_list=[f"Name:{used}"])
    assert fleet.set(locked, Locked=True).status == 200
    named = [f"Name:{name}" for name in (used, locked, away, free)]
    assert fleet.refused("allocate", pool, machine_list=named) == [
        f"Pool {pool} has 1 machines that can be allocated, and at least 4 are asked for",
        f"Machine {used} is InUse and allocated, not Free and not allocated",
        f"Machine {locked} is locked",
        f"Machine {away} is in the pool default, not in {pool}"]
    assert list(fleet.done("allocate", pool, machine_list=named, minimum=1)) == [free]
    assert fleet.refused("allocate", pool, status=422, machine_list=["Name:nobody"]) == ["Machine Name:nobody does not exist"]


def test_filters_and_their_order_say_which_machines_are_taken(fleet):
    pool = pool_name()
    fleet.machine(pool, Params={"size": 1})
    two, three = fleet.machine(pool, Params={"size": 2}), fleet.machine(pool, Params={"size": 2}, Runnable=True)
    assert fleet.refused("allocate", pool, filter=["size=2"], count=3)[0].startswith(
        f"Pool {pool} has 2 machines that can be allocated and that the filters let through")
    assert list(fleet.done("allocate", pool, filter=["size=Eq(2)", "sort=Name", "reverse=true"])) == [three]
    assert list(fleet.done("allocate", pool, filter=["size=2", f"Name={two}"])) == [two]
    assert fleet.refused("release", pool, status=409, machine_list=[f"Name:{two}"], filter=["size=1"])
    assert fleet.refused("allocate", pool, status=406, filter=["Runnable=maybe"]) == ["Runnable must be true or false"]


@pytest.mark.parametrize(
    "body, message",
    [
        ({"pool/count": -1}, "pool/count must be a whole number that is not negative, not -1"),
        ({"pool/count": "two"}, 'pool/count must be a whole number that is not negative, not "two"'),
        ({"pool/minimum": 4, "pool/count": 3}, "pool/minimum is 4, more than the 3 machines that are asked for"),
        ({"pool/all-machines": 1}, "pool/all-machines must be true or false, not 1"),
        ({"pool/machine-list": "a"}, 'pool/machine-list must be a list of texts, not "a"'),
        ({"pool/machine-list": [1]}, "pool/machine-list must be a list of texts, not [1]"),
        ({"pool/add-parameters": []}, "pool/add-parameters must be a map, not []"),
        ({"pool/workflow": 7}, "pool/workflow must be a text, not 7"),
        ({"pool/wait-timeout": "soon"}, 'pool/wait-timeout must be seconds or a duration such as 30m, not "soon"'),
        ({"pool/filter": ["Name"]}, "pool/filter: `Name` is no filter such as Name=Re(^web)"),
        (
            {"pool/all-machines": True, "pool/count": 2},
            "pool/all-machines, pool/count and pool/machine-list exclude one another: give one of them"),
    ])
def test_a_body_that_makes_no_sense_is_refused_by_its_key(fleet, body, message):
    reply = fleet.post("/pools/anything/allocateMachines", body)
    assert (reply.status, reply.json["Model"], reply.json["Messages"]) == (400, "pools", [message])


def test_a_mistyped_key_takes_no_machine(fleet):
    pool = pool_name()
    fleet.machine(pool)
    assert "`pool/cuont` is none of the keys" in fleet.refused("allocate", pool, status=400, cuont=1)[0]
    assert "pool/filter: limit is none" in fleet.refused("allocate", pool, status=406, filter=["limit=1"])[0]


def test_the_empty_values_of_the_public_client_mean_nothing(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    empty = {"all_machines": False, "minimum": 0, "wait_timeout": "", "count": 0, "workflow": ""}
    assert fleet.done("allocate", pool, **empty, machine_list=[f"Name:{name}"]) == {name: "InUse"}


def test_only_free_machines_are_allocated_and_only_those_in_use_released(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    assert fleet.refused("release", pool)
    assert fleet.done("allocate", pool) == {name: "InUse"}
    for operation in ("allocate", "remove"):
        assert fleet.refused(operation, pool)
    assert fleet.refused("add", pool_name(), f"?source-pool={pool}")
    assert fleet.done("release", pool) == {name: "Free"}


def test_force_takes_machines_whatever_they_go_through_free_ones_first(fleet):
    pool = pool_name()
    held, free = fleet.machines(2, pool)
    assert fleet.done("allocate", pool, machine_list=[f"Name:{held}"], workflow="build") == {held: "Building"}
    fleet.run(held, "failed")
    assert fleet.refused("release", pool, machine_list=[f"Name:{held}"])
    assert fleet.done("release", pool, "?force=true") == {held: "Free"}
    fleet.done("allocate", pool, machine_list=[f"Name:{held}"])
    # Nobody's machine is taken from them unless it is named.
    assert fleet.done("allocate", pool, "?force=true", count=2, minimum=1) == {free: "InUse"}
    assert fleet.done("allocate", pool, "?force=true", machine_list=[f"Name:{held}"]) == {held: "InUse"}


def test_what_one_request_may_handle_has_limits(fleet):
    pool = pool_name()
    assert fleet.refused("allocate", pool, status=400, filter=["Name=x"] * 101) == [
        "pool/filter has 101 filters, more than 100"]
    names = fleet.machines(6, pool)
    message = fleet.refused("allocate", pool, status=422, all_machines=True, add_parameters={"large": "x" * 31_000_000})
    assert message == [
        "This takes more than 40000 pages of 4 KiB of machines and of what is done to them: ask for fewer by pool/count"]
    assert fleet.status(pool) == {"Free": names}


# Transitions


def test_a_transition_lasts_as_long_as_its_workflow(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    fleet.made("/pools", Id=pool, AllocateActions={"Workflow": "build"}, ReleaseActions={"Workflow": "wipe"})
    assert fleet.done("allocate", pool) == {name: "Building"}
    assert fleet.get(name, "Workflow", "PoolAllocated", "CurrentTask") == ["build", True, -1]
    fleet.run(name, "finished")
    assert fleet.get(name, "PoolStatus", "PoolAllocated", "WorkflowComplete") == ["InUse", True, True]
    assert fleet.done("release", pool) == {name: "Destroying"}
    assert fleet.get(name, "Workflow", "PoolAllocated") == ["wipe", False]
    fleet.run(name, "finished")
    assert fleet.status(pool) == {"Free": [name]}


def test_the_same_workflow_begins_anew_with_each_transition(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    for _ in range(2):
        assert fleet.done("allocate", pool, workflow="build") == {name: "Building"}
        fleet.run(name, "finished")
        assert fleet.done("release", pool) == {name: "Free"}


def test_a_workflow_without_work_is_over_at_once(fleet):
    pool = pool_name()
    fleet.post("/workflows", {"Name": "nothing", "Stages": []})
    name = fleet.machine(pool)
    assert fleet.done("allocate", pool, workflow="nothing") == {name: "InUse"}


def test_a_failed_task_holds_the_transition_until_somebody_has_it_go_on(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    fleet.done("allocate", pool, workflow="build")
    fleet.run(name, "failed")
    assert fleet.status(pool) == {"HoldBuild": [name]}
    fleet.run(name, "failed")
    assert fleet.status(pool) == {"HoldBuild": [name]}
    assert fleet.post("/jobs", {"Machine": fleet.get(name)["Uuid"]}).status == 201
    assert fleet.status(pool) == {"Building": [name]}
    job = fleet.get(name)["CurrentJob"]
    for state in ("running", "finished"):
        fleet.server.curl("PATCH", f"/jobs/{job}", [{"op": "replace", "path": "/State", "value": state}])
    fleet.post("/jobs", {"Machine": fleet.get(name)["Uuid"]})
    assert fleet.status(pool) == {"InUse": [name]}


def test_a_failure_that_is_tried_again_or_handled_does_not_hold(fleet):
    pool = pool_name()
    retried = fleet.machine(pool, Params={"task-retry": {"work": 1}})
    handled = fleet.machine(pool, Params={"task-error-handlers": {"work": ["mend"]}})
    fleet.done("allocate", pool, workflow="build", count=2)
    for name in (retried, handled):
        fleet.run(name, "failed")
    assert fleet.status(pool) == {"Building": [retried, handled]}
    # The handler's own failure is not handled.
    fleet.run(handled, "failed")
    assert fleet.status(pool) == {"Building": [retried], "HoldBuild": [handled]}


def test_who_takes_the_workflow_away_ends_the_transition(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    fleet.done("allocate", pool, workflow="build")
    assert fleet.set(name, Workflow="").status == 200
    assert fleet.status(pool) == {"InUse": [name]}


def test_a_machine_leaves_its_pool_before_it_joins_another(fleet):
    old, new = pool_name(), pool_name()
    fleet.made("/pools", Id=old, ExitActions={"Workflow": "exit", "AddProfiles": ["red"]})
    fleet.made("/pools", Id=new, ParentPool=old, EnterActions={"Workflow": "enter", "AddProfiles": ["blue"]})
    name = fleet.machine(old)
    assert fleet.done("add", new) == {name: "Leaving"}
    assert fleet.get(name, "Pool", "Workflow", "Profiles") == [old, "exit", ["red"]]
    fleet.run(name, "failed")
    assert fleet.status(old) == {"HoldLeave": [name]}
    fleet.run(name, "finished")
    assert fleet.get(name, "Pool", "PoolStatus", "Workflow", "Profiles") == [new, "Joining", "enter", ["red", "blue"]]
    fleet.run(name, "failed")
    assert fleet.status(new) == {"HoldJoin": [name]}
    fleet.run(name, "finished")
    assert fleet.status(new) == {"Free": [name]}


def test_a_removed_machine_goes_to_the_parent_and_does_what_that_says(fleet):
    parent, child = pool_name(), pool_name()
    fleet.made("/pools", Id=parent, EnterActions={"AddParameters": {"back": True}})
    fleet.made("/pools", Id=child, ParentPool=parent)
    name = fleet.machine(child)
    assert fleet.done("remove", child, add_parameters={"gone": 1}) == {name: "Free"}
    assert fleet.get(name, "Pool", "Params") == [parent, {"back": True, "gone": 1}]
    assert fleet.done("remove", parent) == {name: "Free"}
    assert fleet.get(name, "Pool") == ["default"]


def test_the_root_has_neither_source_nor_parent(fleet):
    assert fleet.refused("remove", "default", status=422) == [
        "Pool default has no parent to put machines into: add them to another pool instead"]
    assert fleet.refused("add", "default", status=422) == [
        "Pool default cannot be its own source: name another one with source-pool"]
    pool = pool_name()
    name = fleet.machine(pool)
    assert fleet.done("add", "default", f"?source-pool={pool}") == {name: "Free"}


def test_a_request_takes_the_place_of_what_the_pool_says_piece_by_piece(fleet):
    pool = pool_name()
    actions = {
        "Workflow": "build", "AddProfiles": ["red"], "RemoveProfiles": ["blue"], "AddParameters": {"aa": 1, "bb": 1},
        "RemoveParameters": ["cc"]}
    fleet.made("/pools", Id=pool, AllocateActions=actions)
    first = fleet.machine(pool, Profiles=["blue"], Params={"aa": 0, "cc": 0, "dd": 0})
    assert fleet.done("allocate", pool, machine_list=[f"Name:{first}"]) == {first: "Building"}
    assert fleet.get(first, "Profiles", "Params") == [["red"], {"aa": 1, "bb": 1, "dd": 0}]
    second = fleet.machine(pool, Profiles=["blue"], Params={"aa": 0, "cc": 0, "dd": 0})
    fleet.done("allocate", pool, workflow="wipe", remove_profiles=[], add_parameters={"ee": 2}, remove_parameters=["dd"])
    assert fleet.get(second, "Workflow", "Profiles", "Params") == ["wipe", ["blue", "red"], {"aa": 0, "cc": 0, "ee": 2}]


def test_what_cannot_be_done_to_a_machine_is_done_to_none(fleet):
    pool = pool_name()
    names = fleet.machines(2, pool)
    assert fleet.refused("allocate", pool, status=422, count=2, workflow="nowhere") == ["Workflow nowhere does not exist"]
    assert "Profile nobody (at 0) does not exist" in fleet.refused(
        "allocate", pool, status=422, add_profiles=["nobody"])[0]
    assert fleet.status(pool) == {"Free": names}
    # Also what is to be done only once a machine has left its pool.
    fleet.made("/pools", Id=pool, ExitActions={"Workflow": "exit"})
    assert "Profile nobody (at 0) does not exist" in fleet.refused(
        "add", pool_name(), f"?source-pool={pool}", status=422, add_profiles=["nobody"])[0]
    assert fleet.status(pool) == {"Free": names}


def test_all_machines_of_a_request_change_in_one_commit(fleet):
    pool = pool_name()
    names = fleet.machines(4, pool)
    fleet.done("allocate", pool, all_machines=True, workflow="build")
    revisions = {fleet.server.revision(f"/machines/{fleet.get(name)['Uuid']}") for name in names}
    assert len(revisions) == 1


def test_who_puts_a_machine_elsewhere_by_hand_ends_its_move(fleet):
    old, new = pool_name(), pool_name()
    fleet.made("/pools", Id=old, ExitActions={"Workflow": "exit"})
    name = fleet.machine(old)
    fleet.done("add", new, f"?source-pool={old}", add_profiles=["red"])
    assert fleet.set(name, PoolStatus="Free").status == 200
    fleet.run(name, "finished")
    assert fleet.get(name, "Pool", "PoolStatus", "Profiles") == [old, "Free", []]
    assert fleet.done("remove", old) == {name: "Leaving"}
    fleet.run(name, "finished")
    assert fleet.get(name, "Pool", "PoolStatus", "Profiles") == ["default", "Free", []]


def test_what_a_pool_says_must_make_sense(fleet):
    pool = pool_name()
    for fields, message in [
        ({"ParentPool": pool}, "ParentPool is the pool itself: leave it out, or name another one"),
        ({"AutoFill": {"MinFree": 3, "MaxFree": 2}}, "AutoFill MaxFree 2 is less than MinFree 3"),
        ({"AutoFill": {"MinFree": -1}}, "AutoFill MinFree must be from 0 to 10000, not -1"),
        ({"EnterActions": {"AddProfiles": ["9"]}}, "Invalid EnterActions Profile `9`"),
    ]:
        reply = fleet.post("/pools", {"Id": pool, **fields})
        assert reply.status == 422 and reply.json["Messages"] == [f"{pool}: {message}"]


# Waiting


def test_an_answer_waits_for_the_end_of_the_transitions(fleet):
    pool = pool_name()
    names = fleet.machines(2, pool)
    with concurrent.futures.ThreadPoolExecutor() as threads:
        asked = threads.submit(fleet.done, "allocate", pool, count=2, workflow="build", wait_timeout="1m")
        while fleet.status(pool) != {"Building": names}:
            time.sleep(0.02)
        fleet.run(names[0], "finished")
        fleet.run(names[1], "failed")
        # One that is held goes on only when somebody has looked after it.
        assert asked.result(20) == {names[0]: "InUse", names[1]: "HoldBuild"}


def test_an_answer_waits_for_both_ways_of_a_move_and_no_longer_than_it_is_told(fleet):
    old, new = pool_name(), pool_name()
    fleet.made("/pools", Id=old, ExitActions={"Workflow": "exit"})
    fleet.made("/pools", Id=new, ParentPool=old, EnterActions={"Workflow": "enter"})
    name = fleet.machine(old)
    with concurrent.futures.ThreadPoolExecutor() as threads:
        asked = threads.submit(fleet.done, "add", new, wait_timeout="60")
        while fleet.status(old) != {"Leaving": [name]}:
            time.sleep(0.02)
        fleet.run(name, "finished")
        fleet.run(name, "finished")
        assert asked.result(20) == {name: "Free"}
    assert fleet.done("allocate", new, workflow="build", wait_timeout=1) == {name: "Building"}


# Rights


MAY_ALLOCATE = ("machines", "get,list,update:/Pool,update:/PoolStatus,update:/PoolAllocated", "*")


def test_an_operation_takes_the_right_to_the_pool(fleet):
    pool = pool_name()
    fleet.machine(pool)
    user = fleet.user(("pools", "get", "*"), MAY_ALLOCATE)
    assert user.refused("allocate", pool, status=404) == ["Not Found"]
    fleet.made("/pools", Id=pool)
    assert f"Requires: pools update {pool}" in user.refused("allocate", pool, status=403)


def test_an_operation_takes_the_right_to_all_that_it_changes(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    user = fleet.user(("pools", "get,update", pool), MAY_ALLOCATE, ("profiles,workflows", "get", "*"))
    assert f"Requires: machines update:/Workflow {fleet.get(name)['Uuid']}" in user.refused(
        "allocate", pool, status=403, workflow="build")
    fleet.made("/pools", Id=pool, AllocateActions={"AddProfiles": ["red"]})
    assert any("update:/Profiles" in line for line in user.refused("allocate", pool, status=403))
    assert fleet.status(pool) == {"Free": [name]}
    assert user.done("allocate", pool, add_profiles=[]) == {name: "InUse"}


def test_taking_machines_from_a_pool_takes_the_right_to_it(fleet):
    source, pool = pool_name(), pool_name()
    fleet.machine(source)
    user = fleet.user(("pools", "get,update", pool), MAY_ALLOCATE)
    assert f"Requires: pools update {source}" in user.refused("add", pool, f"?source-pool={source}", status=403)


def test_of_a_number_of_machines_those_are_taken_that_the_caller_may_change(fleet):
    pool = pool_name()
    names = fleet.machines(4, pool)
    mine = fleet.get(names[2])["Uuid"]
    user = fleet.user(
        ("pools", "get,update", "*"), ("machines", "get,list", "*"),
        ("machines", "update:/Pool,update:/PoolStatus,update:/PoolAllocated", mine))
    assert user.refused("allocate", pool, status=403, count=2)
    assert fleet.status(pool) == {"Free": names}
    assert user.done("allocate", pool) == {names[2]: "InUse"}


def test_machines_that_the_caller_does_not_see_are_neither_taken_nor_told_of(fleet):
    pool, hidden = pool_name(), pool_name()
    seen, unseen = fleet.machines(2, pool)
    fleet.machine(hidden)
    user = fleet.user(("pools", "list,get,update", "*"), MAY_ALLOCATE)
    fleet.made("/tenants", Name=user.name, Users=[user.name], Members={"machines": [fleet.get(seen)["Uuid"]]})
    assert user.status(pool) == {"Free": [seen]}
    assert user.server.get("/pools-active", **user.options) == [pool]
    assert user.refused("allocate", pool, status=422, machine_list=[f"Name:{unseen}"]) == [
        f"Machine Name:{unseen} does not exist"]
    assert user.refused("allocate", pool, count=2) == [
        f"Pool {pool} has 1 machines that can be allocated, and at least 2 are asked for"]
    assert user.done("allocate", pool, all_machines=True) == {seen: "InUse"}
    assert fleet.status(pool) == {"Free": [unseen], "InUse": [seen]}


def test_a_pool_that_the_callers_tenant_does_not_list_is_not_there(fleet):
    mine, other = pool_name(), pool_name()
    fleet.machine(mine), fleet.machine(other)
    user = fleet.user(("*", "*", "*"))
    fleet.made("/tenants", Name=user.name, Users=[user.name], Members={"pools": [mine]})
    assert user.server.get("/pools-active", **user.options) == [mine]
    assert user.server.curl("GET", f"/pools/{other}/status", **user.options).status == 404
    assert user.refused("allocate", other, status=404) == ["Not Found"]
    assert user.refused("add", mine, f"?source-pool={other}", status=404) == ["Not Found"]


def test_a_machine_gives_itself_back(fleet):
    pool = pool_name()
    name = fleet.machine(pool)
    fleet.made("/pools", Id=pool, ReleaseActions={"Workflow": "wipe"})
    key = fleet.get(name)["Uuid"]
    token = fleet.server.get(f"/machines/{key}/token")["Token"]
    reply = fleet.server.curl("POST", f"/machines/{key}/releaseToPool", token=token)
    assert reply.status == 409 and "not InUse and allocated" in reply.json["Messages"][1]
    fleet.done("allocate", pool)
    reply = fleet.server.curl("POST", f"/machines/{key}/releaseToPool", token=token)
    assert reply.json == [{"Name": name, "Uuid": key, "Allocated": False, "Status": "Destroying"}]
    other = fleet.get(fleet.machine(pool))["Uuid"]
    assert fleet.server.curl("POST", f"/machines/{other}/releaseToPool", token=token).status == 404
    assert fleet.post("/machines/Name:nobody/releaseToPool").status == 404


# Filling


def wait_for(probe, expected, seconds=20):
    deadline = time.monotonic() + seconds
    while (found := probe()) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def count(fleet, pool):
    return {status: len(names) for status, names in fleet.status(pool).items()}


def test_a_pool_is_filled_and_emptied_as_it_says(fleet):
    source, pool = pool_name(), pool_name()
    fleet.machines(5, source)
    fill = {
        "UseAutoFill": True, "MinFree": 2, "MaxFree": 3, "AcquirePool": source, "ReturnPool": source,
        "CreateParameters": {"from-fill": True}}
    fleet.made("/pools", Id=pool, EnterActions={"AddProfiles": ["red"]}, AutoFill=fill)
    wait_for(lambda: count(fleet, pool), {"Free": 2})
    name = fleet.status(pool)["Free"][0]
    assert fleet.get(name, "Profiles", "Params") == [["red"], {"from-fill": True}]
    # What is allocated is replaced, and what is too much goes back.
    fleet.done("allocate", pool, count=2)
    wait_for(lambda: count(fleet, pool), {"Free": 2, "InUse": 2})
    fleet.done("release", pool, count=2)
    wait_for(lambda: (count(fleet, pool), count(fleet, source)), ({"Free": 3}, {"Free": 2}))


def test_pools_that_are_filled_leave_each_other_what_they_are_to_have(fleet):
    first, second = pool_name(), pool_name()
    fleet.machines(3, second)
    fleet.made("/pools", Id=second, AutoFill={"UseAutoFill": True, "MinFree": 2, "AcquirePool": first})
    fleet.made("/pools", Id=first, AutoFill={"UseAutoFill": True, "MinFree": 2, "AcquirePool": second})
    wait_for(lambda: (count(fleet, first), count(fleet, second)), ({"Free": 1}, {"Free": 2}))


# Restarts


def test_a_move_goes_on_after_the_server_is_killed(fresh):
    server = fresh()
    fleet = prepared(server)
    fleet.made("/pools", Id="old", ExitActions={"Workflow": "exit"})
    fleet.made("/pools", Id="new", EnterActions={"Workflow": "enter"})
    name = fleet.machine("old")
    assert fleet.done("add", "new", "?source-pool=old", add_profiles=["red"], add_parameters={"aa": 1}) == {name: "Leaving"}
    server.kill()
    server.start()
    fleet.run(name, "finished")
    assert fleet.get(name, "Pool", "PoolStatus", "Profiles", "Params") == ["new", "Joining", ["red"], {"aa": 1}]
    server.kill()
    server.start()
    fleet.run(name, "finished")
    assert fleet.status("new") == {"Free": [name]}


def test_a_move_is_held_while_what_comes_next_cannot_be_done(fresh):
    server = fresh()
    fleet = prepared(server)
    fleet.made("/pools", Id="old", ExitActions={"Workflow": "exit"})
    name = fleet.machine("old")
    fleet.made("/profiles", Name="green")
    fleet.done("add", "new", "?source-pool=old", add_profiles=["green"])
    server.curl("DELETE", "/profiles/green")
    fleet.run(name, "finished")
    assert fleet.status("old") == {"HoldLeave": [name]}
    fleet.made("/profiles", Name="green")
    assert fleet.set(name, Description="look again").status == 200
    assert fleet.get(name, "Pool", "PoolStatus", "Profiles") == ["new", "Free", ["green"]]
