"""Lines in pieces, lines of ops' own and values are recorded on the staff line, too."""

from dataclasses import replace
from pathlib import Path

import pytest

from callflow.audio.manifest import entries
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.core.staff_line.numbers import Numbered, number_of, numbered
from callflow.service.prompt_recordings import PromptState
from tests.audio.voices import speech
from tests.e2e.conversation import AUDIO, ROOT
from tests.e2e.staff_lines import StaffCall
from tests.e2e.studio import LINE, Studio, may_record

IN_PIECES = "hold_start"
FILES = [f"en/{IN_PIECES}.{one}.wav" for one in (1, 2, 3)]
IN_FORCE = (PromptState.IN_FORCE, PromptState.IN_DOUBT)


def ours(path: str) -> bytes:
    return (AUDIO / path).read_bytes()


def with_line(line: Numbered) -> Configuration:
    """With another line that can be recorded, whether there is a text of it or not."""
    known = may_record().languages["en"]
    more = replace(known, numbered={**known.numbered, **numbered([line])})
    return replace(may_record(), languages={**may_record().languages, "en": more})


def chooses(studio: Studio, keys: str) -> StaffCall:
    return studio.calls().presses("4").hears("record_number").presses(f"{keys}#")


def test_the_pieces_of_a_line_are_recorded_one_after_the_other_and_then_heard_together(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    for path in FILES:
        (tmp_path / path).unlink()
    call = chooses(studio, number_of(IN_PIECES))
    for number, path in enumerate(FILES, 1):
        call.hears("record_piece").hears("record_piece_choice")
        studio.again(call.presses("1"), ours(path)).presses("1")
        call.hears("record_piece_kept" if number < len(FILES) else "record_kept")
    call.hears("staff_menu").presses("#").over()
    assert studio.works() == []
    kept = studio.talk.callflow.store.prompt_recordings()
    assert [(one.line, one.path, one.state in IN_FORCE) for one in kept] == [(IN_PIECES, one, True) for one in FILES]
    assert kept[0].words == "Thank you."
    assert studio.keeper.take_up() == "ana"
    assert {entries(tmp_path)[one].voice for one in FILES} == {"ana"}
    heard = load(ROOT / "config", tmp_path).languages["en"].scripts[IN_PIECES].pieces
    assert [one if isinstance(one, str) else one.path for one in heard] == [FILES[0], "agent", FILES[1], "n", FILES[2]]


def test_one_piece_is_chosen_with_star_and_its_outcome_says_which(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    call = chooses(studio, f"{number_of(IN_PIECES)}*2").hears("record_piece")
    assert "Piece 2 of 3." in call.said or "Piece 2 of 3." in [one.text_or_url for one in call.phone.heard]
    studio.again(call.hears("record_piece_choice").presses("1"), speech(peak=3)).presses("1")
    call.hears("record_piece_kept").hears("record_piece_choice").presses("3").hears("record_number").presses("0#")
    call.hears("staff_menu").presses("#").over()
    assert studio.works() == []
    assert (studio.one.path, studio.one.state) == (FILES[1], PromptState.CLIPPED)
    later = StaffCall(talk=studio.talk).hears("staff_pin").presses("271828#").hears("record_clipped")
    later.hears("record_told_piece").hears("staff_menu")
    assert "That was piece 2." in [one.text_or_url for one in later.phone.heard]


@pytest.mark.parametrize("keys", [f"{number_of(IN_PIECES)}*4", f"{number_of(IN_PIECES)}*0", f"{number_of(LINE)}**",
                                  f"{number_of(IN_PIECES)}*1*1", "*2"])  # fmt: skip
def test_a_piece_that_is_not_there_is_told(tmp_path: Path, keys: str) -> None:
    chooses(Studio(tmp_path), keys).hears("record_unknown").hears("record_number")


def test_a_line_of_variables_only_is_told(tmp_path: Path) -> None:
    studio = Studio(tmp_path, configuration=with_line(Numbered(id="only_names", parts={}, whole=False)))
    chooses(studio, number_of("only_names")).hears("record_changes").hears("record_number")


def test_a_line_of_a_flow_is_recorded_by_the_number_that_follows_from_its_id(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    number = number_of("reason_menu")
    assert (number, studio.talk.callflow.configurations.current.languages["en"].numbered[number].id) == (
        "62302", "reason_menu")  # fmt: skip
    call = studio.records(studio.calls(), ours(f"en/{LINE}.wav"), line="reason_menu").presses("1").hears("record_kept")
    call.hears("staff_menu").presses("#").over()
    assert (studio.one.line, studio.one.path) == ("reason_menu", "en/reason_menu.wav")


@pytest.mark.parametrize("value", ["ana", "6"])
def test_a_name_or_number_that_is_filled_in_is_recorded(tmp_path: Path, value: str) -> None:
    """A single word that the recogniser misses is in doubt, and not refused."""
    studio = Studio(tmp_path)
    (tmp_path / f"en/values/{value}.wav").unlink()
    call = chooses(studio, number_of(f"values/{value}")).hears("record_choice").presses("1")
    studio.again(call, ours(f"en/values/{value}.wav")).presses("1").hears("record_kept").presses("#").over()
    assert studio.works() == []
    assert (studio.one.state in IN_FORCE, studio.keeper.take_up()) == (True, "ana")
    assert entries(tmp_path)[f"en/values/{value}.wav"].words.casefold() == value


def test_a_line_that_is_taken_away_while_it_is_recorded_keeps_nothing(tmp_path: Path) -> None:
    studio = Studio(
        tmp_path, configuration=with_line(Numbered(id="soon_gone", parts={"en/soon_gone.wav": "Hello."}, whole=True))
    )
    call = studio.again(chooses(studio, number_of("soon_gone")).hears("record_choice").presses("1"))
    studio.talk.callflow.configurations.adopt(may_record())
    call.presses("1").hears("record_kept").presses("#").over()
    assert studio.talk.callflow.store.prompt_recordings() == []
    assert (studio.works(), studio.at_provider()) == ([], [False])


def test_nothing_is_recorded_by_a_number_that_two_lines_have() -> None:
    one, other = (Numbered(id=id, parts={f"en/{id}.wav": id}, whole=True) for id in ("opening_12", "opening_69"))
    assert number_of(one.id) == number_of(other.id)
    assert numbered([one, other]) == {}
