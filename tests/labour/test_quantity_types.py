"""Units are types: what cannot be added at run time, mypy refuses before anything runs."""

import pytest
from mypy import api

SNIPPET = """
from retrain_kit.studies.quantities import Money, Pay, Quantity, Time, TimeEach

def reckon(each: Quantity[TimeEach], pay: Quantity[Pay]) -> Quantity[Money]:
    time: Quantity[Time] = Quantity.counted(3, "box") * each
    return (time + time) * pay

minute, boxes = Quantity.seconds(60, 60), Quantity.counted(1, "box")
minute + boxes
boxes.around(minute)
minute * minute
"""


@pytest.mark.usefixtures("long_work")
def test_mypy_refuses_a_minute_that_is_added_to_a_box(tmp_path):
    (tmp_path / "reckoned.py").write_text(SNIPPET, "utf-8")
    said, wrong, _ = api.run(["--strict", "--follow-imports=silent", str(tmp_path / "reckoned.py")])
    lines = [line.partition(": error: ")[2].partition("; expected")[0] for line in said.splitlines()[:-1]]
    assert wrong == ""
    assert lines == [
        'Unsupported operand types for + ("Quantity[Time]" and "Quantity[Pieces]")  [operator]',
        'Argument 1 to "around" of "Quantity" has incompatible type "Quantity[Time]"',
        'Unsupported operand types for * ("Quantity[Time]" and "Quantity[Time]")  [operator]',
    ]
