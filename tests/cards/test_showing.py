"""In a notebook the sets are told, and the cards written once somebody has seen every image."""

import io

from PIL import Image

from retrain_kit.exercises.living_with_images import allocation, cards
from retrain_kit.studies import reviews


def image(colour):
    file = io.BytesIO()
    Image.new("RGB", (32, 32), colour).save(file, "PNG")
    return file.getvalue()


def test_cards_wait_until_somebody_has_looked_at_every_image(make_study, tmp_path):
    study = make_study({"a.png": image("red"), "b.png": image("blue")})
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(people=1, each=2, seed=1))
    target = tmp_path / "cards.pdf"
    reviews.keep_decision(study, hands[0].lots[0].image, "accept")
    waiting = cards.offer_cards(hands, [study], str(target))
    assert waiting.lines[-1] == ("cards", "none: 1 of 2 images wait for somebody to look at them")
    assert not target.exists()
    reviews.keep_decision(study, hands[0].lots[1].image, "accept")
    assert cards.offer_cards(hands, [study]).lines[-1] == ("cards", "none: no file was named")
    assert cards.offer_cards(hands, [study], str(target)).lines[-1][1].startswith(f"{target}: written")
    assert target.read_bytes()[:5] == b"%PDF-"


def test_every_set_is_told_with_the_codes_of_its_cards(make_study):
    study = make_study({"a.png": image("red"), "b.png": image("blue")})
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(people=2, each=1, seed=1))
    assert cards.offer_cards(hands, [study]).lines[:2] == tuple(
        (f"set {hand.code}", f"{hand.lots[0].code} {hand.lots[0].image}") for hand in hands
    )
