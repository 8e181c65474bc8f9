"""The law of the handout: for one person alone its sessions keep what the Python sessions keep.

The same acts, sent to both with the same key, leave the same records, but for the time; and both refuse the
same. What the page signs is taken by a store as it comes.
"""

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from places import ROOT

from retrain_kit import datasets
from retrain_kit.answers import REFUSALS, Author, merge_files
from retrain_kit.answers.cached import CachedStore
from retrain_kit.answers.records import at_time, utc_timestamp
from retrain_kit.classroom.handout import making
from retrain_kit.classroom.programme import ClassPlan
from retrain_kit.display import assets
from retrain_kit.exercises.common.session import Screen
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.session import ConversationSession
from retrain_kit.exercises.conversation.threads import DAY
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.exercises.living_with_images.returns.session import ReturnsSession
from retrain_kit.exercises.living_with_images.session import DescriptionsSession
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.session import Item, PolyphonySession
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
from retrain_kit.exercises.recoding_art.session import RecodingArtSession
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.session import SurfacesSession
from retrain_kit.exercises.what_if import start_lists
from retrain_kit.exercises.what_if.session import WhatIfSession
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies import manifests

MANIFEST = manifests.load("embedded-sample")
KEY = Author.new().key
IDS = st.integers(0, 5).map(lambda number: f"{number:032x}")
WORDS = st.sampled_from(
    [
        *(
            "fog",
            "fog ",
            "Fog",
            "a kite",
            "bird",
            "an elephant",
            "elephant grass",
            "The piano",
            "ELEFANTE",
            "大象",
            "𐐷 ñ é",
        ),
        *(
            "",
            "  ",
            "\u200b",
            "\u3164",
            "x" * 200,
            "x" * 201,
            "𐐷" * 200,
            "y" * 4001,
            'say "so"\\\n\tthere',
            "\u2028",
        ),
    ]
)
COMMON = st.fixed_dictionaries(
    {
        "once": IDS,
        "index": st.integers(0, 1),
        "uses": st.lists(st.sampled_from(["class", "publication", "sale"]), max_size=3),
    }
)


def act(name, **fields):
    own = st.fixed_dictionaries({"act": st.just(name), **fields})
    return st.builds(lambda common, more: {**common, **more}, COMMON, own)


LIKELY = st.sampled_from([0, 7, 100, 101, -1, "likely", "surely", "", None, 33.5])
LANGUAGES = st.sampled_from(["en", "pt", ""])
REFERENCES = st.sampled_from(
    [
        "original:kite",
        "original:elephant",
        "start:a goat",
        "anchor:a piano",
        "start:a ufo",
        *map("{:032x}".format, range(6)),
    ]
)
PLACES = st.sampled_from([0, 1, 0.5, 0.25, 0.000001, 0.00005, 0.123456])
POINTS = st.lists(st.tuples(PLACES, PLACES).map(list), max_size=3).map(
    lambda found: [[x, y, number / 10] for number, (x, y) in enumerate(found)]
)
TAGS = st.fixed_dictionaries(
    {
        "label": st.sampled_from(["tree", " a  tree ", "", "x" * 81]),
        "edges": st.sampled_from([[0, 0, 1, 1], [0.000001, 0.2, 0.3, 0.4]]),
        "t": st.sampled_from([None, 1, 1.25]),
        "device": st.sampled_from(["mouse", ""]),
    }
)
RECORDING = st.fixed_dictionaries(
    {
        "text": WORDS,
        "pieces": st.lists(POINTS, max_size=2),
        "focus": st.lists(POINTS, max_size=2),
        "tags": st.lists(TAGS, max_size=2),
        "devices": st.lists(st.sampled_from(["mouse", "pen", "keyboard"]), max_size=3),
        "seconds": st.sampled_from([0, 12.5, 14401]),
        "written": st.sampled_from([None, [0.5, 2]]),
        "frame": st.sampled_from([None, [320, 213.328125]]),
    }
)
NOTED = st.sampled_from(["expands", "challenges", "agrees"])
REFUSED = st.sampled_from([*REFUSALS, "yes"])
SHARED = [
    act("footnote", record=IDS, text=WORDS),
    act("withdraw", record=IDS),
    act("look"),
]
ACTS = {
    "what-if": [
        act("add", text=WORDS, likely=LIKELY),
        act("place", ref=REFERENCES, likely=LIKELY),
        act("elephant", text=WORDS, likely=LIKELY),
        act("refuse", refusal=REFUSED, text=WORDS),
    ],
    "informational-surfaces": [
        act("keep", recording=RECORDING, language=LANGUAGES),
        act("refuse", refusal=REFUSED),
    ],
    "recoding-art": [
        act("say", text=WORDS, art=st.sampled_from(["", "yes", "I don't know", "maybe"]), language=LANGUAGES),
        act("refuse", refusal=REFUSED, text=WORDS, language=LANGUAGES),
    ],
    "conversation": [
        act("say", text=WORDS, language=LANGUAGES, record=st.one_of(st.just(""), IDS)),
        act("note", text=WORDS, record=IDS, kind=NOTED, at=st.sampled_from([0, 1, 3, 300])),
        act("refuse", refusal=REFUSED, text=WORDS, record=st.one_of(st.just(""), IDS)),
    ],
    "first-text": [
        act(
            "say",
            text=WORDS,
            language=LANGUAGES,
            seconds=st.sampled_from([20, 40, 19, None]),
            typed=st.sampled_from([0, 3.14159, 20, 30]),
        ),
        act("refuse", refusal=REFUSED, language=LANGUAGES),
    ],
    "second-text": [
        act("say", text=WORDS, language=LANGUAGES, seconds=st.just(30), typed=st.just(7.26)),
        act("refuse", refusal=REFUSED, language=LANGUAGES),
    ],
    "giving-back": [
        act("give", text=WORDS, pseudonym=st.sampled_from(["", "Ada", "A\nB", "x" * 101])),
        act("refuse", refusal=REFUSED, text=WORDS, pseudonym=st.just("Ada")),
    ],
    "polyphony": [
        act(
            "say",
            text=WORDS,
            language=LANGUAGES,
            turn=st.just(" first "),
            refusal=st.sampled_from(["", "burn"]),
        ),
    ],
}


@pytest.fixture(scope="module")
def law(open_page, tmp_path_factory):
    """What a page with the handout's sessions makes of acts."""
    path = tmp_path_factory.mktemp("law") / "law.html"
    script = assets.bundled_script(ROOT / "tests" / "browser" / "handout_law.js")
    path.write_text(f"<!doctype html><meta charset=utf-8><script>{script}</script>", encoding="utf-8")
    with open_page() as page:
        page.goto(path.as_uri())
        yield lambda about: page.evaluate("about => obey(about)", about)


def page_of(names, folder):
    """Return what a handout carries, over an empty store."""
    plan = ClassPlan(tuple(names), 2)
    return making.build_handout([(MANIFEST, datasets.read(MANIFEST))], CachedStore(folder), plan)


def anew(session, store):
    """Return a session as another one, over another store."""
    items, study = session.items, MANIFEST.name
    make = {
        WhatIfSession: lambda: WhatIfSession(WhatIf(store, study, start_lists.study_lists(MANIFEST)), items),
        SurfacesSession: lambda: SurfacesSession(InformationalSurfaces(store, study), items),
        RecodingArtSession: lambda: RecodingArtSession(RecodingArt(store, study), items),
        DescriptionsSession: lambda: DescriptionsSession(
            LivingWithImages(store, study), items, session.which
        ),
        ReturnsSession: lambda: ReturnsSession(Returns(store.folder, study), items, MANIFEST),
        ConversationSession: lambda: ConversationSession(Conversation(store, study), items),
        PolyphonySession: lambda: PolyphonySession(
            [Item(Polyphony(store, item.exercise.pair), item.figure) for item in items]
        ),
    }
    return make[type(session)]()


def timeless(line):
    found = json.loads(line)
    for name in ("signature", "when"):
        found.pop(name, None)
    found.get("consent", {}).pop("when", None)
    return found


def said(lines):
    found = [timeless(line) for line in lines if line.strip()]
    return sorted(
        (each for each in found if each.get("kind") in ("answer", "footnote")), key=lambda each: each["id"]
    )


SEEN = {
    "what-if": ("options", "outside", "refusals", "withheld"),
    "informational-surfaces": ("number",),
    "recoding-art": ("open", "beside"),
    "giving-back": ("burnt",),
    "conversation": ("threads", "earlier"),
}


def seen(names, page):
    """What a page shows; of texts that are compared when there are two of them, which there are."""
    mine = sorted(page["mine"], key=lambda each: each["record"])
    if names[0] not in SEEN:
        return [each["record"] for each in mine]
    return {**{name: page[name] for name in SEEN[names[0]]}, "mine": mine}


FEWER = {"conversation": 20}
"""How many lists of acts are tried, where each says much."""
GROUPS = [
    ["what-if"],
    ["informational-surfaces"],
    ["recoding-art"],
    ["first-text", "second-text"],
    ["giving-back"],
    ["polyphony"],
    ["conversation"],
]


@pytest.mark.parametrize("names", GROUPS, ids="-".join)
def test_the_same_acts_leave_the_same_records(names, law, tmp_path_factory):
    page = page_of(names, tmp_path_factory.mktemp("none"))
    base = json.loads(making.as_json({**page.data, "images": []}))
    every = [
        act.map(lambda sent, at=at: {"exercise": at, **sent})
        for at, name in enumerate(names)
        for act in (*ACTS[name], *ACTS[name], *SHARED)
    ]

    @settings(max_examples=FEWER.get(names[0], 60), phases=[Phase.generate], database=None)
    @given(st.lists(st.one_of(every), max_size=8))
    def obeyed(acts):
        folder = tmp_path_factory.mktemp("store")
        store = CachedStore(folder)
        sessions = [anew(each, store) for each in page.sessions]
        turn = Screen([Author(KEY).key])
        pages = []
        for number, each in enumerate(acts):
            sent = {name: value for name, value in each.items() if name != "exercise"}
            if names == ["polyphony"] and "turn" in sent:
                sent["turn"] = sessions[0].page(Screen([KEY], index=sent["index"]))["turn"]
                each["turn"] = (
                    sent["turn"].replace(Author(KEY).who, "", 1) if " first" in sent["turn"] else "past"
                )
            with at_time(
                f"{utc_timestamp()[:DAY]}T00:00:{number:02}Z"
            ):  # what is said has an order, here too
                pages.append(sessions[each["exercise"]].answer(turn, sent))
        came = law(
            {"study": base["study"], "key": KEY, "exercises": base["spoken"]["en"]["exercises"], "acts": acts}
        )
        lines = sessions[0].stores[0].lines_of(KEY)
        assert said(came["text"].split("\n")) == said(line.decode() for line in lines)
        for here, there in zip(came["pages"], pages, strict=True):
            assert seen(names, here) == seen(names, there)
        assert [bool(page["fault"]) for page in came["pages"]] == [bool(page["fault"]) for page in pages]
        handed = folder / "handed.jsonl"
        handed.write_text(came["text"], encoding="utf-8")
        merged = merge_files([handed], folder / "merged")
        assert (merged.faults, merged.answers + merged.footnotes) == ((), len(said(came["text"].split("\n"))))

    obeyed()
