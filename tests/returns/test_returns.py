"""What people give back is kept whole, shown as they agreed, and gone to the last byte when they say so."""

import os

import media
import pytest

from retrain_kit.answers import Consent
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.descriptions import EXERCISE as DESCRIPTIONS
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages, WritingTime
from retrain_kit.exercises.living_with_images.returns import EXERCISE, Gift, Returns, Voice, exhibition, page

CONSENT = Consent(("class", "publication"), "living-with-images-return-1", "2025-03-04T09:30:00Z")
VOICE = Voice(CONSENT)


@pytest.fixture
def returns(tmp_path):
    with Returns(tmp_path / "answers", "embedded-sample") as opened:
        yield opened


@pytest.fixture
def file(tmp_path):
    """Return the function that makes somebody's own file, outside of the store."""
    own = tmp_path / "somebody"
    own.mkdir()

    def put(name, data):
        (own / name).write_bytes(data)
        return own / name

    return put


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_words_and_a_file_are_kept_with_what_the_file_is(returns, file):
    path = file("Song.MP3", media.png())
    said = returns.give("bison", VOICE, Gift("for the bison", path, pseudonym="kestrel"))
    (record,) = returns.records()
    assert (record.text, record.asked.images, record.asked.exercise) == (
        "for the bison",
        ("bison",),
        EXERCISE,
    )
    assert record.details["pseudonym"] == "kestrel"
    assert record.details["words"] is True
    assert record.details["file"]["type"] == "image/png"
    assert record.details["file"]["extension"] == ".mp3"
    assert record.details["file"]["size"] == path.stat().st_size
    assert returns.file(record).read_bytes() == path.read_bytes()
    assert record.consent == CONSENT
    assert len(said.key.split("-")) == 8


def test_what_stands_after_the_point_of_a_name_is_kept_only_where_it_is_an_ending(returns, file):
    returns.give("bison", VOICE, Gift(path=file("for Ms. Quill", media.png())))
    assert returns.records()[0].details["file"]["extension"] == ".png"


def test_files_are_for_their_keeper_alone_to_read(returns, file):
    said = returns.give("bison", VOICE, Gift(path=file("a.wav", media.wav())))
    path = returns.file(said.record)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_at_all_is_no_gift_but_nothing_as_an_answer_is(returns):
    with pytest.raises(ParameterError, match="words, a file, or a refusal"):
        returns.give("bison", VOICE, Gift("  "))
    returns.refuse("bison", "nothing", VOICE)
    returns.refuse("bison", "no-answer", VOICE, Gift("not now"))
    assert [(each.refusal, each.text) for each in returns.records()] in (
        [("nothing", ""), ("no-answer", "not now")],
        [("no-answer", "not now"), ("nothing", "")],
    )


def test_a_file_that_two_people_gave_stays_until_both_withdraw(returns, file):
    path = file("a.wav", media.wav())
    one, two = (returns.give("bison", VOICE, Gift(path=path)) for _ in range(2))
    kept = returns.file(one.record)
    assert returns.withdraw(one.record.id, one.key).files == ()
    assert kept.exists()
    assert returns.withdraw(two.record.id, two.key).files == (kept,)
    assert not kept.exists()


def test_only_its_author_can_withdraw_a_gift(returns, file):
    said = returns.give("bison", VOICE, Gift(path=file("a.wav", media.wav())))
    other = returns.give("bison", VOICE, Gift("a kite"))
    with pytest.raises(ParameterError, match="Only who said it"):
        returns.withdraw(said.record.id, other.key)
    assert returns.file(said.record).exists()


def test_what_is_withdrawn_is_nowhere_in_the_folder_nor_in_pages_made_of_it(
    returns, file, embedded, tmp_path
):
    words = "a sentence nobody else says 刀"
    path = file("a.wav", media.wav())
    said = returns.give("bison", VOICE, Gift(words, path))
    returns.store.amend(said.record.id, "a footnote of its own", said.key)
    returns.give("cow", VOICE, Gift("another one"))
    shown = exhibition.build_exhibition(returns, embedded)
    written = [
        *page.write_exhibition(shown, returns, tmp_path / "page.html"),
        *page.write_exhibition(shown, returns, tmp_path / "out"),
    ]
    assert len(written) == 3
    gone = returns.withdraw(said.record.id, said.key)
    assert set(gone.pages) == set(written)
    assert len(gone.files) == 1
    assert not any(each.exists() for each in written)
    path.unlink()
    left = bytes_of(tmp_path)
    assert words.encode() not in left
    assert b"a footnote of its own" not in left
    assert media.wav()[:200] not in left
    assert b"another one" in left


def test_a_page_that_somebody_has_changed_is_left_to_them_and_named(returns, embedded, tmp_path):
    said = returns.give("bison", VOICE, Gift("a kite"))
    (written,) = page.write_exhibition(
        exhibition.build_exhibition(returns, embedded), returns, tmp_path / "page.html"
    )
    written.write_text("my own page by now")
    gone = returns.withdraw(said.record.id, said.key)
    assert (gone.pages, gone.left) == ((), (written,))
    assert written.read_text() == "my own page by now"


def test_the_bytes_of_a_deleted_file_are_overwritten(returns, file, tmp_path):
    said = returns.give("bison", VOICE, Gift(path=file("a.wav", media.wav())))
    with returns.file(said.record).open("rb") as still_open:
        returns.withdraw(said.record.id, said.key)
        assert still_open.read() == bytes(len(media.wav()))


def test_what_is_withdrawn_by_another_way_loses_its_file_at_once(returns, file, tmp_path):
    said = returns.give("bison", VOICE, Gift(path=file("a.wav", media.wav())))
    (kept,) = (tmp_path / "answers" / "files").iterdir()
    assert returns.store.withdraw(said.record.id, said.key).given == (kept,)
    assert list((tmp_path / "answers" / "files").iterdir()) == []


def test_what_a_killed_program_left_without_a_record_is_swept(tmp_path):
    files = tmp_path / "answers" / "files"
    files.mkdir(parents=True)
    (files / ("a" * 64)).write_bytes(b"never acknowledged")
    (files / ".half-12345678").write_bytes(b"half written")
    Returns(tmp_path / "answers", "embedded-sample")
    assert list(files.iterdir()) == []


def test_burning_takes_all_of_a_person_on_an_image_and_leaves_a_day(returns, file, tmp_path):
    path = file("a.wav", media.wav())
    said = returns.give("bison", VOICE, Gift("I saw it burn", path))
    mine = Voice(CONSENT, said.key)
    described = LivingWithImages(returns.store, "embedded-sample")
    described.describe("bison", "first", "a large brown animal", WritingTime(20, 12.0), mine)
    returns.give("cow", mine, Gift("the cow stays"))
    returns.give("bison", VOICE, Gift("somebody else's"))
    burnt = returns.burn("bison", mine)
    assert {record.text for record in returns.records()} == {"", "the cow stays", "somebody else's"}
    assert returns.store.records(exercise=DESCRIPTIONS) == []
    assert (burnt.record.refusal, burnt.record.asked.images, burnt.record.text) == ("burn", (), "")
    assert len(burnt.record.when) == 20
    path.unlink()
    left = bytes_of(tmp_path)
    assert b"I saw it burn" not in left
    assert b"a large brown animal" not in left
    assert media.wav()[:200] not in left


def test_only_who_burnt_can_tell_which_image_it_was(returns):
    said = returns.burn("bison", VOICE)
    assert returns.burnt("bison", said.key)
    assert not returns.burnt("cow", said.key)
    other = returns.give("cow", VOICE, Gift("a cow"))
    assert not returns.burnt("bison", other.key)
    assert "bison" not in str(returns.records()[0].details)


def test_a_digest_that_a_foreign_record_states_never_leads_out_of_the_folder(returns, tmp_path):
    (tmp_path / "private.txt").write_text("private")
    for stated in ({"sha256": "../../private.txt"}, {"sha256": 3}, {}, "text", {"sha256": "f" * 64}):
        said = returns.store.say("a", returns.context("bison"), CONSENT, details={"file": stated})
        assert returns.file(said.record) is None


def test_a_request_that_comes_twice_is_kept_once(returns, file):
    voice = Voice(CONSENT, once="a" * 32)
    said = returns.give("bison", voice, Gift(path=file("a.wav", media.wav())))
    again = returns.give(
        "bison", Voice(CONSENT, said.key, once="a" * 32), Gift(path=file("a.wav", media.wav()))
    )
    assert again.record == said.record
    assert len(returns.records()) == 1


def test_a_pseudonym_is_one_short_line(returns):
    returns.give("bison", VOICE, Gift("a", pseudonym="\u0645\u06cc\u200c\u062e 👩\u200d🏫"))
    for pseudonym in ("x" * 101, "two\nlines", "turned\u202eround"):
        with pytest.raises(ParameterError, match="pseudonym"):
            returns.give("bison", VOICE, Gift("a", pseudonym=pseudonym))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_keeps_nothing(returns, file, tmp_path):
    (tmp_path / "answers" / "files").chmod(0o500)
    with pytest.raises(Exception, match="no permission to write"):
        returns.give("bison", VOICE, Gift(path=file("a.wav", media.wav())))
    assert returns.records() == []
