"""Who gets in, and how: tokens in the query, the first password, and clients behind a proxy (C §11.1)."""

import pytest
from muster_process import PASSWORD, USER


@pytest.fixture(scope="module")
def token(server):
    return server.get(f"/users/{USER}/token?ttl=1h")["Token"]


@pytest.fixture(scope="module")
def reservations(server):
    for number, name in (11, "one"), (12, "two"):
        body = {"Addr": f"192.0.2.{number}", "Token": name, "Strategy": "MAC"}
        assert server.curl("POST", "/reservations", body).status == 201
    yield
    for number in 11, 12:
        assert server.curl("DELETE", f"/reservations/192.0.2.{number}").status == 200


def test_a_token_in_the_query_logs_in_and_is_no_filter(server, token, reservations):
    for prefix in "machines", "profiles", "reservations", "leases":
        reply = server.curl("GET", f"/{prefix}?token={token}", user=None)
        assert (reply.status, len(reply.json)) == (200, len(server.get(f"/{prefix}"))), reply.body
    found = server.curl("GET", f"/reservations?token={token}&Token=one", user=None).json
    assert [each["Addr"] for each in found] == ["192.0.2.11"]
    assert server.curl("GET", f"/reservations?to%6ben={token}", user=None).status == 200


@pytest.mark.parametrize("name", ["Token", "TOKEN", "tOKEN"])
def test_in_any_other_case_it_is_the_index_and_logs_nobody_in(server, token, reservations, name):
    assert [each["Addr"] for each in server.get(f"/reservations?{name}=two")] == ["192.0.2.12"]
    assert server.get(f"/reservations?{name}={token}") == []
    assert server.curl("GET", f"/reservations?{name}={token}", user=None).status == 401


def test_user_and_password_may_stand_there_too(server, reservations):
    assert len(server.curl("GET", f"/reservations?token={USER}:{PASSWORD}", user=None).json) == 2
    assert server.curl("GET", "/reservations?token=nonsense", user=None).status in (401, 403)


def test_the_first_password_is_told_of_until_it_is_changed(fresh):
    server = fresh("--greet")
    warning = f"User {USER} has the well-known password: change it with PUT /users/{USER}/password"
    assert server.get("/info")["warnings"] == [warning]
    assert "password that everybody can look up" in server.log_text() and PASSWORD in server.log_text()
    assert "EVERYBODY KNOWS THIS PASSWORD" in server.log_text()

    server.stop()
    server.log.unlink()
    server.start()
    assert server.get("/info")["warnings"] == [warning], "a restart must not forget"
    assert server.curl("PUT", f"/users/{USER}/password", {"Password": "quite another"}).status == 200
    user = f"{USER}:quite another"
    assert "warnings" not in server.get("/info", user=user)
    assert server.curl("PUT", f"/users/{USER}/password", {"Password": PASSWORD}, user=user).status == 200
    assert server.get("/info")["warnings"] == [warning]
    assert server.curl("PUT", f"/users/{USER}/password", {"Password": "quite another"}).status == 200

    server.stop()
    server.log.unlink()
    server.start()
    assert "warnings" not in server.get("/info", user=user)
    assert "everybody" not in server.log_text().lower() and PASSWORD not in server.log_text()


@pytest.mark.parametrize("way", ["flag", "environment"])
def test_a_first_password_can_be_given_and_is_never_shown(fresh, way):
    secret = "s3cret-of-the-first-start"
    flags = ["--initial-password", secret] if way == "flag" else []
    server = fresh("--greet", "--log-level", "trace", *flags, environment={"RS_INITIAL_PASSWORD": secret} if not flags else {})
    user = f"{USER}:{secret}"
    assert "warnings" not in server.get("/info", user=user)
    assert server.curl("GET", "/info").status == 401
    assert secret not in server.log_text() and PASSWORD not in server.log_text()
    server.stop()
    server.flags, server.environment = ["--initial-password", "another"], {}
    server.start()
    assert server.get("/info", user=user)["id"], "it counts for an empty store only"


def test_an_empty_first_password_is_refused(fresh):
    server = fresh(start=False, environment={"RS_INITIAL_PASSWORD": ""})
    server.spawn()
    assert server.process.wait(30) != 0 and "initial-password is empty" in server.log_text()


def failed(server, address, *more):
    headers = [f"X-Forwarded-For: {address}", *more]
    return server.curl("GET", "/info", user="nobody:guess", headers=headers).status


def test_behind_a_trusted_proxy_the_client_it_names_is_limited_and_logged(fresh):
    server = fresh("--trusted-proxy", "10.0.0.0/8,127.0.0.1")
    statuses = [failed(server, "198.51.100.1") for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert failed(server, "6.6.6.6, 198.51.100.1, 10.1.2.3") == 429, "what stands left of an untrusted hop is hearsay"
    assert failed(server, "198.51.100.1, 203.0.113.9") == 401
    assert failed(server, "198.51.100.1", "Forwarded: for=203.0.113.7") == 401, "two that differ cannot both be the proxy's"
    assert server.curl("GET", "/info", user="nobody:guess", headers=["Forwarded: for=198.51.100.1"]).status == 429
    assert "address=198.51.100.1" in server.log_text() and "address=203.0.113.9" in server.log_text()


def test_of_anybody_else_the_forwarded_address_is_not_believed(fresh):
    server = fresh("--trusted-proxy", "10.0.0.0/8")
    statuses = [failed(server, f"198.51.100.{number}") for number in range(11)]
    assert statuses == [401] * 10 + [429]
    assert "198.51.100" not in server.log_text() and "address=127.0.0.1" in server.log_text()


def test_a_proxy_that_is_no_network_keeps_the_server_from_starting(fresh):
    server = fresh("--trusted-proxy", "somewhere", start=False)
    server.spawn()
    assert server.process.wait(30) != 0 and "trusted-proxy is somewhere: give an address or a network" in server.log_text()
