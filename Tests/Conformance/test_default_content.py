"""The default content, rendered: every template of it for a machine, compared with what was agreed on."""

import pathlib
import re

import pytest
import yaml
from muster_process import Server
from test_cli_help import agreed

CONTENT = pathlib.Path(__file__).parents[2] / "Config/content"
TEMPLATES = sorted(each.name for each in (CONTENT / "templates").iterdir())
TASKS = sorted(each.stem for each in (CONTENT / "tasks").iterdir())
#: What the bootenvs of the content look for below the file root.
KERNELS = ["debian-12/install/linux", "debian-12/install/initrd.gz", "debian-12-live/live/vmlinuz-6.1.0-35-amd64",
           "debian-12-live/live/initrd.img-6.1.0-35-amd64"]
UUID = "0a0a0a0a-1111-4222-8333-444444444444"


@pytest.fixture(scope="module")
def rendering(request, tmp_path_factory):
    """A server with the content and a machine that is being installed."""
    server = Server(tmp_path_factory.mktemp("content"), "--default-content", str(CONTENT), "--strict-content")
    for path in KERNELS:
        (server.root / "tftpboot" / path).parent.mkdir(parents=True, exist_ok=True)
        (server.root / "tftpboot" / path).write_bytes(b"x")
    server.start()
    request.addfinalizer(server.stop)
    machine = {
        "Name": "web-1.example", "Uuid": UUID, "Address": "10.0.0.11", "HardwareAddrs": ["52:54:00:00:00:01"],
        "BootEnv": "debian-12-install", "Params": {"access/ssh-keys": {"ann": "ssh-ed25519 AAAA key"}, "kernel/console": "ttyS0,115200",
                   "wipe/confirm": "web-1.example"},
    }
    made = server.curl("POST", "/machines", machine)
    assert made.status == 201, made.body
    return server


def masked(server, text):
    """The text without what is another each time: tokens and ports."""
    text = re.sub(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "TOKEN", text)
    for port, name in ((server.port, "API"), (server.static_port, "FILES"), (server.secure_port, "SECURE")):
        text = text.replace(f":{port}", f":{name}")
    return text


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_comes_to_what_was_agreed_on(rendering, name):
    reply = rendering.curl("GET", f"/templates/{name}/render/{UUID}")
    assert reply.status == 200, reply.body
    agreed(f"content/{name}", masked(rendering, reply.body.decode()))


@pytest.mark.parametrize("name", TASKS)
def test_the_scripts_of_a_task_come_to_what_was_agreed_on(rendering, name):
    task = yaml.safe_load((CONTENT / "tasks" / f"{name}.yaml").read_text())
    whole = ""
    for template in task["Templates"]:
        if template.get("ID"):
            continue
        reply = rendering.curl(
            "POST", f"/machines/{UUID}/render", template["Contents"].encode(), headers=["Content-Type: text/plain"])
        assert reply.status == 200, (template["Name"], reply.body)
        whole += f"==> {template['Name']} {template.get('Path', '')}\n{reply.body.decode()}\n"
    agreed(f"content/task-{name}", masked(rendering, whole))


@pytest.mark.parametrize("bootenv", ["discovery", "discovery-minimal", "ignore"])
def test_what_unknown_machines_boot_comes_to_what_was_agreed_on(rendering, bootenv):
    assert rendering.curl("POST", "/prefs", {"unknownBootEnv": bootenv}).status in (200, 201)
    whole = ""
    for template in rendering.get(f"/bootenvs/{bootenv}")["Templates"]:
        reply = rendering.curl("GET", f"/{template['Path']}", base=rendering.static_url)
        assert reply.status == 200, template["Path"]
        whole += f"==> {template['Path']}\n{reply.body.decode()}\n"
    agreed(f"content/unknown-{bootenv}", masked(rendering, whole))
