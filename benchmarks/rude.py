"""A rude client: it opens connections that ask for nothing whole, as fast as it can, until it is ended.

python benchmarks/rude.py LINK CODE
"""

import itertools
import json
import socket
import sys
from collections import deque
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

MAX_OPEN = 3_000
LARGE_BYTES = 4_800_000


def requests(host: str, seat: str) -> list[bytes]:
    """Return what a rude client sends: nothing, halves, streams, nested megabytes."""
    about = f"Host: {host}\r\nAuthorization: Bearer {seat}\r\n"
    nested = '{"message":' + "[" * LARGE_BYTES
    return [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127",
        f"POST /act HTTP/1.1\r\n{about}Content-Length: 4000\r\n\r\n{{".encode(),
        f"GET /events?seat={seat} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        b"\x16\x03\x01 no request\r\n\r\n",
        f"POST /act HTTP/1.1\r\n{about}Content-Length: {len(nested)}\r\n\r\n{nested}".encode(),
        f"POST /join HTTP/1.1\r\n{about}Content-Length: 23\r\n\r\n".encode()
        + json.dumps({"code": "x" * 12}).encode(),
    ]


def main() -> None:
    """Be rude."""
    link, code = sys.argv[1:]
    host = urlsplit(link).netloc
    seat = httpx.post(f"{link}join", json={"code": code}).json()["seat"]
    name, _, port = host.partition(":")
    opened = deque[socket.socket]()
    for request in itertools.cycle(requests(host, seat)):
        with suppress(OSError):
            opened.append(socket.create_connection((name, int(port)), timeout=1))
            opened[-1].settimeout(0)
            opened[-1].send(request)
        while len(opened) > MAX_OPEN:
            opened.popleft().close()


if __name__ == "__main__":
    main()
