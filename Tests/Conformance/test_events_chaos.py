"""Watchers of all three kinds come and go, over a server that is killed again and again: none misses anything."""

import base64
import http.client
import json
import os
import random
import ssl
import threading
import time
import urllib.parse

import websocket
from muster_process import PASSWORD, USER

WATCHERS = int(os.environ.get("MUSTER_CHAOS_WATCHERS", "50"))
RESTARTS = int(os.environ.get("MUSTER_CHAOS_RESTARTS", "10"))
WRITERS = 4
LOGIN = {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}
FILTER = "profiles.*.*"
BROKEN = (OSError, http.client.HTTPException, websocket.WebSocketException, json.JSONDecodeError, KeyError)


def connect(server, timeout=3):
    return http.client.HTTPSConnection(
        "127.0.0.1", server.port, timeout=timeout, context=ssl._create_unverified_context())


def call(server, method, path, body=None):
    """One request; gives the status and the JSON of the answer."""
    connection = connect(server)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v3{path}", data, {**LOGIN, "Content-Type": "application/json"})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read() or b"null")
    finally:
        connection.close()


class Writer(threading.Thread):
    """Creates, changes and deletes profiles of its own as fast as it can."""

    def __init__(self, server, number, stop):
        super().__init__(daemon=True)
        self.server, self.number, self.stopping = server, number, stop
        self.random = random.Random(number)

    def run(self):
        while not self.stopping.is_set():
            name = f"chaos-{self.number}-{self.random.randrange(20)}"
            body = {"Name": name, "Description": str(self.random.random())}
            kind = self.random.choice(["POST", "PUT", "PUT", "DELETE"])
            try:
                call(self.server, kind, "/profiles" + ("" if kind == "POST" else f"/{name}"),
                     None if kind == "DELETE" else body)
            except BROKEN:
                time.sleep(0.05)


class Watcher(threading.Thread):
    """Replays events into a state of its own. It takes over a cursor together with what led to it, or neither."""

    def __init__(self, server, number, stop):
        super().__init__(daemon=True)
        self.server, self.stopping, self.random = server, stop, random.Random(1000 + number)
        self.watch = [self.poll, self.stream, self.socket][number % 3]
        self.cursor, self.state, self.faults, self.count = "0", {}, [], 0

    def run(self):
        while not self.stopping.is_set():
            try:
                self.watch(time.monotonic() + self.random.uniform(0.2, 3))
            except BROKEN:
                time.sleep(0.05)

    def take(self, events, cursor):
        """Applies the events since the last cursor."""
        revisions = [event["Revision"] for event in events]
        known = int(self.cursor.rpartition("~")[2], 36)
        if revisions != sorted(revisions) or revisions and revisions[0] <= known:
            self.faults.append(f"{revisions} after {self.cursor}")
        for event in events:
            key, old = event["Key"], self.state.get(event["Key"])
            if event["Action"] == "create" and old is not None or event["Action"] == "delete" and old is None:
                self.faults.append(f"{event['Action']} of {key} at {event['Revision']}")
            if event["Action"] in ("update", "save") and old != event["Original"]:
                self.faults.append(f"a gap before {event['Action']} of {key} at {event['Revision']}")
            self.state[key] = None if event["Action"] == "delete" else event["Object"]
        self.cursor, self.count = cursor, self.count + len(events)

    def poll(self, end):
        while time.monotonic() < end:
            query = urllib.parse.urlencode({"since": self.cursor, "wait": "1s", "filter": FILTER, "limit": 50})
            status, page = call(self.server, "GET", f"/events?{query}")
            if status == 200:
                self.take(page["events"], page["cursor"])

    def stream(self, end):
        connection = connect(self.server)
        try:
            connection.request("GET", f"/api/v3/events?filter={FILTER}", headers={
                **LOGIN, "Accept": "text/event-stream", "Last-Event-ID": self.cursor})
            reply, events, cursor, event = connection.getresponse(), [], None, None
            while time.monotonic() < end and (line := reply.readline()):
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    cursor = value
                elif name == "data":
                    event = json.loads(value)
                elif not name:
                    events += [event] if event else []
                    if cursor:
                        self.take(events, cursor)
                        events = []
                    cursor = event = None
        finally:
            connection.close()

    def socket(self, end):
        socket = websocket.create_connection(
            f"wss://127.0.0.1:{self.server.port}/api/v3/ws?token={USER}:{PASSWORD}", timeout=3,
            sslopt={"cert_reqs": ssl.CERT_NONE})
        try:
            for text in f"since {self.cursor}", f"register {FILTER}":
                socket.send(text)
                json.loads(socket.recv())
            events = []
            while time.monotonic() < end:
                event = json.loads(socket.recv())
                if event["Type"] != "websocket":
                    events.append(event)
                elif event["Action"] == "bookmark":
                    self.take(events, event["Key"])
                    events = []
        finally:
            socket.close()


def test_watchers_that_come_and_go_end_with_the_servers_state(fresh):
    server = fresh()
    writing, watching = threading.Event(), threading.Event()
    writers = [Writer(server, number, writing) for number in range(WRITERS)]
    watchers = [Watcher(server, number, watching) for number in range(WATCHERS)]
    for thread in writers + watchers:
        thread.start()
    for _ in range(RESTARTS):
        time.sleep(random.uniform(0.5, 2))
        server.kill()
        server.start()
    writing.set()
    for writer in writers:
        writer.join()
    final = server.get("/events/cursor")["cursor"]
    assert server.get("/system/check")["status"] == "ok"
    expected = {each["Name"]: each for each in server.get("/profiles")}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(states_differ(each, expected) for each in watchers):
        time.sleep(0.2)
    watching.set()
    for watcher in watchers:
        watcher.join(10)
        assert not watcher.faults, watcher.faults[:5]
        assert not states_differ(watcher, expected), (watcher.watch.__name__, watcher.cursor, final)
        assert watcher.count > len(expected)


def states_differ(watcher, expected):
    return {key: each for key, each in dict(watcher.state).items() if each is not None} != expected
