"""What the American dictionary says, by the rules of British English."""

import pytest

from callflow.speech.british import british


@pytest.mark.parametrize(("word", "american", "ways"), [
    ("answer", "AE N S ER", {"AA N S AH", "AA N S ER"}),  # bath; no r at the end
    ("thank", "TH AE NG K", {"TH AE NG K", "TH AA NG K"}),  # trap, open
    ("fine", "F AY N", {"F AY N", "F AA IH N"}),  # price, from the back
    ("clear", "K L IH R", {"K L IH AH", "K L IH R"}),  # near
    ("call", "K AO L", {"K AO L"}),
    ("start", "S T AA R T", {"S T AA T", "S T AA R T"}),  # no r before a consonant
    ("very", "V EH R IY", {"V EH R IY"}),  # but before a vowel
    ("not", "N AA T", {"N AO T", "N AA T"}),  # lot
    ("go", "G OW", {"G AH UH", "G OW"}),  # goat
    ("number", "N AH M B ER", {"N AH M B AH", "N AH M B ER"}),
    ("third", "TH ER D", {"TH ER D"}),  # nurse stays
])  # fmt: skip
def test_a_word_is_said_in_british_english(word: str, american: str, ways: set[str]) -> None:
    assert {" ".join(way) for way in british(american.split())} == ways, word
