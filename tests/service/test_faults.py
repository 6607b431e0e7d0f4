"""A fault in a log: what and where, never the words of the exception, which may quote a caller."""

import pytest

from callflow.service.faults import described

NUMBER = "+15550190042"


def fails() -> None:
    raise KeyError(NUMBER)


def fails_later() -> None:
    try:
        fails()
    except KeyError as error:
        raise ValueError(NUMBER) from error


def test_the_kinds_and_places_are_told_and_the_words_are_not() -> None:
    with pytest.raises(ValueError, match="15550190042") as caught:
        fails_later()
    said = described(caught.value)
    assert said.startswith("ValueError at ")
    assert "; caused by KeyError at " in said
    assert "test_faults.py:" in said
    assert NUMBER not in said


def test_a_fault_without_a_cause() -> None:
    with pytest.raises(KeyError) as caught:
        fails()
    assert "caused by" not in described(caught.value)
