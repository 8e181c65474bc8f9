"""A conversation in a class, each person at a screen of their own, and what the projector shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.conversation.conversation import Conversation, open_to_all
from retrain_kit.exercises.conversation.session import ConversationSession
from retrain_kit.exercises.conversation.subjects import OWN
from retrain_kit.exercises.conversation.wall import ThreadPages
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.conversation.subjects import Subject


def conversation_activity(
    store: CachedStore, study: str, subjects: Sequence[Subject], language: str
) -> Activity:
    """Return conversations about subjects of a study, for a class."""
    session = ConversationSession(Conversation(store, study), subjects, language)
    return Activity(
        session, lambda index, withheld: _shown(session, index, withheld), "exercises/conversation/wall.js"
    )


def _shown(session: ConversationSession, index: int, withheld: AbstractSet[str]) -> ProjectedView:
    """Return the threads of a subject."""
    subject = session.items[index]
    every = session.exercise.records(subject)
    said = tuple(record for record in consent.shown(every, withheld) if open_to_all(record))
    asked = (subject.question, *(prompts.prompts_of(OWN)[key] for key in ("write", "reread")))
    return ProjectedView(
        session.item_views[index].widget_data["title"],
        ThreadPages(said, tuple(session.exercise.store.withdrawals())),
        tuple((prompt.text, prompt.translation(session.spoken)) for prompt in asked),
        (subject.panel,) if subject.panel else (),
        notes=(subject.notice,) if subject.notice else (),
        refusals=tuple(refusals.of_somebody(each) for each in said if each.refusal),
        credit=gettext(subject.credit),
    )
