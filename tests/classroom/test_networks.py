"""Under which address others reach a class: the one of the way out first, by whatever name; IPv6 too."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys

import needs
import pytest
from cryptography import x509
from lessons import held

from retrain_kit.classroom import certificates, endpoint, networks
from retrain_kit.classroom.connections import Connections
from retrain_kit.classroom.networks import Address, place_of, plain_ip
from retrain_kit.errors import ParameterError

SPACE = ("unshare", "--net", "--mount", "--map-root-user")
ORDER = """
import json
from retrain_kit.classroom import networks
print(json.dumps([[each.ip, each.interface, each.seems] for each in networks.reached_addresses("::")]))
"""
WLP3S0 = """
ip link add wlp3s0 type veth peer name far
ip address add 192.168.1.5/24 dev wlp3s0
ip -6 address add 2001:db8:7::5/64 dev wlp3s0 nodad
ip link set wlp3s0 up
ip link set far up
"""
WAY_OUT = "ip route add default via 192.168.1.1\n"
DOCKER0 = (
    "ip link add docker0 type bridge; ip address add 172.17.0.1/16 dev docker0; ip link set docker0 up\n"
)
VPN = "ip tuntap add tun0 mode tun; ip address add 10.8.0.2/24 dev tun0; ip link set tun0 up\n"


def among(interfaces):
    """What is before a command that is to run on a machine with such interfaces."""
    script = f'mount -t sysfs none /sys 2>/dev/null\nset -e\nip link set lo up\n{interfaces}\nexec "$@"'
    return [*SPACE, "sh", "-c", script, "sh"]


@pytest.fixture(scope="module")
def addresses_of():
    """Return a function that gives the addresses, in order, of a machine with such interfaces."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        needs.lacking("no unshare or no ip", "sudo apt install util-linux iproute2")
    if subprocess.run([*SPACE, "true"], capture_output=True).returncode:
        needs.lacking("no network namespaces", "sysctl kernel.unprivileged_userns_clone=1, or run as root")

    def found(interfaces):
        script = f'mount -t sysfs none /sys 2>/dev/null\nset -e\nip link set lo up\n{interfaces}\nexec "$@"'
        command = [*SPACE, "sh", "-c", script, "sh", sys.executable, "-c", ORDER]
        done = subprocess.run(command, capture_output=True, text=True)
        if "Operation not" in done.stderr or "Unknown device type" in done.stderr:
            pytest.skip(f"this machine makes no such interfaces: {done.stderr.strip()}")
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)

    return found


def test_the_way_out_comes_before_what_is_named_before_it(addresses_of):
    assert addresses_of(DOCKER0 + WLP3S0 + WAY_OUT) == [
        ["192.168.1.5", "wlp3s0", ""],
        ["2001:db8:7::5", "wlp3s0", ""],
        ["172.17.0.1", "docker0", networks.CONTAINERS],
        ["127.0.0.1", "lo", ""],
        ["::1", "lo", ""],
    ]


def test_a_hotspot_that_leads_nowhere_comes_before_containers_and_a_vpn_that_leads_out(addresses_of):
    found = addresses_of(DOCKER0 + VPN + "ip route add default dev tun0\n" + WLP3S0)
    assert [each for each in found if each[1] != "lo"] == [
        ["192.168.1.5", "wlp3s0", ""],
        ["2001:db8:7::5", "wlp3s0", ""],
        ["172.17.0.1", "docker0", networks.CONTAINERS],
        ["10.8.0.2", "tun0", networks.VPN],
    ]


def test_a_bridge_that_leads_out_is_the_way_and_one_that_does_not_is_said(addresses_of):
    bridge = "ip link add br0 type bridge; ip address add 192.168.1.9/24 dev br0; ip link set br0 up\n"
    (way, *_) = addresses_of(DOCKER0 + bridge + WAY_OUT)
    assert way == ["192.168.1.9", "br0", ""]
    assert ["192.168.1.9", "br0", networks.BRIDGE] in addresses_of(DOCKER0 + bridge)


def test_the_terminal_asks_which_of_several_addresses_is_shown(addresses_of, tmp_path):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    addresses_of(DOCKER0 + WLP3S0 + WAY_OUT)  # Skips where there can be no such machine.
    options = ["--images", "1", "--port", "0", "--exercise", "polyphony", "--host", "0.0.0.0"]  # noqa: S104 - there
    command = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", *options]
    near, far = pty.openpty()
    with subprocess.Popen(
        [*among(DOCKER0 + WLP3S0 + WAY_OUT), *command, "--answers", str(tmp_path / "answers")],
        stdin=far,
        stdout=far,
        stderr=far,
    ) as process:
        os.close(far)
        said = ""

        def hear(words):
            nonlocal said
            while words not in said:
                said += os.read(near, 4096).decode()

        hear("Which one is for the link and the wall? [1]: ")
        assert re.findall(r"([12])  (\S+) \((\S+)\)", said) == [
            ("1", "192.168.1.5", "wlp3s0"),
            ("2", "172.17.0.1", "docker0"),
        ]
        os.write(near, b"2\n")
        hear("May they?")
        os.write(near, b"y\n")
        hear("Ctrl-C ends the class.")
        assert re.search(r"join +https://172\.17\.0\.1:\d+/", said)
        process.kill()
    os.close(near)


def test_an_address_says_what_its_interface_seems_to_be():
    told = str(Address("172.17.0.1", "172.17.0.0/16", "docker0", networks.CONTAINERS))
    assert told == (
        "172.17.0.1 (docker0): seems to be a network of containers or virtual machines; others hardly reach it"
    )


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("2001:db8:7:1:aaaa::1", "2001:db8:7:1::/64"),
        ("2001:db8:7:1:bbbb::2", "2001:db8:7:1::/64"),
        ("2001:db8:7:2::1", "2001:db8:7:2::/64"),
        ("fe80::1%wlp3s0", "fe80::/64"),
        ("::1", "::1"),
        ("unix:", "unix:"),
    ],
)
def test_a_place_is_an_address_or_a_network_of_64_bits(ip, place):
    assert place_of(ip) == place


def test_ipv4_in_the_words_of_ipv6_is_ipv4():
    assert [plain_ip(each) for each in ("::ffff:10.0.0.7", "10.0.0.7", "fe80::1%eth0", "::ffff:0:7")] == [
        "10.0.0.7",
        "10.0.0.7",
        "fe80::1",
        "::ffff:0:7",
    ]


def test_all_addresses_of_a_network_of_ipv6_share_a_ceiling():
    kept = Connections(most=9, strangers=2)
    near = [socket.socketpair() for _ in range(3)]
    for number, (one, _) in enumerate(near):
        kept.admit(one, (f"2001:db8::{number}", 1000))
    assert (len(kept), kept.counts) == (2, {"gave way": 1})
    for pair in near:
        for one in pair:
            one.close()


@pytest.fixture
def ipv6():
    if not socket.has_dualstack_ipv6():
        pytest.skip("IPv6 is off on this machine")


def test_an_address_of_ipv6_has_brackets_in_the_link_and_among_the_names(ipv6, tmp_path):
    opened = endpoint.open_endpoint("::1", 0, tmp_path)
    with opened.listener:
        assert opened.link == f"http://[::1]:{opened.port}/"
        assert opened.hosts == {f"{name}:{opened.port}" for name in ("[::1]", "127.0.0.1", "localhost")}


def test_a_class_on_ipv6_answers(ipv6, tmp_path):
    with held(tmp_path / "answers", host="::1", exercises=("polyphony",)) as lesson:
        assert lesson.join().do("polyphony", "look")["step"] == "first"


def test_all_addresses_are_those_of_both_kinds_and_ipv4_comes_as_itself(ipv6, tmp_path):
    opened = endpoint.open_endpoint("::", 0, tmp_path)
    with opened.listener, socket.create_connection(("127.0.0.1", opened.port)) as here:
        with opened.listener.accept()[0]:
            pass
        assert {"127.0.0.1", "::1"} <= {each.ip for each in opened.addresses}
        assert f"[::1]:{opened.port}" in opened.hosts
        assert list(opened.listener.connections._held) == [("127.0.0.1", here.getsockname()[1])]


@pytest.mark.parametrize("named", ["192.168.1.5", "wlp3s0"])
def test_another_address_may_be_shown(tmp_path, named):
    docker = Address("172.17.0.1", "172.17.0.0/16", "docker0")
    chosen = Address("192.168.1.5", "192.168.1.0/24", "wlp3s0")
    with endpoint.open_endpoint("127.0.0.1", 0, tmp_path).listener as listener:
        opened = endpoint.ClassEndpoint(listener, (docker, chosen), None)
        shown = opened.shown_at(named)
        assert (opened.link, shown.link) == tuple(
            f"http://{ip}:{opened.port}/" for ip in ("172.17.0.1", "192.168.1.5")
        )
        assert shown.hosts == opened.hosts
        with pytest.raises(ParameterError, match="192.168.1.5"):
            opened.shown_at("eth7")


def test_a_certificate_is_for_addresses_of_both_kinds(tmp_path):
    path = certificates.class_certificate(tmp_path, ["192.168.1.5", "fd00::2", "localhost"]).path
    named = x509.load_pem_x509_certificate(path.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert [str(each.value) for each in named.value] == ["192.168.1.5", "fd00::2", "localhost"]


def test_the_usual_port_is_left_out_as_browsers_do(tmp_path):
    assert endpoint.origin("https", "[fd00::2]", 443) == "https://[fd00::2]"
    assert endpoint.origin("https", "192.168.1.5", 8642) == "https://192.168.1.5:8642"
