"""What a server tells of itself (C §5.5)."""

import platform
import re

import pytest

FEATURES = """api-v3 sane-exit-codes common-blob-size change-stage-map job-exit-states package-repository-handling
profileless-machine threaded-log-levels plugin-v2 fsm-runner plugin-v2-safe-config workflows default-workflow
http-range-header roles tenants secure-params separate-meta-api slim-objects secure-param-upgrade sprig multiarch
actions-in-task-list endpoint-refs endpoint-proxy inline-upgrade bundle-objects secure-params-in-content-packs
task-prerequisites content-prerequisite-version-checking stage-paramer auto-boot-target partial-objects
regex-string-filters file-iso-exists-info-render log-has-head-method""".split()

USUAL = {"list", "get", "create", "delete", "actions", "update", "action"}
SECURE = {"getSecure", "updateSecure"}
SCOPES = {
    **dict.fromkeys([
        "bootenvs", "catalog_items", "contexts", "endpoints", "interfaces", "leases", "params", "plugin_providers",
        "pools", "reservations", "roles", "subnets", "tasks", "templates", "tenants", "version_sets", "workflows",
    ], USUAL),
    "users": USUAL | {"token", "password"},
    "jobs": USUAL | {"log"},
    "machines": USUAL | SECURE | {"updateTaskList", "token", "whoami"},
    **dict.fromkeys(["plugins", "profiles", "stages", "kk"], USUAL | SECURE),
    "contents": {"list", "get", "create", "update", "delete"},
    "files": {"list", "get", "post", "delete"},
    "isos": {"list", "get", "post", "delete"},
    "info": {"get"},
    "system": {"upgrade", "replicate", "active", "passive"},
    "objects": {"list"},
    "preferences": {"list", "post"},
}


@pytest.fixture(scope="module")
def info(server):
    return server.get("/info")


def test_it_has_the_fields_that_clients_of_both_versions_want(info):
    assert info.keys() == set("""
        arch os version id local_id ha_id api_port file_port secure_file_port dhcp_port binl_port tftp_port tftp_enabled
        dhcp_enabled binl_enabled prov_enabled secure_prov_enabled address server_hostname manager stats features scopes
        License errors ha_enabled ha_virtual_address ha_is_active ha_status ha_active_id ha_passive_state ClusterState
        dns_enabled dns_port ha_consensus_id uuid warnings""".split()), "warnings are there until the first password is changed"


def test_it_names_the_endpoint_and_its_ports(info, server):
    assert info["id"] == info["ha_id"] == info["ha_active_id"] == "Fred"
    assert (info["api_port"], info["file_port"]) == (server.port, server.static_port)
    assert (info["address"], info["manager"], info["errors"]) == ("127.0.0.1", False, [])
    ha = [info[f"ha_{name}"] for name in ("is_active", "status", "enabled", "passive_state")]
    assert ha == [True, "Up", False, []]
    uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(uuid, info["uuid"]) and re.fullmatch(uuid, info["ha_consensus_id"])


def test_it_names_system_architecture_and_a_version_that_packs_can_compare(info):
    assert info["os"] == "linux"
    assert info["arch"] == {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    assert re.match(r"v4\.8\.0", info["version"])


def test_it_counts_in_the_order_that_clients_expect(info):
    assert [each["name"] for each in info["stats"]] == ["machines.count", "subnets.count", "contexts.count"]


def test_its_counts_follow_the_objects(server):
    def counts():
        return [each["count"] for each in server.get("/info")["stats"]]

    before = counts()
    server.curl("POST", "/machines", {"Name": "info-machine"})
    server.curl("POST", "/contexts", {"Name": "info-context"})
    assert counts() == [before[0] + 1, before[1], before[2] + 1]
    server.curl("DELETE", "/machines/Name:info-machine")
    server.curl("DELETE", "/contexts/info-context")
    assert counts() == before


def test_it_lists_the_features_in_their_order(info):
    assert [each for each in info["features"] if each in FEATURES] == FEATURES


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_has_exactly_these_actions(info, scope):
    assert info["scopes"][scope] == {action: {} for action in SCOPES[scope]}


def test_there_is_no_other_scope(info):
    assert info["scopes"].keys() == SCOPES.keys()


def test_it_needs_no_licence(info):
    assert info["License"]["Licenses"] == []


def test_the_id_is_a_hardware_address_where_none_is_given(fresh):
    info = fresh().get("/info")
    assert info["id"] == info["local_id"]
    assert re.fullmatch("([0-9a-f]{2}(:[0-9a-f]{2}){5})?", info["local_id"])


def test_head_answers_without_a_body(server):
    reply = server.curl("HEAD", "/info")
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b"", "application/json")


def test_every_answer_names_its_request(server):
    ids = [server.curl("GET", path).headers["x-request-id"] for path in ("/info", "/info", "/machines/none")]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("path", ["/swagger-ui"])
def test_browsers_are_sent_to_the_description_of_the_api(server, path):
    base = f"https://127.0.0.1:{server.port}"
    reply = server.curl("GET", path, user=None, base=base)
    assert reply.status in (302, 307) and reply.headers["location"] == "/swagger.json"
    described = server.curl("GET", "/swagger.json", user=None, base=base).json
    assert described["basePath"] == "/api/v3" and {"/machines", "/profiles/{key}"} <= described["paths"].keys()
