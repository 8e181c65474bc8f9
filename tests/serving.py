"""A real server on 127.0.0.1 that serves a folder, as well or as badly as a test wants."""

import hashlib
import re
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit


def silent_address():
    """An address of this machine at which nobody answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


class Serving:
    """Serve a folder for a block: `with Serving(folder) as server: server.url("a.csv")`.

    All that follows is by the name of a file, its path below the folder, and may be changed at any time.

    Attributes
    ----------
    requests, heads
        How many GETs and HEADs were received.
    ranges
        The header Range of each GET, None where there was none.
    agents
        The User-Agents that asked.
    cut
        So many GETs more are cut after half of what they would send.
    cuts
        The next GETs are cut after so many bytes each.
    busy
        So many requests more are answered with 503, or `busy_status`, and with `retry_after` where given.
    rest
        For so many seconds after its first request a file is busy, and says so in Retry-After.
    status
        Every request is answered with this status and no file.
    headers
        Headers to add.
    redirect
        The file whose address is given instead.
    hold
        An event that is waited for when half of the file was sent.
    ranged, sized, tagged, headed
        Whether the server knows Range, says how long files are, tells their versions apart, knows HEAD.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.requests, self.heads, self.agents = Counter(), Counter(), set()
        self.ranges, self.cuts = defaultdict(list), defaultdict(list)
        self.cut, self.busy, self.busy_status, self.retry_after = Counter(), Counter(), 503, None
        self.rest, self.rested = {}, {}
        self.status, self.headers, self.redirect, self.hold = {}, {}, {}, {}
        self.ranged = self.sized = self.tagged = self.headed = True
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"serving": self}))
        self._server.daemon_threads = True

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def url(self, name):
        return f"{self.address}/{quote(name)}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        for event in self.hold.values():
            event.set()
        self._server.shutdown()
        self._server.server_close()

    def refusal(self, name):
        """Return the status and the headers that a request is refused with; None where it is not."""
        with self.lock:
            if name in self.rest:
                until = self.rested.setdefault(name, time.monotonic() + self.rest[name])
                if time.monotonic() < until:
                    return 503, {"Retry-After": str(self.rest[name])}
            if self.busy[name] > 0:
                self.busy[name] -= 1
                return self.busy_status, {"Retry-After": self.retry_after} if self.retry_after else {}
        if name in self.redirect:
            return 302, {"Location": self.url(self.redirect[name])}
        if name in self.status:
            return self.status[name], {}
        path = (self.folder / name).resolve()
        return None if path.is_file() and path.is_relative_to(self.folder.resolve()) else (404, {})

    def cut_after(self, name, length):
        """Return after how many bytes the connection is cut; None where it is not."""
        with self.lock:
            if self.cuts[name]:
                return min(self.cuts[name].pop(0), length)
            if self.cut[name] > 0:
                self.cut[name] -= 1
                return length // 2
        return None


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of clients that went away: tests kill them."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    serving = None

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        name = unquote(urlsplit(self.path).path.lstrip("/"))
        self.serving.heads[name] += 1
        if not self.serving.headed:
            self._say(405, {"Content-Length": "0"})
        elif not self._refused(name):
            content = (self.serving.folder / name).read_bytes()
            self._say(200, self._headers(name, content, len(content)))

    def do_GET(self):
        name = unquote(urlsplit(self.path).path.lstrip("/"))
        with self.serving.lock:
            self.serving.requests[name] += 1
            self.serving.ranges[name].append(self.headers.get("Range"))
            self.serving.agents.add(self.headers.get("User-Agent"))
        if not self._refused(name):
            self._send(name, (self.serving.folder / name).read_bytes())

    def _refused(self, name):
        refusal = self.serving.refusal(name)
        if refusal:
            self._say(refusal[0], {**refusal[1], "Content-Length": "0"})
        return refusal is not None

    def _send(self, name, content):
        asked = (
            re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")) if self.serving.ranged else None
        )
        if asked and self.headers.get("If-Range") in (None, self._tag(content)):
            first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
            if first >= len(content):
                self._say(416, {"Content-Range": f"bytes */{len(content)}", "Content-Length": "0"})
                return
            headers = self._headers(name, content, last + 1 - first)
            self._say(206, {**headers, "Content-Range": f"bytes {first}-{last}/{len(content)}"})
            self._write(name, content[first : last + 1])
        else:
            self._say(200, self._headers(name, content, len(content)))
            self._write(name, content)

    def _write(self, name, content):
        after = self.serving.cut_after(name, len(content))
        self.close_connection = self.close_connection or after is not None or not self.serving.sized
        half = len(content) // 2
        try:
            if name in self.serving.hold:
                self.wfile.write(content[:half])
                self.serving.hold[name].wait()
                content = content[half:]
            self.wfile.write(content[:after])
        except OSError:
            self.close_connection = True

    def _headers(self, name, content, length):
        headers = {"Content-Length": str(length)} if self.serving.sized else {"Connection": "close"}
        if self.serving.tagged:
            headers["ETag"] = self._tag(content)
        return {**headers, **self.serving.headers.get(name, {})}

    def _tag(self, content):
        return f'"{hashlib.md5(content).hexdigest()}"'  # noqa: S324 - tells versions apart, guards nothing

    def _say(self, status, headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
