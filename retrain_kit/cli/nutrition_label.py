"""`retrain-kit nutrition-label`: what is in a study, on one page to print and pin beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import RejectedAnnotation

_FILE = click.Path(exists=True, path_type=Path)
_ENDINGS = (".pdf", ".html")


@kit.command("nutrition-label")
@study_argument
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT",
    help="Write this page: a name that ends with .pdf or .html.",
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
    type=_FILE,
    help="Where its words stand, as for `words`. Without one, its own words are a system.",
)
@click.option("--names", type=_FILE, help="What ids are called, as Open Images' class descriptions.")
@click.option("--withdrawn", type=_FILE, help="A list of ids that were withdrawn, as published.")
@click.option("--wounding", type=_FILE, help="A list of ids whose words may wound: only these are veiled.")
@click.option(
    "--accept-words",
    "--show-words-for-people",
    "accepted",
    is_flag=True,
    callback=words_veil.accept,
    help="I have read the notice: veil no word.",
)
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
    accepted: bool,
) -> None:
    """Write the nutrition label of STUDY: one page that says what is in it, as food labels do.

    What, how much, from whom, by whom, by what work, with whose consent, what was withdrawn, what was never
    said. It is filled from the study's manifest, its label system and counts; no image is opened. A line that
    nobody has filled stays empty and is marked so. Words for people are veiled: some of them wound.

    A study that is not pulled yet, or that was withdrawn, is described by what its manifest says.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import own_labels  # noqa: PLC0415 - the same
    from retrain_kit.analysis.veiled_study import StudyVeil  # noqa: PLC0415 - the same
    from retrain_kit.datasets import label_systems, study_systems, veil, withdrawn_words  # noqa: PLC0415 - the same
    from retrain_kit.reports import nutrition_label as labels  # noqa: PLC0415 - the same
    from retrain_kit.storage.files import writing  # noqa: PLC0415 - the same
    from retrain_kit.widgets.progress import watched  # noqa: PLC0415 - the same

    if out.suffix.lower() not in _ENDINGS:
        raise ParameterError(Fault("-o", str(out), "a name that ends with .pdf or .html"))
    retired = withdrawn_words.read_withdrawn(withdrawn) if withdrawn else None
    manifest = naming.load_unveiled(study, pinned=False, keep=False)
    known = veil.study_veil(manifest)
    named = (label_systems.read_label_system(system, names, withdrawn) if system else known.taxonomy) or None
    ids = label_systems.sense_ids(system) if system else known.ids
    listed = study_systems.read_listed(manifest, wounding)
    over = own_labels.people_veil(named, listed, accepted=accepted) if named else None
    shown = StudyVeil(named, over, ids, listed=listed or (), lifted=accepted)
    unmatched: list[RejectedAnnotation] = []
    if manifest.pinned:
        shown.look_at(watched(datasets.stream_quietly(manifest, []), "reading", total=len(manifest.images)))
    words_veil.current().note(manifest.name, shown)
    samples = shown.around(datasets.stream(manifest, unmatched)) if manifest.pinned else ()
    label = labels.study_label(
        shown.manifest_around(manifest),
        watched(samples, "counting", total=len(manifest.images)),
        unmatched,
        taxonomy=named,
        ids=ids if named else None,
        retired=retired,
        wounding=listed,
        accepted=accepted,
    )
    is_pdf = out.suffix.lower() == ".pdf"
    page = labels.label_pdf(label, paper) if is_pdf else labels.label_html(label).encode()
    with writing(out) as path:
        path.write_bytes(page)
    empty = label.blank_lines
    click.echo(f"{empty:,} of {len(label.lines):,} lines are empty: nobody has filled them\n{out}")
