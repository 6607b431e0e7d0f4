"""What a scenario that does not go as written says: where, what was expected, and what happened instead."""

from pathlib import Path

import pytest

from tests.simulator.suite import played


def failed(folder: Path, steps: str, more: str = "") -> tuple[str, str, str]:
    failure = played(folder, steps, more).failure
    assert failure is not None
    return failure.at.rpartition("/")[2], failure.expected, "\n".join(failure.happened)


def test_a_line_that_is_not_heard(tmp_path: Path) -> None:
    at, expected, happened = failed(tmp_path, "  - ana: presses *1\n  - {caller: {hears: hold_start, within: 20}}\n")
    assert at == "one.yaml:6"
    assert expected == "caller: {hears: hold_start, within: 20}"
    assert happened.startswith("not within 20 s\ncaller heard")
    assert 'caller heard hold_request: "May Ana put you on hold' in happened


def test_other_words_in_the_line(tmp_path: Path) -> None:
    _, expected, happened = failed(
        tmp_path, "  - ana: presses *1\n  - caller: {hears: hold_request, saying: 45 seconds, within: 15}\n"
    )
    assert "saying: 45 seconds" in expected
    assert "about 30 seconds" in happened


def test_people_who_are_not_together(tmp_path: Path) -> None:
    at, _, happened = failed(tmp_path, "  - {together: [caller, ben], within: 3}\n")
    assert at == "one.yaml:5"
    assert "ana: room, with caller" in happened


def test_too_early(tmp_path: Path) -> None:
    steps = (
        '  - ana: presses *1\n  - caller: {hears: hold_request, presses: "1"}\n'
        "  - {together: [caller, ana], within: 40, at_least: 35, since: {caller: hold_start}}\n"
    )
    assert "s already, not after 35" in failed(tmp_path, steps)[2]


def test_a_promise_broken(tmp_path: Path) -> None:
    steps = (
        '  - ana: presses *1\n  - caller: {hears: hold_request, presses: "1"}\n'
        "  - {together: [caller, ana], within: 10, since: {caller: hold_start}}\n"
    )
    assert failed(tmp_path, steps)[2].startswith("not within 10 s")


def test_an_action_that_is_not_possible(tmp_path: Path) -> None:
    assert "is not on a call" in failed(tmp_path, "  - ben: presses 1\n")[2]
    assert "is on a call already" in failed(tmp_path, "  - caller: calls\n")[2]


@pytest.mark.parametrize(
    ("part", "line", "expected"),
    [
        ("journal: [{kind: hold}]", 5, "in the journal: kind: hold"),
        ("journal: [{kind: accepted}, {kind: call_started}]", 5, "in the journal: kind: call_started"),
        ("never: [{kind: accepted, actor: ana}]", 5, "never: kind: accepted, actor: ana"),
        ("never: [{caller: hears greeting}]", 5, "never: caller hears greeting"),
        ("never: [{ana: rings}]", 5, "never: ana rings"),
    ],
)
def test_what_the_journal_must_and_must_not_hold(tmp_path: Path, part: str, line: int, expected: str) -> None:
    at, told, _ = failed(tmp_path, "  - after: 1\n", f"{part}\n")
    assert (at, told) == (f"one.yaml:{line - 1}", expected)


def test_words_may_be_given_too(tmp_path: Path) -> None:
    """In quotation marks or not: what has a capital letter or a space is words and no id."""
    assert played(tmp_path, "  - ana: presses *1\n  - caller: hears May Ana put you on hold\n").failure is None


def test_states(tmp_path: Path) -> None:
    steps = (
        "  - ana: is on a call\n  - ben: is free\n  - ana: presses *\n  - caller: is alone\n  - stage: choosing\n"
        "  - ana: presses *\n  - together: [caller, ana]\n  - caller: hangs up\n  - caller: is gone\n"
        "  - ana: is wrapping up\n  - ana: is on the line\n"
    )
    assert played(tmp_path, steps).failure is None


def test_who_is_away_can_be_expected(tmp_path: Path) -> None:
    assert "not within 5 s" in failed(tmp_path, "  - ana: {is: away, within: 5}\n")[2]
    steps = (
        '  - caller: hangs up\n  - ana: "presses #"\n  - ana: now no answer\n  - ben: now busy\n  - caller: calls\n'
        '  - caller: {hears: reason_menu, presses: "1"}\n  - ana: {is: away, within: 150}\n'
    )
    assert played(tmp_path, steps).failure is None


def test_phones_change_their_ways(tmp_path: Path) -> None:
    steps = (
        "  - sam: now busy\n  - sky: now by hand\n  - ana: presses *2\n"
        '  - caller: {hears: supervisor_offer, presses: "1"}\n  - sky: is ringing\n  - sky: picks up\n'
        '  - sky: {hears: whisper, presses: "1"}\n  - together: [ana, sky]\n'
    )
    assert played(tmp_path, steps).failure is None
