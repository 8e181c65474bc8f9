"""Polyphony in JupyterLab and as a report: two people, Moments A and B, by mouse and by keys alone."""

from __future__ import annotations

import pytest
from places import ROOT
from taking import end_kernel, key_in, merge, records, take

from retrain_kit.answers import Store

NAME = "06_polyphony.ipynb"
SOURCE = ROOT / "notebooks" / NAME
FOCUSABLE = ":is(a[href], button, input, select, textarea, summary, [tabindex])"
SHOW_WIDGET = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("RoundTable(["));
  await panel.scrollToItem(index, "start");
}"""
CELLS = "jupyterapp.shell.currentWidget.content.model.cells.length"


@pytest.fixture(scope="module")
def page(kit_database, open_page, lab, run_notebook):
    text = SOURCE.read_text(encoding="utf-8").replace(
        'store_folder: Folder = \\"\\"', 'store_folder: Folder = \\"06\\"'
    )
    (lab.folder / NAME).write_text(text, encoding="utf-8")
    with open_page(viewport={"width": 1200, "height": 1400}) as opened:
        run_notebook(opened, lab, NAME)
        opened.evaluate(SHOW_WIDGET)
        opened.wait_for_selector(".rk-polyphony-widget textarea")
        yield opened


@pytest.fixture
def table(page):
    """The widget, at a pair about which nobody has said anything."""
    widget = page.locator(".rk-polyphony-widget")
    before = widget.locator(".rk-title").inner_text()
    yield widget
    following = widget.get_by_role("button", name="Next pair")
    if following.get_attribute("aria-disabled") == "false":
        following.click()
        widget.locator(".rk-title").filter(has_not_text=before).wait_for()


def say(table, text):
    table.get_by_role("checkbox", name="Others who take part").check()
    table.locator("textarea").fill(text)
    table.get_by_role("button", name="Say it").click()
    table.get_by_text("Your sentence is kept.").wait_for()


def sit(table, number):
    table.get_by_role("button", name=f"Person {number}").click()
    table.get_by_text(f"Person {number} sits here now.").wait_for()


def test_two_people_go_through_moments_a_and_b(table):
    say(table, "Both wait.")
    table.get_by_text("You wait until somebody else has written.").wait_for()
    table.get_by_role("button", name="Somebody else").click()
    table.get_by_text("Person 2 sits here now.").wait_for()
    assert "Both wait." not in table.inner_text()
    say(table, "Both are <b>cold</b>.")
    assert table.locator(".rk-asked blockquote").inner_text() == "Both wait."
    say(table, "Both wait in the cold.")
    sit(table, 1)
    assert table.locator(".rk-asked blockquote").inner_text() == "Both are <b>cold</b>."
    say(table, "Both are cold, and wait.")
    assert table.locator("h3").inner_text() == "Moment B"
    assert table.locator(".rk-asked blockquote").inner_text() == "Both wait in the cold."
    say(table, "Cold, both wait.")
    table.get_by_text("You have written all that is asked").wait_for()
    assert table.get_by_role("button", name="Person 1 has finished").get_attribute("aria-pressed") == "true"
    assert table.get_by_role("button", name="Person 2 has one to read").count() == 1


def test_keys_alone_are_enough(table, page):
    table.locator("textarea").focus()
    page.keyboard.type("Typed, dd and all.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    if not table.get_by_role("checkbox").first.is_checked():
        page.keyboard.press("Space")
    table.locator("textarea").focus()
    page.keyboard.press("Control+Enter")
    table.get_by_text("Your sentence is kept.").wait_for()
    assert page.evaluate("document.activeElement.closest('.rk-polyphony-widget') !== null")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Read one sentence more"


def test_what_went_wrong_is_said_and_what_was_typed_stays(table):
    box = table.get_by_role("checkbox", name="Others who take part")
    box.uncheck()
    table.locator("textarea").fill("Both wait.")
    table.get_by_role("button", name="Say it").click()
    table.get_by_role("status").filter(has_text="nothing can be kept.").wait_for()
    assert table.locator("textarea").input_value() == "Both wait."
    table.get_by_role("button", name="I choose not to answer").click()
    table.get_by_role("status").filter(has_text="nothing can be kept.").wait_for()
    box.check()
    table.get_by_role("button", name="I choose not to answer").click()
    table.get_by_text("Your refusal is kept. It is an answer.").wait_for()


def test_who_sits_down_new_finds_neither_the_words_nor_the_consent_of_who_left(table):
    for act in ("Somebody else", "I leave"):
        table.get_by_role("checkbox", name="My sentences may be published").check()
        table.locator("textarea").fill("Half a sentence.")
        table.get_by_role("button", name=act).click()
        table.get_by_text("sits here now" if act == "Somebody else" else "has left").wait_for()
    table.get_by_role("button", name="Somebody else").click()
    table.get_by_text("sits here now").wait_for()
    assert table.locator("textarea").input_value() == ""
    assert not table.get_by_role("checkbox", name="My sentences may be published").is_checked()


def test_letters_and_enter_in_any_control_delete_and_add_no_cell_and_every_control_has_a_name(table, page):
    before = page.evaluate(CELLS)
    controls = table.locator(f"{FOCUSABLE}:visible").all()
    assert len(controls) >= 12
    for control in controls:
        control.focus()
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        page.keyboard.type("ddabx")
        if control.evaluate("(node) => node.matches('input[type=text], textarea')"):
            for key in ("Enter", "Shift+Enter"):
                page.keyboard.press(key)
        assert page.evaluate(CELLS) == before
    names = table.evaluate(
        """(root) => [...root.querySelectorAll("button, input, select, textarea, summary")].map((node) =>
          node.ariaLabel || node.textContent.trim() || [...(node.labels ?? [])].map((l) => l.textContent).join(" "))"""
    )
    assert all(names)


def test_the_saved_notebook_holds_nothing_of_what_was_said(page, lab):
    page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    saved = (lab.folder / NAME).read_text()
    assert "RoundTable" in saved
    assert "Both wait in the cold." not in saved
    assert "Typed, dd and all." not in saved


def test_those_at_the_table_take_their_answers_along_and_each_a_key_to_withdraw_with(
    table, page, lab, tmp_path
):
    here = [each.who for each in records(lab.folder / "06") if each.text == "Both wait in the cold."]
    sit(table, 2)
    answers = take(page, table, "Download our answers", tmp_path)
    letter = take(page, table, "Download my key", tmp_path)
    assert letter.name == f"key-{here[0]}.txt"
    merged = merge(answers, tmp_path / "store")
    assert merged == [each for each in records(lab.folder / "06") if each in merged]
    assert {each.text for each in merged} > {"Both wait.", "Both are <b>cold</b>.", "Both wait in the cold."}
    with Store(tmp_path / "store") as store:
        store.withdraw_all(key_in(letter))
        assert here[0] not in {each.who for each in store.records()}
        assert len(store.records()) == len(merged) - 2


def test_ten_million_letters_are_refused_in_words_and_nothing_is_kept(table, lab):
    before = records(lab.folder / "06")
    table.get_by_role("checkbox", name="Others who take part").check()
    table.locator("textarea").fill("m" * 10_000_000)
    table.get_by_role("button", name="Say it").click()
    table.get_by_text("text: found 10000 letters; expected at most 1000.").wait_for()
    table.locator("textarea").fill("")
    assert records(lab.folder / "06") == before


def test_the_answers_can_be_taken_along_when_the_kernel_is_gone(page, tmp_path):
    table = page.locator(".rk-polyphony-widget")
    before = merge(take(page, table, "Download our answers", tmp_path), tmp_path / "before")
    end_kernel(page)
    assert merge(take(page, table, "Download our answers", tmp_path), tmp_path / "after") == before
    assert before


@pytest.fixture(scope="module")
def report(report_of):
    return report_of("06")


@pytest.mark.parametrize("width", [420, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_any_screen_and_the_lineage_is_large_enough_to_read(open_page, report, width, scheme):
    with open_page(viewport={"width": width, "height": 800}, color_scheme=scheme) as opened:
        opened.goto(report.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        drawing = opened.locator("img[alt^='4 trees of sentences']").bounding_box()
        assert 15 * drawing["width"] / 560 >= 10
        opened.get_by_text("All sentences, whole").click()
        assert opened.get_by_text("I no longer think that it is blood.").is_visible()
        for cell in opened.locator("table").first.locator("tbody td").all():
            assert cell.bounding_box()["width"] >= 200
