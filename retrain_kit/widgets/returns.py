"""A widget in which a person gives back to an image they lived with: words, a file, a refusal, or fire.

Files come from the browser in pieces, which the kernel asks for one by one. A person's key travels by message
alone, so that no saved notebook holds it. The static twin shows the images and what may be given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from traitlets import TraitType

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.returns import CONSENT_VERSION, USES, Gift, Voice, kinds
from retrain_kit.widgets import messages, modules
from retrain_kit.widgets.returns_pages import INVITATION, own, setting, static_html, wire
from retrain_kit.widgets.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Said
    from retrain_kit.manifests import Manifest
    from retrain_kit.returns import Returns
    from retrain_kit.samples import Sample

MOST_NOTE_LETTERS = 2_000


class GiveBackError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes it back."""


class GiveBack(anywidget.AnyWidget):
    """Take what people give back to the images of their cards.

    Parameters
    ----------
    returns
        What came back so far, and where it is kept.
    cards
        The images, in the order in which they are shown.
    manifest
        Their study.

    Attributes
    ----------
    index : int
        Which card is shown, from 0.

    Raises
    ------
    ParameterError
        When there is no card, or no such index.
    """

    _esm = modules.script("returns")
    _css = modules.style("returns")

    items: TraitType[list[dict[str, Any]], list[dict[str, Any]]] = TraitType([], read_only=True).tag(
        sync=True
    )
    index: TraitType[int, int] = TraitType(0).tag(sync=True)
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)
    scene: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)

    def __init__(self, returns: Returns, cards: Sequence[Sample], manifest: Manifest) -> None:
        if not cards:
            raise GiveBackError(Fault("GiveBack, cards", "none", "at least one image"))
        self._returns, self._cards, self._manifest = returns, tuple(cards), manifest
        self._key = ""
        self._uploads = Uploads(returns)
        super().__init__()
        self.set_trait("items", [wire(sample, manifest) for sample in cards])
        self.set_trait("setting", setting())
        self.on_msg(self._receive)
        self._refresh()

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        value, most = proposal["value"], len(self._cards) - 1
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise GiveBackError(Fault("GiveBack, index", repr(value), f"a whole number from 0 to {most}"))
        return value

    def _refresh(self) -> None:
        mine = self._returns.records(who=Author(self._key).who) if self._key else []
        burnt = [card.id for card in self._cards if self._key and self._returns.burnt(card.id, self._key)]
        who = Author(self._key).who if self._key else ""
        self.set_trait("scene", {"who": who, "mine": [own(record) for record in mine], "burnt": burnt})

    def _receive(self, _: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Do what the browser asks for, and tell it what came of it."""
        try:
            messages.check(content)
            self.send(self._do(messages.text(content, "act"), content, buffers))
        except KitError as error:
            self._uploads.forget()
            self.send({"fault": str(error)})
        self._refresh()

    def _do(self, act: str, content: Mapping[str, Any], buffers: Sequence[Any]) -> dict[str, Any]:
        if act == "piece":
            return self._uploads.piece(content, buffers)
        if act not in _ACTS:
            raise ParameterError(Fault("act", repr(act[:80]), f"piece, {', '.join(_ACTS)}"))
        return _ACTS[act](self, content)

    def _look(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": self._key}

    def _give(self, content: Mapping[str, Any]) -> dict[str, Any]:
        text, pseudonym = messages.text(content, "text"), messages.text(content, "pseudonym")
        gift = Gift(text, pseudonym=pseudonym)
        if content.get("upload"):
            path, name = self._uploads.whole(content), self._uploads.name
            gift = Gift(text, path, name, pseudonym)
            if kinds.of(path, name) == kinds.PLAIN:
                words = "\n\n".join(filter(str.strip, (text, kinds.words(path, name))))
                gift = Gift(words, pseudonym=pseudonym)
        said = self._returns.give(self._image(content), self._voice(content), gift)
        self._uploads.forget()
        return self._said(said)

    def _refuse(self, content: Mapping[str, Any]) -> dict[str, Any]:
        gift = Gift(messages.text(content, "text"), pseudonym=messages.text(content, "pseudonym"))
        refusal = messages.text(content, "refusal")
        said = self._returns.refuse(self._image(content), refusal, self._voice(content), gift)
        told = "It is burnt. That something was refused stays, with its day." if refusal == "burn" else ""
        return {**self._said(said), "told": told or "Your refusal is kept. It is an answer."}

    def _withdraw(self, content: Mapping[str, Any]) -> dict[str, Any]:
        gone = self._returns.withdraw(messages.text(content, "record"), self._key)
        pages = f" These went with it: {', '.join(map(str, gone.pages))}." if gone.pages else ""
        left = f" These files may still hold it: {', '.join(map(str, gone.left))}." if gone.left else ""
        return {"told": f"Withdrawn.{pages}{left}"}

    def _footnote(self, content: Mapping[str, Any]) -> dict[str, Any]:
        text = messages.text(content, "text")
        if not text.strip() or len(text) > MOST_NOTE_LETTERS:
            raise ParameterError(Fault("footnote", f"{len(text)} letters", f"from 1 to {MOST_NOTE_LETTERS}"))
        self._returns.store.amend(messages.text(content, "record"), text, self._key)
        return {"told": "Your footnote is kept; what you gave before stays."}

    def _return(self, content: Mapping[str, Any]) -> dict[str, Any]:
        self._key = Author(messages.text(content, "key")).key
        return {"told": f"You are {Author(self._key).who} again.", "key": self._key}

    def _leave(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._key = ""
        return {"told": "Somebody else answers now.", "key": ""}

    def _said(self, said: Said) -> dict[str, Any]:
        self._key = said.key
        agreed = said.record.consent.agreed
        told = "It is kept." if agreed else "It is kept, and shown to nobody: you have not agreed to it."
        return {"told": told, "key": said.key, "done": "give"}

    def _voice(self, content: Mapping[str, Any]) -> Voice:
        consent = messages.consent(content, USES, CONSENT_VERSION)
        return Voice(consent, self._key, "", messages.text(content, "once"))

    def _image(self, content: Mapping[str, Any]) -> str:
        image = messages.text(content, "image")
        if image not in {card.id for card in self._cards}:
            raise ParameterError(Fault("image", repr(image[:80]), "one of the cards"))
        return image

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        twins = {"text/plain": INVITATION, "text/html": static_html(self._cards, self._manifest)}
        return {**data, **twins}, metadata


_ACTS: dict[str, Callable[[GiveBack, Mapping[str, Any]], dict[str, Any]]] = {
    "look": GiveBack._look,  # noqa: SLF001 - of this module
    "begin": lambda widget, sent: widget._uploads.begin(sent),  # noqa: SLF001 - the same
    "give": GiveBack._give,  # noqa: SLF001 - the same
    "refuse": GiveBack._refuse,  # noqa: SLF001 - the same
    "withdraw": GiveBack._withdraw,  # noqa: SLF001 - the same
    "footnote": GiveBack._footnote,  # noqa: SLF001 - the same
    "return": GiveBack._return,  # noqa: SLF001 - the same
    "somebody-else": GiveBack._leave,  # noqa: SLF001 - the same
}
