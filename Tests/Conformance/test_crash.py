"""A server that is killed while clients write keeps every write that it acknowledged, and none by halves.

MUSTER_CRASH_ROUNDS sets how often it is killed (20), MUSTER_CRASH_SEED repeats what the clients of an earlier run did.
"""

import os
import random
import subprocess
import time

from crash_writer import SHARED, Writer, found
from fast_client import FastClient

ROUNDS = int(os.environ.get("MUSTER_CRASH_ROUNDS", "20"))
SEED = os.environ.get("MUSTER_CRASH_SEED") or str(time.time_ns())
WRITERS = 4


def write_until_killed(server, token, round_, known):
    """Has clients write, kills the server in the middle, and gives the clients."""
    moment = random.Random(f"{SEED}-{round_}")
    if moment.random() < 0.2:
        # Once in a while it dies while it is still coming up.
        server.spawn()
        time.sleep(moment.uniform(0, 0.3))
        server.kill()
    server.start()
    writers = [
        Writer(FastClient(server, token), number, f"{SEED}-{round_}", known[number], round_ * 100_000)
        for number in range(WRITERS)]
    for each in writers:
        each.start()
    wait_for_the_first_write(writers)
    time.sleep(moment.uniform(0, 0.5))
    server.kill()
    for each in writers:
        each.join(30)
        assert not each.is_alive() and each.refusal is None, f"seed {SEED} round {round_}: {each.refusal}"
    return writers


def wait_for_the_first_write(writers):
    end = time.monotonic() + 30
    while not any(each.count for each in writers):
        assert time.monotonic() < end and not all(each.refusal for each in writers), writers[0].refusal
        time.sleep(0.001)


def check(versions, writers, where):
    """Everything acknowledged is there, what is in doubt is there or not, and there is nothing else."""
    for each in writers:
        if each.doubtful:
            subject, version = each.doubtful
            if versions.get(subject) == version:
                each.settle(subject, version)
    expected = {subject: version for each in writers for subject, version in each.acknowledged.items()}
    lost = {subject: version for subject, version in expected.items() if versions.get(subject) != version}
    assert not lost, f"{where}: acknowledged, but {[(each, expected[each], versions.get(each)) for each in lost]}"
    assert versions == expected, f"{where}: nobody wrote {versions.keys() - expected.keys()}"


def self_check(server, where):
    """Has the data of the dead server verified as it lies there."""
    command = [server.binary, "check", "--base-root", str(server.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{where}: {done.stdout} {done.stderr}"


def test_no_acknowledged_write_is_missing_and_none_is_half_there(fresh):
    print(f"\ncrash test of {ROUNDS} rounds, MUSTER_CRASH_SEED={SEED}")
    server = fresh()
    server.curl("POST", "/profiles", {"Name": SHARED})
    token = server.get("/users/rocketskates/token?ttl=1d")["Token"]
    server.stop()
    known = [{} for _ in range(WRITERS)]
    total = in_doubt = 0
    for round_ in range(1, ROUNDS + 1):
        writers = write_until_killed(server, token, round_, known)
        self_check(server, f"seed {SEED} round {round_}")
        server.start()
        check(found(FastClient(server, token)), writers, f"seed {SEED} round {round_}")
        report = server.get("/system/check")
        assert report["status"] == "ok", f"seed {SEED} round {round_}: {report}"
        server.kill()
        count = sum(each.count for each in writers)
        total += count
        in_doubt += sum(each.doubtful is not None for each in writers)
        print(f"round {round_:3}: {count:5} acknowledged writes, {total:7} in all, nothing lost", flush=True)
    assert total > 5 * ROUNDS, f"only {total} writes in {ROUNDS} rounds: the test tests nothing"
    assert in_doubt, "no write was ever cut short: the test tests nothing"
