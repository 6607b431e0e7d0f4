"""Normalises recognised speech so that it can be compared: lower case, no punctuation, "don't" as "do not", composed
letters with their marks (Unicode NFC). Words of the configuration are compared in the same form."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from callflow.core.languages import AnswerWords, is_word_by_itself

Words = tuple[str, ...]
MOST_HINTS = 500
"""The most phrases that the provider accepts as hints (twilio.md 3.4)."""
MOST_WORDS_OF_A_YES = 5
"""A longer answer is a sentence, and recognisers invent yes words most easily in those."""

READINGS = 3
"""How often a recorded answer is written down."""


def hints(words: Iterable[Words]) -> str:
    """What the recogniser should expect, for the document of a step."""
    return ",".join([phrase for phrases in words for phrase in phrases][:MOST_HINTS])


def plain(speech: str) -> list[str]:
    """The normalised words. A letter of a script without blanks is a word, together with its marks."""
    words = [""]
    for one in _folded(speech):
        category = unicodedata.category(one)
        if category.startswith("M"):
            words[-1] += one
        elif category == "Cf":
            continue  # joiners and marks of direction: invisible, and recognisers leave them out
        elif not one.isalnum():
            words.append("")
        elif is_word_by_itself(one) or is_word_by_itself(words[-1]):
            words.append(one)
        else:
            words[-1] += one
    return [word for word in words if word[:1].isalnum()]


def _folded(speech: str) -> str:
    """In lower case. The two Turkish letters i are one, because "HAYIR" in lower case is "hayir" everywhere else."""
    text = unicodedata.normalize("NFC", speech).lower().replace("i\u0307", "i").replace("\u0131", "i")
    return text.replace("\u2019", "'").replace("n't", " not").replace("'", "")


def spaced(speech: str) -> str:
    """The normalised words with a blank before and after each, so that whole words are found as part of a text."""
    return f" {' '.join(plain(speech))} "


def chosen(speech: str, words: Mapping[str, Words], answers: AnswerWords) -> str:
    """The one key of ``words`` whose words are said; "" for none, for several, and with a negation ("not the bill").

    Long phrases come first, and what they cover is neither a shorter word ("bill" in "bill payment") nor a negation
    ("no heating"). Nor is a courtesy: the Japanese for "excuse me" ends like "not".
    """
    said, meant = spaced(speech), set()
    owners = [(phrase, key) for key, phrases in words.items() for phrase in _compared(phrases)]
    for phrase in sorted({phrase for phrase, _ in owners}, key=len, reverse=True):
        if phrase in said:
            meant |= {key for one, key in owners if one == phrase}
            said = said.replace(phrase, " | ")
    for courtesy in sorted(_compared(answers.courtesy), key=len, reverse=True):
        said = said.replace(courtesy, " | ")
    negated = any(one in said for one in _compared(answers.negations))
    return meant.pop() if len(meant) == 1 and not negated else ""


@lru_cache(maxsize=256)  # of words that are configured; what callers say is not kept
def _compared(phrases: Words) -> Words:
    return tuple(one for one in map(spaced, phrases) if one.strip())


def answer(answers: AnswerWords, speech: str) -> str:
    """ "yes", "no", or "" for anything else (rules 3 and 9). The one rule for words, whoever recognised them: the
    provider during the call, or an engine in a recording. How sure a recogniser is does not count.

    Any refusal wins over any yes. A yes must come first, and only more of them and courtesies may follow, so "okay, I
    cannot hold" is not a yes; nor are more than ``MOST_WORDS_OF_A_YES``. An unclear answer only leads to another
    question, but a wrong yes would be a hold without consent. So the whole answer is compared, also in languages
    without blanks.
    """
    said = spaced(speech)
    yes, no, courtesy = map(_compared, (answers.yes, answers.no, answers.courtesy))
    if any(word in said for word in no):
        return "no"
    words = sum(map(_words_of, _phrases_of(said, yes + courtesy)))
    return "yes" if said.startswith(yes) and 0 < words <= MOST_WORDS_OF_A_YES else ""


def recorded_answer(answers: AnswerWords, readings: Sequence[str]) -> str:
    """The same of a recording, from several ``readings`` of it: what a recogniser wrote of it and of altered copies.

    A recogniser that has only the sound takes "decay" for "okay" each time, so a yes must also be two different phrases
    ("yes, go ahead"): hardly anything else sounds like both. Measured in docs/speech.md.
    """
    meant = {answer(answers, one) for one in readings}
    if "no" in meant:
        return "no"
    phrases = _compared(answers.yes) + _compared(answers.courtesy)
    sure = all(len({*_phrases_of(spaced(one), phrases)}) > 1 for one in readings)
    return "yes" if meant == {"yes"} and sure and len(readings) >= READINGS else ""


def _phrases_of(said: str, phrases: Words) -> list[str]:
    """Those that it consists of, one after the other; none if there is anything else in it."""
    found = []
    while said != " ":
        fits = max((one for one in phrases if said.startswith(one)), key=len, default="")
        if not fits:
            return []
        found.append(fits)
        said = said[len(fits) - 1 :]  # the space between two words belongs to both of them
    return found


def _words_of(phrase: str) -> int:
    """A phrase of a script without blanks is one word."""
    return 1 if is_word_by_itself(phrase[1]) else phrase.count(" ") - 1
