"""The design stands once: no rule twice, no colour but in the tokens, and every pair of them can be read."""

import ast
import re
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
import tinycss2
from tinycss2.color4 import parse_color

import retrain_kit
from retrain_kit.display import assets, tokens
from retrain_kit.display.tokens import COLOURS, HEAT, TOKENS
from retrain_kit.reports.charts import USED

KIT = Path(retrain_kit.__file__).parent
SHEETS = sorted(KIT.rglob("*.css"))
OTHERS = sorted(path for ending in ("js", "html", "j2", "svg", "typ") for path in KIT.rglob(f"*.{ending}"))
MODULES = sorted(KIT.rglob("*.py"))
NESTING = {"media", "container", "supports", "layer"}
NO_COLOUR = {"transparent", "currentcolor"}
LITERAL = re.compile(
    r"(?<!&)#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\b(?:rgb|cmyk|luma|hsl|lab|lch|oklch|oklab)a?\(",
    re.IGNORECASE,
)
DATA = {
    "fiftyone/values.py": {"#000000"},  # the value of a pixel that means nothing
    "imaging/masking.py": {"#ff0000"},  # an example in a message
    "batch/mosaic/tiles.py": {"#ff0000"},
    "reports/typesetting.py": {"luma("},  # what it makes of the tokens
}


def rules(sheet, condition=""):
    """Yield condition, selector and declarations of every rule of a sheet."""
    for rule in sheet:
        if rule.type == "qualified-rule":
            yield condition, text(rule.prelude), declarations(rule.content)
        elif rule.type == "at-rule" and rule.content is not None:
            name = f"@{rule.lower_at_keyword} {text(rule.prelude)}"
            if rule.lower_at_keyword in NESTING:
                nested = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield from rules(nested, f"{condition} {name}")
            else:
                yield condition, name, declarations(rule.content)


def declarations(content):
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return frozenset(
        (each.lower_name, text(each.value), each.important) for each in found if each.type == "declaration"
    )


def text(parts):
    return " ".join(tinycss2.serialize([part for part in parts if part.type != "comment"]).split())


def parsed(path):
    return tinycss2.parse_stylesheet(
        path.read_text(encoding="utf-8"), skip_comments=True, skip_whitespace=True
    )


def said(parts):
    """Yield all declarations, those in rules within rules too."""
    for part in parts:
        inside = tinycss2.parse_blocks_contents(part.content or [], skip_comments=True, skip_whitespace=True)
        yield from (each for each in inside if each.type == "declaration")
        yield from said(each for each in inside if each.type in {"qualified-rule", "at-rule"})


def every(parts):
    """Yield all parts of a value, those within functions too."""
    for part in parts:
        yield part
        yield from every(getattr(part, "arguments", None) or [])


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


BROWSERS_OWN = re.compile("::-(webkit|moz)-")
"""Parts that one browser knows: another drops a whole rule that names them."""


def test_no_rule_stands_twice_in_all_style_sheets():
    places = defaultdict(list)
    for path in SHEETS:
        for condition, selector, said in rules(parsed(path)):
            if not BROWSERS_OWN.search(selector):
                places[condition, said].append(f"{path.name}: {selector}")
    assert len(places) > 300
    assert [found for found in places.values() if len(found) > 1] == []


@pytest.mark.parametrize("path", [path for path in SHEETS if path != tokens.FILE], ids=lambda path: path.stem)
def test_a_style_sheet_has_no_colour_but_the_tokens(path):
    values = [part for each in said(parsed(path)) for part in every(each.value)]
    coloured = [part for part in values if part.type in {"hash", "ident", "function"} and parse_color(part)]
    assert {part.serialize().lower() for part in coloured} <= NO_COLOUR


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_script_or_a_template_has_no_colour(path):
    assert LITERAL.findall(path.read_text(encoding="utf-8")) == []


def test_no_module_has_a_colour_but_the_tokens():
    found = defaultdict(set)
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                found[path.relative_to(KIT).as_posix()] |= set(LITERAL.findall(node.value))
    assert {name: colours for name, colours in found.items() if colours} == DATA


def test_every_token_is_used_and_every_name_that_is_used_is_a_token_or_set_where_it_is_used():
    texts = [path.read_text(encoding="utf-8") for path in (*SHEETS, *OTHERS, *MODULES)]
    used = {name for each in texts for name in re.findall(r"var\(--rk-([\w-]+)", each)}
    drawn = {
        *USED,
        *tokens.HUES,
        *tokens.MARKS,
        *HEAT,
        *(name for name in tokens.COLOURS if name.startswith("city-")),
        "sheet",
        "sheet-ink",
        "sheet-accent",
        "sheet-board",
        "sans",
    }
    assert set(TOKENS) - used - drawn == set()
    elsewhere = {name for each in texts for name in re.findall(r"--rk-([\w-]+)[\"'`]?[:,]", each)}
    assert used - set(TOKENS) - elsewhere == set()


@pytest.mark.parametrize("page", ["light", "dark"])
def test_what_is_written_can_be_read_on_both_papers(page):
    written = ("ink", "quiet", "accent", "link", "string", "keyword")
    for name, paper in product(written, ("paper", "tint")):
        one, other = (getattr(COLOURS[each], page) for each in (name, paper))
        assert contrast(one, other) >= 4.5, (name, paper)
    drawn = ("quiet", "accent", *tokens.HUES)
    thin = [
        name for name in drawn if contrast(*(getattr(COLOURS[each], page) for each in (name, "paper"))) < 3
    ]
    assert thin == ([] if page == "dark" else ["hue-3"])  # yellow: a dot has a rim, a bar its words


@pytest.mark.parametrize("page", ["light", "dark"])
def test_a_map_goes_evenly_away_from_the_paper(page):
    steps = [contrast(getattr(COLOURS["paper"], page), getattr(COLOURS[name], page)) for name in HEAT]
    assert steps[0] == 1
    assert steps == sorted(steps)
    assert steps[-1] > 12


def test_a_drawing_says_the_tokens_it_names_and_no_others():
    drawing = tokens.svg_document(10, 10, [f'<path stroke="{tokens.css_variable("hue-2")}"/>'])
    assert "--rk-paper:light-dark(" in drawing
    assert "--rk-hue-2:light-dark(" in drawing
    assert "--rk-ink" not in drawing


def test_what_was_drawn_with_light_colours_follows_the_page():
    drawing = tokens.with_page_colours(
        f'<svg x="1"><path style="fill: {COLOURS["ink"].light}"/></svg>', ["ink"]
    )
    assert 'style="fill: var(--rk-ink)"' in drawing
    assert drawing.startswith(f'<svg style="color-scheme:light dark;--rk-ink:{COLOURS["ink"].css}" x="1">')


def test_the_parts_of_a_page_never_overrule_the_page():
    assert ".rk-widget" not in assets.page_sheet()
    assert ":where(body) .rk-button {" in assets.page_sheet()
