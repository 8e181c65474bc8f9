"""What is asked of a study's words is checked before anything is read."""

import pytest

from retrain_kit.errors import ParameterError
from retrain_kit.reports.absence import Asked


def test_each_of_the_words_has_to_be_one_word():
    with pytest.raises(ParameterError) as caught:
        Asked(["man", "two words", "?", ""])
    assert [fault.found for fault in caught.value.faults] == ["'two words'", "'?'", "''"]
    assert Asked(["man", "Women", "crossing-guard"]).fewest == 5
