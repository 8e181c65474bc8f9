"""What the projector shows: nothing of what is withheld, whichever exercise it is of."""

from itertools import product

import pytest

from retrain_kit import datasets
from retrain_kit.answers import Author
from retrain_kit.answers.cached import CachedStore
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.classroom.programme import ClassPlan, build_programme
from retrain_kit.exercises.common.session import Screen
from retrain_kit.studies import manifests

PEOPLE = [Author.new().key for _ in range(3)]
WHO = range(len(PEOPLE))
TRACK = {
    "text": "A way.",
    "pieces": [[[0.1, 0.2, 0.0], [0.5, 0.6, 0.5]]],
    "clicks": [],
    "tags": [],
    "devices": ["mouse"],
    "seconds": 1.0,
    "typed": [],
    "view": [640, 480],
}


@pytest.fixture(scope="module")
def studies():
    manifest = manifests.load("embedded-sample")
    return [(manifest, datasets.read(manifest))]


def say(activity, who, sent):
    screen = Screen([PEOPLE[who]])
    message = {"uses": ["class"], "language": "en", **sent}
    if activity.name == "polyphony":
        message["turn"] = activity.session.page(screen)["turn"]
    page = activity.session.answer(screen, message)
    assert page["fault"] == ""


ACTS = {
    "what-if": lambda who: [
        {"act": "add", "text": f"thing {who}", "likely": 10 * who},
        {"act": "place", "ref": "start:a goat", "likely": 20 * who},
        {"act": "refuse", "refusal": "nothing", "text": f"{who} would rather not"},
    ],
    "polyphony": lambda who: [
        {"act": "say", "text": f"Both wait for person {who}."},
        {"act": "say", "text": f"Both are waited for by person {who}."},
    ],
    "conversation": lambda who: [
        {"act": "say", "text": f"Somebody drew this, says {who}.", "once": f"{who:032x}"},
        {"act": "say", "text": f"And was paid, says {who}.", "record": f"{0:032x}"},
        {
            "act": "note",
            "text": f"Not I, notes {who}.",
            "record": f"{who:032x}",
            "kind": "challenges",
            "at": 3,
        },
    ],
    "informational-surfaces": lambda who: [
        {"act": "keep", "recording": {**TRACK, "text": f"Way {who}."}},
        {"act": "refuse", "refusal": "burn"},
    ],
    "recoding-art": lambda who: [
        {"act": "say", "text": f"Work {who}.", "art": ("yes", "no", "I don't know")[who]},
    ],
}


def opened(folder, studies, exercise):
    store = CachedStore(folder)
    (activity,) = build_programme(studies, store, ClassPlan((exercise,), images=1)).activities
    return store, activity


def merge(store, other, keys):
    """Bring what was said with these keys into another store."""
    file = other.folder.with_suffix(".jsonl")
    file.write_text(takeaway([store], keys)["text"], encoding="utf-8")
    if keys:
        other.merge(file)


@pytest.mark.parametrize("exercise", ACTS)
def test_the_wall_is_as_if_nobody_had_said_what_is_withheld(tmp_path, studies, exercise):
    store, whole = opened(tmp_path / "all", studies, exercise)
    with store:
        for acts in zip(*map(ACTS[exercise], WHO), strict=True):
            for who, act in enumerate(acts):
                say(whole, who, act)
        everything = whole.project(0)
        for hidden in product((False, True), repeat=len(PEOPLE)):
            gone = {Author(PEOPLE[who]).who for who in WHO if hidden[who]}
            withheld = frozenset(record.id for record in store.records() if record.who in gone)
            other, less = opened(tmp_path / "".join("-+"[each] for each in hidden), studies, exercise)
            with other:
                merge(store, other, [PEOPLE[who] for who in WHO if not hidden[who]])
                assert whole.project(0, withheld) == less.project(0)
        assert whole.project(0, frozenset()) == everything


def test_an_exercise_that_has_nothing_to_ask_about_is_named(tmp_path):
    manifest = manifests.load("free-works")
    study = [(manifest, datasets.read(manifest))]
    made = build_programme(study, CachedStore(tmp_path), ClassPlan(("what-if", "polyphony"), images=1))
    assert [activity.name for activity in made.activities] == ["polyphony"]
    assert made.left_out == "What If…? is left out: no image of free-works has a blank area."
