"""Inviting: which of the guests that somebody asks for are here, and what to type for those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.display.figures import Note
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.models.cards import find_card
from retrain_kit.models.guests import Guest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.models.cards import Card, Task

NOBODY = "No guest is here that could be asked; see above why. Nothing is said in its place."
NO_NAME = "No guest was named. Type: retrain-kit models, to see which there are, and name one above."


@dataclass(frozen=True)
class Invited:
    """The guests that can be asked, and a note for each that was invited: its card, or why it cannot."""

    guests: tuple[Guest, ...]
    notes: tuple[Note, ...]


def invite_guests(asked: Iterable[tuple[str, Task]]) -> Invited:
    """Return the guests that are here, and whose first answer, of a grey image, fits their card.

    Parameters
    ----------
    asked
        The name or the card of each, and what it is asked to do; an empty name asks for none.

    Raises
    ------
    ParameterError
        With each name that is none, of a model that does something else, or of two models.
    """
    guests, notes, faults = list[Guest](), list[Note](), list[Fault]()
    for name, task in asked:
        if not name:
            continue
        try:
            card = find_card(name)
            if card.does != task:
                faults.append(Fault(task, f"{name}, which can {card.does}", f"a model that can {task}"))
                continue
            if any(card.name == each.card.name for each in guests):
                expected = "a name of its own for each: what they say is told apart by it"
                faults.append(Fault(f"{task}, {name}", f"a second model named {card.name}", expected))
                continue
            guest = Guest(card)
            guest.try_out()
            guests.append(guest)
            notes.append(card_note(card))
        except ParameterError as error:
            faults += error.faults
        except DataError as error:
            notes.append(Note(f"{name} cannot be asked", tuple(("why", str(each)) for each in error.faults)))
    if faults:
        raise ParameterError(*faults)
    if not notes:
        notes.append(Note(NO_NAME, ()))
    return Invited(tuple(guests), tuple(notes))


def card_note(card: Card) -> Note:
    """Return what is known of a model."""
    return Note(f"{card.title}, a guest", card.lines())
