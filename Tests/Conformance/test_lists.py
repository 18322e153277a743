"""Lists: filters, order, pages and parts of objects (C §7.2)."""

import pytest

UUID = "0d1e2f3a-0000-4000-8000-0000000000{:02x}"
MINE = "Name=Re(%5Elist-)"

MACHINES = [
    {"Name": "list-a", "Address": "192.168.230.9", "Runnable": True, "Params": {"list/rack": 1, "list-on": True}},
    {"Name": "list-b", "Address": "192.168.230.10", "Params": {"list/rack": 2, "list-on": False}, "Locked": True},
    {"Name": "list-c", "Address": "192.168.230.100", "Params": {"list/rack": 10}, "Profiles": ["list-gold"]},
    {"Name": "list-d", "Params": {"list/rack": "two"}, "Arch": "arm64", "Profiles": ["list-gold", "list-fast"]},
    {"Name": "list-e", "Stage": "local", "Description": "last, but not least"},
]


@pytest.fixture(scope="module", autouse=True)
def objects(server):
    made = [
        *(("profiles", {"Name": name}) for name in ("list-gold", "list-fast")),
        *(("machines", {"Uuid": UUID.format(0xc0 + n), **machine}) for n, machine in enumerate(MACHINES)),
        *(("subnets", {"Name": f"list-{n}", "Subnet": f"192.168.{n}.0/24", "ActiveStart": f"192.168.{n}.10",
                       "ActiveEnd": f"192.168.{n}.20"}) for n in (231, 232)),
        *(("leases", {"Addr": f"192.168.231.{n}", "Strategy": "MAC", "Token": f"list-{n}", "State": "ACK",
                      "ExpireTime": f"2030-01-{n}T00:00:00Z"}) for n in (11, 12, 13)),
        *(("jobs", {"Uuid": UUID.format(0xd0 + n), "State": "finished", "Stage": "none", "Task": "list-task",
                    "Machine": UUID.format(0xc0), "Current": n == 2, "StartTime": f"2030-01-0{n}T00:00:00.5Z"})
          for n in (1, 2)),
        ("bootenvs", {"Name": "list-env", "OS": {"Name": "list-os-1"}}),
    ]
    for prefix, body in made:
        assert server.curl("POST", f"/{prefix}", body).status == 201, body
    server.curl("PATCH", f"/machines/{UUID.format(0xc0)}", [{"op": "replace", "path": "/Runnable", "value": False}])
    yield
    server.curl("PATCH", f"/machines/{UUID.format(0xc1)}", [{"op": "replace", "path": "/Locked", "value": False}])
    for prefix, body in reversed(made):
        key = body.get("Uuid") or body.get("Name") or body["Addr"]
        assert server.curl("DELETE", f"/{prefix}/{key}").status == 200, body


def names(server, query, prefix="machines", field="Name"):
    """The letters of our machines that a query lets through, in the order of the answer."""
    rows = server.get(f"/{prefix}?{query}")
    return "".join(row[field].removeprefix("list-") for row in rows)


@pytest.mark.parametrize("condition, expected", [
    # Text
    ("Name=list-a", "a"), ("Name=Eq(list-a)", "a"), ("Name=Ne(list-a)", "bcde"), ("Name=Lt(list-c)", "ab"),
    ("Name=Lte(list-c)", "abc"), ("Name=Gt(list-c)", "de"), ("Name=Gte(list-c)", "cde"),
    ("Name=Between(list-b,list-d)", "bcd"), ("Name=Except(list-b,list-d)", "ae"), ("Name=In(list-a,list-e,x)", "ae"),
    ("Name=Nin(list-a,list-e,x)", "bcd"), ("Name=Re(%5Elist-[ab]$)", "ab"), ("Name=Re(c$)", "c"), ("Name=list", ""),
    ("Stage=local", "e"), ("Stage=Ne(local)", "abcd"), ("BootEnv=local&Stage=none", "abcd"), ("Workflow=", "abcde"),
    # Identity
    (f"Uuid={UUID.format(0xc2)}", "c"), (f"Uuid={UUID.format(0xc2).upper()}", "c"), (f"Key={UUID.format(0xc3)}", "d"),
    (f"Uuid=Gt({UUID.format(0xc2)})", "de"),
    # Yes and no
    ("Runnable=true", "bcde"), ("Runnable=false", "a"), ("Runnable=Eq(false)", "a"), ("Runnable=Ne(true)", "a"),
    ("Available=true", "abcde"), ("Valid=true", "abcde"), ("ReadOnly=true", ""),
    # Addresses are compared as addresses, not as text
    ("Address=192.168.230.10", "b"), ("Address=Gt(192.168.230.9)", "bc"),
    ("Address=Between(192.168.230.9,192.168.230.99)", "ab"),
    # Lists and maps by what they hold
    ("Profiles=list-gold", "cd"), ("Profiles=In(list-fast,x)", "d"), ("Profiles=Ne(list-gold)", "abe"),
    ("Params=list-on", "ab"), ("Params=list/rack", "abcd"), ("Params=list%2Frack", "abcd"),
    # The values of params
    ("list/rack=1", "a"), ("list%2Frack=Eq(1)", "a"), ("list/rack=Lt(10)", "ab"), ("list/rack=Between(1,2)", "ab"),
    ("list/rack=two", "d"), ("list/rack=In(1,two)", "ad"), ("list-on=true", "a"), ("list-on=Eq(false)", "b"),
    ("Params.list/rack=10", "c"), ("Params.list-on=true", "a"), ("list/rack=Re(%5Etw)", "d"),
    # Every other field
    ("Arch=arm64", "d"), ("Locked=true", "b"), ("Description=Eq(last, but not least)".replace(" ", "%20"), "e"),
    ("Pool=default", "abcde"), ("WorkflowComplete=true", "abcde"),
    # All conditions must hold, and names of indexes may be in any case
    ("Stage=none&list-on=true", "a"), ("Name=Gt(list-a)&Name=Lt(list-d)", "bc"), ("name=list-a", "a"),
    ("STAGE=Eq(local)", "e"),
])
def test_a_filter_lets_these_machines_through(server, condition, expected):
    assert names(server, f"{MINE}&{condition}") == expected


@pytest.mark.parametrize("prefix, condition, expected", [
    ("subnets", "Address=192.168.231.77", "231"), ("subnets", "ActiveAddress=192.168.232.15", "232"),
    ("subnets", "ActiveAddress=192.168.232.77", ""), ("subnets", "Subnet=192.168.231.0/24", "231"),
    ("subnets", "Strategy=MAC", "231232"), ("subnets", "Enabled=false", "231232"), ("subnets", "Proxy=true", ""),
])
def test_subnets_are_found_by_their_addresses(server, prefix, condition, expected):
    assert names(server, f"{MINE}&{condition}", prefix) == expected


@pytest.mark.parametrize("condition, expected", [
    ("Addr=192.168.231.12", ["list-12"]), ("ExpireTime=Gt(2030-01-11T00:00:00Z)", ["list-12", "list-13"]),
    ("ExpireTime=Lte(2030-01-11T01:00:00%2B01:00)", ["list-11"]), ("State=ACK", ["list-11", "list-12", "list-13"]),
    ("Token=list-13", ["list-13"]),
])
def test_leases_are_found_by_address_and_time(server, condition, expected):
    rows = server.get(f"/leases?Token=Re(%5Elist-)&{condition}")
    assert [row["Token"] for row in rows] == expected


@pytest.mark.parametrize("condition, expected", [
    (f"Machine={UUID.format(0xc0)}", [1, 2]), ("Current=true", [2]), ("State=finished", [1, 2]), ("State=failed", []),
    ("StartTime=Lt(2030-01-02T00:00:00Z)", [1]), ("StartTime=2030-01-02T00:00:00.5Z", [2]), ("sort=StartTime", [1, 2]),
    ("sort=StartTime&reverse=true", [2, 1]),
])
def test_jobs_are_found_by_machine_and_time(server, condition, expected):
    rows = server.get(f"/jobs?Task=list-task&{condition}")
    assert [row["Uuid"] for row in rows] == [UUID.format(0xd0 + n) for n in expected]


def test_bootenvs_are_found_by_the_name_of_their_system(server):
    assert names(server, "OsName=Re(%5Elist-os)", "bootenvs") == "env"
    assert "list-env" not in str(server.get("/bootenvs?OnlyUnknown=true"))


@pytest.mark.parametrize("order, expected", [
    ("", "abcde"), ("sort=Name", "abcde"), ("sort=Name&reverse=true", "edcba"), ("reverse=true", "edcba"),
    ("sort=Stage&sort=Name", "eabcd"), ("sort=Address&Address=Gt(192.168.230.1)", "abc"),
    ("sort=Uuid", "abcde"), ("sort=name", "abcde"),
])
def test_rows_come_in_the_order_asked_for_or_else_by_key(server, order, expected):
    assert names(server, f"{MINE}&{order}") == expected


@pytest.mark.parametrize("page, expected", [
    ("limit=2", "ab"), ("offset=3", "de"), ("offset=1&limit=2", "bc"), ("limit=100", "abcde"), ("offset=9", ""),
    ("limit=0", ""), ("offset=0", "abcde"), ("sort=Name&reverse=true&limit=1&offset=1", "d"),
])
def test_offset_and_limit_cut_a_page_out_of_the_sorted_rows(server, page, expected):
    query = f"/machines?{MINE}&{page}"
    assert names(server, f"{MINE}&{page}") == expected
    for method in "GET", "HEAD":
        headers = server.curl(method, query).headers
        assert int(headers["x-drp-list-count"]) == len(expected)
        assert int(headers["x-drp-list-filter-count"]) == 5
        assert int(headers["x-drp-list-total-count"]) >= 5


@pytest.mark.parametrize("prefix, query, message", [
    ("machines", "limit=-1", "Limit cannot be negative"), ("machines", "offset=-1", "Offset cannot be negative"),
    ("bootenvs", "sort=OnlyUnknown", "Not sortable: OnlyUnknown"),
    ("machines", "sort=Runnable", "Not sortable: Runnable"),
    ("machines", "sort=Params", "Not sortable: Params"),
    ("machines", "Runnable=fred", "Runnable must be true or false"),
    ("bootenvs", "OnlyUnknown=Eq(fred)", "OnlyUnknown must be true or false"),
    ("profiles", "Available=x", "Available must be true or false"),
    ("machines", "Uuid=fred", "Invalid UUID: fred"), ("jobs", "Machine=fred", "Invalid UUID: fred"),
    ("machines", "Address=fred", "Invalid address: fred"), ("subnets", "Address=fred", "Invalid Address: fred"),
    ("subnets", "ActiveAddress=fred", "Invalid Address: fred"), ("subnets", "NextServer=fred", "Invalid Address: fred"),
    ("reservations", "Addr=fred", "Invalid Address: fred"), ("leases", "Addr=fred", "Addr must be an IP address"),
    ("subnets", "Subnet=fred", "Invalid subnet CIDR: fred"),
    ("leases", "ExpireTime=fred",
     'ExpireTime is not valid: parsing time "fred" as "2006-01-02T15:04:05Z07:00": cannot parse "fred" as "2006"'),
    ("jobs", "StartTime=fred", 'parsing time "fred" as "2006-01-02T15:04:05Z07:00": cannot parse "fred" as "2006"'),
    ("tasks", "Fred=x", "No such index: Fred"), ("tasks", "sort=Fred", "No such index: Fred"),
    ("bootenvs", "OnlyUnknown=Re(x)", "OnlyUnknown does not support regex"),
])
def test_a_query_that_makes_no_sense_is_406_and_told_why(server, prefix, query, message):
    reply = server.curl("GET", f"/{prefix}?{query}")
    assert reply.json == {"Code": 406, "Model": prefix, "Type": "GET", "Key": "", "Messages": [message]}
    assert (reply.status, server.curl("HEAD", f"/{prefix}?{query}").status) == (406, 406)


@pytest.mark.parametrize("query", ["Name=Re(()", "limit=ten", "Name=Between(a)"])
def test_other_senseless_queries_are_406_too(server, query):
    reply = server.curl("GET", f"/machines?{query}")
    assert (reply.status, reply.json["Model"], reply.json["Type"]) == (406, "machines", "GET")
    assert reply.json["Messages"][0]


@pytest.mark.parametrize("argument", [
    "commented=true", "reduced=true", "expand=true", "exclude-self=true", "raw=x", "filter=x", "range-only=false",
    "force=true", "decode=false",
])
def test_arguments_of_later_clients_are_no_filters(server, argument):
    assert names(server, f"{MINE}&{argument}") == "abcde"


def test_slim_leaves_fields_empty_and_says_so(server):
    row = server.get(f"/machines?{MINE}&slim=Params,meta&limit=1")[0]
    whole = server.get(f"/machines?{MINE}&limit=1")[0]
    assert row == {**whole, "Params": {}, "Meta": {}, "Partial": True}
    assert server.get(f"/machines/{UUID.format(0xc0)}?slim=Params,Meta") == row


def test_params_keeps_only_the_named_params_and_says_so(server):
    rows = server.get(f"/machines?{MINE}&params=list-on,nothing")
    assert [row["Params"] for row in rows] == [{"list-on": True}, {"list-on": False}, {}, {}, {}]
    assert all(row["Partial"] for row in rows)
    assert server.get(f"/machines/Name:list-a?params=list-on")["Params"] == {"list-on": True}


def test_types_without_a_mark_for_parts_can_be_slim_too(server):
    row = server.get("/bootenvs/local?slim=Meta")
    assert row["Meta"] == {} and "Partial" not in row


def test_aggregate_filters_and_answers_with_the_params_of_profiles(server):
    assert server.curl("POST", "/profiles/list-gold/params/list-tier", "gold").status in (200, 201)
    try:
        assert names(server, f"{MINE}&list-tier=gold") == ""
        assert names(server, f"{MINE}&list-tier=gold&aggregate=true") == "cd"
        assert server.get("/machines/Name:list-c?aggregate=true")["Params"]["list-tier"] == "gold"
    finally:
        server.curl("DELETE", "/profiles/list-gold/params/list-tier")
