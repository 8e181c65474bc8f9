"""A class at once: what people do in it, over a real server."""

import json
import threading

import pytest
import requests
from lessons import PATIENCE_S, held
from waiting import until

from retrain_kit import answers
from retrain_kit.answers import Author, Store, deriving


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class")) as running:
        yield running


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    """A class in which nothing is said that is kept."""
    with held(tmp_path_factory.mktemp("silent") / "answers") as running:
        yield running


@pytest.fixture
def fresh(tmp_path):
    """A class of this test alone."""
    with held(tmp_path / "answers") as running:
        yield running


def read(page):
    """Return the sentence by somebody else that a page of Polyphony shows."""
    return next(line["read"]["text"] for line in page["lines"] if "read" in line)


def texts(store):
    return [record.text for record in store.records()]


def test_two_people_go_through_moments_a_and_b(fresh):
    one, other = fresh.join(), fresh.join()
    assert one.do("polyphony", "look")["step"] == "first"
    assert one.say("Both wait.")["told"] == "Your sentence is kept."
    assert one.do("polyphony", "look")["step"] == "wait"
    assert read(other.say("Both are cold.")) == "Both wait."
    other.say("Both wait in the cold.")
    assert read(one.do("polyphony", "look")) == "Both are cold."
    one.say("Both are cold, and wait.")
    assert one.say("Cold, both wait.")["step"] == "done"
    assert other.say("Two who wait, cold.")["step"] == "done"
    assert len(fresh.store.records()) == 6


def test_nobody_sees_how_likely_others_find_an_option_before_they_spoke(fresh):
    one, other = fresh.join(), fresh.join()
    one.add("mist")
    seen = other.act("what-if", "look").json()["options"][-1]
    assert (seen["text"], seen["told"]) == ("mist", "")
    other.add("fog", likely="likely")
    page = other.do("what-if", "look")
    told = {option["text"]: option["told"] for option in page["options"]}
    assert (told["mist"], told["fog"]) == ("1 person: 40 %", "1 person: likely (66–90 %)")


def test_a_page_knows_what_is_asked_before_the_first_exercise_and_nobody_is_told_to_give_a_place(fresh):
    person = fresh.join()
    assert person.get("about").json()["uses"] == [
        ["class", "It may be shown to those who take part."],
        ["publication", "It may be published, with my pseudonym."],
    ]
    assert person.say("Both wait.")["waits"] == (
        "You wait until somebody else has written. What they write comes here by itself."
    )


def test_places_are_told_by_number_since_names_may_tell_what_was_taken_out(lesson):
    about = lesson.join().get("about").json()
    assert [item["place"] for item in about["activities"][0]["items"]] == ["0", "1"]
    names = [area.place.image for area in lesson.classroom.programme.activities[0].session.items]
    assert not any(name in json.dumps(about["activities"][0]) for name in names)


def test_no_other_exercise_shows_what_is_taken_out_of_an_image_here(lesson):
    what_if, polyphony, surfaces = (
        activity.session.items for activity in lesson.classroom.programme.activities
    )
    blank = {area.place.image for area in what_if}
    paired = {each for item in polyphony for each in item.exercise.pair.images}
    tagged = {image.image for image in surfaces}
    assert (len(blank), len(paired), len(tagged)) == (2, 4, 2)
    assert blank.isdisjoint(paired | tagged)


def test_a_refusal_is_kept_and_shown_as_an_answer(fresh):
    person = fresh.join()
    assert person.do("what-if", "refuse", refusal="burn")["told"] == "Your refusal is kept. It is an answer."
    person.do("polyphony", "look")
    turn = person.do("polyphony", "look")["turn"]
    person.do("polyphony", "say", turn=turn, refusal="no-answer")
    person.do("informational-surfaces", "refuse", refusal="nothing")
    assert [record.refusal for record in fresh.store.records()].count("") == 0
    assert fresh.shown("what-if")["refusals"] == ["burn"]
    assert fresh.shown("polyphony")["refusals"] == ["chose not to answer"]
    assert fresh.shown("informational-surfaces")["refusals"] == ["nothing"]


def test_a_recording_is_kept_with_its_track_and_shown_on_white_without_its_image(fresh):
    person = fresh.join()
    recording = {
        "text": "a path",
        "pieces": [[[0.1, 0.1, 0.0], [0.8, 0.7, 1.5]]],
        "tags": [],
        "devices": ["touch"],
        "seconds": 2.0,
    }
    kept = person.do("informational-surfaces", "keep", recording=recording, language="en")
    assert kept["told"] == "Your recording is kept."
    assert fresh.store.records()[0].details["pieces"] == [[[0.1, 0.1, 0.0], [0.8, 0.7, 1.5]]]
    shown = fresh.shown("informational-surfaces")
    assert shown["panels"] == []
    (track,) = shown["page"]["tracks"]
    assert track["ways"] == [[[100, 75, 0], [800, 525, 1.5]]]


def test_what_nobody_agreed_to_show_is_not_on_the_wall(fresh):
    fresh.join().add("secret", uses=[])
    assert "secret" in texts(fresh.store)
    assert "secret" not in json.dumps(fresh.shown("what-if"))
    assert fresh.shown("what-if")["notes"] == ["Not shown, since their authors have not agreed to it: 1."]


def test_a_request_that_comes_twice_is_kept_once_and_answered_as_kept(fresh):
    person = fresh.join()
    once = "0123456789abcdef0123456789abcdef"
    person.add("mist", once=once)
    assert person.add("mist", once=once)["told"] == "That was kept already, once."
    turn = person.do("polyphony", "look")["turn"]
    for _ in range(2):
        said = person.do("polyphony", "say", turn=turn, text="Both wait.", once="a" * 32)
        assert said["fault"] == ""
    name = fresh.store.records(exercise="what-if")[0].id
    for _ in range(2):
        person.do("what-if", "footnote", record=name, text="or fog", once="b" * 32)
    assert texts(fresh.store) == ["mist", "Both wait."]
    assert len(fresh.store.records(exercise="what-if")[0].footnotes) == 1


def test_a_replay_by_somebody_else_keeps_nothing(fresh):
    once = "c" * 32
    fresh.join().add("mist", once=once)
    assert "an id of something else" in fresh.join().add("mist", once=once)["fault"]
    assert texts(fresh.store) == ["mist"]


def test_a_key_that_is_made_up_can_neither_amend_nor_withdraw_what_others_said(fresh):
    author = fresh.join()
    author.add("mist")
    name = fresh.store.records()[0].id
    forger = fresh.join(key=Author.new().key)
    for act in ("withdraw", "footnote"):
        for exercise in ("what-if", "polyphony", "informational-surfaces"):
            assert "Only who said it" in forger.do(exercise, act, record=name, text="x")["fault"]
    forger.post("withdraw-all", {"key": forger.key})
    assert texts(fresh.store) == ["mist"]
    assert fresh.store.records()[0].footnotes == ()


def test_a_pseudonym_follows_from_the_key_whatever_a_request_says(fresh):
    one, other = fresh.join(), fresh.join()
    body = {"act": "add", "text": "mist", "likely": 3, "uses": ["class"], "who": one.who, "once": "d" * 32}
    sent = {"exercise": "what-if", "index": 0, "key": other.key, "who": one.who, "message": body}
    other.post("act", sent)
    assert fresh.store.records()[0].who == other.who


def test_what_is_withdrawn_is_gone_from_the_folder(fresh, tmp_path):
    person = fresh.join()
    person.add("zygomorphic mist")
    person.say("A zygomorphic sentence.")
    assert person.post("withdraw-all", {"key": person.key}).json()["told"].startswith("Withdrawn: 2.")
    assert texts(fresh.store) == []
    files = [path for path in (tmp_path / "answers").rglob("*") if path.is_file()]
    assert not any(b"zygomorphic" in path.read_bytes() for path in files)


def test_my_answers_are_a_file_that_merge_takes_and_hold_no_key(fresh, tmp_path):
    person = fresh.join()
    person.add("mist")
    fresh.join().add("somebody else's")
    file = person.post("mine", {"key": person.key}).json()
    assert person.key not in file["text"]
    (tmp_path / file["name"]).write_text(file["text"])
    answers.merge_files([tmp_path / file["name"]], tmp_path / "merged")
    with Store(tmp_path / "merged") as merged:
        assert texts(merged) == ["mist"]
        merged.withdraw(merged.records()[0].id, person.key)
        assert texts(merged) == []


def test_a_class_goes_on_after_a_restart(tmp_path):
    with held(tmp_path / "answers") as first:
        person = first.join()
        person.say("Both wait.")
        code = first.entry.code
    with held(tmp_path / "answers") as second:
        assert second.entry.code == code
        person.url = second.url
        assert person.do("polyphony", "look")["step"] == "wait"
        assert person.say("x")["fault"].startswith("turn")
        assert read(second.join().say("Both are cold.")) == "Both wait."


def test_the_store_is_that_of_the_notebooks_and_both_can_write_it(fresh, tmp_path):
    person = fresh.join()
    person.add("mist")
    with Store(tmp_path / "answers") as notebook:
        record = notebook.records()[0]
        notebook.say("written in a notebook", record.asked, record.consent)
    fresh.join().add("fog")
    assert sorted(texts(fresh.store)) == ["fog", "mist", "written in a notebook"]


def write_in_a_notebook(folder):
    consent = answers.Consent(("class",), "1", "2025-03-04T09:30:00Z")
    with Store(folder) as notebook:
        notebook.say("from a notebook", answers.AnswerContext("embedded-sample", "what-if"), consent)


def test_a_notebooks_answer_rings_for_the_pages(fresh):
    person = fresh.join()
    with hearing(fresh.url, f"events?seat={person.seat}") as heard:
        assert "polyphony" not in heard()["versions"]
        write_in_a_notebook(fresh.store.folder)
        while "polyphony" not in heard()["versions"]:
            pass


def test_pages_hear_when_something_is_said_and_the_wall_counts(fresh):
    one, other = fresh.join(), fresh.join()
    with (
        hearing(fresh.url, f"events?seat={one.seat}") as page,
        hearing(fresh.url, f"projector/events?secret={fresh.entry.projector_secret}") as wall,
    ):
        first = page()
        other.add("mist")
        other.do("what-if", "refuse", refusal="nothing")
        while page()["versions"].get("what-if", 0) == first["versions"].get("what-if", 0):
            pass
        told = wall()
        while told["answers"] < 2:
            told = wall()
        assert (told["present"], told["answers"], told["refusals"]) == (1, 2, 1)


def test_a_sentence_whose_reader_has_left_goes_to_somebody_else(fresh):
    writer, leaver, stayer = fresh.join(), fresh.join(), fresh.join()
    writer.say("Both wait.")
    assert read(leaver.say("One waits.")) == "Both wait."
    leaver.key = leaver.post("person", {"key": ""}).json()["key"]
    leaver.do("polyphony", "look")
    assert read(stayer.say("Two wait.")) == "Both wait."


def test_thirty_people_at_once_lose_nothing(fresh):
    people = [fresh.join() for _ in range(30)]

    def speak(number, person):
        for turn in range(3):
            person.add(f"{number} {turn}")

    threads = [threading.Thread(target=speak, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts(fresh.store)) == sorted(
        f"{number} {turn}" for number in range(30) for turn in range(3)
    )
    assert {(record.text.split()[0], record.who) for record in fresh.store.records()} == {
        (str(number), person.who) for number, person in enumerate(people)
    }


def test_a_class_can_be_of_one_exercise_in_another_language(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",), language="pt") as lesson:
        person = lesson.join()
        assert [each["name"] for each in person.get("about").json()["activities"]] == ["polyphony"]
        line = person.do("polyphony", "look")["lines"][0]
        assert line["text"].startswith("Write a short sentence")
        assert line["beside"].startswith("Escreva uma frase curta")


class hearing:  # noqa: N801 - read as a sentence
    """Hear the news of a stream: called, it returns the next."""

    def __init__(self, url, path):
        self.response = requests.get(f"{url}{path}", stream=True, timeout=PATIENCE_S)
        self.lines = self.response.iter_lines()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()

    def __call__(self):
        return json.loads(next(line for line in self.lines if line.startswith(b"data:"))[5:])


def test_a_look_at_the_store_that_fails_is_told_once_and_tried_again(fresh):
    log = fresh.store.folder / "answers.jsonl"
    log.rename(log.with_name("elsewhere"))
    until(lambda: fresh.told)
    assert "it is tried again" in fresh.told[0]
    log.with_name("elsewhere").rename(log)
    before = dict(fresh.classroom.presence.versions)
    write_in_a_notebook(fresh.store.folder)
    until(lambda: dict(fresh.classroom.presence.versions) != before)
    assert len(fresh.told) == 1


def test_who_runs_the_class_is_told_what_went_and_what_may_still_hold_it(fresh, tmp_path):
    one = fresh.join()
    one.add("a quagga")
    for name in ("page.html", "changed.html"):
        with deriving.writing_noted(fresh.store, tmp_path / name) as temporary:
            temporary.write_text("a quagga")
    (tmp_path / "changed.html").write_text("notes")
    one.post("withdraw-all", {"key": one.key})
    until(lambda: len(fresh.told) > 1)
    assert fresh.told == [
        f"Deleted, since it held what was withdrawn; make it anew: {tmp_path / 'page.html'}",
        f"May still hold what was withdrawn; make it anew or remove it: {tmp_path / 'changed.html'}",
    ]


@pytest.mark.parametrize(
    "text", ["\u200b", "\u2060\ufeff\u200d", "\u3164", "\u2800", "\u00ad \u034f", "\U000e0041"]
)
def test_what_nobody_can_see_is_no_answer(silent, text):
    one = silent.join()
    for page in (one.add(text), one.say(text)):
        assert "fault" in page
    assert silent.store.records() == []
