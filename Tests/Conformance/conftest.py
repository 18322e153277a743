"""What every conformance test may ask for."""

import pytest
from muster_process import PASSWORD, USER, Server


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
