"""A class at once in real browsers: phones and laptops side by side, the wall, keys alone."""

from __future__ import annotations

import json

import pytest
from accessibility import grave
from lessons import held
from places import ROOT
from playwright.sync_api import expect
from waiting import PATIENCE_MS

from retrain_kit.answers import Author, merge_files
from retrain_kit.classroom.limits import RateLimit

GOLDEN = json.loads((ROOT / "tests" / "golden" / "signed.json").read_bytes())

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SHOWN, PUBLISHED = ("It may be shown",), ("It may be published",)
SCRIPT = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"


@pytest.fixture
def lesson(tmp_path):
    with held(tmp_path / "answers") as running:
        yield running


@pytest.fixture
def visit(open_page, lesson):
    """Return a function that opens a page in a browser of its own; faults in its script fail the test."""
    opened, faults = [], []

    def visited(address, **options):
        manager = open_page(**options)
        page = manager.__enter__()
        opened.append(manager)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Policy" in message.text else None)
        page.goto(address)
        return page

    yield visited
    for manager in opened:
        manager.__exit__(None, None, None)
    assert faults == []


@pytest.fixture
def come(visit, lesson):
    """Return a function that opens the class's page by the link that the wall shows."""

    def came(exercise="What If…?", agreed=SHOWN, **options):
        page = visit(f"{lesson.url}#{lesson.entry.code}", **options)
        agree(page, *agreed)
        page.get_by_role("navigation", name="Exercises").get_by_role("button", name=exercise).click()
        page.get_by_role("group", name=exercise).wait_for()
        return page

    return came


def agree(page, *uses):
    """Say what one agrees to, as every page asks first."""
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()
    assert page.get_by_role("checkbox", checked=True).count() == 0
    for use in uses:
        page.get_by_role("checkbox", name=use).check()
    page.get_by_role("button", name="Go on with this").click()


def say(page, text):
    page.locator(".rk-entry textarea").fill(text)
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Your sentence is kept.").wait_for()


def add(page, text):
    page.get_by_label("Another option").fill(text)
    page.get_by_label("How likely, in words").press("ArrowRight")
    page.get_by_role("button", name="Add it to the list").click()
    page.get_by_text("Your answer is kept.").wait_for()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_two_browsers_go_through_polyphony_to_the_end_and_the_wall_shows_it(come, visit, lesson):
    one, other = come("Polyphony", **PHONE), come("Polyphony", viewport={"width": 1280, "height": 900})
    wall = visit(lesson.wall)
    wall.get_by_role("button", name="Polyphony").click()
    say(one, "Both wait for winter.")
    one.get_by_text("You wait until somebody else has written.").wait_for()
    say(other, "Both are cold.")
    other.locator("blockquote", has_text="Both wait for winter.").first.wait_for()
    one.locator(".rk-asked blockquote", has_text="Both are cold.").wait_for()
    say(one, "Both are cold in winter.")
    say(other, "Both wait for a cold winter.")
    for page in (one, other):
        page.locator("h3", has_text="Moment B").wait_for()
    say(one, "Cold, both wait for winter.")
    say(other, "In winter both are cold.")
    for page in (one, other):
        page.get_by_text("You have written all that is asked").wait_for()
    wall.locator("#counts", has_text="6 answers").wait_for()
    wall.locator("#drawings img[alt*='In winter both are cold.']").wait_for()
    wall.locator("#lists", has_text="winter").wait_for()
    assert len(lesson.store.records()) == 6


def test_keys_alone_are_enough_from_the_code_to_an_answer(visit, lesson):
    page = visit(lesson.url)
    page.get_by_role("heading", name="Join the class").wait_for()
    page.keyboard.type(lesson.entry.code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()
    reach(page, "It may be shown")
    page.keyboard.press("Space")
    reach(page, "Go on with this")
    page.keyboard.press("Enter")
    page.locator(".rk-what-if-widget .rk-list li").first.wait_for()
    reach(page, "Another option")
    page.keyboard.type("fog, dd and all")
    reach(page, "How likely, in words")
    page.keyboard.press("Enter")
    reach(page, "Add it to the list")
    page.keyboard.press("Enter")
    page.get_by_text("Your answer is kept.").wait_for()
    assert [record.text for record in lesson.store.records()] == ["fog, dd and all"]


def reach(page, words):
    """Press Tab until a control of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.ariaLabel ?? '') + (document.activeElement.closest('label') ?? document.activeElement).textContent"
        )
        if words in name:
            return
    pytest.fail(f"Tab never comes to {words}")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(come, colours):
    page = come(**PHONE, color_scheme=colours)
    for name in ("What If…?", "Polyphony", "Informational surfaces"):
        page.get_by_role("navigation", name="Exercises").get_by_role("button", name=name).click()
        page.get_by_role("group", name=name).locator("img").first.wait_for()
        assert overflow(page) <= 0, name


def test_what_is_typed_is_text_on_the_page_and_on_the_wall(come, visit, lesson):
    one, other = come(), come()
    add(one, SCRIPT)
    other.locator(".rk-list .rk-said-text", has_text="<script>").wait_for()
    wall = visit(lesson.wall)
    wall.locator("#drawings img[alt*='<script>']").wait_for()
    assert [page.title() for page in (one, other, wall)] == ["A class at once"] * 2 + [
        "A class at once: the wall"
    ]


def test_neither_code_nor_secret_stays_in_the_address(come, visit, lesson):
    assert come().url == lesson.url
    wall = visit(lesson.wall)
    wall.locator("#code", has_text=lesson.entry.code).wait_for()
    assert wall.url == f"{lesson.url}projector"
    wall.reload()
    wall.locator("#code", has_text=lesson.entry.code).wait_for()


def test_the_wall_is_empty_without_its_link(visit, lesson):
    page = visit(f"{lesson.url}projector")
    page.get_by_text("opens with the link that the terminal shows").wait_for()
    assert lesson.entry.code not in page.content()


def test_the_wall_says_that_the_door_is_shut_and_opens_it(visit, lesson):
    wall = visit(lesson.wall)
    lesson.classroom.door.by_address = RateLimit(1, 0)
    page = visit(f"{lesson.url}#wrong-codes")
    page.get_by_text("That is not the code of this class.").wait_for()
    page.get_by_label("code", exact=False).fill(lesson.entry.code)
    page.keyboard.press("Enter")
    page.get_by_text("Ask whoever runs the class to open the door.").wait_for()
    wall.get_by_role("button", name="Open the door").click()
    expect(wall.get_by_text("nobody new gets in")).to_have_count(0, timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()


def test_a_page_that_is_loaded_anew_keeps_person_and_draft(come, lesson):
    page = come("Polyphony")
    page.locator(".rk-entry textarea").fill("Half a sen")
    who = page.locator("#who").inner_text()
    page.reload()
    page.locator(".rk-entry textarea").wait_for()
    page.wait_for_function("document.querySelector('.rk-entry textarea').value === 'Half a sen'")
    assert page.locator("#who").inner_text() == who
    say(page, "A whole sentence.")
    page.reload()
    page.get_by_text("You wait until somebody else has written.").wait_for()


def test_a_draft_outlives_another_area_a_footnote_and_the_page(come):
    page = come()
    add(page, "mist")
    page.get_by_label("Another option").fill("half an op")
    page.locator("summary", has_text="Footnote").click()
    page.get_by_label("Footnote to: mist").fill("or haze")
    page.get_by_role("button", name="Keep the footnote").click()
    page.get_by_text("Your footnote is kept").wait_for()
    for direction, place in (("Next", "2 of"), ("Previous", "1 of")):
        page.get_by_role("button", name=f"{direction} blank area").click()
        page.locator(".rk-position", has_text=place).wait_for()
    assert page.get_by_label("Another option").input_value() == "half an op"
    page.reload()
    expect(page.get_by_label("Another option")).to_have_value("half an op", timeout=PATIENCE_MS)


def test_an_answer_whose_reply_is_lost_on_the_way_is_sent_again_and_counts_once(come, lesson):
    page, lost = come(), []

    def lose(route):
        signed = '"sign":{"' in route.request.post_data
        if signed and '"add"' in route.request.post_data and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/act", lose)
    page.get_by_label("Another option").fill("mist")
    page.get_by_label("How likely, in words").press("ArrowRight")
    page.get_by_role("button", name="Add it to the list").click()
    page.get_by_text("That was kept already, once.").wait_for()
    assert lost == [200]
    assert [record.text for record in lesson.store.records()] == ["mist"]
    assert page.get_by_label("Another option").input_value() == ""


def test_typing_is_not_disturbed_when_others_add_something(come):
    one, other = come(), come()
    add(one, "mist")
    one.locator("summary", has_text="Footnote").click()
    note = one.get_by_label("Footnote to: mist")
    note.fill("or")
    add(other, "fog")
    come()
    one.get_by_text("3 pages are open").wait_for()  # With this news came that of the fog.
    note.press_sequentially(" haze")
    assert note.input_value() == "or haze"
    one.get_by_role("button", name="Keep the footnote").click()
    one.get_by_text("Your footnote is kept").wait_for()
    one.locator(".rk-list .rk-said-text", has_text="fog").wait_for()


def test_the_key_opens_what_was_said_on_another_page_and_withdraws_it(come, lesson):
    one, other = come(), come()
    add(one, "mist")
    one.locator("summary", has_text="My key").click()
    key = one.locator("#key").inner_text()
    other.locator("footer summary", has_text="I have a key").click()
    other.locator("#known").fill(key)
    other.get_by_role("button", name="Go on with it").and_(other.locator("#return")).click()
    other.get_by_text("again.").wait_for()
    assert other.locator("#who").inner_text() == one.locator("#who").inner_text()
    other.locator("summary", has_text="Withdraw everything").click()
    other.get_by_role("button", name="Yes, withdraw everything").click()
    other.get_by_text("Withdrawn: 1.").wait_for()
    assert lesson.store.records() == []


def test_the_button_of_the_exercise_that_is_shown_takes_nothing_away(come):
    page = come()
    page.get_by_label("How likely, in words").press("ArrowRight")
    page.get_by_role("navigation", name="Exercises").get_by_role("button", name="What If…?").click()
    page.get_by_label("Another option").fill("mist")
    page.get_by_role("button", name="Add it to the list").click()
    page.get_by_text("Your answer is kept.").wait_for()


def test_all_that_a_page_sends_goes_without_the_key_and_what_it_signs_is_proven(come, lesson, tmp_path):
    page, sent = come(), []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data}"))
    add(page, "mist")
    page.locator("summary", has_text="Footnote").click()
    page.get_by_label("Footnote to: mist").fill("or haze")
    page.get_by_role("button", name="Keep the footnote").click()
    page.get_by_text("Your footnote is kept").wait_for()
    add(page, "fog")
    page.get_by_role("button", name="Withdraw: fog").click()
    page.get_by_text("Only that something was withdrawn is left").first.wait_for()
    key = page.locator("#key").text_content()
    (record,) = lesson.store.records()
    assert (record.text, [note.text for note in record.footnotes]) == ("mist", ["or haze"])
    assert (record.who, record.public_key) == (Author(key).who, Author(key).public_key)
    assert [record.lock] == Author(key).locks([record.id])
    assert len([each for each in sent if "/act " in each]) >= 8
    assert not [each for each in sent if key in each or "-".join(key.split("-")[:2]) in each]
    assert page.locator("#unsigned").is_hidden()
    lesson.store.export(tmp_path / "export.jsonl")
    assert merge_files([tmp_path / "export.jsonl"], tmp_path / "into").faults == ()


def test_the_script_derives_and_signs_what_python_does(visit, lesson):
    page = visit(lesson.url)
    made = page.evaluate(
        """async ({ key, record, words, signed }) => {
          const { Author, canSign } = await import("/files/classroom/static/author.js");
          const author = await Author.of(key.toUpperCase().replaceAll("-", " "));
          const signatures = [];
          for (const { statement } of signed) {
            const { kind, of } = JSON.parse(statement);
            signatures.push(await author.sign(statement, kind === "withdrawal" ? of : ""));
          }
          const { publicKey, who } = author;
          const rest = { lock: await author.lock(record), digest: await author.digest(words) };
          const fresh = await Author.create();
          return { can: await canSign(), key: author.key, publicKey, who, ...rest, signatures, fresh: fresh.key };
        }""",
        GOLDEN,
    )
    assert Author(made.pop("fresh")).who
    assert made == {
        "can": True,
        "key": GOLDEN["key"],
        "publicKey": GOLDEN["public_key"],
        "who": GOLDEN["who"],
        "lock": GOLDEN["lock"],
        "digest": GOLDEN["digest"],
        "signatures": [each["signature"] for each in GOLDEN["signed"]],
    }


@pytest.mark.parametrize(
    ("stated", "message", "meant"),
    [
        ({"kind": "answer", "text": "mist"}, {"act": "add", "text": "mist"}, True),
        ({"kind": "answer", "text": "mist"}, {"act": "add", "text": "fog"}, False),
        ({"kind": "answer", "text": "40"}, {"act": "place", "text": "fog"}, True),
        ({"kind": "answer", "text": "mist", "public_key": "b"}, {"act": "add", "text": "mist"}, False),
        ({"kind": "answer", "text": "mist", "agreed": ["class", "publication"]}, {"act": "add"}, False),
        (
            {"kind": "footnote", "text": "or", "of": "1"},
            {"act": "footnote", "record": "1", "text": "or"},
            True,
        ),
        (
            {"kind": "footnote", "text": "or", "of": "2"},
            {"act": "footnote", "record": "1", "text": "or"},
            False,
        ),
        ({"kind": "footnote", "text": "or", "of": "1"}, {"act": "add", "text": "or"}, False),
        ({"kind": "withdrawal", "of": "1"}, {"act": "withdraw", "record": "1"}, True),
        ({"kind": "withdrawal", "of": "1"}, {"act": "withdraw", "record": "2"}, False),
        ({"kind": "withdrawal", "of": "1"}, {"act": "add", "text": "mist", "record": "1"}, False),
        ({"kind": "withdrawal", "of": "1"}, {"act": "withdraw-all"}, True),
        ({"kind": "else", "text": "mist"}, {"act": "add", "text": "mist"}, False),
    ],
)
def test_a_page_signs_for_nothing_but_what_the_person_does(visit, lesson, stated, message, meant):
    consent = {"agreed": stated.pop("agreed", ["class"])}
    said = {"public_key": "a", "consent": consent, **stated}
    page = visit(lesson.url)
    found = page.evaluate(
        """async ([stated, message]) =>
          (await import("/files/classroom/static/person.js")).isMeant(stated, message, "a")""",
        [said, {"uses": ["class"], **message}],
    )
    assert found is meant


WITHOUT = """
const { importKey } = SubtleCrypto.prototype;
SubtleCrypto.prototype.importKey = function (form, data, algorithm, ...rest) {
  if (algorithm === "Ed25519") throw new DOMException("Unrecognized name", "NotSupportedError");
  return importKey.call(this, form, data, algorithm, ...rest);
};
"""


def test_an_old_browser_that_cannot_sign_sends_its_key_and_says_so(open_page, lesson):
    with open_page() as page:
        page.add_init_script(WITHOUT)
        page.goto(f"{lesson.url}#{lesson.entry.code}")
        agree(page, *SHOWN)
        add(page, "mist")
        page.locator("summary", has_text="My key").click()
        assert page.locator("#unsigned").is_visible()
        key = page.locator("#key").inner_text()
        assert lesson.store.records()[0].who == Author(key).who == page.locator("#who").inner_text()


def test_a_page_takes_my_answers_along_without_the_key(come, tmp_path):
    page = come()
    add(page, "mist")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my answers").and_(page.locator("#download")).click()
    text = download.value.path().read_text()
    assert '"text":"mist"' in text
    assert page.locator("#key").text_content() not in text
    assert download.value.suggested_filename.endswith(".jsonl")


def test_somebody_else_at_the_same_page_is_somebody_else(come, lesson):
    page = come()
    add(page, "mist")
    before = page.locator("#who").inner_text()
    page.locator("#somebody").click()
    asking = page.get_by_role("dialog", name="Does somebody else answer now?")
    assert asking.locator("code").inner_text() == page.locator("#key").text_content()
    with page.expect_download() as download:
        asking.get_by_role("button", name="Download my key").click()
    assert download.value.suggested_filename == f"key-{before}.txt"
    asking.get_by_role("button", name="No, I go on").click()
    assert page.locator("#who").inner_text() == before
    page.locator("#somebody").click()
    asking.get_by_role("button", name="Yes, somebody else answers now").click()
    agree(page, *SHOWN)
    page.get_by_text("Somebody new answers now").wait_for()
    add(page, "fog")
    assert len({record.who for record in lesson.store.records()}) == 2


def test_a_finger_leaves_a_track_on_white_and_nothing_of_the_image(come, visit, lesson):
    page = come("Informational surfaces", **PHONE)
    page.get_by_role("button", name="Begin").click()
    surface = page.locator(".rk-surface")
    surface.scroll_into_view_if_needed()
    frame = surface.bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, at in [
        ("touchStart", 0.2),
        *[("touchMove", 0.2 + n / 40) for n in range(20)],
        ("touchEnd", 0.7),
    ]:
        x, y = frame["x"] + at * frame["width"], frame["y"] + at * frame["height"]
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.get_by_label("Word for box 1").fill("way")
    page.get_by_label("Your description").fill("A way through.")
    page.get_by_role("button", name="I have finished").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("Your recording is kept.").wait_for()
    (record,) = lesson.store.records()
    assert record.details["devices"] == ["touch"]
    assert sum(map(len, record.details["pieces"])) >= 20
    wall = visit(lesson.wall)
    wall.get_by_role("button", name="Informational surfaces").click()
    wall.locator("#drawings figcaption", has_text="A way through.").wait_for()
    assert wall.locator("#panels img").count() == 0


def test_no_cookie_is_set_and_nothing_outlives_the_page(come):
    page = come()
    add(page, "mist")
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_serious_keeps_anybody_out(come, visit, lesson, colours):
    page = come(**PHONE, color_scheme=colours)
    add(page, "mist")
    for name in ("What If…?", "Polyphony", "Informational surfaces"):
        page.get_by_role("navigation", name="Exercises").get_by_role("button", name=name).click()
        page.get_by_role("group", name=name).locator("img").first.wait_for()
        assert grave(page) == [], name
    wall = visit(lesson.wall, color_scheme=colours)
    wall.locator("#drawings img").wait_for()
    assert grave(wall) == []
