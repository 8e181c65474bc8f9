"""Recoding Art in a class, and what the projector shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.common.consent import withheld_in_words
from retrain_kit.exercises.recoding_art import heard, recoding_art, works
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
from retrain_kit.exercises.recoding_art.session import RecodingArtSession
from retrain_kit.exercises.recoding_art.wall import WorkPages
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.answers import Store
    from retrain_kit.studies.manifests import Manifest


def recoding_art_activity(
    store: Store,
    manifest: Manifest,
    samples: Sequence[Sample],
    language: str,
    lines: Mapping[str, Sequence[CreditedLine]] | None = None,
) -> Activity:
    """Return the exercise on works of a study, for a class, with what machines say of them by id."""
    session = RecodingArtSession(
        RecodingArt(store, manifest.name), works.works_to_see(samples, manifest, lines), language
    )
    return Activity(
        session, lambda index, withheld: _shown(session, index, withheld), "exercises/recoding_art/wall.js"
    )


def _shown(session: RecodingArtSession, index: int, withheld: AbstractSet[str]) -> ProjectedView:
    """Return what was said of a work, beside it."""
    work, exercise = session.items[index], session.exercise
    found = heard.consented_answers(exercise.store, exercise.study, withheld=withheld, image=work.image)
    not_agreed = withheld_in_words(found.withheld)
    return ProjectedView(
        gettext("Image {number}", number=index + 1),
        WorkPages(work, found.answers, session.spoken),
        (recoding_art.both_asked(session.spoken),),
        (work.panel,),
        notes=(not_agreed,) if not_agreed else (),
        refusals=tuple(
            refusals.refusal_in_words(answer.record) for answer in found.answers if answer.refusal
        ),
        credit=f"{work.credit} {recoding_art.exercise_credit()}",
    )
