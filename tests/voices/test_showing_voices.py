"""What is shown is what its terms allow; the rest is counted. The archive knows nobody, and a workplace is opaque."""

import io
import re

import media
import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from trying import examples
from voicing import TODAY, study, voice

from retrain_kit.answers import Consent
from retrain_kit.answers.records import Record
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.voices import USES, Terms, page, shown, voices
from retrain_kit.exercises.voices.worker_facts import worker_facts

DAYS = st.sampled_from(["2026-11-29", TODAY, "2026-12-01", "withdrawal"])
TERMS = st.builds(
    Terms, st.lists(st.sampled_from([*USES]), unique=True).map(tuple), DAYS, st.just("us"), st.just("so")
)


def page_of(desk, use="class", **options):
    with desk.voices() as kept:
        found = shown.build_shown(kept, desk.study, use, **options)
        return BeautifulSoup(page.page_html(found), "html.parser"), found


@examples(200)
@given(TERMS, st.sampled_from(["read", "class", "book", "publication"]), st.sampled_from(voices.KINDS))
def test_something_is_shown_just_where_its_terms_allow_it_and_counted_where_not(terms, use, kind):
    details = voices.Said(kind, terms).details
    record = Record(
        "0" * 32, "x", "w", f"{TODAY}T09:00:00Z", None, Consent(terms.agreed, "1", TODAY), details=details
    )
    allowed = (
        use in terms.agreed and terms.until >= TODAY and (kind != "strategy" or "archive" in terms.agreed)
    )
    assert voices.terms_of(record) == terms
    assert (shown._why_not(record, use, TODAY) == "") == allowed


def test_what_is_not_shown_is_counted_with_its_reason(desk):
    toml = study(
        voice("a"),
        voice("b", agreed=[]),
        voice("c", agreed=["publication"]),
        voice("d", until="2026-11-29"),
        voice("e", "strategy", answers=["wait"]),
        voice("f", "strategy", answers=["wait"], agreed=["read", "archive"], until="2026-12-05"),
    )
    desk.take(toml)
    soup, found = page_of(desk, day=TODAY)
    assert found.withheld == {
        "a small strategy, and not agreed to: archive": 1,
        "not agreed to: class": 2,
        "nothing was agreed to": 1,
        "the terms have ended": 1,
    }
    assert [each.text for each in soup.select(".words")] == ["I say a."]
    said = soup.select_one("[aria-labelledby=not-here]").get_text()
    assert "1: the terms have ended" in said
    assert page_of(desk, day="2026-11-29")[1].ends == "2026-11-29"
    assert page_of(desk, "read", day=TODAY)[1].ends == "2026-12-05"
    with pytest.raises(ParameterError, match="use: found 'advertising'"):
        page_of(desk, "advertising")


def test_the_terms_stand_beside_each_voice_and_what_is_typed_stays_text(desk):
    hostile = "</p><script>alert(1)</script>\n{{ 7*7 }}"
    arabic = "أنا أرسم الحدود"
    toml = study(
        voice(
            "a",
            text=hostile,
            pseudonym='"><b>x',
            client="Bluebird",
            until="2027-12-31",
            asked_on="2026-11-02",
        ),
        voice("b", text=arabic, language="ar"),
        title="</title><script>",
    )
    desk.take(toml)
    soup, _ = page_of(desk)
    assert soup.find_all(["script", "b"]) == []
    by_text = {each.select_one(".words").text: each for each in soup.select(".voice")}
    assert set(by_text) == {hostile, arabic}
    terms = by_text[hostile].select_one(".terms")
    assert re.sub(r"\s+", " ", terms.dl.get_text(" ")).strip() == (
        "client, under a code name Bluebird agreed to read, class until 2027-12-31 asked by one of the group "
        "how in a call asked on 2026-11-02"
    )
    assert terms.bdi.text == '"><b>x'
    words = by_text[arabic].select_one(".words")
    assert (words["dir"], words["lang"]) == ("auto", "ar")


def test_the_archive_leads_from_what_is_answered_to_words_and_to_nobody(desk):
    agreed = {
        "agreed": ["class", "archive"],
        "pseudonym": "kestrel",
        "client": "Bluebird",
        "asked_by": "Quill",
    }
    desk.take(study(voice("s", "strategy", answers=["wait"], text="I wait elsewhere.", **agreed)))
    with desk.voices() as kept:
        (record,) = kept.records()
        kept.store.amend(record.id, "Not any more.", desk.keys["strategy s"])
    soup, _ = page_of(desk)
    archive = soup.select_one("[aria-labelledby=archive]")
    situations = {
        each.h3.text: [re.sub(r"\s+", " ", one.text).strip() for one in each.select("blockquote")]
        for each in archive.select(".situation")
    }
    assert situations == {
        "A wait": ["I wait elsewhere. Added later by the same person: Not any more."],
        "A task that was rejected": [],
    }
    assert archive.find_all(["time", "a", "bdi"]) + archive.select(".terms") == []
    assert all(each["aria-label"] in ("wait", "rejected-task") for each in archive.select(".situation"))
    telling = (
        "kestrel",
        "Bluebird",
        "Quill",
        record.who,
        record.id,
        record.footnotes and "",
        record.public_key,
    )
    assert not [each for each in telling if each and each in str(soup)]


def test_a_place_of_work_is_kept_as_a_few_colours_unless_its_author_agreed_to_more(desk):
    both = {"kind": "workplace", "text": None, "images": ["owl"]}
    toml = study(
        voice("a", file="a.jpg", agreed=["class"], **both),
        voice("b", file="b.jpg", agreed=["class", "unveiled"], **both),
    )
    desk.take(toml, a_jpg=media.jpeg(), b_jpg=media.jpeg())
    soup, found = page_of(desk)
    opaque, seen = sorted(found.workplaces, key=lambda each: not each.is_veiled)
    assert len(np.unique(np.asarray(Image.open(io.BytesIO(opaque.media.data))).reshape(-1, 3), axis=0)) <= 16
    original = np.asarray(Image.open(io.BytesIO(media.jpeg())))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(seen.media.data))), original)
    kept = [path.read_bytes() for path in (desk.place / "answers" / "files").iterdir()]
    assert len(kept) == 2
    assert not any(media.holds(data) for data in (*kept, str(soup).encode()))
    assert len([data for data in kept if data[:3] == b"\xff\xd8\xff"]) == 1
    assert soup.select_one(".where img")["alt"].startswith(("A place of work as a few", "The place where"))
    assert soup.get_text().count("owl, one of the images worked on. It is not shown: it is in no study") == 2


def test_a_sound_is_in_the_page_with_its_transcript_or_without_one(desk):
    toml = study(
        voice("a", text=None, file="a.wav", transcript="a tone"),
        voice("b", text=None, file="b.mp3"),
        voice("c"),
    )
    desk.take(toml, a_wav=media.wav(), b_mp3=media.mp3())
    soup, _ = page_of(desk)
    assert sorted(each["src"][:15] for each in soup.select("audio")) == ["data:audio/mpeg", "data:audio/wav;"]
    assert not media.holds(str(soup).encode())
    said = {
        each.select_one(".transcript").text: bool(each.select_one(".words"))
        for each in soup.select(".given:has(audio)")
    }
    assert said == {"Transcript": True, "No transcript.": False}


def test_facts_about_workers_have_a_date_and_a_source():
    facts = {row["as published"]: row for row in worker_facts()}
    assert "From: 2018." in facts["250,000 workers"]["what it counts"]
    assert facts["250,000 workers"]["source"].startswith("a study of 2018, told by Bruno Moreschi")
    assert all("From: not stated" not in row["what it counts"] for row in facts.values())
