"""Figures of *Polyphony*: lineages, what survives, what was dropped, and a circle beside its beginnings."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display.figures import SVG_MEDIA_TYPE, Figure, Note, Panel
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.figures import PROSE_CELL, HtmlView, stack_views
from retrain_kit.exercises.polyphony import agreements, lineages
from retrain_kit.exercises.polyphony.turns import NEW, step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consent import ConsentedAnswers
    from retrain_kit.exercises.polyphony.agreements import WordPath


def lineage_figures(answers: ConsentedAnswers) -> HtmlView:
    """Return which sentence grew out of which, a figure a pair, with all sentences whole below it."""
    return stack_views(
        [_lineage(name, said, answers) for name, said in agreements.by_name(answers.records).items()]
    )


def agreement_tables(answers: ConsentedAnswers) -> HtmlView:
    """Return the words that survive all rewritings, and the sentences in which they stand."""
    return stack_views(
        [
            _table(name, said, answers, _AGREEMENT)
            for name, said in agreements.by_name(answers.records).items()
        ]
    )


def dissent_tables(answers: ConsentedAnswers) -> HtmlView:
    """Return the words that somebody dropped, who did, and who keeps them."""
    return stack_views(
        [_table(name, said, answers, _DISSENT) for name, said in agreements.by_name(answers.records).items()]
    )


def enrichment_note(answers: ConsentedAnswers, seed: int) -> Note:
    """Return whether the circle enriched or anchored, beside the same number of independent sentences."""
    found = agreements.measure_enrichment(answers.records, seed)
    if not found:
        return Note("Nothing to compare: no two people have finished with the same pair.", ())
    before, after = "before reading", "after two readings"
    return Note(
        f"{found.people} first sentences beside {found.people} new ones",
        (
            ("about", f"{found.pairs} {'pair' if found.pairs == 1 else 'pairs'} of images"),
            ("different words", f"{found.distinct_first:.1f} {before}, {found.distinct_new:.1f} {after}"),
            ("of a sentence", f"{found.length_first:.1f} {before}, {found.length_new:.1f} {after}"),
            ("likeness", f"{found.alike_first:.2f} {before}, {found.alike_new:.2f} {after}"),
            ("new words", f"{found.new_words:.1f} in a rewriting"),
            ("chance", f"p = {found.p:.3f}, from {found.swaps:,} changes of place; seed {found.seed}"),
            ("so", found.in_words),
            ("whose", answers.credit),
        ),
    )


def sentences_summary(answers: ConsentedAnswers) -> Note:
    """Return how much was said, refused, withdrawn and left aside."""
    refused = sum(bool(record.refusal) for record in answers.records)
    finished = sum(step_of(record) == NEW for record in answers.records)
    people = len({record.who for record in answers.records})
    those = "is a refusal" if refused == 1 else "refusals"
    return Note(
        answers.credit,
        (
            ("people", f"{people}"),
            ("pairs", f"{len(agreements.by_name(answers.records))}"),
            ("texts", f"{len(answers.records)}, of which {refused} {those}"),
            ("new sentences", f"{finished}"),
            ("withdrawn", f"{len(answers.withdrawals)} in this store" if answers.withdrawals else ""),
            (
                "not shown",
                f"{answers.withheld}, as their authors agreed to other uses" if answers.withheld else "",
            ),
        ),
    )


def _lineage(name: str, said: Sequence[Record], answers: ConsentedAnswers) -> HtmlView:
    places = lineages.sentence_tree(said, answers.withdrawals)
    people = len({record.who for record in said})
    roots = sum(not place.source for place in places)
    alt = (
        f"{roots} {'tree' if roots == 1 else 'trees'} of sentences. "
        "A line leads from each sentence to the one it was made from. "
        f"{len(places)} texts by {people} people; all of them stand in the list below the drawing."
    )
    panel = Panel("", alt, lineages.lineage_svg(places).encode(), SVG_MEDIA_TYPE)
    figure = Figure(
        (panel,), "Which sentence grew out of which.", f"{answers.credit} {prompts.prompts_credit()}", name
    )
    words = {path.term for path in agreements.agreed_words(said)}
    listed = (
        f"<details><summary>All sentences, whole</summary>{lineages.sentences_html(places, words)}</details>"
    )
    return HtmlView(f"{figure.html}{listed}", f"{figure!r}\n{lineages.sentences_text(places)}")


def _agreed(path: WordPath, said: Sequence[Record]) -> str:
    every, kept = len(agreements.last_sentences(said)), len(path.kept)
    return f"In {len(path.last)} of {every} last sentences; kept in {kept} of {kept} rewritings of it."


def _dropped(path: WordPath, _: Sequence[Record]) -> str:
    return f"Dropped by {_whose(path.dropped)}. Kept by {_whose(path.last) or 'nobody'}."


@dataclass(frozen=True)
class _Table:
    """What a table of words lists, what it says of each, and what is said where it is empty."""

    paths: Callable[[Sequence[Record]], list[WordPath]]
    row_text: Callable[[WordPath, Sequence[Record]], str]
    nothing: str


_AGREEMENT = _Table(
    agreements.agreed_words, _agreed, "No word survives all rewritings into the last sentences of two people."
)
_DISSENT = _Table(agreements.dropped_words, _dropped, "No rewriting has dropped a word.")


def _table(name: str, said: Sequence[Record], answers: ConsentedAnswers, table: _Table) -> HtmlView:
    caption = f"{name}. {answers.credit}"
    found = [(path, table.row_text(path, said)) for path in table.paths(said)]
    if not found:
        note = f'<p class="rk-note">{escape(caption)} {escape(table.nothing)}</p>'
        return HtmlView(note, f"{caption} {table.nothing}")
    numbers = {place.id: place.number for place in lineages.sentence_tree(said, answers.withdrawals)}
    body = "".join(_row(path, told, numbers) for path, told in found)
    return HtmlView(
        f'<table><caption>{escape(caption)}</caption><thead><tr><th scope="col">word</th>'
        f'<th scope="col">where it stands</th></tr></thead><tbody>{body}</tbody></table>',
        "\n".join([caption, *(f"{path.term}: {told}" for path, told in found)]),
    )


def _row(path: WordPath, told: str, numbers: dict[str, int]) -> str:
    """Return a word, what is said of it, and the sentences in which it stands."""
    where = "".join(
        f'<br>{numbers[record.id]} · {escape(record.who)}: <bdi lang="{escape(record.language)}">'
        f"{lineages.highlighted_html(record, {path.term})}</bdi>"
        for record in sorted(path.said, key=lambda record: numbers[record.id])
    )
    word = f'<th scope="row"><bdi>{escape(path.term)}</bdi></th>'
    return f"<tr>{word}{PROSE_CELL}{escape(told)}<small>{where}</small></td></tr>"


def _whose(records: Iterable[Record]) -> str:
    return ", ".join(dict.fromkeys(record.who for record in records))
