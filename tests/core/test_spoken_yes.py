"""A spoken yes is one rule, whoever recognised the words: the whole answer, of five words at most (rules 3 and 9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.core.flow.speech import MOST_WORDS_OF_A_YES, answer, plain, spaced
from callflow.core.languages import ANSWER_WORDS, answer_words

LANGUAGES = sorted(ANSWER_WORDS)
WITH_BLANKS = [code for code in LANGUAGES if code not in ("ja", "ko", "th", "zh")]
STRANGE = st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=12)


def listed(code: str) -> st.SearchStrategy[str]:
    words = answer_words(code)
    return st.sampled_from(words.yes + words.courtesy)


@given(st.sampled_from(LANGUAGES), st.data())
def test_a_yes_consists_of_nothing_but_words_of_the_list(code: str, data: st.DataObject) -> None:
    """Whatever a recogniser writes: take the longest listed phrases away, and nothing may be left of a yes."""
    words = answer_words(code)
    said = " ".join(data.draw(st.lists(listed(code) | STRANGE | st.sampled_from(words.no), max_size=7)))
    if answer(words, said) == "yes":
        rest = spaced(said)
        for phrase in sorted(map(spaced, words.yes + words.courtesy), key=len, reverse=True):
            while phrase in rest:
                rest = rest.replace(phrase, " ")
        assert rest.strip() == ""
        assert not any(spaced(no) in spaced(said) for no in words.no)


@given(st.sampled_from(LANGUAGES), st.data())
def test_a_strange_word_anywhere_makes_a_yes_unclear(code: str, data: st.DataObject) -> None:
    words = answer_words(code)
    parts = data.draw(st.lists(listed(code), min_size=1, max_size=3))
    parts.insert(data.draw(st.integers(0, len(parts))), "qzxgribble")
    assert answer(words, " ".join(parts)) != "yes"


@given(st.sampled_from(WITH_BLANKS), st.data())
def test_six_words_are_never_a_yes(code: str, data: st.DataObject) -> None:
    words = answer_words(code)
    said = " ".join(data.draw(st.lists(listed(code), min_size=1, max_size=8)))
    if len(plain(said)) > MOST_WORDS_OF_A_YES:
        assert answer(words, said) != "yes"


@given(st.sampled_from(LANGUAGES), st.data())
def test_a_no_anywhere_is_never_a_yes(code: str, data: st.DataObject) -> None:
    words = answer_words(code)
    parts = data.draw(st.lists(listed(code), max_size=4))
    parts.insert(data.draw(st.integers(0, len(parts))), data.draw(st.sampled_from(words.no)))
    assert answer(words, " ".join(parts)) == "no"


@given(st.sampled_from(LANGUAGES), st.data())
def test_loudness_of_writing_does_not_decide(code: str, data: st.DataObject) -> None:
    """Recognisers differ in capitals and punctuation, not in what is meant."""
    words = answer_words(code)
    yes = data.draw(st.sampled_from(words.yes))
    for written in (yes, yes.upper() if code != "tr" else yes, f"{yes}.", f" {yes}! "):
        assert answer(words, written) == "yes", written


@pytest.mark.parametrize("code", LANGUAGES)
def test_silence_is_not_a_yes(code: str) -> None:
    assert [answer(answer_words(code), said) for said in ("", " ", "...", "\u200d")] == [""] * 4
