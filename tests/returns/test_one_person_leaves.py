"""When one person withdraws, no file is deleted or named that holds what others gave alone."""

import shutil

import media
import pytest

from retrain_kit.answers import Author, Consent
from retrain_kit.answers.records import ReachedFiles
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.returns import Gift, Returns, Voice, booklet, exhibition, page

CONSENT = Consent(("class", "publication"), "1", "2025-03-04T09:30:00Z")
ADA, BOB = (Author.new().key for _ in range(2))


@pytest.fixture
def returns(tmp_path):
    """Two people, who gave the same image and each a sound, to the same two images."""
    with Returns(tmp_path / "answers", "embedded-sample") as opened:
        for key, sound in ((ADA, media.mp3), (BOB, media.wav)):
            for image, data in (("cow", media.png()), ("bison", sound())):
                (given := tmp_path / "given").write_bytes(data)
                opened.give(image, Voice(CONSENT, key), Gift(path=given))
        yield opened


def files_by_person(returns, folder):
    """The files of a folder's exhibition that hold what one person gave."""
    ids = {who: {each.id for each in returns.records(who=Author(who).who)} for who in (ADA, BOB)}
    return [{path for path in folder.rglob("*.*") if path.stem in ids[who]} for who in (ADA, BOB)]


def test_of_a_folder_the_page_goes_and_the_files_of_one_alone(returns, embedded, tmp_path):
    shown = exhibition.build_exhibition(returns, embedded)
    first, *_ = page.write_exhibition(shown, returns, tmp_path / "show")
    adas, bobs = files_by_person(returns, tmp_path / "show")
    assert (len(adas), len(bobs)) == (2, 2)
    reached = returns.store.withdraw_all(ADA).reached
    assert (set(reached.deleted), reached.remaining) == ({first, *adas}, ())
    assert all(path.is_file() for path in bobs)


def test_anothers_file_with_the_same_bytes_is_not_taken_for_ones_own(returns, embedded, tmp_path):
    page.write_exhibition(exhibition.build_exhibition(returns, embedded), returns, tmp_path / "show")
    adas, bobs = files_by_person(returns, tmp_path / "show")
    for path in adas:
        path.unlink()
    reached = returns.store.withdraw_all(ADA).reached
    assert set(reached.missing) == adas
    assert not bobs & {*reached.deleted, *reached.left, *reached.missing}
    assert all(path.is_file() for path in bobs)


def test_of_a_folder_that_was_moved_only_ones_own_files_are_named(returns, embedded, tmp_path):
    first, *_ = page.write_exhibition(
        exhibition.build_exhibition(returns, embedded), returns, tmp_path / "show"
    )
    adas, _ = files_by_person(returns, tmp_path / "show")
    shutil.move(tmp_path / "show", tmp_path / "elsewhere")
    reached = returns.store.withdraw_all(ADA).reached
    assert reached == ReachedFiles(missing=reached.missing)
    assert set(reached.missing) == {first, *adas}


@pytest.mark.parametrize(
    ("name", "write"), [("page.html", page.write_exhibition), ("book.pdf", booklet.write_booklet)]
)
def test_what_was_made_anew_without_a_person_is_not_touched_when_they_are_gone(
    name, write, returns, embedded, tmp_path
):
    write(exhibition.build_exhibition(returns, embedded), returns, tmp_path / name)
    assert returns.store.withdraw_all(ADA).reached == ReachedFiles(deleted=(tmp_path / name,))
    write(exhibition.build_exhibition(returns, embedded), returns, tmp_path / name)
    with pytest.raises(ParameterError):
        page.write_exhibition(exhibition.build_exhibition(returns, embedded), returns, tmp_path / "x.docx")
    late = returns.give("owl", Voice(CONSENT, ADA), Gift("late"))
    assert returns.withdraw(late.record.id, ADA).reached == ReachedFiles()
    assert (tmp_path / name).is_file()
