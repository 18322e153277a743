"""Power cuts and bit rot: what was acknowledged is there, or the store is refused by name; never anything else.

MUSTER_CUT_ROUNDS sets how often the power fails (6), MUSTER_ROT_ROUNDS how often bits rot (10), MUSTER_CRASH_SEED repeats
what clients, disks and rot of an earlier run did.
"""

import os
import random
import shutil
import subprocess
import time

import powercut
import pytest
from crash_writer import SHARED, Writer, found
from fast_client import FastClient
from muster_process import Server
from test_crash import SEED, check

CUTS = int(os.environ.get("MUSTER_CUT_ROUNDS", "6"))
ROTS = int(os.environ.get("MUSTER_ROT_ROUNDS", "10"))
CUTS_A_RUN = 10
WRITERS = 3
WRITES_A_RUN = 150
BACKEND = "lmdb:muster?mapsize=4M&journal=256K"
FILES = "directory:fleet"
#: Where the store of a backend is, below the root of its server.
FOLDERS = {BACKEND: "muster", FILES: "fleet/.muster"}


class Known:
    """What is certain of one writer's objects, and the one thing that is not."""

    def __init__(self, acknowledged):
        self.acknowledged = dict(acknowledged)
        self.doubtful = None

    def settle(self, subject, version):
        self.doubtful = None
        if version is None:
            self.acknowledged.pop(subject, None)
        else:
            self.acknowledged[subject] = version


class TimedWriter(Writer):
    """A writer that remembers how long the trace was at each request and at its answer."""

    def __init__(self, trace, *arguments):
        super().__init__(*arguments)
        self.trace = trace
        self.before = dict(self.acknowledged)
        self.timeline = []
        self.sent = 0

    def write(self, kind, name, old):
        request = super().write(kind, name, old)
        self.sent = self.trace.stat().st_size
        return request

    def settle(self, subject, version):
        super().settle(subject, version)
        self.timeline.append((self.sent, self.trace.stat().st_size, subject, version))

    def known(self, moment):
        """What is certain if the power failed at a place in the trace."""
        known = Known(self.before)
        flight = [(self.sent, float("inf"), *self.doubtful)] if self.doubtful else []
        for sent, answered, subject, version in self.timeline + flight:
            if answered <= moment:
                known.settle(subject, version)
                continue
            if sent <= moment:
                known.doubtful = subject, version
            break
        return known


def prepared(fresh, backend=BACKEND):
    """A server with what the writers need, stopped, and a token."""
    server = fresh(backend=backend)
    server.curl("POST", "/profiles", {"Name": SHARED})
    token = server.get("/users/rocketskates/token?ttl=1d")["Token"]
    server.stop()
    return server, token


def write(server, writers):
    """Has clients write until there is enough, and kills the server."""
    server.start()
    for each in writers:
        each.start()
    end = time.monotonic() + 120
    while sum(each.count for each in writers) < WRITES_A_RUN:
        assert time.monotonic() < end and not any(each.refusal for each in writers), [each.refusal for each in writers]
        time.sleep(0.01)
    server.kill()
    for each in writers:
        each.join(30)


def check_offline(server):
    """`muster check` on the data of a server that does not run."""
    command = [server.binary, "check", "--base-root", str(server.root), "--backend", server.backend]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, env={**os.environ, **server.environment})


def twin(server, root):
    """A server over a copy of everything but the store."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(server.root, root, ignore=shutil.ignore_patterns("muster", "fleet", "*.log", "*.sock"))
    return Server(root, *server.flags, binary=server.binary, backend=server.backend)


def cut_power(server, library, base, shown, recorded, moment, chance, root):
    """A server over what the disk of another could have after a power cut."""
    cut = twin(server, root)
    folder = FOLDERS[server.backend]
    (cut.root / folder).parent.mkdir(exist_ok=True)
    powercut.cut(base, recorded, moment, chance, cut.root / folder)
    if server.backend == FILES:
        tree, table = cut.root / "fleet", cut.root / "numbers"
        table.write_bytes(powercut.cut_tree(shown, server.root / "fleet", recorded, moment, chance, tree))
        cut.environment = {"LD_PRELOAD": library, "POWERCUT_TREE": str(tree), "POWERCUT_FILES": str(table)}
    return cut


@pytest.mark.parametrize("backend", [BACKEND, FILES])
def test_after_a_power_cut_all_acknowledged_writes_are_there_and_none_by_halves(fresh, tmp_path, backend):
    print(f"\npower cuts of {backend}: {CUTS} rounds, MUSTER_CRASH_SEED={SEED}")
    library = powercut.library(tmp_path)
    done = 0
    while done < CUTS:
        server, token = prepared(lambda **options: fresh(name=f"server{done}", **options), backend)
        store, base = server.root / FOLDERS[backend], tmp_path / f"base{done}"
        subprocess.run(["cp", "-r", "--sparse=always", store, base], check=True)
        shown = powercut.shown_files(server.root / "fleet")
        trace = tmp_path / f"trace{done}"
        server.environment = {
            "LD_PRELOAD": library, "POWERCUT_DIR": str(store), "POWERCUT_TREE": str(server.root / "fleet"),
            "POWERCUT_TRACE": str(trace)}
        trace.touch()
        writers = [
            TimedWriter(trace, FastClient(server, token), number, f"{SEED}-{done}", {}, number * 100_000)
            for number in range(WRITERS)]
        write(server, writers)
        recorded = powercut.operations(trace)
        kinds = {each.kind for each in recorded}
        assert {each.file for each in recorded} >= {1, 2} and kinds >= set("SNwfRUKdY" if backend == FILES else "S")
        for number in range(min(CUTS_A_RUN, CUTS - done)):
            where = f"seed {SEED} run {done} cut {number}"
            chance = random.Random(where)
            moment = chance.choice(recorded).place
            cut = cut_power(server, library, base, shown, recorded, moment, chance, tmp_path / "cut")
            checked = check_offline(cut)
            assert checked.returncode == 0, f"{where}: {checked.stdout} {checked.stderr}"
            cut.start()
            try:
                assert "changed by hand" not in cut.log_text(), f"{where}: the server takes its own files for others"
                check(found(FastClient(cut, token)), [each.known(moment) for each in writers], where)
                assert cut.get("/system/check")["status"] == "ok", where
            finally:
                cut.kill()
            print(f"{where} at {moment} of {recorded[-1].place}: nothing lost", flush=True)
        done += CUTS_A_RUN


def rotten(content, chance):
    """Content with a bit turned over or cut short somewhere in what is used of it, and what was done."""
    used = len(content.rstrip(b"\0"))
    if chance.random() < 0.15:
        length = chance.randrange(used)
        return content[:length], f"cut to {length}"
    place, bit = chance.randrange(used), 1 << chance.randrange(8)
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1:], f"bit {bit} of byte {place}"


def test_of_a_store_that_rots_there_is_the_same_data_or_a_refusal_that_names_the_file(fresh, tmp_path):
    print(f"\nbit rot: {ROTS} rounds, MUSTER_CRASH_SEED={SEED}")
    server, token = prepared(fresh)
    writers = [
        Writer(FastClient(server, token), number, f"{SEED}-rot", {}, number * 100_000) for number in range(WRITERS)]
    write(server, writers)
    refused = 0
    for number in range(ROTS):
        chance = random.Random(f"{SEED}-rot-{number}")
        rotting = twin(server, tmp_path / "rotting")
        shutil.copytree(server.root / "muster", rotting.root / "muster")
        path = rotting.root / "muster" / chance.choice(["data.mdb", "data.mdb", "journal"])
        content, what = rotten(path.read_bytes(), chance)
        path.write_bytes(content)
        where = f"seed {SEED} rot {number}: {what} of {path.name}"
        checked = check_offline(rotting)
        assert checked.returncode in (0, 6), f"{where}: {checked.returncode} {checked.stdout} {checked.stderr}"
        if checked.returncode == 6:
            refused += 1
            told = checked.stderr + checked.stdout
            assert (path.name in told or str(path.parent) in told) and ("backup" in told or "journal.discarded" in told), f"{where}: {told}"
            continue
        rotting.start()
        try:
            check(found(FastClient(rotting, token)), writers, where)
        finally:
            rotting.kill()
    print(f"{refused} of {ROTS} refused", flush=True)


@pytest.mark.parametrize("removed", ["LOCK", "lock.mdb", "both"])
def test_removed_lock_files_let_no_second_server_in(fresh, removed):
    server = fresh()
    for name in ["LOCK", "lock.mdb"]:
        if removed in (name, "both"):
            (server.root / "muster" / name).unlink()
    second = Server(server.root, binary=server.binary)
    done = subprocess.run(second.command(), capture_output=True, text=True, timeout=60)
    assert done.returncode not in (0, None) and done.returncode > 0, done
    assert "in use" in done.stdout + done.stderr, done
    assert server.curl("POST", "/profiles", {"Name": "still-there"}).status == 201


def test_a_lost_data_file_is_missed(fresh):
    server = fresh()
    server.stop()
    (server.root / "muster" / "data.mdb").unlink()
    done = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
    assert done.returncode > 0 and "data.mdb is missing" in done.stdout + done.stderr, done
    assert not (server.root / "muster" / "data.mdb").exists()


def test_a_data_file_that_is_cut_short_while_in_use_ends_the_server_with_one_line(fresh):
    server = fresh()
    for number in range(50):
        assert server.curl("POST", "/profiles", {"Name": f"p{number}", "Description": "x" * 3000}).status == 201
    end = time.monotonic() + 60
    data = server.root / "muster" / "data.mdb"
    while data.read_bytes().count(b"x" * 1000) < 50:
        assert time.monotonic() < end
        time.sleep(0.2)
    os.truncate(data, 0)
    with pytest.raises(subprocess.CalledProcessError):
        server.curl("GET", "/history?limit=1000")
    assert server.process.wait(30) == 74
    assert "data.mdb cannot be read: the device failed" in server.log_text()


def health(server):
    return server.curl("GET", "/health", user=None)


def wait_for(condition, what):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def test_on_a_full_disk_a_server_starts_reads_and_says_so_and_writes_resume(fresh, tmp_path):
    full = tmp_path / "full"
    server = fresh(start=False, backend=BACKEND)
    server.environment = {
        "LD_PRELOAD": powercut.library(tmp_path), "POWERCUT_DIR": str(server.root / "muster"),
        "POWERCUT_FULL": str(full)}
    server.start()
    for number in range(20):
        assert server.curl("POST", "/profiles", {"Name": f"before-{number}"}).status == 201
    full.touch()
    # The journal has room in what was written before; it cannot be settled.
    written = server.curl("POST", "/profiles", {"Name": "last"}).status
    wait_for(lambda: health(server).status == 503, "nobody says that settling fails")
    assert "no space is left" in health(server).json["cause"], health(server).body
    assert "no space is left" in server.log_text()
    metrics = server.curl("GET", "/metrics", user=None, base=f"http://127.0.0.1:{server.metrics_port}").body.decode()
    assert 'muster_store_failing{part="checkpointing"} 1' in metrics
    server.kill()

    server.spawn()
    wait_for(lambda: answers(server), server.log_text())
    names = {each["Name"] for each in server.get("/profiles")}
    assert {f"before-{number}" for number in range(20)} <= names
    assert ("last" in names) == (written == 201)
    assert health(server).status == 503 and "no space is left" in health(server).json["cause"]
    refused = server.curl("POST", "/profiles", {"Name": "refused"})
    assert refused.status == 503 and b"no space is left" in refused.body and b"device failed" not in refused.body
    full.unlink()
    wait_for(lambda: server.curl("POST", "/profiles", {"Name": "after"}).status in (201, 409), "writes do not resume")
    assert health(server).status == 200
    assert server.get("/system/check")["status"] == "ok"


def answers(server):
    assert server.process.poll() is None, server.log_text()
    try:
        return health(server).status in (200, 503)
    except subprocess.CalledProcessError:
        return False


def test_in_a_full_store_objects_can_be_deleted_and_the_past_forgotten(fresh):
    server = fresh("--history-size", "1", backend="lmdb:muster?mapsize=1M&mapsize-limit=8M&journal=64K")
    count = 0
    while True:
        reply = server.curl("POST", "/profiles", {"Name": f"full-{count}", "Description": "x" * 9000})
        if reply.status != 201:
            break
        count += 1
    assert reply.status == 503 and b"limit of 8M" in reply.body and b"remove objects or history" in reply.body
    for number in range(150):
        deleted = server.curl("DELETE", f"/profiles/full-{number}")
        assert deleted.status == 200, (number, deleted.body)
    wait_for(lambda: server.curl("POST", "/profiles", {"Name": "again", "Description": "x" * 9000}).status in (201, 409),
             "forgetting the past makes no room")
    assert health(server).status == 200
    assert server.get("/system/check")["status"] == "ok"
