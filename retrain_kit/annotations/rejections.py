"""Rejections: what a study's source lists as annotations and nobody could read, counted and put in words.

Whoever reads a study notes here what could not be taken. A command watches, and says it: `watching`.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample

MAX_FAULTS = 50
"""So many are said one by one where a command is to stop at them; then their number."""


@dataclass(frozen=True)
class Rejections:
    """What could not be taken of a study's annotations.

    Parameters
    ----------
    of_images
        Annotations of images that the study looks at.
    unmatched
        Annotations that match no image of the data set.
    """

    of_images: tuple[RejectedAnnotation, ...] = ()
    unmatched: tuple[RejectedAnnotation, ...] = ()

    @classmethod
    def of_samples(
        cls, samples: Iterable[Sample], unmatched: Iterable[RejectedAnnotation] = ()
    ) -> Rejections:
        """Return what the samples of a study say of it."""
        return cls(tuple(each for sample in samples for each in sample.rejected), tuple(unmatched))

    def __len__(self) -> int:
        return len(self.of_images) + len(self.unmatched)

    def __iter__(self) -> Iterator[RejectedAnnotation]:
        return iter((*self.of_images, *self.unmatched))

    def in_words(self) -> str:
        """Return the numbers as a sentence; an empty text where everything was taken."""
        images = len({each.image for each in self.of_images})
        parts = []
        if self.of_images:
            parts.append(
                f"{annotations_in_words(len(self.of_images))} could not be taken whole, in {_images(images)}"
            )
        if self.unmatched:
            verb = "matches" if len(self.unmatched) == 1 else "match"
            parts.append(f"{annotations_in_words(len(self.unmatched))} {verb} no image")
        return f"{'; '.join(parts)}." if parts else ""

    def check(self) -> None:
        """Do nothing where everything was taken.

        Raises
        ------
        DataError
            With a fault for each annotation, or for the first of many.
        """
        if not len(self):
            return
        faults = [_fault(each) for each in list(self)[:MAX_FAULTS]]
        if (more := len(self) - len(faults)) > 0:
            faults.append(Fault("annotations", f"{more:,} more that could not be taken", "none"))
        raise DataError(*faults)

    def lines(self) -> Iterator[str]:
        """Yield each as a line of JSON, with its line end; what JSON cannot hold of its row as text."""
        for each in self:
            yield json.dumps(asdict(each), ensure_ascii=False, default=repr) + "\n"


def _fault(each: RejectedAnnotation) -> Fault:
    return Fault(each.place or "annotations", each.in_words(), "an annotation that can be taken whole")


def annotations_in_words(count: int) -> str:
    """Return a number of annotations in words."""
    return f"{count:,} annotation{'' if count == 1 else 's'}"


def _images(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"


@dataclass
class Watch:
    """What is to happen where a study is read of which something could not be taken.

    Parameters
    ----------
    say
        Takes the sentence for people.
    strict
        Whether reading ends with an error then.
    studies
        What could not be taken, by the study's name.
    """

    say: Callable[[str], object]
    strict: bool = False
    studies: dict[str, Rejections] = field(default_factory=dict)

    def note(self, study: str, found: Rejections) -> None:
        """Say once of a study what could not be taken of it.

        Raises
        ------
        DataError
            Where the watch is strict, with what could not be taken.
        """
        if self.strict:
            found.check()
        if len(found) and study not in self.studies:
            self.say(f"{study}: {found.in_words()}")
            self.studies[study] = found


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(say: Callable[[str], object]) -> Iterator[Watch]:
    """Watch for the block what is read of studies."""
    watch = Watch(say)
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)


def current_watch() -> Watch | None:
    """Return who watches now, if anybody."""
    return _WATCH.get()


def note_rejections(study: str, found: Rejections) -> None:
    """Tell who watches what could not be taken of a study.

    Raises
    ------
    DataError
        Where the watch is strict, with what could not be taken.
    """
    if watch := current_watch():
        watch.note(study, found)
