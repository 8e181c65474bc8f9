"""The page that needs no server, opened as a file: what people do on it, and what a store makes of their files."""

from __future__ import annotations

import io
import json
import re
from contextlib import ExitStack

import media
import pytest
from accessibility import grave
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import expect

from retrain_kit.answers import Author, Store, merge_files
from retrain_kit.cli import kit
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.imaging.jpeg import headers

ALL = (
    *("what-if", "informational-surfaces", "polyphony", "recoding-art", "conversation"),
    *("first-text", "second-text", "giving-back"),
)
PHONE = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}
CLASS = "It may be shown to those who take part."


def made(target, *arguments):
    done = CliRunner().invoke(kit, ["handout", "embedded-sample", *arguments, "-o", str(target)])
    assert done.exit_code == 0, done.output
    return done.output


def exercises(*names):
    return [word for name in names for word in ("--exercise", name)]


@pytest.fixture(scope="module")
def handout(tmp_path_factory):
    """A page with everything."""
    path = tmp_path_factory.mktemp("handout") / "page.html"
    made(path, *exercises(*ALL), "--images", "2")
    return path


@pytest.fixture
def visit(open_page):
    """A function that opens a page without any network; faults of its script or its policy fail the test."""
    opened, faults = ExitStack(), []

    def visited(path, **options):
        page = opened.enter_context(open_page(offline=True, **options))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(path.as_uri())
        page.locator("#exercise .rk-widget").wait_for()
        return page

    with opened:
        yield visited
    assert faults == []


def turn_to(page, name):
    page.get_by_role("navigation", name="Exercises").get_by_role("button", name=name).click()


def add(page, text):
    page.get_by_label("Another option").fill(text)
    page.get_by_label("How likely, in words").press("ArrowRight")
    page.get_by_role("checkbox", name=CLASS).check()
    page.get_by_role("button", name="Add it to the list").click()
    page.get_by_text("Your answer is kept.").wait_for()


def saved(page, folder):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers as a file").click()
    target = folder / f"{len(list(folder.iterdir()))}-{download.value.suggested_filename}"
    download.value.save_as(target)
    return target


def merged(folder, *files):
    """Return the texts of a store into which files were merged, without any fault."""
    done = merge_files(files, folder)
    assert (done.faults, done.left_alone) == ((), ())
    with Store(folder) as store:
        return [record.text for record in store.records()]


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def test_eight_images_take_less_than_three_megabytes(tmp_path):
    told = made(tmp_path / "page.html", *exercises("what-if", "informational-surfaces"))
    size = (tmp_path / "page.html").stat().st_size
    assert size < 3_000_000
    assert told.startswith(f"{size / 1e6:.1f} MB, 8 images, at most 1024 px: {tmp_path / 'page.html'}\n")


def test_what_is_said_comes_back_in_a_file_and_withdrawn_with_the_next(visit, handout, files, tmp_path):
    page = visit(handout)
    add(page, "fog, </script> & more")
    add(page, "a kite")
    who = page.locator("#who").inner_text()
    first = saved(page, files)
    assert first.name == f"0-answers-embedded-sample-{who}.jsonl"
    assert page.locator("#key").inner_text() not in first.read_text("utf-8")
    assert sorted(merged(tmp_path / "store", first)) == ["a kite", "fog, </script> & more"]
    page.get_by_role("button", name="Withdraw: a kite").click()
    page.get_by_text("hand them in again").wait_for()
    assert merged(tmp_path / "store", saved(page, files)) == ["fog, </script> & more"]
    assert b"kite" not in (tmp_path / "store" / "answers.jsonl").read_bytes().split(b'"prompt"')[0]


def test_what_is_withdrawn_before_anybody_had_it_leaves_nothing(visit, handout, files):
    page = visit(handout)
    add(page, "a kite")
    page.get_by_role("button", name="Withdraw: a kite").click()
    page.get_by_text("Nothing of it is left in this page.").wait_for()
    page.get_by_text("You have said nothing yet.").wait_for()
    expect(page.get_by_role("button", name="Save my answers as a file")).to_be_hidden()


def test_a_file_and_its_key_bring_a_person_back_and_no_other_key_does(visit, handout, files, tmp_path):
    page = visit(handout)
    add(page, "fog")
    who, key = page.locator("#who").inner_text(), page.locator("#key").inner_text()
    file = saved(page, files)
    later = visit(handout)
    assert later.locator("#who").inner_text() != who
    later.locator("footer").get_by_text("I have a file").click()
    later.locator("#file").set_input_files(file)
    later.locator("#file-lines", has_text="fog").wait_for()
    asked = later.locator("#file-key")
    asked.fill(Author.new().key)
    asked.locator("xpath=following-sibling::button").click()
    later.get_by_text("This key is not of whoever said what is in the file.").wait_for()
    asked.fill(key)
    asked.locator("xpath=following-sibling::button").click()
    later.get_by_text(f"You are {who} again. 1 answer or footnote came back.").wait_for()
    later.get_by_text("Footnote").first.click()
    later.get_by_label("Footnote to: fog").fill("in the morning")
    later.get_by_role("button", name="Keep the footnote").click()
    later.get_by_text("Your footnote is kept").wait_for()
    assert merged(tmp_path / "store", file, saved(later, files)) == ["fog"]
    with Store(tmp_path / "store") as store:
        assert [note.text for note in store.records()[0].footnotes] == ["in the morning"]


def test_nothing_stays_in_the_browser_unless_its_person_says_so(visit, handout):
    page = visit(handout)
    add(page, "fog")
    who = page.locator("#who").inner_text()
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    page.get_by_text("You have said nothing yet.").wait_for()
    add(page, "mist")
    page.get_by_role("checkbox", name="Keep my answers and my key in this browser").check()
    kept = page.locator("#who").inner_text()
    assert kept != who
    page.reload()
    page.locator("#who", has_text=kept).wait_for()
    page.locator(".rk-own", has_text="mist").wait_for()
    page.get_by_text("Delete everything here", exact=True).click()
    page.get_by_role("button", name="Yes, delete everything here").click()
    page.get_by_text("You have said nothing yet.").wait_for()
    assert page.evaluate("localStorage.length") == 0


def photo(path):
    """Write a photo that says where it was taken."""
    image = Image.linear_gradient("L").resize((3000, 2000)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    image.save(path, exif=exif)
    return path


def test_a_photo_comes_back_small_and_without_its_place(visit, handout, files, tmp_path):
    page = visit(handout)
    turn_to(page, "What comes back")
    page.locator(".rk-file").set_input_files(photo(tmp_path / "photo.jpg"))
    page.get_by_role("checkbox", name=CLASS).check()
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("What you gave is kept.").wait_for()
    assert merged(tmp_path / "store", saved(page, files)) == ["image"]
    with Returns(tmp_path / "store", "embedded-sample") as returns:
        data = returns.file(returns.records()[0]).read_bytes()
    assert Image.open(io.BytesIO(data)).size == (2048, 1365)
    assert not any(
        b"Exif" in segment.payload or b"A maker" in segment.payload for segment in headers.segments(data)
    )


def test_where_a_file_is_chosen_the_page_says_what_it_takes(visit, handout, tmp_path):
    page = visit(handout)
    turn_to(page, "What comes back")
    zone = page.locator(".rk-zone")
    assert "Drop a file here: an image or a text. Or choose one:" in zone.inner_text()
    assert "takes no sound, video or PDF: hand them in beside your answers" in zone.inner_text()
    assert page.locator(".rk-file").get_attribute("accept") == "image/*,text/plain,.txt"
    (tmp_path / "song.mp3").write_bytes(media.mp3())
    page.locator(".rk-file").set_input_files(tmp_path / "song.mp3")
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("song.mp3: this page takes pictures that this browser can show, and text.").wait_for()


def test_what_is_burnt_takes_with_it_all_that_was_said_of_the_image(visit, handout, files, tmp_path):
    page = visit(handout)
    turn_to(page, "What comes back")
    page.get_by_label("Your words").fill("It looked at me.")
    page.get_by_role("checkbox", name=CLASS).check()
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("What you gave is kept.").wait_for()
    page.get_by_role("button", name="Burn it").click()
    page.get_by_role("button", name="Yes, burn it for good").click()
    page.get_by_text("You burnt this one.").wait_for()
    assert merged(tmp_path / "store", saved(page, files)) == [""]


def test_polyphony_goes_round_by_round(visit, files, tmp_path):
    store, pages = tmp_path / "store", {}
    rounds = [*exercises("polyphony"), "--images", "1"]
    made(tmp_path / "round1.html", *rounds)
    sentences = {"one": "Both wait.", "other": "Both are cold."}
    for name, text in sentences.items():
        page = visit(tmp_path / "round1.html")
        expect(page.locator("#again")).to_be_hidden()
        write(page, text)
        page.get_by_text("You have said what is asked in this round.").wait_for()
        pages[name] = (page.locator("#key").inner_text(), saved(page, files))
    merged(store, *(file for _, file in pages.values()))
    made(tmp_path / "round2.html", *rounds, "--answers", str(store))
    improved = {"one": "Both are cold in winter.", "other": "Both wait for winter."}
    for name, text in improved.items():
        page = visit(tmp_path / "round2.html")
        expect(page.locator("#again")).to_be_visible()
        come_back(page, *pages[name])
        expect(page.locator("#again")).to_be_hidden()
        read = page.locator(".rk-asked blockquote").inner_text()
        assert read == sentences[{"one": "other", "other": "one"}[name]]
        write(page, text)
        pages[name] = (pages[name][0], saved(page, files))
    assert len(merged(store, *(file for _, file in pages.values()))) == 4
    made(tmp_path / "round3.html", *rounds, "--answers", str(store))
    page = come_back(visit(tmp_path / "round3.html"), *pages["one"])
    page.locator("h3", has_text="Moment B").wait_for()
    assert page.locator(".rk-asked blockquote").inner_text() == "Both wait for winter."
    with Store(store) as kept:
        told = kept.withdraw_all(pages["other"][0])
    assert tmp_path / "round3.html" in told.reached.deleted


def write(page, text):
    page.locator(".rk-entry textarea").fill(text)
    page.get_by_role("checkbox", name="Others who take part").check()
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Your sentence is kept.").wait_for()


def come_back(page, key, file):
    page.locator("footer").get_by_text("I have a file").click()
    page.locator("#file").set_input_files(file)
    page.locator("#file-key").fill(key)
    page.locator("#go-on-file").click()
    page.get_by_text("came back.").wait_for()
    return page


def test_each_reads_it_in_their_language_and_the_file_is_the_same_kind(visit, handout, files, tmp_path):
    page = visit(handout, locale="pt-BR")
    assert page.locator("html").get_attribute("lang") == "pt"
    assert page.locator("#unreviewed").inner_text() != ""
    page.locator("#language").select_option("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    add(page, "fog")
    assert merged(tmp_path / "store", saved(page, files)) == ["fog"]


@pytest.mark.parametrize("options", [PHONE, {"color_scheme": "dark"}], ids=["phone", "dark"])
def test_every_exercise_can_be_used_by_everybody(visit, handout, options):
    page = visit(handout, **options)
    add(page, "fog")
    names = page.get_by_role("navigation").get_by_role("button").all_inner_texts()
    assert len(names) == len(ALL)
    for summary in page.locator("footer summary").all():
        summary.click()
    for name in names:
        turn_to(page, re.compile(f"^{re.escape(name)}$"))
        page.locator("#exercise .rk-widget").wait_for()
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_that_another_script_was_put_into_runs_none(open_page, handout, tmp_path):
    changed = tmp_path / "changed.html"
    text = handout.read_text("utf-8").replace("</body>", "<script>document.title = 'run'</script></body>")
    changed.write_text(text, "utf-8")
    with open_page(offline=True) as page:
        page.goto(changed.as_uri())
        page.locator("#exercise .rk-widget").wait_for()
        assert page.title() != "run"
        blocked = page.evaluate("fetch('https://example.org').then(() => false, () => true)")
        assert blocked


def test_what_is_in_the_page_is_named_with_its_author_and_licence(handout):
    found = re.search(r'id="data">(.*?)</script>', handout.read_text("utf-8"), re.DOTALL)[1]
    exercises = json.loads(found)["spoken"]["en"]["exercises"]
    items = [item for exercise in exercises for item in exercise["items"] if item["images"]]
    assert len(items) == 2 * len(ALL)
    assert all("CC" in item["credit"] or "Public Domain" in item["credit"] for item in items)
