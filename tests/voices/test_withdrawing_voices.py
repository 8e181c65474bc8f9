"""What somebody withdraws is in no byte of the store, of exports, and of pages; a footnote is its author's alone."""

import base64
import json

import media
import pytest
from commands import typed
from voicing import study, voice

from retrain_kit.answers import Author

WORDS = "Ich warte: ein Gerät schläft, ça ne paie pas."
NOTE = "Später: immer noch."
STUDY = study(
    voice("a", text=WORDS, pseudonym="kestrel"),
    voice("b", text=None, file="b.wav", transcript="ein Ton, leise", pseudonym="kestrel"),
    voice("c", "workplace", text=None, file="c.jpg", pseudonym="kestrel", agreed=["class", "unveiled"]),
    voice("other", text="I stay.", pseudonym="heron"),
)
FILES = {"b_wav": media.wav(), "c_jpg": media.jpeg()}
LINE = ("voices", "ours", "--keys", "keys.csv", "--for", "class")


def traces(place, *texts, data=()):
    """Return the files of a place, but for the folder that was brought, that hold one of these in some spelling."""
    sought = [text.encode() for text in texts]
    sought += [json.dumps(text)[1:-1].encode() for text in texts]
    sought += [part for each in data for part in (each, base64.b64encode(each)[:400])]
    files = [path for path in place.rglob("*") if path.is_file() and "ours" not in path.parts]
    return sorted(
        str(path.relative_to(place)) for path in files if any(part in path.read_bytes() for part in sought)
    )


@pytest.fixture
def place(desk):
    """A folder that was taken in and shown, with a footnote, an export and what was given."""
    desk.write(STUDY, **FILES)
    assert typed(desk.place, *LINE, "-o", "shown.html").returncode == 0
    note = desk.place / "note.txt"
    note.write_text(f"{NOTE}\n")
    desk.take()
    with desk.voices() as kept:
        (name,) = [record.id for record in kept.records() if record.text == WORDS]
        kept.store.export(desk.place / "export.jsonl")
    key = desk.keys["kestrel"]
    done = typed(desk.place, "footnote", "answers", "--key", key, "--record", name, "--from", "note.txt")
    assert done.returncode == 0, done.stderr
    note.unlink()
    assert typed(desk.place, *LINE, "-o", "shown.html").returncode == 0
    return desk


def test_what_is_withdrawn_is_in_no_byte_and_what_others_said_stays(place):
    kept = [(place.place / "answers" / "files" / each.given_sha256).read_bytes() for each in given(place)]
    assert traces(place.place, WORDS) == ["answers/answers.jsonl", "export.jsonl", "shown.html"]
    assert traces(place.place, NOTE) == ["answers/answers.jsonl", "shown.html"]
    assert len(traces(place.place, data=kept)) >= 3
    key = place.keys["kestrel"]
    done = typed(place.place, "withdraw", "answers", "--key", key)
    assert "Withdrawn: 3. Only that, and when, is left." in done.stdout
    assert f"Deleted, since it held it; make it anew: {place.place / 'shown.html'}" in done.stdout
    again = typed(place.place, *LINE, "-o", "shown.html")
    assert again.stderr.count("found what was withdrawn, and lies here still; expected nothing of it.") == 3
    assert traces(place.place, WORDS, NOTE, "ein Ton, leise", Author(key).who, data=kept) == []
    assert traces(place.place, "kestrel") == ["keys.csv"]
    assert traces(place.place, "I stay.") == ["answers/answers.jsonl", "export.jsonl", "shown.html"]


def given(desk):
    with desk.voices() as kept:
        return [record for record in kept.records() if record.given_sha256]


def test_a_footnote_is_its_author_s_alone(desk):
    desk.take(STUDY, **FILES)
    with desk.voices() as kept:
        before = {record.id: (record.text, len(record.footnotes)) for record in kept.records()}
    (name,) = (each for each, (text, _) in before.items() if text == WORDS)
    heron = desk.keys["heron"]
    (desk.place / "note.txt").write_text("Not mine to say.")
    for options, said in (
        (
            ("--record", name),
            "key: found another one; expected the key that its author was handed. Only who said it",
        ),
        (("--record", "0" * 32), "record"),
    ):
        done = typed(desk.place, "footnote", "answers", "--key", heron, "--from", "note.txt", *options)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    with desk.voices() as kept:
        assert {record.id: (record.text, len(record.footnotes)) for record in kept.records()} == before
    unasked = typed(desk.place, "footnote", "answers", "--from", "note.txt")
    assert (unasked.returncode, "key: found no terminal to ask for it" in unasked.stderr) == (2, True)
    assert typed(desk.place, "footnote", "answers", "--key", heron, "--from", "note.txt").returncode == 0
    (desk.place / "note.txt").write_text("Ask me: zip@example.org")
    telling = typed(desk.place, "footnote", "answers", "--key", heron, "--from", "note.txt")
    assert "footnote: found what looks like an e-mail address, from letter 9 on" in telling.stderr
    several = typed(desk.place, "footnote", "answers", "--key", desk.keys["kestrel"], "--from", "note.txt")
    assert several.returncode == 2
    assert f"{name}: Ich warte: ein Gerät schläft, ça ne paie…" in several.stderr
    for words, found in ((" \n", "nothing; expected words."), ("a\x1b[2J", "U+001B, a sign that steers")):
        (desk.place / "note.txt").write_text(words)
        wrong = typed(desk.place, "footnote", "answers", "--key", heron, "--from", "note.txt")
        assert (wrong.returncode, f"footnote: found {found}" in wrong.stderr) == (2, True)


@pytest.mark.usefixtures("long_work")
def test_voices_become_no_training_data(desk):
    desk.take(STUDY, **FILES)
    for kind in ("crowd-kit", "soft-labels"):
        typed(desk.place, "training", "answers", "--as", kind, "-o", "trained")
    assert not [each for each in traces(desk.place, WORDS, "I stay.") if each.startswith("trained")]


def test_a_page_has_the_name_of_a_page_and_nothing_is_kept_otherwise(desk):
    desk.write(STUDY, **FILES)
    done = typed(desk.place, *LINE, "-o", "shown.pdf")
    assert (done.returncode, "expected a name that ends in .html, .htm." in done.stderr) == (2, True)
    assert not (desk.place / "answers").exists()
