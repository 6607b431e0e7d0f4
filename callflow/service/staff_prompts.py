"""What people record on the staff line by the numbers of lines: which line it is, what is kept, and its outcome."""

from collections.abc import Callable
from datetime import datetime

from callflow.core.configuration import Configuration
from callflow.core.records import immutable, record
from callflow.core.staff_line.menu import Decided
from callflow.core.staff_line.numbers import Numbered, number_of
from callflow.core.staff_line.session import Session
from callflow.core.staff_line.takes import Line, Take
from callflow.service.configurations import Configurations
from callflow.service.jobs import NewJob
from callflow.service.ports import Store
from callflow.service.prompt_recordings import DROP, HEARD_AS, KEEP, PromptRecording, PromptState
from callflow.service.staff_sessions import StaffUnit


@record
class Outcome:
    """What became of a recording: the line that says so, the number of the recorded one, its piece (0: the whole)."""

    how: str
    number: str
    piece: int


def language_for(configuration: Configuration, person: str) -> str:
    """The language in which a person hears and records lines: the default one, where theirs has no lines."""
    code = configuration.language_of(person)
    return code if code in configuration.languages else configuration.language


@immutable
class StaffPrompts:
    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]

    def line(self, person: str, keys: str) -> Line | None:
        """What was typed: the number of a line, or 113*2 for its second piece. None if it names nothing."""
        current = self.configurations.current
        number, star, typed = keys.partition("*")
        found = current.languages[language_for(current, person)].numbered.get(number)
        if found is None:
            return None
        piece = int(typed) if typed.isdecimal() else 0 if star else 1
        if star and not 1 <= piece <= len(found.parts):
            return None
        return Line(id=found.id, piece=0 if found.whole else piece, pieces=len(found.parts))

    def record(self, unit: StaffUnit, session: Session, decided: Decided, take: Take | None, at: datetime) -> None:
        """What follows from a decision about recordings, and from what was heard of earlier ones."""
        for one in decided.told.split():
            unit.prompt_told(one)
        if decided.dropped:
            drop(unit, decided.dropped, take.account if take else session.account, at)
        if decided.kept:
            self._keep(unit, session, decided.kept, at)

    def _keep(self, unit: StaffUnit, session: Session, recording: str, at: datetime) -> None:
        code = language_for(self.configurations.current, session.person)
        line = self._numbered(code, session.line)
        part = line.part(session.piece) if line else None
        if part is None:  # the line was taken away meanwhile
            drop(unit, recording, session.account, at)
            return
        path, words = part
        id = f"{session.id}-{session.token}"
        unit.put_prompt(PromptRecording(
            id=id, person=session.person, language=code, line=session.line, path=path, words=words, at=at,
            provider_id=recording, account=session.account,
        ))  # fmt: skip
        unit.defer(NewJob(kind=KEEP, at=at, key=f"{KEEP} {path}", args={"prompt": id}))

    def untold(self, person: str) -> str:
        """What the person has not heard yet. A recording that is still worked on has no outcome."""
        return " ".join(one.id for one in self.store.prompt_recordings()
                        if one.person == person and not one.told and one.state is not PromptState.WAITING)  # fmt: skip

    def told(self, session: Session) -> tuple[Outcome, ...]:
        """What is told now."""
        wanted = session.outcomes.split()
        found = self.store.prompt_recordings() if wanted else ()
        return tuple(Outcome(how=HEARD_AS[one.state], number=number_of(one.line), piece=self._piece(one))
                     for one in found if one.id in wanted and one.state in HEARD_AS)  # fmt: skip

    def _piece(self, one: PromptRecording) -> int:
        found = self._numbered(one.language, one.line)
        return found.piece(one.path) if found else 0

    def _numbered(self, language: str, id: str) -> Numbered | None:
        speaks = self.configurations.current.languages.get(language)
        return speaks.numbered.get(number_of(id)) if speaks else None


def drop(unit: StaffUnit, recording: str, account: str, at: datetime) -> None:
    """Have what was not kept deleted at the provider."""
    unit.defer(NewJob(kind=DROP, at=at, args={"recording": recording, "account": account}))
