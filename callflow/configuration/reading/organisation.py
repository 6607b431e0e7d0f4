"""The shape of who we are, and of the laws whose questions `callflow check` and `callflow duty-pack` answer."""

from typing import Annotated, Literal

from pydantic import Field

from callflow.configuration.reading.emergency import EMERGENCY, EmergencyNumbersShape
from callflow.configuration.reading.strict import Shape

NOT_BLANK = r"\S"
PATTERNS = {NOT_BLANK: "a text that can be read aloud: it has only blanks"}
Spoken = Annotated[str, Field(min_length=1, max_length=80, pattern=NOT_BLANK, description="as it is read aloud")]
Phone = Annotated[str, Field(min_length=1, max_length=40, description='E.164 in quotes: "+15550100111"')]
Law = Literal["jp-2026", "kr", "uk-2026", "es-2025"]
Duty = Annotated[
    list[Law],
    Field(
        default_factory=list,
        description="laws whose questions must be answered before calls are taken: docs/duty-pack.md; a lawyer decides",
    ),
]


class OrganisationShape(Shape):
    name: Spoken = Field(description="who we are, as it is read aloud: {org}")
    contact: Spoken = Field(description="where a caller can write, as it is read aloud")
    consultation: str = Field(
        default="", max_length=200,
        description="whom staff may ask for help after abuse, also in doubtful cases, and how; not spoken",
    )  # fmt: skip
    conduct_notice: str = Field(
        default="", description="the line of a flow that tells callers, before anybody answers, what we ask of them"
    )
    emergency_number: str | None = Field(
        default=None, pattern=EMERGENCY, description="local number for any emergency, in quotes",
        json_schema_extra={"rule": "36", "says": "digits, in quotes"},
    )  # fmt: skip
    emergency_numbers: EmergencyNumbersShape = Field(
        default=EmergencyNumbersShape(), description="where police and ambulance have numbers of their own"
    )
    emergency_numbers_of: dict[Phone, EmergencyNumbersShape] = Field(
        default_factory=dict, description="called number -> those of its country, if it is another one"
    )
