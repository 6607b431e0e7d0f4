"""The shape of guidance.yaml: the cards of agents, their sentences, and what they may offer."""

from typing import Annotated

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.shapes import Version
from callflow.configuration.reading.strict import Shape

Sentence = Annotated[str, Field(min_length=1, max_length=200)]


class CardShape(Shape):
    title: str = Field(min_length=1, max_length=40, description="what the card is known as")
    words: list[Spoken] = Field(min_length=1, max_length=5, description="at most five, read in three seconds")
    say: str = Field(min_length=1, max_length=120, description="one sentence")


class OfferShape(Shape):
    name: Spoken = Field(description='what is offered, as it is told: "a fee waived up to 20"')
    number: str = Field(pattern="^[1-9]$", description="its digit, in quotes: star, hash and this digit say so",
                        json_schema_extra={"says": "one digit from 1 to 9, in quotes"})  # fmt: skip
    limits: str = Field(
        default="", max_length=120, description="when it may not be offered; read by agents, never spoken"
    )
    reasons: list[str] = Field(
        default_factory=list, description="reasons of calls (choices of flows); left out: every one"
    )
    teams: list[str] = Field(default_factory=list, description="teams whose agents may offer it; left out: every one")


class SentencesShape(Shape):
    """Sentences with variables: {reason}, and what was entered or looked up. The first that is complete counts."""

    empathy: list[Sentence] = Field(
        default_factory=list, max_length=9, description="how to begin; the most exact first"
    )
    summary: list[Sentence] = Field(default_factory=list, max_length=9, description="to sum up; the most exact first")


class GuidanceFile(Shape):
    """guidance.yaml"""

    version: Version
    cards: dict[str, CardShape] = Field(min_length=1, description="stage, default, safeguarding or threat -> card")
    offers: dict[str, OfferShape] = Field(
        default_factory=dict, max_length=30, description="id -> what agents may offer"
    )
    sentences: SentencesShape = SentencesShape()
