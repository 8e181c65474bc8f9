"""`retrain-kit what-it-took`: the work in one image, on one page to send or to print."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import figures_options
from retrain_kit.errors import Fault, ParameterError, advise_names
from retrain_kit.storage.files import check_endings, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.reports.what_it_took import TookPage

_ENDINGS = (_PAGE := ".html", ".pdf", ".png")


@kit.command("what-it-took")
@study_argument
@click.option("--image", required=True, metavar="ID", help="The image, by its id or its file.")
@click.option(
    "-o",
    "outs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT",
    help="Write the page here: a name that ends with .html, .pdf or .png; repeatable.",
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
    outs: tuple[Path, ...],
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

    check_endings(outs, _ENDINGS)
    figures = choose_figures(files, chosen)
    manifest = naming.load_study(study)
    kept: list[Sample] = []
    every = watched(datasets.stream(manifest), "counting", total=len(manifest.images))
    houses = count_houses(_keeping(every, manifest.meant_id(image), kept), manifest, figures)
    if not kept:
        do = advise_names(image, houses.ids)
        raise ParameterError(Fault("--image", repr(image), "the id of an image of the study", do))
    sample = kept[0]
    lights = pages.LIGHTS if any(_ending(out) == _PAGE for out in outs) else pages.LIGHTS[:1]
    showing = pages.Showing(decanonized, lights, partial(watched, what="drawing"))
    pictures = pages.draw_pictures(sample, manifest, houses, figures, showing)
    page = pages.tell_what_it_took(sample, manifest, figures, pictures)
    click.echo(page.told)
    for out in outs:
        with writing(out) as path:
            path.write_bytes(_made(page, _ending(out), paper))
        click.echo(out)


def _ending(out: Path) -> str:
    return out.suffix.lower()


def _made(page: TookPage, ending: str, paper: str) -> bytes:
    """Return the page as the file that an ending stands for."""
    from retrain_kit.reports import what_it_took as pages  # noqa: PLC0415 - see the package's docstring

    if ending == _PAGE:
        return pages.page_html(page).encode()
    return (pages.page_pdf if ending == ".pdf" else pages.page_png)(page, paper)


def _keeping(samples: Iterable[Sample], image: str, kept: list[Sample]) -> Iterator[Sample]:
    """Yield samples, and keep the one of an image."""
    for sample in samples:
        if sample.id == image:
            kept.append(sample)
        yield sample
