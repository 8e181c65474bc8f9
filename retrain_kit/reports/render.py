"""A run of a notebook as one self-contained page, and that page as PDF.

The page holds no script and asks no host for anything: images are embedded, and a content-security
policy forbids the rest. Where a notebook shows a widget, the page shows the widget's twin: the
`text/html` or the image that the same output carries.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from retrain_kit import __version__, errors
from retrain_kit.display import assets
from retrain_kit.display.figures import REJECTED_ATTRIBUTE
from retrain_kit.errors import Fault, ReportError
from retrain_kit.reports import kernels, notebooks, parameters
from retrain_kit.storage.files import writing
from retrain_kit.storage.home import home_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bs4 import Tag

    from retrain_kit.reports.kernels import WaitingKernel

TEMPLATES = Path(__file__).parent / "templates"
STORE_PARAMETER = "store_folder"
"""The parameter by which a notebook is told where its answers are."""
ENGINE = "retrain-kit"
"""The name of papermill's engine `inspection.Engine`."""
MISSING_ALT = "An image without a description"
QUIET_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags of a Chromium without a screen that asks nobody for anything of its own accord."""
_NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND"
"""Chromium's own services ask name servers in spite of `QUIET_FLAGS`; a report needs no name at all."""
_PRINT = ("--no-pdf-header-footer", "--generate-pdf-document-outline", _NO_NAMES)


@dataclass(frozen=True)
class StoppedNotebook(Fault):
    """A notebook that stopped: `found` is what it said, `do` where to look."""

    def __str__(self) -> str:
        return f"{self.where} stopped: {self.found} {self.do}".rstrip()


def write_report(
    notebook: Path,
    parameters: Mapping[str, object],
    target: Path,
    cwd: Path,
    kernel: WaitingKernel | None = None,
) -> Path:
    """Run a notebook and write its report.

    Where it shows answers of a store, the store is told of the files, so that withdrawing names them. Where
    somebody withdraws something meanwhile, it is run once more.

    Parameters
    ----------
    notebook
        The notebook; it stays as it is.
    parameters
        Values that `notebooks.check_parameters` returned.
    target
        The HTML file to write.
    cwd
        The folder the notebook runs in.
    kernel
        The process that becomes its kernel; without one, a new one is started.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    ReportError
        When the notebook stops. The half-run notebook is then kept beside `target` as
        `<name>.failed.ipynb`, and `target` is as it was.
    """
    make, folder = partial(_run, notebook, parameters, target, cwd, kernel), parameters.get(STORE_PARAMETER)
    if not folder:
        return make()
    from retrain_kit.answers import deriving  # noqa: PLC0415 - an edge, for notebooks with answers alone

    return deriving.make_and_note(cwd / str(folder), (target, _failed(target)), make)


def note_derived_files(made: Iterable[Path], parameters: Mapping[str, object], cwd: Path) -> None:
    """Tell the store whose answers a notebook shows, where it shows any, of files made from it."""
    if folder := parameters.get(STORE_PARAMETER):
        from retrain_kit.answers import deriving  # noqa: PLC0415 - see `write_report`

        deriving.note_derived(cwd / str(folder), made)


def _run(
    notebook: Path,
    parameters: Mapping[str, object],
    target: Path,
    cwd: Path,
    kernel: WaitingKernel | None = None,
) -> Path:
    failed = _failed(target)
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as folder:
        executed = Path(folder, notebook.name)
        stop = _execute(notebook, parameters, executed, cwd, kernel)
        if stop:
            with writing(failed) as temporary:
                shutil.copyfile(executed, temporary)
            raise ReportError(StoppedNotebook(*stop, "", f"The half-run notebook is {failed}"))
        convert_to_html(executed, target)
    failed.unlink(missing_ok=True)
    return target


def _failed(target: Path) -> Path:
    return target.with_name(f"{target.stem}.failed.ipynb")


def convert_to_html(executed: Path, target: Path) -> Path:
    """Write an executed notebook as one self-contained page and return its path, `target`."""
    from nbconvert import HTMLExporter  # noqa: PLC0415 - slow to load

    notebook = notebooks.load_notebook(executed)
    source = Path(notebook.metadata.get("papermill", {}).get("input_path") or executed)
    source = source if source.is_file() else executed
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _drop_widget(output)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={"inert": partial(without_scripts, folder=source.parent)},
    )
    html, _ = exporter.from_notebook_node(notebook, resources={"report": _facts(notebook, source, executed)})
    with writing(target) as temporary:
        temporary.write_text(html, encoding="utf-8")
    return target


def rejected_count(report: Path) -> int:
    """Return how many annotations a report says could not be taken."""
    counts = re.findall(rf'{REJECTED_ATTRIBUTE}="(\d+)"', report.read_text(encoding="utf-8"))
    return max(map(int, counts), default=0)


def without_scripts(html: str, folder: Path) -> str:
    """Return HTML without scripts and requests: images embedded, looked up from `folder`."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 - comes with nbconvert

    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("script, link, iframe, frame, object, embed, base, meta, a.anchor-link"):
        tag.decompose()
    for tag in soup.select("*"):
        for name in [name for name in tag.attrs if name.startswith("on") or name == "srcset"]:
            del tag[name]
    for tag in soup.find_all("img"):
        _embed(tag, folder)
    for tag in soup.select('a[href$=".ipynb"]:not([href*="://"])'):  # Beside a report no notebook lies.
        tag.unwrap()
    return str(soup)


def print_pdf(html: Path, pdf: Path) -> Path:
    """Print a report with Chromium and return the path of the PDF.

    Raises
    ------
    ReportError
        When there is no Chromium or Chrome, or it prints nothing.
    """
    browser = find_chromium()
    if not browser:
        do = "Install Chromium, or name it in the environment variable CHROMIUM, or leave out --pdf."
        raise ReportError(Fault(str(pdf), "no Chromium to print with", "chromium or google-chrome", do))
    with (
        tempfile.TemporaryDirectory(prefix="retrain-kit-", ignore_cleanup_errors=True) as profile,
        writing(pdf) as out,
    ):
        command = [browser, *QUIET_FLAGS, *_PRINT, f"--user-data-dir={profile}", f"--print-to-pdf={out}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")
        try:
            done = subprocess.run(
                [*command, html.resolve().as_uri()], capture_output=True, timeout=300, check=False
            )
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [str(error)]
        if not out.stat().st_size:
            found = f"nothing printed by {browser} ({' '.join(said)})"
            raise ReportError(Fault(str(pdf), found, "a PDF", f"The report itself is whole: {html}"))
    return pdf


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome: `$CHROMIUM`, or the first that is installed."""
    if os.environ.get("CHROMIUM"):
        return shutil.which(os.environ["CHROMIUM"])
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def _execute(
    notebook: Path,
    parameters: Mapping[str, object],
    executed: Path,
    cwd: Path,
    kernel: WaitingKernel | None = None,
) -> tuple[str, str] | None:
    """Run `notebook` into `executed`; return where it stopped and what it said, or None when all is well."""
    import papermill  # noqa: PLC0415 - slow to load

    home_folder()  # a kernel ends without a word where nobody knows one
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    try:
        papermill.execute_notebook(
            notebook.resolve(),
            executed,
            dict(parameters),
            cwd=cwd,
            kernel_name="python3",
            language="python",
            kernel_manager_class=kernels.kernel_manager(kernel),
            engine_name=ENGINE,
            progress_bar=False,
        )
    except papermill.PapermillExecutionError as error:
        return f"{notebook.name}, cell [{error.exec_count}]", _said(error.ename, error.evalue)
    except RuntimeError as error:  # nbclient's word for a kernel that ended
        return notebook.name, f"its Python process ended ({error}); perhaps the memory was full."
    return None


def _said(name: str, message: str) -> str:
    """Return an error in one line: the kit's own by its message alone, others with their name."""
    kind = getattr(errors, name, None)
    ours = isinstance(kind, type) and issubclass(kind, errors.KitError)
    line = " ".join((message if ours else f"{name}: {message}").split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _drop_widget(output: Any) -> None:  # noqa: ANN401 - nbformat has no types
    """Take the widget out of an output, so that its twin shows; without a twin a note takes its place."""
    data = output.get("data", {})
    if data.pop("application/vnd.jupyter.widget-view+json", None) and not (data.keys() - {"text/plain"}):
        data["text/html"] = '<p class="rk-note">Here the notebook has an element to play with.</p>'


def _embed(image: Tag, folder: Path) -> None:
    """Put an image's bytes into its `src`; one that cannot be read becomes its description."""
    source = str(image.get("src", ""))
    image["alt"] = image.get("alt") or MISSING_ALT
    if source.startswith("data:"):
        return
    path = folder / unquote(urlsplit(source).path)
    kind = mimetypes.guess_type(path.name)[0] or ""
    if urlsplit(source).scheme in {"", "file"} and kind.startswith("image/") and path.is_file():
        image["src"] = assets.data_address(kind, path.read_bytes())
    else:
        image.name, image.string, image.attrs = "span", f"[{image['alt']}]", {"class": "rk-missing"}


def _facts(notebook: Any, source: Path, executed: Path) -> dict[str, Any]:  # noqa: ANN401 - nbformat has no types
    """Return what the page says about itself."""
    run_facts = notebook.metadata.get("papermill", {})
    values = run_facts.get("parameters", {})
    moment = run_facts.get("start_time")
    date = datetime.fromisoformat(moment) if moment else datetime.fromtimestamp(executed.stat().st_mtime, UTC)
    rows = parameters.parameters_in(notebook, source.name)
    return {
        "title": notebooks.notebook_title(notebook) or source.stem,
        "name": source.name,
        "version": __version__,
        "date": date,
        "no_alt": MISSING_ALT,
        "style": assets.page_sheet(assets.LAB, TEMPLATES / "report" / "style.css"),
        "parameters": [(row, values.get(row.name, row.default)) for row in rows],
    }
