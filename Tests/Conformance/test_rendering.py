"""Templates rendered for machines: the tree of files that they boot from, and what the API renders."""

import functools
import http.client
import http.server
import os
import threading

import pytest
from muster_process import Server


@pytest.fixture(scope="module")
def booting(request, tmp_path_factory):
    """A server with a bootenv of templates of all kinds, and machines in it."""
    server = Server(tmp_path_factory.mktemp("rendering")).start()
    request.addfinalizer(server.stop)

    def made(path, **body):
        reply = server.curl("POST", path, body)
        assert reply.status == 201, reply.body

    made("/templates", ID="shared.tmpl", Contents="shared {{.Machine.Name}} {{template \"part.tmpl\" .}}")
    made("/templates", ID="part.tmpl", Contents="part of {{.Param \"size\"}}")
    made("/params", Name="size", Schema={"type": "integer", "default": 1})
    made("/params", Name="secret/word", Secure=True, Schema={"type": "string"})
    templates = [
        {"Name": "ipxe", "Path": "{{.Machine.Address}}.ipxe", "Contents": "by {{.Machine.Address}}"},
        {"Name": "ipxe-mac", "Path": "{{.Machine.MacAddr \"ipxe\"}}.ipxe", "Contents": "by {{.Machine.MacAddr \"ipxe\"}}"},
        {"Name": "pxelinux", "Path": "pxelinux.cfg/{{.Machine.HexAddress}}", "ID": "shared.tmpl"},
        {"Name": "seed", "Path": "{{.Machine.Path}}/seed", "Contents": "{{.Param \"secret/word\"}} {{.Machine.Params.plain}}"},
        {"Name": "link", "Path": "{{.Machine.Path}}/alias", "Link": "{{.Machine.Path}}/seed"},
        {"Name": "broken", "Path": "{{.Machine.Path}}/broken", "Contents": "{{.Param \"nobody/has\"}}"},
        {"Name": "fixed", "Path": "fixed/{{.Env.Name}}", "Contents": "the same for all"},
        {"Name": "named", "Path": "by-param/{{.Param \"size\"}}", "Contents": "{{.Machine.Name}}"},
    ]
    made("/bootenvs", Name="be", OS={"Name": "debian-12"}, Templates=templates)
    made("/machines", Name="one.example", Uuid="11111111-1111-4111-8111-111111111111", BootEnv="be", Address="10.7.0.1",
         HardwareAddrs=["52:54:00:00:00:0a", "52-54-00-00-00-0B"], Params={"secret/word": "hush", "plain": "p1", "size": 7})
    made("/machines", Name="two", Uuid="22222222-2222-4222-8222-222222222222", BootEnv="be", Params={"plain": "p2"})
    return server


ONE = "machines/11111111-1111-4111-8111-111111111111"


def fetched(server, path):
    reply = server.curl("GET", f"/{path}", base=server.static_url)
    return reply.body.decode() if reply.status == 200 else reply.status


@pytest.mark.parametrize("path, text", [
    ("10.7.0.1.ipxe", "by 10.7.0.1"), ("52:54:00:00:00:0a.ipxe", "by 52:54:00:00:00:0a"),
    ("52:54:00:00:00:0b.ipxe", "by 52:54:00:00:00:0b"), ("pxelinux.cfg/0A070001", "shared one.example part of 7"),
    (f"{ONE}/seed", "hush p1"), (f"{ONE}/alias", "hush p1"), ("fixed/be", "the same for all"),
    ("by-param/7", "one.example"), ("by-param/1", "two"), ("//10.7.0.1.ipxe", "by 10.7.0.1"),
    (".ipxe", 404), ("pxelinux.cfg/", 404), ("10.7.0.2.ipxe", 404), ("machines", 404), (f"{ONE}/broken", 500),
])
def test_a_machine_finds_its_files(booting, path, text):
    assert fetched(booting, path) == text


def test_nothing_secret_is_on_disk(booting):
    assert fetched(booting, f"{ONE}/seed") == "hush p1"
    texts = [each.read_bytes() for each in (booting.root / "tftpboot").rglob("*") if each.is_file()]
    assert not any(b"hush" in text for text in texts)


def test_a_changed_param_shows_at_the_next_request_and_has_another_etag(booting):
    before = booting.curl("GET", f"/{ONE}/seed", base=booting.static_url)
    tag = before.headers["etag"]
    conditional = [f"If-None-Match: {tag}"]
    assert booting.curl("GET", f"/{ONE}/seed", base=booting.static_url, headers=conditional).status == 304
    for number in range(20):
        booting.curl("POST", f"/{ONE}/params/plain", f"v{number}")
        assert fetched(booting, f"{ONE}/seed") == f"hush v{number}"
    assert booting.curl("GET", f"/{ONE}/seed", base=booting.static_url, headers=conditional).status == 200
    part = booting.curl("GET", f"/{ONE}/seed", base=booting.static_url, headers=["Range: bytes=0-3"])
    assert (part.status, part.body) == (206, b"hush")
    booting.curl("POST", f"/{ONE}/params/plain", "p1")


def test_a_file_goes_with_its_machine(booting):
    uuid = "33333333-3333-4333-8333-333333333333"
    machine = {"Name": "three", "Uuid": uuid, "BootEnv": "be", "Address": "10.7.0.3"}
    assert booting.curl("POST", "/machines", machine).status == 201
    assert fetched(booting, "10.7.0.3.ipxe") == "by 10.7.0.3"
    patch = [{"op": "replace", "path": "/BootEnv", "value": "local"}]
    assert booting.curl("PATCH", f"/machines/{uuid}", patch).status == 200
    assert "exit" in fetched(booting, "10.7.0.3.ipxe") and fetched(booting, f"machines/{uuid}/seed") == 404
    assert booting.curl("DELETE", f"/machines/{uuid}").status == 200
    assert fetched(booting, "10.7.0.3.ipxe") == 404


def test_a_rendered_file_lies_over_one_on_disk(booting):
    (booting.root / "tftpboot/fixed").mkdir(exist_ok=True)
    (booting.root / "tftpboot/fixed/be").write_text("on disk")
    (booting.root / "tftpboot/fixed/other").write_text("on disk")
    assert fetched(booting, "fixed/be") == "the same for all"
    assert fetched(booting, "fixed/other") == "on disk"


def test_unknown_machines_find_what_the_preference_says(booting):
    assert "chain" in fetched(booting, "default.ipxe")
    assert "localboot 0" in fetched(booting, "pxelinux.cfg/default")


def test_files_come_over_tls_as_well(booting):
    reply = booting.curl("GET", "/10.7.0.1.ipxe", base=f"https://127.0.0.1:{booting.secure_port}")
    assert reply.body == b"by 10.7.0.1"


def render(server, text, query="", **options):
    headers = ["Content-Type: text/plain"]
    return server.curl("POST", f"/{ONE}/render{query}", text.encode(), headers=headers, **options)


@pytest.mark.parametrize("text, answer", [
    ("{{.Machine.ShortName}} {{.Machine.Arch}} {{.Machine.UUID}}", "one amd64 11111111-1111-4111-8111-111111111111"),
    ('{{.Machine.MacAddr "pxelinux"}}', "01-52-54-00-00-00-0a"), ("{{.Env.OS.FamilyName}} {{.Env.OS.FamilyType}}", "debian debian"),
    ('{{.Env.OS.VersionEq "12"}} {{.Env.OS.FamilyVersion}}', "true 12"), ('{{.ParamExists "nope"}}', "false"),
    ('{{.ParamAsJSON "size"}} {{.Param "size"}}', "7 7"), ('{{.StringExpand "{{.Machine.Name}}"}}', "one.example"),
    ('{{.ParseURL "path" "http://host:1/a/b?c"}}', "/a/b"), ('{{.Env.PathFor "tftp" "x"}}', "debian-12/x"),
    ('{{.Machine.Url}}', "http://127.0.0.1:{static_port}/" + ONE), ("{{.ApiURL}}", "https://127.0.0.1:{port}"),
    ('{{.CallTemplate "part.tmpl" .}}', "part of 7"), ("{{.Stage.Name}}", "none"), ("{{if .Task}}t{{else}}none{{end}}", "none"),
    ("{{(index .InstallRepos 0).URL}}", "http://127.0.0.1:{static_port}/debian-12"),
])
def test_what_templates_see(booting, text, answer):
    reply = render(booting, text)
    wanted = answer.format(port=booting.port, static_port=booting.static_port)
    assert (reply.status, reply.body.decode()) == (200, wanted)


@pytest.mark.parametrize("text, words", [
    ('{{.Param "nobody/has"}}', "template: render:1:2: executing \"render\" at <.Param>: error calling Param: "
                                "No such machine parameter nobody/has"),
    ("{{.Machine.Nothing}}", "can't evaluate field Nothing in type *backend.rMachine"),
    ("{{.Machine.Secret}}", "can't evaluate field Secret"), ("{{", "unclosed action"),
    ('{{.StringExpand "{{.StringExpand .}}"}}', "wrong type"), ("{{range $i := until 100000000}}x{{end}}", "exceeded"),
])
def test_what_is_wrong_with_a_template_is_said(booting, text, words):
    reply = render(booting, text)
    assert reply.status == 400 and words in reply.json["Messages"][0], reply.body


def test_a_render_tells_which_params_it_read_and_from_where(booting):
    reply = render(booting, '{{.Param "size"}}{{.Param "secret/word"}}{{.ParamExists "no"}}', "?explain=true").json
    assert reply["text"] == "7hushfalse"
    key = ONE.removeprefix("machines/")
    assert [(each["name"], each["from"], each["type"], each["key"]) for each in reply["params"]] == [
        ("size", "value", "machines", key), ("secret/word", "value", "machines", key), ("no", "none", "", "")]
    shared = booting.curl("GET", "/templates/shared.tmpl/render/Name:two?explain=true").json
    assert shared == {"text": "shared two part of 1",
                      "params": [{"name": "size", "from": "default", "type": "params", "key": "size"}]}


def test_tokens_of_templates_do_what_they_are_for(booting):
    token = render(booting, "{{.GenerateToken}}").body.decode()
    assert booting.curl("GET", f"/{ONE}", token=token).status == 200
    assert booting.curl("GET", "/machines/Name:two", token=token).status in (403, 404)
    assert booting.curl("POST", "/machines", {"Name": "mine"}, token=token).status == 403
    profile = render(booting, '{{.GenerateProfileToken "global" "1h"}}').body.decode()
    assert booting.curl("GET", "/profiles/global", token=profile).status == 200
    assert booting.curl("GET", f"/{ONE}", token=profile).status in (403, 404)
    assert booting.curl("DELETE", "/profiles/global", token=profile).status == 403


def test_who_has_something_rendered_must_have_the_right_to_what_it_shows(booting):
    claims = [{"scope": "machines,templates", "action": "list,get", "specific": "*"}]
    assert booting.curl("POST", "/roles", {"Name": "reader", "Claims": claims}).status == 201
    assert booting.curl("POST", "/users", {"Name": "reader", "Roles": ["reader"]}).status == 201
    assert booting.curl("PUT", "/users/reader/password", {"Password": "pw"}).status == 200
    for reply in (render(booting, "x", user="reader:pw"),
                  booting.curl("GET", "/templates/shared.tmpl/render/Name:two", user="reader:pw")):
        assert reply.status == 403 and "getSecure" in reply.body.decode()
    claims.append({"scope": "machines", "action": "getSecure,token", "specific": "*"})
    assert booting.curl("PUT", "/roles/reader", {"Name": "reader", "Claims": claims}).status == 200
    assert render(booting, "{{.Machine.Name}}", user="reader:pw").body == b"one.example"
    refused = render(booting, '{{.GenerateProfileToken "global" 60}}', user="reader:pw")
    assert refused.status == 400 and "you may not make a token" in refused.json["Messages"][0]


def test_a_machine_finds_out_which_one_it_is(booting):
    fingerprint = {"SystemUUID": "aaaa", "SSNHash": "", "CSNHash": "", "CloudInstanceID": "", "MemoryIds": []}
    answer = booting.curl("POST", "/whoami", {"MacAddrs": ["52:54:00:00:00:0A", "52:54:00:00:00:0b"], "Fingerprint": fingerprint})
    result = answer.json["Result"]
    assert (result["Score"], result["Uuid"]) == (100, ONE.removeprefix("machines/"))
    assert booting.curl("GET", f"/{ONE}", token=result["Token"]).json["Fingerprint"]["SystemUUID"] == "aaaa"
    # Half of the cards are not enough, with what the firmware says they are.
    half = {"MacAddrs": ["52:54:00:00:00:0a"]}
    assert booting.curl("POST", "/whoami", half).json["Result"] == {"Score": 0, "Uuid": "", "Token": ""}
    assert booting.curl("POST", "/whoami", {**half, "Fingerprint": fingerprint}).json["Result"]["Score"] == 100
    assert booting.curl("POST", "/whoami", {"OnDiskUUID": ONE.removeprefix("machines/")}).json["Result"]["Score"] == 1000


def test_what_is_not_here_comes_from_the_systems_repository(fresh, tmp_path):
    (tmp_path / "repository/dists").mkdir(parents=True)
    data = os.urandom(3 << 20)
    (tmp_path / "repository/dists/a file").write_bytes(data)
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    handler = functools.partial(Handler, directory=str(tmp_path / "repository"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as repository:
        threading.Thread(target=repository.serve_forever, daemon=True).start()
        server = fresh()
        url = f"http://127.0.0.1:{repository.server_address[1]}"
        listed = [{"tag": "main", "os": ["os-1"], "installSource": True, "url": f"{url}/"}]
        assert server.curl("POST", "/profiles/global/params/package-repositories", listed).status in (200, 201)
        for path in ("/os-1/install/dists/a%20file", "/os-1/dists/a%20file"):
            assert server.curl("GET", path, base=server.static_url).body == data
        part = server.curl("GET", "/os-1/dists/a%20file", base=server.static_url, headers=["Range: bytes=10-19"])
        assert (part.status, part.body) == (206, data[10:20])
        # It is asked for once, and what is here goes before it.
        assert asked == ["/dists/a%20file"]
        (server.root / "tftpboot/os-1/dists").mkdir(parents=True)
        (server.root / "tftpboot/os-1/dists/a file").write_bytes(b"here")
        assert server.curl("GET", "/os-1/dists/a%20file", base=server.static_url).body == b"here"
        assert server.curl("GET", "/os-1/dists/nothing", base=server.static_url).status == 404
        assert server.curl("GET", "/os-2/dists/a%20file", base=server.static_url).status == 404
        repository.shutdown()


class SlowRepository(http.server.BaseHTTPRequestHandler):
    """Sends half of its file, waits, and sends the rest, or breaks off."""
    data = bytes(range(256)) * 8192

    def do_GET(self):
        asked, go, breaks_off = self.server.script
        asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        half = len(self.data) // 2
        self.wfile.write(self.data[:half])
        self.wfile.flush()
        assert go.wait(60)
        if not breaks_off:
            self.wfile.write(self.data[half:])

    def log_message(self, *_):
        pass


@pytest.fixture
def slow_repository(fresh):
    """A server, the repository that it looks aside to, and what that is to do."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowRepository) as repository:
        threading.Thread(target=repository.serve_forever, daemon=True).start()
        server = fresh()
        url = f"http://127.0.0.1:{repository.server_address[1]}"
        listed = [{"tag": "main", "os": ["os-1"], "installSource": True, "url": url}]
        assert server.curl("POST", "/profiles/global/params/package-repositories", listed).status in (200, 201)
        yield server, repository
        repository.shutdown()


def begun(server):
    """An answer of which the head has been read."""
    connection = http.client.HTTPConnection(server.static_url.removeprefix("http://"), timeout=60)
    connection.request("GET", "/os-1/image")
    return connection.getresponse()


def test_what_is_fetched_from_a_repository_is_sent_on_as_it_comes(slow_repository):
    server, repository = slow_repository
    asked, go = [], threading.Event()
    repository.script = (asked, go, False)
    first, second = begun(server), begun(server)
    half = len(SlowRepository.data) // 2
    # Whole reads of the server: the last of them may wait for what has not come.
    early = half - (256 << 10)
    assert first.read(early) == second.read(early) == SlowRepository.data[:early]
    part = server.curl("GET", "/os-1/image", base=server.static_url, headers=["Range: bytes=5-9"])
    assert (part.status, part.body) == (206, SlowRepository.data[5:10])
    go.set()
    assert first.read() == second.read() == SlowRepository.data[early:]
    assert asked == ["/image"]


def test_a_download_that_breaks_off_is_no_file(slow_repository):
    server, repository = slow_repository
    asked, go = [], threading.Event()
    repository.script = (asked, go, True)
    answer = begun(server)
    go.set()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    repository.script = (asked, go, False)
    assert server.curl("GET", "/os-1/image", base=server.static_url).body == SlowRepository.data
    assert asked == ["/image"] * 2
