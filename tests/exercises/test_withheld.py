"""What a teacher keeps from others: no list on a phone has it, and nobody is given it to read."""

import secrets

import pytest

from retrain_kit import datasets
from retrain_kit.answers import Author
from retrain_kit.answers.cached import CachedStore
from retrain_kit.classroom.programme import ClassPlan, build_programme
from retrain_kit.exercises.common.consent import Withheld
from retrain_kit.studies import manifests


@pytest.fixture(scope="module")
def studies():
    manifest = manifests.load("embedded-sample")
    return [(manifest, datasets.read(manifest))]


@pytest.fixture
def table(tmp_path, studies):
    """Return a function that returns an exercise of a class, by its name."""
    with CachedStore(tmp_path / "answers") as store:
        made = build_programme(studies, store, ClassPlan(images=1)).activities
        yield lambda name: next(activity for activity in made if activity.name == name)


class Person:
    def __init__(self, activity):
        self.activity, self.key = activity, Author.new().key

    def do(self, act, **more):
        sent = {"act": act, "uses": ["class"], "language": "en", "once": secrets.token_hex(16), **more}
        page = self.activity.answer(0, self.key, sent)
        assert page["fault"] == ""
        return page

    def look(self):
        return self.do("look")

    def say(self, text):
        return self.do("say", turn=self.look()["turn"], text=text)

    def add(self, text):
        return self.do("add", text=text, likely=40)


def read(page):
    return next((line["read"]["text"] for line in page["lines"] if "read" in line), None)


def named(page, text):
    """Return the id of what somebody said in these words."""
    return next(own["record"] for own in page["mine"] if own["text"] == text)


def hide(activity, *names):
    activity.session.withheld = Withheld(frozenset(names), frozenset(names))


def await_approval(activity, *names):
    activity.session.withheld = Withheld(frozenset(names))


def options(page):
    return [option["text"] for option in page["options"]]


def test_an_option_that_is_hidden_leaves_everybodys_list_and_stays_in_its_authors_own(table):
    what_if = table("what-if")
    one, other = Person(what_if), Person(what_if)
    name = named(one.add("a slur"), "a slur")
    assert "a slur" in options(other.look())
    hide(what_if, name)
    for person in (one, other):
        assert "a slur" not in options(person.look())
    assert [own["text"] for own in one.look()["mine"]] == ["a slur"]
    hide(what_if)
    assert "a slur" in options(other.look())


def test_a_footnote_that_is_hidden_leaves_the_option_where_it_stands(table):
    what_if = table("what-if")
    one, other = Person(what_if), Person(what_if)
    note = secrets.token_hex(16)
    one.do("footnote", record=named(one.add("fog"), "fog"), text="a slur", once=note)
    assert [option["footnotes"] for option in other.look()["options"] if option["text"] == "fog"] == [
        ["a slur"]
    ]
    hide(what_if, note)
    assert [option["footnotes"] for option in other.look()["options"] if option["text"] == "fog"] == [[]]


def test_a_sentence_that_is_hidden_is_handed_to_nobody(table):
    polyphony = table("polyphony")
    rude, kind, third = (Person(polyphony) for _ in range(3))
    name = named(rude.say("A slur."), "A slur.")
    kind.say("Both wait.")
    assert read(kind.look()) == "A slur."
    hide(polyphony, name)
    assert kind.look()["step"] == "wait"
    assert read(third.say("Both are cold.")) == "Both wait."
    assert read(kind.look()) == "Both are cold."
    assert [own["text"] for own in rude.look()["mine"]] == ["A slur."]


def test_where_what_was_made_of_a_sentence_is_hidden_somebody_else_is_asked(table):
    polyphony = table("polyphony")
    author, rude, third = (Person(polyphony) for _ in range(3))
    author.say("Both wait.")
    rude.say("Both are cold.")
    author.say("Both are cold here.")
    name = named(rude.say("A slur."), "A slur.")
    assert read(author.look()) == "A slur."
    hide(polyphony, name)
    assert author.look()["step"] == "wait"
    assert read(third.say("Both stand.")) == "Both wait."
    third.say("Both wait there.")
    assert read(author.look()) == "Both wait there."


def test_a_sentence_that_waits_to_be_let_is_handed_on_once_it_is(table):
    polyphony = table("polyphony")
    one, other = Person(polyphony), Person(polyphony)
    name = named(one.say("Both wait."), "Both wait.")
    await_approval(polyphony, name)
    assert other.say("Both are cold.")["step"] == "wait"
    await_approval(polyphony)
    assert read(other.look()) == "Both wait."


def test_every_record_is_found_at_the_item_that_it_speaks_of(table):
    for name, speak in (("what-if", lambda one: one.add("fog")), ("polyphony", lambda one: one.say("Both."))):
        activity = table(name)
        speak(Person(activity))
        (record,) = activity.session.records
        assert activity.session.index_of(record) == 0
        others = {"what-if", "polyphony", "informational-surfaces"} - {name}
        assert [table(other).session.index_of(record) for other in others] == [None, None]
