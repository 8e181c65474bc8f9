"""What the map and the glossary say of the code is so: modules, arrows, rooms, names."""

import ast
import re
import sys
import tomllib
from functools import cache
from xml.etree import ElementTree as ET

import jupytext
import pytest
from modules import KIT, arrows, defined, imported, spoken_of, trees
from places import ROOT

from retrain_kit.display import tokens

DOCS = ROOT / "docs"
DRAWINGS = [DOCS / "way-of-an-image.svg", DOCS / "way-of-an-answer.svg"]
SVG = "{http://www.w3.org/2000/svg}"
CONTRACTS = {
    each["id"]: each
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
LAYERS = [[name.strip() for name in layer.split("|")] for layer in CONTRACTS["rooms"]["layers"]]
ROOMS = [name for layer in LAYERS for name in layer if name != "__main__"]


@cache
def modules():
    """The syntax tree of each module and of each notebook, by its name."""
    texts = {
        path.stem: ast.parse(
            "\n".join(cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code")
        )
        for path in (ROOT / "notebook_sources").glob("*.py")
    }
    return {**trees(ROOT), **texts}


@cache
def imports():
    """For each of them the modules that it imports."""
    return arrows(modules())


def reaches(user, giver):
    """Whether a module or a notebook imports another module, itself or from the package around it."""
    packages = {giver.rsplit(".", depth)[0] for depth in range(1, giver.count("."))}
    near = {giver} | {each for each in packages if giver in imports().get(each, ())}
    return bool(near & imports()[user])


def nouns(module):
    """The names that a module or one of its classes defines."""
    return {each.rpartition(".")[2] for each in defined(modules()[module])}


def uses(user, giver, name):
    """Whether a module or a notebook imports a module and speaks of a name that this one defines."""
    return reaches(user, giver) and name in nouns(giver) and name in spoken_of(modules()[user])


def classes(element):
    return element.get("class", "").split()


def boxes(drawing):
    """The boxes of a drawing by what they are called in it."""
    return {
        each.get("data-module") or each.get("data-file"): each
        for each in drawing.iter(f"{SVG}g")
        if {"module", "file"} & set(classes(each))
    }


def drawn_arrows(drawing):
    return [each for each in drawing.iter(f"{SVG}g") if "arrow" in classes(each)]


def stands(drawing, arrow):
    """Whether what an arrow says is in the code, in the manner of its kind."""
    found, name, text = boxes(drawing), arrow.get("data-name"), drawing.get("data-notebook")
    ends = [arrow.get("data-from"), arrow.get("data-to")]
    first, *more = [f"{KIT}.{end}" for end in ends if "module" in classes(found[end])]
    if "cells" in classes(arrow):
        return reaches(text, first) and uses(text, *more, name)
    if "run" in classes(arrow):
        return runs_notebooks(first, name)
    if via := arrow.get("data-via"):
        steps = [first, *(f"{KIT}.{each}" for each in via.split()), *more]
        return uses(*steps[:2], name) and all(map(reaches, steps, steps[1:]))
    if more:
        return uses(first, *more, name) or uses(*more, first, name)
    return (
        uses(text, first, name)
        if "notebook" in ends
        else name in nouns(first) | {*spoken_of(modules()[first])}
    )


def runs_notebooks(module, name):
    """Whether a function of a module takes a notebook."""
    return any(
        "notebook" in [each.arg for each in node.args.args]
        for node in modules()[module].body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )


@pytest.fixture(params=DRAWINGS, ids=lambda path: path.stem)
def drawing(request):
    return ET.parse(request.param).getroot()  # noqa: S314 - the kit's own drawing


def test_every_box_is_a_module_and_says_its_name(drawing):
    for name, box in boxes(drawing).items():
        if "module" in classes(box):
            assert f"{KIT}.{name}" in modules(), name
            assert box.find(f"{SVG}text").text == name
            for other in box.get("data-uses", "").split():
                assert reaches(f"{KIT}.{name}", f"{KIT}.{other}"), (name, other)
                assert other in "".join(box.itertext())


def test_every_arrow_is_in_the_code_and_says_what_goes_along_it(drawing):
    assert len(drawn_arrows(drawing)) > 15
    for arrow in drawn_arrows(drawing):
        assert stands(drawing, arrow), dict(arrow.attrib)
        assert arrow.find(f"{SVG}text").text == arrow.get("data-name")
        assert arrow.get("data-via", "").split()[:1] == [
            each.text[3:] for each in arrow.findall(f"{SVG}text")[1:]
        ]


@pytest.mark.parametrize("wrong", [{"data-name": "nothing"}, {"data-to": "storage.spill"}])
def test_an_arrow_that_is_not_in_the_code_would_be_found(drawing, wrong):
    drawing.append(ET.Element(f"{SVG}g", {"class": "module", "data-module": "storage.spill"}))
    between = {name for name, box in boxes(drawing).items() if "module" in classes(box)}
    for arrow in drawn_arrows(drawing):
        if {arrow.get("data-from"), arrow.get("data-to")} <= between:
            assert stands(drawing, arrow)
            arrow.attrib.update(wrong)
            assert not stands(drawing, arrow), dict(arrow.attrib)


def test_what_is_drawn_as_core_needs_numpy_pillow_filelock_and_cryptography_alone(drawing):
    allowed = {*sys.stdlib_module_names, "numpy", "PIL", "filelock", "cryptography", KIT}
    for name, box in boxes(drawing).items():
        if "core" in classes(box):
            asked, known = [f"{KIT}.{name}"], set()
            while asked:
                known.add(each := asked.pop())
                assert {found.split(".")[0] for found in imported(modules()[each])} <= allowed, (name, each)
                asked += [found for found in imports()[each] if found not in known and found in modules()]


def test_drawings_have_the_colours_of_the_tokens_for_light_and_for_dark(drawing):
    light, dark = re.findall(r":root \{([^}]*)\}", drawing.find(f"{SVG}style").text)
    for said, sides in ((light, "light"), (dark, "dark")):
        found = dict(re.findall(r"--(\w+): (#\w{6});", said))
        assert found == {name: getattr(tokens.COLOURS[name], sides) for name in found}
        assert len(found) > 5
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b", ET.tostring(drawing, "unicode"))
    assert {each for each in colours if each != "#head"} <= {
        getattr(each, side) for each in tokens.COLOURS.values() for side in ("light", "dark")
    }


def test_drawings_are_told_in_words(drawing):
    assert drawing.get("role") == "img"
    named = {each.get("id"): each.text for each in drawing if each.tag in (f"{SVG}title", f"{SVG}desc")}
    assert drawing.get("aria-labelledby").split() == ["title", "desc"]
    assert len(named["title"]) > 20
    assert len(named["desc"]) > 200


# -- the map in words


def rows(text, head):
    """The rows of the table whose first column has this head, cell by cell."""
    lines = iter(text.splitlines())
    next(line for line in lines if line.startswith(f"| {head} |"))
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def in_code_voice(text):
    """What stands between single backquotes and looks like a dotted name."""
    return [each for each in re.findall(r"`(\w+(?:\.\w+)+)`", text) if not each.endswith(".jsonl")]


def is_there(name):
    """Whether a dotted name is a module, or what one of them defines."""
    parts = f"{KIT}.{name}".split(".")
    return any(
        ".".join(parts[:cut]) in modules()
        and (not parts[cut:] or ".".join(parts[cut:]) in defined(modules()[".".join(parts[:cut])]))
        for cut in range(len(parts), 1, -1)
    )


def test_every_room_is_in_the_map_in_the_order_of_the_contracts():
    text = (DOCS / "architecture.md").read_text()
    table = [(re.findall(r"`(\w+)`", room), side, may) for room, _, side, may in rows(text, "room")]
    assert [room for names, _, _ in table for room in names] == ROOMS
    core = {each.removeprefix(f"{KIT}.") for each in CONTRACTS["pure-core"]["source_modules"]}
    for (room,), side, may in table:
        assert (side == "core") == (room in core), room
        beside = next(layer for layer in LAYERS if room in layer)
        assert re.findall(r"`(\w+)`", may) == [each for each in beside if each != room], room


def test_every_name_in_the_map_is_in_the_code():
    names = in_code_voice((DOCS / "architecture.md").read_text())
    assert len(names) > 40
    assert not [name for name in names if not is_there(name)]


def test_the_map_is_two_pages():
    assert len((DOCS / "architecture.md").read_text().splitlines()) <= 120


def glossary():
    """The terms of the glossary, part by part."""
    parts = (DOCS / "glossary.md").read_text().split("\n## ")[1:]
    return [list(rows(part, "term")) for part in parts]


def test_every_term_of_the_glossary_is_where_it_says():
    terms = [row for part in glossary() for row in part]
    assert len(terms) > 40
    for term, meaning, code, *others in terms:
        assert meaning.endswith("."), term
        assert len(others) == 4, term
        assert all(others), term
        assert in_code_voice(code), term
        assert not [name for name in in_code_voice(code) if not is_there(name)], term


def test_each_part_of_the_glossary_is_in_the_order_of_the_alphabet_and_has_a_term_once():
    parts = [[row[0] for row in part] for part in glossary()]
    assert all(part == sorted(part) for part in parts)
    every = [term for part in parts for term in part]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("name", ["answers.md", "architecture.md", "glossary.md"])
def test_the_readme_leads_to_each_page(name):
    assert f"(docs/{name})" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("page", "code"), [("README.md", r"```python\n(.*?)```"), ("binder/postBuild", r'python -c "\n(.*?)"')]
)
def test_code_on_a_page_imports_and_calls_what_is_there(page, code):
    source = "\n".join(re.findall(code, (ROOT / page).read_text(), re.DOTALL))
    names = [name for name in imported(ast.parse(source)) if name.startswith(KIT)]
    assert len(names) > 1
    assert not [name for name in names if name not in modules()]
    rooms = {name.rpartition(".")[2]: modules()[name] for name in names}
    for room, name in re.findall(r"\b([a-z_]+)\.([a-z_]+)\(", source):
        assert room not in rooms or name in {*defined(rooms[room]), *spoken_of(rooms[room])}, name


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted(DOCS.glob("*.md")))]
)
def test_every_path_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text()
    linked = [each for each in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in each]
    assert not [each for each in linked if not ((ROOT / page).parent / each).exists()]
    named = re.findall(r"`((?:retrain_kit|tests|docs|notebooks|benchmarks|data_manifests)/[\w./-]+)`", text)
    assert not [each for each in named if not (ROOT / each).exists()]


def test_what_the_readme_tells_to_make_can_be_made():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    pages = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    told = re.findall(r"(?:`|^    )make\s([a-z-]+)", pages, re.MULTILINE)
    assert {"report", "quick", "test", "check-web"} <= set(told) <= set(targets)
