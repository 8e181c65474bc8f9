"""Polyphony in a class: the circle of a pair's table, each person at a screen of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises import (
    agreements,
    lineage_drawings,
    lineages,
    polyphony_figures,
    prompts,
    sentences,
)
from retrain_kit.exercises.hearing import Heard
from retrain_kit.exercises.polyphony import CONSENT_VERSION, MOST_LETTERS, USES, Polyphony
from retrain_kit.figures import SVG
from retrain_kit.web.parts import KEPT, NO_FILE, Drawing, Item, Reply, Shown, act_of
from retrain_kit.widgets import messages, polyphony_pages
from retrain_kit.widgets.what_if_acts import COPIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.circles import Turn
    from retrain_kit.exercises.facing import Facing
    from retrain_kit.web.stores import SharedStore

    Act = Callable[["Polyphonies", int, Author, Mapping[str, Any]], str]


class Polyphonies:
    """The exercise on pairs of images.

    Parameters
    ----------
    store
        Where sentences are kept.
    faced
        The pairs to go through, with their pictures.
    language
        Which translation stands beside the English prompts.
    """

    name, title, script = "polyphony", "Polyphony", "polyphony.js"

    def __init__(self, store: SharedStore, faced: Sequence[Facing], language: str) -> None:
        self.tables = tuple(Polyphony(store, each.pair) for each in faced)
        self._faced = tuple(faced)
        self._store = store
        self._language = language

    @property
    def items(self) -> list[Item]:
        """The pairs."""
        return [
            Item(
                {
                    "title": each.figure.title,
                    "caption": each.figure.caption,
                    "credit": each.figure.credit,
                    "panels": [{"name": panel.name, "alt": panel.alt} for panel in each.figure.panels],
                },
                each.figure.panels,
            )
            for each in self._faced
        ]

    @property
    def setting(self) -> dict[str, Any]:
        """Languages, uses, ways to refuse."""
        return polyphony_pages.setting(self._language)

    def answer(self, index: int, key: str, sent: Mapping[str, Any]) -> Reply:
        """Do what a person asks for, and return the page that follows from it."""
        author, more, told = Author(key), False, {}
        try:
            messages.check(sent)
            act = act_of(sent, _ACTS)
            more = act == "more"
            told = {"said": _ACTS[act](self, index, author, sent), "done": act}
        except ParameterError as error:
            told = {"fault": str(error)}
        return Reply({**self._page(index, author, more=more), **told})

    def records(self) -> list[Record]:
        """Return what was said about these pairs."""
        return [record for table in self.tables for record in table.records]

    def shown(self, index: int) -> Shown:
        """Return the lineage of a pair's sentences, and their points of agreement beside their dissent."""
        figure = self._faced[index].figure
        every = self.tables[index].records
        agreed = tuple(record for record in every if "class" in record.consent.agreed)
        heard = Heard(agreed, tuple(self._store.withdrawals()), aside=len(every) - len(agreed))
        places = lineages.grow(heard.records, heard.withdrawals)
        drawing = Drawing(
            "Which sentence grew out of which.",
            sentences.plain(places),
            lineage_drawings.svg(places).encode(),
            SVG,
        )
        return Shown(
            figure.title,
            figure.panels,
            (drawing,) if places else (),
            (
                ("Points of agreement", _lines(polyphony_figures.agreement(heard), heard)),
                ("Dissent", _lines(polyphony_figures.dissent(heard), heard)),
            ),
            tuple(sentences.REFUSED[record.refusal] for record in agreed if record.refusal),
            f"{figure.credit} {prompts.credit()}",
        )

    def leave(self, who: str) -> None:
        """Give what somebody was reading to others."""
        for table in self.tables:
            table.leave(who)

    def _page(self, index: int, author: Author, *, more: bool) -> dict[str, Any]:
        table = self.tables[index]
        return {
            **polyphony_pages.page(table, table.turn(author.who, more=more), self._language),
            "index": index,
            "seat": 0,
            "seats": [[author.who, polyphony_pages.state(table, author.who)]],
            "key": author.key,
            "file": NO_FILE,
        }

    def _look(self, _: int, __: Author, ___: Mapping[str, Any]) -> str:
        return ""

    def _say(self, index: int, author: Author, sent: Mapping[str, Any]) -> str:
        text, refusal, once = (messages.text(sent, name) for name in ("text", "refusal", "once"))
        if self._store.kept(once, author.who):
            return KEPT
        self.tables[index].answer(
            self._turn(index, author, messages.text(sent, "turn")),
            "" if refusal else text,
            messages.consent(sent, USES, CONSENT_VERSION),
            author.key,
            language=messages.text(sent, "language"),
            refusal=refusal,
            once=once,
        )
        return "Your refusal is kept. It is an answer." if refusal else "Your sentence is kept."

    def _turn(self, index: int, author: Author, name: str) -> Turn:
        """Return the turn that a page shows, where it is still open."""
        table = self.tables[index]
        for more in (False, True):
            turn = table.turn(author.who, more=more)
            if polyphony_pages.page(table, turn, self._language)["turn"] == name:
                return turn
        do = "What you are asked has changed while you wrote; what you wrote still stands in the field."
        raise ParameterError(Fault("turn", "one that is past", "the one that is open", do))

    def _withdraw(self, index: int, author: Author, sent: Mapping[str, Any]) -> str:
        done = self.tables[index].withdraw(messages.text(sent, "record"), author.key)
        left = COPIES.format(len(done.copies)) if done.copies else ""
        return f"Withdrawn. Only that something was withdrawn is left.{left}"

    def _footnote(self, _: int, author: Author, sent: Mapping[str, Any]) -> str:
        text, language = messages.text(sent, "text"), messages.text(sent, "language")
        if len(text) > MOST_LETTERS:
            raise ParameterError(Fault("footnote", f"{len(text)} letters", f"at most {MOST_LETTERS}"))
        record, once = messages.text(sent, "record"), messages.text(sent, "once")
        if not self._store.kept(once, author.who):
            self._store.amend(record, text, author.key, language=language, once=once)
        return "Your footnote is kept; what you said before stays."


_ACTS: Mapping[str, Act] = {
    "look": Polyphonies._look,  # noqa: SLF001 - of this module
    "more": Polyphonies._look,  # noqa: SLF001 - of this module
    "say": Polyphonies._say,  # noqa: SLF001 - of this module
    "withdraw": Polyphonies._withdraw,  # noqa: SLF001 - of this module
    "footnote": Polyphonies._footnote,  # noqa: SLF001 - of this module
}


def _lines(figure: polyphony_figures.Shown, heard: Heard) -> tuple[str, ...]:
    """Return what a figure says in words, without its caption, which names the images."""
    captions = tuple(f"{name}. {heard.credit}" for name in agreements.by_name(heard.records))
    lines = (line.removeprefix(caption).strip() for caption in captions for line in figure.text.splitlines())
    return tuple(line for line in lines if line)
