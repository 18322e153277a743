"""What the log says, and how much of it: by the command line, by preferences, and for single requests (C §2, §13)."""

import time

import pytest


def levels(server, part):
    """The levels of the lines that a part of the server has logged."""
    return {line["Level"] for line in server.get("/logs") if line["Service"] == part}


def wait_for(probe, seconds=10):
    deadline = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def reads(server, path):
    """How many lines tell of reads of a path, once it has been read."""
    server.get(path)
    return sum(1 for line in server.get("/logs") if line["Message"] == "request" and path in str(line["Data"]))


@pytest.fixture(scope="module")
def quiet(request, tmp_path_factory):
    """A server that logs as the command line's default says."""
    from muster_process import Server

    running = Server(tmp_path_factory.mktemp("logs")).start()
    request.addfinalizer(running.stop)
    return running


def test_a_preference_has_one_part_log_more_as_soon_as_it_is_set(quiet):
    assert reads(quiet, "/profiles/global") == 0 and levels(quiet, "frontend") == {"info"}
    quiet.curl("POST", "/prefs", {"debugFrontend": "debug"})
    wait_for(lambda: reads(quiet, "/profiles/global") > 0)
    assert "debug" in levels(quiet, "frontend") and "debug" not in levels(quiet, "renderer")
    quiet.curl("POST", "/prefs", {"debugFrontend": "warn"})
    wait_for(lambda: reads(quiet, "/stages/none") == 0)


def test_files_that_are_rendered_are_logged_if_that_is_wanted(quiet):
    base = {"user": None, "base": quiet.static_url}
    quiet.curl("POST", "/prefs", {"debugRenderer": "debug"})
    wait_for(lambda: quiet.curl("GET", "/default.ipxe", **base) and levels(quiet, "renderer") >= {"debug"})
    lines = [line for line in quiet.get("/logs") if line["Service"] == "renderer" and line["Level"] == "debug"]
    assert lines[-1]["Message"] == "a file is rendered" and lines[-1]["Data"][0]["path"] == "default.ipxe"
    quiet.curl("POST", "/prefs", {"debugRenderer": "warn"})


def test_one_preference_is_for_all_parts(quiet):
    quiet.curl("POST", "/prefs", {"logLevel": "debug"})
    wait_for(lambda: reads(quiet, "/tasks") > 0)
    quiet.curl("POST", "/prefs", {"logLevel": "warn"})
    wait_for(lambda: reads(quiet, "/workflows") == 0)


def test_preferences_outlive_a_restart_and_never_make_the_log_say_less(fresh):
    server = fresh()
    server.curl("POST", "/prefs", {"debugFrontend": "debug", "debugDhcp": "fatal", "logLevel": "fatal"})
    server.stop()
    server.start()
    wait_for(lambda: reads(server, "/profiles/global") > 0)
    assert "info" in levels(server, "dhcp")
    server.curl("PATCH", "/profiles/global", [])
    assert any(line["Message"] == "request" and line["Level"] == "info" for line in server.get("/logs"))


def test_a_request_may_have_more_logged_of_itself_and_of_no_other(quiet):
    assert reads(quiet, "/bootenvs/local") == 0
    quiet.curl("GET", "/bootenvs/local", headers=["X-Log-Request: debug"])
    wait_for(lambda: sum("/bootenvs/local" in str(line) for line in quiet.get("/logs")) == 1)
    assert reads(quiet, "/bootenvs/local") == 1


def test_nobody_hides_what_they_do_from_the_log(quiet):
    reply = quiet.curl("PATCH", "/profiles/global", [], headers=["X-Log-Request: fatal"])
    mine = [line for line in quiet.get("/logs") if reply.headers["x-request-id"] in str(line)]
    assert [line["Message"] for line in mine] == ["request"]


def test_a_token_of_a_request_stands_in_the_log_as_one_line(quiet):
    reply = quiet.curl("GET", "/profiles/global", headers=["X-Log-Token: begin step 7"])
    mine = [line for line in quiet.get("/logs") if reply.headers["x-request-id"] in str(line)]
    assert [(line["Message"], line["Level"], line["Principal"]) for line in mine] == [
        ("begin step 7", "error", "user:rocketskates")]
    quiet.curl("GET", "/profiles/global", user=None, headers=["X-Log-Token: nobody"])
    assert not any(line["Message"] == "nobody" for line in quiet.get("/logs"))


def test_the_log_keeps_its_last_lines_in_their_order(quiet):
    lines = quiet.get("/logs")
    assert [line["Seq"] for line in lines] == list(range(lines[0]["Seq"], lines[0]["Seq"] + len(lines)))
    assert len(lines) <= 1000
