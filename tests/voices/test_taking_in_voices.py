"""A folder of voices is taken in once, each voice under its terms; or refused, with all that is wrong at once."""

import media
import pytest
import voicing
from voicing import study, voice

from retrain_kit.answers import Author
from retrain_kit.errors import DataError
from retrain_kit.exercises.voices.folder import read_folder

NAMELESS = "Take it out of the file: a pseudonym, and a code name of a client, are enough."
BAD = {
    "no terms": (
        voice("a", agreed=None, until=None, asked_by=None, how=None),
        "voice 1 (a): found no terms: nothing on agreed, until, asked_by, how; expected agreed, until, asked_by",
    ),
    "half of the terms": (voice("a", how=""), "found no terms: nothing on how;"),
    "an unknown use": (
        voice("a", agreed=["read", "publicaton"]),
        "(a), agreed: found 'publicaton'; expected of read, class, book, publication, archive, unveiled; or nothing",
    ),
    "no day": (
        voice("a", until="2027-02-30"),
        "until: found '2027-02-30'; expected a day, as 2027-12-31, or",
    ),
    "a name": (
        voice("a", real_name="Zipporah"),
        f"voice 1: found the field real_name; expected nothing that tells who somebody is. {NAMELESS}",
    ),
    "an e-mail address": (
        voice("a", EMail="z@example.org"),
        "found the field EMail; expected nothing that tells",
    ),
    "a face": (
        voice("a", face="z.png"),
        "found the field face; expected nothing that tells who somebody is.",
    ),
    "an unknown field": (
        voice("a", colour="red"),
        "found the field colour; expected one of id, kind, agreed,",
    ),
    "no id": (voice(""), "voice 1: found no id; expected one"),
    "two of one id": (
        voice("a") * 2,
        "voice 2 (a): found an id that another voice has; expected an id of its",
    ),
    "another kind": (
        voice("a", "song"),
        "kind: found 'song'; expected one of testimony, strategy, workplace.",
    ),
    "no words": (voice("a", text="\u200b "), "found neither words nor a file; expected a text, a sound, or"),
    "a number for a text": (voice("a", text=7), "text: found something of type int; expected a text."),
    "a control character": (
        voice("a", text="one\u0007two"),
        "text: found U+0007, a sign that steers machines, at letter 4; expected letters, spaces and ends of lines.",
    ),
    "a long text": (
        voice("a", text="x" * 60_001),
        "text: found 60,001 bytes; expected at most 60,000 bytes.",
    ),
    "ten megabytes": (voice("a", text=None, file="long.txt"), "long.txt: found a text of 10000000 letters;"),
    "a pseudonym that turns around": (
        voice("a", pseudonym="kes\u202etrel"),
        "(a), pseudonym: found 8 letters; expected at most 200 letters, in one line.",
    ),
    "a pseudonym under which another's key may stand": (
        voice("a", pseudonym="Strategy 4"),
        "(a), pseudonym: found 'Strategy 4'; expected another: the keys of voices without a pseudonym stand under",
    ),
    "a strategy to nothing": (
        voice("a", "strategy"),
        "answers: found nothing; expected what the strategy answers",
    ),
    "an unknown situation": (
        voice("a", "strategy", answers=["waits"]),
        "answers: found 'waits'; expected a situation of voices.toml. Near it: wait. Add it under [situations].",
    ),
    "a strategy with a name in its id": (
        voice("kestrel-1", "strategy", answers=["wait"]) + voice("b", pseudonym="Kestrel"),
        "(kestrel-1), id: found a pseudonym; expected an id that says of nobody whose it is. A number is enough",
    ),
    "a strategy with images": (
        voice("a", "strategy", answers=["wait"], images=["owl"]),
        "images: found some; expected none for a strategy. An image can tell who worked on it.",
    ),
    "outside": (
        voice("a", text=None, file="../secret.txt"),
        "file: found '../secret.txt'; expected a file of this",
    ),
    "from the root": (
        voice("a", text=None, file="/etc/hostname"),
        "found '/etc/hostname'; expected a file of this",
    ),
    "through a link": (
        voice("a", text=None, file="link.txt"),
        "found 'link.txt'; expected a file of this folder.",
    ),
    "no such file": (
        voice("a", text=None, file="gone.mp3"),
        "file gone.mp3: found no file; expected a file.",
    ),
    "a name that no disk takes": (
        voice("a", text=None, file="a" * 5000),
        "a': File name too long; expected a file of this folder that can be read.",
    ),
    "an image with a sign that steers": (
        voice("a", images=["owl\u0000"]),
        "images: found 'owl\\x00'; expected ids of at most 200 letters, in one line.",
    ),
    "an empty file": (
        voice("a", text=None, file="empty.mp3"),
        "empty.mp3: found an empty file; expected something",
    ),
    "a sound that is text": (
        voice("a", text=None, file="text.mp3"),
        "found a text by the name of a sound, 'text.mp3'",
    ),
    "a sound that is noise": (
        voice("a", text=None, file="noise.mp3"),
        "noise.mp3: found a file of another type;",
    ),
    "a sound of tags alone": (
        voice("a", text=None, file="tags.mp3"),
        "tags.mp3: found a file that may say where it",
    ),
    "a sound in the archive": (
        voice("a", "strategy", text=None, file="sound.wav", answers=["wait"]),
        "file sound.wav: found a sound; expected a text: a voice can be recognised.",
    ),
    "a picture as testimony": (
        voice("a", text=None, file="picture.jpg"),
        "file picture.jpg: found an image; expected a text or a sound.",
    ),
    "a sound with a text": (
        voice("a", file="sound.wav"),
        "found a text beside a sound; expected one of the two.",
    ),
    "zeros in a file": (voice("a", text=None, file="zeros.txt"), "zeros.txt: found a file of another type;"),
}
FILES = {
    "empty.mp3": b"",
    "long.txt": b"x" * 10_000_000,
    "text.mp3": b"I am no sound.",
    "noise.mp3": bytes(range(256)) * 8,
    "tags.mp3": b"ID3\4\0\0\0\0\0\0",
    "zeros.txt": b"one\0two",
    "sound.wav": media.wav(),
    "picture.jpg": media.jpeg(),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    (folder.parent / "secret.txt").write_text("not of this folder")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_with_a_voice_is_said_in_a_line(bad, what):
    toml, said = BAD[what]
    (bad / "voices.toml").write_text(study(toml), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_folder(bad)
    assert any(said in str(fault) for fault in caught.value.faults), caught.value
    assert "Zipporah" not in str(caught.value)
    assert "z@example" not in str(caught.value)


def test_no_pseudonym_is_a_formula_in_the_table_of_keys(desk):
    with pytest.raises(DataError) as caught:
        desk.take(study(voice("a", pseudonym="=HYPERLINK(B3)"), voice("b", pseudonym="@kes")))
    assert [fault.found for fault in caught.value.faults] == ["'=HYPERLINK(B3)'", "'@kes'"]
    assert not desk.table.exists()
    assert desk.voices().records() == []


def test_all_faults_of_a_folder_are_told_together_and_nothing_is_kept(desk):
    desk.write(study(voice("a", until="soon"), voice("b", mail="x"), stranger="1", keeper="us\x07"))
    (desk.folder / "voices.csv").write_text(
        "id,kind,text,agreed,until,asked_by,how,Phone\nc,song,x,read,withdrawal,me,so,1\n"
    )
    with pytest.raises(DataError) as caught:
        desk.take()
    places = [fault.where.removeprefix(f"{desk.folder}/") for fault in caught.value.faults]
    assert places == [
        "voices.toml",
        "voices.toml, keeper",
        "voices.toml, voice 1 (a), until",
        "voices.toml, voice 2",
        "voices.csv, line 2",
        "voices.csv, line 2 (c), kind",
    ]
    assert not (desk.place / "answers").exists()


@pytest.mark.parametrize("before", ["", "\ufeffsep=;\r\n"])
def test_a_table_says_the_same_as_toml(desk, before):
    table = before + (
        "id;kind;text;pseudonym;agreed;until;asked_by;how;answers\n"
        'a;testimony;"two\nlines";kestrel;read|class;2027-01-31;us;a call;\n'
        "b;strategy;I wait elsewhere.;;nothing;withdrawal;us;a call;wait|rejected-task\n"
    )
    desk.write(study())
    (desk.folder / "voices.csv").write_text(table, encoding="utf-8", newline="")
    first, second = read_folder(desk.folder).voices
    assert (first.said.text, first.said.terms.agreed, first.said.terms.until) == (
        "two\nlines",
        ("read", "class"),
        "2027-01-31",
    )
    assert (second.said.terms.agreed, second.said.answers) == ((), ("wait", "rejected-task"))


def test_what_was_kept_is_not_kept_twice_and_what_is_stated_otherwise_is_told(desk):
    """So also once the keys are handed out, and their table is deleted."""
    toml = study(voice("a"), voice("b", pseudonym="kestrel"))
    assert desk.take(toml).new == 2
    desk.table.unlink()
    assert desk.take(toml).new == 0
    assert not desk.table.exists()
    taken = desk.take(study(voice("a", agreed=["read"]), voice("b", pseudonym="kestrel", text="Other.")))
    assert [(fault.where, fault.found) for fault in taken.remarks] == [
        ("voices.toml, voice 1 (a)", "other terms than it was kept under"),
        ("voices.toml, voice 2 (b)", "other words than were kept"),
    ]
    others = desk.take(study(voice("a", images=["owl"]), voice("b", pseudonym="kes", text="Other.")))
    assert [fault.found for fault in others.remarks] == [
        "otherwise than it was kept: images",
        "other words than were kept",
    ]
    with desk.voices() as voices:
        assert [record.consent.agreed for record in voices.records()] == [("read", "class")] * 2


def test_nothing_in_the_store_leads_from_a_person_to_their_strategies(desk):
    """Each has a key of its own, and they lie behind everything else, in an order of their own."""
    both = {"pseudonym": "kestrel", "client": "Bluebird"}
    uses = ["read", "class"]
    strategies = [
        voice(f"s{number}", "strategy", answers=["wait"], agreed=uses[:: (-1) ** number], **both)
        for number in range(6)
    ]
    desk.take(study(voice("t", **both), *strategies, voice("u", **both)))
    assert set(desk.keys) == {"kestrel", *(f"strategy s{number}" for number in range(6))}
    said = desk.voices().store.folder.joinpath("answers.jsonl").read_text().splitlines()[1:]
    assert ["strategy" in line for line in said] == [False, False, *[True] * 6]
    authors = {record.id: record.who for record in desk.voices().records()}
    assert len(set(authors.values())) == 7
    assert {record.consent.agreed for record in desk.voices().records()} == {("read", "class")}
    assert all("kestrel" not in line and "Bluebird" not in line for line in said[2:])
    assert [line.split('"id":"')[1][:32] for line in said[2:]] == sorted(
        line.split('"id":"')[1][:32] for line in said[2:]
    )


def test_a_file_of_two_voices_one_of_none_and_one_that_was_changed_are_told(desk):
    both = study(*(voice(name, text=None, file="b.wav", pseudonym="Jose\u0301") for name in "ab"))
    files = {"b_wav": media.wav(), "B_WAV": media.mp3_sound()}
    assert [fault.found for fault in desk.take(both, **files).remarks] == [
        "files that no voice names: B.WAV",
        *("a sound", "a sound", "the file of the voice a too"),
    ]
    assert list(desk.keys) == ["Jos\u00e9"]
    changed = desk.take(both.replace("b.wav", "B.WAV", 1).replace("e\u0301", "\u00e9"), **files)
    assert [fault.found for fault in changed.remarks] == ["otherwise than it was kept: file"]
    with desk.table.open("a", encoding="utf-8") as file:
        file.write(f"Jose\u0301,{Author.new().key}\n")
    with pytest.raises(DataError, match="line 3: found a second key of"):
        desk.take(study(voice("c", pseudonym="Jos\u00e9")))


TELLING = {
    "Write to zip.quill@example.org!": "an e-mail address, from letter 10",
    "See www.example.org/zip": "an address on the web, from letter 5",
    "I am @zipporah there": "a name of an account, from letter 6",
    "Call +254 700 123 456": "a number of a phone, from letter 6",
    "My id is A1B2C3D4E5F6G7": "a worker's number, from letter 10",
    "Hola, me llamo Zipporah": "somebody who gives their name, from letter 7",
    "It was for Quill GmbH": "a firm, from letter 18",
    "Box 7.4 s, 14,610,229 boxes, 2026-11-30, 88 of 100.": "",
}


@pytest.mark.parametrize("text", TELLING)
def test_what_looks_like_a_name_or_an_address_is_warned_of_and_not_repeated(desk, text):
    found = desk.take(study(voice("a", text=text))).remarks
    said = [f"what looks like {TELLING[text]} on"] if TELLING[text] else []
    assert [fault.found for fault in found] == said
    assert not any(word in str(found).lower() for word in ("zip", "quill", "254", "a1b2"))


def test_a_pseudonym_of_two_names_and_what_can_be_recognised_are_warned_of(desk):
    toml = study(
        voice("a", pseudonym="Zipporah Quill"),
        voice("b", text=None, file="b.wav"),
        voice("c", "workplace", text=None, file="c.jpg", agreed=["class", "unveiled"]),
    )
    found = desk.take(toml, b_wav=media.wav(), c_jpg=media.jpeg()).remarks
    assert [fault.found for fault in found] == [
        "what looks like a first and a last name",
        "a sound",
        "a picture that may be shown as it is",
    ]


def test_the_demonstration_comes_into_no_store_of_voices(desk):
    desk.take(study(voice("a")))
    with pytest.raises(DataError, match="demonstration"):
        desk.take(study(voice("a"), demonstration=True))
    assert voicing.TERMS["agreed"] == ["read", "class"]
