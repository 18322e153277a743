"""Addresses of subnets that are given by request and not by DHCP (C §21)."""

import itertools

import pytest

NUMBERS = itertools.count(1)


def token():
    return f"52:54:00:00:00:{next(NUMBERS):02x}"


def allocate(server, subnet, status=201, **body):
    reply = server.curl("POST", f"/subnets/{subnet}/allocate", body)
    assert reply.status == status, reply.body
    return reply.json


def release(server, subnet, address):
    return server.curl("DELETE", f"/subnets/{subnet}/release/{address}")


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    from muster_process import Server

    running = Server(tmp_path_factory.mktemp("addresses")).start()
    request.addfinalizer(running.stop)

    def made(**subnet):
        reply = running.curl("POST", "/subnets", {"Enabled": False, "Strategy": "MAC", **subnet})
        assert reply.status == 201, reply.body

    made(Name="open", Subnet="192.0.2.1/24", ActiveStart="192.0.2.10", ActiveEnd="192.0.2.12", ActiveLeaseTime=60,
         ReservedLeaseTime=7200)
    made(Name="closed", Subnet="198.51.100.1/30", OnlyReservations=True, ReservedLeaseTime=7200)
    return running


def test_each_gets_an_address_that_nobody_has_until_there_is_none(server):
    first = token()
    reservation = allocate(server, "open", Token=first.upper())
    assert (reservation["Addr"], reservation["Token"], reservation["Strategy"]) == ("192.0.2.10", first, "MAC")
    assert (reservation["Scoped"], reservation["Subnet"]) == (True, "open")
    assert server.get("/reservations/192.0.2.10") == reservation
    assert [allocate(server, "open", Token=token())["Addr"] for _ in range(2)] == ["192.0.2.11", "192.0.2.12"]
    refused = allocate(server, "open", 409, Token=token())
    assert refused["Messages"] == ["No address of this subnet is free: release one, or widen ActiveStart and ActiveEnd"]
    assert release(server, "open", "192.0.2.11").json["Addr"] == "192.0.2.11"
    assert allocate(server, "open", Token=token())["Addr"] == "192.0.2.11"


def test_an_address_may_be_asked_for(server):
    assert allocate(server, "open", Token=token(), Addr="192.0.2.77")["Addr"] == "192.0.2.77"
    assert allocate(server, "open", 409, Token=token(), Addr="192.0.2.77")["Messages"] == ["already exists"]
    assert allocate(server, "open", 422, Token=token(), Addr="203.0.113.5")["Messages"] == [
        "203.0.113.5 is no address of this subnet"]
    assert "network or broadcast" in allocate(server, "open", 422, Token=token(), Addr="192.0.2.255")["Messages"][0]


def test_nobody_gets_two_addresses_of_one_subnet(server):
    mine = token()
    allocate(server, "open", Token=mine, Addr="192.0.2.80")
    assert "already has Strategy MAC" in allocate(server, "open", 422, Token=mine, Addr="192.0.2.81")["Messages"][0]


def test_a_machine_gets_an_address_by_its_hardware_and_may_have_it_in_a_param(server):
    mine = token()
    machine = server.curl("POST", "/machines", {"Name": "addressed", "HardwareAddrs": [mine]}).json
    reservation = allocate(server, "open", Machine="Name:addressed", Parameter="bmc/address", Addr="192.0.2.90")
    assert reservation["Token"] == mine
    assert server.get(f"/machines/{machine['Uuid']}/params")["bmc/address"] == "192.0.2.90"
    server.curl("POST", "/machines", {"Name": "bare"})
    assert "Say Token" in allocate(server, "open", 400, Machine="Name:bare")["Messages"][0]
    assert allocate(server, "open", 404, Machine="Name:nobody")["Messages"] == ["Not Found"]


def test_a_subnet_that_gives_none_to_anybody_has_all_of_its_hosts(server):
    assert [allocate(server, "closed", Token=token())["Addr"] for _ in range(2)] == ["198.51.100.1", "198.51.100.2"]
    allocate(server, "closed", 409, Token=token())


def test_an_address_that_is_leased_is_not_given(server):
    reply = server.curl("POST", "/subnets", {
        "Name": "leased", "Subnet": "203.0.113.1/24", "ActiveStart": "203.0.113.10", "ActiveEnd": "203.0.113.11",
        "ActiveLeaseTime": 60, "ReservedLeaseTime": 7200, "Pickers": ["nextFree"]})
    assert reply.status == 201, reply.body
    reply = server.curl("POST", "/leases", {
        "Addr": "203.0.113.10", "Token": token(), "Strategy": "MAC", "State": "ACK", "ExpireTime": "2099-01-01T00:00:00Z"})
    assert reply.status == 201, reply.body
    assert allocate(server, "leased", Token=token())["Addr"] == "203.0.113.11"


def test_what_is_not_kept_for_anybody_cannot_be_released(server):
    assert release(server, "open", "192.0.2.200").status == 404
    assert release(server, "open", "203.0.113.5").status == 422
    assert release(server, "nowhere", "192.0.2.10").status == 404


def test_it_takes_the_right_to_make_the_reservation(server):
    server.curl("POST", "/roles", {"Name": "looker", "Claims": [{"scope": "subnets", "action": "get", "specific": "*"}]})
    server.curl("POST", "/users", {"Name": "looker", "Roles": ["looker"]})
    server.curl("PUT", "/users/looker/password", {"Password": "secret"})
    reply = server.curl("POST", "/subnets/open/allocate", {"Token": token(), "Addr": "192.0.2.120"}, user="looker:secret")
    assert reply.status == 403 and "Requires: reservations create C0000278" in reply.json["Messages"][1]
