"""Decisions on images: one an image, kept with the study, none lost, none for what nobody has seen."""

import json
import multiprocessing
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from small_studies import study

from retrain_kit import cli
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.studies import manifests, reviews
from retrain_kit.studies.reviews import Decision

IMAGES = [("bison", "bison.jpg", (4, 3)), ("cow", "cow.jpg", (4, 3)), ("dog", "dog.jpg", (4, 3))]


@pytest.fixture
def mine(tmp_path):
    return replace(study(tmp_path, "images", IMAGES), toml=tmp_path / "mine.toml")


def test_nobody_has_seen_an_image_before_somebody_decided_on_it(mine):
    assert reviews.load_reviews(mine).unseen(["dog", "bison"]) == ("dog", "bison")
    reviews.keep_decision(mine, "bison", "accept")
    found = reviews.load_reviews(mine)
    assert found.accepted == {"bison"}
    assert found.unseen(["dog", "bison"]) == ("dog",)


def test_replacing_and_removing_keep_the_reason_and_the_name_that_was_given(mine):
    reviews.keep_decision(mine, "cow", "replace", " too sad ", by="Ana")
    reviews.keep_decision(mine, "dog", "remove", "a face that can be told")
    found = reviews.load_reviews(mine)
    assert (found.replaced, found.removed, found.accepted) == ({"cow"}, {"dog"}, frozenset())
    assert (found.decisions["cow"].reason, found.decisions["cow"].by) == ("too sad", "Ana")
    assert found.decisions["dog"].by == ""


def test_the_latest_decision_counts_and_an_undone_one_leaves_the_image_unseen(mine):
    for verdict in ("accept", "undo", "accept", "undo"):
        reviews.keep_decision(mine, "bison", verdict)
    assert reviews.load_reviews(mine).unseen(["bison"]) == ("bison",)
    assert [each.verdict for each in reviews.read_decisions(reviews.reviews_path(mine))] == [
        "accept",
        "undo",
        "accept",
        "undo",
    ]


def test_an_image_whose_file_has_changed_is_unseen_again(mine):
    reviews.keep_decision(mine, "bison", "accept")
    other = replace(mine, images=(replace(mine.images[0], sha256="1" * 64), *mine.images[1:]))
    assert reviews.load_reviews(other).unseen(["bison"]) == ("bison",)


def test_decisions_of_a_page_are_taken_once_and_never_outdo_later_ones(mine):
    early = Decision("mine", "cow", "accept", when="2025-03-04T09:30:00Z", sha256="0" * 64)
    reviews.keep_decision(mine, "cow", "remove", "no")
    assert reviews.keep_decisions(mine, [early, early]) == 1
    assert reviews.keep_decisions(mine, [early]) == 0
    assert reviews.load_reviews(mine).removed == {"cow"}


def test_all_faults_of_decisions_are_told_together_and_none_is_kept(mine):
    good = Decision("mine", "cow", "accept", sha256="0" * 64)
    with pytest.raises(ParameterError) as caught:
        reviews.keep_decisions(
            mine,
            [
                good,
                replace(good, image="cat"),
                replace(good, study="other"),
                replace(good, sha256="2" * 64),
                replace(good, verdict="perhaps"),
                replace(good, verdict="remove", reason="  "),
                replace(good, by="x" * 3000),
            ],
        )
    assert [fault.where for fault in caught.value.faults] == [
        "image",
        "image",
        "image cow",
        "verdict",
        "reason, cow",
        "by, cow",
    ]
    assert not reviews.reviews_path(mine).exists()


def test_damaged_lines_are_told_together_and_a_half_written_one_is_written_over(mine):
    reviews.keep_decision(mine, "bison", "accept")
    path = reviews.reviews_path(mine)
    with path.open("ab") as file:
        file.write(b'{"study": "mine", "ima')
    reviews.keep_decision(mine, "cow", "accept")
    assert reviews.load_reviews(mine).accepted == {"bison", "cow"}
    path.write_bytes(path.read_bytes() + b'nothing\n{"study": 3}\n{"image": "cow", "verdict": "maybe"}\n')
    with pytest.raises(DataError) as caught:
        reviews.load_reviews(mine)
    assert [fault.where[-6:] for fault in caught.value.faults] == ["line 3", "line 4", "line 5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n \r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_decisions_that_went_through_an_editor_are_read_and_added_to(mine, encoding, ends, last):
    for image in ("bison", "cow"):
        reviews.keep_decision(mine, image, "replace", "Schüchtern 刀")
    path = reviews.reviews_path(mine)
    whole = ends.join(path.read_text(encoding="utf-8").splitlines()) + (ends if last else "")
    path.write_bytes(whole.encode(encoding))
    assert reviews.load_reviews(mine).replaced == {"bison", "cow"}
    reviews.keep_decision(mine, "dog", "accept")
    found = reviews.load_reviews(mine)
    assert (found.replaced, found.accepted) == ({"bison", "cow"}, {"dog"})
    assert found.decisions["cow"].reason == "Schüchtern 刀"


@pytest.mark.parametrize(
    "line",
    [
        "[" * 3000,
        "null",
        "[]",
        '{"image": "cow"}',
        '{"study": "\\ud800", "image": "cow", "verdict": "accept"}',
    ],
)
def test_a_line_that_is_no_decision_is_told(mine, line):
    reviews.keep_decision(mine, "bison", "accept")
    path = reviews.reviews_path(mine)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(DataError, match="line 2: found something else; expected a decision on an image"):
        reviews.load_reviews(mine)


def test_half_a_sign_is_no_reason(mine):
    with pytest.raises(ParameterError, match="reason, 'cow': found half a sign; expected a text"):
        reviews.keep_decision(mine, "cow", "replace", "\ud800")
    assert not reviews.reviews_path(mine).exists()


def test_words_of_any_script_come_back_as_they_were_typed(mine):
    reason = "\u0645\u0624\u0644\u0645 刀 🔪\n<b>\u2028"
    reviews.keep_decision(mine, "cow", "replace", reason)
    assert reviews.load_reviews(mine).decisions["cow"].reason == reason.strip()


def test_a_study_of_ones_own_keeps_its_decisions_beside_it_and_the_kits_among_the_data(
    mine, tmp_path, monkeypatch
):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    assert reviews.reviews_path(mine) == tmp_path / "mine.reviews.jsonl"
    embedded = manifests.load("embedded-sample")
    assert reviews.reviews_path(embedded) == tmp_path / "data" / "reviews" / "embedded-sample.jsonl"
    reviews.keep_decision(embedded, "bison", "accept")
    (line,) = reviews.reviews_path(embedded).read_text().splitlines()
    assert json.loads(line)["image"] == "bison"


def _decide_often(manifest, image):
    for _ in range(20):
        reviews.keep_decision(manifest, image, "accept")


def test_two_programs_at_once_lose_no_decision(mine):
    programs = [
        multiprocessing.get_context("spawn").Process(target=_decide_often, args=(mine, image))
        for image in ("bison", "cow")
    ]
    for each in programs:
        each.start()
    for each in programs:
        each.join()
    found = [each.image for each in reviews.read_decisions(reviews.reviews_path(mine))]
    assert (found.count("bison"), found.count("cow")) == (20, 20)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command with a data folder of its own; give what it says."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(cli.kit, ["review", *map(str, arguments)])


def shown_on(page):
    """Return what the page shows, in order."""
    state = re.search(
        r'<script type="application/json" id="state">(.*?)</script>', page.read_text(), re.DOTALL
    )
    return json.loads(state[1])["items"]


def decisions_file(path, items, verdict="accept"):
    when = "2025-03-04T09:30:00Z"
    reason = "" if verdict == "accept" else "too sad"
    path.write_bytes(
        reviews.decision_lines(
            Decision(each["study"], each["image"], verdict, reason, "", when, each["sha256"])
            for each in items
        )
    )
    return path


def test_the_command_shows_what_sheets_would_hand_out_until_all_of_it_is_accepted(run, tmp_path):
    page, arguments = tmp_path / "review.html", ("embedded-sample", "--people", 2, "--seed", 7)
    done = run(*arguments, "-o", page)
    assert done.stdout.startswith("6 of 6 images to look at")
    items = shown_on(page)
    terms = allocation.AllocationTerms(2, 3, 7)
    hands = allocation.allocate_reviewed([manifests.load("embedded-sample")], terms)
    assert [each["image"] for each in items] == [lot.image for hand in hands for lot in hand.lots]
    assert "5 new decisions" in run("--take", decisions_file(tmp_path / "a.jsonl", items[1:])).stdout
    replaced = decisions_file(tmp_path / "b.jsonl", items[:1], "replace")
    assert "5 accepted, 1 replaced, 0 removed" in run("--take", replaced).stdout
    assert run(*arguments, "-o", page).stdout.startswith("1 of 6 images to look at")
    (next_lot,) = shown_on(page)
    assert next_lot["image"] not in {each["image"] for each in items}
    run("--take", decisions_file(tmp_path / "c.jsonl", [next_lot]))
    assert run(*arguments, "-o", page).stdout == "All 6 images are accepted.\n"


def test_a_removed_image_leaves_its_place_empty(run, tmp_path):
    page, arguments = tmp_path / "review.html", ("embedded-sample", "--people", 2, "--seed", 7)
    run(*arguments, "-o", page)
    run("--take", decisions_file(tmp_path / "a.jsonl", shown_on(page)[:1], "remove"))
    assert run(*arguments, "-o", page).stdout.startswith("5 of 5 images to look at")


def test_taking_tells_all_faults_of_a_file_and_takes_nothing(run, tmp_path):
    page = tmp_path / "review.html"
    run("embedded-sample", "--people", 1, "--seed", 7, "-o", page)
    items = shown_on(page)
    wrong = [items[0], {**items[1], "sha256": "0" * 64}, {**items[2], "image": "nobody"}]
    done = run("--take", decisions_file(tmp_path / "a.jsonl", wrong))
    assert done.exit_code == 2
    assert "another file" in done.output
    assert "'nobody'" in done.output
    assert reviews.load_reviews(manifests.load("embedded-sample")).decisions == {}


def test_the_command_says_what_it_needs(run):
    done = run()
    assert (done.exit_code, "Traceback" in done.output) == (2, False)
    assert "--people" in done.output
