"""British English is made from the American dictionary by rule, and a recording may say either."""

import pytest

from callflow.speech.british import british


@pytest.mark.parametrize(
    ("american", "said"),
    [
        ("AE N S ER", "AA N S AH"),  # answer
        ("S UW P ER V AY Z ER", "S UW P AH V AY Z AH"),  # supervisor
        ("HH IY R", "HH IY AH"),  # here
        ("HH IH R IH NG", "HH IH R IH NG"),  # hearing: before a vowel it stays
        ("S AA R IY", "S AO R IY"),  # sorry
        ("S T AA R", "S T AA"),  # star
        ("N AA T", "N AO T"),  # not
        ("K L OW Z D", "K L AH UH Z D"),  # closed
        ("TH ER D IY", "TH ER D IY"),  # thirty
        ("HH AE N D", "HH AE N D"),  # hand: no vowel of bath
        ("F AY N D", "F AY N D"),  # find: the same in both
    ],
)
def test_a_word_is_said_by_the_rules(american: str, said: str) -> None:
    assert " ".join(british(american.split())) == said
