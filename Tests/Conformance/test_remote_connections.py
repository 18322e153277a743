"""`--max-connections-per-address` as clients on other hosts meet it: the server and its clients in two network namespaces."""

import json
import os
import subprocess
import time

import pytest

LIMIT = 3
SERVER, CLIENTS = "10.213.0.1", ["10.213.0.2", "10.213.0.3"]

# Opens connections from given addresses, one after the other, and keeps them: tells the status of the answer to a request on
# each, or 0 where the server closed it. A step `[address, count]` opens, `["close", count]` closes the oldest ones.
CLIENT = """
import json, socket, ssl, sys, time
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
host, port, steps = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
held, told = [], []
def status(address):
    connection = socket.socket()
    connection.settimeout(20)
    connection.bind((address, 0))
    try:
        connection.connect((host, port))
        connection = context.wrap_socket(connection)
        connection.sendall(b"GET /health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        answer = connection.recv(65536)
    except (ConnectionError, ssl.SSLError):
        answer = b""
    if answer:
        held.append(connection)
    return int(answer.split()[1]) if answer else 0
for what, count in steps:
    if what == "close":
        for connection in held[:count]:
            connection.close()
        del held[:count]
        # The server sees the end of a connection a little later: the next one is tried until it is let in.
        deadline = time.monotonic() + 20
        while (last := status(told[-1][0])) != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        told.append([told[-1][0], [last]])
    else:
        told.append([what, [status(what) for _ in range(count)]])
print(json.dumps([statuses for _, statuses in told]))
"""


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


@pytest.fixture
def pair():
    """Two network namespaces that reach each other; gives their names, the server's first."""
    here, there = f"muster-{os.getpid()}-a", f"muster-{os.getpid()}-b"
    try:
        for name in here, there:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("-n", here, "link", "add", "link0", "type", "veth", "peer", "name", "link0", "netns", there)
        for name, addresses in (here, [SERVER]), (there, CLIENTS):
            for address in addresses:
                ip("-n", name, "address", "add", f"{address}/24", "dev", "link0")
            ip("-n", name, "link", "set", "link0", "up")
        yield here, there
    except OSError as problem:
        pytest.skip(f"NOT TRIED: connections per address need network namespaces, which this host does not give: {problem}")
    finally:
        for name in here, there:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@pytest.fixture
def apart(pair, fresh):
    """A server in one namespace, and a way to ask it from the other and from its own."""
    server = fresh("--max-connections-per-address", str(LIMIT), start=False)
    plain = server.command()
    plain[plain.index("--host") + 1] = "0.0.0.0"
    server.command = lambda: ["ip", "netns", "exec", pair[0], *plain]

    def ask(steps, host=SERVER, namespace=pair[1]):
        done = subprocess.run(
            ["ip", "netns", "exec", namespace, "python3", "-c", CLIENT, host, str(server.port), json.dumps(steps)],
            capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    server.spawn()
    deadline = time.monotonic() + 60
    while ask([["127.0.0.1", 1]], "127.0.0.1", pair[0]) != [[200]]:
        assert server.process.poll() is None and time.monotonic() < deadline, server.log_text()
        time.sleep(0.05)
    yield server, ask, pair
    server.stop()


def test_one_address_holds_so_many_connections_and_no_more(apart):
    _, ask, pair = apart
    first, second = CLIENTS
    assert ask([[first, LIMIT + 2], [second, LIMIT + 1]]) == [[200] * LIMIT + [0, 0], [200] * LIMIT + [0]]
    # What ends makes room.
    assert ask([[first, LIMIT + 1], ["close", 1], [first, 1]]) == [[200] * LIMIT + [0], [200], [0]]
    assert ask([["127.0.0.1", 4 * LIMIT]], "127.0.0.1", pair[0]) == [[200] * 4 * LIMIT], "loopback is not counted"


def test_what_is_refused_to_an_address_is_counted(apart):
    server, ask, pair = apart
    assert ask([[CLIENTS[0], LIMIT + 2]]) == [[200] * LIMIT + [0, 0]]
    page = subprocess.run(
        ["ip", "netns", "exec", pair[0], "curl", "-s", f"http://127.0.0.1:{server.metrics_port}/metrics"],
        capture_output=True, text=True).stdout
    lines = [line for line in page.splitlines() if line.startswith("muster_connections_refused_total")]
    assert sum(float(line.split()[-1]) for line in lines) == 2, lines
