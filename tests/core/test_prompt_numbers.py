"""The numbers of lines, which people have on paper."""

from callflow.core.script_catalogue import CALLING, SCRIPTS, STAFF_LINE
from callflow.core.staff_line.numbers import LINES, NUMBERS

FIRST = {"101": "greeting", "140": "warning_first", "154": "goodbye", "201": "offer", "401": "staff_number"}
"""Some that stand for ever."""


def test_every_line_has_one_number_in_its_group() -> None:
    assert NUMBERS.keys() >= SCRIPTS.keys(), "a new line needs the next free number of its group"
    assert len(LINES) == len(NUMBERS)
    for id in SCRIPTS:
        on_the_line = id in STAFF_LINE or id in CALLING
        group = (range(100, 200) if SCRIPTS[id].hears == "caller" else
                 range(400, 500) if on_the_line else range(200, 400))  # fmt: skip
        assert int(NUMBERS[id]) in group


def test_numbers_that_were_given_out_stay() -> None:
    assert {number: LINES[number] for number in FIRST} == FIRST
