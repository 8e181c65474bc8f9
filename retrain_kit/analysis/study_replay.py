"""The replay of images of a study: their timelines, how they are played, what has to be said with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit.analysis import replay
from retrain_kit.analysis.annotators import MACHINE, annotator_lookup
from retrain_kit.analysis.ledger import NO_FIGURE
from retrain_kit.analysis.replay import NARRATIVE
from retrain_kit.display import replay_film
from retrain_kit.display.figures import Note, image_and_study_credit
from retrain_kit.display.replay_screen import Play, Scene, clock, fitting_factor, speed
from retrain_kit.errors import Fault, ParameterError, advise_names, count_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.analysis.replay import Order
    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.annotations.timelines import Drawing, End, Timeline
    from retrain_kit.display.figures import Figure
    from retrain_kit.display.replay_film import Caption
    from retrain_kit.display.replay_screen import Ground
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

LISTED = "clicks and corners come as the source lists them"
MADE_UP = "a box without clicks, and the edge of a mask, are drawn from the upper left: that is made up"
TRACED = "a recorded pointer goes its way at its own times"

NOTHING_DRAWN = "Nothing was drawn here: no annotation of these images has a place that could be drawn."


@dataclass(frozen=True)
class StudyReplay:
    """Images of a study as they are replayed.

    Parameters
    ----------
    timelines
        One an image.
    play
        At which end of the published seconds, and how many times faster.
    figures
        The figures behind each kind of work in them.
    title
        The study's title.
    credit
        By the id of each image, who made it, and the study.
    """

    timelines: tuple[Timeline, ...]
    play: Play
    figures: Mapping[str, tuple[LabourFigure, ...]]
    title: str
    credit: Mapping[str, str]

    def played_at(self, end: End) -> StudyReplay:
        """Return the same replay, played at another end of the published seconds."""
        return replace(self, play=replace(self.play, end=end))

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What has to be said with them: seconds and their sources, order, what is supposed or left out."""
        drawings = [drawing for each in self.timelines for drawing in each.drawings]
        low, high = (sum(each.end_s(end) for each in self.timelines) for end in ("least", "most"))
        whole = _between(low, high)
        faster = speed(self.play.factor)
        played = faster if self._is_recorded else f"played at the {self.play.end}, {faster}"
        told = [
            ("seconds", f"{whole} in all; {played}") if drawings else ("drawings", NOTHING_DRAWN),
            *(("by the figures", self._figured(work)) for work in sorted(self.figures)),
            *(("order", rule) for rule in self.rules),
            ("within a drawing", _within(drawings)),
            ("made by machines", self._by_machines(drawings)),
            (NO_FIGURE, _untimed(self.timelines)),
        ]
        left: Counter[str] = Counter()
        for each in self.timelines:
            left.update(each.left_out)
        told += [("not drawn", f"{count:,}, {reason}") for reason, count in left.items()]
        return tuple(line for line in told if line[1])

    @property
    def rules(self) -> list[str]:
        """By which rules their drawings come, each once; of one drawing nothing is said beside others."""
        rules = list(dict.fromkeys(each.rule for each in self.timelines if each.rule))
        return [rule for rule in rules if len(rules) == 1 or rule != replay.ALONE]

    @property
    def _is_recorded(self) -> bool:
        """Whether all seconds are the data's own."""
        timed = [each for timeline in self.timelines for each in timeline.drawings if each.high_s]
        return bool(timed) and all(each.recorded for each in timed)

    @property
    def whose(self) -> str:
        """What the time is, after it is said."""
        if any(each.supposed for each in self.timelines):
            return "that a hand would have needed: nobody's time"
        if self._is_recorded:
            return "as recorded"
        recorded = any(each.recorded for timeline in self.timelines for each in timeline.drawings)
        return f"of work, by published figures{', some as recorded' if recorded else ''}"

    @property
    def note(self) -> Note:
        """All of it, as a note."""
        return Note(f"The replay of {count_in_words(len(self.timelines), 'image')}", self.lines)

    @staticmethod
    def _by_machines(drawings: Sequence[Drawing]) -> str:
        supposed = sum(drawing.supposed for drawing in drawings)
        at_once = sum(drawing.source == MACHINE.name for drawing in drawings) - supposed
        told = [f"{supposed:,}, played as if by hand: nobody's time"] if supposed else []
        told += [f"{at_once:,}, there at once: nobody's time"] if at_once else []
        return "; ".join(told)

    def _figured(self, work: str) -> str:
        """Return the figure that one kind of work is played by, with its source."""
        chosen = self._chosen(work)
        return f"{work}: {chosen.id}, {chosen.written} ({chosen.source}; {chosen.standing})"

    def _chosen(self, work: str) -> LabourFigure:
        """Return the figure that has the end of one kind of work that is played."""
        figures = self.figures[work]
        return figures[0] if self.play.end == "least" else max(figures, key=lambda each: each.quantity.high)

    @property
    def caption(self) -> Caption:
        """What stands below a film, in lines that are short enough."""
        chosen = sorted({self._chosen(work).id for work in self.figures})
        lines = [f"Played at the {self.play.end} of published seconds: {', '.join(chosen)}" if chosen else ""]
        lines += [f"Order: {rule}" for rule in self.rules] or ["Nothing was drawn here"]
        if within := _within([drawing for each in self.timelines for drawing in each.drawings]):
            lines.append(f"Within a drawing, {within}")
        if any(each.supposed for each in self.timelines):
            lines.append("A machine made it, or a part; played as if by hand: nobody's time")
        title = self.timelines[0].image if len(self.timelines) == 1 else self.title
        return replay_film.Caption(title, tuple(filter(None, lines)))

    def strips(self, ground: Ground = "light", longest_px: int = replay_film.STILL_PX) -> list[Figure]:
        """Return stills of each image's replay, side by side."""
        return [
            replay_film.strip(
                Scene(each, longest_px, ground),
                self.play,
                self.credit[each.image],
                self.in_words(each),
                each.image,
            )
            for each in self.timelines
        ]

    def in_words(self, timeline: Timeline) -> str:
        """Return what is drawn of an image, how long it takes and in which order, in words."""
        drawings, rule = count_in_words(len(timeline.drawings), "drawing"), timeline.rule or "none"
        seconds = _between(timeline.end_s("least"), timeline.end_s("most"))
        return f"{drawings}, {seconds}. Order: {rule}."


def _between(low_s: float, high_s: float) -> str:
    low, high = clock(low_s), clock(high_s)
    return high if low == high else f"{low} to {high}"


def make_replay(  # noqa: PLR0913 - how it is played
    samples: Iterable[Sample],
    manifest: Manifest,
    figures: Sequence[LabourFigure],
    *,
    end: End = "most",
    factor: float = 0.0,
    order: Order = "largest",
    seed: int = 7,
    by_hand: bool = False,
) -> StudyReplay:
    """Return the replay of images.

    Parameters
    ----------
    samples
        The images, under the veil where there is one.
    manifest
        Their study.
    figures
        Those that are chosen, see `ledger.make_ledger`.
    end, factor
        How it is played; with a factor of 0 as fast as `fitting_factor` says.
    order, seed, by_hand
        As for `replay.make_timeline` and `replay.Pace`.

    Raises
    ------
    ParameterError
        When the factor is less than 0 or no number.
    """
    if not 0 <= factor < float("inf"):
        raise ParameterError(Fault("factor", str(factor), "how many times faster, or 0 for what fits"))
    pace, known = replay.Pace(figures, by_hand=by_hand), annotator_lookup(manifest)
    credit, timelines = {}, []
    for sample in samples:
        timelines.append(replay.make_timeline(sample, known, pace, order, seed))
        credit[sample.id] = image_and_study_credit(sample, manifest)
    play = Play(end, factor or fitting_factor(timelines, end))
    return StudyReplay(tuple(timelines), play, pace.used, manifest.title, credit)


def recorded_replay(recordings: Iterable[Recording], title: str) -> StudyReplay:
    """Return the replay of what people recorded before images, one sitting a screen, at their own times.

    Parameters
    ----------
    recordings
        Those whose authors have agreed to it.
    title
        What they are, and of which study.
    """
    timelines = tuple(
        replace(replay.recorded_timeline(each), image=f"{number}: {each.image}")
        for number, each in enumerate(recordings, 1)
    )
    credit = {each.image: title for each in timelines}
    return StudyReplay(timelines, Play("most", fitting_factor(timelines, "most")), {}, title, credit)


def choose_samples(samples: Sequence[Sample], ids: Sequence[str]) -> list[Sample]:
    """Return the samples with these ids, in their order.

    Raises
    ------
    ParameterError
        With each id that none has.
    """
    known = {sample.id: sample for sample in samples}
    faults = [
        Fault("image", repr(name), "the id of an image of the study", advise_names(name, known))
        for name in ids
        if name not in known
    ]
    if faults:
        raise ParameterError(*faults)
    return [known[name] for name in dict.fromkeys(ids)]


def most_drawn(samples: Sequence[Sample]) -> list[Sample]:
    """Return the image with most corners of outlines and boxes, of several the first by its id."""
    corners = {sample.id: sum(map(_corners, sample.regions)) for sample in samples}
    return sorted(samples, key=lambda sample: (-corners[sample.id], sample.id))[:1]


def _corners(region: Region) -> int:
    return sum(map(len, region.polygons)) or 4


def _within(drawings: Sequence[Drawing]) -> str:
    """Return what is the data's own in the order of points, and what is made up; empty of single points."""
    drawn = [each for each in drawings if len(each.points) > 1]
    told = {
        LISTED: any(each.ordered and each.work != NARRATIVE for each in drawn),
        TRACED: len({each.work == NARRATIVE for each in drawn}) > 1,
        MADE_UP: any(not each.ordered for each in drawn),
    }
    return "; ".join(words for words, there in told.items() if there)


def _untimed(timelines: Sequence[Timeline]) -> str:
    count = sum(each.untimed for each in timelines)
    return f"{count:,}: they are there at once, and the clock stands" if count else ""
