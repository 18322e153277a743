"""Power cuts made of what `powercut.c` recorded: the files of a store as a disk could have them at any moment.

What was synced is there. Of what was not, each write is there, or not, or some of its sectors are; a sector is written
whole or not at all. A file that was made is only sure to be there once its directory was synced.
"""

import os
import pathlib
import shutil
import struct
import subprocess

HEADER = struct.Struct("<cB6xQQ")
NAMES = {1: "data.mdb", 2: "journal"}
DIRECTORY = 3
SECTOR = 512


def library(directory):
    """The preloaded library, compiled."""
    source = pathlib.Path(__file__).with_name("powercut.c")
    made = pathlib.Path(directory) / "powercut.so"
    subprocess.run(
        ["gcc", "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o", made, source, "-ldl", "-lpthread"], check=True)
    return str(made)


class Operation:
    def __init__(self, place, kind, file, offset, length, payload):
        self.place, self.kind, self.file, self.offset, self.length = place, kind, file, offset, length
        self.payload = payload


def operations(trace):
    """What was recorded, in order; a last record that is not whole is left out."""
    content = pathlib.Path(trace).read_bytes()
    found, place = [], 0
    while place + HEADER.size <= len(content):
        kind, file, offset, length = HEADER.unpack_from(content, place)
        kind = kind.decode()
        count = length if kind == "W" else 0
        payload = content[place + HEADER.size:place + HEADER.size + count]
        if len(payload) < count:
            break
        found.append(Operation(place, kind, file, offset, length, payload))
        place += HEADER.size + count
    return found


def cut(base, trace, moment, random, target):
    """Puts into `target` the files that were in `base`, as they could be after a power cut.

    `moment` is a place in the trace: nothing after it happened.
    """
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-r", "--sparse=always", base, target], check=True)
    past = [each for each in trace if each.place < moment]
    durable = {each.offset for each in past if each.kind == "D"}
    directory_synced = max((each.offset for each in past if each.kind == "S" and each.file == DIRECTORY), default=-1)
    for file, name in NAMES.items():
        path = pathlib.Path(target) / name
        synced = max((each.offset for each in past if each.kind == "S" and each.file == file), default=-1)
        mine = [each for each in past if each.file == file]
        made = next((each.place for each in mine if each.kind == "C"), None)
        if made is not None and made >= directory_synced and synced < 0 and random.random() < 0.3:
            path.unlink(missing_ok=True)
            continue
        if made is None and not path.exists():
            continue
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
            for each in mine:
                replay(out, each, each.place < synced or each.place in durable, random)


def replay(out, operation, is_durable, random):
    """One operation, all of it if it was synced."""
    fate = "whole" if is_durable else random.choice(["whole", "lost", "torn"])
    if fate == "lost" or operation.kind not in "WT":
        return
    if operation.kind == "T":
        out.truncate(operation.length)
        return
    for start in range(0, operation.length, SECTOR):
        if fate == "torn" and random.random() < 0.5:
            continue
        out.seek(operation.offset + start)
        out.write(operation.payload[start:start + SECTOR])
