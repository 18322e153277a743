"""What concurrent clients see over HTTP can have happened one after the other, in an order that fits real time."""

import itertools
import os
import random
import threading
import time

from fast_client import FastClient

CLIENTS = int(os.environ.get("MUSTER_SERIAL_CLIENTS", "8"))
CALLS = int(os.environ.get("MUSTER_SERIAL_CALLS", "60"))
SEED = os.environ.get("MUSTER_SERIAL_SEED") or str(time.time_ns())
NAMES = [f"serial-{letter}" for letter in "abcd"]


class Client(threading.Thread):
    """Moves amounts between profiles by change sets on what it has just read, and takes down what it sees."""

    def __init__(self, server, number, tick):
        super().__init__(daemon=True)
        self.server, self.number, self.tick = server, number, tick
        self.random = random.Random(f"{SEED}-{number}")
        self.events, self.refused, self.fault = [], 0, None

    def run(self):
        try:
            with FastClient(self.server) as client:
                for _ in range(CALLS):
                    start = next(self.tick)
                    self.read(client, start) if self.random.random() < 0.5 else self.write(client, start)
        except Exception as error:
            self.fault = error

    def read(self, client, start):
        """A list works on one revision; which one, only the objects of it tell: all of them together."""
        listed = client.get("/profiles?Name=Re(%5Eserial-)")
        seen = {each["Name"]: each["Params"]["amount"] for each in listed}
        self.events.append({"start": start, "end": next(self.tick), "seen": seen, "written": None})

    def write(self, client, start):
        """A transfer, guarded by a patch's tests: all or nothing."""
        one, other = self.random.sample(NAMES, 2)
        amounts = [client.get(f"/profiles/{name}")["Params"]["amount"] for name in (one, other)]
        part = self.random.randrange(1, 10)
        wanted = {one: amounts[0] - part, other: amounts[1] + part}
        changes = [
            {"op": "patch", "type": "profiles", "key": name, "patch": [
                {"op": "test", "path": "/Params/amount", "value": amount},
                {"op": "replace", "path": "/Params/amount", "value": wanted[name]}]}
            for name, amount in zip((one, other), amounts)]
        # Padding makes some of the sets large: those are drafted apart from the others.
        if self.random.random() < 0.3:
            key = f"pad-{self.number}"
            changes += [
                {"op": op, "type": "profiles", "key": key, "object": {}} for op in ["create", "delete"]
            ] * 60
        begin = next(self.tick)
        status, answer = client.request("POST", "/changes", {"changes": changes})
        end = next(self.tick)
        if status == 200:
            seen = dict(zip((one, other), amounts))
            self.events.append(
                {"start": begin, "end": end, "seen": seen, "written": wanted, "revision": answer["revision"]})
        else:
            assert status == 409, (status, answer)
            self.refused += 1


def violations(events, first):
    """Replays the writes by revision; each must have seen what the earlier ones left, each read one of the states."""
    found = []
    writes = sorted((each for each in events if each["written"]), key=lambda each: each["revision"])
    states = [dict(first)]
    for each in writes:
        for name, amount in each["seen"].items():
            if states[-1][name] != amount:
                found.append(f"{each} saw another {name} than {states[-1][name]}")
        states.append({**states[-1], **each["written"]})
    for index, each in enumerate(writes):
        late = [other for other in writes[index + 1:] if other["end"] < each["start"]]
        if late:
            found.append(f"{each} came after {late[0]}")
    for each in events:
        if each["written"]:
            continue
        oldest = max([index + 1 for index, other in enumerate(writes) if other["end"] < each["start"]], default=0)
        newest = min([index for index, other in enumerate(writes) if other["start"] > each["end"]], default=len(writes))
        if each["seen"] not in states[oldest:newest + 1]:
            found.append(f"{each} is none of the states from {oldest} to {newest}")
    return found


def test_the_checker_finds_what_is_wrong():
    first = {"a": 0}
    def write(start, end, revision, saw, wrote):
        return {"start": start, "end": end, "revision": revision, "seen": {"a": saw}, "written": {"a": wrote}}
    def read(start, end, saw):
        return {"start": start, "end": end, "seen": {"a": saw}, "written": None}
    assert not violations([write(1, 4, 1, 0, 1), read(2, 3, 0), read(2, 3, 1), read(5, 6, 1)], first)
    assert violations([write(1, 2, 1, 0, 1), write(1, 3, 2, 0, 2)], first)
    assert violations([write(1, 2, 1, 0, 1), read(3, 4, 0)], first)
    assert violations([read(1, 2, 1), write(3, 4, 1, 0, 1)], first)
    assert violations([write(3, 4, 1, 0, 1), write(1, 2, 2, 1, 2)], first)


def test_concurrent_clients_see_one_order(server):
    first = {name: 100 for name in NAMES}
    for name, amount in first.items():
        assert server.curl("POST", "/profiles", {"Name": name, "Params": {"amount": amount}}).status == 201
    try:
        tick = itertools.count()
        clients = [Client(server, number, tick) for number in range(CLIENTS)]
        for each in clients:
            each.start()
        for each in clients:
            each.join(120)
            assert not each.is_alive() and each.fault is None, f"seed {SEED}: {each.fault}"
        events = [event for each in clients for event in each.events]
        found = violations(events, first)
        assert not found, f"seed {SEED}: {len(found)}, {found[:2]}"
        assert sum(1 for each in events if each["written"]) > CLIENTS, f"seed {SEED}: hardly anything was written"
        assert any(each.refused for each in clients), f"seed {SEED}: nobody was ever in the way of another"
        total = sum(each["Params"]["amount"] for each in server.get("/profiles?Name=Re(%5Eserial-)"))
        assert total == sum(first.values())
        assert server.get("/system/check")["status"] == "ok"
    finally:
        for name in NAMES:
            server.curl("DELETE", f"/profiles/{name}")
