"""The configuration as plain values: people, teams, flows, scripts. A call keeps the one it began with, by its hash."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from callflow.core.firm_sign_in import FirmSignIn
from callflow.core.flow_step import Step
from callflow.core.guidance import Guidance
from callflow.core.languages import NO_WORDS, AnswerWords, answer_words
from callflow.core.opening_hours import Hours
from callflow.core.policy import Policy
from callflow.core.receipt_lines import ReceiptRules
from callflow.core.records import record
from callflow.core.retention import Retention
from callflow.core.staff_line.numbers import Numbered
from callflow.core.transcription import Engine, Purpose
from callflow.core.webhooks import Webhook

INSTANCE = ":"
"""Stands in the name of a flow that is an instance of a file with parameters: ``practice:north``."""


def file_of(flow: str) -> str:
    """The name of the file that a flow was made from."""
    return flow.partition(INSTANCE)[0]


class Ring(StrEnum):
    IN_ORDER = "in_order"
    LONGEST_IDLE = "longest_idle"
    ALL = "all"


class Recording(StrEnum):
    OFF = "off"
    NOTICE = "notice"
    ASK = "ask"


@record
class RecordingRules:
    """Of calls (rules 41 to 43), and of messages and notes. ``pause_seconds``: without recording, for card data."""

    mode: Recording = Recording.OFF
    pause_seconds: int = 120
    delete_at_provider: bool = False


@record
class Person:
    """An agent, a supervisor or a desk. ``role`` is spoken ("team leader").

    ``phone`` is a number (E.164), a SIP address or a client; ``extension`` are keys that are sent after its answer.
    ``language`` is that of the prompts to this person, "" for the default one.
    ``on_duty`` are the hours in which the person may be rung, None for always.
    """

    id: str
    name: str
    phone: str
    role: str = ""
    language: str = ""
    extension: str = ""
    on_duty: Hours | None = None


class Group(StrEnum):
    """Whom a search rings: the agents or the supervisors of a team."""

    AGENTS = "agents"
    SUPERVISORS = "supervisors"


@record
class Team:
    """``name`` is spoken to agents with an offer; "" if ops gave none. The id is never spoken."""

    id: str
    name: str = ""
    agents: tuple[str, ...]
    supervisors: tuple[str, ...] = ()
    ring: Ring = Ring.IN_ORDER

    def members(self, group: Group) -> tuple[str, ...]:
        return self.supervisors if group is Group.SUPERVISORS else self.agents


@record
class EmergencyNumbers:
    """Short numbers, as digits. ``general`` is for any emergency, "" where police and ambulance have one each."""

    police: str
    ambulance: str
    general: str = ""


@record
class Organisation:
    """``emergency_numbers_of`` has others for some called numbers (E.164), for example in another country."""

    name: str
    contact: str
    emergency_numbers: EmergencyNumbers
    emergency_numbers_of: Mapping[str, EmergencyNumbers] = field(default_factory=dict)


@record
class LookupRules:
    """The hosts that ``lookup`` may reach besides public https addresses."""

    allow_private: frozenset[str] = frozenset()
    allow_http: frozenset[str] = frozenset()


@record
class StaffLine:
    """The called numbers on which staff log in, and who somebody may be by a telephone or the digits of a person.

    ``telephones``: what identifies a telephone -> the id of the only person who has it.
    """

    called: frozenset[str] = frozenset()
    telephones: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    recorders: frozenset[str] = frozenset()
    """Who may record lines."""


@record
class Flow:
    """``variables``: those it may use, by name, with their defaults. A name means the same variable in every flow."""

    name: str
    start: str
    steps: Mapping[str, Step]
    variables: Mapping[str, str] = field(default_factory=dict)


@record
class Audio:
    """A recorded prompt: path below the audio folder, content hash (hex), length in seconds."""

    path: str
    digest: str
    seconds: float


@record
class Script:
    """One text that is spoken. ``version`` is a short hash of its text and audio.

    ``audio`` maps a conduct key ("1") to a recording, or "" to the one recording for all cases.
    """

    id: str
    text: str
    version: str
    audio: Mapping[str, Audio] = field(default_factory=dict)
    pieces: tuple[Audio | str, ...] = ()
    """A line that is recorded in pieces: its recordings and, between them, names of variables."""
    variables: tuple[str, ...] = ()
    """The variables of flows that the text contains, in any language."""


@record
class Language:
    """The scripts of one language, and the voice that speaks those without a recording."""

    code: str
    voice: str
    tag: str
    scripts: Mapping[str, Script]
    fragments: Mapping[str, str]
    """Words that complete scripts, by the ids of ``fragment_catalogue.FRAGMENTS``."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Words that are written in other files -> as they are said in this language."""
    answers: AnswerWords = NO_WORDS
    """What callers say for yes and no, the language's own words included."""
    values: Mapping[str, Audio] = field(default_factory=dict)
    """Recordings of what is filled into lines in pieces: names, numbers, reasons."""
    numbered: Mapping[str, Numbered] = field(default_factory=dict)
    """By number (as it is typed), what can be recorded on the staff line."""


@record
class PracticeScenario:
    """A caller who is played on the staff line. ``hold`` and ``supervisor``: yes, no or silence when asked.

    ``lines``: by what has happened so far (``core.practice``), what is said one after another.
    """

    name: str
    voice: Language
    pause_seconds: int
    hold: str
    supervisor: str
    supervisor_comes: bool
    lines: Mapping[str, tuple[str, ...]]


@record
class Configuration:
    """The checked configuration. ``digest`` is the content hash of all its files (hex)."""

    digest: str
    organisation: Organisation
    caller_id: str
    numbers: Mapping[str, str]
    language: str
    recording: RecordingRules
    policy: Policy
    agents: Mapping[str, Person]
    supervisors: Mapping[str, Person]
    security: Person
    teams: Mapping[str, Team]
    flows: Mapping[str, Flow]
    languages: Mapping[str, Language]
    music: Audio
    timezone: str = "UTC"
    history_days: int | None = None  # None: histories of calls that are over are kept for ever
    retention: Retention = Retention()
    jitter_buffer: str = "small"  # of the provider, for the sound of each person in the room: off, small, medium, large
    speech_model: str = ""  # the provider's, for answers in words; "" for its own choice
    engines: Mapping[Purpose, Engine] = field(default_factory=dict)
    """Who recognises the words of recordings, by what they are for; nobody if it is not there."""
    lookups: LookupRules = LookupRules()
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    show_caller_number: bool = False  # on the phones of staff, where the provider allows it; else ``caller_id``
    asks_needs: bool = False  # whether callers can say what they need in any flow (``core.flow.adjustments``)
    seniors: tuple[str, ...] = ()  # who may decide on contact restrictions
    shared_telephones: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id -> the ids of all who have the same telephone, for those who share one."""
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    """By called number, where it is another than ``organisation``."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """The provider's account by called number, where ops say that it is another than the main one."""
    receipts: ReceiptRules | None = None
    outgoing_calls: bool = False  # whether staff may call customers (``core.outgoing``)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    """By name, the systems that are told what happens on calls."""
    staff_line: StaffLine = StaffLine()
    guidance: Guidance = Guidance()
    practice: Mapping[str, PracticeScenario] = field(default_factory=dict)  # by the name of the file, in their order
    reviewers: Mapping[str, Person] = field(default_factory=dict)  # who answers incidents; without any, supervisors
    firm: FirmSignIn | None = None  # the firm's own sign-in to the pages
    ops: Mapping[str, Person] = field(default_factory=dict)
    auditors: Mapping[str, Person] = field(default_factory=dict)
    """Who sees the pages about the server, and who reads what is evidence. Neither needs a telephone."""

    def shown_by(self, account: str, called: str) -> str:
        """The number that our outgoing legs show. A sub-account ("" is the main one) may only show numbers of its own,
        so it shows the called one."""
        return called if account and called.startswith("+") else self.caller_id

    def organisation_on(self, called: str) -> Organisation:
        """Who we are for callers of this number."""
        return self.organisations.get(called, self.organisation)

    @property
    def own_numbers(self) -> frozenset[str]:
        """The numbers (E.164) on which a call would come back to us."""
        return frozenset({*self.called_numbers, self.caller_id})

    @property
    def called_numbers(self) -> tuple[str, ...]:
        """All numbers that are answered: those with a flow, and those of the staff line."""
        return (*self.numbers, *sorted(self.staff_line.called))

    def person(self, id: str) -> Person:
        """The person with this id. Raises KeyError."""
        return self.security if id == "security" else self.agents.get(id) or self.supervisors[id]

    def language_of(self, person: str) -> str:
        """The language in which this person is spoken to; the default one for an unknown id."""
        found = self.agents.get(person) or self.supervisors.get(person) or self.security
        return (found.language if found.id == person else "") or self.language

    def name_of(self, person: str) -> str:
        """The name of anybody who works here; the id of whoever does not any more."""
        groups = (self.agents, self.supervisors, self.reviewers, self.ops, self.auditors)
        return next((group[person].name for group in groups if person in group), person)

    def answers(self, language: str) -> AnswerWords:
        """What counts as yes and no on calls in this language."""
        return found.answers if (found := self.languages.get(language)) else answer_words(language)

    def script(self, id: str, language: str) -> Script:
        """The script in this language, or else in the default language. Raises KeyError if neither has it."""
        return self.speaks(id, language).scripts[id]

    def speaks(self, id: str, language: str) -> Language:
        """The language of a script's text: ``language``, or the default one if ``language`` lacks the script."""
        wanted = self.languages.get(language)
        return wanted if wanted and id in wanted.scripts else self.languages[self.language]

    def fragment(self, id: str, language: str) -> str:
        """The words of a fragment in this language, or else in the default language. Raises KeyError."""
        words = self.languages.get(language)
        return words.fragments[id] if words and id in words.fragments else self.languages[self.language].fragments[id]
