"""Sessions of all exercises: every act counts once, and nobody sees what they may not see.

A person does whatever an exercise offers, in any order, beside others who did so before. What is sent is sent
once to one store; to another each act is sent twice, at once or some acts later, as where a reply was lost. An
act that came to nothing is sent again at once alone: later it may come to something, as any new attempt.
"""

import io
import json
from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PIL import Image
from trying import examples

from retrain_kit import datasets
from retrain_kit.annotations.written import CreditedLine
from retrain_kit.answers import REFUSALS, Author, Consent, Store
from retrain_kit.answers.cached import CachedStore
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.common.session import KEPT_ALREADY, Screen
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.session import ConversationSession
from retrain_kit.exercises.conversation.subjects import Subject, asked_subject
from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
from retrain_kit.exercises.living_with_images.in_class import activity as in_class
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages, WritingTime
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.exercises.living_with_images.returns.session import ReturnsSession
from retrain_kit.exercises.living_with_images.session import DescriptionsSession
from retrain_kit.exercises.own_time.own_time import OwnTime
from retrain_kit.exercises.own_time.session import OwnTimeSession
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.session import Item, PolyphonySession
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
from retrain_kit.exercises.recoding_art.session import RecodingArtSession
from retrain_kit.exercises.recoding_art.works import WorkToSee
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.session import SurfacesSession
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.session import WhatIfSession
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies import codes, manifests

MANIFEST = manifests.load("embedded-sample")
CARDS = datasets.read(MANIFEST)[:2]
KEY, OTHER, SILENT = (Author.new().key for _ in range(3))
RECORDING = {"pieces": [[[0.1, 0.1, 0.0], [0.8, 0.7, 1.5]]], "tags": [], "devices": ["touch"], "seconds": 2.0}


def panel():
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    return Panel("image", "teal", file.getvalue(), "image/png")


def drawing_of(label):
    """A box that took a second and its word, as a browser sends it."""
    box = {"name": "1", "kind": "box", "label": label, "points": [[1, 1], [9, 9]]}
    return {"drawn": [box], "moments": [[0, "act", "1"], [1, "act", "1"]]}


# -- what each exercise offers: the messages of an act, from its words, what it is about, and the page ------


def words(text, **more):
    return lambda say, _, __: {"text": say, **more} if text else more


COMMON = {
    "look": words(""),
    "go": words(""),
    "refuse": lambda say, about, page: {
        "refusal": REFUSALS[int(about, 16) % 3],
        "text": say,
        "turn": page.get("turn", ""),
    },
    "footnote": lambda say, about, _: {"record": about, "text": say},
    "withdraw": lambda _, about, __: {"record": about},
    "return": words("", key=KEY),
    "open-file": words("", file="no file of answers"),
    "bring": words("", file="no file of answers", key=KEY),
    "somebody-else": words(""),
}


class WhatIfs:
    kinds: ClassVar = {
        **COMMON,
        "add": words("text", likely=40),
        "elephant": words("text", likely="likely"),
        "place": lambda _, about, page: {"likely": 7, "ref": chosen(page["options"], about)["ref"]},
        "same": lambda _, about, page: {
            "one": page["options"][0]["ref"],
            "other": chosen(page["options"][1:], about)["ref"],
        },
        "apart": lambda _, about, page: {"record": page["merged"][0]["record"] if page["merged"] else about},
    }
    speaks, public = "add", ("options", "outside", "questions", "merged", "refusals")

    def __init__(self, folder):
        areas = [BlankArea(name, BlankPlace(name), panel(), "Study") for name in ("sky", "sea")]
        self.session = WhatIfSession(WhatIf(Store(folder), "s"), areas)

    def check(self, page):
        assert page["mine"] or not any(option["told"] for option in page["options"])


class Table:
    kinds: ClassVar = {
        **COMMON,
        "say": lambda say, _, page: {"text": say, "turn": page["turn"]},
        "more": words(""),
        "sit": words("", seat=0),
        "leave": words(""),
    }
    speaks, public = "say", ("lines",)

    def __init__(self, folder):
        store = Store(folder)
        pairs = [
            Pair(PairedImage("s", "d", left), PairedImage("s", "d", right)) for left, right in ("ab", "cd")
        ]
        figure = Figure((panel(), panel()), "", "Study", "Pair")
        self.session = PolyphonySession([Item(Polyphony(store, pair), figure) for pair in pairs])

    def check(self, page):
        read = [line for line in page["lines"] if "read" in line]
        assert len(read) == (page["step"] in ("improvement", "new"))


class Hands:
    kinds: ClassVar = {
        **COMMON,
        "keep": lambda say, _, __: {"recording": {**RECORDING, "text": say}},
        "draw": lambda say, _, __: {"recording": {**RECORDING, "text": say, "pieces": []}},
    }
    speaks, public = "keep", ()

    def __init__(self, folder):
        images = [ImageToAnnotate(name, name, (96, 64), panel(), "Study") for name in ("sky", "sea")]
        self.session = SurfacesSession(InformationalSurfaces(Store(folder), "s"), images)

    def check(self, page):
        pass


class Works:
    kinds: ClassVar = {
        **COMMON,
        "say": lambda say, about, _: {
            "text": say,
            "art": ("", "yes", "no", "I don't know")[int(about, 16) % 4],
        },
    }
    speaks, public = "say", ()

    def __init__(self, folder):
        lines = (CreditedLine("zqmachinezq", "a machine"),)
        works = [WorkToSee(name, name, panel(), "Museum", lines=lines) for name in ("cut", "urinal")]
        self.session = RecodingArtSession(RecodingArt(Store(folder), "s"), works)

    def check(self, page):
        assert ("zqmachinezq" in json.dumps(page)) == (not any(page["open"].values()))
        assert page["mine"] or all(page["open"].values())


class Talked:
    kinds: ClassVar = {
        **COMMON,
        "say": lambda say, about, _: {"text": say, "record": about if int(about, 16) % 2 else ""},
        "note": lambda say, about, _: {
            "text": say,
            "record": about,
            "kind": ("expands", "challenges")[int(about, 16) % 2],
            "at": int(about, 16) % 5,
        },
    }
    speaks, public = "say", ("threads",)

    def __init__(self, folder):
        question = asked_subject("What is shaped?")
        subjects = [question, Subject(question.question, "Study", "sky", panel())]
        self.session = ConversationSession(Conversation(Store(folder), "s"), subjects)

    def check(self, page):
        pass


class Clock:
    kinds: ClassVar = {
        **COMMON,
        "refuse": lambda *asked: {**COMMON["refuse"](*asked), "uses": ["keep"]},
        "keep": lambda say, _, __: {"drawing": drawing_of(say), "uses": ["keep", "times"]},
        "count": lambda say, _, __: {"drawing": drawing_of(say), "count": "1"},
    }
    speaks, public = "keep", ()

    def __init__(self, folder):
        images = [ImageToAnnotate(name, name, (96, 64), panel(), "Study") for name in ("sky", "sea")]
        self.session = OwnTimeSession(OwnTime(Store(folder), "s"), images)

    def check(self, page):
        assert all(pace["own"] == [1, 1] for pace in page["kept"])


class Living:
    kinds: ClassVar = {**COMMON, "say": words("text", seconds=30, typed=9)}
    speaks, public = "say", ()
    which = "first"

    def __init__(self, folder):
        images = [ImageToDescribe(name, name, panel(), "Study") for name in ("sky", "sea")]
        self.session = DescriptionsSession(LivingWithImages(Store(folder), "s"), images, self.which)

    def check(self, page):
        whiches = [each["which"] for each in page["mine"]]
        assert [each["hidden"] for each in page["mine"]] == [
            self.which == "second" and whiches == ["first"] for _ in whiches
        ]


class LivingOn(Living):
    """The second class, to which a person comes with what they wrote in the first."""

    which = "second"

    def __init__(self, folder):
        super().__init__(folder)
        for number, name in enumerate(("sky", "sea")):
            voice = Voice(Consent((), "test", "2026-11-29T09:00:00Z"), KEY, once=f"{0xF000 + number:032x}")
            self.session.exercise.describe(name, "first", "zqfirstzq", WritingTime(20, 9), voice)

    def check(self, page):
        super().check(page)
        assert len(page["mine"]) == 2 or "zqfirstzq" not in json.dumps(page)


class Returned:
    kinds: ClassVar = {
        **COMMON,
        "give": words("text"),
        "begin": words("", upload="f" * 32, size=3, name="a.txt"),
        "piece": words("", upload="f" * 32, at=0, data=b"abc"),
    }
    speaks, public = "give", ()

    def __init__(self, folder):
        self.session = ReturnsSession(Returns(folder, MANIFEST.name), CARDS, MANIFEST)

    def check(self, page):
        pass


CODES = [codes.card_code(MANIFEST.name, card.id) for card in CARDS]


def in_hand(kinds):
    """The same acts by whoever has a card in their hand: of one of two, by their place."""

    def held(make):
        return lambda say, about, page: {**make(say, about, page), "index": 1 + int(about, 16) % 2}

    code = {"card": lambda _, about, __: {"code": CODES[int(about, 16) % 2]}}
    person = {"return", "somebody-else"}
    return {name: make if name in person else held(make) for name, make in kinds.items()} | code


class InHand(Living):
    """The first class, on phones, by the codes of cards."""

    kinds: ClassVar = in_hand(Living.kinds)
    part = 0

    def __init__(self, folder):
        store = CachedStore(folder)
        parts = in_class.living_with_images_activities(store, MANIFEST, CARDS, "en")
        self.activity = parts[self.part]
        self.session = self.activity.session

    def check(self, page):
        super().check(page)
        assert page["card"]["code"] in ("", *CODES)


class InHandOn(InHand):
    """The second class, on phones."""

    which, part = "second", 1

    def __init__(self, folder):
        super().__init__(folder)
        for number, card in enumerate(CARDS):
            voice = Voice(Consent((), "test", "2026-11-29T09:00:00Z"), KEY, once=f"{0xF000 + number:032x}")
            self.session.exercise.describe(card.id, "first", "zqfirstzq", WritingTime(20, 9), voice)

    def check(self, page):
        super().check(page)
        assert len(page["mine"]) == 2 or "zqfirstzq" not in json.dumps(page)


class InHandBack(InHand):
    """What comes back, from phones."""

    kinds: ClassVar = in_hand(Returned.kinds)
    speaks, part = "give", 2

    def check(self, page):
        pass


PERSON = ("return", "somebody-else", "leave")
"""Acts that keep nothing: in a class, the page does them and no session hears of them."""
EXERCISES = (
    WhatIfs,
    Table,
    Hands,
    Clock,
    Works,
    Talked,
    Living,
    LivingOn,
    Returned,
    InHand,
    InHandOn,
    InHandBack,
)


def chosen(options, about):
    return options[int(about, 16) % len(options)]


# -- a person at a screen -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    kind: str
    about: int
    index: int
    uses: tuple
    late: int


def acts(kinds):
    uses = st.sampled_from([("class",), (), ("class", "publication")])
    each = st.builds(
        Act, st.sampled_from(kinds), st.integers(0, 11), st.integers(0, 1), uses, st.integers(0, 4)
    )
    return st.lists(each, min_size=1, max_size=12)


@dataclass
class Kept:
    """Something that was kept: its words, where it has some, whose it is, of which item, and what it is a footnote to."""

    words: str
    who: str
    index: int
    agreed: bool
    of: str = ""


@dataclass
class Run:
    """An exercise, and what was kept there; `twice` sends every act that counts twice."""

    exercise: object
    notebook: bool
    twice: bool
    kept: dict = field(default_factory=dict)
    gone: set = field(default_factory=set)
    waiting: list = field(default_factory=list)
    keys: set = field(default_factory=lambda: {KEY, OTHER, SILENT})

    def __post_init__(self):
        self.session = self.exercise.session
        self.screen = Screen([KEY])
        for number, (key, uses) in enumerate(((OTHER, ("class",)), (OTHER, ("class",)), (SILENT, ()))):
            once, screen = f"{0xE000 + number:032x}", Screen([key])
            self.do(self.exercise.speaks, Act("", 0, 0, uses, 0), once, screen)
            if number == 0:
                self.send(screen, {"act": "withdraw", "index": 0, "record": once})
                self.forget(once)

    def at(self):
        return self.screen if self.notebook else Screen([KEY])

    def do(self, kind, act, once, screen):
        """Do something for the first time; return what was sent, and what came back."""
        page = self.send(screen, {"act": "look", "index": act.index})
        about = f"{act.about:032x}"
        sent = self.exercise.kinds[kind](f"zq{once[-4:]}zq", about, page)
        sent = {"act": kind, "index": act.index, "once": once, "uses": list(act.uses), **sent}
        page = self.send(screen, sent)
        if page.get("done") == kind and page["told"] != KEPT_ALREADY:
            self.note(sent, page)
        return sent, page

    def note(self, sent, page):
        who, name = page["who"], sent.get("record", "")
        if sent["act"] == "withdraw":
            self.forget(name)
        if sent.get("refusal") == "burn" and "burnt" in page:
            for once, each in list(self.kept.items()):
                if (each.who, each.index) == (who, sent["index"]):
                    self.forget(once)
        of = name if sent["act"] == "footnote" else ""
        said = sent.get("recording", sent).get("text", "")
        if "drawing" in sent:
            said = sent["drawing"]["drawn"][0]["label"]
        if sent["act"] in self.session.acts:
            agreed = self.kept[of].agreed if of else "class" in sent["uses"]
            self.kept[sent["once"]] = Kept(said, who, sent["index"], agreed, of)

    def forget(self, once):
        for name, each in list(self.kept.items()):
            if once in (name, each.of):
                self.gone |= {self.kept.pop(name).words} - {""}

    def send(self, screen, sent):
        page = self.session.answer(screen, sent)
        if "index" in page:
            self.see(page)
        return page

    def see(self, page):
        """Nobody sees a key but their own, what was withdrawn, or what others said and may not be read here."""
        shown = {name: value for name, value in page.items() if name != "key"}
        whole = json.dumps(shown)
        self.keys |= {page["key"]} - {""}
        assert not any(key in whole for key in self.keys)
        assert page["who"] == (Author(page["key"]).who if page["key"] else "")
        assert not any(each in whole for each in self.gone)
        private = json.dumps({n: v for n, v in shown.items() if n not in self.exercise.public})
        others = [each for each in self.kept.values() if each.words and each.who != page["who"]]
        assert not any(each.words in private for each in others)
        assert not any(each.words in whole for each in others if not each.agreed)
        self.exercise.check(page)

    def go(self, listed):
        for number, act in enumerate(listed):
            screen = self.at()
            sent, page = self.do(act.kind, act, f"{number:032x}", screen)
            if self.twice:
                self.repeat(number, act, sent, page, screen)
        for _, sent in self.waiting:
            self.send(self.at(), sent)
        return state(self.session.stores[0])

    def repeat(self, number, act, sent, page, screen):
        """Send an act again, now or later, and whatever is due by now."""
        counts = act.kind in self.session.acts
        if counts and not page["fault"] and act.late:
            self.waiting.append((number + act.late, sent))
        elif act.kind not in ("more", "sit"):
            again = self.send(screen if self.notebook else self.at(), sent)
            if counts and not page["fault"] and (self.notebook or act.kind not in PERSON):
                assert (again["told"], again["done"]) == (KEPT_ALREADY, act.kind)
        for due, late in [each for each in self.waiting if each[0] <= number]:
            self.waiting.remove((due, late))
            self.send(self.at(), late)


def state(store):
    """Return what is in a store, but for times and for names that are made at random."""
    records = {
        record.id: (
            record.text,
            record.refusal,
            record.language,
            record.consent.agreed,
            {name: value for name, value in record.details.items() if name != "burnt"},
            record.asked,
            record.who if record.who in map(who, (KEY, OTHER, SILENT)) else "somebody else",
            sorted((note.id, note.text, note.language) for note in record.footnotes),
        )
        for record in store.records()
    }
    return records, {withdrawal.of for withdrawal in store.withdrawals()}


def who(key):
    return Author(key).who


@pytest.mark.parametrize("notebook", [True, False], ids=["notebook", "class"])
@pytest.mark.parametrize("exercise", EXERCISES)
@examples(12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_act_counts_once_and_nobody_sees_what_they_may_not(exercise, notebook, data, tmp_path_factory):
    listed = data.draw(acts(sorted(exercise.kinds)))
    folder = tmp_path_factory.mktemp("acts")
    once = Run(exercise(folder / "once"), notebook, twice=False).go(listed)
    twice = Run(exercise(folder / "twice"), notebook, twice=True).go(listed)
    assert once == twice


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_act_of_every_session_is_among_those_that_are_tried(exercise, tmp_path):
    session = exercise(tmp_path / "answers").session
    assert exercise.kinds.keys() == session.acts.keys() | session.looks.keys()


def test_a_list_that_stands_for_others_holds_what_somebody_has_just_said(tmp_path):
    areas = [BlankArea("sky", BlankPlace("sky"), panel(), "Study")]
    session = WhatIfSession(WhatIf(Store(tmp_path / "answers"), "s"), areas, rest=1e12)
    one, other = Screen(), Screen()

    def add(screen, text):
        sent = {
            "act": "add",
            "once": text.encode().hex().zfill(32),
            "text": text,
            "likely": 40,
            "uses": ["class"],
        }
        return {option["text"] for option in session.answer(screen, sent)["options"]}

    assert add(one, "mist") >= {"mist"}
    assert add(other, "fog") >= {"mist", "fog"}
    assert add(one, "haze") >= {"mist", "fog", "haze"}
    assert add(other, "rain") >= {"mist", "fog", "haze", "rain"}
