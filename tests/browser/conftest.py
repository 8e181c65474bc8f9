"""A browser that speaks to this machine alone, and a JupyterLab of its own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import browsers
import pytest
from waiting import PATIENCE_MS, until

if TYPE_CHECKING:
    from pathlib import Path

HOST = browsers.HOST
WAITED = "retrain-kit: waiting for FiftyOne's database; starting it can take a few seconds."


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, its token and the folder it serves."""

    url: str
    token: str
    folder: Path


@pytest.fixture(scope="session")
def open_page(browser):
    """Return a context manager that opens a page and fails when it asked any other host for anything."""

    @contextmanager
    def opened(**options):
        strangers = []

        def note(request):
            if urlsplit(request.url).hostname not in {HOST, None}:
                strangers.append(request.url)

        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", note)
        page = context.new_page()
        page.on("websocket", note)
        try:
            yield page
        finally:
            context.close()
        assert strangers == [], "the page asked other hosts"

    return opened


@pytest.fixture
def visit(open_page):
    """Return a function that opens a page in a browser of its own; faults in its script fail the test."""
    faults = []
    with ExitStack() as opened:

        def visited(address, **options):
            page = opened.enter_context(open_page(**options))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "console", lambda message: faults.append(message.text) if "Policy" in message.text else None
            )
            page.goto(address)
            return page

        yield visited
    assert faults == []


@pytest.fixture
def page(open_page):
    """A fresh page."""
    with open_page() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def lab(tmp_path_factory, kit_cache):
    """A JupyterLab of this session, with settings, kernels and folders of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    _write_kernel(home / "data")
    _write_quiet_settings(home / "settings")
    token = secrets.token_hex(16)
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            _lab_command(folder, token), env=_lab_environment(home), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield Lab(_wait_for_url(server, home), token, folder)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _lab_command(folder, token):
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.ip={HOST}",
        "--ServerApp.port=0",
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]


def _lab_environment(home):
    rooms = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    shown = {
        name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"
    }  # no bar leaves a strip
    return shown | {name: str(home / room) for name, room in rooms.items()}


def _write_kernel(data):
    kernel = data / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))


def _write_quiet_settings(settings):
    file = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))


def _wait_for_url(server, home):
    def written():
        """Return what the server says of itself, once it has said it whole."""
        for path in (home / "runtime").glob("jpserver-*.json"):
            with suppress(json.JSONDecodeError):
                return json.loads(path.read_text())
        return None

    found = until(lambda: server.poll() or written(), each_s=0.1)
    assert server.poll() is None, f"JupyterLab did not start:\n{(home / 'log.txt').read_text()}"
    return found["url"]


@pytest.fixture(scope="session")
def run_notebook():
    """Return the function that opens a notebook in JupyterLab and runs all its cells."""
    return _run_notebook


@pytest.fixture(scope="session")
def complaints():
    """Return the function that lists what a notebook's outputs complain of.

    That the database is waited for is told where it takes more than a second, and is no complaint.
    """

    def listed(outputs):
        failed = [output["evalue"] for output in outputs if output["output_type"] == "error"]
        said = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
        return failed + [line for line in said.splitlines() if line.strip() not in {"", WAITED}]

    return listed


def _run_notebook(page, lab, name):
    """Open a notebook, run all cells and wait until the kernel is idle; a cell that fails, fails the test."""
    page.goto(f"{lab.url}lab/tree/{name}?reset&token={lab.token}")
    page.wait_for_function(_READY)
    page.evaluate("void jupyterapp.commands.execute('runmenu:run-all')")
    page.wait_for_function(_DONE)
    errors = page.evaluate(_ERRORS)
    assert errors == [], f"cells of {name} failed"


_CELLS = """[...jupyterapp.shell.currentWidget.content.model.cells]
  .filter((cell) => cell.type === "code" && cell.sharedModel.source.trim())"""
_OUTPUTS = f"{_CELLS}.flatMap((cell) => cell.outputs.toJSON())"
_READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.content?.model && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
_DONE = f"""() => {{
  const idle = jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle";
  const failed = {_OUTPUTS}.some((output) => output.output_type === "error");
  return idle && (failed || {_CELLS}.every((cell) => cell.executionCount));
}}"""
_ERRORS = f"() => {_OUTPUTS}.filter((output) => output.output_type === 'error').map(({{ evalue }}) => evalue)"
