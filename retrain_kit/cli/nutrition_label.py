"""`retrain-kit nutrition-label`: what is in a study, on one page to print and pin beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import FILE, lists_options
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.files import check_endings, writing

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import RejectedAnnotation

_ENDINGS = (".pdf", ".html")


@kit.command("nutrition-label")
@study_argument
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT",
    help="Write this page: a name that ends in .pdf or .html.",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "letter"]),
    default="a4",
    show_default=True,
    help="The size of a PDF's page. The HTML page is printed on either.",
)
@click.option(
    "--label-system",
    "system",
    type=FILE,
    help="Where its words stand, as for `words`.  [default: as its manifest says]",
)
@lists_options
@strict_option
def nutrition_label(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    out: Path,
    paper: str,
    system: Path | None,
    names: Path | None,
    withdrawn: Path | None,
    wounding: Path | None,
) -> None:
    """Write the nutrition label of STUDY: one page that says what is in it, as food labels do.

    What, how much, from whom, by whom, by what work, with whose consent, what was withdrawn, what was never
    said. It is filled from the study's manifest, its label system and counts; no image is opened. A line that
    nobody has filled stays empty and is marked so. Words for people are veiled: some of them wound.

    A study that is not pulled yet, or that was withdrawn, is described by what its manifest says.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.datasets.veil import study_veil  # noqa: PLC0415 - the same
    from retrain_kit.reports import nutrition_label as labels  # noqa: PLC0415 - the same
    from retrain_kit.widgets.progress import watched  # noqa: PLC0415 - the same

    check_endings([out], _ENDINGS)
    given = {"file": system, "names": names, "withdrawn": withdrawn, "wounding": wounding}
    manifest = naming.load_unveiled(study, pinned=False, keep=False)
    named = {**manifest.label_system, **{name: path for name, path in given.items() if path}}
    veil = study_veil(replace(manifest, label_system=named))
    if names and not any(each.lemmas for each in veil.taxonomy):
        raise ParameterError(Fault("--names", str(names), "a label system", "Name it with --label-system."))
    veil.lifted = veil.lifted or words_veil.current().accepted
    words_veil.current().note(manifest.name, veil)
    unmatched: list[RejectedAnnotation] = []
    samples = datasets.stream(manifest, unmatched) if manifest.pinned else ()
    with veil.over_errors():
        label = labels.study_label(
            manifest, watched(samples, "counting", total=len(manifest.images)), unmatched, veil
        )
    is_pdf = out.suffix.lower() == ".pdf"
    page = labels.label_pdf(label, paper) if is_pdf else labels.label_html(label).encode()
    with writing(out) as path:
        path.write_bytes(page)
    empty = label.blank_lines
    click.echo(f"{empty:,} of {len(label.lines):,} lines are empty: nobody has filled them\n{out}")
