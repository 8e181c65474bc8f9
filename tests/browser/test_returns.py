"""Giving back in a browser: files dropped, words typed, refusals and fire, each with its consent."""

from __future__ import annotations

import base64
import json

import nbformat
import pytest
from accessibility import grave
from hostility import HOSTILE
from hosting import Hosted, hosting
from PIL import Image
from small_studies import study

from retrain_kit.answers import Consent
from retrain_kit.exercises.living_with_images.returns import Gift, Returns, Voice, exhibition
from retrain_kit.exercises.living_with_images.returns import page as page_writer
from retrain_kit.exercises.living_with_images.returns.widget import GiveBack

TRAITS = ("items", "setting")
UNSHOWN = "It is shown to nobody else: you have not agreed to it."
KEEP_BUFFERS = """({ model }) => {
  model.send = (content, _, buffers = []) => {
    const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
    model.sent.push({ ...content, buffers: buffers.map(text) });
  };
}"""
DROP = """(zone, files) => {
  const transfer = new DataTransfer();
  for (const { name, data } of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture
def mine(tmp_path):
    for name in ("one", "two"):
        Image.new("RGB", (320, 240), "#a9c6d9").save(tmp_path / f"{name}.png")
    return study(tmp_path, "images", [(name, f"{name}.png", (320, 240)) for name in ("one", "two")])


@pytest.fixture
def returns(tmp_path):
    with Returns(tmp_path / "answers", "mine") as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("returns", tmp_path_factory.mktemp("harness")) as url:
        yield url


class Widget(Hosted):
    """The widget, with the bytes of what it sends."""

    def __init__(self, page, kernel):
        super().__init__(page, kernel, TRAITS)
        self.handle.evaluate(KEEP_BUFFERS)

    def pass_on(self, *, until=""):
        """Pass messages on both ways until none comes, or one of this act has come; return their acts."""
        acts = []
        while True:
            if until:
                waiting = "([{ model }, act]) => model.sent.length"
                self.page.wait_for_function(waiting, arg=[self.handle, until])
            sent = self.handle.evaluate("({ model }) => model.sent.splice(0)")
            for content in sent:
                buffers = [base64.b64decode(each) for each in content.pop("buffers", [])]
                self.kernel._receive(None, content, buffers)
            acts += [each["act"] for each in sent]
            if not until or until in acts:
                return acts

    def drop(self, *files):
        given = [{"name": name, "data": base64.b64encode(data).decode()} for name, data in files]
        self.root.locator(".rk-zone").evaluate(DROP, given)

    @property
    def status(self):
        return self.root.get_by_role("status").inner_text()

    def agree(self):
        self.root.get_by_label("It may be shown to those who take part.").check()


@pytest.fixture
def widget(page, address, returns, mine):
    page.goto(address)
    hosted = Widget(page, GiveBack(returns, [mine.sample(image) for image in mine.images], mine))
    hosted.pass_on()
    return hosted


def png(tmp_path, size=(700, 700)):
    path = tmp_path / "made.png"
    Image.effect_noise(size, 90).save(path)
    return path.read_bytes()


def test_a_dropped_file_comes_in_pieces_and_is_kept_whole(widget, returns, tmp_path):
    data = png(tmp_path, (1500, 1500))
    assert len(data) > 2 << 20
    widget.drop(("drawing.mp3", data))
    assert widget.root.locator(".rk-chosen").inner_text().startswith("drawing.mp3, ")
    widget.agree()
    widget.button("Give it back").click()
    acts = widget.pass_on(until="give")
    assert acts == ["begin", "piece", "piece", "piece", "give"]
    (record,) = returns.records()
    assert returns.file(record).read_bytes() == data
    assert record.details["file"]["type"] == "image/png"
    assert record.details["file"]["extension"] == ".mp3"
    assert record.consent.agreed == ("class",)
    assert widget.status == "What you gave is kept."
    assert widget.root.locator("progress").is_hidden()
    assert [path.name for path in (tmp_path / "answers" / "files").iterdir()] == [returns.file(record).name]


def test_a_dropped_text_is_kept_as_words_and_no_markup(widget, returns):
    words = "<img src=x onerror=alert(1)> 刀"
    widget.drop(("note.txt", words.encode()))
    widget.button("Give it back").click()
    widget.pass_on(until="give")
    assert returns.records()[0].text == words
    assert words in widget.root.get_by_role("list", name="What you gave back").inner_text()
    assert widget.root.locator("ul img").count() == 0
    assert widget.status == f"What you gave is kept. {UNSHOWN}"


def test_a_file_of_another_kind_is_refused_and_nothing_of_it_stays(widget, returns, tmp_path):
    widget.drop(("tool.zip", b"PK\3\4" + bytes(100)))
    widget.button("Give it back").click()
    widget.pass_on(until="give")
    assert "tool.zip: found a file of type application/zip" in widget.status
    assert returns.records() == []
    assert list((tmp_path / "answers" / "files").iterdir()) == []
    widget.drop(("tool.txt", b"words"))
    widget.button("Give it back").click()
    widget.pass_on(until="give")
    assert returns.records()[0].text == "words"


def test_a_file_that_is_too_large_is_not_even_begun(widget):
    widget.root.locator(".rk-zone").evaluate(
        """(zone) => {
          const file = new File(["x"], "film.mp4");
          Object.defineProperty(file, "size", { value: 3e9 });
          const event = new DragEvent("drop", { bubbles: true, cancelable: true });
          Object.defineProperty(event, "dataTransfer", { value: { files: [file] } });
          zone.dispatchEvent(event);
        }"""
    )
    assert widget.status == "film.mp4: 3000.0 MB are too much; at most 200.0 MB."
    widget.button("Give it back").click()
    assert widget.pass_on() == []


def test_nothing_is_sent_and_nothing_agreed_before_the_person_does_it(widget):
    assert widget.root.get_by_role("checkbox", checked=True).count() == 0
    widget.button("Give it back").click()
    assert widget.pass_on() == []
    assert widget.status == "Write something, drop a file, or refuse."


@pytest.mark.parametrize(
    ("name", "refusal"), [("I have nothing to say", "nothing"), ("I choose not to answer", "no-answer")]
)
def test_refusals_are_kept_as_answers(widget, returns, name, refusal):
    widget.button(name).click()
    widget.pass_on()
    assert [(each.refusal, each.asked.images) for each in returns.records()] == [(refusal, ("one",))]
    assert widget.status == f"Your refusal is kept. It is an answer. {UNSHOWN}"


def test_burning_asks_once_more_and_takes_the_image_out_of_the_set(widget, returns):
    widget.root.get_by_label("Your words").fill("I lived with it")
    widget.button("Give it back").click()
    widget.pass_on()
    widget.button("Burn it").click()
    assert widget.pass_on() == []
    widget.button("Yes, burn it for good").click()
    widget.pass_on()
    assert [(each.refusal, each.text, each.asked.images) for each in returns.records()] == [("burn", "", ())]
    assert widget.root.locator(".rk-image").is_hidden()
    assert widget.root.locator(".rk-image").get_attribute("src") is None
    assert "no longer in your set" in widget.root.inner_text()
    assert "I lived with it" not in widget.root.inner_text()
    widget.button("Somebody else answers now").click()
    widget.button("Yes, somebody else answers now").click()
    widget.pass_on()
    assert widget.root.locator(".rk-image").is_visible()


def test_the_keys_are_never_left_without_a_place(widget):
    widget.button("Burn it").click()
    widget.button("Yes, burn it for good").click()
    widget.pass_on()
    assert widget.root.get_by_role("status").evaluate("(node) => node === document.activeElement")
    widget.button("Withdraw: An image was burnt.").click()
    widget.pass_on()
    assert widget.root.get_by_role("status").evaluate("(node) => node === document.activeElement")


def test_a_chosen_file_stands_alone_until_it_is_taken_back(widget):
    widget.drop(("notes.txt", b"a kite"))
    assert widget.root.get_by_text("notes.txt, ").is_visible()
    assert widget.root.locator(".rk-zone input[type=file]").is_hidden()
    widget.button("Without the file").click()
    assert widget.root.locator(".rk-zone input[type=file]").evaluate(
        "(node) => node === document.activeElement"
    )


def test_with_the_key_somebody_comes_back_adds_a_footnote_and_withdraws(widget, returns):
    voice = Voice(Consent(("class",), "1", "2025-03-04T09:30:00Z"))
    said = returns.give("two", voice, Gift("brought in a folder"))
    widget.root.get_by_text("I have a key").click()
    widget.root.get_by_label("Your key: eight words").fill(said.key)
    widget.button("Go on with it").click()
    widget.pass_on()
    assert widget.status == f"You are {said.record.who} again."
    widget.root.get_by_text("Footnote", exact=True).click()
    widget.root.get_by_label("Footnote to: brought in a folder").fill("a year later")
    widget.button("Keep the footnote").click()
    widget.pass_on()
    assert [note.text for note in returns.records()[0].footnotes] == ["a year later"]
    widget.button("Withdraw: brought in a folder").click()
    widget.pass_on()
    assert returns.records() == []
    assert widget.status == "Withdrawn. Only that something was withdrawn is left."


def test_forged_messages_are_refused_and_keep_nothing(widget, returns, tmp_path):
    upload = "a" * 32
    for forged in (
        {"act": "give", "index": 7, "text": "a"},
        {"act": "give", "index": 0, "text": 3},
        {"act": "give", "index": 0, "upload": upload},
        {"act": "piece", "upload": upload, "at": 0},
        {"act": "begin", "upload": "../../etc", "name": "a", "size": 3},
        {"act": "begin", "upload": upload, "name": "a", "size": 3_000_000_000},
        {"act": "withdraw", "record": "b" * 32},
        {"act": "open"},
        {"act": "give", "index": 0, "text": "x" * 30_000},
    ):
        widget.kernel._receive(None, forged, [])
        assert "expected" in widget.status, forged
    widget.kernel._receive(None, {"act": "begin", "upload": upload, "name": "a", "size": 3}, [])
    widget.kernel._receive(None, {"act": "piece", "upload": upload, "at": 0}, [b"four"])
    assert "pieces that do not fit" in widget.status
    assert returns.records() == []
    assert list((tmp_path / "answers" / "files").iterdir()) == []


def test_letters_typed_in_the_widget_stay_in_it(widget):
    widget.page.evaluate(
        "window.heard = []; document.addEventListener('keydown', ({ key }) => heard.push(key))"
    )
    for label in ("Your words", "What you call yourself"):
        widget.root.get_by_label(label).press_sequentially("ddabx")
    assert widget.page.evaluate("heard") == []


def test_no_key_is_in_what_a_notebook_saves(widget, returns):
    widget.root.get_by_label("Your words").fill("a kite")
    widget.button("Give it back").click()
    widget.pass_on()
    key = widget.root.locator("code").text_content()
    assert key == widget.kernel.screen.key
    assert key not in json.dumps(widget.kernel.get_state(), default=str)
    html = widget.kernel._repr_mimebundle_()[0]["text/html"]
    assert "a kite" not in html
    assert "<script" not in html


NOTEBOOK = """from retrain_kit import datasets
from retrain_kit.studies import manifests
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.exercises.living_with_images.returns.widget import GiveBack
study = manifests.load("embedded-sample")
GiveBack(Returns("came-back", study.name), datasets.read(study)[:2], study)"""


def test_in_jupyterlab_a_dropped_file_comes_whole_and_letters_do_nothing_to_the_notebook(
    open_page, lab, run_notebook, tmp_path
):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)], metadata=kernel)
    nbformat.write(notebook, lab.folder / "came_back.ipynb")
    data = png(tmp_path, (1500, 1500))
    with open_page(viewport={"width": 1280, "height": 1000}) as page:
        run_notebook(page, lab, "came_back.ipynb")
        root = page.locator(".rk-returns-widget")
        given = [{"name": "drawing.png", "data": base64.b64encode(data).decode()}]
        root.locator(".rk-zone").evaluate(DROP, given)
        root.get_by_label("Your words").press_sequentially("dd x a b")
        root.get_by_role("button", name="Give it back").click()
        root.get_by_role("status").filter(has_text="What you gave is kept").wait_for()
        assert page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 1
    with Returns(lab.folder / "came-back", "embedded-sample") as returns:
        (record,) = returns.records()
        assert record.text == "dd x a b"
        assert returns.file(record).read_bytes() == data


def test_the_exhibition_is_read_without_script_or_network(open_page, returns, mine, tmp_path):
    path = tmp_path / "given.png"
    path.write_bytes(png(tmp_path))
    voice = Voice(Consent(("publication",), "1", "2025-03-04T09:30:00Z"))
    returns.give("one", voice, Gift("<b>a kite</b>", path))
    returns.refuse("one", "no-answer", voice)
    (written,) = page_writer.write_exhibition(
        exhibition.build_exhibition(returns, mine), returns, tmp_path / "page.html"
    )
    heights = {}
    for width in (390, 1280):
        with open_page(java_script_enabled=False, viewport={"width": width, "height": 900}) as page:
            page.goto(written.as_uri())
            assert "<b>a kite</b>" in page.locator("main").inner_text()
            assert page.locator("img").count() == 2
            assert page.locator(".given img").bounding_box()["width"] > 200
            words = page.locator(".words")
            sizes = [words.nth(number).bounding_box()["height"] for number in range(2)]
            heights[width] = sizes
            assert page.locator(".piece").nth(1).bounding_box()["height"] >= 256
    assert heights[1280][0] == heights[1280][1]


@pytest.fixture(params=["light 390", "light 1280", "dark 390", "dark 1280"])
def view(request):
    """Return how a page is looked at: in light or in dark, on a narrow or on a wide screen."""
    scheme, width = request.param.split()
    return {"color_scheme": scheme, "viewport": {"width": int(width), "height": 900}}


def wide(page):
    """Return by how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_nothing_about_giving_back_is_hard_to_reach(open_page, address, returns, mine, view):
    with open_page(**view) as page:
        page.goto(address)
        widget = Widget(page, GiveBack(returns, [mine.sample(image) for image in mine.images], mine))
        widget.root.get_by_label("Your words").fill("a kite")
        widget.button("Give it back").click()
        widget.pass_on()
        widget.button("Burn it").click()
        assert grave(page) == []
        widget.button("Yes, burn it for good").click()
        widget.pass_on()
        assert grave(page) == []
        assert wide(page) <= 0


def test_hostile_words_stay_words_and_nothing_of_the_exhibition_is_hard_to_reach(
    open_page, returns, mine, tmp_path, view
):
    voice = Voice(Consent(("publication",), "1", "2025-03-04T09:30:00Z"))
    for words in HOSTILE:
        said = returns.give(
            "one",
            voice,
            Gift(
                words,
                pseudonym=words.translate(dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))[
                    :90
                ],
            ),
        )
        returns.store.amend(said.record.id, words, said.key)
    returns.burn("two", voice)
    (written,) = page_writer.write_exhibition(
        exhibition.build_exhibition(returns, mine), returns, tmp_path / "page.html"
    )
    with open_page(bypass_csp=True, **view) as page:
        page.goto(written.as_uri())
        shown = page.locator(".words").all_text_contents()
        assert sorted(shown) == sorted([*HOSTILE, "An image was burnt."])
        assert page.evaluate("typeof hit") == "undefined"
        assert grave(page) == []
        assert wide(page) <= 0
