"""How commands are told who or what else says a line of each image: a table, a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retrain_kit.cli import words_veil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.studies.manifests import Manifest

CAPTIONS_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


def lines_options(beside: str) -> Callable[[Any], Any]:
    """Return the decorator of a command with the options for such lines; `beside` says where they stand."""

    def decorated(command: Any) -> Any:  # noqa: ANN401 - click's decorators take either
        model = click.option(
            "--caption-model", "model", default="", metavar="CARD", help="A model that writes such lines."
        )
        table = click.option(
            "--captions", type=CAPTIONS_PATH, help=f"A CSV of image, caption and credit: one line {beside}."
        )
        return table(model(command))

    return decorated


def lines_of(
    samples: Sequence[Sample], manifest: Manifest, table: Path | None, model: str
) -> Mapping[str, CreditedLine]:
    """Return one line about each image that a table or a model has one for.

    Raises
    ------
    KitError
        As `models.captions.lines_about`.
    """
    if not table and not model:
        return {}
    from retrain_kit.models import captions  # noqa: PLC0415 - see the package's docstring

    accepted = words_veil.current().accepted
    found = captions.lines_about(samples, manifest, table, model, accepted=accepted)
    if table or found.without:
        click.echo(found.note, err=True)
    return found.lines


guest_option = click.option(
    "--guest",
    "guests",
    multiple=True,
    metavar="CARD",
    help="A model that names what it sees: its line in recoding-art, and how many words it has; repeatable.",
)
SOUGHT = ("painting", "drawing", "sculpture", "art")
"""Words that are looked for among those that a guest has."""


def lines_when_asked(
    manifest: Manifest, table: Path | None, model: str, guests: Sequence[str]
) -> Callable[[Sequence[Sample]], Mapping[str, Sequence[CreditedLine]]]:
    """Return what says the lines of works once they are drawn: models are asked about these alone.

    Parameters
    ----------
    guests
        Names or cards of models that classify or detect. Words for people that they say are veiled, unless
        the content notice was accepted.
    """

    def asked(samples: Sequence[Sample]) -> Mapping[str, Sequence[CreditedLine]]:
        written = lines_of(samples, manifest, table, model)
        if not guests:
            return {name: (line,) for name, line in written.items()}
        from retrain_kit.models import asking, survival_tables, work_lines  # noqa: PLC0415 - see the package's docstring
        from retrain_kit.models.guests import invite  # noqa: PLC0415 - the same

        accepted = words_veil.current().accepted
        readings = [
            survival_tables.Reading(
                asking.ask_guest(guest, samples, work_lines.WHOLE),
                guest.card.labels.shown(accepted=accepted),
            )
            for guest in map(invite, guests)
        ]
        if any(reading.answered.left_out for reading in readings):
            click.echo(survival_tables.left_out_note(readings), err=True)
        return work_lines.AskedWorks(samples, readings, written, SOUGHT).lines

    return asked
