"""DHCP with clients that others wrote, and with messages of our own where every byte counts (C §17.2)."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess

import pytest
from boot_lab import ADDRESS, Lab, Relay, inside, message, parsed, quad, skip_unless, subnet
from raw_client import wait_until

MAC = "02:00:00:00:00:01"


@pytest.fixture(scope="module")
def lab():
    skip_unless("udhcpc", "dhclient")
    made = Lab(f"md{os.getpid() % 10000}", clients=3)
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(lab, tmp_path_factory):
    """A server that believes addresses to be free; DHCP has its usual port."""
    running = lab.server(tmp_path_factory.mktemp("dhcp"), "--fake-pinger").start()
    yield running
    running.stop()


@pytest.fixture
def relay(lab):
    made = Relay(lab, lab.clients[0], "10.98.200.1")
    yield made
    made.close()
    lab.run(lab.clients[0], "ip", "addr", "flush", "dev", "eth0")


def lease(server, address):
    return server.get(f"/leases/{address}")


def obtained(relay, mac=MAC, **fields):
    """The address that a client gets by asking for one in the usual way."""
    offer = relay.ask("discover", mac, **fields)
    assert offer["kind"] == "offer"
    options = [(50, quad(offer["yiaddr"])), (54, offer["options"][54])]
    ack = relay.ask("request", mac, options)
    assert ack["kind"] == "ack" and ack["yiaddr"] == offer["yiaddr"]
    return ack


SCRIPT = """#!/bin/sh
ip addr flush dev "$interface"
case $1 in bound | renew) ip addr add "$ip/$mask" dev "$interface" ;; esac
[ "$1" != bound ] || echo "GOT ip=$ip router=$router lease=$lease server=$serverid"
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script"
    path.write_text(SCRIPT)
    path.chmod(0o755)
    return path


def test_udhcpc_gets_a_lease_and_gives_it_back(lab, server, script):
    client = lab.clients[1]
    with subnet(server):
        command = ["ip", "netns", "exec", client, "udhcpc", "-i", "eth0", "-n", "-f", "-R", "-t", "5", "-s", str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
            found = re.search(r"GOT ip=(\S+) router=(\S+) lease=3600 server=(\S+)", running.stdout.readline())
            assert found and found[2] == found[3] == ADDRESS
            assert lease(server, found[1])["Token"] == lab.mac(client)
            # Asked to, it renews; and -R gives it back at the end.
            before = lease(server, found[1])["ExpireTime"]
            running.send_signal(signal.SIGUSR1)
            wait_until(lambda: lease(server, found[1])["ExpireTime"] > before)
            running.terminate()
        wait_until(lambda: lease(server, found[1])["State"] == "EXPIRED")


def test_dhclient_and_dhcpcd_get_the_same_address_again(lab, server, tmp_path):
    client = lab.clients[2]
    with subnet(server):
        command = ["dhclient", "-v", "-1", "-sf", "/bin/true", "-lf", tmp_path / "leases", "-pf", tmp_path / "pid", "-cf",
                   "/dev/null", "eth0"]
        addresses = []
        for _ in range(2):
            done = lab.run(client, *command)
            addresses.append(re.search(r"bound to (\S+)", done.stderr)[1])
            subprocess.run(["kill", (tmp_path / "pid").read_text().strip()], check=True)
            (tmp_path / "leases").unlink()
        assert addresses[0] == addresses[1]
        held = lease(server, addresses[0])
        assert held["State"] == "ACK" and held["Token"] == lab.mac(client)
        assert {"Code": 53, "Value": "req"} in held["Options"] and {"Code": 53, "Value": "ack"} in held["ProvidedOptions"]


def test_what_is_sent_is_right_to_the_byte(server, relay):
    options = [{"Code": 3, "Value": ADDRESS}, {"Code": 6, "Value": "10.98.0.2,10.98.0.3"}, {"Code": 15, "Value": "lab.test"},
               {"Code": 121, "Value": "10.0.0.0/8 10.98.0.9"}, {"Code": 252, "Value": "string:wpad"}]
    with subnet(server, Options=options):
        asked = [(55, bytes([1, 28, 3, 6, 15, 121, 252, 42])), (61, b"\x01abc"), (82, b"\x01\x04port")]
        offer = relay.ask("discover", MAC, asked)
        head = bytes([2, 1, 6, 0]) + relay.transaction.to_bytes(4, "big") + bytes(4)
        given = offer["yiaddr"]
        head += bytes(4) + quad(given) + quad(ADDRESS) + quad(relay.address) + bytes.fromhex("020000000001") + bytes(202)
        server_id, times = b"\x36\x04" + quad(ADDRESS), b"\x33\x04\0\0\x0e\x10" + b"\x3a\x04\0\0\x07\x08" + b"\x3b\x04\0\0\x0c\x4e"
        rest = b"\x01\x04\xff\xff\0\0" + b"\x1c\x04\x0a\x62\xff\xff" + b"\x03\x04" + quad(ADDRESS)
        rest += b"\x06\x08" + quad("10.98.0.2") + quad("10.98.0.3") + b"\x0f\x08lab.test"
        rest += b"\x79\x06\x08\x0a" + quad("10.98.0.9") + b"\xfc\x04wpad"
        echoed = b"\x3d\x04\x01abc" + b"\x52\x06\x01\x04port"

        def whole(kind, body, head=head):
            data = head[:4] + relay.transaction.to_bytes(4, "big") + head[8:] + b"\x63\x82\x53\x63"
            data += bytes([53, 1, kind]) + body + b"\xff"
            return data + bytes(max(0, 300 - len(data)))

        assert offer["raw"] == whole(2, server_id + times + rest + echoed)
        asked += [(50, quad(given)), (54, quad(ADDRESS))]
        assert relay.ask("request", MAC, asked)["raw"] == whole(5, server_id + times + rest + echoed)
        inform = relay.ask("inform", MAC, asked[:3], ciaddr=given)
        informed = head[:12] + quad(given) + bytes(4) + head[20:]
        assert inform["raw"] == whole(5, server_id + rest + echoed, informed)
        refused = relay.ask("request", MAC, [(50, quad("10.98.1.98")), (82, b"\x01\x04port")])
        nak = head[:10] + b"\x80\0" + bytes(12) + head[24:]
        reason = b"10.98.1.98 is not leased to this client"
        assert refused["raw"] == whole(6, server_id + bytes([56, len(reason)]) + reason + b"\x52\x06\x01\x04port", nak)


def test_a_lease_is_there_after_a_crash(lab, server, relay):
    with subnet(server):
        taken = [obtained(relay, f"02:00:00:00:01:{number:02x}")["yiaddr"] for number in range(20)]
        server.kill()
        server.start()
        held = {each["Addr"]: each for each in server.get("/leases")}
        assert len(set(taken)) == 20 and all(held[each]["State"] == "ACK" for each in taken)
        # Who had one gets it again, and a newcomer another.
        assert obtained(relay, "02:00:00:00:01:05")["yiaddr"] == taken[5]
        assert obtained(relay, "02:00:00:00:02:00")["yiaddr"] not in taken


def test_a_reservation_goes_before_the_pool(server, relay):
    with subnet(server, Options=[{"Code": 15, "Value": "pool"}]):
        body = {"Addr": "10.98.7.7", "Token": MAC, "Strategy": "MAC", "Options": [{"Code": 15, "Value": "own"}]}
        assert server.curl("POST", "/reservations", body).status == 201
        ack = obtained(relay, options=[(55, bytes([15]))])
        assert ack["yiaddr"] == "10.98.7.7" and ack["options"][51] == (7200).to_bytes(4, "big")
        last = int(obtained(relay, "02:00:00:00:00:02")["yiaddr"].removeprefix("10.98.1."))
        reserved, free = f"10.98.1.{(last + 1) % 100}", f"10.98.1.{(last + 2) % 100}"
        # A reserved address is never picked, nor given to whoever asks for it.
        assert server.curl("POST", "/reservations", {**body, "Addr": reserved, "Token": "02:00:00:00:00:09"}).status == 201
        assert obtained(relay, "02:00:00:00:00:03")["yiaddr"] == free
        refused = relay.ask("request", "02:00:00:00:00:04", [(50, quad(reserved))])
        assert refused["kind"] == "nak"


def test_a_scoped_reservation_holds_in_its_subnet_only(server, relay):
    with subnet(server):
        body = {"Addr": "10.98.7.7", "Token": MAC, "Strategy": "MAC", "Scoped": True}
        assert server.curl("POST", "/reservations", body).json["Subnet"] == "lab"
        assert obtained(relay)["yiaddr"] == "10.98.7.7"


def test_a_subnet_that_is_not_enabled_gives_nothing_new(server, relay):
    with subnet(server):
        held = obtained(relay)["yiaddr"]
        body = {"Addr": "10.98.7.8", "Token": "02:00:00:00:00:08", "Strategy": "MAC"}
        assert server.curl("POST", "/reservations", body).status == 201
        disable = [{"op": "replace", "path": "/Enabled", "value": False}]
        assert server.curl("PATCH", "/subnets/lab", disable).status == 200
        assert relay.ask("request", MAC, ciaddr=held)["kind"] == "nak"
        assert obtained(relay, "02:00:00:00:00:08")["yiaddr"] == "10.98.7.8"
        relay.ask("discover", "02:00:00:00:00:05", silent=True)


def test_clients_outside_of_every_subnet_get_no_answer(server, relay):
    with subnet(server, Name="other", Subnet="10.99.0.0/16", ActiveStart="10.99.1.0", ActiveEnd="10.99.1.9"):
        relay.send(message("discover", MAC, 1, giaddr=relay.address))
        assert relay.answer(timeout=1) is None


def test_a_renewal_goes_on_and_an_address_of_others_is_refused(server, relay):
    with subnet(server):
        held = obtained(relay)["yiaddr"]
        before = lease(server, held)["ExpireTime"]
        assert relay.ask("request", MAC, ciaddr=held)["kind"] == "ack"
        assert lease(server, held)["ExpireTime"] > before
        for fields in ({"ciaddr": held}, {"options": [(50, quad(held))]}, {"options": [(50, quad("10.1.1.1"))]}):
            assert relay.ask("request", "02:00:00:00:00:02", **fields)["kind"] == "nak"


def test_a_client_that_chooses_another_server_frees_its_offer(server, relay):
    with subnet(server):
        offered = relay.ask("discover", MAC)["yiaddr"]
        assert lease(server, offered)["State"] == "OFFER"
        relay.ask("request", MAC, [(50, quad("10.98.9.9")), (54, quad("10.98.0.250"))], silent=True)
        wait_until(lambda: lease(server, offered)["State"] == "EXPIRED")


def test_an_address_that_is_declined_rests(server, relay):
    with subnet(server):
        held = obtained(relay)["yiaddr"]
        relay.ask("decline", MAC, [(50, quad(held)), (54, quad(ADDRESS))], silent=True)
        wait_until(lambda: lease(server, held)["State"] == "INVALID")
        assert lease(server, held)["Token"] == ""
        assert obtained(relay)["yiaddr"] != held


def test_pickers_are_gone_by_in_their_order(server, relay):
    with subnet(server, ActiveEnd="10.98.1.3", Pickers=["hint", "nextFree", "mostExpired"]):
        assert relay.ask("discover", "02:00:00:00:00:01", [(50, quad("10.98.1.2"))])["yiaddr"] == "10.98.1.2"
        # Who would like an address that another has is made no offer.
        relay.ask("discover", "02:00:00:00:00:02", [(50, quad("10.98.1.2"))], silent=True)
        taken = [obtained(relay, f"02:00:00:00:00:1{number}")["yiaddr"] for number in range(3)]
        assert sorted(taken) == ["10.98.1.0", "10.98.1.1", "10.98.1.3"]
        relay.ask("discover", "02:00:00:00:00:20", silent=True)
        relay.ask("release", "02:00:00:00:00:11", ciaddr=taken[1], silent=True)
        wait_until(lambda: lease(server, taken[1])["State"] == "EXPIRED")
        assert relay.ask("discover", "02:00:00:00:00:20")["yiaddr"] == taken[1]
    with subnet(server, Pickers=["none"]):
        relay.ask("discover", MAC, silent=True)


def test_options_are_templates_over_what_the_client_sent(server, relay):
    options = [{"Code": 15, "Value": '{{if eq (index . 60) "robot"}}robots{{else}}people{{end}}.test'},
               {"Code": 42, "Value": "{{index . 50}}"}, {"Code": 43, "Value": "nonsense"}, {"Code": 44, "Value": "{{fail}}"}]
    with subnet(server, Options=options):
        wanted = (55, bytes([15, 42, 43, 44]))
        offer = relay.ask("discover", MAC, [wanted, (60, b"robot"), (50, quad("10.98.1.5"))])
        assert offer["options"][15] == b"robots.test" and offer["options"][42] == quad("10.98.1.5")
        assert 43 not in offer["options"] and 44 not in offer["options"]
        assert relay.ask("discover", "02:00:00:00:00:02", [wanted])["options"][15] == b"people.test"


FIRMWARE = [
    ("BIOS", [(60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0")], "lpxelinux.0"),
    ("UEFI", [(60, b"PXEClient:Arch:00007:UNDI:003000"), (93, b"\0\x07")], "ipxe.efi"),
    ("UEFI bytecode", [(60, b"PXEClient:Arch:00009"), (93, b"\0\x09")], "ipxe.efi"),
    ("arm64", [(60, b"PXEClient:Arch:00011"), (93, b"\0\x0b")], "ipxe-arm64.efi"),
    ("iPXE", [(60, b"PXEClient:Arch:00000"), (93, b"\0\0"), (77, b"iPXE")], f"http://{ADDRESS}:8091/default.ipxe"),
    ("iPXE, with a length", [(93, b"\0\x07"), (77, b"\x04iPXE")], f"http://{ADDRESS}:8091/default.ipxe"),
    ("HTTP", [(60, b"HTTPClient:Arch:00016:UNDI:003000"), (93, b"\0\x10")], f"http://{ADDRESS}:8091/ipxe.efi"),
]


@pytest.mark.parametrize("options, file", [each[1:] for each in FIRMWARE], ids=[each[0] for each in FIRMWARE])
def test_each_firmware_is_told_what_it_can_load(server, relay, options, file):
    with subnet(server):
        offer = relay.ask("discover", MAC, options)
        assert offer["file"] == file and offer["options"][67].decode() == file and offer["siaddr"] == ADDRESS
        assert offer["options"].get(175) == (b"\xb0\x01\x01" if "default" in file else None)
        if options[0][1].startswith(b"HTTPClient"):
            assert offer["options"][60] == b"HTTPClient"
    with subnet(server, Unmanaged=True):
        assert relay.ask("discover", MAC, options)["file"] == ""


def test_a_machine_boots_what_its_bootenv_says(server, relay):
    pxe = [(60, b"PXEClient:Arch:00007"), (93, b"\0\x07")]
    template = [{"Name": "ipxe", "Path": "{{.Machine.Address}}.ipxe", "Contents": "x"}]
    bootenv = {"Name": "own-loader", "Kernel": "k", "OS": {"Name": "x"}, "Loaders": {"amd64-uefi": "mine.efi"}, "Templates": template}
    machine = {"Name": "known", "HardwareAddrs": [MAC], "BootEnv": "local"}
    with subnet(server):
        assert server.curl("POST", "/bootenvs", bootenv).status == 201
        assert server.curl("POST", "/machines", machine).status == 201
        # From its own disk.
        assert relay.ask("discover", MAC, pxe)["file"] == ""
        assert server.curl("PATCH", "/machines/Name:known", [{"op": "replace", "path": "/BootEnv", "value": "own-loader"}]).status == 200
        assert relay.ask("discover", MAC, pxe)["file"] == "mine.efi"
        held = obtained(relay)["yiaddr"]
        skip = [{"op": "replace", "path": "/SkipBoot", "value": True}]
        assert server.curl("PATCH", f"/leases/{held}", skip).status == 200
        assert relay.ask("discover", MAC, pxe)["file"] == ""
    server.curl("DELETE", "/machines/Name:known")


def test_beside_another_server_only_what_to_boot_is_told(server, relay):
    pxe = [(60, b"PXEClient:Arch:00007"), (93, b"\0\x07"), (97, b"\0" + bytes(16))]
    with subnet(server, Proxy=True):
        offer = relay.ask("discover", MAC, pxe)
        assert offer["yiaddr"] == "0.0.0.0" and offer["file"] == "ipxe.efi" and 51 not in offer["options"]
        assert offer["options"][60] == b"PXEClient" and offer["options"][43] == bytes([6, 1, 8, 255])
        assert server.get("/leases") == []

        def asked():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.bind((relay.address, 0))
                client.settimeout(20)
                client.sendto(message("request", MAC, 77, pxe, ciaddr=relay.address, hops=0), (ADDRESS, 4011))
                return parsed(client.recv(4096))

        ack = inside(f"{server.prefix[3]}-c1", asked)
        assert (ack["kind"], ack["xid"], ack["file"]) == ("ack", 77, "ipxe.efi")


def test_no_bytes_stop_the_server(server, relay):
    whole = message("discover", MAC, 5, [(55, bytes(range(1, 60)))], giaddr=relay.address)
    source = random.Random(3)
    with subnet(server):
        for _ in range(2_000):
            data = bytearray(whole)
            for _ in range(source.randrange(1, 12)):
                data[source.randrange(len(data))] = source.randrange(256)
            relay.send(bytes(data[:source.randrange(len(data) + 1)]))
        with contextlib.suppress(BlockingIOError):
            relay.socket.setblocking(False)
            while True:
                relay.socket.recv(4096)
        assert obtained(relay, "02:00:00:00:00:77")["kind"] == "ack"
    assert server.curl("GET", "/health", user=None).status == 200


def test_many_clients_at_once_each_get_an_address_of_their_own(lab, server):
    skip_unless("perfdhcp")
    client = lab.clients[1]
    with subnet(server, ActiveEnd="10.98.20.255"):
        lab.run(client, "ip", "addr", "replace", "10.98.201.1/16", "dev", "eth0")
        done = lab.run(
            client, "perfdhcp", "-4", "-r", "100", "-R", "1000", "-n", "600", "-u", "-W", "5000000", "-l", "10.98.201.1",
            ADDRESS, timeout=120)
        lab.run(client, "ip", "addr", "flush", "dev", "eth0")
        leases = [each for each in server.get("/leases") if each["State"] == "ACK"]
        # How many are answered in time is up to the machine; whoever was has a lease of his own.
        received = int(re.search(r"received packets: (\d+)", done.stdout.split("REQUEST-ACK")[1])[1])
        assert received > 0 and len({each["Token"] for each in leases}) == len(leases), done.stdout
        assert re.search(r"non unique addresses: 0", done.stdout.split("REQUEST-ACK")[1]), done.stdout


def test_an_address_that_somebody_uses_is_not_given(tmp_path, script):
    skip_unless("udhcpc")
    lab = Lab(f"mp{os.getpid() % 10000}")
    user, client = lab.clients
    server = lab.server(tmp_path / "asking")
    try:
        server.start()
        with subnet(server, ActiveStart="10.98.3.1", ActiveEnd="10.98.3.9"):
            lab.run(user, "ip", "addr", "replace", "10.98.3.1/16", "dev", "eth0")
            done = lab.run(client, "udhcpc", "-i", "eth0", "-n", "-q", "-f", "-t", "8", "-s", script)
            assert "GOT ip=10.98.3.2" in done.stdout + done.stderr, done
            assert lease(server, "10.98.3.1")["State"] == "INVALID"
    finally:
        server.stop()
        lab.close()


def test_each_network_is_told_the_address_that_is_near_to_it(tmp_path):
    skip_unless("udhcpc")
    lab = Lab(f"mm{os.getpid() % 10000}", clients=1)
    other = f"{lab.name}-d1"

    def ip(*words):
        subprocess.run(["ip", *words], check=True)

    ip("netns", "add", other)
    server = lab.server(tmp_path / "homes", "--fake-pinger")
    script = tmp_path / "script"
    script.write_text('#!/bin/sh\n[ "$1" = bound ] && echo "GOT $ip $siaddr $boot_file"\nexit 0\n')
    script.chmod(0o755)

    def told(client, *flags):
        done = lab.run(client, "udhcpc", "-i", "eth0", "-n", "-q", "-f", "-t", "5", "-O", "bootfile", "-x", "0x4d:69505845",
                       *flags, "-s", script)
        return re.search(r"GOT (\S+) (\S+) (\S+)", done.stdout + done.stderr).groups()

    try:
        ip("-n", lab.name, "link", "add", "br1", "type", "bridge", "forward_delay", "0", "stp_state", "0", "mcast_snooping", "0")
        ip("-n", lab.name, "addr", "add", "10.97.0.1/24", "dev", "br1")
        ip("-n", lab.name, "link", "set", "br1", "up")
        ip("-n", lab.name, "link", "add", "w1", "type", "veth", "peer", "name", "eth0", "netns", other)
        ip("-n", lab.name, "link", "set", "w1", "master", "br1", "up")
        ip("-n", other, "link", "set", "eth0", "up")
        server.start()
        with subnet(server), subnet(server, Name="second", Subnet="10.97.0.0/24", ActiveStart="10.97.0.9", ActiveEnd="10.97.0.99"):
            address, near, file = told(lab.clients[0])
            assert address.startswith("10.98.1.") and (near, file) == (ADDRESS, f"http://{ADDRESS}:8091/default.ipxe")
            address, near, file = told(other)
            assert address.startswith("10.97.0.") and (near, file) == ("10.97.0.1", "http://10.97.0.1:8091/default.ipxe")
            for client, mine, url in ((lab.clients[0], "10.98.5.5/16", ADDRESS), (other, "10.97.0.5/24", "10.97.0.1")):
                lab.run(client, "ip", "addr", "replace", mine, "dev", "eth0")
                script_text = lab.run(client, "curl", "-s", f"http://{url}:8091/default.ipxe").stdout
                assert f"chain http://{url}:8091/" in script_text
        server.stop()
        server.flags += ["--static-ip", "10.98.0.77"]
        server.start()
        with subnet(server):
            lab.run(lab.clients[0], "ip", "addr", "flush", "dev", "eth0")
            assert told(lab.clients[0])[1:] == ("10.98.0.77", "http://10.98.0.77:8091/default.ipxe")
    finally:
        server.stop()
        subprocess.run(["ip", "netns", "del", other], check=False)
        lab.close()


def test_a_lease_that_is_over_ends_and_watchers_hear_of_it(server, relay):
    with subnet(server, ActiveLeaseTime=60):
        held = obtained(relay)["yiaddr"]
        cursor = server.get("/events/cursor")["cursor"]
        # As if the minute had passed.
        past = [{"op": "replace", "path": "/ExpireTime", "value": "2020-01-01T00:00:00Z"}]
        assert server.curl("PATCH", f"/leases/{held}", past).status == 200
        wait_until(lambda: lease(server, held)["State"] == "EXPIRED")
        told = server.get(f"/events?since={cursor}&filter=leases.*.*")
        assert any(each["Action"] == "save" and each["Object"]["State"] == "EXPIRED" for each in told["events"]), told


def test_who_looks_for_an_ipv6_router_is_told_that_there_is_none(tmp_path):
    skip_unless("udhcpc")
    lab = Lab(f"mv{os.getpid() % 10000}", clients=1)
    server = lab.server(tmp_path / "advertising", "--router-advertisements", "br0")
    try:
        def listening():
            made = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            made.settimeout(60)
            return made

        with inside(lab.clients[0], listening) as heard:
            server.start()
            while (data := heard.recv(2048))[0] != 134:
                pass
        # Lifetime 0: it is answered, and nobody takes the server for a router.
        assert data[6:8] == b"\0\0" and data[16:18] == b"\1\1"
        assert server.get("/info")["errors"] == []
    finally:
        server.stop()
        lab.close()
