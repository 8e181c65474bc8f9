"""A script with what it imports in it is still the module that its author wrote, in parts."""

import inspect
import re
from pathlib import Path

import pytest
from hosting import WIDGETS

from retrain_kit.display import assets
from retrain_kit.studies.manifests import PACKAGE_FOLDER
from retrain_kit.widgets import review

IMPORT = re.compile(r'^import [^;]*? from "([^"]+)";\n', re.MULTILINE)


def parts(path):
    """Return the files a module is made of, those it imports before those that import them."""
    names = IMPORT.findall(path.read_text())
    imported = [part for name in names for part in parts((path.parent / name).resolve())]
    return list(dict.fromkeys([*imported, path]))


def spoken(text):
    """Return the lines that say something, those of imports left out, in no order."""
    return sorted(line for line in IMPORT.sub("", text).splitlines() if line.strip())


@pytest.fixture
def write(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widgets_script_is_one_module_that_imports_nothing(name):
    script = WIDGETS[name]._esm
    assert not re.search(r"^\s*(import\b|\} from\b)", script, re.MULTILINE)
    assert script.count("export default { render };") == 1


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widgets_script_says_what_its_parts_say_each_once(name):
    texts = [path.read_text() for path in parts(Path(inspect.getfile(WIDGETS[name])).with_suffix(".js"))]
    assert spoken(WIDGETS[name]._esm) == spoken("".join(texts))


@pytest.mark.parametrize("name", ["batch/mosaic/page.js", "widgets/review_page.js"])
def test_the_script_of_a_page_says_what_its_parts_say_each_once(name):
    page = PACKAGE_FOLDER / name
    found = parts(page)
    assert len(found) > 1
    assert spoken(assets.inlined_script(page)) == spoken("".join(path.read_text() for path in found))


def test_the_page_of_a_review_has_the_script_of_the_widget_in_it():
    assert "class Review {" in review.review_page_html([])


def test_what_is_imported_comes_first_and_once(write):
    folder = write(
        page='import { b } from "./b.js";\nimport { c } from "./c.js";\n\nb(c);\n',
        b='import { d } from "./d.js";\n\nexport const b = d;\n',
        c='import { d } from "./d.js";\n\nexport const c = d;\n',
        d="export const d = 1;\n",
    )
    assert [line for line in assets.inlined_script(folder / "page.js").splitlines() if line] == [
        "export const d = 1;",
        "export const b = d;",
        "export const c = d;",
        "b(c);",
    ]


def test_an_import_over_several_lines_is_one_too(write):
    folder = write(page='import {\n  first,\n  second,\n} from "./b.js";\nfirst(second);\n', b="b;\n")
    assert assets.inlined_script(folder / "page.js") == "b;\nfirst(second);\n"


def test_a_module_of_another_folder_is_found_and_is_one_by_whatever_way(write, tmp_path):
    write(b="b;\n", c='import { b } from "./b.js";\nc;\n')
    page = tmp_path / "elsewhere" / "page.js"
    page.parent.mkdir()
    page.write_text('import { b } from "../b.js";\nimport { c } from "../elsewhere/../c.js";\nb(c);\n')
    assert assets.inlined_script(page) == "b;\nc;\nb(c);\n"
