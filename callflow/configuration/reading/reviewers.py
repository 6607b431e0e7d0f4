"""The shape of people who answer incidents. They need no telephone: nobody rings them."""

from typing import Final

from pydantic import Field

from callflow.configuration.reading.strict import Shape

REVIEWERS: Final = "id -> who answers incidents of calls that they were not on; without any, supervisors do"


class ReviewerShape(Shape):
    name: str = Field(min_length=1, max_length=80, description="as staff hear it")
    phone: str | None = Field(default=None, min_length=1, max_length=40, description="E.164 in quotes, if there is one")
