"""What a person of a class does is signed on their phone; the class never hears the key."""

import json

import pytest
from lessons import held

from retrain_kit import answers
from retrain_kit.answers import Author, Store, entries
from retrain_kit.answers import log as answers_log
from retrain_kit.classroom import signing

CONSENT = answers.Consent(("class",), "1", "2025-03-04T09:30:00Z")
PAST = "2025-03-04T09:30:00Z"


@pytest.fixture
def fresh(tmp_path):
    with held(tmp_path / "answers") as running:
        yield running


@pytest.fixture
def heard(fresh, monkeypatch):
    """Somebody who comes to a class, and the bodies of all their requests."""
    person, bodies = fresh.join(), []
    post = person.post

    def posted(path, body, **headers):
        bodies.append(json.dumps(body))
        return post(path, body, **headers)

    monkeypatch.setattr(person, "post", posted)
    return person, bodies


def adding(text="mist", **more):
    message = {"act": "add", "text": text, "likely": 40, "uses": ["class"], "once": "c" * 32, **more}
    return {"exercise": "what-if", "index": 0, "message": message}


def test_all_that_a_person_does_goes_without_the_key(fresh, heard, tmp_path):
    person, bodies = heard
    person.add("mist")
    person.say("Both wait.")
    first, second = fresh.store.records()
    assert person.do("what-if", "footnote", record=first.id, text="or haze")["done"] == "footnote"
    assert person.do("polyphony", "withdraw", record=second.id)["done"] == "withdraw"
    file = person.ask("mine", {}).json()
    assert person.ask("withdraw-all", {}).json()["told"].startswith("Withdrawn: 1.")
    assert fresh.store.records() == []
    author = Author(person.key)
    secrets = [person.key, author.digest_of(""), *(author._seed_of(name).hex() for name in ("", first.id))]
    for body in bodies:
        assert not [secret for secret in secrets if secret in body]
    (tmp_path / "mine.jsonl").write_text(file["text"])
    merged = answers.merge_files([tmp_path / "mine.jsonl"], tmp_path / "merged")
    assert (merged.answers, merged.footnotes, merged.withdrawals, merged.faults) == (1, 1, 1, ())
    with Store(tmp_path / "merged") as store:
        assert [note.text for note in store.records(who=person.who)[0].footnotes] == ["or haze"]


def test_what_waits_for_a_signature_is_not_kept(fresh):
    person = fresh.join()
    given = {"given": {"locks": {"c" * 32: Author(person.key).locks(["c" * 32])[0]}}}
    asked = person.post("act", {**adding(), **person.shown, **given}).json()["asked"]
    assert set(asked) == {"at", "sign"}
    assert fresh.store.records() == []
    stated = json.loads(asked["sign"][0])
    assert (stated["text"], stated["when"], stated["who"]) == ("mist", asked["at"], person.who)


def test_a_public_key_alone_lets_nobody_in(fresh):
    ada, bea = fresh.join(), fresh.join()
    ada.add("mist")
    elsewhere = fresh.join(key=ada.key)
    elsewhere.url = fresh.url.replace("127.0.0.1", "localhost")
    for shown in [
        {"public_key": Author(ada.key).public_key},
        {**bea.shown, "public_key": Author(ada.key).public_key},
        ada.shown,
        elsewhere.shown,
        {**ada.shown, "seat_signature": fresh.store.records()[0].signature},
    ]:
        for path, body in [("act", adding()), ("mine", {}), ("withdraw-all", {})]:
            reply = bea.post(path, {**body, **shown, "given": {}})
            assert (reply.status_code, reply.json()["fault"]) == (403, signing.NOT_YOURS)
    assert [record.text for record in fresh.store.records()] == ["mist"]


@pytest.mark.parametrize("how", ["of another", "of other words", "nothing", "no text"])
def test_a_signature_that_is_none_keeps_nothing(fresh, monkeypatch, how):
    person, other = fresh.join(), Author.new()
    more = person.more

    def forged(given, asked):
        made = more(given, asked)
        for digest in made["sign"]:
            made["sign"][digest] = {
                "of another": "0" * 128,
                "of other words": person.shown["seat_signature"],
                "nothing": "zz",
                "no text": 5,
            }[how]
        return made

    monkeypatch.setattr(person, "more", forged)
    if how == "no text":  # It is as if nothing had been given: the class asks once more.
        with pytest.raises(pytest.fail.Exception, match="again and again"):
            person.ask("act", adding())
    else:
        assert "signature" in person.ask("act", adding()).json()["fault"]
    assert fresh.store.records() == []
    assert fresh.store.records(who=other.who) == []


def test_what_was_to_be_signed_long_ago_is_asked_for_anew(fresh, monkeypatch):
    person = fresh.join()
    assert signing.speaker({**person.shown, "given": {"at": PAST}}, fresh.url[7:-1], seat(person)).at == ""
    given = type(person).more

    def late(known, asked):
        return {**given(person, known, asked), "at": PAST}

    monkeypatch.setattr(person, "more", late)
    body = {**adding(), **person.shown}
    asked = person.post("act", {**body, "given": {}}).json()["asked"]
    made = late({kind: {} for kind in signing.KINDS}, asked)
    assert person.post("act", {**body, "given": made}).json()["asked"]["at"] > PAST
    assert fresh.store.records() == []


def seat(person):
    return person.seat.partition(".")[0]


def test_a_lock_that_is_not_the_authors_is_their_own_loss(fresh):
    person = fresh.join()
    body = {**adding(), **person.shown}
    given = {"locks": {"c" * 32: "5" * 64}, "sign": {}}
    asked = person.post("act", {**body, "given": given}).json()["asked"]
    person.post("act", {**body, "given": {**person.more({**given, "digests": {}}, asked)}})
    (record,) = fresh.store.records()
    assert "signature" in person.do("what-if", "withdraw", record=record.id)["fault"]
    assert fresh.store.records() == [record]


def lines(key, count, kind):
    """Many answers, or withdrawals, of one person, as entries."""
    author, names = Author(key), [f"{number:032x}" for number in range(count)]
    for name, lock in zip(names, author.locks(names), strict=True):
        if kind == "withdrawal":
            yield entries.withdrawal_entry(name, CONSENT.when, lock)
        else:
            yield entries.answer_entry(
                answers.Record(
                    f"f{name[1:]}",
                    f"mine {name}",
                    author.who,
                    CONSENT.when,
                    answers.AnswerContext("nature", "what-if"),
                    CONSENT,
                    lock=author.locks([f"f{name[1:]}"])[0],
                    public_key=author.public_key,
                )
            )


def test_what_is_ones_own_is_found_among_many_withdrawals_and_many_answers_are_signed_away(tmp_path):
    own, gone = Author.new(), Author.new()
    signed = [
        *entries.signed_entries(lines(gone.key, 1300, "withdrawal"), gone, demonstration=False),
        *entries.signed_entries(lines(own.key, 700, "answer"), own, demonstration=False),
    ]
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"\n".join([*answers_log.LogHeader().lines(signed), b""]))
    assert answers.merge_files([path], tmp_path / "answers").faults == ()
    with held(tmp_path / "answers") as lesson:
        person = lesson.join(own.key)
        assert person.ask("mine", {}).json()["text"].count('"text":"mine ') == 700
        assert person.ask("withdraw-all", {}).json()["told"].startswith("Withdrawn: 700.")
        assert person.ask("mine", {}).json()["text"].count('"withdrawal"') == 700


def test_a_key_that_is_sent_is_understood_as_well(fresh):
    person = fresh.join()
    assert person.post("act", {**adding(), "key": person.key}).json()["done"] == "add"
    assert fresh.store.records()[0].who == person.who
    assert person.post("withdraw-all", {"key": person.key}).json()["told"].startswith("Withdrawn: 1.")
