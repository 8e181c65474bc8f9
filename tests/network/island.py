"""An island: a program runs where every address leads back to this machine, and all that it sends is written down.

Run as `unshare --net --mount --map-root-user python island.py OUT COMMAND…`. Every address of the internet is local
there, so that a packet to it can be seen on the loopback device, and a name server answers every question, so that
what is asked does not end with the question. OUT gets a JSON of the names asked for and the packets to addresses
that are not the loopback's.
"""

import ipaddress
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

SOMEWHERE = "203.0.113.7"
"""What the name server answers to everything: an address that documentation may use and nobody has."""

_IPV4, _IPV6, _EVERYTHING = 0x0800, 0x86DD, 3
_OUTGOING = 4


def main(out, command):
    for words in (
        "link set lo up",
        "route add local 0.0.0.0/0 dev lo",
        "-6 route add local ::/0 dev lo",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    names, packets = [], []
    threading.Thread(target=_answer_names, args=(_names_socket(), names), daemon=True).start()
    threading.Thread(target=_watch, args=(_raw_socket(), packets), daemon=True).start()
    done = subprocess.run(command)
    _see_the_last(packets)
    Path(out).write_text(json.dumps({"names": names, "packets": sorted(set(packets))}))
    return done.returncode


def _see_the_last(packets):
    """Wait until everything that was sent has been written down: a packet sent after it all, which is forgotten."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taker,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        taker.bind((SOMEWHERE, 0))
        last = (socket.IPPROTO_UDP, *taker.getsockname())
        while (
            last not in packets
        ):  # again and again: a device that is watched leaves packets out where many come
            sender.sendto(b"", taker.getsockname())
            time.sleep(0.01)
        packets[:] = [packet for packet in packets if packet != last]


def _names_socket():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", 53))  # noqa: S104 - every address is this machine there
    return server


def _answer_names(server, names):
    """Answer every question for an address with `SOMEWHERE`, from the address that was asked."""
    while True:
        question, asker = server.recvfrom(4096)
        name, end = _name(question)
        kind = struct.unpack_from(">H", question, end)[0]
        names.append(name)
        address = kind == 1
        head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, int(address), 0, 0)
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(SOMEWHERE)
        server.sendto(head + question[12 : end + 4] + (answer if address else b""), asker)


def _name(question):
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    return ".".join(labels), at + 1


def _raw_socket():
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(_EVERYTHING))


def _watch(device, packets):
    """Write down each packet to an address that is not the loopback's: protocol, address and port."""
    while True:
        frame, (_, kind, direction, *_) = device.recvfrom(65535)
        if direction != _OUTGOING:
            continue
        if kind == _IPV4:
            protocol, target = frame[14 + 9], frame[14 + 16 : 14 + 20]
            ports = 14 + (frame[14] & 15) * 4
        elif kind == _IPV6:
            protocol, target, ports = frame[14 + 6], frame[14 + 24 : 14 + 40], 14 + 40
        else:
            continue
        address = ipaddress.ip_address(target)
        source = ipaddress.ip_address(frame[14 + 12 : 14 + 16] if kind == _IPV4 else frame[14 + 8 : 14 + 24])
        if (address.is_loopback and source.is_loopback) or (address.is_multicast and protocol == 58):
            continue
        port = struct.unpack_from(">H", frame, ports + 2)[0] if protocol in (6, 17) else 0
        packets.append((protocol, str(address), port))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
