"""The rows `boot`: addresses, files and rendered files for machines that boot, to what others do for them."""

import json
import os
import subprocess
import time
from pathlib import Path

from .bench import BenchError, free_port, wait_for_port
from .load import reading
from .peers import Nginx
from .report import compare
from .server import Server

LAB = Path(__file__).resolve().parents[2] / "Tests/BootLab"
#: What perfdhcp asks for a second: more than any of them does.
ASKED = 8000
ADDRESS = "10.97.0.1"


class BootServer(Server):
    """A server whose other services have ports of their own, or those that clients expect where it has a network of its own."""

    def __init__(self, bench, store, tls=False, flags=(), namespace=None):
        self.tftp_port, self.secure_port = (69, 8090) if namespace else (free_port(), free_port())
        dhcp = ["--fake-pinger"] if namespace else ["--disable-dhcp", "--disable-binl"]
        ports = ["--tftp-port", self.tftp_port, "--static-secure-port", self.secure_port]
        super().__init__(bench, store, tls, [*ports, *dhcp, *flags])
        self.namespace = namespace

    def file(self, name, data):
        """Puts a file below the file root."""
        path = self.base / "tftpboot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class PlainNginx(Nginx):
    """nginx with one file, without TLS."""

    def __enter__(self):
        super().__enter__()
        self.url = self.url.replace("https:", "http:")
        return self

    def _configuration(self, folder, port):
        text = super()._configuration(folder, port).replace(" ssl;", ";")
        return "\n".join(line for line in text.splitlines() if "ssl_certificate" not in line)


def static(bench):
    """A file of 1 MB over HTTP, 64 connections, to nginx with the same file."""
    body = os.urandom(1 << 20)
    with BootServer(bench, bench.directory("boot")) as server, PlainNginx(bench, "", "", body) as nginx:
        server.file("big", body)
        url = f"http://127.0.0.1:{server.static_port}/big"
        yield compare(
            bench, "static", "files/s", lambda _: reading(bench, url).rate, lambda _: reading(bench, nginx.url).rate,
            at_least=0.5)


def render(bench):
    """A machine's boot script, and a preseed file, over TLS at 64 connections, each to a bare route with the same bytes."""
    content = LAB.parents[1] / "Config/content"
    with BootServer(bench, bench.directory("boot"), tls=True, flags=["--default-content", content]) as server:
        for name in ("linux", "initrd.gz"):
            server.file(f"debian-12/install/{name}", b"x")
        server.request("POST", "/bootenvs", json.dumps({"Name": "look-again"}))
        machine = {"Name": "m1", "Address": "10.0.0.1", "HardwareAddrs": ["52:54:00:00:00:01"]}
        key = json.loads(server.request("POST", "/machines", json.dumps(machine))[1])["Uuid"]
        # The server looks for the files of bootenvs a while after one was written.
        _wait(lambda: json.loads(server.request("GET", "/bootenvs/debian-12-install")[1])["Available"])
        patch = [{"op": "replace", "path": "/BootEnv", "value": "debian-12-install"}]
        server.request("PATCH", f"/machines/{key}", json.dumps(patch))
        for name, path, goal in (("render", "10.0.0.1.ipxe", 0.3), ("templates", f"machines/{key}/preseed.cfg", None)):
            url = f"https://127.0.0.1:{server.secure_port}/{path}"
            body, port, log = bench.root / "body", free_port(), bench.root / "bare.log"
            body.write_bytes(subprocess.run(["curl", "-skf", url], stdout=subprocess.PIPE, check=True).stdout)
            process = bench.spawn(
                bench.bin / "muster-bench", "bare-route", "--port", port, "--body", body, "--certificate", server.certificate,
                "--key", server.key, log=log)
            wait_for_port(port, process, "bare route", log)
            yield compare(
                bench, name, "renders/s", lambda _, url=url: reading(bench, url).rate,
                lambda _, port=port: reading(bench, f"https://127.0.0.1:{port}/").rate, **({"at_least": goal} if goal else {}))
            bench.stop(process)


def _wait(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise BenchError("the server does not find the files of a bootenv")
        time.sleep(0.2)


def tftp(bench):
    """50 MB by TFTP in blocks of 1428 bytes, to tftpd-hpa."""
    body, port = os.urandom(50 << 20), free_port()
    folder = bench.directory("tftpd")
    (folder / "big").write_bytes(body)
    program = bench.install("in.tftpd", "tftpd-hpa", "/usr/sbin")
    with BootServer(bench, bench.directory("boot")) as server:
        server.file("big", body)
        # It becomes a service by itself unless told to stay.
        peer = bench.spawn(program, "-L", "-a", f"127.0.0.1:{port}", "-s", "-u", "root", folder, log=bench.root / "tftpd.log")
        time.sleep(0.5)

        def fetch(port):
            start = time.perf_counter()
            subprocess.run(
                ["curl", "-sSf", "--tftp-blksize", "1428", "-o", bench.root / "fetched", f"tftp://127.0.0.1:{port}/big"], check=True)
            elapsed = time.perf_counter() - start
            if (bench.root / "fetched").stat().st_size != len(body):
                raise BenchError("TFTP brought another file")
            return len(body) / elapsed / 1e6

        yield compare(
            bench, "tftp", "MB/s", lambda _: fetch(server.tftp_port), lambda _: fetch(port), at_least=0.5)
        bench.stop(peer)


def dhcp(bench):
    """Whole exchanges of new clients, each lease on disk before the answer, to Kea, which writes leases and does not sync them."""
    if os.geteuid() != 0:
        raise BenchError("dhcp: namespaces take root")
    bench.install("perfdhcp", "kea-admin", "/usr/sbin")
    bench.install("kea-dhcp4", "kea-dhcp4-server", "/usr/sbin")
    name = f"bench{os.getpid() % 10000}"
    subprocess.run([LAB / "make-namespace", "up", name, f"{ADDRESS}/16", "1"], check=True)
    try:
        client = ["ip", "netns", "exec", f"{name}-c1"]
        subprocess.run(["ip", "-n", f"{name}-c1", "addr", "add", "10.97.255.1/16", "dev", "eth0"], check=True)

        def ours(round_):
            with _LabServer(bench, name) as server:
                server.subnet()
                return _exchanges(bench, client, round_)

        def kea(round_):
            log = bench.root / "kea.log"
            process = bench.spawn(LAB / "peer-dhcp", "kea", "--netns", name, "--address", f"{ADDRESS}/16", log=log)
            time.sleep(3)
            try:
                return _exchanges(bench, client, round_ + 100)
            finally:
                bench.stop(process)

        yield compare(bench, "dhcp", "exchanges/s", ours, kea, at_least=0.8)
    finally:
        subprocess.run([LAB / "make-namespace", "down", name], check=False)


def boot_time(bench):
    """Seconds from power-on to the discovery script of a virtual machine, in turns with the lab's stand-in server."""
    if os.geteuid() != 0:
        raise BenchError("boot-time: namespaces take root")
    bench.install("qemu-system-x86_64", "qemu-system-x86", "/usr/bin")
    bench.install("dnsmasq", "dnsmasq-base", "/usr/sbin")
    packages = ["ipxe-qemu", "ipxe", "seabios", "busybox-static", "cpio", "kmod", "curl"]
    subprocess.run([LAB.parents[1] / "Scripts/setup", *packages], check=True, stdout=subprocess.DEVNULL)
    name, image = f"bench{os.getpid() % 10000}", bench.directory("image")
    # dnsmasq reads the files as somebody else.
    os.chmod(bench.root, 0o711)
    os.chmod(image, 0o755)
    # What the lab takes for the end of a machine, said where the discovery script would begin.
    (image / "before.sh").write_text("echo BOOT-LAB EXIT 0\npoweroff -f\n")
    subprocess.run(
        [LAB.parents[1] / "Scripts/discovery-image", image, "--cloud", "--file", f"{image}/before.sh:/root/before.sh"], check=True)
    for each in ("vmlinuz", "initrd"):
        (image / each).symlink_to(image / "discovery-minimal" / each)
    subprocess.run([LAB / "make-namespace", "up", name, f"{ADDRESS}/16"], check=True)

    def booted():
        done = subprocess.run(
            [LAB / "boot-vm", "--netns", name, "--firmware", "bios", "--memory", "512", "--timeout", "240"],
            stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise BenchError(f"the machine does not boot: {done.stdout}")
        return float(done.stdout.split(" after ")[1].split(" s")[0])

    def ours(_):
        with _LabServer(bench, name, "--default-content", LAB.parents[1] / "Config/content", pings=True) as server:
            subprocess.run(["cp", "-rL", f"{image}/.", bench.root / "lab/tftpboot/"], check=True)
            server.subnet()
            server.post("/profiles/global/params/discovery/workflow", "")
            server.post("/profiles/global/params/kernel/console", "ttyS0")
            server.post("/prefs", {"unknownBootEnv": "discovery-minimal"})
            return booted()

    def stand_in(_):
        process = bench.spawn(
            LAB / "stand-in-server", "--netns", name, "--address", ADDRESS, "--range", "10.97.1.0,10.97.1.99", "--root", image,
            log=bench.root / "stand-in.log")
        time.sleep(1)
        try:
            return booted()
        finally:
            bench.stop(process)

    try:
        yield compare(bench, "boot-time", "s", ours, stand_in, at_most=1.1)
    finally:
        subprocess.run([LAB / "make-namespace", "down", name], check=False)


def _exchanges(bench, client, run):
    seconds = max(3, round(bench.seconds))
    output = subprocess.run(
        [*client, "perfdhcp", "-4", "-r", str(ASKED), "-R", "50000", "-p", str(seconds), "-W", "1000000", "-b",
         f"mac=02:{run:02x}:00:00:00:00", "-l", "10.97.255.1", ADDRESS], capture_output=True, text=True, timeout=120).stdout
    kinds = output.split("REQUEST-ACK")
    counts = [line.split(":")[1] for line in kinds[-1].splitlines() if line.startswith("received packets")]
    if len(kinds) < 2 or not counts or int(counts[0]) == 0:
        raise BenchError(f"perfdhcp got no lease: {output[-500:]}")
    return int(counts[0]) / seconds


class _LabServer:
    """A server in a namespace, where DHCP has its usual port."""

    def __init__(self, bench, namespace, *flags, pings=False):
        self.bench, self.prefix = bench, ["ip", "netns", "exec", namespace]
        self.flags = [*flags, *([] if pings else ["--fake-pinger"])]

    def __enter__(self):
        base, store, log = self.bench.directory("lab"), self.bench.directory("lab-store"), self.bench.root / "lab.log"
        self.process = self.bench.spawn(
            *self.prefix, self.bench.bin / "muster", "serve", "--base-root", base, "--backend", f"lmdb:{store}", *self.flags,
            "--log-level", "error", log=log)
        for _ in range(200):
            if self._curl("/users/rocketskates/token").returncode == 0:
                return self
            time.sleep(0.1)
        raise BenchError(f"muster serve does not answer in its namespace: {log.read_text()[-500:]}")

    def __exit__(self, *_):
        self.bench.stop(self.process)

    def subnet(self):
        body = {"Name": "bench", "Subnet": "10.97.0.0/16", "ActiveStart": "10.97.1.0", "ActiveEnd": "10.97.250.255",
                "Enabled": True, "ActiveLeaseTime": 3600}
        self.post("/subnets", body)

    def post(self, path, body):
        if self._curl(path, "-d", json.dumps(body)).returncode:
            raise BenchError(f"POST {path} is refused")

    def _curl(self, path, *flags):
        return subprocess.run(
            [*self.prefix, "curl", "-skf", "-u", "rocketskates:r0cketsk8ts", "-H", "Content-Type: application/json", *flags,
             f"https://{ADDRESS}:8092/api/v3{path}"], capture_output=True)
