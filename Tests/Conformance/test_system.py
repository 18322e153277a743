"""What a server that stands alone says of clusters, of upgrades of itself, and of profiles that it does not have (C §13, §20)."""

import pytest

GLOBAL = {
    "LoadBalanced", "Enabled", "ConsensusEnabled", "ConsensusJoin", "VirtAddr", "ServerHostname", "ActiveUri", "Token", "HaID",
    "Valid", "Roots"}
NODE = {"ConsensusID", "VirtInterface", "VirtInterfaceScript", "ConsensusAddr", "ApiUrl", "Passive", "Observer"}


def test_it_is_its_own_leader_and_active_member(server):
    own = server.get("/info")["ha_consensus_id"]
    assert [server.get(f"/system/consensus/{name}") for name in ("id", "leader", "active")] == [own] * 3


def test_it_is_the_only_member_of_its_cluster(server):
    own = server.get("/system/consensus/id")
    peers = server.get("/system/consensus/peers")
    assert [peer["ConsensusID"] for peer in peers] == [own]
    assert peers[0].keys() == NODE | {"Offline", "LastArtifactCommitHandled"}
    assert (peers[0]["Passive"], peers[0]["Observer"], peers[0]["Offline"]) == (False, False, False)
    assert peers[0]["ApiUrl"] == f"https://127.0.0.1:{server.port}"


def test_its_state_has_the_fields_that_clients_decode(server):
    state = server.get("/system/consensus/state")
    assert state.keys() == GLOBAL | NODE
    assert (state["Enabled"], state["ConsensusEnabled"], state["HaID"], state["Valid"]) == (False, False, "Fred", True)
    assert server.get("/system/consensus/introduction").keys() == GLOBAL
    full = server.get("/system/consensus/fullstate")
    assert full.keys() == GLOBAL | {"Nodes"} and full["Nodes"] == server.get("/system/consensus/peers")


def test_nobody_else_could_take_over(server):
    assert server.curl("POST", "/system/consensus/failOverSafe").json is False
    assert server.curl("POST", "/system/consensus/failOverSafe?waitFor=1s").json is False
    reply = server.curl("POST", "/system/consensus/failOverSafe?waitFor=1h")
    assert (reply.status, reply.json["Messages"]) == (400, ["waitFor must be from 50ms to 5s, not `1h`"])


def test_it_is_active_already_and_cannot_become_passive(server):
    reply = server.curl("POST", "/system/active")
    assert (reply.status, reply.json["Passive"]) == (200, False)
    own = server.get("/system/consensus/id")
    for method, path in [
        ("POST", "/system/passive"), ("POST", "/system/consensus/enroll"), ("DELETE", f"/system/consensus/node/{own}")]:
        reply = server.curl(method, path, {} if method == "POST" else None)
        assert reply.status == 409 and "This server stands alone" in reply.json["Messages"][0], path
    assert server.curl("DELETE", "/system/consensus/node/other").status == 404


@pytest.mark.parametrize("step", ["", "/stage", "/exec", "/run"])
def test_an_upgrade_of_itself_is_the_package_managers_business(server, step):
    reply = server.curl("POST", f"/system/upgrade{step}", b"PK" * 100_000, headers=["Content-Type: application/octet-stream"])
    assert (reply.status, reply.json["Type"], reply.json["Model"]) == (501, "POST", "system")
    assert "package manager" in reply.json["Messages"][1] and server.get("/info")["version"] in reply.json["Messages"][1]


def test_nothing_is_ever_staged(server):
    status = server.get("/system/upgrade/status")
    profile = server.get("/profiles/global")
    assert status.keys() == profile.keys()
    assert (status["Params"]["upgrade/staged"], status["Params"]["upgrade/running"]) == (False, False)
    assert server.curl("DELETE", "/system/upgrade/stage").status == 204


@pytest.mark.parametrize("path", ["/drp_debug/heap/x", "/drp_debug/trace", "/debug/stack"])
def test_who_asks_for_a_profile_hears_what_there_is_instead(server, path):
    reply = server.curl("GET", path)
    assert reply.status == 501 and "GET /system/check" in reply.json["Messages"][1]


def test_these_take_rights_of_the_system(server):
    server.curl("POST", "/roles", {"Name": "looker", "Claims": [{"scope": "info", "action": "get", "specific": ""}]})
    server.curl("POST", "/users", {"Name": "looker", "Roles": ["looker"]})
    server.curl("PUT", "/users/looker/password", {"Password": "secret"})
    looker = {"user": "looker:secret"}
    assert server.curl("GET", "/system/consensus/state", **looker).status == 200
    for method, path, right in [
        ("POST", "/system/active", "active"), ("POST", "/system/passive", "passive"), ("POST", "/system/upgrade", "upgrade"),
        ("POST", "/system/consensus/enroll", "replicate"), ("GET", "/debug/heap", "upgrade")]:
        reply = server.curl(method, path, {} if method == "POST" else None, **looker)
        assert reply.status == 403 and f"Requires: system {right}" in reply.json["Messages"][1], path
