"""Who may log in to the staff line: by the telephone that calls, or by the digits of a person."""

from collections import Counter

from callflow.configuration.reading.practice import PracticeFile
from callflow.configuration.reading.shapes import CallflowFile, PeopleFile, PersonShape, SupervisorShape
from callflow.configuration.telephone import identity
from callflow.core.configuration import Language, PracticeScenario, StaffLine


def staff_line(callflow: CallflowFile, people: PeopleFile) -> StaffLine:
    """A telephone that several people have, or that is behind an extension, names nobody."""
    called = frozenset(number for number, one in callflow.numbers.items() if one.staff)
    if not called:
        return StaffLine()
    staff: dict[str, PersonShape | SupervisorShape] = {**people.supervisors, **people.agents}
    telephones = {id: identity(one.phone) for id, one in staff.items()}
    used = Counter([*telephones.values(), identity(people.security.phone)])
    return StaffLine(
        called=called,
        telephones={one: id for id, one in telephones.items() if used[one] == 1 and not staff[id].extension},
        numbers={number: id for id in staff for number in staff_numbers(people, id)},
        recorders=recorders(people),
    )


def recorders(people: PeopleFile) -> frozenset[str]:
    """Who may record lines."""
    return frozenset(
        id for group in (people.agents, people.supervisors) for id, one in group.items() if one.may_record_prompts
    )


def staff_numbers(people: PeopleFile, person: str) -> set[str]:
    """The digits that log this person in. Who is an agent and a supervisor may have them at either place."""
    shapes = (people.agents.get(person), people.supervisors.get(person))
    return {one.staff_number for one in shapes if one and one.staff_number}


def scenario(file: PracticeFile) -> PracticeScenario:
    voice = Language(code="", voice=file.voice.name, tag=file.voice.language, scripts={}, fragments={})
    lines = {kind: tuple(some) for kind, some in file.lines.model_dump().items()}
    return PracticeScenario(name=file.name, voice=voice, pause_seconds=file.pause_seconds, hold=file.hold,
                            supervisor=file.supervisor, supervisor_comes=file.supervisor_comes,
                            lines=lines)  # fmt: skip
