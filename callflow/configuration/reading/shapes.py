"""The shape of each file: keys, types, ranges, defaults. Descriptions are shown by editors (JSON Schema).

What concerns more than one value is in ``checks``. Strict: nothing is converted silently, except that a telephone key
may be written without quotes.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from callflow.configuration.reading.called_numbers import PATTERNS as OF_NUMBERS
from callflow.configuration.reading.called_numbers import Arguments, CalledNumber
from callflow.configuration.reading.callers import KeepsNeeds, Seniors
from callflow.configuration.reading.emergency import EMERGENCY
from callflow.configuration.reading.hours import ON_DUTY, HoursShape, OnDuty, named_calendar, or_a_name
from callflow.configuration.reading.hours import PATTERNS as OF_HOURS
from callflow.configuration.reading.organisation import PATTERNS as OF_TEXTS
from callflow.configuration.reading.organisation import Duty, OrganisationShape, Phone, Spoken
from callflow.configuration.reading.receipts import Receipts
from callflow.configuration.reading.recording import OFF_BY_DEFAULT, CallRecording, RecordingShape
from callflow.configuration.reading.retention import Kept, RetentionShape
from callflow.configuration.reading.reviewers import AUDITORS, OPS, REVIEWERS, ReviewerShape
from callflow.configuration.reading.sign_in import SignIn
from callflow.configuration.reading.speech import PATTERNS as OF_SPEECH
from callflow.configuration.reading.speech import SpeechShape
from callflow.configuration.reading.strict import Shape
from callflow.configuration.reading.systems import PATTERNS as OF_SYSTEMS
from callflow.configuration.reading.systems import LookupsShape, RoomShape, Webhooks
from callflow.configuration.reading.telephones import PATTERNS as OF_TELEPHONES
from callflow.configuration.reading.telephones import CallsOut, Extension, SharingTelephones, StaffNumber, Telephone
from callflow.core.configuration import Ring


def _digit(value: Any) -> Any:
    """Convert an unquoted digit, which YAML reads as a number, to text."""
    return str(value) if type(value) is int and 0 <= value <= 9 else value


def rule(number: str, says: str) -> dict[str, Any]:
    """Schema fields for the policy rule of a range. The rule is part of the message for a value outside of it."""
    return {"rule": number, "says": says}


def whole(default: int, least: int, most: int, number: str, says: str) -> Any:
    """An integer field with a range, its policy rule and description."""
    return Field(default=default, ge=least, le=most, description=says, json_schema_extra=rule(number, says))


DIGIT = r"^[0-9]$"
DIGIT_FROM_1 = r"^[1-9]$"
ID = r"^[a-z][a-z0-9_]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
HEADER = r"^[A-Za-z][A-Za-z0-9-]{0,39}$"
SECRET = r"^\$[A-Z][A-Z0-9_]{0,59}$"
JSON_PATH = r"^[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,40}){0,7}$"
VOICE_LANGUAGE = r"^([a-z]{2,3}-[A-Za-z0-9-]{2,12}|arb)$"
"""The provider's name for Arabic as it is written has no country."""
PATTERNS = {
    **OF_HOURS,
    **OF_TEXTS,
    **OF_NUMBERS,
    **OF_TELEPHONES,
    **OF_SYSTEMS,
    HEADER: "the name of a header",
    SECRET: "$ and the name of an environment variable, like $CRM_TOKEN: secrets are not written here",
    **OF_SPEECH,
    JSON_PATH: "a path like customer.name",
    DIGIT: "one digit",
    DIGIT_FROM_1: "one digit from 1 to 9",
    EMERGENCY: "2 to 6 digits",
    ID: "small letters, digits and _, with a letter first",
    LANGUAGE: "a language code like en or pt-br",
    VOICE_LANGUAGE: "a language with its country like en-US",
}
"""Patterns in words, for messages."""

DIGIT_SCHEMA = {"anyOf": [{"type": "string", "pattern": DIGIT}, {"type": "integer", "minimum": 0, "maximum": 9}]}
"""For editors: with or without quotes, as ``_digit`` accepts it."""

Key = Annotated[str, BeforeValidator(_digit), Field(pattern=DIGIT), WithJsonSchema(DIGIT_SCHEMA)]
ConductKey = Annotated[str, Field(pattern=DIGIT_FROM_1)]
Id = Annotated[str, Field(pattern=ID)]
Include = Annotated[list[str], Field(description="files below shared/ or this folder; what this file says counts more")]
Version = Annotated[Literal[1], Field(description="of this file's format")]


class CallflowFile(Shape):
    """callflow.yaml"""

    version: Version
    organisation: OrganisationShape = Field(description="who we are")
    caller_id: Phone = Field(description="the number that staff see when they are rung")
    show_caller_number: Literal["no", "staff"] = Field(
        default="no", description="staff: they see the caller's number when they are rung, where the provider allows it"
    )
    outgoing_calls: CallsOut = "no"
    duty: Duty
    webhooks: Webhooks
    receipts: Receipts
    sign_in: SignIn
    numbers: dict[str, CalledNumber] = Field(
        min_length=1, description="called number or sip: address -> flow, or {flow, with, ...}"
    )
    language: str = Field(default="en", pattern=LANGUAGE, description="default language")
    recording: CallRecording = Field(
        default=RecordingShape(), description="of calls: off, notice or ask, or more about recordings",
        json_schema_extra=OFF_BY_DEFAULT,
    )  # fmt: skip
    music: str = Field(min_length=1, description="hold music, a path below the audio folder")
    timezone: str = Field(default="UTC", description="the time zone of spoken times")
    history_days: int | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="how long the events of a call are kept after its end; for ever if not set",
    )
    retention: Kept = RetentionShape()
    room: RoomShape = Field(default=RoomShape(), description="how people hear each other")
    speech: SpeechShape = Field(default=SpeechShape(), description="how words are recognised")
    lookups: LookupsShape = Field(
        default=LookupsShape(), description="hosts that lookups may reach besides public https ones"
    )


Heard = Annotated[
    str | None,
    Field(pattern=LANGUAGE, description="in which this person hears prompts; without it, the default language"),
]


MayRecord = Annotated[bool, Field(description="records lines on the staff line, for all callers and staff")]


class PersonShape(Shape):
    name: Spoken = Field(description="as callers hear it")
    phone: Telephone
    extension: Extension = ""
    staff_number: StaffNumber = ""
    may_record_prompts: MayRecord = False
    language: Heard = None
    on_duty: OnDuty = Field(default=None, description=ON_DUTY, json_schema_extra=or_a_name)
    role: str = Field(default="", max_length=80, description="what this person does; not spoken")


class SupervisorShape(Shape):
    name: Spoken = Field(description="as callers hear it")
    phone: Telephone
    extension: Extension = ""
    staff_number: StaffNumber = ""
    may_record_prompts: MayRecord = False
    language: Heard = None
    role: Spoken = Field(description='as callers hear it, with its article: "a team leader"')
    on_duty: OnDuty = Field(default=None, description=ON_DUTY, json_schema_extra=or_a_name)


class SecurityShape(Shape):
    name: Spoken = Field(description="as staff hear it")
    phone: Telephone
    extension: Extension = ""
    language: Heard = None


class TeamShape(Shape):
    name: str | None = Field(
        default=None, min_length=1, description="spoken to agents with an offer: write it as it is said"
    )
    agents: list[str] = Field(min_length=1, description="ids, in ringing order")
    supervisors: list[str] = Field(default_factory=list, description="ids, in ringing order")
    ring: Literal["in_order", "longest_idle", "all"] = Field(
        default=Ring.IN_ORDER.value,
        description="in the order of the list, the longest idle first, or all at once",
    )


class PeopleFile(SharingTelephones):
    """people.yaml"""

    version: Version
    agents: dict[Id, PersonShape] = Field(min_length=1, description="id -> who answers")
    supervisors: dict[Id, SupervisorShape] = Field(description="id -> who is brought in")
    reviewers: dict[Id, ReviewerShape] = Field(default_factory=dict, description=REVIEWERS)
    ops: dict[Id, ReviewerShape] = Field(default_factory=dict, description=OPS)
    auditors: dict[Id, ReviewerShape] = Field(default_factory=dict, description=AUDITORS)
    security: SecurityShape = Field(
        description="the threat key", json_schema_extra=rule("36", "rung when a threat is reported")
    )
    teams: dict[Id, TeamShape] = Field(min_length=1, description="id -> who is rung together")
    seniors: Seniors = Field(default_factory=list)


class ChoiceShape(Shape):
    next: str = Field(description="the step that this key leads to")
    reason: str = Field(default="", max_length=80, description="what the call is about, announced to staff")
    words: list[Spoken] = Field(default_factory=list, max_length=20, description="words that mean the same as the key")


class DigitsShape(Shape):
    least: int = Field(ge=1, le=20, description="fewest digits")
    most: int = Field(ge=1, le=20, description="most digits")
    finish: Literal["#", "*"] = Field(default="#", description="the key that ends the answer")


class StepShape(Shape):
    say: str | None = Field(default=None, description="verb: speak this line, then `next`")
    menu: str | None = Field(default=None, description="verb: speak this line and take a key: `choices`, `otherwise`")
    ask: str | None = Field(default=None, description="verb: speak this line, take digits or words into a variable")
    hours: Annotated[HoursShape | None, BeforeValidator(named_calendar)] = Field(
        default=None,
        description="verb: `open` or `closed`, by these hours, or those of a calendar in calendars.yaml by its name",
        json_schema_extra=or_a_name,
    )
    language: str | None = Field(
        default=None, description="verb: go on in this language, or, with `languages`, speak this line and take a key"
    )
    lookup: str | None = Field(default=None, description="verb: ask another system at this address")
    connect: str | None = Field(
        default=None, description="verb: ring this team; `otherwise` when nobody can be reached"
    )
    voicemail: str | None = Field(
        default=None, description="verb: speak this line and record a message; `next`, or goodbye"
    )
    call_back: str | None = Field(default=None, description="verb: promise a call by this team; `next`, or goodbye")
    adjustments: KeepsNeeds = None
    forward: Phone | None = Field(default=None, description="verb: connect to an outside number")
    flow: str | None = Field(default=None, description="verb: through another flow, and back to `next`")
    with_: Arguments | None = Field(default=None, alias="with", description="parameter of that flow -> value")
    end: str | None = Field(default=None, description="verb: speak this line, and the call is over")
    next: str | None = Field(default=None, description="the step that follows")
    otherwise: str | None = Field(default=None, description="the step when nothing is pressed, or nobody answers")
    open: str | None = Field(default=None, description="the step during these hours")
    closed: str | None = Field(default=None, description="the step outside of these hours")
    failed: str | None = Field(default=None, description="the step without a usable answer")
    choices: dict[Key, ChoiceShape] | None = Field(
        default=None,
        description="key of the telephone -> step",
        json_schema_extra={"propertyNames": {"pattern": DIGIT}},
    )
    languages: dict[Key, str] | None = Field(
        default=None,
        min_length=2,
        description="key -> language",
        json_schema_extra={"propertyNames": {"pattern": DIGIT}},
    )
    attempts: int | None = Field(default=None, ge=1, le=3, json_schema_extra=rule("44", "how often it is asked"))
    seconds: int | None = Field(default=None, ge=3, le=30, json_schema_extra=rule("44", "wait for a key"))
    into: Id | None = Field(default=None, description="the variable that the answer goes into")
    digits: DigitsShape | None = Field(default=None, description="the answer is typed; without, it is spoken")
    words: dict[Spoken, Annotated[list[Spoken], Field(min_length=1, max_length=20)]] | None = Field(
        default=None, min_length=1, max_length=100, description="value -> what is said for it; no other answer counts"
    )
    keep: bool | None = Field(
        default=None, description="keep the answer when the call is over; by default it is erased"
    )
    wait_seconds: int | None = Field(default=None, ge=30, le=3600, json_schema_extra=rule("2", "in the queue"))
    priority: int | None = Field(default=None, ge=0, le=9, description="in the queue: the higher the sooner")
    progress_seconds: int | None = Field(
        default=None, ge=20, le=120, description="seconds between announcements of the queue position"
    )
    offer: str | None = Field(default=None, description="a line about the `choices` while waiting")
    ring_seconds: int | None = Field(default=None, ge=5, le=60, description="how long the outside number is rung")
    wait: str | None = Field(default=None, description="a line for those who wait for the answer")
    method: Literal["GET", "POST"] | None = Field(default=None, description="GET by default")
    headers: dict[Annotated[str, Field(pattern=HEADER)], Annotated[str, Field(pattern=SECRET)]] | None = Field(
        default=None, description="header -> $NAME of an environment variable; secrets are never written here"
    )
    body: dict[str, str] | None = Field(default=None, description="sent as JSON with POST; may use {variables}")
    values: dict[Id, Annotated[str, Field(pattern=JSON_PATH)]] | None = Field(
        default=None, description="variable -> path in the JSON answer, like customer.name"
    )
    timeout_seconds: int | None = Field(default=None, ge=1, le=10, description="for the answer, all tries together")
    retries: int | None = Field(default=None, ge=0, le=2, description="more tries after a failure")


class VariableShape(Shape):
    description: str = Field(min_length=1, max_length=200, description="what it is, for readers of the flow")
    default: str = Field(default="", max_length=200, description="what is spoken without a value")


class FlowFile(Shape):
    """flows/<name>.yaml"""

    version: Version
    include: Include = Field(default_factory=list)
    parameters: dict[Id, Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict, description="name -> what it is; written as $name, given by `with` where this is used"
    )
    variables: dict[Id, VariableShape] = Field(default_factory=dict, description="what the flow asks or looks up")
    start: str = Field(description="the first step")
    steps: dict[Id, StepShape] = Field(min_length=1, description="name -> one step with one verb")
