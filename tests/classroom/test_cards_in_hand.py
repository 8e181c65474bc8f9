"""Living with images in a class: by the code of a card, over a real server; files from phones, good and bad."""

import io
import json
import secrets

import media
import pytest
import requests
from lessons import PATIENCE_S, held
from PIL import Image

from retrain_kit.classroom.classroom import ACTS, LARGE, LOOKS
from retrain_kit.classroom.lesson import CLOSED, OPEN, Lesson
from retrain_kit.exercises.living_with_images.in_class.session import MAX_UPLOAD_BYTES
from retrain_kit.exercises.living_with_images.returns.uploads import MAX_PIECE_BYTES
from retrain_kit.studies import codes

FIRST, SECOND, BACK = "living-with-images", "living-with-images-second", "living-with-images-return"
BISON, COW = (codes.card_code("embedded-sample", name) for name in ("bison", "cow"))


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("cards") / "answers", exercises=("living-with-images",)) as running:
        running.classroom.moderation.lesson = Lesson()
        yield running


@pytest.fixture
def fresh(tmp_path):
    """A class of this test alone."""
    with held(tmp_path / "answers", exercises=("living-with-images",)) as running:
        running.classroom.moderation.lesson = Lesson()
        yield running


@pytest.fixture
def person(lesson):
    return lesson.join()


def said(lesson, person):
    return lesson.store.records(who=person.who)


def card(person, code=BISON, part=FIRST):
    """Say which card is one's own; return its place."""
    page = person.do(part, "card", code=code)
    assert page["fault"] == ""
    return page["index"]


def write(person, text, code=BISON, part=FIRST, **more):
    seconds = {FIRST: 20, SECOND: 30}[part]
    sent = {"text": text, "seconds": seconds, "typed": 9, "language": "en", **more}
    return person.do(part, "say", card(person, code, part), **sent)


def send(person, data, name="photo.jpg", upload=""):
    """Send a file in pieces, as a page does; return its name, or what was refused."""
    upload = upload or secrets.token_hex(16)
    asked = person.do(BACK, "begin", upload=upload, name=name, size=len(data))
    while asked.get("next", len(data)) < len(data):
        at = asked["next"]
        address = f"{person.url}piece?exercise={BACK}&upload={upload}&at={at}"
        reply = person.session.post(address, data=data[at : at + MAX_PIECE_BYTES], timeout=PATIENCE_S)
        asked = reply.json()
    return asked if asked.get("fault") else upload


def give(person, data, name="photo.jpg", code=BISON, **more):
    upload = send(person, data, name)
    return person.do(BACK, "give", card(person, code, BACK), upload=upload, text="", **more)


def kept(lesson, person):
    """The files that somebody gave."""
    names = {record.given_sha256 for record in said(lesson, person)} - {""}
    return [(lesson.store.folder / "files" / name).read_bytes() for name in names]


def files(lesson):
    """All files, kept or on their way."""
    folder = lesson.store.folder / "files"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def shown_gifts(lesson):
    """What came back, as the wall shows it."""
    return [lesson.shown(BACK, page=number)["page"] for number in range(1, lesson.shown(BACK)["pages"])]


def photo(size=(64, 48), quality=90):
    image, exif = media.with_exif(6)
    file = io.BytesIO()
    image.resize(size).save(file, "JPEG", exif=exif, quality=quality, comment=media.TELLTALE.encode())
    return file.getvalue()


def test_a_code_is_known_however_it_is_typed_and_another_is_refused_in_words(person):
    assert card(person, BISON.lower().replace("-", " ")) == card(person, BISON)
    strange = codes.card_code("another-study", "bison")
    for typed, words in (
        (BISON[:-1] + "2", "look at the card again"),
        (strange, "of another class"),
        ("", "nine signs"),
    ):
        page = person.do(FIRST, "card", code=typed)
        assert words in page["fault"], typed
        assert (page["index"], page["card"]["code"]) == (0, "")


def test_without_a_card_nothing_is_written(lesson, person):
    page = person.do(FIRST, "say", 0, text="x", seconds=20, typed=1)
    assert page["fault"].startswith("card: found none; expected the code of your card.")
    assert said(lesson, person) == []


def test_no_phone_is_told_what_is_on_a_card(person):
    about = person.get("about").json()
    assert [each["items"] for each in about["activities"]] == [
        [{"title": "Your card", "credit": "", "notice": "", "images": []}]
    ] * 3
    page = person.do(FIRST, "card", code=BISON)
    assert "bison" not in json.dumps({**page, "card": {**page["card"], "credit": ""}})


def test_first_and_second_text_stand_beside_each_other_and_the_first_waits_for_the_second(lesson, person):
    page = write(person, "A large brown animal")
    assert page["told"] == "What stands there is kept as it is."
    assert [each["hidden"] for each in page["mine"]] == [False]
    page = person.do(SECOND, "look", card(person, BISON, SECOND))
    assert [(each["hidden"], each["parts"]) for each in page["mine"]] == [(True, [])]
    assert "brown" not in json.dumps(page)
    page = write(person, "A brown animal that waits", part=SECOND)
    assert dict(page["changes"]) == {"stayed": ["brown", "animal"], "dropped": ["large"], "added": ["waits"]}
    asked = {record.details["which"]: record.details["asked_seconds"] for record in said(lesson, person)}
    assert asked == {"first": 20, "second": 30}


def test_more_time_is_kept_with_the_text_and_less_than_is_asked_is_none(lesson, person):
    assert "at least 20" in write(person, "too fast", seconds=10)["fault"]
    write(person, "slowly", seconds=200, typed=150)
    assert said(lesson, person)[0].details["limit"] == "extended"


def test_who_has_a_second_card_writes_of_both_and_finds_both_again(person):
    assert write(person, "brown")["told"]
    assert write(person, "white", COW)["fault"] == ""
    assert "already" in write(person, "once more")["fault"]
    page = person.do(SECOND, "look")
    assert page["cards"] == sorted([card(person, code, SECOND), code] for code in (BISON, COW))


def test_the_wall_counts_and_shows_both_texts_of_those_who_agreed_and_no_first_one_alone(fresh):
    one, other, silent = fresh.join(), fresh.join(), fresh.join()
    write(one, "A large brown animal")
    write(other, "alone")
    write(silent, "a secret", uses=[])
    write(silent, "another secret", part=SECOND, uses=[])
    assert fresh.shown(SECOND)["pages"] == 1
    write(one, "It waits", part=SECOND)
    assert (fresh.shown(FIRST)["pages"], fresh.shown(FIRST)["page"]) == (1, {"counts": [["first", 3, 3, 0]]})
    counts = fresh.shown(SECOND)["page"]["counts"]
    assert counts == [["first", 3, 3, 0], ["second", 2, 2, 0]]
    shown = fresh.shown(SECOND, page=1)
    assert shown["page"]["pairs"] == [{"first": "A large brown animal", "second": "It waits"}]
    assert (shown["pages"], shown["page"]["card"], shown["page"]["image"][:15]) == (
        2,
        BISON,
        "data:image/jpeg",
    )
    assert "secret" not in json.dumps(shown)
    assert one.who not in json.dumps(shown)


def test_what_is_withheld_is_in_no_list_and_no_count(fresh):
    person = fresh.join()
    write(person, "A large brown animal")
    write(person, "It waits", part=SECOND)
    withheld = frozenset(record.id for record in fresh.store.records())
    first, second, _ = fresh.classroom.programme.activities
    assert first.project(0, withheld).pages.empty
    assert second.project(0, withheld).pages.page(0) == {"counts": [["first", 0, 0, 0], ["second", 0, 0, 0]]}
    assert second.project(0, withheld).pages.count == 1


def test_what_belongs_to_a_later_class_is_closed_until_the_teacher_opens_it(tmp_path):
    with held(tmp_path / "answers", exercises=("living-with-images",)) as begun:
        moderation, person = begun.classroom.moderation, begun.join()
        assert [moderation.lesson.state(name) for name in (FIRST, SECOND, BACK)] == [OPEN, CLOSED, CLOSED]
        assert write(person, "A large brown animal")["fault"] == ""
        place = card(person, BISON, SECOND)
        sent = {"text": "It waits", "seconds": 30, "typed": 9}
        assert person.act(SECOND, "say", place, **sent).status_code == 409
        moderation.lesson = moderation.lesson.with_state(SECOND, OPEN)
        assert person.act(SECOND, "say", place, **sent).status_code == 200


def test_the_teacher_reads_each_text_in_its_own_part_and_a_photo_by_its_kind(fresh):
    person = fresh.join()
    write(person, "A large brown animal")
    write(person, "It waits", part=SECOND)
    give(person, photo())
    listed = [
        [
            (each["text"], each["index"])
            for each in fresh.classroom.moderation.listed(part, "all", None)["entries"]
        ]
        for part in (FIRST, SECOND, BACK)
    ]
    place = card(person)
    assert listed == [[("A large brown animal", place)], [("It waits", place)], [("[an image, 3 kB]", place)]]


# -- giving back


@pytest.mark.parametrize(
    ("data", "name", "kind"), [(photo(), "a.jpg", "image/jpeg"), (media.m4a(), "a.m4a", "audio/mp4")]
)
def test_a_photo_and_a_sound_are_kept_without_place_and_name(lesson, person, data, name, kind):
    assert media.holds(data)
    page = give(person, data, f"{media.TELLTALE}{name}", question="see")
    assert (page["told"], page["mine"][0]["image"]) == ("What you gave is kept.", BISON)
    (record,) = said(lesson, person)
    assert record.details["file"]["type"] == kind
    assert record.details["file"]["extension"] == f".{name[2:]}"
    assert record.asked.prompt == "How could this image be used to teach a machine to see better?"
    assert record.asked.images == ("bison",)
    assert len(kept(lesson, person)) == 1
    assert not media.holds(kept(lesson, person)[0])
    assert not any(
        media.TELLTALE.encode() in path.read_bytes()
        for path in lesson.store.folder.rglob("*")
        if path.is_file()
    )


def test_a_photo_as_phones_keep_it_becomes_one_that_all_can_see(lesson, person):
    page = give(person, media.heic(), "IMG_0001.HEIC")
    assert page["fault"] == ""
    with Image.open(io.BytesIO(kept(lesson, person)[0])) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (64, 48), {})
        assert [image.getpixel(at)[0] > 128 for at in ((5, 5), (60, 40))] == [True, False]
    given = [page["given"][:15] for page in shown_gifts(lesson) if page["card"] == BISON]
    assert "data:image/jpeg" in given


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(5_000), "a HEIC image that cannot be read"),
        (b"PK\3\4" + bytes(100), "application/zip"),
        (b"", "empty"),
        (media.gif(), "that may say where it was made"),
        (media.webm(), "a video"),
        (media.pdf(), "a document"),
        (b"<svg onload=alert(1)>", "another type"),
        (b"a text", "a text"),
        (photo()[:300], "that may say where it was made"),
    ],
    ids=["broken HEIC", "archive", "empty", "GIF", "film", "PDF", "SVG", "text", "half a photo"],
)
def test_what_cannot_be_cleaned_is_refused_in_words_and_nothing_of_it_stays(lesson, person, data, words):
    before = files(lesson)
    page = give(person, data)
    assert words in page["fault"]
    assert "expected" in page["fault"]
    assert (said(lesson, person), files(lesson)) == ([], before)
    assert person.do(BACK, "give", card(person, BISON, BACK), text="in words")["fault"] == ""


def test_a_file_of_more_bytes_than_a_class_takes_is_not_even_begun(person):
    sent = {"upload": "a" * 32, "name": "film.mov"}
    assert "a whole number from 0" in person.do(BACK, "begin", size=MAX_UPLOAD_BYTES + 1, **sent)["fault"]
    address = f"{person.url}piece?exercise={BACK}&upload={'a' * 32}&at=0"
    long = person.session.post(address, data=bytes(MAX_PIECE_BYTES + 1), timeout=PATIENCE_S)
    assert long.status_code == 413


@pytest.mark.parametrize("at", ["1", "-1", "x", "", "99999999999999"])
def test_pieces_that_do_not_follow_are_refused(person, at):
    person.do(BACK, "begin", upload="a" * 32, name="a", size=9)
    address = f"{person.url}piece?exercise={BACK}&upload={'a' * 32}&at={at}"
    assert person.session.post(address, data=b"abc", timeout=PATIENCE_S).json()["fault"]


def test_a_piece_needs_a_seat_and_is_that_seats_own(lesson, person):
    person.do(BACK, "begin", upload="a" * 32, name="a", size=9)
    address = f"{person.url}piece?exercise={BACK}&upload={'a' * 32}&at=0"
    assert requests.post(address, data=b"abc", timeout=PATIENCE_S).status_code == 401
    other = lesson.join()
    assert "pieces of another" in other.session.post(address, data=b"abc", timeout=PATIENCE_S).json()["fault"]
    assert (
        "pieces of another"
        in other.do(BACK, "give", card(other, BISON, BACK), upload="a" * 32, text="")["fault"]
    )
    assert person.session.post(address, data=b"abc", timeout=PATIENCE_S).json() == {
        "upload": "a" * 32,
        "next": 3,
    }


def test_what_was_cut_off_goes_on_where_it_stood(person):
    data, upload = photo() + bytes(2 * MAX_PIECE_BYTES), "b" * 32
    assert len(data) > MAX_PIECE_BYTES
    person.do(BACK, "begin", upload=upload, name="a.jpg", size=len(data))
    address = f"{person.url}piece?exercise={BACK}&upload={upload}&at=0"
    for _ in range(2):  # The reply was lost, and it comes again.
        reply = person.session.post(address, data=data[:MAX_PIECE_BYTES], timeout=PATIENCE_S)
        assert reply.json()["next"] == MAX_PIECE_BYTES
    asked = person.do(BACK, "begin", upload=upload, name="a.jpg", size=len(data))
    assert asked["next"] == MAX_PIECE_BYTES
    assert send(person, data, "a.jpg", upload) == upload


def test_no_name_is_kept_that_somebody_sends_along(lesson, person):
    place = card(person, BISON, BACK)
    person.do(BACK, "give", place, text="a poem", pseudonym="Zipporah Quill")
    person.do(BACK, "refuse", place, refusal="nothing", text="", pseudonym="Zipporah Quill")
    assert [record.details for record in said(lesson, person)] == [{}, {}]


def test_what_is_given_twice_with_the_same_name_counts_once(lesson, person):
    upload, place = send(person, photo()), card(person, BISON, BACK)
    for told in ("What you gave is kept.", "That was kept already, once."):
        assert person.do(BACK, "give", place, upload=upload, text="", once="c" * 32)["told"] == told
    assert len(said(lesson, person)) == 1


def test_what_is_withdrawn_takes_its_file_along(lesson, person):
    before = files(lesson)
    give(person, photo((40, 30)))
    (gone,) = files(lesson) - before
    name = said(lesson, person)[0].id
    gifts = shown_gifts(lesson)
    assert person.do(BACK, "withdraw", record=name)["fault"] == ""
    assert (said(lesson, person), gone in files(lesson)) == ([], False)
    assert len(shown_gifts(lesson)) == len(gifts) - 1
    give(person, photo((40, 30)))
    assert gone in files(lesson)
    person.post("withdraw-all", {"key": person.key})
    assert (said(lesson, person), gone in files(lesson)) == ([], False)


def test_nothing_refusal_and_burnt_are_answers_and_burning_takes_all_on_the_card(lesson, person):
    write(person, "A large brown animal")
    write(person, "white", COW)
    give(person, photo())
    place = card(person, BISON, BACK)
    person.do(BACK, "refuse", place, refusal="nothing", text="")
    person.do(BACK, "refuse", place, refusal="no-answer", text="no")
    page = person.do(BACK, "look", place)
    assert len(page["goes"]) == 4
    page = person.do(BACK, "refuse", place, refusal="burn", goes=page["goes"])
    assert page["told"] == "It is burnt. That something was refused stays, with its day."
    assert page["burnt"]
    assert {(each.refusal, each.text) for each in said(lesson, person)} == {("", "white"), ("burn", "")}
    assert not lesson.join().do(BACK, "look", place)["burnt"]


def test_what_takes_its_time_goes_beside_what_is_small(lesson, person, monkeypatch):
    lanes = []
    run = lesson.classroom.run_in_thread

    async def noted(do, *given, lane=ACTS):
        lanes.append(lane)
        return await run(do, *given, lane=lane)

    monkeypatch.setattr(lesson.classroom, "run_in_thread", noted)
    place = card(person, BISON, BACK)
    upload = send(person, photo())
    person.post(
        "act",
        {
            "exercise": BACK,
            "index": place,
            "key": person.key,
            "message": {"act": "give", "upload": upload, "text": ""},
        },
    )
    person.post(
        "act",
        {"exercise": BACK, "index": place, "key": person.key, "message": {"act": "give", "text": "small"}},
    )
    assert lanes[-3:] == [LARGE, LARGE, ACTS]
    assert LOOKS not in lanes[-3:]


def test_a_seat_that_keeps_beginning_holds_one_place_alone(lesson, person):
    before = files(lesson)
    for _ in range(50):
        person.do(BACK, "begin", upload=secrets.token_hex(16), name="a", size=9)
        lesson.classroom.acts.clear()
    assert len(files(lesson) - before) == 1
    assert isinstance(send(lesson.join(), photo()), str)
