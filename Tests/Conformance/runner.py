"""A machine and the requests of its runner, in the form in which the public one sends them."""

import itertools
import uuid

NOBODY = "00000000-0000-0000-0000-000000000000"
NUMBERS = itertools.count()


class Machine:
    """A machine and what its runner asks for."""

    def __init__(self, server, **fields):
        self.server = server
        self.uuid = str(uuid.uuid4())
        fields = {"Name": f"m{next(NUMBERS)}", "Uuid": self.uuid, **fields}
        made = server.curl("POST", "/machines", fields)
        assert made.status == 201, made.body

    def get(self, *names):
        machine = self.server.curl("GET", f"/machines/{self.uuid}").json
        return [machine[name] for name in names] if names else machine

    def set(self, path="", **fields):
        """Changes fields as an operator does."""
        patch = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in fields.items()]
        return self.server.curl("PATCH", f"/machines/{self.uuid}{path}", patch)

    def refused(self, path="", **fields):
        """What a change of fields is refused with."""
        reply = self.set(path, **fields)
        assert reply.status == 422, reply.body
        return reply.json["Messages"]

    def order(self, **fields):
        """Asks for the next job, with all the empty fields that the public runner sends."""
        empty = {"Errors": None, "Meta": None, "Uuid": "", "State": "", "StartTime": "0001-01-01T00:00:00Z", "Context": ""}
        return self.server.curl("POST", "/jobs", {**empty, "Machine": self.uuid, **fields})

    def next(self, **fields):
        """The next job as (index, entry); None if there is none."""
        reply = self.order(**fields)
        if reply.status == 204:
            return None
        assert reply.status in (201, 202), reply.body
        self.job = reply.json["Uuid"]
        return reply.json["CurrentIndex"], reply.json["Task"]

    def end(self, state="finished", **fields):
        """Reports how the job ended."""
        for step in ("running", state):
            operations = [{"op": "replace", "path": "/State", "value": step}]
            if step == state:
                operations += [{"op": "replace", "path": f"/{name}", "value": value} for name, value in fields.items()]
            reply = self.server.curl("PATCH", f"/jobs/{self.job}", operations)
            assert reply.status == 200, reply.body
        return reply.json

    def run(self, state="finished"):
        """Takes and ends the next job."""
        taken = self.next()
        if taken:
            self.end(state)
        return taken

    def boot(self):
        """What a machine says of itself when it has booted."""
        assert self.set(Runnable=True).status == 200

    def jobs(self):
        """All jobs, as (entry, state), in the order in which each says it came."""
        found = {job["Uuid"]: job for job in self.server.curl("GET", f"/jobs?Machine={self.uuid}").json}
        previous, order = NOBODY, []
        while job := next((each for each in found.values() if each["Previous"] == previous), None):
            previous = job["Uuid"]
            order.append((job["Task"], job["State"]))
        assert len(order) == len(found)
        return order
