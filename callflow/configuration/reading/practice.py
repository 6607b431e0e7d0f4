"""The shape of practice/<name>.yaml: a caller with whom staff practise a call on the staff line."""

from typing import Annotated, Literal

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.scripts import VoiceShape
from callflow.configuration.reading.shapes import Version
from callflow.configuration.reading.strict import Shape

Lines = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=300)]], Field(max_length=20, description="one after another")
]
Answer = Literal["yes", "no", "silence"]


class LinesShape(Shape):
    talking: Lines = Field(min_length=1, description="from the beginning on; the last one again and again")
    after_hold: Lines = Field(default_factory=list, description="once a hold is over; else as before")
    after_warning: Lines = Field(default_factory=list, description="once a warning was heard in full")
    with_supervisor: Lines = Field(default_factory=list, description="when the supervisor has come")
    supervisor: Lines = Field(default_factory=list, description="what the supervisor says before that, alone with you")


class PracticeFile(Shape):
    """practice/<name>.yaml"""

    version: Version
    name: Spoken = Field(description='as it is said before the call: "a caller whose bill is wrong"')
    voice: VoiceShape = Field(description="says the caller's lines; another one than that of the prompts")
    pause_seconds: int = Field(
        default=12, ge=4, le=60, description="how long you have for an answer before the caller goes on"
    )
    hold: Answer = Field(default="yes", description="what the caller answers when asked to hold")
    supervisor: Answer = Field(default="yes", description="what the caller answers when offered a supervisor")
    supervisor_comes: bool = Field(default=True, description="whether a supervisor can be reached")
    lines: LinesShape = Field(description="what the caller says when")
