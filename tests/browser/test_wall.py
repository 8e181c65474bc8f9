"""The wall of a class: one screen, always, that a whole room can read.

`RETRAIN_KIT_GOLDEN=write` writes the golden images anew; of one that differs, what it has become is kept beside it as
*.new.webp. How to join is left out of them: address and code are of the moment.
"""

from __future__ import annotations

import io
import os
from contextlib import ExitStack

import numpy as np
import pytest
from accessibility import grave
from lessons import held
from PIL import Image
from places import GOLDEN
from playwright.sync_api import expect
from waiting import holds, stop_clock
from wall_law import FAULTS, SIZES, STILL, reach
from walls import Crowd, entered

from retrain_kit.annotations.written import CreditedLine, TrainingWords

EXERCISES = {
    "what-if": "What If…?",
    "polyphony": "Polyphony",
    "informational-surfaces": "Informational surfaces",
    "recoding-art": "Recoding Art",
}
PEOPLE = (0, 3, 30, 300)
CROWDS = (*map(str, PEOPLE), "hostile", "portuguese")
GOLDENS = [
    (exercise, people, (*SIZES,)[(column + row) % 3])
    for column, exercise in enumerate([*EXERCISES][:3])
    for row, people in enumerate(map(str, PEOPLE))
] + [("what-if", "hostile", "xga"), ("what-if", "portuguese", "xga"), ("recoding-art", "30", "hd")]
GOLDEN_PX, GOLDEN_QUALITY, GOLDEN_BYTES = 800, 60, 60_000
FAR, SHARE_FAR = 64, 0.01
"""Of a golden image, at most one pixel in a hundred is farther than so from what is there, by its lightness: letters
may differ at their edges."""
FACES = {"sans-serif": 907, "serif": 927}
"""How wide 100 letters of 16 px are in the faces that golden images are set in."""


def machines(works):
    """What machines say of works, the first of them with very long words."""
    words = TrainingWords(1000, (), ("painting", "drawing", "sculpture", "art"))
    lines = (CreditedLine("envelope 9%, " + "web" * 60, "EfficientNet-Lite3", words), CreditedLine("a wall"))
    return {work.id: lines for work in works}


@pytest.fixture(scope="module")
def class_of(tmp_path_factory):
    """Return the class of a crowd; each is held once for all tests of this module."""
    classes = {}
    with ExitStack() as open_classes:

        def held_once(crowd):
            if crowd not in classes:
                folder = tmp_path_factory.mktemp(crowd) / "answers"
                plan = {"language": "pt"} if crowd == "portuguese" else {}
                classes[crowd] = open_classes.enter_context(
                    held(_entered(folder, crowd), exercises=tuple(EXERCISES), lines_of=machines, **plan)
                )
            return classes[crowd]

        yield held_once


def _entered(folder, crowd):
    if crowd != "hostile":
        return entered(folder, int(crowd) if crowd.isdecimal() else 30)
    rude = Crowd(30)
    rude.provoke()
    return rude.enter(folder)


@pytest.fixture
def wall_of(open_page, class_of):
    """Return a function that opens the wall of a crowd in a browser of its own; faults in its script fail the test."""
    faults = []
    with ExitStack() as pages:

        def opened(crowd, size="xga", **options):
            width, height = SIZES[size]
            shown = {"viewport": {"width": width, "height": height}, **STILL, **options}
            page = pages.enter_context(open_page(**shown))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(class_of(crowd).wall)
            page.locator("#now", has_text="·").wait_for()
            return page

        yield opened
    assert faults == []


def go(page, exercise):
    """Show an exercise, as whoever stands at the machine does, and leave the buttons alone."""
    page.locator("#activities button").nth(list(EXERCISES).index(exercise)).dispatch_event("click")
    page.locator(f"#wall[data-exercise='{exercise}']").wait_for()
    holds(page, "[...document.images].every((image) => image.complete)")


def lines(part):
    return [line for line in part.inner_text().splitlines() if line.strip()]


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("size", SIZES)
def test_it_is_one_screen_whose_letters_the_last_row_reads_and_nothing_is_cut(wall_of, crowd, size):
    page = wall_of(crowd, size)
    for exercise in EXERCISES:
        go(page, exercise)
        assert page.evaluate(FAULTS) == [], exercise


@pytest.mark.parametrize(("exercise", "crowd", "size"), GOLDENS)
def test_it_looks_as_before(wall_of, exercise, crowd, size):
    page = wall_of(crowd, size)
    assert_faces(page)
    go(page, exercise)
    assert_golden(page.screenshot(mask=[page.locator("#join")]), f"wall-{exercise}-{crowd}-{size}")


def assert_faces(page):
    """Skip where other letters than those of the golden images are here: they have other widths."""
    faces = page.evaluate(
        """(names) => Object.fromEntries(names.map((name) => {
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = `16px ${name}`;
          return [name, Math.round(pen.measureText("Hamburgefonstiv ".repeat(100).slice(0, 100)).width)];
        }))""",
        [*FACES],
    )
    if faces != FACES:
        pytest.skip(
            f"the golden images of the wall are set in other letters ({FACES}) than are here ({faces})"
        )


def assert_golden(screenshot, name):
    path, made = GOLDEN / f"{name}.webp", small(screenshot)
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        path.write_bytes(made)
    assert len(made) <= GOLDEN_BYTES
    if path.exists():
        golden, now = (
            np.asarray(Image.open(io.BytesIO(data)).convert("L"), int) for data in (path.read_bytes(), made)
        )
        if golden.shape == now.shape and (np.abs(golden - now) > FAR).mean() <= SHARE_FAR:
            return
    path.with_suffix(".new.webp").write_bytes(made)
    pytest.fail(f"{name} differs from its golden image; look at tests/golden/{name}.new.webp")


def small(screenshot):
    """Return a screenshot as it is kept."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image.thumbnail((GOLDEN_PX, GOLDEN_PX))
    data = io.BytesIO()
    image.save(data, "WEBP", quality=GOLDEN_QUALITY, method=6)
    return data.getvalue()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("crowd", ["0", "30"])
def test_nothing_serious_keeps_anybody_out(wall_of, crowd, colours):
    page = wall_of(crowd, color_scheme=colours)
    for exercise in EXERCISES:
        go(page, exercise)
        assert grave(page) == [], exercise
    reach(page)
    assert grave(page) == []


def test_empty_it_invites(wall_of, class_of):
    page = wall_of("0")
    lesson = class_of("0")
    for exercise, prompt in (
        ("what-if", "What might exist in the blank area?"),
        ("polyphony", "Write a short sentence that establishes a relationship between the two images above."),
        (
            "informational-surfaces",
            "Tag the image: draw a box around what you would tag, and give it a word.",
        ),
        ("recoding-art", "Describe this image. Do you consider it to be art?"),
    ):
        go(page, exercise)
        assert page.locator("h1").inner_text() == prompt
        page.locator("#said", has_text="Nobody has said anything yet.").wait_for()
        assert lines(page.locator("#join")) == [
            "Scan this, or open",
            lesson.url,
            "and type the code",
            lesson.entry.code,
        ]


def test_the_prompts_stand_to_the_letter_with_their_translation_beside(wall_of, class_of):
    page = wall_of("portuguese", "full-hd")
    first, *rest = (prompt["text"] for prompt in class_of("portuguese").shown("what-if")["prompts"])
    assert first == "What might exist in the blank area?"
    assert lines(page.locator("#asked")) == [first, " ".join(rest)]
    assert page.locator("#translation p").first.inner_text() == "O que poderia existir na área em branco?"


@pytest.mark.parametrize("crowd", ["3", "hostile"])
def test_machines_stand_beside_people_once_somebody_pages_on(wall_of, crowd):
    page = wall_of(crowd)
    go(page, "recoding-art")
    assert page.get_by_text("EfficientNet-Lite3").count() == 0
    page.get_by_role("button", name="Page on").dispatch_event("click")
    told = "EfficientNet-Lite3. It has 1,000 words. Not among them: painting, drawing, sculpture, art."
    page.locator(".rk-machine", has_text=told).wait_for()
    assert page.evaluate(FAULTS) == []


def turned(page):
    return page.locator("#said .rk-turn").inner_text()


def test_the_others_come_in_turn_slowly_and_their_number_is_always_said(wall_of):
    page = wall_of("30", reduced_motion="no-preference")
    stop_clock(page)
    page.reload()
    page.locator("#said .rk-turn", has_text="18 more options, in turn: 1–2").wait_for()
    page.clock.run_for(11_000)
    assert turned(page) == "18 more options, in turn: 1–2"
    page.clock.run_for(2_000)
    page.locator("#said .rk-turn", has_text="18 more options, in turn: 3–4").wait_for()
    page.get_by_role("button", name="Pages stay").dispatch_event("click")
    page.clock.run_for(60_000)
    assert turned(page) == "18 more options, in turn: 3–4"
    page.clock.resume()  # what was lost in that minute is asked for again after a while
    page.get_by_role("button", name="Page back").dispatch_event("click")
    page.locator("#said .rk-turn", has_text="1–2").wait_for()


def test_nothing_moves_where_people_ask_for_less_motion(wall_of):
    page = wall_of("30")
    stop_clock(page)
    page.reload()
    page.locator("#said .rk-turn", has_text="1–2").wait_for()
    page.clock.run_for(60_000)
    assert turned(page) == "18 more options, in turn: 1–2"
    page.clock.resume()  # as above
    go(page, "informational-surfaces")
    page.locator("#said svg.rk-track").nth(29).wait_for()
    assert page.evaluate("document.getAnimations().length") == 0


GROWN = """
  window.grown = [];
  const { animate } = Element.prototype;
  Element.prototype.animate = function (...how) { grown.push(animate.apply(this, how)); return grown.at(-1); };
"""
"""Keeps everything that ever began to move, also where it has ended before anybody looks."""


def test_a_track_grows_once_and_never_faster_than_the_hand(wall_of, class_of):
    page = wall_of("3", reduced_motion="no-preference")
    page.add_init_script(GROWN)
    page.reload()
    page.locator("#now", has_text="·").wait_for()
    go(page, "informational-surfaces")
    page.locator("#said svg.rk-track").nth(2).wait_for()
    lasts = page.evaluate("grown.map((each) => each.effect.getComputedTiming().duration / 1000)")
    hands = [
        record.details["pieces"][0][-1][2]
        for record in class_of("3").store.records(exercise="informational-surfaces")
    ]
    assert len(lasts) == 3
    assert all(last >= hand - 0.01 for last, hand in zip(lasts, hands, strict=True))
    go(page, "what-if")
    go(page, "informational-surfaces")
    page.locator("#said svg.rk-track").nth(2).wait_for()
    assert page.evaluate("grown.length") == 3


def test_it_says_what_the_lesson_is_and_follows_it(open_page, tmp_path):
    with held(entered(tmp_path / "answers", 3)) as lesson, open_page(**STILL) as page:
        moderation, person = lesson.classroom.moderation, lesson.join()
        page.goto(lesson.wall)
        page.locator("#now", has_text="·").wait_for()
        ids = [record.id for record in lesson.store.records()]
        moderation.lesson = moderation.lesson.freezing(ids).with_state("what-if", "paused")
        person.say("Both wait.")
        page.get_by_text("The wall stands still for now. Paused: answers wait.").wait_for()
        moderation.lesson = moderation.lesson.led_to("polyphony", 1).thawing()
        person.say("Both are cold.", 1)
        page.locator("#now", has_text="Polyphony · Pair 2 (2 of 2)").wait_for()
        expect(page.locator("#lesson")).to_have_text("")


def test_a_screen_of_another_shape_has_no_less(wall_of, class_of, open_page):
    for width, height in ((800, 600), (1280, 1024), (720, 1280), (3440, 1440)):
        with open_page(viewport={"width": width, "height": height}, **STILL) as page:
            page.goto(class_of("30").wall)
            page.locator("#now", has_text="·").wait_for()
            for exercise in EXERCISES:
                go(page, exercise)
                assert page.evaluate(FAULTS) == [], (width, height, exercise)
