"""Reports are whole, self-contained and quiet; a notebook that stops says where and why."""

from __future__ import annotations

import base64
import os
import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit import __version__
from retrain_kit.errors import ReportError
from retrain_kit.reports import notebooks, render

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
).decode()

RICH = [
    ("markdown", "# What is *left*\n\n[a page](https://example.org/) and ![A sun](my%20sun.png)", ()),
    (
        "markdown",
        '![](https://example.org/far.png)<img src="my sun.png" onerror="x()"> ![Gone](gone.png)',
        (),
    ),
    ("code", 'study: str = "nature"  # which <images>\nlimit: int | None = 3', ("parameters",)),
    ("code", "import sys\nprint('limit', limit)\nprint('a warning', file=sys.stderr)", ()),
    (
        "code",
        f"""from IPython.display import display
display({{"image/png": "{PIXEL}"}}, raw=True, metadata={{"image/png": {{"alt": 'A "red" dot'}}}})
display({{"image/png": "{PIXEL}"}}, raw=True)
widget = "application/vnd.jupyter.widget-view+json"
display({{widget: {{"model_id": "1"}}, "image/png": "{PIXEL}", "text/plain": "Twin()"}}, raw=True,
        metadata={{"image/png": {{"alt": "the twin"}}}})
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"}}, raw=True)
display({{"application/javascript": "alert(1)"}}, raw=True)""",
        (),
    ),
    (
        "code",
        """from IPython.display import HTML
HTML('<script src="https://example.org/a.js"></script><link rel="stylesheet" href="https://example.org/a.css">'
     '<iframe src="https://example.org"></iframe><figure class="rk-figure" onclick="x()">twin</figure>')""",
        ("remove-input",),
    ),
    ("code", "import ipywidgets\nipywidgets.IntSlider(description='lonely')", ()),
    ("code", "import pandas\npandas.DataFrame({'regions': [1]}, index=['bird'])", ()),
    ("code", "print('removed cell')", ("remove-cell",)),
    ("code", "print('removed output')", ("remove-output",)),
]


def write_notebook(path, cells, kernel="no-such-kernel"):
    made = [
        (nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell)(
            source, metadata={"tags": list(tags)}
        )
        for kind, source, tags in cells
    ]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel}} if kernel else {}
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=metadata), path)
    return path


@pytest.fixture(scope="module")
def rich(kernel, tmp_path_factory):
    """A report of a notebook with everything in it."""
    folder = tmp_path_factory.mktemp("rich")
    Image.new("RGB", (40, 30), "orange").save(folder / "my sun.png")
    notebook = write_notebook(folder / "05_rich.ipynb", RICH)
    values = notebooks.check_parameters(notebook, {"limit": None})
    return render.write_report(notebook, values, folder / "out" / "05_rich.html", folder)


@pytest.fixture(scope="module")
def page(rich):
    return BeautifulSoup(rich.read_text("utf-8"), "html.parser")


def test_the_page_holds_no_script_and_asks_no_host(page):
    assert page.find_all(["script", "link", "iframe", "object", "embed", "base"]) == []
    sources = [tag["src"] for tag in page.select("[src]")]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert not [name for tag in page.select("*") for name in tag.attrs if name.startswith("on")]
    assert not re.search(r"url\(|@import", "".join(style.string for style in page.find_all("style")))


def test_a_security_policy_forbids_all_but_embedded_images_and_styles(page):
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.split("; ") == [
        "default-src 'none'",
        "img-src data:",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_language_and_title_are_stated(page):
    assert page.html["lang"] == "en"
    assert page.title.string == "What is left"


def test_every_image_has_a_description(page):
    assert [image["alt"] for image in page.find_all("img")] == [
        "A sun",
        render.MISSING_ALT,
        'A "red" dot',
        render.MISSING_ALT,
        "the twin",
        render.MISSING_ALT,
    ]


def test_an_image_beside_the_notebook_is_embedded_as_it_is(rich, page):
    original = (rich.parent.parent / "my sun.png").read_bytes()
    _, _, data = page.find("img", alt="A sun")["src"].partition("base64,")
    assert base64.b64decode(data) == original


def test_an_image_that_cannot_be_embedded_becomes_its_description(page):
    assert [tag.string for tag in page.select(".rk-missing")] == [f"[{render.MISSING_ALT}]", "[Gone]"]


def test_a_widget_shows_its_twin_and_leaves_nothing_else(rich, page):
    assert "widget-state" not in rich.read_text("utf-8")
    shown = "".join(str(tag) for tag in page.select(".rk-output"))
    assert "widget-view" not in shown
    assert "Twin()" not in shown
    assert 'alt="the twin"' in shown


def test_a_widget_without_twin_leaves_a_note(page):
    assert "IntSlider(" not in page.select_one("main").get_text().replace("ipywidgets.IntSlider(", "")
    assert "an element to play with" in page.select_one(".rk-note").string


def test_the_parameters_of_the_run_stand_once_and_their_cells_are_hidden(page):
    rows = [row.get_text(" ", strip=True) for row in page.select(".rk-parameters dl > div")]
    assert rows == ["study nature which <images>", "limit None"]
    assert "# Parameters" not in page.get_text()
    assert "study: str" not in page.get_text()


def test_given_parameters_reach_the_notebook(page):
    assert page.select_one("pre.rk-text").string == "limit None\n"


def test_warnings_on_the_error_stream_are_not_shown(page):
    assert "a warning" not in "".join(tag.get_text() for tag in page.select(".rk-output"))


def test_code_is_folded(page):
    folded = page.select("details.rk-code")
    assert len(folded) == len(page.select("div.highlight"))
    assert not [details for details in folded if details.has_attr("open")]


def test_tags_remove_cells_inputs_and_outputs(page):
    assert "removed cell" not in page.get_text()
    assert "iframe" not in page.get_text()
    assert page.select_one("figure.rk-figure:not(:has(img))").string == "twin"
    assert "removed output" not in "".join(tag.get_text() for tag in page.select(".rk-output"))
    assert "removed output" in page.get_text()


def test_a_table_of_pandas_is_a_table(page):
    assert page.select_one("table.dataframe tbody th").string == "bird"


def test_the_foot_says_what_made_the_page_and_when(rich, page):
    foot = page.footer.get_text()
    assert f"retrain-kit {__version__}" in foot
    assert "05_rich.ipynb" in foot
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", page.footer.time["datetime"])
    assert str(rich.parent.parent) not in rich.read_text("utf-8")


def test_the_notebook_stays_as_it_is_and_only_the_report_is_written(rich):
    notebook = notebooks.load_notebook(rich.parent.parent / "05_rich.ipynb")
    assert not [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [path.name for path in rich.parent.iterdir()] == ["05_rich.html"]


def test_the_kernel_is_this_interpreter_in_the_given_folder_without_a_fiftyone_context(
    kernel, tmp_path, monkeypatch
):
    monkeypatch.setenv("FIFTYONE_CONTEXT", "COLAB")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "nowhere"))
    source = "import os, sys\nprint(sys.executable, os.getcwd(), 'FIFTYONE_CONTEXT' in os.environ, sep='\\n')"
    notebook = write_notebook(tmp_path / "who.ipynb", [("code", source, ())], kernel=None)
    (tmp_path / "here").mkdir()
    html = render.write_report(notebook, {}, tmp_path / "who.html", tmp_path / "here")
    shown = BeautifulSoup(html.read_text("utf-8"), "html.parser").select_one("pre.rk-text").string
    assert shown.split() == [os.sys.executable, str(tmp_path / "here"), "False"]
    assert os.environ["FIFTYONE_CONTEXT"] == "COLAB"


STOPS = {
    "ours": (
        "from retrain_kit.errors import DataError as E; from retrain_kit.errors import Fault\nraise E(Fault('a.csv:3', 'x', 'a number'))",
        "stop.ipynb, cell [1] stopped: a.csv:3: found x; expected a number. The half-run notebook is ",
    ),
    "others": (
        "1 / 0",
        "stop.ipynb, cell [1] stopped: ZeroDivisionError: division by zero. The half-run notebook is ",
    ),
    "killed": ("import os\nos._exit(3)", "stop.ipynb stopped: its Python process ended (Kernel died"),
}


@pytest.mark.parametrize("kind", STOPS)
def test_a_notebook_that_stops_says_why_in_one_line_and_is_kept_half_run(kernel, tmp_path, kind):
    source, message = STOPS[kind]
    notebook = write_notebook(tmp_path / "stop.ipynb", [("markdown", "# T", ()), ("code", source, ())])
    with pytest.raises(ReportError) as raised:
        render.write_report(notebook, {}, tmp_path / "out" / "name.html", tmp_path)
    said = str(raised.value)
    assert said.startswith(message)
    assert said.endswith(str(tmp_path / "out" / "name.failed.ipynb"))
    assert "\n" not in said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["name.failed.ipynb"]
    assert source in [
        cell.source for cell in notebooks.load_notebook(tmp_path / "out" / "name.failed.ipynb").cells
    ]


def test_a_run_that_goes_well_removes_the_half_run_notebook_of_the_last(kernel, tmp_path):
    cells = [("code", "ok: bool = False", ("parameters",)), ("code", "assert ok", ())]
    notebook = write_notebook(tmp_path / "x.ipynb", cells)
    with pytest.raises(ReportError, match="AssertionError"):
        render.write_report(notebook, {"ok": False}, tmp_path / "out" / "x.html", tmp_path)
    render.write_report(notebook, {"ok": True}, tmp_path / "out" / "x.html", tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x.html"]


def test_a_report_is_printed_to_a_tagged_pdf(rich, chromium, tmp_path):
    pdf = render.print_pdf(rich, tmp_path / "out" / "rich.pdf")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in content
    assert [path.name for path in pdf.parent.iterdir()] == ["rich.pdf"]


@pytest.mark.parametrize("browser", ["", "false"])
def test_without_a_browser_that_prints_the_reason_is_said_and_no_pdf_is_left(tmp_path, monkeypatch, browser):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", (browser and shutil.which(browser, path="/bin:/usr/bin")) or "nowhere")
    (tmp_path / "a.html").write_text("<p>a")
    with pytest.raises(ReportError, match="nothing printed" if browser else "no Chromium to print with"):
        render.print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
