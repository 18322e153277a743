"""The script that shows whether memory and files grow under load works; whether they do takes it ten minutes to tell."""

import os
import pathlib
import subprocess

from muster_process import BINARY

SCRIPT = pathlib.Path(__file__).parents[2] / "Scripts" / "soak"


def test_a_short_soak_with_backups_a_kill_and_a_restart_is_clean():
    command = [SCRIPT, "--quick", "--bin", os.path.dirname(os.path.abspath(BINARY))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "leg 2/2" in done.stderr and "nothing grew, nothing was lost" in done.stderr, done.stderr
