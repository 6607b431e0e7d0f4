"""Checks of the staff line: which numbers, who logs in with which digits, and the lines that are spoken on it."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recordable import by_telephone
from callflow.configuration.staff_line import recorders
from callflow.core.fragment_catalogue import FRAGMENTS, OF_THE_STAFF_LINE
from callflow.core.staff_line.numbers import number_of

CHECKS: list[Check] = []
check = collector(CHECKS)


def has_staff_line(draft: ConfigurationDraft) -> bool:
    return draft.callflow is not None and any(one.staff for one in draft.callflow.numbers.values())


@check("CF230", needs=("callflow",))
def a_number_is_for_callers_or_for_staff(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for number, one in draft.callflow.numbers.items():
        if one.staff and (one.flow or one.with_):
            message = "this number is the staff line, so no caller of it comes into a flow"
            yield Found(draft.callflow_source, ("numbers", number, "staff"), message, key=True)
    if not any(one.flow for one in draft.callflow.numbers.values()) and has_staff_line(draft):
        yield Found(draft.callflow_source, ("numbers",), "no number is for callers", key=True)


@check("CF231", needs=("people",))
def staff_numbers_are_of_one_person(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    first: dict[str, str] = {}
    for group, people in (("agents", draft.people.agents), ("supervisors", draft.people.supervisors)):
        for id, one in people.items():
            before = first.setdefault(one.staff_number, id) if one.staff_number else id
            if before != id:
                message = f'"{id}" has the staff number of "{before}"'
                yield Found(draft.people_source, (group, id, "staff_number"), message)


@check("CF232", needs=("callflow",))
def there_is_somebody_to_practise_with(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for number, one in draft.callflow.numbers.items():
        if one.staff and not draft.practice_sources:
            message = "there is no file in practice/, so key 3 of this line does nothing"
            yield Found(draft.callflow_source, ("numbers", number), message, key=True)


@check("CF233")
def played_callers_have_a_voice_of_their_own(draft: ConfigurationDraft) -> Iterator[Found]:
    spoken = {file.voice.name for file in draft.scripts.values()}
    for name, file in draft.practice.items():
        if file.voice.name in spoken:
            message = f'"{file.voice.name}" says the prompts, too: the agent cannot tell the two apart'
            yield Found(draft.practice_sources[name], ("voice", "name"), message)


@check("CF256")
def numbers_of_lines_differ(draft: ConfigurationDraft) -> Iterator[Found]:
    """Only where the staff line records them. A value has no place in the YAML of its own, so its language's has it."""
    if not draft.people or not has_staff_line(draft) or not recorders(draft.people):
        return
    for language, source in draft.script_sources.items():
        first: dict[str, str] = {}
        for one in by_telephone(draft, language) if language in draft.scripts else ():
            before = first.setdefault(number_of(one.id), one.id)
            if before != one.id:
                message = f'"{one.id}" and "{before}" have one number, so neither is recorded by telephone: rename one'
                yield Found(source, ("scripts", one.id) if one.id in draft.scripts[language].scripts else ("scripts",),
                            message, key=True)  # fmt: skip


@check("CF040", needs=("callflow", "default_scripts"))
def lines_of_the_staff_line_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.default_scripts
    source, file = draft.script_sources[draft.callflow.language], draft.default_scripts
    if not has_staff_line(draft):
        return
    for id in sorted(OF_THE_STAFF_LINE - {*file.scripts, *file.fragments}):
        where = "fragments" if id in FRAGMENTS else "scripts"
        yield Found(source, (where,), f'the line "{id}" is missing, which staff hear on the staff line', key=True)
