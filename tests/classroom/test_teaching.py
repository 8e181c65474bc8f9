"""What a teacher does with a class, over a real server."""

import json
import secrets

import pytest
import requests
from lessons import PATIENCE_S, held
from waiting import until

from retrain_kit.answers import Store
from retrain_kit.classroom.limits import RateLimit
from retrain_kit.classroom.study_images import StudyImages

OTHERS = ("what-if", "polyphony", "informational-surfaces")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class") / "answers") as running:
        yield running


@pytest.fixture
def fresh(tmp_path):
    """A class of this test alone."""
    with held(tmp_path / "answers", exercises=("what-if", "polyphony")) as running:
        yield running


def wall(lesson, exercise="what-if", index=0):
    return json.dumps(lesson.shown(exercise, index), ensure_ascii=False)


def options(page):
    return [option["text"] for option in page["options"]]


def own(page, text):
    return next(each for each in page["mine"] if each["text"] == text)


# -- rights


@pytest.mark.parametrize("path", ["about", "events", "said", "images", "thumbnails/0", "answers"])
def test_the_teachers_page_tells_nothing_to_others(lesson, path):
    person = lesson.join()
    for secret in ("", person.seat, lesson.entry.projector_secret, lesson.entry.code):
        answer = requests.get(
            f"{lesson.url}teacher/{path}",
            params={"secret": secret, "exercise": "what-if"},
            headers={"Authorization": f"Bearer {secret}"},
            timeout=PATIENCE_S,
        )
        assert answer.status_code == 401


def test_nobody_else_can_do_what_a_teacher_does(lesson):
    for secret in ("", lesson.join().seat, lesson.entry.projector_secret):
        headers = {"Authorization": f"Bearer {secret}"}
        body = {"act": "end"}
        answer = requests.post(f"{lesson.url}teacher/do", json=body, headers=headers, timeout=PATIENCE_S)
        assert answer.status_code == 401
    assert not lesson.moderation.lesson.over


def test_the_teachers_secret_is_neither_the_walls_nor_a_seat(lesson):
    headers = lesson.teacher.headers
    for path in ("about", "projector/about", "projector/shown?exercise=what-if&index=0"):
        assert requests.get(f"{lesson.url}{path}", headers=headers, timeout=PATIENCE_S).status_code == 401
    assert requests.get(f"{lesson.url}images/0", headers=headers, timeout=PATIENCE_S).status_code == 200


def test_another_sites_page_cannot_use_the_teachers_link(lesson):
    headers = {**lesson.teacher.headers, "Origin": "https://evil.example"}
    answer = requests.post(
        f"{lesson.url}teacher/do", json={"act": "end"}, headers=headers, timeout=PATIENCE_S
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"act": "nothing"},
        {"act": ["end"]},
        {"act": "state", "exercise": "what-if", "state": "ajar"},
        {"act": "state", "exercise": [[]], "state": "open"},
        {"act": "lead", "exercise": "what-if", "index": 99},
        {"act": "time", "seconds": "20"},
        {"act": "hide", "ids": "nothing of this"},
        {"act": "hide", "ids": [None, {}]},
        {"act": "delete"},
        {"act": "images", "exercise": "what-if", "images": ["embedded-sample/cat"]},
        {"act": "stop"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(lesson, body):
    before = lesson.moderation.lesson
    answer = requests.post(
        f"{lesson.url}teacher/do", json=body, headers=lesson.teacher.headers, timeout=PATIENCE_S
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["fault"]
    assert lesson.moderation.lesson == before


# -- open, paused, closed


def test_what_is_paused_or_closed_takes_no_answer_and_lets_look_and_withdraw(fresh):
    one, teacher = fresh.join(), fresh.teacher
    kept = one.add("fog")["mine"][0]["record"]
    for state in ("paused", "closed"):
        teacher.do("state", exercise="what-if", state=state)
        for act in ({"act": "add", "text": "rain", "likely": 1}, {"act": "refuse", "refusal": "burn"}):
            answer = one.act("what-if", **act)
            assert answer.status_code == 409
            assert answer.json()["fault"].startswith(f"The teacher has {state} this exercise.")
        assert options(one.do("what-if", "look"))[-1] == "fog"
    assert one.say("Both wait.")["fault"] == ""
    assert one.do("what-if", "withdraw", record=kept)["mine"] == []
    teacher.do("state", exercise="what-if", state="open")
    assert one.add("rain")["fault"] == ""


def test_an_answer_that_was_kept_before_the_pause_and_comes_again_is_not_refused(fresh):
    one, once = fresh.join(), secrets.token_hex(16)
    one.add("fog", once=once)
    fresh.teacher.do("state", exercise="what-if", state="paused")
    assert one.add("fog", once=once)["told"] == "That was kept already, once."


# -- hide, let, delete


def test_what_is_hidden_leaves_the_wall_and_other_phones_and_its_author_is_told(fresh):
    rude, other, teacher = fresh.join(), fresh.join(), fresh.teacher
    rude.add("a slur")
    assert "a slur" in wall(fresh)
    name = teacher.find("what-if", "a slur")
    teacher.do("hide", ids=[name])
    assert "a slur" not in wall(fresh)
    assert "a slur" not in options(other.do("what-if", "look"))
    assert own(rude.do("what-if", "look"), "a slur")["keeper"] == "hidden"
    assert [each["text"] for each in teacher.said("what-if", which="hidden")["entries"]] == ["a slur"]
    teacher.do("let", ids=[name])
    assert "a slur" in wall(fresh)
    assert "keeper" not in own(rude.do("what-if", "look"), "a slur")


def test_what_is_deleted_is_gone_by_the_keepers_hand_and_its_author_is_told(fresh):
    rude, teacher = fresh.join(), fresh.teacher
    rude.add("a slur")
    rude.add("fog")
    teacher.do("delete", ids=[teacher.find("what-if", "a slur")])
    assert "a slur" not in wall(fresh)
    assert [record.text for record in fresh.store.records()] == ["fog"]
    page = rude.do("what-if", "look")
    assert page["deleted"] == 1
    assert [each["text"] for each in page["mine"]] == ["fog"]
    assert fresh.join().do("what-if", "look")["deleted"] == 0
    (gone,) = [
        json.loads(line) for line in (fresh.store.folder / "answers.jsonl").open() if "withdrawal" in line
    ]
    assert gone["by"] == "keeper"
    rude.ask("withdraw-all", {})
    assert fresh.moderation.lesson.deletions == ()


def test_where_words_are_let_one_by_one_nobody_else_sees_them_before(fresh):
    one, other, teacher = fresh.join(), fresh.join(), fresh.teacher
    one.add("before")
    teacher.do("approve-first")
    page = one.add("fog")
    assert own(page, "fog")["keeper"] == "waiting"
    assert "keeper" not in own(page, "before")
    one.say("Both wait.")
    one.do("what-if", "place", ref="original:kite", likely=77)
    shown = options(other.do("what-if", "look"))
    assert ("before" in shown, "fog" in shown) == (True, False)
    assert "fog" not in wall(fresh)
    assert other.say("Both are cold.")["step"] == "wait"
    assert [each["text"] for each in teacher.said("what-if", which="waiting")["entries"]] == ["fog"]
    teacher.do("let", ids=[teacher.find("what-if", "fog"), teacher.find("polyphony", "Both wait.")])
    assert "fog" in options(other.do("what-if", "look"))
    assert "fog" in wall(fresh)
    assert "Both wait." in json.dumps(other.do("polyphony", "look")["lines"])
    one.add("rain")
    teacher.do("show-at-once")
    assert "rain" in wall(fresh)


def test_a_footnote_waits_by_itself(fresh):
    one, other, teacher = fresh.join(), fresh.join(), fresh.teacher
    kept = one.add("fog")["mine"][0]["record"]
    teacher.do("approve-first")
    one.do("what-if", "footnote", record=kept, text="a slur")
    page = other.do("what-if", "look")
    assert "fog" in options(page)
    assert "a slur" not in json.dumps(page)
    assert [(each["text"], each["kind"]) for each in teacher.said("what-if", which="waiting")["entries"]] == [
        ("a slur", "footnote")
    ]


def test_a_frozen_wall_keeps_to_what_it_has_and_still_loses_what_is_hidden(fresh):
    one, other, teacher = fresh.join(), fresh.join(), fresh.teacher
    one.add("fog")
    assert teacher.do("freeze")["frozen"]
    one.add("a downpour")
    assert ("fog" in wall(fresh), "a downpour" in wall(fresh)) == (True, False)
    assert "a downpour" in options(other.do("what-if", "look"))
    teacher.do("hide", ids=[teacher.find("what-if", "fog")])
    assert "fog" not in wall(fresh)
    teacher.do("thaw")
    assert "a downpour" in wall(fresh)


def test_the_teacher_reads_what_others_may_see_the_newest_first_and_a_part_at_a_time(fresh):
    one, teacher = fresh.join(), fresh.teacher
    fresh.classroom.acts = fresh.classroom.looks = RateLimit(1_000, 1)
    for number in range(31):
        one.add(f"thing {number}", number % 2)
    one.add("a secret", uses=[])
    newest = teacher.said("what-if")
    assert [each["text"] for each in newest["entries"][:2]] == ["thing 30", "thing 29"]
    assert (newest["entries"][0]["index"], newest["entries"][1]["index"]) == (0, 1)
    assert (newest["start"], newest["end"], newest["total"], newest["private"]) == (1, 31, 31, 1)
    older = teacher.said("what-if", before=newest["start"])
    assert [each["text"] for each in older["entries"]] == ["thing 0"]
    assert "a secret" not in json.dumps([newest, older])
    assert one.who not in json.dumps([newest, older])


# -- what stays over a restart


def test_a_class_that_is_killed_goes_on_as_the_teacher_left_it(tmp_path):
    folder = tmp_path / "answers"
    with held(folder, exercises=("what-if", "polyphony")) as lesson:
        teacher, one = lesson.teacher, lesson.join()
        one.add("a slur")
        secret = lesson.entry.teacher_secret
        teacher.do("hide", ids=[teacher.find("what-if", "a slur")])
        teacher.do("lead", exercise="what-if", index=1)
        teacher.do("state", exercise="polyphony", state="closed")
        told = teacher.do("time", seconds=3600)
    with held(folder, exercises=("what-if", "polyphony")) as again:
        assert again.entry.teacher_secret == secret
        now = again.moderation.news()
        assert now.pop("timer")["left_s"] <= told.pop("timer")["left_s"]
        assert now == told
        assert "a slur" not in wall(again)


def test_a_class_from_before_there_were_teachers_links_gets_one_and_keeps_its_code(tmp_path):
    with held(tmp_path, exercises=("polyphony",)) as lesson:
        before = lesson.entry
    stated = json.loads((tmp_path / "class.json").read_bytes())
    del stated["teacher_secret"]
    (tmp_path / "class.json").write_text(json.dumps(stated))
    with held(tmp_path, exercises=("polyphony",)) as lesson:
        assert (lesson.entry.code, lesson.entry.seal) == (before.code, before.seal)
        assert lesson.teacher.get("about").status_code == 200
        secret = lesson.entry.teacher_secret
    with held(tmp_path, exercises=("polyphony",)) as lesson:
        assert lesson.entry.teacher_secret == secret


# -- images, the code, the door, the end


def test_images_are_chosen_by_name_while_nobody_answers_and_answers_stay(fresh):
    one, teacher = fresh.join(), fresh.teacher
    one.add("fog")
    offered = teacher.get("images", exercise="what-if").json()["images"]
    cat = next(each for each in offered if each["title"] == "cat")
    assert cat["name"] == "embedded-sample/cat"
    assert 0.3 < cat["blank"] < 0.6
    assert teacher.get(f"thumbnails/{cat['number']}").headers["Content-Type"].startswith("image/")
    before = one.get("about").json()["activities"][0]
    version = before["version"]
    assert teacher.ask("images", exercise="what-if", images=[cat["name"]]).status_code == 409
    teacher.do("state", exercise="what-if", state="paused")
    for wrong in ([], ["embedded-sample/unicorn"], [cat["name"]] * 2, "cat"):
        assert teacher.ask("images", exercise="what-if", images=wrong).status_code == 400
    teacher.do("images", exercise="what-if", images=[cat["name"]])
    teacher.do("state", exercise="what-if", state="open")
    after = one.get("about").json()["activities"][0]
    assert len(after["items"]) == 1
    assert after["version"] != version
    assert one.get(f"images/{before['items'][0]['images'][0]}").status_code == 200
    message = {"act": "add", "text": "rain", "likely": 1, "uses": ["class"]}
    late = one.post("act", {"exercise": "what-if", "version": version, "index": 0, "message": message})
    assert late.status_code == 409
    assert late.json()["fault"].startswith("The teacher has chosen other images")
    assert options(one.do("what-if", "look"))[-1] != "fog"
    assert [record.text for record in fresh.store.records()] == ["fog"]
    assert teacher.said("what-if")["entries"] == []
    chosen = StudyImages(fresh.classroom.programme.studies).known(fresh.moderation.lesson.chosen)
    with held(fresh.store.folder, exercises=("what-if",), chosen=chosen) as again:
        assert again.join().get("about").json()["activities"][0]["version"] == after["version"]


def test_pairs_are_chosen_two_by_two(fresh):
    teacher = fresh.teacher
    teacher.do("state", exercise="polyphony", state="closed")
    names = [each["name"] for each in teacher.get("images", exercise="polyphony").json()["images"][:4]]
    assert teacher.ask("images", exercise="polyphony", images=names[:3]).status_code == 400
    teacher.do("images", exercise="polyphony", images=names)
    chosen = next(each for each in teacher.get("about").json()["activities"] if each["name"] == "polyphony")
    assert chosen["chosen"] == names
    assert [item["title"] for item in chosen["items"]] == ["Pair 1", "Pair 2"]


def test_with_a_new_code_whoever_is_in_stays_in_and_the_old_one_opens_nothing(fresh):
    one, old = fresh.join(), fresh.entry.code
    fresh.teacher.do("code")
    assert one.get("about").status_code == 200
    wrong = requests.post(f"{fresh.url}join", json={"code": old}, timeout=PATIENCE_S)
    assert wrong.status_code == 403
    new = json.loads((fresh.store.folder / "class.json").read_bytes())["code"]
    assert new != old
    assert requests.post(f"{fresh.url}join", json={"code": new}, timeout=PATIENCE_S).status_code == 200
    assert fresh.teacher.get("about").json()["code"] == new


def test_the_teacher_opens_the_door_that_wrong_codes_have_shut_and_reads_no_address(fresh):
    fresh.classroom.door.by_address.burst = 3
    for number in range(5):
        requests.post(f"{fresh.url}join", json={"code": f"wrong-{number}"}, timeout=PATIENCE_S)
    secret = fresh.entry.teacher_secret
    with requests.get(
        f"{fresh.url}teacher/events", params={"secret": secret}, stream=True, timeout=PATIENCE_S
    ) as heard:
        news = json.loads(next(line for line in heard.iter_lines() if line.startswith(b"data: {"))[5:])
    assert (news["strain"]["wrong_codes"], news["strain"]["shut"]) == (3, 1)
    assert "127.0.0.1" not in json.dumps(news)
    fresh.teacher.do("open-door")
    assert fresh.join().get("about").status_code == 200


def test_the_end_hands_out_files_and_then_the_class_ends_whole(fresh, tmp_path):
    one, teacher = fresh.join(), fresh.teacher
    one.add("fog")
    told = teacher.do("end")
    assert told["over"]
    assert set(told["exercises"].values()) == {"closed"}
    assert one.act("what-if", "add", text="rain", likely=1).status_code == 409
    assert "fog" in one.ask("mine", {}).json()["text"]
    assert not teacher.do("go-on")["over"]
    assert one.add("rain")["fault"] == ""
    teacher.do("end")
    handed_out = tmp_path / "handed-out.jsonl"
    handed_out.write_bytes(teacher.get("answers").content)
    with Store(tmp_path / "other") as other:
        other.merge(handed_out)
        assert {record.text for record in other.records()} == {"fog", "rain"}
    one.ask("withdraw-all", {})
    assert "fog" not in (fresh.store.folder / "handed-out" / "answers.jsonl").read_text()
    ended = []
    fresh.classroom.stop = lambda: ended.append(True)
    teacher.do("stop")
    assert ended == [True]


def test_an_ended_class_stops_by_itself_after_a_while(fresh):
    ended = []
    fresh.classroom.stop = lambda: ended.append(True)
    fresh.teacher.do("end")
    assert ended == []
    fresh.moderation.lesson = fresh.moderation.lesson.ended(now=0)
    until(lambda: ended)
