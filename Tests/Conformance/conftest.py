"""What every conformance test may ask for."""

import signal

import pytest
from fleet_client import Fleet, Inventory, account, bootstrap
from muster_process import PASSWORD, USER, Server, free_ports

# A shell that runs the tests in the background has them ignore Ctrl-C, and what they start would ignore it too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for all tests that leave behind only objects of their own names."""
    running = Server(tmp_path_factory.mktemp("muster"), "--drp-id", "Fred").start()
    yield running
    running.stop()


@pytest.fixture
def fresh(tmp_path):
    """A function that makes servers with data of their own; all are ended after the test."""
    servers = []

    def make(*flags, name="server", start=True, **options):
        made = Server(tmp_path / name, *flags, **options)
        servers.append(made)
        return made.start() if start else made

    yield make
    for each in servers:
        if each.process and each.process.poll() is None:
            each.kill()


@pytest.fixture(scope="session")
def drppy(server):
    """dr-provision's own Python client, logged in."""
    import drppy_client

    configuration = drppy_client.Configuration()
    configuration.host = f"https://127.0.0.1:{server.port}/api/v3"
    configuration.verify_ssl = False
    configuration.username = USER
    configuration.password = PASSWORD
    return drppy_client.ApiClient(configuration)


@pytest.fixture(scope="session")
def fleet_server(tmp_path_factory):
    """One server with an inventory, for all tests of it."""
    running = Server(tmp_path_factory.mktemp("fleet"))
    running.fleet_port = free_ports(1)[0]
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def fleet_root(fleet_server):
    """The first user of the inventory, who may do everything."""
    made = account(bootstrap(fleet_server))
    client = Fleet(fleet_server.fleet_port, made["ProjectId"], made["Username"], made["APIKey"])
    client.get("users")
    return client


@pytest.fixture(scope="module")
def fleet(fleet_server, fleet_root, request):
    """An admin of a project that no other module uses."""
    return fleet_user(fleet_root, request.module.__name__, is_admin=True)


@pytest.fixture(scope="module")
def inventory(fleet, request):
    """Makes parts of the module's inventory."""
    return Inventory(fleet, request.module.__name__)


def fleet_user(root, name, project=None, **more):
    """A client for a new user of a project, a new one unless one is given."""
    project = project or root.post("projects", {"name": name})["id"]
    user = root.post("users", {"username": name, "project_id": project, **more})
    return Fleet(root.port, project, name, user["api_key"])
