"""A real nginx in front of a class, on free ports and with a folder of its own."""

import os
import socket
import subprocess
from contextlib import contextmanager, suppress

from places import ROOT
from waiting import PATIENCE_S, until

STRIPPED = """
location /sub/ {{
    proxy_pass http://127.0.0.1:{port}/;
}}
"""
"""The shortest that there is: nginx calls the class by its own name, takes the path away and opens a connection for
each request."""

WHOLE = """
location /sub {{
    proxy_pass http://class;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}}
"""
"""The path stays, connections too, and nginx says for whom it asks."""

_PAGE = (ROOT / "docs" / "classroom.md").read_text("utf-8")
DOCUMENTED = (
    _PAGE.partition("```nginx\n")[2]
    .partition("```")[0]
    .replace("{", "{{")
    .replace("}", "}}")
    .replace("8642", "{port}")
)
"""What the page for whoever runs a class says, word for word but for the port."""

_CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream class {{ server 127.0.0.1:{port}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{own};
        {locations}
    }}
}}
"""


@contextmanager
def nginx(program, folder, own, port, locations):
    """Let nginx ask a class on a port for all who ask on its own."""
    folder.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    stated = {"folder": folder, "user": user, "own": own, "port": port}
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(locations=locations.format(port=port), **stated))
    command = [program, "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:

        def listens():
            assert running.poll() is None, running.stderr.read().decode()
            with suppress(OSError), socket.create_connection(("127.0.0.1", own)):
                return True
            return False

        try:
            until(listens)
            yield
        finally:
            running.terminate()
            running.wait(PATIENCE_S)
