"""Files and ISO images: uploaded as streams, listed, read in part, unpacked by a process that can do no harm."""

import hashlib
import io
import os
import subprocess
import tarfile
import threading
import zipfile

import pytest
from raw_client import RawClient, wait_until

OCTETS = ["Content-Type: application/octet-stream"]


def upload(server, path, data, **options):
    return server.curl("POST", path, data, headers=OCTETS, **options)


def test_a_file_is_stored_listed_read_and_removed(server):
    reply = upload(server, "/files/blobs/deep/one", b"some bytes here...")
    assert reply.status == 201 and reply.json == {"Path": "/blobs/deep/one", "Size": 18}
    assert upload(server, "/files/blobs/two", b"2").status == 201
    assert "blobs/" in server.get("/files")
    assert server.get("/files?path=/blobs") == ["deep/", "two"]
    assert server.get("/files?path=blobs/&all=true") == ["deep/one", "two"]
    assert server.curl("GET", "/files?path=/nowhere").status == 404
    digest = hashlib.sha256(b"some bytes here...").hexdigest()
    reply = server.curl("GET", "/files/blobs/deep/one")
    assert reply.body == b"some bytes here..." and reply.headers["etag"] == f'"SHA256:{digest}"'
    assert reply.headers["content-type"] == "application/octet-stream"
    head = server.curl("HEAD", "/files/blobs/deep/one")
    assert head.headers["x-drp-sha256sum"] == digest and head.headers["content-length"] == "18"
    assert server.curl("GET", "/files/blobs/deep/one", headers=[f'If-None-Match: "SHA256:{digest}"']).status == 304
    assert server.curl("GET", f"/blobs/two", base=f"{server.static_url}/files").body == b"2"
    refused = server.curl("DELETE", "/files/blobs/deep")
    assert (refused.status, refused.json["Messages"], refused.json["Key"]) == (404, ["Unable to delete"], "/blobs/deep")
    assert server.curl("DELETE", "/files/blobs/deep/one").status == 204
    assert server.curl("DELETE", "/files/blobs/deep").status == 204
    missing = server.curl("GET", "/files/blobs/deep/one")
    assert (missing.status, missing.json["Messages"], missing.json["Model"]) == (404, ["Not a regular file"], "files")


@pytest.mark.parametrize("asked, status, answered, body", [
    ("bytes=0-3", 206, "bytes 0-3/10", b"0123"), ("bytes=7-", 206, "bytes 7-9/10", b"789"),
    ("bytes=-2", 206, "bytes 8-9/10", b"89"), ("bytes=8-100", 206, "bytes 8-9/10", b"89"),
    ("bytes=10-", 416, "bytes */10", b""), ("bytes=-0", 416, "bytes */10", b""),
    ("bytes=5-2", 200, None, b"0123456789"), ("lines=1-2", 200, None, b"0123456789"),
    ("bytes=99999999999999999999-", 416, "bytes */10", b""), ("bytes=0-1,4-5", 200, None, b"0123456789"),
])
def test_a_part_of_a_file_is_read(server, asked, status, answered, body):
    upload(server, "/files/ranged", b"0123456789")
    for base in (None, server.static_url):
        reply = server.curl("GET", "/files/ranged", headers=[f"Range: {asked}"], base=base)
        assert (reply.status, reply.headers.get("content-range"), reply.body) == (status, answered, body)


def test_a_range_of_a_file_that_has_changed_is_all_of_it(server):
    upload(server, "/files/changing", b"0123456789")
    tag = server.curl("GET", "/files/changing").headers["etag"]
    headers = ["Range: bytes=2-3", f"If-Range: {tag}"]
    assert server.curl("GET", "/files/changing", headers=headers).body == b"23"
    upload(server, "/files/changing", b"abcdefghij")
    assert server.curl("GET", "/files/changing", headers=headers).body == b"abcdefghij"


@pytest.mark.parametrize("path", ["../out", "%2e%2e/out", "a/..%2f..%2fout", "a/%2e%2e/%2e%2e/out", ".."])
def test_no_spelling_leads_out_of_the_folder(server, path):
    for method in ("POST", "GET", "DELETE"):
        body = b"x" if method == "POST" else None
        reply = subprocess.run(
            ["curl", "-sk", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", "-u", "rocketskates:r0cketsk8ts", "-X",
             method, *(["--data-binary", "x", "-H", OCTETS[0]] if body else []), f"{server.url}/files/{path}"],
            capture_output=True, text=True)
        assert reply.stdout in ("400", "404"), (method, path, reply.stdout)
        static = subprocess.run(
            ["curl", "-s", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", f"{server.static_url}/files/{path}"],
            capture_output=True, text=True)
        assert static.stdout == "404"
    assert not (server.root / "tftpboot/out").exists() and not (server.root / "out").exists()


def test_what_is_too_large_is_refused_and_leaves_nothing(fresh):
    server = fresh("--max-upload", "1")
    assert upload(server, "/files/most", os.urandom(1 << 20)).status == 201
    refused = upload(server, "/files/more", os.urandom((1 << 20) + 1))
    assert refused.status == 413 and "--max-upload" in refused.json["Messages"][0]
    chunked = server.curl("POST", "/files/more", os.urandom(2 << 20), headers=[*OCTETS, "Transfer-Encoding: chunked"])
    assert chunked.status == 413
    # A link is the agent that the server offers to machines.
    assert [each.name for each in (server.root / "tftpboot/files").iterdir() if not each.is_symlink()] == ["most"]


def test_an_upload_that_is_cut_off_leaves_what_was_there(server):
    upload(server, "/files/cut", b"whole")
    with RawClient(server.port, tls=True) as client:
        client.send(f"POST /api/v3/files/cut HTTP/1.1\r\nHost: x\r\nAuthorization: {server.basic}\r\n"
                    f"Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf".encode())
    folder = server.root / "tftpboot/files"
    wait_until(lambda: not [each for each in folder.iterdir() if each.name.startswith(".upload-")])
    assert server.curl("GET", "/files/cut").body == b"whole"


def test_a_large_file_comes_back_as_it_went(server):
    data = os.urandom(40 << 20)
    assert upload(server, "/files/large", data).json["Size"] == len(data)
    threads, bodies = [], {}
    for number in range(4):
        base = server.static_url if number % 2 else None
        threads.append(threading.Thread(
            target=lambda n=number, b=base: bodies.update({n: server.curl("GET", "/files/large", base=b).body})))
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(bodies[number] == data for number in range(4))


def archive_of(kind, members):
    """An archive with members by name; a value that is a text is the target of a link."""
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in members.items():
                made.writestr(name, data)
    else:
        with tarfile.open(fileobj=stream, mode=kind) as made:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                if isinstance(data, str):
                    info.type, info.linkname = tarfile.SYMTYPE, data
                    made.addfile(info)
                else:
                    info.size = len(data)
                    made.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["w", "w:gz", "w:xz", "zip"])
def test_an_archive_is_unpacked_beside_itself(server, kind):
    name = f"/files/unpacked-{kind.replace(':', '-')}/archive"
    data = archive_of(kind, {"top": b"1", "deep/below": b"22"})
    assert upload(server, f"{name}?explode=true", data).status == 201
    folder = name.removesuffix("/archive").removeprefix("/files")
    assert server.get(f"/files?path={folder}&all=true") == ["archive", "deep/below", "top"]
    assert server.curl("GET", f"/files{folder}/deep/below").body == b"22"


@pytest.mark.parametrize("members", [
    {"good": b"1", "../../bad": b"2"}, {"good": b"1", "/tmp/bad-from-archive": b"2"},
    {"way": "../..", "way/bad": b"2"}, {"way": "/tmp", "way/bad-from-archive": b"2"},
])
def test_an_archive_that_leads_out_does_not_get_there(server, members):
    before = {each for each in server.root.rglob("*") if "files" not in each.parts}
    upload(server, "/files/evil/archive.tar?explode=true", archive_of("w", members))
    assert {each for each in server.root.rglob("*") if "files" not in each.parts} == before
    assert not os.path.exists("/tmp/bad-from-archive")


def test_an_archive_that_grows_beyond_measure_is_stopped(server):
    reply = upload(server, "/files/bomb/archive.zip?explode=true", archive_of("zip", {"zeros": bytes(300 << 20)}))
    assert reply.status == 422 and "trap" in reply.json["Messages"][0], reply.body
    assert server.get("/files?path=/bomb&all=true") == ["archive.zip"]
    reply = upload(server, "/files/bomb/nothing?explode=true", b"this is no archive")
    assert reply.status == 422 and "cannot be unpacked" in reply.json["Messages"][0]


def test_an_uploaded_image_is_unpacked_and_makes_its_bootenv_usable(fresh, tmp_path):
    server = fresh()
    (tmp_path / "tree/live").mkdir(parents=True)
    (tmp_path / "tree/live/vmlinuz").write_bytes(b"kernel")
    (tmp_path / "tree/live/initrd").write_bytes(b"disk")
    subprocess.run(["bsdtar", "--format", "iso9660", "-cf", tmp_path / "a.iso", "-C", tmp_path / "tree", "live"], check=True)
    image = (tmp_path / "a.iso").read_bytes()
    bootenv = {
        "Name": "os-install", "Kernel": "live/vmlinuz", "Initrds": ["live/initrd"],
        "OS": {"Name": "os-1", "IsoFile": "a.iso", "IsoSha256": hashlib.sha256(image).hexdigest()},
        "Templates": [{"Name": "ipxe", "Path": "{{.Machine.Address}}.ipxe", "Contents": "x"}],
    }
    created = server.curl("POST", "/bootenvs", bootenv)
    assert created.status == 201 and created.json["Available"] is True and created.json["Errors"] == []
    # A file of any name has the server look.
    assert upload(server, "/isos/other.iso", b"x").json == {"Path": "other.iso", "Size": 1}
    missing = wait_until(lambda: server.get("/bootenvs/os-install")["Errors"])
    assert "Explode ISO: iso does not exist: isos/a.iso" in missing[0]
    assert upload(server, "/isos/a.iso", image).status == 201
    wait_until(lambda: server.get("/bootenvs/os-install")["Available"])
    assert server.curl("GET", "/os-1/install/live/vmlinuz", base=server.static_url).body == b"kernel"
    assert server.curl("DELETE", "/bootenvs/os-install/purgeLocal?reexplodeIsos=true", []).status == 204
    assert server.curl("DELETE", "/bootenvs/os-install/purgeLocal", ["amd64"]).status == 204
    assert server.get("/bootenvs/os-install")["Available"] is False
    assert server.get("/isos") == ["other.iso"]
    assert server.curl("GET", "/os-1/install/live/vmlinuz", base=server.static_url).status == 404


@pytest.mark.parametrize("name", ["../..", "files", "isos/deep", "/", ""])
def test_no_os_name_has_an_image_replace_what_is_not_its_own(fresh, name):
    server = fresh()
    upload(server, "/files/kept", b"kept")
    upload(server, "/isos/a.iso", archive_of("zip", {"live/vmlinuz": b"kernel"}))
    bootenv = {"Name": "live", "Kernel": "live/vmlinuz", "OS": {"Name": name, "IsoFile": "a.iso"},
               "Templates": [{"Name": "ipxe", "Path": "{{.Machine.Address}}.ipxe", "Contents": "x"}]}
    assert server.curl("POST", "/bootenvs", bootenv).status == 201
    # The new image is looked at before the answer.
    assert upload(server, "/isos/a.iso", archive_of("zip", {"live/vmlinuz": b"kernel 2"})).status == 201
    errors = wait_until(lambda: server.get("/bootenvs/live")["Errors"])
    assert any("give OS.Name a name of its own" in each for each in errors), errors
    before = sorted(path for path in server.root.parent.rglob("*") if path.is_file())
    for query in ("?reexplodeIsos=true", ""):
        assert server.curl("DELETE", f"/bootenvs/live/purgeLocal{query}", []).status == 204
    assert server.curl("GET", "/files/kept").body == b"kept"
    assert server.get("/isos") == ["a.iso"]
    after = {path for path in server.root.parent.rglob("*") if path.is_file()}
    assert [path for path in before if "tftpboot" in path.parts and path not in after] == []


def test_no_name_of_an_image_leads_out_of_the_isos(fresh):
    server = fresh()
    upload(server, "/files/kept", b"kept")
    bootenv = {"Name": "live", "OS": {"Name": "os", "IsoFile": "../files/kept"}}
    assert server.curl("POST", "/bootenvs", bootenv).status == 201
    assert server.curl("DELETE", "/bootenvs/live/purgeLocal", []).status == 204
    assert server.curl("GET", "/files/kept").body == b"kept"
    assert "give it the name of one" in server.get("/bootenvs/live")["Errors"][0]


def test_files_take_rights_of_their_own(server):
    claims = [{"scope": "files", "action": "list,get", "specific": "*"}]
    assert server.curl("POST", "/roles", {"Name": "blob-reader", "Claims": claims}).status == 201
    assert server.curl("POST", "/users", {"Name": "blob-reader", "Roles": ["blob-reader"]}).status == 201
    assert server.curl("PUT", "/users/blob-reader/password", {"Password": "pw"}).status == 200
    upload(server, "/files/guarded", b"x")
    user = {"user": "blob-reader:pw"}
    assert server.curl("GET", "/files/guarded", **user).status == 200
    assert upload(server, "/files/guarded", b"y", **user).status == 403
    assert server.curl("DELETE", "/files/guarded", **user).status == 403
    assert server.get("/isos", **user) == []
    assert server.curl("GET", "/files/guarded").body == b"x"
