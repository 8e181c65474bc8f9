"""What became of the words between two descriptions: stayed, dropped, added, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import AnswerContext, Consent, Record
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.living_with_images import changes, descriptions, figures
from retrain_kit.exercises.living_with_images.changes import TextChange
from retrain_kit.exercises.living_with_images.descriptions import DescriptionPair

CONSENT = Consent(("class",), "living-with-images-1", "2026-11-22T09:00:00Z")
# Letters of scripts with and without spaces, marks, signs and what may break: ever text, never markup.
LETTERS = "aAbéñ' -.,<>&\n杯子红เกำิกာမြကខាབོད\u0301😀"
texts = st.text(LETTERS, max_size=30)
languages = st.sampled_from(["", "en", "pt", "zh", "th", "x-none"])


def record(text, which, language="en", who="bab", refusal=""):
    asked = AnswerContext("nature", "living-with-images", "", ("cup",))
    name = f"{abs(hash((text, which, who))):032x}"[:32]
    return Record(
        name, text, who, "2026-11-22T09:00:00Z", asked, CONSENT, language, refusal, {"which": which}
    )


def described(first, second, language="en", who="bab"):
    return DescriptionPair(
        "cup", who, record(first, "first", language, who), record(second, "second", language, who)
    )


def test_words_stay_are_dropped_and_are_added_in_their_order():
    found = changes.text_change(described("A red cup, a spoon.", "The CUP waits; nobody drinks."))
    assert found == TextChange(("cup",), ("red", "spoon"), ("waits", "nobody", "drinks"))


def test_chinese_is_compared_two_characters_at_a_time_and_shown_in_whole_passages():
    pair = described("一只红色的杯子,一把勺子。", "一只红色的杯子,等着一个人。", "zh")
    assert figures.words_by_change(pair) == [
        ("stayed", ("一只红色", "杯子")),
        ("dropped", ("一把勺子",)),
        ("added", ("等着一个人",)),
    ]


def test_thai_has_no_spaces_and_is_compared_all_the_same():
    pair = described("แมวดำ", "แมวขาว", "th")
    assert figures.words_by_change(pair) == [
        ("stayed", ("แมว",)),
        ("dropped", ("วดำ",)),
        ("added", ("วขาว",)),
    ]


def test_two_languages_a_refusal_or_one_text_alone_are_not_compared():
    first, second = record("A cup", "first"), record("Uma xícara", "second", "pt")
    assert changes.text_change(DescriptionPair("cup", "bab", first, second)) is None
    assert (
        changes.text_change(DescriptionPair("cup", "bab", first, record("", "second", refusal="nothing")))
        is None
    )
    assert changes.text_change(DescriptionPair("cup", "bab", first)) is None
    unsaid = DescriptionPair("cup", "bab", record("A cup", "first", "en-GB"), record("cup", "second", ""))
    assert changes.text_change(unsaid) == TextChange(("cup",), (), ())


@given(texts, texts, languages)
def test_added_dropped_and_stayed_part_the_words_of_both_texts(first, second, language):
    found = changes.text_change(described(first, second, language))
    before = {term.text for term in changes.terms_of_text(first, language)}
    after = {term.text for term in changes.terms_of_text(second, language)}
    parts = [*found.stayed, *found.dropped, *found.added]
    assert len(parts) == len(set(parts))
    assert set(parts) == before | after
    assert set(found.stayed) == before & after
    assert set(found.dropped) == before - after


@given(texts, languages)
def test_of_two_texts_that_are_the_same_nothing_is_added_or_dropped(text, language):
    found = changes.text_change(described(text, text, language))
    assert (found.dropped, found.added) == ((), ())


@given(texts, texts, languages)
def test_read_backwards_what_was_added_is_what_was_dropped(first, second, language):
    there, back = (
        changes.text_change(described(*pair, language)) for pair in ((first, second), (second, first))
    )
    assert (there.added, there.dropped) == (back.dropped, back.added)
    assert set(there.stayed) == set(back.stayed)


@given(texts, languages)
def test_the_parts_of_a_text_are_the_text_whatever_is_marked(text, language):
    said = record(text, "first", language)
    words = [term.text for term in changes.terms_of_record(said)]
    for chosen in ((), words, words[::2]):
        parts = changes.highlighted_parts(said, chosen)
        assert "".join(part for part, _ in parts) == text
    assert [part for part, marked in changes.highlighted_parts(said, words) if marked] == [
        text[start:end] for start, end in changes.term_spans(changes.terms_of_record(said), words)
    ]


@given(texts, texts, languages)
def test_in_a_class_every_word_of_everybody_is_told_with_who_kept_dropped_and_added_it(one, other, language):
    pairs = [described(one, other, language, "bab"), described(other, one, language, "dod")]
    for word in changes.word_changes(pairs):
        assert ("bab" in word.added) == ("dod" in word.dropped)
        assert ("bab" in word.stayed) == ("dod" in word.stayed)
        assert word.people == {"bab", "dod"}


def test_words_that_most_people_have_come_first_and_nobody_is_put_above_anybody():
    pairs = [described("a cup", "a table", who="dod"), described("a cup", "cup", who="bab")]
    found = changes.word_changes(pairs)
    assert [(word.text, word.stayed, word.dropped, word.added) for word in found] == [
        ("cup", ["bab"], ["dod"], []),
        ("table", [], [], ["dod"]),
    ]


def heard(*pairs):
    return ConsentedAnswers(tuple(each for pair in pairs for each in (pair.first, pair.second) if each))


def test_two_descriptions_stand_beside_each_other_with_the_words_and_without_a_score():
    shown = figures.descriptions_side_by_side(heard(described("A red cup", "A cup, <b>waiting</b>")))
    assert "A <mark>red</mark> cup" in shown.html
    assert "&lt;<mark>b</mark>&gt;<mark>waiting</mark>&lt;/<mark>b</mark>&gt;" in shown.html
    assert "stayed: <bdi>cup</bdi>" in shown.html
    assert "dropped: <bdi>red</bdi>" in shown.html
    assert "  added: b, waiting" in repr(shown)
    assert "%" not in shown.html


def test_extra_time_is_shown_to_nobody():
    slow = described("A cup", "A mug")
    slow.first.details.update(limit="extended", seconds=200, typed_seconds=187.0)
    for shown in (figures.descriptions_side_by_side(heard(slow)), figures.class_changes(heard(slow))):
        assert "extended" not in shown.html
        assert "187" not in shown.html


def test_a_refusal_and_what_is_missing_are_said_in_the_same_place_as_a_text():
    refused = DescriptionPair("cup", "bab", record("A cup", "first"), record("", "second", refusal="burn"))
    shown = figures.descriptions_side_by_side(
        heard(refused, DescriptionPair("cup", "dod", record("Cup", "first", who="dod")))
    )
    assert "><em>(burnt it)</em> </td>" in shown.html
    assert "><em>Nothing from the second class yet.</em></td>" in shown.html
    assert "There are not two texts to compare." in shown.html


def test_the_demonstration_says_on_every_figure_that_nobody_said_it():
    demonstration = descriptions.example_descriptions()
    for shown in (figures.descriptions_side_by_side(demonstration), figures.class_changes(demonstration)):
        assert shown.html.count("Demonstration: said by nobody.") == 2
    summary = dict(figures.descriptions_summary(demonstration).lines)
    assert summary["descriptions"] == "12, refusals among them: 1"
    assert summary["both of them"] == "6, each by one person about one image"
