"""Schedules: visible, read-only, and in none of the tables that clients of dr-provision read."""

import pytest

CHECK = "/schedules/self-check"


def test_the_servers_own_schedule_tells_when_it_is_due(server):
    schedule = server.get(CHECK)
    assert schedule["Kind"] == "self-check"
    assert schedule["Cron"] == "@daily"
    assert schedule["Next"] <= schedule["Wake"] < schedule["Next"][:11] + "01:00:01Z"
    assert [each["Name"] for each in server.get("/schedules?Kind=self-check")] == ["self-check"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/schedules", {"Name": "mine", "Kind": "self-check", "Every": "1h"}),
        ("PUT", CHECK, {"Name": "self-check", "Kind": "self-check", "Every": "1s"}),
        ("PATCH", CHECK, [{"op": "add", "path": "/Paused", "value": True}]),
        ("DELETE", CHECK, None),
    ],
)
def test_clients_only_read_schedules(server, method, path, body):
    before = server.get("/schedules")
    assert server.curl(method, path, body).status in (404, 405)
    assert server.get("/schedules") == before


def test_schedules_are_in_none_of_the_tables_of_types(server):
    assert "schedules" not in server.get("/objects")
    assert "schedules" not in server.get("/indexes")
    assert "schedules" not in server.get("/info")["scopes"]


def test_a_restart_keeps_schedules_and_writes_nothing(fresh):
    server = fresh()
    before, newest = server.get("/schedules"), server.get("/history?limit=1")["records"][0]["revision"]
    server.stop()
    server.start()
    assert server.get("/schedules") == before
    assert server.get("/history?limit=1")["records"][0]["revision"] == newest


def test_a_server_that_is_not_to_check_itself_has_no_schedule_for_it(fresh):
    server = fresh("--self-check", "off")
    assert server.get("/schedules") == []
