"""The server's examination of itself, while it runs and when it does not."""

import concurrent.futures
import json
import subprocess


def offline(server, *flags):
    """`muster check` on the data of a server."""
    command = [server.binary, "check", "--base-root", str(server.root), *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def write(server, number):
    """A machine, changed and linked, and a profile that comes and goes."""
    name = f"check-{number}"
    assert server.curl("POST", "/profiles", {"Name": name, "Description": "x" * 50}).status == 201
    assert server.curl("POST", "/machines", {"Name": name, "Profiles": [name]}).status == 201
    assert server.curl("POST", "/profiles", {"Name": f"{name}-gone"}).status == 201
    assert server.curl("DELETE", f"/profiles/{name}-gone").status == 200


def test_a_running_server_finds_nothing_while_clients_write(fresh):
    server = fresh()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(write, server, number) for number in range(20)]
        while not all(each.done() for each in writes):
            report = server.get("/system/check")
            assert report["status"] == "ok", report
        for each in writes:
            each.result()
    report = server.get("/system/check")
    assert report["status"] == "ok" and report["differences"] == [] and report["differenceCount"] == 0
    assert report["objects"] > 40 and report["commits"] >= 80 and report["versions"] >= 80
    assert report["revision"] == server.get("/history?limit=1")["records"][0]["revision"]


def test_whoever_asks_for_lines_hears_how_far_the_check_is(server):
    reply = server.curl("GET", "/system/check", headers=["Accept: application/x-ndjson"])
    assert reply.status == 200 and reply.headers["content-type"] == "application/x-ndjson"
    *progress, report = [json.loads(line) for line in reply.body.decode().splitlines()]
    assert report["status"] == "ok" and report["objects"] > 0
    assert progress and all(0 <= line["progress"]["done"] <= line["progress"]["of"] for line in progress)
    assert all(line["progress"]["subject"] for line in progress)
    assert server.curl("HEAD", "/system/check").status == 200
    assert server.get("/system/check")["status"] == "ok", "the last check has not ended"


def test_a_check_takes_a_claim(server):
    claims = [{"scope": "system", "action": "active", "specific": "*"}]
    server.curl("POST", "/roles", {"Name": "checker", "Claims": claims})
    server.curl("POST", "/users", {"Name": "checker", "Roles": ["checker"]})
    server.curl("PUT", "/users/checker/password", {"Password": "pw"})
    try:
        assert server.curl("GET", "/system/check", user="checker:pw").status == 403
        assert server.curl("GET", "/system/check", user=None).status == 401
        claims[0]["action"] = "upgrade"
        server.curl("PATCH", "/roles/checker", [{"op": "replace", "path": "/Claims", "value": claims}])
        assert server.curl("GET", "/system/check", user="checker:pw").status == 200
    finally:
        server.curl("DELETE", "/users/checker")
        server.curl("DELETE", "/roles/checker")


def test_the_data_of_a_server_that_was_killed_is_whole(fresh):
    server = fresh()
    pack = {"meta": {"Name": "checked", "Version": "v1.0.0"}, "sections": {"profiles": {"cp": {"Name": "cp"}}}}
    assert server.curl("POST", "/contents", pack).status == 201
    for number in range(5):
        write(server, number)
    running = offline(server)
    assert running.returncode == 6 and "/system/check" in running.stderr, running
    server.kill()
    done = offline(server)
    assert done.returncode == 0, done
    assert done.stdout.startswith("No differences at revision "), done.stdout
    assert offline(server).stdout == done.stdout, "checking changes what it checks"
    server.start()
    assert server.get("/system/check")["status"] == "ok"


def test_damage_is_named(fresh):
    server = fresh()
    assert server.curl("POST", "/profiles", {"Name": "check-victim"}).status == 201
    server.stop()  # so that everything is in LMDB
    data = server.root / "muster" / "data.mdb"
    bytes_ = data.read_bytes()
    assert b'"Name":"check-victim"' in bytes_
    data.write_bytes(bytes_.replace(b'"Name":"check-victim"', b'"Name":"check-viktim"'))
    done = offline(server)
    assert done.returncode == 6, done
    for word in ["data.mdb is damaged", "profiles%00check-victim", "checksum", "Restore a backup"]:
        assert word in done.stderr, done
    started = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
    assert started.returncode > 0 and "profiles%00check-victim" in started.stdout + started.stderr, started


def test_where_there_is_nothing_to_check(fresh, tmp_path):
    server = fresh(start=False)
    done = offline(server)
    assert done.returncode == 6 and "cannot be checked" in done.stderr, done
    helped = subprocess.run([server.binary, "check", "--help"], capture_output=True, text=True, timeout=30)
    assert helped.returncode == 0 and "exit code is 0" in helped.stdout
