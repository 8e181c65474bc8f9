"""Work lines: what guests say of a museum's works, one line each, with the words that they have to say it.

A guest is shown the whole image of a work and nothing else: no title, no label. Its line is what it gives: a
classifier its likeliest words, a detector what it has boxes for, a caption as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.analysis import work_errors
from retrain_kit.analysis.intervals import DASH
from retrain_kit.analysis.training_words import WordList, words_of
from retrain_kit.analysis.work_errors import MachineReading
from retrain_kit.annotations.works import work_of_sample
from retrain_kit.annotations.written import CreditedLine
from retrain_kit.display import figures
from retrain_kit.display.cards import Card, Fact, FactGroup, ImageWithCards
from retrain_kit.display.figures import Note
from retrain_kit.errors import DataError
from retrain_kit.imaging.holes import HoleView
from retrain_kit.models.asking import Trial
from retrain_kit.models.inviting import NOBODY
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.training_words import SoughtWord
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.models.survival_figures import Album
    from retrain_kit.models.survival_tables import Reading


class WholeImages(Trial):
    """How works are shown: whole, and nothing else."""

    def views(self, _: Sample) -> list[HoleView]:
        """Return the whole image alone, whatever is tagged in it."""
        return [HoleView("whole")]


WHOLE = WholeImages()
_FIRST = 3
"""So many of a classifier's words stand in its line."""
NOTHING = "nothing: it has no box for any of its words"
NOT_CREDITED = "who or what wrote it is not said"
NO_LIST = "No machine with a list of words and scores was asked: what it lacks, and what fits, is not known."
SHOWN_PX = 420


@dataclass(frozen=True)
class AskedWorks:
    """What machines said of works.

    Parameters
    ----------
    samples
        The images under the veil.
    readings
        What the guests said that are here, of `WHOLE` images.
    captions
        A line more of each work that has one, by its image's id.
    sought
        Words that are looked for among those that a guest has.
    """

    samples: Sequence[Sample]
    readings: Sequence[Reading] = ()
    captions: Mapping[str, CreditedLine] = field(default_factory=dict)
    sought: Sequence[str] = ()

    @cached_property
    def lists(self) -> dict[str, WordList]:
        """The words that each guest has, by its name."""
        cards = [(reading.guest.card, reading.words) for reading in self.readings]
        return {card.name: WordList(card.labels.words, words) for card, words in cards}

    @cached_property
    def lines(self) -> dict[str, tuple[CreditedLine, ...]]:
        """What each machine said of each work, by its image's id: its line, its name and its words."""
        found: dict[str, list[CreditedLine]] = {sample.id: [] for sample in self.samples}
        for reading in self.readings:
            card = reading.guest.card
            words = self.lists[card.name].beside(self.sought)
            for place, sample in enumerate(reading.samples):
                found[sample.id].append(CreditedLine(_line(reading, place), card.title, words))
        for name, line in self.captions.items():
            found[name].append(line)
        return {name: tuple(lines) for name, lines in found.items()}

    @cached_property
    def said(self) -> dict[str, list[MachineReading]]:
        """Which words each machine said of each work, and whether one fits, by its image's id."""
        found: dict[str, list[MachineReading]] = {sample.id: [] for sample in self.samples}
        for reading in self.readings:
            for place, sample in enumerate(reading.samples):
                found[sample.id].append(_reading(reading, place))
        for name, line in self.captions.items():
            written = MachineReading(line.credit or "a line", frozenset(words_of(line.text)))
            found[name].append(written)
        return found


def _line(reading: Reading, place: int) -> str:
    if reading.guest.card.does == "classify":
        first = reading.answered.answers[place][0][:_FIRST]
        words = [reading.words[int(number)].split(", ")[0] for number, _ in first]
        shares = [probability for _, probability in first]
        return ", ".join(f"{word} {share:.0%}" for word, share in zip(words, shares, strict=True))
    said = reading.in_words(place, 0)
    return NOTHING if said == "nothing" else said


def _reading(reading: Reading, place: int) -> MachineReading:
    card, answer = reading.guest.card, reading.answered.answers[place][0]
    if card.does == "classify":
        said = [card.labels.words[int(answer[0][0])]]
        fits = work_errors.is_sure([score for _, score in answer])
    else:
        said, fits = [card.labels.words[int(row[5])] for row in answer], bool(answer)
    return MachineReading(card.name, frozenset(words_of(" ".join(said))), fits)


def words_notes(asked: AskedWorks) -> list[Note]:
    """Return how many words each guest has, and which of those that are sought."""
    return [
        Note(
            f"{reading.guest.card.title}: its words",
            (
                ("how many", str(words.beside(asked.sought))),
                *((each.word, each.in_words) for each in map(words.look_for, asked.sought) if each.instead),
            ),
        )
        for reading in asked.readings
        for words in [asked.lists[reading.guest.card.name]]
    ] or [_nobody(asked)]


def _nobody(asked: AskedWorks) -> Note:
    return Note(NO_LIST if asked.captions else NOBODY, ())


def label_words(asked: AskedWorks) -> list[DataTable | Note]:
    """Return which words of titles and media each guest has: how many, and each word by itself."""
    return [label_words_note(asked), label_words_table(asked)] if asked.lists else [_nobody(asked)]


def label_words_table(asked: AskedWorks) -> DataTable | Note:
    """Return for each word of a title or a medium whether each guest has it, or which names have it."""
    if not asked.lists:
        return _nobody(asked)
    works = {sample.id: work for sample in asked.samples if (work := work_of_sample(sample))}
    where: dict[str, list[str]] = {}
    for name, work in works.items():
        for word in words_of(work.words):
            where.setdefault(word, []).append(name)
    if not where:
        return Note("No title and no medium is known of these images: no word can be looked for.", ())
    rows = [
        (word, len(names), {name: words.look_for(word) for name, words in asked.lists.items()})
        for word, names in where.items()
    ]
    return DataTable.from_rows(
        (
            {"word of a title or a medium": word, "works": count}
            | {name: each.in_words.partition(": ")[2] for name, each in found.items()}
            for word, count, found in sorted(rows, key=_nearest_first)
        ),
        "words-of-titles",
        caption=f"{len(where):,} words of titles and media, and whether a machine could say them.",
        most=40,
    )


def _nearest_first(row: tuple[str, int, dict[str, SoughtWord]]) -> tuple[bool, bool, int, str]:
    word, count, found = row
    on_list = any(each.on_list for each in found.values())
    return not on_list, not any(each.instead for each in found.values()), -count, word


def label_words_note(asked: AskedWorks) -> Note:
    """Return of how many words of titles and media each guest has exactly that word."""
    works = [work for sample in asked.samples if (work := work_of_sample(sample))]
    every = dict.fromkeys(word for work in works for word in words_of(work.words))
    counted = [
        (name, f"{sum(words.look_for(word).on_list for word in every):,} of {len(every):,}")
        for name, words in asked.lists.items()
    ]
    return Note("Words of titles and media that are on a list", tuple(counted)) if counted else _nobody(asked)


def errors_table(asked: AskedWorks) -> DataTable | Note:
    """Return the works that no word fits, or that machines share no word of, by the rules stated."""
    if not asked.readings:
        return _nobody(asked)
    rows = []
    for sample in asked.samples:
        said = asked.said[sample.id]
        unfit, apart = work_errors.no_word_fits(said), work_errors.share_no_word(said)
        if unfit or apart:
            rows.append(
                {
                    "image": sample.id,
                    "title": _title(sample),
                    "no word fits": "yes" if unfit else DASH,
                    "machines share no word": "yes" if apart else DASH,
                    "what they said first": "; ".join(map(_first, asked.lines[sample.id])),
                }
            )
    if not rows:
        return Note("By these rules a word fits every work, and machines share one of each.", ())
    return DataTable.from_rows(rows, "errors", caption=errors_in_words(asked))


def _first(line: CreditedLine) -> str:
    return "nothing" if line.text == NOTHING else line.text.partition(", ")[0]


def errors_in_words(asked: AskedWorks) -> str:
    """Return of how many works no word fits, and of how many machines share none."""
    said = [readings for readings in asked.said.values() if readings]
    unfit, apart = sum(map(work_errors.no_word_fits, said)), sum(map(work_errors.share_no_word, said))
    told = f"{unfit:,} that no word fits; {apart:,} of which machines share no word."
    return f"Of {len(said):,} works with a line: {told}"


def work_views(album: Album, asked: AskedWorks) -> list[ImageWithCards]:
    """Return each work with what its table says of it, and what machines said, beside it."""
    return [_view(album, asked, place) for place in range(len(asked.samples))]


def _view(album: Album, asked: AskedWorks, place: int) -> ImageWithCards:
    sample = asked.samples[place]
    credit = figures.image_and_study_credit(sample, album.manifest)
    alt = sample.alt or f"The image {sample.id}."
    try:
        image, coarse = album.opened(place)
        panel = figures.Panel.from_image(image, "", alt, SHOWN_PX)
    except DataError as error:
        panel, coarse = (
            figures.Panel.from_sample(sample, "", alt, SHOWN_PX),
            album.hide(figures.reason(error)),
        )
    card = Card(_title(sample), (_label_group(sample), lines_group(asked.lines[sample.id])))
    return ImageWithCards(figures.Figure((panel,), coarse, credit, sample.id), (card,), folds=False)


def _label_group(sample: Sample) -> FactGroup:
    work = work_of_sample(sample)
    said = () if work is None else work.said
    facts = tuple(Fact(name, text, "") for name, text in said if name != "title")
    return FactGroup("What its table says", facts)


def lines_group(lines: Sequence[CreditedLine]) -> FactGroup:
    """Return what machines say of a work, each with the words it has, for a card."""
    facts = (Fact(line.credit or NOT_CREDITED, line.text, str(line.words or "")) for line in lines)
    return FactGroup("What machines say", tuple(facts))


def _title(sample: Sample) -> str:
    work = work_of_sample(sample)
    return (work.title if work else "") or sample.id
