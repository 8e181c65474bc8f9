"""Informational surfaces in a class."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Author
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises import informational_pictures, range_figures, what_if
from retrain_kit.exercises.informational_surfaces import CONSENT_VERSION, USES, Surfaces, credit
from retrain_kit.exercises.what_if import Voice
from retrain_kit.figures import Panel
from retrain_kit.traces import narratives, received, surface_figures, surfaces
from retrain_kit.web.parts import KEPT, NO_FILE, Drawing, Item, Reply, Shown, act_of
from retrain_kit.widgets import messages, surface_pages
from retrain_kit.widgets.what_if_acts import COPIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.informational_surfaces import Kept
    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample
    from retrain_kit.traces.recordings import Recording
    from retrain_kit.web.stores import SharedStore

    Act = Callable[["SurfaceParts", int, Author, Mapping[str, Any]], str]

MOST_TRACKS, TRACK_PX = 36, 480
"""How many tracks of a picture are drawn, the latest ones, and how wide or high each."""
UNSHOWN = "Your recording is kept, and shown to nobody else: you have not agreed to it."


class SurfaceParts:
    """The exercise on the pictures of a study.

    Parameters
    ----------
    store
        Where recordings are kept.
    manifest
        The study.
    samples
        The pictures to go through.
    """

    name, title, script = "informational-surfaces", "Informational surfaces", "surfaces.js"

    def __init__(self, store: SharedStore, manifest: Manifest, samples: Sequence[Sample]) -> None:
        self.exercise = Surfaces(store, manifest.name)
        self.pictures = informational_pictures.of(samples, manifest)
        self._store = store
        self._drawing = Lock()
        self._tracks: dict[str, Drawing] = {}

    @property
    def items(self) -> list[Item]:
        """The pictures."""
        wired = (surface_pages.wire(picture) for picture in self.pictures)
        return [
            Item(
                {name: value for name, value in told.items() if name not in {"data", "media_type"}},
                (each.panel,),
            )
            for told, each in zip(wired, self.pictures, strict=True)
        ]

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked, uses, ways to refuse, limits."""
        return surface_pages.setting(self.exercise)

    def answer(self, index: int, key: str, sent: Mapping[str, Any]) -> Reply:
        """Do what a person asks for, and return what they have said of the picture."""
        author = Author(key)
        try:
            messages.check({name: value for name, value in sent.items() if name != "recording"})
            act = act_of(sent, ("draw", *_ACTS))
            if act == "draw":
                return Reply({"views": surface_pages.views(self._recording(index, sent))})
            told = {"said": _ACTS[act](self, index, author, sent), "done": act}
        except ParameterError as error:
            told = {"fault": str(error)}
        return Reply({**self._page(index, author), **told})

    def records(self) -> list[Record]:
        """Return what was recorded, and refused."""
        return self.exercise.records()

    def shown(self, index: int) -> Shown:
        """Return the tracks of a picture on white, the latest ones, each as large as any other."""
        picture = self.pictures[index]
        seen = self.exercise.seen()
        kept = [each for each in seen.kept if each.recording.image == picture.image]
        refusals = (record for record in seen.refusals if record.asked.images == (picture.image,))
        drawn = kept[-MOST_TRACKS:]
        told = f"The latest {len(drawn)} of {len(kept)} tracks." if len(drawn) < len(kept) else ""
        return Shown(
            picture.name,
            (),
            self._drawn(drawn),
            (("", (told,)),) if told else (),
            tuple(map(range_figures.refused, refusals)),
            f"{credit(seen)} {picture.credit}",
        )

    def leave(self, who: str) -> None:
        """Nothing waits for anybody here."""

    def _drawn(self, kept: Sequence[Kept]) -> tuple[Drawing, ...]:
        with self._drawing:
            here = {each.record.id for each in kept}
            self._tracks = {name: drawing for name, drawing in self._tracks.items() if name in here}
            for each in kept:
                if each.record.id not in self._tracks:
                    self._tracks[each.record.id] = _track(each)
            return tuple(self._tracks[each.record.id] for each in kept)

    def _page(self, index: int, author: Author) -> dict[str, Any]:
        own = self.exercise.records(author.who)
        image = self.pictures[index].image
        return {
            "who": author.who,
            "number": narratives.number(author.who),
            "key": author.key,
            "file": NO_FILE,
            "mine": [surface_pages.own(record) for record in own if record.asked.images == (image,)],
        }

    def _look(self, _: int, __: Author, ___: Mapping[str, Any]) -> str:
        return ""

    def _keep(self, index: int, author: Author, sent: Mapping[str, Any]) -> str:
        voice = _voice(author, sent)
        if self._store.kept(voice.once, author.who):
            return KEPT
        self.exercise.keep(self._recording(index, sent), voice)
        return "Your recording is kept." if "class" in voice.consent.agreed else UNSHOWN

    def _refuse(self, index: int, author: Author, sent: Mapping[str, Any]) -> str:
        voice = _voice(author, sent)
        if not self._store.kept(voice.once, author.who):
            self.exercise.refuse(self.pictures[index].image, messages.text(sent, "refusal"), voice)
        return "Your refusal is kept. It is an answer."

    def _withdraw(self, _: int, author: Author, sent: Mapping[str, Any]) -> str:
        done = self._store.withdraw(messages.text(sent, "record"), author.key)
        return f"Withdrawn, track and all.{COPIES.format(len(done.copies)) if done.copies else ''}"

    def _footnote(self, _: int, author: Author, sent: Mapping[str, Any]) -> str:
        text, once = what_if.short(messages.text(sent, "text")), messages.text(sent, "once")
        if not self._store.kept(once, author.who):
            self._store.amend(messages.text(sent, "record"), text, author.key, once=once)
        return "Your footnote is kept; what you said before stays."

    def _recording(self, index: int, sent: Mapping[str, Any]) -> Recording:
        picture, recording = self.pictures[index], sent.get("recording")
        if not isinstance(recording, dict):
            raise ParameterError(Fault("recording", "none", "an object"))
        details = {**recording, "size": list(picture.size)}
        try:
            return received.recording(picture.image, messages.text(recording, "text"), details)
        except DataError as error:
            raise ParameterError(*error.faults) from None


_ACTS: Mapping[str, Act] = {
    "look": SurfaceParts._look,  # noqa: SLF001 - of this module
    "keep": SurfaceParts._keep,  # noqa: SLF001 - of this module
    "refuse": SurfaceParts._refuse,  # noqa: SLF001 - of this module
    "withdraw": SurfaceParts._withdraw,  # noqa: SLF001 - of this module
    "footnote": SurfaceParts._footnote,  # noqa: SLF001 - of this module
}


def _voice(author: Author, sent: Mapping[str, Any]) -> Voice:
    consent = messages.consent(sent, USES, CONSENT_VERSION)
    return Voice(consent, author.key, messages.text(sent, "language"), messages.text(sent, "once"))


def _track(kept: Kept) -> Drawing:
    """Return a track on white; the words say where it went, as for those who cannot see it."""
    width, height = kept.recording.size
    scale = min(1.0, TRACK_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    words = surface_figures.told(kept.recording.trace)
    panel = Panel.of(surfaces.track(kept.recording.trace, size), "track", words, TRACK_PX)
    return Drawing(kept.record.text, words, panel.data, panel.media_type)
