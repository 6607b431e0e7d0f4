"""The shape of guidance.yaml: the cards of agents."""

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.shapes import Version
from callflow.configuration.reading.strict import Shape


class CardShape(Shape):
    title: str = Field(min_length=1, max_length=40, description="what the card is known as")
    words: list[Spoken] = Field(min_length=1, max_length=5, description="at most five, read in three seconds")
    say: str = Field(min_length=1, max_length=120, description="one sentence")


class GuidanceFile(Shape):
    """guidance.yaml"""

    version: Version
    cards: dict[str, CardShape] = Field(min_length=1, description="stage, default, safeguarding or threat -> card")
