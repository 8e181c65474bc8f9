"""Pages set by typst with the faces that the kit brings along; the same bytes on every machine.

A template is a text in typst's language. Beside it lie `data.json`, `assets/NAME` for every asset, and
`kit.typ`, which has the faces for all scripts and the page's `data`:

    #import "kit.typ": *
    #show: kit
    #data.title
    #image("assets/one.jpg", alt: data.alt)

What people have written belongs into the data, never into the template: there it is text and no markup.
"""

from __future__ import annotations

import json
import re
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from fontTools.ttLib import TTFont

from retrain_kit.display.tokens import COLOURS, with_fixed_colours
from retrain_kit.errors import Fault, ReportError

if TYPE_CHECKING:
    from collections.abc import Mapping

FONTS_FOLDER = Path(__file__).parents[1] / "data" / "fonts"
FACE = "Noto Sans"
TEMPLATES = Path(__file__).parent / "templates" / "print"
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # never shown: `kit` takes the date out
_OVERRIDES = "\u202d\u202e"  # they turn a text around, so that it reads as another
_TAB = "    "  # a face has no sign for it
_INVISIBLE = re.compile(r"[\n\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def typeset_pdf(
    template: str, data: Mapping[str, Any], assets: Mapping[str, Path | bytes] | None = None
) -> bytes:
    """Set a template and return the PDF: without a date, the same bytes for the same input everywhere.

    Parameters
    ----------
    template
        The text of the template, as `template` reads it from the kit's own.
    data
        What it shows, as JSON knows it. Signs that no face of the kit has become their numbers, see
        `replace_unsettable`.
    assets
        Images by the names the template calls them by, as files or as bytes; a name has an ending and no
        slash. JPEGs go into the PDF as they are, never coded again.

    Raises
    ------
    ReportError
        When the pages cannot be set, with typst's own words.
    """
    return _typeset(template, data, assets or {})


def typeset_png(
    template: str,
    data: Mapping[str, Any],
    assets: Mapping[str, Path | bytes] | None = None,
    per_inch: int = 150,
) -> bytes:
    """Set a template of one page and return it as a PNG, so many pixels per inch; else as `typeset_pdf`.

    Raises
    ------
    ReportError
        When the page cannot be set, with typst's own words.
    """
    return _typeset(template, data, assets or {}, format="png", ppi=per_inch)


def _typeset(
    template: str,
    data: Mapping[str, Any],
    assets: Mapping[str, Path | bytes],
    **form: Any,  # noqa: ANN401 - typst's settings
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as name:
        folder = Path(name)
        (folder / "assets").mkdir()
        for asset, content in assets.items():
            _put(folder / "assets" / asset, content)
        (folder / "kit.typ").write_text(template_text("kit"), encoding="utf-8")
        (folder / "tokens.typ").write_text(_greys(), encoding="utf-8")
        (folder / "data.json").write_text(json.dumps(_settable(data)), encoding="utf-8")
        (folder / "main.typ").write_text(template, encoding="utf-8")
        return _compiled(folder, **form)


def svg_as_png(drawing: str, width_px: int, height_px: int, scale: int = 2) -> bytes:
    """Return a drawing of `tokens.svg_document` as a PNG in its light colours, `scale` times as large."""
    template = f'#set page(width: {width_px}pt, height: {height_px}pt, margin: 0pt)\n#image("drawing.svg")'
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as name:
        folder = Path(name)
        (folder / "drawing.svg").write_text(with_fixed_colours(drawing, FACE), encoding="utf-8")
        (folder / "main.typ").write_text(template, encoding="utf-8")
        return _compiled(folder, format="png", ppi=72 * scale)


def template_text(name: str) -> str:
    """Return one of the kit's own templates, `templates/print/<name>.typ`."""
    return (TEMPLATES / f"{name}.typ").read_text(encoding="utf-8")


def replace_unsettable(text: str) -> str:
    """Return the text with the number (U+0007) in place of each sign that no face has or that misleads.

    So nothing falls away silently, and no empty box stands where somebody's name should. A tab is spaces.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        sign if ord(sign) in covered_codepoints() or _INVISIBLE.match(sign) else f"U+{ord(sign):04X}"
        for sign in text.replace("\t", _TAB)
    )


@cache
def covered_codepoints() -> frozenset[int]:
    """Return the numbers of all signs that the kit's faces have."""
    signs: set[int] = set()
    for path in sorted(FONTS_FOLDER.glob("*.[to]tf")):
        with TTFont(path, lazy=True) as face:
            signs.update(face.getBestCmap())
    controls = {*range(0x20), *range(0x7F, 0xA0), *map(ord, _OVERRIDES)}
    return frozenset(signs - controls)


def _greys() -> str:
    """Return the tokens that pages on paper are set in: greys, which a press prints in black alone."""
    return "".join(f"#let {name} = luma({COLOURS[name].grey})\n" for name in ("ink", "quiet", "rim"))


def _settable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON knows
    """Return a value of JSON with all its texts settable."""
    if isinstance(value, str):
        return replace_unsettable(value)
    if isinstance(value, dict):
        return {key: _settable(part) for key, part in value.items()}
    return [_settable(part) for part in value] if isinstance(value, list | tuple) else value


def _put(place: Path, content: Path | bytes) -> None:
    if isinstance(content, bytes):
        place.write_bytes(content)
        return
    try:
        place.symlink_to(content.resolve())
    except OSError:  # where links are not allowed
        place.write_bytes(content.read_bytes())


def _compiled(folder: Path, **form: Any) -> bytes:  # noqa: ANN401 - typst's settings
    try:
        made, warnings = typst.compile_with_warnings(
            folder / "main.typ",
            root=folder,
            font_paths=[FONTS_FOLDER],
            ignore_system_fonts=True,
            timestamp=_NO_DATE,
            **form,
        )
    except typst.TypstError as error:
        raise ReportError(Fault("pages", str(error.message), "a template and images typst can set")) from None
    if isinstance(made, list):
        raise ReportError(Fault("pages", f"{len(made)} pages", "one page that a PNG can be made of"))
    if warnings:
        said = "; ".join(str(warning.message) for warning in warnings)
        raise ReportError(Fault("pages", said, "pages set without a warning"))
    return bytes(made)
