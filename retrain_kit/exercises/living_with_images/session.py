"""The session of *Living with images*: what a person may write in a given time, and what they see.

Nobody sees what others wrote, nor their own first text before the second is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.answers import messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.session import ItemView, Session
from retrain_kit.exercises.common.study_exercise import StudySession
from retrain_kit.exercises.living_with_images import changes, descriptions, figures
from retrain_kit.exercises.living_with_images.descriptions import (
    DESCRIPTION_NAMES,
    DIFFERENCE,
    EXERCISE,
    FIRST,
    SECOND,
    TIME_LIMITS_S,
    WHICH,
)
from retrain_kit.exercises.living_with_images.living_with_images import (
    CONSENT_VERSION,
    MAX_TEXT_CHARS,
    WritingTime,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.session import Act, Screen, Sent
    from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
    from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages

TIMES = {
    1: marked("{count} seconds, as asked"),
    2: marked("{count} seconds, twice as much"),
    10: marked("{count} seconds, ten times as much"),
    0: marked("no limit"),
}
"""How much of the exercise's time a person may take; 0 for all they want."""
KEPT = marked("What stands there is kept as it is.")


class DescriptionsSession(StudySession["ImageToDescribe", "LivingWithImages"]):
    """Images to describe in a given time.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is written.
    images
        The images to go through.
    which
        `first` in the first class, `second` in the second.
    language
        Which translation stands beside the English prompts; `en` for none.
    times
        How much of the exercise's time everybody has to begin with, one of `TIMES`.

    Raises
    ------
    ParameterError
        When there is no such description, language or time; all faults together.
    """

    name, title = EXERCISE, marked("Living with images")
    script = "exercises/living_with_images/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT}
    refused = refusals.WORDS_OF_SOMEBODY
    version, note_letters = CONSENT_VERSION, MAX_TEXT_CHARS

    def __init__(
        self,
        exercise: LivingWithImages,
        images: Sequence[ImageToDescribe],
        which: str = FIRST,
        language: str = prompts.ORIGINAL_LANGUAGE,
        times: int = 1,
    ) -> None:
        faults = setting_faults(which, language, times)
        if faults:
            raise ParameterError(*faults)
        super().__init__(exercise, images, language)
        self.which, self._times = which, times

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked, the time, languages, uses, ways to refuse."""
        asked, seconds = descriptions.description_prompts(), TIME_LIMITS_S[self.which]
        both = {"asked": asked[self.which], "difference": asked[DIFFERENCE]}
        return {
            **super().setting,
            "which": self.which,
            "name": gettext(DESCRIPTION_NAMES[self.which]),
            **{name: [each.text, each.translations.get(self.spoken, "")] for name, each in both.items()},
            "seconds": seconds,
            "times": [[each, _time(each, seconds)] for each in TIMES],
            "chosen": self._times,
            "language": self.spoken,
            "languages": list(prompts.languages().items()),
            "unreviewed": prompts.unreviewed_note(self.spoken),
            "credit": descriptions.exercise_credit(),
            "most": MAX_TEXT_CHARS,
        }

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person says what they see."""
        return {**super().acts, "say": self._say}

    @property
    def carried(self) -> dict[str, Any]:
        """Also which description it is."""
        names = {which: gettext(name) for which, name in DESCRIPTION_NAMES.items()}
        return {**super().carried, "which": self.which, "names": names, "most": MAX_TEXT_CHARS}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of an image."""
        return {"asked": self.exercise.context(self.items[index].image, self.which)}

    def _item(self, index: int, item: ImageToDescribe) -> ItemView:
        title = gettext("Image {number}", number=index + 1)
        return ItemView.of_image(item.panel, title=title, credit=item.credit, notice=item.notice)

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        described = self.exercise.described(self._image(screen), screen.who)
        hidden = self.which == SECOND and not described.second
        change = changes.text_change(described) or changes.TextChange()
        marked = {FIRST: change.dropped, SECOND: change.added}
        mine = [
            _own(record, each, () if hidden else marked[each], hidden=hidden and each == FIRST)
            for each in WHICH
            if (record := described[each])
        ]
        return {
            "mine": mine,
            "changes": _spoken(figures.words_by_change(described)) if len(mine) == len(WHICH) else [],
        }

    def _say(self, screen: Screen, sent: Sent) -> str:
        time = WritingTime(sent.get("seconds"), sent.get("typed", 0))
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        said = self.exercise.describe(self._image(screen), self.which, text, time, voice)
        return self._kept(screen, said, gettext(KEPT))

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        voice = self._voice(screen, sent)
        return self.exercise.refuse(self._image(screen), self.which, refusal, voice)

    def _image(self, screen: Screen) -> str:
        return self.items[screen.index].image


def _spoken(changed: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
    return [(gettext(kind), words) for kind, words in changed]


def setting_faults(which: str, language: str, times: int) -> list[Fault]:
    """Return what is wrong with what is asked for: which description, in which language, in what time."""
    faults = []
    if which not in WHICH:
        faults.append(Fault("Descriptions, which", repr(which), f"one of {', '.join(WHICH)}"))
    if isinstance(times, bool) or times not in TIMES:
        expected = f"one of {', '.join(map(str, TIMES))}; 0 is no limit"
        faults.append(Fault("Descriptions, times", repr(times), expected))
    try:
        prompts.check_language(language)
    except ParameterError as error:
        faults += error.faults
    return faults


def _time(times: int, seconds: int) -> str:
    return gettext(TIMES[times], count=seconds * times)


def _own(record: Record, which: str, marked: Sequence[str], *, hidden: bool) -> dict[str, Any]:
    return {
        "record": record.id,
        "which": which,
        "name": gettext(DESCRIPTION_NAMES[which]),
        "text": "",
        "when": record.when[:10],
        "hidden": hidden,
        "parts": [] if hidden else changes.highlighted_parts(record, marked),
        "refused": "" if hidden else refusals.of_somebody(record),
        "language": record.language,
        "footnotes": [] if hidden else [note.text for note in record.footnotes],
    }
