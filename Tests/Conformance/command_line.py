"""`muster` as a user types it, with a home of its own."""

import json
import os
import pty
import select
import subprocess

from muster_process import BINARY, PASSWORD, USER


class CommandLine:
    """Runs commands against a server."""

    def __init__(self, home, server=None, user=USER, password=PASSWORD, **environment):
        self.home = home
        self.environment = {
            "HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", **environment}
        if server:
            self.environment["RS_ENDPOINT"] = f"https://127.0.0.1:{server.port}"
            self.environment["RS_KEY"] = f"{user}:{password}"

    def __call__(self, *arguments, stdin=None, **environment):
        """The finished process; nothing is raised for any exit code."""
        return subprocess.run(
            [BINARY, *arguments], input=stdin, capture_output=True, text=True, timeout=120,
            env={**self.environment, **environment})

    def ok(self, *arguments, **options):
        """What a command prints that must succeed."""
        done = self(*arguments, **options)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *arguments, **options):
        """What a command prints as JSON."""
        return json.loads(self.ok(*arguments, "-o", "json", **options))

    def start(self, *arguments):
        """A running command, whose output can be read as it comes."""
        return subprocess.Popen(
            [BINARY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)

    def on_terminal(self, *arguments, typed=b"", columns=80, until=None):
        """What a command shows on a terminal, and its exit code; Ctrl-C is pressed once it has shown `until`."""
        import fcntl
        import struct
        import termios

        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(BINARY, [BINARY, *arguments], {**self.environment, "TERM": "xterm"})
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        shown = b""
        while select.select([terminal], [], [], 60)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
            if until and until in shown:
                os.write(terminal, b"\x03")
                until = None
            if typed and b"[y/N]" in shown:
                os.write(terminal, typed)
                typed = b""
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(status)
