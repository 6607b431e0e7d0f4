"""The shape of people who need no telephone, because nobody rings them: those who answer incidents, ops, auditors."""

from typing import Final

from pydantic import Field

from callflow.configuration.reading.strict import Shape

REVIEWERS: Final = "id -> who answers incidents of calls that they were not on; without any, supervisors do"

OPS: Final = "id -> who sees the pages about the server: configuration, checks, jobs, past calls; no sound"
AUDITORS: Final = "id -> who reads what is evidence; every reading is on record"


class ReviewerShape(Shape):
    name: str = Field(min_length=1, max_length=80, description="as staff hear it")
    phone: str | None = Field(default=None, min_length=1, max_length=40, description="E.164 in quotes, if there is one")
