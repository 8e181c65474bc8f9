"""`retrain-kit what-it-took`: the work in one image, on one page to send or to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming
from retrain_kit.cli.figure_options import figures_options
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import Fault, ParameterError, names_in_words
from retrain_kit.storage.files import check_endings, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.annotations.samples import Sample

_ENDINGS = (".html", ".pdf", ".png")


@kit.command("what-it-took")
@study_argument
@click.option("--image", required=True, metavar="ID", help="The image, by its id.")
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT",
    help="Write this page: a name that ends in .html, .pdf or .png.",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "a5", "letter"]),
    default="a4",
    show_default=True,
    help="The size of a PDF's page, and of a PNG's. The HTML page is printed on any.",
)
@click.option(
    "--decanonized",
    is_flag=True,
    help="Show the image without what is tagged in it, where its licence allows it; else its outlines alone.",
)
@figures_options
@strict_option
def what_it_took(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    image: str,
    out: Path,
    paper: str,
    decanonized: bool,
    files: tuple[Path, ...],
    chosen: tuple[str, ...],
) -> None:
    """Write one page on what an image of STUDY took: how long, by whose figures, for which pay.

    Its outlines, a strip of its replay with the seconds counted, its house in the city of the study, the
    interval with its figures and sources, pay as claimed and as measured, what its authors disclose, and what
    cannot be concluded. The scene need not be shown, and is not, unless --decanonized asks for what is left.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis.city import count_houses  # noqa: PLC0415 - the same
    from retrain_kit.batch.work_ledger import choose_figures  # noqa: PLC0415 - the same
    from retrain_kit.reports import what_it_took as pages  # noqa: PLC0415 - the same
    from retrain_kit.widgets.progress import watched  # noqa: PLC0415 - the same

    check_endings([out], _ENDINGS)
    figures = choose_figures(files, chosen)
    manifest = naming.load_study(study)
    kept: list[Sample] = []
    every = watched(datasets.stream(manifest), "counting", total=len(manifest.images))
    houses = count_houses(_keeping(every, manifest.shown_id(image), kept), manifest, figures)
    if not kept:
        raise ParameterError(Fault("--image", image, f"the id of an image: {names_in_words(houses.ids)}"))
    sample, ending = kept[0], out.suffix.lower()
    lights = pages.LIGHTS if ending == ".html" else pages.LIGHTS[:1]
    pictures = pages.draw_pictures(sample, manifest, houses, figures, pages.Showing(decanonized, lights))
    page = pages.tell_what_it_took(sample, manifest, figures, pictures)
    if ending == ".html":
        made = pages.page_html(page).encode()
    else:
        made = (pages.page_pdf if ending == ".pdf" else pages.page_png)(page, paper)
    with writing(out) as path:
        path.write_bytes(made)
    click.echo(f"{page.told}\n{out}")


def _keeping(samples: Iterable[Sample], image: str, kept: list[Sample]) -> Iterator[Sample]:
    """Yield samples, and keep the one of an image."""
    for sample in samples:
        if sample.id == image:
            kept.append(sample)
        yield sample
