"""What one image took is one page, whatever its study says: with its figures, and nothing of the image itself."""

import io
from dataclasses import replace

import numpy as np
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from commands import typed
from hostility import HOSTILE
from PIL import Image

from retrain_kit.analysis.city import count_houses
from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, Region
from retrain_kit.reports import what_it_took
from retrain_kit.reports.what_it_took import pictures
from retrain_kit.studies import labour_figures, licences, manifests

pytestmark = pytest.mark.usefixtures("long_work")

EMBEDDED = manifests.load("embedded-sample")
BY_HAND = replace(
    EMBEDDED, annotation=replace(EMBEDDED.annotation, sources={"ann": "hand", "ben": "checked"})
)
FIGURES = labour_figures.kit_figures()
SHOWING = what_it_took.Showing(lights=("light",))
OUTLINE = ((10, 10), (200, 40), (120, 300))


def sample(**parts):
    return EMBEDDED.sample(EMBEDDED.images[0], **parts)


def page_of(shown, manifest=BY_HAND, figures=FIGURES, showing=SHOWING):
    others = [replace(shown, id="another", regions=shown.regions[:1])]
    houses = count_houses([*others, shown], manifest, figures)
    seen = what_it_took.draw_pictures(shown, manifest, houses, figures, showing)
    return what_it_took.tell_what_it_took(shown, manifest, figures, seen)


def text_of(html):
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


def printed(pdf):
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf)]


def drawn():
    boxes = tuple(Region(word, Box(4, 4, 300, 200), annotator="ann") for word in ("Cat", "Ball"))
    check = Region("Cat", Box(9, 9, 90, 90), annotator="ben")
    outline = Region("Cat", Box(10, 10, 200, 300), annotator="ann", polygons=(OUTLINE,))
    return sample(
        regions=(*boxes, check, outline), phrases=(Phrase("a cat", Box(0, 0, 9, 9), annotator="ann"),)
    )


@pytest.mark.parametrize(("shown", "steps"), [(drawn(), 6), (sample(), 2)], ids=["drawn", "nothing drawn"])
def test_how_far_the_drawing_is_can_be_shown(shown, steps):
    done = []
    showing = replace(SHOWING, progress=lambda every: (done.append(each) or each for each in every))
    page_of(shown, showing=showing)
    assert len(done) == steps


def test_the_page_holds_the_interval_its_figures_pay_and_what_is_not_disclosed():
    page = page_of(drawn(), replace(BY_HAND, annotation=replace(BY_HAND.annotation, took="", paid="unknown")))
    pdf = what_it_took.page_pdf(page)
    assert pdf == what_it_took.page_pdf(page)
    (paper,) = printed(pdf)
    # 2 boxes of 6.5 to 88 s, a check of 1.6 to 21.9 s, an outline of 79.2 s, and a phrase
    for text in (paper, text_of(what_it_took.page_html(page))):
        for part in (
            "Between 1.6 and 4.6 minutes of somebody's time. cat And 1 of 5 pieces of work of which nobody has",
            "2 × box drawn by hand 13 seconds to 2.9 minutes",
            "1 × phrase drawn by hand no published figure",
            "How long it took not disclosed What was paid not disclosed",
            "0.16 to 0.62 USD2017 as claimed",
            "0.052 to 0.15 USD2018 as measured",
            "22 h/1000 outline Statistic: more than so much, in all. Of: workers of Amazon Mechanical Turk.",
            "What cannot be concluded",
            "Order: the largest first: this order is made up.",
            "A beam stands over this one",
        ):
            assert part in text
    assert len(page.figures) == 13
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked


def image_of(shown, **how):
    timeline = pictures.timeline_of(shown, BY_HAND, FIGURES)
    found = pictures.draw_image(shown, BY_HAND, timeline, replace(SHOWING, **how))
    return found.caption, np.asarray(Image.open(io.BytesIO(found.files["light"])))


def test_the_image_is_not_shown_but_where_it_is_asked_for_and_its_licence_allows_it():
    caption, seen = image_of(drawn())
    assert caption == "The image by what was drawn on it. Its work is seen without it."
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) < 300  # paper, ink, and what lies between
    caption, seen = image_of(drawn(), decanonized=True)
    assert caption == "The image without what is tagged in it: what nobody was asked to see."
    assert (seen[30, 30] == 255).all()
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 1000
    bound = replace(drawn(), provenance=replace(drawn().provenance, licence="CC BY-NC 4.0"))
    caption, seen = image_of(bound, decanonized=True)
    assert caption == "The image is not shown: no licence is listed that allows it: CC BY-NC 4.0."
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) < 300
    assert licences.reason_to_stay("CC0", "Blood.", "") == "it has a notice of its own"
    assert (
        licences.reason_to_stay("CC0", "", "Faces: pass nothing on.") == "the study asks to pass nothing on"
    )


def test_it_is_one_page_whatever_is_said():
    regions = [
        Region(word * 9, Box(0, 0, 300, 200), annotator="ann") for word in (*HOSTILE, "חתול", "قطة كبيرة")
    ]
    long = replace(sample(regions=tuple(regions)), id="ق" * 300 + "x" * 3000)
    said = replace(BY_HAND.annotation, who="עובדים " * 400, took=HOSTILE[0] * 90, paid="x" * 5000)
    page = page_of(long, replace(BY_HAND, title="كتاب الصور " * 80, annotation=said))
    assert [len(printed(what_it_took.page_pdf(page, paper))) for paper in what_it_took.PAPERS] == [1, 1, 1]
    html = what_it_took.page_html(page)
    assert not BeautifulSoup(html, "html.parser").select("script, link, iframe, [onclick], [onerror]")


def test_an_image_without_annotation_and_one_of_words_alone_have_a_page():
    bare = page_of(sample())
    assert (bare.told, bare.lines, bare.pays) == ("Nobody's time: it has no annotation.", (), ())
    (paper,) = printed(what_it_took.page_pdf(bare))
    assert "None: nothing is said of it." in paper
    words = sample(labels=(ImageLabel("Cat", present=True, annotator="ann"),))
    page = what_it_took.tell_what_it_took(words, BY_HAND, FIGURES, bare.pictures)
    assert page.told == "A time that nobody has published, of 1 piece of work."
    assert (page.figures, page.pictures.strip) == ((), ())
    outline = Region("Cat", Box(10, 10, 200, 300), annotator="model-drawn", polygons=(OUTLINE,))
    page = what_it_took.tell_what_it_took(sample(regions=(outline,)), EMBEDDED, FIGURES, bare.pictures)
    assert page.beside[-1].endswith("By hand, 1 of them would have taken 1.3 minutes.")
    assert [each.id for each in page.figures] == ["coco-outline"]


def test_the_command_writes_what_it_is_asked_for_and_knows_no_other_image(tmp_path):
    line = ("what-it-took", "embedded-sample", "--image", "cat")
    done = typed(tmp_path, *line, "-o", "cat.png", "--paper", "a5")
    assert (done.returncode, done.stdout) == (
        0,
        "No annotator's time: machines made all that is said of it.\ncat.png\n",
    )
    assert Image.open(tmp_path / "cat.png").size == (874, 1240)
    both = typed(tmp_path, *line, "-o", "cat.html", "-o", "cat.pdf")
    assert both.stdout.splitlines()[1:] == ["cat.html", "cat.pdf"]
    assert (tmp_path / "cat.pdf").read_bytes().startswith(b"%PDF")
    (tmp_path / "cat.pdf").unlink()
    assert typed(tmp_path, *line, "-o", "cat.gif").returncode == 2
    done = typed(tmp_path, *line[:3], "no such cat", "-o", "cat.pdf")
    assert (done.returncode, "expected the id of an image" in done.stderr) == (2, True)
    assert not (tmp_path / "cat.pdf").exists()
