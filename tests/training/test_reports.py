"""A page that shows answers is known to their store, so that withdrawing deletes it."""

import nbformat
import pytest

from retrain_kit.answers import AnswerContext, Consent, Store
from retrain_kit.errors import ReportError
from retrain_kit.reports import render

pytestmark = pytest.mark.usefixtures("kernel")

CONSENT = Consent(("class",), "1", "2026-11-22T09:00:00Z")
SHOWN = """\
from retrain_kit.answers import Store
with Store(store_folder) as store:
    print([record.text for record in store.records()])
"""


def notebook(path, source):
    cells = [
        nbformat.v4.new_code_cell('store_folder: str = ""  # where', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_withdrawing_deletes_the_page_that_a_notebook_with_answers_was_made_into(tmp_path):
    with Store(tmp_path / "answers") as store:
        said = store.say("a kite", AnswerContext(), CONSENT)
        page = render.write_report(
            notebook(tmp_path / "one.ipynb", SHOWN),
            {"store_folder": "answers"},
            tmp_path / "out" / "one.html",
            tmp_path,
        )
        assert "a kite" in page.read_text()
        assert store.withdraw(said.record.id, said.key).reached.deleted == (page,)
    assert not page.exists()


def test_a_notebook_that_stopped_half_way_goes_too(tmp_path):
    with Store(tmp_path / "answers") as store:
        said = store.say("a kite", AnswerContext(), CONSENT)
        stops = notebook(tmp_path / "stops.ipynb", f"{SHOWN}\nraise ValueError('no boats')")
        with pytest.raises(ReportError):
            render.write_report(
                stops, {"store_folder": str(tmp_path / "answers")}, tmp_path / "one.html", tmp_path
            )
        failed = tmp_path / "one.failed.ipynb"
        assert store.withdraw(said.record.id, said.key).reached.deleted == (failed,)
        assert not failed.exists()


def test_a_store_that_a_notebook_makes_knows_its_page(tmp_path):
    source = SHOWN.replace(
        "print(", f"store.say('a drone', {AnswerContext()!r}, {CONSENT!r}); print("
    ).replace("import Store", "import AnswerContext, Consent, Store")
    made = notebook(tmp_path / "one.ipynb", source)
    page = render.write_report(made, {"store_folder": "new"}, tmp_path / "one.html", tmp_path)
    with Store(tmp_path / "new") as store:
        (record,) = store.records()
        assert store.delete_as_keeper(record.id).reached.deleted == (page,)


@pytest.mark.parametrize("folder", ["", "elsewhere"])
def test_where_there_is_no_store_none_is_made(tmp_path, folder):
    page = tmp_path / "one.html"
    page.touch()
    render.note_derived_files((page,), {"store_folder": folder}, tmp_path)
    assert list(tmp_path.iterdir()) == [page]


def test_a_pdf_is_noted_beside_its_page(tmp_path):
    page, pdf, missing = (tmp_path / name for name in ("one.html", "one.pdf", "two.pdf"))
    page.touch()
    pdf.touch()
    with Store(tmp_path / "answers") as store:
        said = store.say("a kite", AnswerContext(), CONSENT)
        render.note_derived_files((page, pdf, missing), {"store_folder": "answers"}, tmp_path)
        assert store.withdraw(said.record.id, said.key).reached.deleted == (page, pdf)
