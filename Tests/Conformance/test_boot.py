"""A virtual machine with nothing on its disk boots over the network and registers itself, and all that it meets is `muster serve`."""

import json
import os
import pathlib
import shutil
import ssl
import subprocess

import pytest
import websocket
from agent_process import AGENT, until
from boot_lab import SCRIPTS, Lab, inside, skip_unless, subnet
from muster_process import BINARY, PASSWORD, USER
from test_readme import lines

REPOSITORY = pathlib.Path(__file__).parent.parent.parent
# Emulated machines take their time, and more of it where much else is going on.
PATIENCE = 300

@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The discovery system as the script makes it, for virtual machines."""
    skip_unless("qemu-system-x86_64", "depmod", "cpio", "dpkg-deb", "apt-get")
    root = tmp_path_factory.mktemp("image")
    made = subprocess.run(
        [REPOSITORY / "Scripts/discovery-image", root / "tftpboot", "--cloud", "--agent", AGENT], capture_output=True, text=True)
    if made.returncode:
        print(f"\n*** NOT TESTED: {made.stderr} ***")
        pytest.skip(f"NOT TESTED: no discovery image: {made.stderr}")
    return root / "tftpboot"


@pytest.fixture(scope="module")
def booted(image, tmp_path_factory):
    """A server with the discovery system, in a lab of its own."""
    lab = Lab(f"mb{os.getpid() % 10000}", clients=0)
    content = REPOSITORY / "Config/content"
    server = lab.server(tmp_path_factory.mktemp("boot"), "--default-content", str(content))
    shutil.copytree(image, server.root / "tftpboot", dirs_exist_ok=True)
    server.start()
    for name, value in (("kernel/console", "ttyS0"), ("kernel/extra-args", "panic=1"), ("discovery/workflow", "")):
        reply = server.curl("POST", f"/profiles/global/params/{name}", value)
        assert reply.status in (200, 201), reply.body
    assert server.curl("POST", "/prefs", {"unknownBootEnv": "discovery-minimal"}).status in (200, 201)
    with subnet(server):
        yield lab, server
    server.stop()
    lab.close()


def watch(lab, server):
    """A websocket that hears of new machines."""
    def connected():
        made = websocket.create_connection(
            f"wss://127.0.0.1:{server.port}/api/v3/ws?token={USER}:{PASSWORD}", sslopt={"cert_reqs": ssl.CERT_NONE},
            timeout=PATIENCE)
        made.send("register machines.create.*")
        made.recv()
        return made

    return inside(lab.name, connected)


@pytest.mark.parametrize("firmware, mac", [("bios", "52:54:00:0b:00:01"), ("uefi", "52:54:00:0e:00:01")])
def test_a_bare_machine_registers_itself(booted, tmp_path, firmware, mac):
    lab, server = booted
    if firmware == "uefi" and not os.path.exists("/usr/share/OVMF/OVMF_CODE_4M.fd"):
        pytest.skip("NOT TESTED: no OVMF")
    events = watch(lab, server)
    console = tmp_path / "console"
    machine = subprocess.Popen(
        [SCRIPTS / "boot-vm", "--netns", lab.name, "--firmware", firmware, "--mac", mac, "--memory", "512", "--timeout",
         str(PATIENCE), "--console", console], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        event = json.loads(events.recv())
        text = console.read_text(errors="replace")
        assert (event["Type"], event["Action"]) == ("machines", "create"), text[-2000:]
        made = server.get(f"/machines/{event['Key']}")
        assert made["HardwareAddrs"] == [mac] and made["Name"] == f"node-{mac.replace(':', '-')}"
        leases = {each["Token"]: each for each in server.get("/leases")}
        assert made["Address"] == leases[mac]["Addr"] and leases[mac]["State"] == "ACK"
        assert event["Object"]["Address"] == made["Address"]
    finally:
        events.close()
        machine.terminate()
        machine.wait(30)


def test_a_bare_machine_runs_the_tasks_of_its_workflow(booted, tmp_path):
    """Discovered, and gone on with in the same system: two tasks, whose logs are there afterwards."""
    lab, server = booted
    mac = "52:54:00:0a:00:01"
    made = server.curl("POST", "/tasks", {"Name": "greet", "Templates": [
        {"Name": "greet.sh", "Contents": "#!/bin/sh\necho \"hello from $(hostname), uuid $RS_UUID\"\n"}]})
    assert made.status == 201, made.body
    assert server.curl("POST", "/stages", {"Name": "greet", "Tasks": ["greet"]}).status == 201
    workflow = {"Name": "get-to-know", "Stages": ["discovery-agent", "take-inventory", "greet"]}
    assert server.curl("POST", "/workflows", workflow).status == 201
    assert server.curl("POST", "/profiles/global/params/discovery/workflow", "get-to-know").status in (200, 201)
    console = tmp_path / "console"
    machine = subprocess.Popen(
        [SCRIPTS / "boot-vm", "--netns", lab.name, "--firmware", "bios", "--mac", mac, "--memory", "1024", "--timeout",
         str(PATIENCE), "--console", console], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        def finished():
            found = [each for each in server.get("/machines") if mac in each["HardwareAddrs"]]
            return found[0] if found and found[0]["WorkflowComplete"] and found[0]["Workflow"] else None

        try:
            known = until("the workflow is complete", finished, timeout=PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{console.read_text(errors='replace')[-3000:]}") from None
        jobs = {job["Task"]: job for job in server.get(f"/jobs?Machine={known['Uuid']}")}
        assert {name: jobs[name]["State"] for name in ("inventory-hardware", "greet")} == {
            "inventory-hardware": "finished", "greet": "finished"}
        log = server.curl("GET", f"/jobs/{jobs['greet']['Uuid']}/log").body.decode()
        assert f"hello from {known['Name']}, uuid {known['Uuid']}\n" in log
        hardware = server.get(f"/machines/{known['Uuid']}/params/inventory/hardware")
        assert hardware["Interfaces"][0]["Address"] == mac and hardware["MemoryMiB"] > 500
    finally:
        server.curl("POST", "/profiles/global/params/discovery/workflow", "")
        machine.terminate()
        machine.wait(30)


def test_the_tour_of_the_readme_boots_a_machine(image, tmp_path):
    """Each line as it stands there, but for the packages, and the name of the namespace, which all of this system see."""
    name = f"mr{os.getpid() % 10000}"
    script = "\n".join(line for line in lines("Boot a machine in ten minutes") if not line.startswith("apt-get"))
    script = script.replace("lab", name)
    (tmp_path / "muster").symlink_to(pathlib.Path(BINARY).resolve())
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", f"set -e -o pipefail\n{script}"], cwd=REPOSITORY, env=environment, capture_output=True, text=True,
        timeout=600)
    subprocess.run([SCRIPTS / "make-namespace", "down", name], capture_output=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert '["node-52-54-00-' in done.stdout and '"ACK"]' in done.stdout and "#!ipxe" in done.stdout
