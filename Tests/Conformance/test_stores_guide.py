"""The guide to stores: every command is run as it stands there."""

import pathlib

from muster_process import PASSWORD, USER
from test_readme import PROJECT, Tour


def commands():
    text = (PROJECT / "Sources/Muster/Documentation.docc/Stores.md").read_text()
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def test_every_command_of_the_guide_works(fresh, tmp_path):
    server = fresh()
    for number in range(3):
        assert server.curl("POST", "/profiles", {"Name": f"profile-{number}"}).status == 201
    tour = Tour(server, tmp_path)
    tour.environment["RS_KEY"] = f"{USER}:{PASSWORD}"
    found = commands()
    assert len(found) == 10
    for line in found:
        code, out, err = tour.run(line)
        assert code == 0, f"{line}: {out}{err}"
        assert out or line.startswith("muster drill"), line
    assert (pathlib.Path(tour.folder) / "fleet/profiles/profile-1.yaml").exists()
    assert "profile-2" in (tmp_path / "all.yaml").read_text()
