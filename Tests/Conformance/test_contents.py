"""Content packs through the API: what a pack may hold, override and require (C §14)."""

import pytest

META_TEXTS = [
    "Name", "Version", "Description", "Source", "Documentation", "RequiredFeatures", "Prerequisites", "Color", "Icon",
    "Author", "DisplayName", "License", "Copyright", "CodeSource", "Order", "Tags", "DocUrl", "Type",
]
NO_META = {**dict.fromkeys(META_TEXTS, ""), "Writable": False, "Overwritable": False}
DYNAMIC = {**NO_META, "Type": "dynamic"}


@pytest.fixture
def push(server):
    """Posts a pack; what got in is taken off again after the test."""
    names = set()

    def post(meta, sections=None, query="", method="POST"):
        names.add(meta.get("Name", ""))
        path = f"/contents/{meta['Name']}" if method == "PUT" else "/contents"
        return server.curl(method, path + query, {"meta": meta, "sections": sections or {}})

    yield post
    for name in names - {""}:
        server.curl("DELETE", f"/contents/{name}")


def profiles(**params):
    """A section of profiles: name → its one param."""
    return {"profiles": {name: {"Name": name, "Params": {"pack": value}} for name, value in params.items()}}


def listed(server):
    return [each["meta"]["Name"] for each in server.get("/contents")]


def refused(reply, code, error, model, key, *messages):
    assert reply.json == {"Code": code, "Type": error, "Model": model, "Key": key, "Messages": list(messages)}
    assert reply.status == code


def test_a_pack_is_answered_with_its_summary_and_shows_its_objects(server, push):
    meta = {"Name": "PackA", "Version": "v1.2.3", "Description": "A pack", "Type": "basic", "Writable": True}
    reply = push(meta, {**profiles(pka="a"), "nonsense": {"x": {}}, "templates": None})
    summary = {
        "meta": {**DYNAMIC, "Name": "PackA", "Version": "v1.2.3", "Description": "A pack"},
        "Counts": {"profiles": 1}, "Warnings": []}
    assert (reply.status, reply.headers["content-type"]) == (201, "application/json")
    assert reply.json == summary
    assert summary in server.get("/contents")
    shown = server.get("/profiles/pka")
    assert (shown["ReadOnly"], shown["Bundle"], shown["Params"]) == (True, "PackA", {"pack": "a"})


def test_an_empty_pack_counts_nothing(push):
    assert push({"Name": "PackEmpty"}).json["Counts"] == {}


def test_a_pack_is_read_back_as_it_was_loaded(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    content = server.get("/contents/PackA")
    assert content.keys() == {"meta", "sections"}
    assert content["meta"] == {**DYNAMIC, "Name": "PackA"}
    assert content["sections"]["profiles"]["pka"]["Params"] == {"pack": "a"}
    again = server.curl("PUT", "/contents/PackA", content)
    assert (again.status, again.json["Counts"]) == (200, {"profiles": 1})


def test_the_stack_is_listed_from_the_writable_layer_down_to_the_basic_one(server, push):
    push({"Name": "PackB"}), push({"Name": "PackA"})
    names = listed(server)
    assert (names[0], names[-1]) == ("BackingStore", "BasicStore")
    assert names.index("PackA") < names.index("PackB")


def test_the_basic_layer_holds_what_no_server_can_do_without(server):
    basic = next(each for each in server.get("/contents") if each["meta"]["Name"] == "BasicStore")
    assert basic["Counts"] == {"bootenvs": 2, "params": 1, "roles": 1, "stages": 2}
    assert basic["meta"]["Description"] == "Default objects that must be present"
    assert (basic["meta"]["Type"], basic["meta"]["Overwritable"]) == ("basic", True)
    for path in "/bootenvs/ignore", "/bootenvs/local", "/stages/none", "/stages/local", "/roles/superuser":
        shown = server.get(path)
        assert (shown["Available"], shown["ReadOnly"], shown["Bundle"]) == (True, True, "BasicStore")


def test_the_writable_layer_is_read_like_a_pack(server):
    server.curl("POST", "/profiles", {"Name": "pack-live"})
    content = server.get("/contents/BackingStore")
    assert (content["meta"]["Description"], content["meta"]["Writable"]) == ("Writable backing store", True)
    assert content["sections"]["profiles"]["pack-live"]["Name"] == "pack-live"
    server.curl("DELETE", "/profiles/pack-live")


def test_an_object_of_a_pack_cannot_be_changed_removed_or_created_again(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    before = server.get("/profiles/pka")
    refused(server.curl("POST", "/profiles", {"Name": "pka"}), 409, "CREATE", "profiles", "pka", "already exists")
    for method, path, body in (
        ("PUT", "/profiles/pka", before), ("DELETE", "/profiles/pka", None), ("POST", "/profiles/pka/params/pack", "b"),
        ("PATCH", "/profiles/pka", [{"op": "replace", "path": "/Description", "value": "x"}]),
    ):
        reply = server.curl(method, path, body)
        assert (reply.status, reply.json["Model"], reply.json["Key"]) == (409, "profiles", "pka"), method
        assert reply.json["Type"] == method
    assert server.get("/profiles/pka") == before


def test_the_refusal_names_the_object_that_cannot_be_overridden(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    reply = server.curl("POST", "/profiles/pka/params/pack", "b")
    assert reply.json["Messages"] == ["pka"]


def test_a_basic_object_can_be_overridden_and_shows_again_when_the_override_goes(server):
    before = server.get("/bootenvs/local")
    patched = server.curl("PATCH", "/bootenvs/local", [{"op": "replace", "path": "/Description", "value": "mine"}])
    assert patched.status == 200
    assert (patched.json["ReadOnly"], patched.json["Bundle"], patched.json["Description"]) == (False, "", "mine")
    gone = server.curl("DELETE", "/bootenvs/local")
    assert (gone.status, gone.json) == (200, patched.json)
    assert server.get("/bootenvs/local") == before


def test_a_pack_may_override_the_basic_layer_and_lets_it_show_again(server, push):
    before = server.get("/bootenvs/local")
    reply = push({"Name": "PackA"}, {"bootenvs": {"local": {**before, "Description": "from the pack"}}})
    assert reply.status == 201
    shown = server.get("/bootenvs/local")
    assert (shown["Description"], shown["Bundle"], shown["ReadOnly"]) == ("from the pack", "PackA", True)
    assert server.curl("DELETE", "/contents/PackA").status == 204
    assert server.get("/bootenvs/local") == before


def test_replacing_a_pack_replaces_its_objects(server, push):
    push({"Name": "PackA", "Version": "1.0.0"}, profiles(pka="a", pkb="b"))
    reply = push({"Name": "PackA", "Version": "1.1.0"}, profiles(pkb="bb", pkc="c"), method="PUT")
    assert (reply.status, reply.json["meta"]["Version"], reply.json["Counts"]) == (200, "1.1.0", {"profiles": 2})
    assert server.curl("GET", "/profiles/pka").status == 404
    assert server.get("/profiles/pkb")["Params"] == {"pack": "bb"}
    assert server.get("/profiles/pkc")["Bundle"] == "PackA"


def test_removing_a_pack_removes_its_objects(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    reply = server.curl("DELETE", "/contents/PackA")
    assert (reply.status, reply.body, reply.headers["content-type"]) == (204, b"", "application/json")
    assert "PackA" not in listed(server)
    assert server.curl("GET", "/profiles/pka").status == 404


def test_a_missing_pack_is_told_so(server):
    for method, body in ("GET", None), ("DELETE", None), ("PUT", {"meta": {"Name": "nope"}}):
        refused(server.curl(method, "/contents/nope", body), 404, method, "contents", "nope", "No such content store")


def test_a_pack_that_is_there_is_not_posted_twice(push):
    push({"Name": "john"})
    refused(push({"Name": "john"}), 409, "POST", "contents", "john", "Content john already exists")


def test_a_pack_needs_a_name(server, push):
    for body in {}, {"meta": {}}, {"meta": {"Version": "1"}, "sections": {}}:
        reply = server.curl("POST", "/contents", body)
        refused(reply, 422, "POST", "contents", "", "Store at content- has no Name metadata")


def test_a_pack_is_put_under_its_own_name(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    reply = server.curl("PUT", "/contents/PackA", {"meta": {"Name": "PackB"}, "sections": {}})
    assert (reply.status, reply.json["Type"], reply.json["Key"]) == (400, "PUT", "PackA")
    assert server.get("/profiles/pka")["Bundle"] == "PackA"


@pytest.mark.parametrize("name", ["BackingStore", "BasicStore"])
def test_the_servers_own_layers_are_not_for_clients_to_replace(server, name):
    layers = listed(server)
    for method, body in ("DELETE", None), ("PUT", {"meta": {"Name": name}}), ("POST", {"meta": {"Name": name}}):
        assert server.curl(method, "/contents" + ("" if method == "POST" else f"/{name}"), body).status == 409
    assert listed(server) == layers


def test_packs_cannot_override_one_another(server, push):
    push({"Name": "PackA"}, profiles(pka="a"))
    reply = push({"Name": "PackB"}, profiles(pkb="b", pka="b"))
    refused(
        reply, 422, "STORE_ERROR", "contents", "",
        "profiles:pka in layer dynamic-PackB would override layer dynamic-PackA")
    assert "PackB" not in listed(server)
    assert server.curl("GET", "/profiles/pkb").status == 404


def test_packs_cannot_be_overridden_by_what_is_written_already(server, push):
    server.curl("POST", "/profiles", {"Name": "pka"})
    push({"Name": "PackA"}, {})
    refused(
        push({"Name": "PackA"}, profiles(pka="a"), method="PUT"), 422, "PUT", "contents", "PackA",
        "profiles:pka in layer dynamic-PackA would override layer writable-BackingStore")
    assert server.get("/profiles/pka")["Bundle"] == ""
    server.curl("DELETE", "/profiles/pka")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_replace_writable_takes_the_place_of_what_is_written(server, push, method):
    server.curl("POST", "/profiles", {"Name": "pka", "Description": "written"})
    if method == "PUT":
        push({"Name": "PackA"})
    reply = push({"Name": "PackA"}, profiles(pka="a"), "?replaceWritable=true", method)
    assert reply.status in (200, 201)
    shown = server.get("/profiles/pka")
    assert (shown["Bundle"], shown["Description"]) == ("PackA", "")
    server.curl("DELETE", "/contents/PackA")
    assert server.curl("GET", "/profiles/pka").status == 404


def test_replace_writable_leaves_everything_where_the_pack_is_refused(server, push):
    server.curl("POST", "/profiles", {"Name": "pka", "Description": "written"})
    bad = {"profiles": {"pka": {"Name": "pka"}, "pkb": {"Name": "pkb", "Params": 7}}}
    assert push({"Name": "PackA"}, bad, "?replaceWritable=true").status == 422
    assert server.get("/profiles/pka")["Description"] == "written"
    server.curl("DELETE", "/profiles/pka")


@pytest.mark.parametrize("features", ["missing-feature", "workflows missing-feature", "workflows,missing-feature"])
def test_a_missing_feature_keeps_a_pack_out(server, push, features):
    message = "Content layer insecure requires feature missing-feature, but dr-provision does not provide it"
    meta = {"Name": "insecure", "RequiredFeatures": features}
    refused(push(meta), 422, "STORE_ERROR", "contents", "", message)
    assert "insecure" not in listed(server)
    push({"Name": "insecure"})
    refused(push(meta, method="PUT"), 422, "PUT", "contents", "insecure", message)


def test_features_that_the_server_has_let_a_pack_in(push):
    assert push({"Name": "featured", "RequiredFeatures": "api-v3, workflows sane-exit-codes"}).status == 201


@pytest.mark.parametrize("prerequisites, warnings", [
    ("BasicStore", []), ("BasicStore: >=4.6.0", []), ("BasicStore:>=4.6.0 <5.0.0", []), ("BasicStore: 4.x", []),
    ("BasicStore: <1.0.0", ["Layer basic prerequisite test on BasicStore failed"]),
    ("BasicStore: >=1.0.18446744073709551615", []),
    ("foo", ["Layer basic has foo as a prerequisite, but foo does not exist!"]),
    ("foo: >1, BasicStore: =1.0.0", [
        "Layer basic has foo as a prerequisite, but foo does not exist!",
        "Layer basic prerequisite test on BasicStore failed"]),
])
def test_unmet_prerequisites_are_warnings(push, prerequisites, warnings):
    reply = push({"Name": "basic", "Prerequisites": prerequisites})
    assert (reply.status, reply.json["Warnings"]) == (201, warnings)


def test_prerequisites_that_cannot_be_read_keep_a_pack_out(push):
    reply = push({"Name": "basic", "Prerequisites": "BasicStore: >!foo"})
    refused = reply.json
    assert (reply.status, refused["Type"], refused["Model"], refused["Key"]) == (422, "STORE_ERROR", "contents", "")
    expected = "Layer basic: error parsing prerequisites BasicStore: >!foo: Invalid version requirement for BasicStore:"
    assert refused["Messages"][0].startswith(f"{expected} ")


@pytest.mark.parametrize("version", ["", "1", "v1.2", "1.2.3", "v1.2.3-pre4+build", "4.0.0-x.y"])
def test_versions_are_kept_as_they_were_written(push, version):
    assert push({"Name": "basic", "Version": version}).json["meta"]["Version"] == version


def test_a_version_that_is_none_keeps_a_pack_out(push):
    refused(
        push({"Name": "basic", "Version": "1.2.foo"}), 422, "STORE_ERROR", "contents", "",
        'Layer basic: invalid version 1.2.foo: Invalid character(s) found in patch number "foo"')


def test_names_that_lead_nowhere_are_warnings(server, push):
    sections = {
        "profiles": {"p1-prof": {"Name": "p1-prof"}},
        "stages": {"p2-stage": {"Name": "p2-stage", "Profiles": ["p1-prof"], "BootEnv": "local"}},
    }
    assert push({"Name": "PackA"}, sections).json["Warnings"] == []
    sections = {"stages": sections["stages"]}
    reply = push({"Name": "PackA"}, sections, method="PUT")
    assert (reply.status, reply.json["Warnings"]) == (200, ["Profile p1-prof (at 0) does not exist"])
    shown = server.get("/stages/p2-stage")
    assert (shown["Available"], shown["Validated"]) == (False, True)
    assert len(shown["Errors"]) == 1 and "Profile p1-prof (at 0) does not exist" in shown["Errors"][0]


def test_what_is_unavailable_for_another_reason_is_no_warning(push):
    """An ISO or a kernel that is missing, a value that does not fit, a stage that cannot be used (C §14.2)."""
    sections = {
        "bootenvs": {"pk-boot": {
            "Name": "pk-boot", "Kernel": "vmlinuz", "OS": {"Name": "pk", "IsoFile": "pk.iso"},
            "Templates": [{"Name": "ipxe", "Path": "x", "Contents": "x"}]}},
        "stages": {"pk-stage": {"Name": "pk-stage", "BootEnv": "pk-boot"}},
        "workflows": {"pk-flow": {"Name": "pk-flow", "Stages": ["pk-stage"]}},
        "params": {"pk-param": {"Name": "pk-param", "Schema": {"type": "string"}}},
        "profiles": {"pk-prof": {"Name": "pk-prof", "Params": {"pk-param": 5}}},
    }
    reply = push({"Name": "PackA"}, sections)
    assert (reply.status, reply.json["Warnings"]) == (201, [])


def test_what_a_replaced_or_removed_pack_breaks_elsewhere_is_told(server, push):
    push({"Name": "PackA"}, {"profiles": {"p1-prof": {"Name": "p1-prof"}}})
    push({"Name": "PackB"}, {"stages": {"p2-stage": {"Name": "p2-stage", "Profiles": ["p1-prof"]}}})
    server.curl("POST", "/profiles", {"Name": "p3-written", "Profiles": ["p1-prof"]})
    told = push({"Name": "PackA"}, {}, method="PUT").json["Warnings"]
    assert sorted(told) == [
        "profiles:p3-written: Profile p1-prof (at 0) does not exist",
        "stages:p2-stage: Profile p1-prof (at 0) does not exist"]
    assert push({"Name": "PackA"}, {}, method="PUT").json["Warnings"] == []
    push({"Name": "PackA"}, {"profiles": {"p1-prof": {"Name": "p1-prof"}}}, method="PUT")
    assert server.curl("DELETE", "/contents/PackA").status == 204
    warnings = {each["meta"]["Name"]: each["Warnings"] for each in server.get("/contents")}
    assert warnings["PackB"] == warnings["BackingStore"] == ["Profile p1-prof (at 0) does not exist"]
    server.curl("DELETE", "/profiles/p3-written")


@pytest.mark.parametrize("section, item, message", [
    ("tasks", {"Name": "tk", "Prerequisites": ["gone"]}, "Task tk missing prerequisite gone"),
    ("bootenvs", {"Name": "be", "Templates": [{"Name": "a", "Path": "b", "ID": "gone"}]},
     "bootenvs: be: Templates[0]: No common template for gone"),
])
def test_some_names_that_lead_nowhere_keep_a_pack_out(server, push, section, item, message):
    reply = push({"Name": "PackA"}, {section: {item["Name"]: item}})
    refused(reply, 422, "Failed to load backing objects from cache", "", "", message)
    assert "PackA" not in listed(server)
    push({"Name": "PackA"})
    assert push({"Name": "PackA"}, {section: {item["Name"]: item}}, method="PUT").json["Messages"] == [message]


def test_packs_that_lean_on_each_other_load_again_in_any_order(fresh):
    server = fresh()
    task = {"tasks": {"pk-base": {"Name": "pk-base"}}}
    assert server.curl("POST", "/contents", {"meta": {"Name": "PackZ"}, "sections": task}).status == 201
    task = {"tasks": {"pk-top": {"Name": "pk-top", "Prerequisites": ["pk-base"]}}}
    assert server.curl("POST", "/contents", {"meta": {"Name": "PackA"}, "sections": task}).status == 201
    server.stop()
    server.start()
    shown = server.get("/tasks/pk-top")
    assert (shown["Available"], shown["Bundle"]) == (True, "PackA")


def test_what_a_pack_lacks_may_come_later(server, push):
    push({"Name": "PackA"}, {"workflows": {"pk-flow": {"Name": "pk-flow", "Stages": ["pk-stage"]}}})
    assert server.get("/workflows/pk-flow")["Available"] is False
    push({"Name": "PackB"}, {"stages": {"pk-stage": {"Name": "pk-stage"}}})
    assert server.get("/workflows/pk-flow")["Available"] is True
    server.curl("DELETE", "/contents/PackB")
    assert server.get("/workflows/pk-flow")["Available"] is False


def test_an_object_that_does_not_decode_keeps_the_whole_pack_out(server, push):
    sections = {"profiles": {"p1-bad": {"Name": "p1-bad", "Params": 5}, "p1-good": {"Name": "p1-good"}}}
    problem = (
        "Store profiles item p1-bad failed to load from layer content-PackBad: json: cannot unmarshal number into Go "
        "struct field Profile.Params of type map[string]interface {}")
    remedy = "Try manually replacing content layer PackBad"
    reply = push({"Name": "PackBad"}, sections)
    refused(reply, 422, "Failed to load backing objects from cache", "", "", problem, remedy)
    assert "PackBad" not in listed(server)
    assert server.curl("GET", "/profiles/p1-good").status == 404
    push({"Name": "PackBad"}, profiles(p1=1))
    refused(push({"Name": "PackBad"}, sections, method="PUT"), 422, "PUT", "contents", "PackBad", problem, remedy)
    assert server.get("/profiles/p1")["Params"] == {"pack": 1}


def test_an_object_that_breaks_a_rule_keeps_the_whole_pack_out(server, push):
    sections = {"params": {"x!": {"Name": "x!"}}, "profiles": {"p1-good": {"Name": "p1-good"}}}
    reply = push({"Name": "PackBad"}, sections)
    assert reply.status == 422 and "Invalid Name `x!`" in str(reply.json["Messages"])
    assert server.curl("GET", "/profiles/p1-good").status == 404


def test_users_of_a_pack_can_log_in_with_its_password_hash(server, push):
    """The hash is that of `password` in the form that the reference's command line client prints."""
    import base64
    import hashlib
    salt, key = bytes(range(16)), hashlib.scrypt(b"password", salt=bytes(range(16)), n=16384, r=8, p=1, dklen=32)
    text = f"16384$8$1${salt.hex()}${key.hex()}"
    user = {"Name": "packuser", "PasswordHash": base64.b64encode(text.encode()).decode(), "Roles": ["superuser"]}
    assert push({"Name": "PackUsers"}, {"users": {"packuser": user}}).status == 201
    assert server.curl("GET", "/machines", user="packuser:password").status == 200
    assert "PasswordHash" not in server.get("/users/packuser")
