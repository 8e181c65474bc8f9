"""A class at once in real browsers: phones and laptops side by side, the wall, keys alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from accessibility import grave
from lessons import agree, go_to, held
from places import ROOT
from playwright.sync_api import expect
from ports import free_port
from waiting import holds

from retrain_kit.answers import Author, Store, merge_files
from retrain_kit.classroom.limits import RateLimit

GOLDEN = json.loads((ROOT / "tests" / "golden" / "signed.json").read_bytes())

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SHOWN, PUBLISHED = ("It may be shown",), ("It may be published",)
NEEDED = "Others read here what you write, and improve it. Without your yes to that, nothing can be kept."
SCRIPT = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"


@pytest.fixture
def lesson(tmp_path):
    with held(tmp_path / "answers") as running:
        yield running


@pytest.fixture
def visit(lesson, visit):
    """As in all tests of pages."""
    return visit


@pytest.fixture
def come(visit, lesson):
    """Return a function that opens the class's page by the link that the wall shows."""

    def came(exercise="What If…?", agreed=SHOWN, **options):
        page = visit(f"{lesson.url}#{lesson.entry.code}", **options)
        agree(page, *agreed)
        go_to(page, exercise)
        page.get_by_role("group", name=exercise).wait_for()
        return page

    return came


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
    wall.locator("#said", has_text="2 first sentences, 2 improved, 2 written anew").wait_for()
    wall.locator("#said li", has_text="First sentenceBoth wait for winter.").wait_for()
    wall.locator("#said li", has_text="winter2 of 2 end on it").wait_for()
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
        go_to(page, name)
        page.get_by_role("group", name=name).locator("img").first.wait_for()
        assert overflow(page) <= 0, name


def test_what_is_typed_is_text_on_the_page_and_on_the_wall(come, visit, lesson):
    one, other = come(), come()
    add(one, SCRIPT)
    other.locator(".rk-list .rk-said-text", has_text="<script>").wait_for()
    wall = visit(lesson.wall)
    wall.locator("#said", has_text="<script>").wait_for()
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
    expect(wall.get_by_text("nobody new gets in")).to_have_count(0)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()


def test_a_page_that_is_loaded_anew_keeps_person_and_draft(come, lesson):
    page = come("Polyphony")
    page.locator(".rk-entry textarea").fill("Half a sen")
    who = page.locator("#who").inner_text()
    page.reload()
    page.locator(".rk-entry textarea").wait_for()
    holds(page, "document.querySelector('.rk-entry textarea').value === 'Half a sen'")
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
    expect(page.get_by_label("Another option")).to_have_value("half an op")


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


def test_a_footnote_that_is_typed_stays_when_another_line_changes(come, lesson):
    page = come()
    add(page, "mist")
    add(page, "fog")
    page.locator(".rk-own").get_by_text("Footnote", exact=True).last.click()
    note = page.get_by_label("Footnote to: fog")
    note.press_sequentially("I meant")
    lesson.teacher.do("hide", ids=[lesson.teacher.find("what-if", "mist")])
    page.get_by_text("has taken this off the wall").wait_for()
    page.keyboard.type(" haze")
    assert note.input_value() == "I meant haze"


def test_words_that_somebody_withdraws_leave_what_others_said_of_them(come):
    one, other = come(), come()
    add(one, "mist")
    other.get_by_role("button", name="How likely: mist").click()
    other.get_by_label("How likely, in words").press("ArrowRight")
    other.get_by_role("button", name="Say how likely").click()
    own = other.locator(".rk-own li")
    own.filter(has_text="mist").wait_for()
    one.get_by_role("button", name="Withdraw: mist").click()
    own.filter(has_text="(wording withdrawn)").wait_for()
    assert "mist" not in other.locator(".rk-what-if-widget").inner_html()


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
    go_to(page, "What If…?")
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
    wall.locator("#said svg[aria-label^='A line on white.']").wait_for()
    wall.get_by_role("button", name="Page on").click()
    wall.locator("#said", has_text="A way through.").wait_for()
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
        go_to(page, name)
        page.get_by_role("group", name=name).locator("img").first.wait_for()
        assert grave(page) == [], name
    wall = visit(lesson.wall, color_scheme=colours)
    wall.locator("#said li", has_text="mist").wait_for()
    assert grave(wall) == []


# -- consent, keys and the line ----------------------------------------------------------------------------


def test_consent_is_asked_once_used_in_every_exercise_and_changed_in_one_place(come, lesson):
    page = come("Polyphony", agreed=PUBLISHED)
    assert page.locator(".rk-reach").inner_text() == NEEDED
    page.locator(".rk-entry textarea").fill("Both wait.")
    page.get_by_role("button", name="Say it").click()
    asked = page.get_by_role("dialog", name="What may be done with what you say?")
    asked.get_by_text(NEEDED).wait_for()
    assert asked.get_by_role("checkbox", name="It may be shown").evaluate(
        "box => box === document.activeElement"
    )
    page.keyboard.press("Space")
    asked.get_by_role("button", name="Go on with this").click()
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Your sentence is kept.").wait_for()
    page.reload()
    go_to(page, "What If…?")
    expect(page.locator(".rk-reach")).to_have_text(
        "Those who take part see this. It may also be published, with your pseudonym."
    )
    page.get_by_role("button", name="What I agreed to").first.click()
    for box in asked.get_by_role("checkbox").all():
        box.uncheck()
    asked.get_by_role("button", name="Go on with this").click()
    expect(page.locator(".rk-reach")).to_have_text("Only you and whoever keeps the answers see this.")
    add(page, "mist")
    said = {record.text: record.consent.agreed for record in lesson.store.records()}
    assert said == {"Both wait.": ("class", "publication"), "mist": ()}


def test_the_key_is_explained_after_the_first_answer_and_stays_only_where_its_owner_says_so(
    come, visit, lesson
):
    page = come(**PHONE)
    assert not page.get_by_role("region", name="Your key").is_visible()
    add(page, "mist")
    who = page.locator("#who").inner_text()
    assert page.evaluate("Object.keys(localStorage)") == []
    page.get_by_role("region", name="Your key").get_by_role("button", name="Keep it on this device").click()
    page.get_by_text("This device keeps your key. Under").wait_for()
    assert not page.locator("#somebody").is_visible()
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"{lesson.url}#{lesson.entry.code}")
    again.get_by_text(f"You are {who} again.").wait_for()
    add(again, "fog")
    assert {record.who for record in lesson.store.records()} == {who}
    again.locator("summary", has_text="My key").click()
    again.get_by_role("button", name="Forget me on this device").click()
    asking = again.get_by_role("dialog", name="Is this device to forget you?")
    assert len(asking.locator("code").inner_text().split("-")) == 8
    asking.get_by_role("button", name="Yes, forget me here").click()
    again.get_by_role("heading", name="Join the class").wait_for()
    assert again.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []


def test_whoever_scans_the_code_again_is_the_same_person_in_both_pages(come, lesson):
    page = come()
    add(page, "mist")
    who = page.locator("#who").inner_text()
    second = page.context.new_page()
    second.goto(f"{lesson.url}#{lesson.entry.code}")
    second.get_by_text(f"You are {who} again.").wait_for()
    add(second, "fog")
    assert {record.who for record in lesson.store.records()} == {who}
    second.get_by_text("1 page is open").wait_for()
    second.get_by_role("button", name="What I agreed to").first.click()
    second.get_by_role("checkbox", name="It may be published").check()
    second.get_by_role("button", name="Go on with this").click()
    page.get_by_text("It may also be published").wait_for()


def test_a_key_goes_for_another_one_only_if_its_owner_says_so(come):
    page, other = come(), Author.new()
    add(page, "mist")
    who = page.locator("#who").inner_text()
    page.locator("#returning summary").click()
    page.locator("#known").fill(other.key)
    page.locator("#return").click()
    asking = page.get_by_role("dialog", name="Do you go on with the other key?")
    assert asking.locator("code").inner_text() == page.locator("#key").text_content()
    page.keyboard.press("Escape")
    assert page.locator("#who").inner_text() == who
    page.locator("#return").click()
    asking.get_by_role("button", name="Yes, with the other key").click()
    page.get_by_text(f"You are {other.who} again.").wait_for()


LARGE_ENOUGH = """() => [...document.querySelectorAll("button, input, select, textarea, summary, a[href]")]
  .map((node) => node.type === "checkbox" ? node.closest("label") : node)
  .filter((node) => node.checkVisibility())
  .filter((node) => node.getBoundingClientRect().width < 44 || node.getBoundingClientRect().height < 44)
  .map((node) => node.outerHTML.slice(0, 120))"""
SMALL_WRITING = """() => [...document.querySelectorAll("input:not([type=checkbox], [type=range], [type=file]), select, textarea")]
  .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 16).map((node) => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("height", [844, 568])
def test_fingers_find_every_target_and_no_field_is_so_small_that_a_phone_zooms(visit, lesson, height):
    phone = {**PHONE, "viewport": {"width": 390 if height > 800 else 320, "height": height}}
    page = visit(lesson.url, **phone)

    def check(state):
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        found = page.evaluate(LARGE_ENOUGH), page.evaluate(SMALL_WRITING), grave(page), overflow(page)
        assert found == ([], [], [], 0), state

    page.get_by_role("heading", name="Join the class").wait_for()
    check("outside")
    page.get_by_label("The code that stands on the wall").fill(lesson.entry.code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()
    check("consent")
    agree(page, *SHOWN)
    add(page, "mist")
    page.get_by_role("region", name="Your key").wait_for()
    check("the key explained")
    page.get_by_role("button", name="What I agreed to").first.click()
    check("consent again")
    page.keyboard.press("Escape")
    page.locator("#somebody").click()
    check("somebody else")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Not now").click()
    for name in ("Polyphony", "Informational surfaces"):
        go_to(page, name)
        page.get_by_role("group", name=name).locator("img").first.wait_for()
        check(name)


COMMAND = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", "--images", "1"]


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a class, anew where one was, and gives its process, its link and its code."""
    running, port = [], free_port()

    def started():
        command = [*COMMAND, "--answers", str(tmp_path / "answers"), "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(process)
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        return process, re.search(r"join +(\S+)", said)[1], re.search(r"code +(\S+)", said)[1]

    yield started
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


NOTED = """() => {
  window.noted = [];
  const away = document.getElementById("away");
  new MutationObserver(() => noted.push(away.textContent)).observe(away, { childList: true });
  window.EventSource = class extends EventSource { constructor(path) { super(path); noted.push("tried"); } };
}"""
"""Notes what people are told of the class's absence, and when the page tries to hear of it again: within two seconds."""


def told(page):
    """Return what was noted, once people have been told that the class is back: that stands there for seconds alone."""
    holds(page, "noted.includes('The class is back.')")
    return page.evaluate("noted")


def test_a_page_says_that_the_class_was_killed_and_comes_back_with_draft_and_answer(start, visit, tmp_path):
    process, link, code = start()
    page = visit(f"{link}#{code}", **PHONE)
    agree(page, *SHOWN)
    add(page, "mist")
    page.get_by_label("Another option").fill("fog, half")
    page.get_by_label("How likely, in a number").fill("70")
    page.evaluate(NOTED)
    process.kill()
    process.wait()
    page.get_by_role("alert").filter(has_text="The class is away.").wait_for()
    page.get_by_role("button", name="Add it to the list").click()
    start()
    page.get_by_text("Your answer is kept.").wait_for()
    away, tried, *_ = told(page)
    assert (away.startswith("The class is away."), tried) == (True, "tried")
    with Store(tmp_path / "answers") as store:
        assert [record.text for record in store.records()] == ["mist", "fog, half"]


def test_a_page_that_was_offline_comes_back_with_what_is_written(come):
    page = come()
    page.get_by_label("Another option").fill("half an op")
    page.get_by_label("How likely, in a number").fill("50")
    page.evaluate(NOTED)
    page.context.set_offline(True)
    page.get_by_role("alert").filter(has_text="The class is away.").wait_for()
    page.context.set_offline(False)
    assert told(page)
    assert page.get_by_label("Another option").input_value() == "half an op"
    assert page.locator(".rk-reading").last.inner_text() == "50 %"
    page.go_back()
    page.go_forward()
    expect(page.get_by_label("Another option")).to_have_value("half an op")


def test_after_polyphony_no_further_turn_starts_unasked(come):
    pages = one, other = come("Polyphony"), come("Polyphony")
    say(one, "Both wait.")
    say(other, "Both are cold.")
    for page in pages:
        page.locator(".rk-asked blockquote").first.wait_for()
    say(one, "Both are cold here.")
    say(other, "Both wait here.")
    for page, words in ((one, "We wait."), (other, "We are cold.")):
        page.locator("h3", has_text="Moment B").wait_for()
        say(page, words)
    late = come("Polyphony")
    say(late, "I am late.")
    say(late, "Late, and cold.")
    one.get_by_text("Somebody's sentence has no reader yet.").wait_for()
    assert one.locator("textarea").count() == 0
    one.get_by_role("button", name="Read one sentence more").click()
    one.locator(".rk-asked blockquote", has_text="I am late.").wait_for()


def test_a_page_that_slept_asks_for_news_as_soon_as_somebody_looks(come):
    page = come()
    page.evaluate(NOTED)
    with page.expect_request(lambda request: "/events?" in request.url):
        page.evaluate(
            """() => {
              const { now } = Date;
              Date.now = () => now() + 60_000;
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
    assert told(page)
