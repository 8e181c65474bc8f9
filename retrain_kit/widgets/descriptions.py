"""A widget in which a person describes an image in a given time: at first sight, and after living with it.

The browser measures the time and locks the text; the kernel keeps and compares. What people write, and their
keys, travel as messages: neither is in the saved state of a notebook. The static twin shows images, what is
asked, and two descriptions made for demonstration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import TraitType

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises import prompts
from retrain_kit.exercises.descriptions import FIRST, WHICH
from retrain_kit.exercises.living_with_images import CONSENT_VERSION, USES, Time, Voice
from retrain_kit.widgets import description_pages, messages, modules
from retrain_kit.widgets.description_pages import TIMES, static_html
from retrain_kit.widgets.takeaways import takeaway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Said
    from retrain_kit.exercises.living_with_images import LivingWithImages
    from retrain_kit.exercises.seen import Seen

KEPT = {
    "say": "What stands there is kept as it is.",
    "refuse": "Your refusal is kept. It is an answer.",
}
UNSHOWN = "It is shown to nobody else: you have not agreed to it."


class Descriptions(anywidget.AnyWidget):
    """Ask people to describe images in a given time.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is written.
    items
        The images to go through.
    which
        `first` in the first class, `second` in the second.
    language
        Which translation stands beside the English prompts; `en` for none.
    times
        How much of the exercise's time everybody has to begin with, one of `TIMES`; 0 for no limit. A person
        can choose another, and take more while writing.

    Raises
    ------
    ParameterError
        When there is no item, or no such description, language or time; all faults together.
    """

    _esm = modules.script("descriptions")
    _css = modules.style("descriptions")

    items: TraitType[tuple[Seen, ...], Sequence[Seen]] = TraitType(()).tag(
        sync=True, to_json=lambda items, _: [description_pages.item(each) for each in items]
    )
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}).tag(sync=True)

    def __init__(
        self,
        exercise: LivingWithImages,
        items: Sequence[Seen],
        which: str = FIRST,
        language: str = prompts.ORIGINAL,
        times: int = 1,
    ) -> None:
        _check(items, which, language, times)
        self._exercise, self._which, self._language = exercise, which, language
        self._key, self._index = "", 0
        super().__init__(items=tuple(items), setting=description_pages.setting(which, language, times))
        self.on_msg(self._receive)

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        self.send(self.answer(content))

    def answer(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the page that follows from what the browser asks for: an act and what belongs to it."""
        try:
            messages.check(content)
            act = messages.text(content, "act")
            if act not in _ACTS:
                raise ParameterError(Fault("act", repr(act), f"one of {', '.join(_ACTS)}"))
            told = _ACTS[act](self, content)
        except KitError as error:
            return {**self._page(), "fault": str(error)}
        return {**self._page(), "told": told, "done": act}

    def _page(self) -> dict[str, Any]:
        who = Author(self._key).who if self._key else ""
        described = self._exercise.described(self.items[self._index].image, who)
        return {
            **description_pages.page(described, self._which),
            "index": self._index,
            "who": who,
            "key": self._key,
            "file": takeaway([self._exercise.store], [self._key]),
        }

    def _look(self, _: Mapping[str, Any]) -> str:
        return ""

    def _go(self, content: Mapping[str, Any]) -> str:
        self._index = messages.whole(content, "index", len(self.items))
        return f"Image {self._index + 1} of {len(self.items)}."

    def _say(self, content: Mapping[str, Any]) -> str:
        time = Time(content.get("seconds"), content.get("typed", 0))
        text, voice = messages.text(content, "text"), self._voice(content)
        return self._kept(
            self._exercise.describe(self._image(content), self._which, text, time, voice), "say"
        )

    def _refuse(self, content: Mapping[str, Any]) -> str:
        refusal, voice = messages.text(content, "refusal"), self._voice(content)
        return self._kept(self._exercise.refuse(self._image(content), self._which, refusal, voice), "refuse")

    def _kept(self, said: Said, act: str) -> str:
        self._key = said.key
        return KEPT[act] if "class" in said.record.consent.agreed else f"{KEPT[act]} {UNSHOWN}"

    def _image(self, content: Mapping[str, Any]) -> str:
        return self.items[messages.whole(content, "index", len(self.items))].image

    def _voice(self, content: Mapping[str, Any]) -> Voice:
        consent = messages.consent(content, USES, CONSENT_VERSION)
        return Voice(consent, self._key, messages.text(content, "language"), messages.text(content, "once"))

    def _return(self, content: Mapping[str, Any]) -> str:
        author = Author(messages.text(content, "key"))
        self._key = author.key
        return f"You are {author.who} again."

    def _leave(self, _: Mapping[str, Any]) -> str:
        self._key = ""
        return "Somebody else writes now."

    def _withdraw(self, content: Mapping[str, Any]) -> str:
        done = self._exercise.withdraw(messages.text(content, "record"), self._key)
        copies = f" These files may still hold it: {', '.join(map(str, done.copies))}." if done.copies else ""
        return f"Withdrawn. Only that something was withdrawn is left.{copies}"

    def _footnote(self, content: Mapping[str, Any]) -> str:
        text = messages.text(content, "text")
        self._exercise.amend(messages.text(content, "record"), text, self._voice(content))
        return "Your footnote is kept; what you wrote before stays."

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        plain = "\n".join([self.setting["asked"][0], *(seen.name for seen in self.items)])
        html = static_html(self.items, self._which, self._language)
        return {**data, "text/plain": plain, "text/html": html}, metadata


_ACTS: dict[str, Callable[[Descriptions, Mapping[str, Any]], str]] = {
    "look": Descriptions._look,  # noqa: SLF001 - of this module
    "go": Descriptions._go,  # noqa: SLF001 - of this module
    "say": Descriptions._say,  # noqa: SLF001 - of this module
    "refuse": Descriptions._refuse,  # noqa: SLF001 - of this module
    "return": Descriptions._return,  # noqa: SLF001 - of this module
    "somebody-else": Descriptions._leave,  # noqa: SLF001 - of this module
    "withdraw": Descriptions._withdraw,  # noqa: SLF001 - of this module
    "footnote": Descriptions._footnote,  # noqa: SLF001 - of this module
}


def _check(items: Sequence[Seen], which: str, language: str, times: int) -> None:
    faults = [] if items else [Fault("Descriptions, items", "none", "at least one image")]
    if which not in WHICH:
        faults.append(Fault("Descriptions, which", repr(which), f"one of {', '.join(WHICH)}"))
    if isinstance(times, bool) or times not in TIMES:
        expected = f"one of {', '.join(map(str, TIMES))}; 0 is no limit"
        faults.append(Fault("Descriptions, times", repr(times), expected))
    try:
        prompts.check(language)
    except ParameterError as error:
        faults += error.faults
    if faults:
        raise ParameterError(*faults)
