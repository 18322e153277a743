"""Power cuts made of what `powercut.c` recorded: the files of a store as a disk could have them at any moment.

What was synced is there. Of what was not, each write is there, or not, or some of its sectors are; a sector is written
whole or not at all. A file that was made is only sure to be there once its directory was synced.

Of a store that shows objects as files those are recorded, too. A file that was made, renamed or removed is as it was before
or as it was then until one of its folders was synced; what was written to it is there, or not, or its beginning is, until it
was synced itself.
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
#: The operations that bytes follow.
WITH_BYTES = "WNwRUKd"


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
        count = length if kind in WITH_BYTES else 0
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


class ShownFile:
    """A file that shows an object: its number, when it was changed, and what was written to it."""

    def __init__(self, number, time=0, content=b"", is_synced=False):
        self.number, self.time = number, time
        self.pieces = [(-1, content)]
        self.synced = 0 if is_synced else -1

    def content(self, random):
        """What the disk has of it."""
        content = b"".join(bytes_ for place, bytes_ in self.pieces if place < self.synced)
        rest = b"".join(bytes_ for place, bytes_ in self.pieces if place >= self.synced)
        return content + rest[:random.choice([0, random.randint(0, len(rest)), len(rest)])]


def shown_files(root):
    """The files of a tree as they are, by path, whatever is in the store's own folder."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [each for each in folders if each != ".muster"]
        for name in names:
            path = pathlib.Path(folder) / name
            status = path.stat()
            found[str(path)] = ShownFile(status.st_ino, status.st_mtime_ns, path.read_bytes(), is_synced=True)
    return found


def cut_tree(base, root, trace, moment, random, target):
    """Puts into `target` the files that show objects, as they could be after a power cut.

    `base` is what `shown_files` found in `root` before. Gives the table of numbers for POWERCUT_FILES.
    """
    past = [each for each in trace if each.place < moment]
    whole = max((each.offset for each in past if each.kind == "Y"), default=-1)
    folders = {}
    for each in past:
        if each.kind == "d":
            path = each.payload.decode()
            folders[path] = max(folders.get(path, -1), each.offset)
    def is_durable(place, *paths):
        return place < whole or any(place < folders.get(os.path.dirname(path), -1) for path in paths)
    files, by_number = dict(base), {each.number: each for each in base.values()}
    for each in past:
        if each.kind == "w":
            by_number[each.offset].pieces.append((each.place, each.payload))
        elif each.kind == "M":
            by_number[each.offset].time = each.length
        elif each.kind == "f":
            by_number[each.offset].synced = max(by_number[each.offset].synced, each.length)
        elif each.kind == "N":
            by_number[each.offset] = ShownFile(each.offset)
            files[each.payload.decode()] = by_number[each.offset]
            by_number[each.offset].made = each.place
        elif each.kind in "RU":
            paths = [path.decode() for path in each.payload.split(b"\0")]
            if paths[0] in files and (is_durable(each.place, *paths) or random.random() < 0.5):
                moved = files.pop(paths[0])
                if each.kind == "R":
                    files[paths[1]] = moved
    return _write_tree(files, root, target, whole, is_durable, random)


def _write_tree(files, root, target, whole, is_durable, random):
    numbers = b""
    for path, file in files.items():
        made = getattr(file, "made", -1)
        if made >= 0 and not is_durable(made, path) and random.random() < 0.5:
            continue
        place = pathlib.Path(target) / os.path.relpath(path, root)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.synced = max(file.synced, whole)
        place.write_bytes(file.content(random))
        os.utime(place, ns=(file.time, file.time))
        numbers += struct.pack("<QQ", place.stat().st_ino, file.number)
    return numbers
