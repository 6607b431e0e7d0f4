"""Checks of what callers say for yes and no: the words in scripts/<language>.yaml, and the language's own ones."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.convert import answers as all_words
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.source import Loc, Source
from callflow.core.flow.speech import spaced
from callflow.core.languages import AnswerWords

CHECKS: list[Check] = []
check = collector(CHECKS)

NUMBER_WORDS = frozenset(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))


def _words(draft: ConfigurationDraft, *lists: str) -> Iterator[tuple[Source, Loc, str, AnswerWords]]:
    """The place of each word of these lists, in every language, and all words that count in it."""
    for language, file in draft.scripts.items():
        known = all_words(language, file.answers)
        for name, words in file.answers.model_dump(by_alias=True).items():
            for number, word in enumerate(words if not lists or name in lists else ()):
                yield draft.script_sources[language], ("answers", name, number), word, known


@check("CF036")
def yes_is_not_no(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, word, known in _words(draft, "yes", "no"):
        other, words = ("no", known.no) if loc[1] == "yes" else ("yes", known.yes)
        if spaced(word) in {spaced(one) for one in words}:
            yield Found(source, loc, f'"{word}" is among the {other} words, too: it can only be one of them')


@check("CF163")
def yes_has_no_no_in_it(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, word, known in _words(draft, "yes"):
        for no in known.no:
            if spaced(no) in spaced(word) and spaced(no) != spaced(word):
                yield Found(source, loc, f'"{word}" has "{no}" in it, and a no wins: it never counts as a yes')


@check("CF164")
def words_can_be_heard(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, word, _ in _words(draft):
        if not spaced(word).strip():
            yield Found(source, loc, f'"{word}" has no letter that could be heard')


@check("CF165")
def words_are_no_keys(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, word, _ in _words(draft):
        if word.isdigit() or word.lower() in NUMBER_WORDS:
            message = (
                f'"{word}" is a number: people say numbers when they mean something else; the keys 1 and 2 always work'
            )
            yield Found(source, loc, message)


@check("CF190")
def yes_and_no_can_be_said(draft: ConfigurationDraft) -> Iterator[Found]:
    """Callers are asked to say yes or no, so there must be words for both."""
    for language, file in draft.scripts.items():
        known = all_words(language, file.answers)
        lacking = [name for name in ("yes", "no") if not getattr(known, name)]
        if lacking:
            message = (f'callers are asked to say yes or no, and we know no words of "{language}": '
                       f'write {" and ".join(lacking)} in "answers"')  # fmt: skip
            yield Found(draft.script_sources[language], ("answers",), message, key=True)
