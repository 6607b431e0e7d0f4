"""The shape of `receipts`: what callers get in writing, and who sends it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from callflow.configuration.reading.strict import Shape

Written = Annotated[str, Field(min_length=1, max_length=200, description="as it is written; {variables} are filled in")]
WRITTEN: Any = Field(default_factory=dict, description="id -> one line of a receipt (`receipts` in callflow.yaml)")


class ReceiptsShape(Shape):
    by: Literal["no", "sms", "webhook"] = Field(
        default="no", description="sms: a text message by the provider; webhook: your own system sends it"
    )
    webhook: str = Field(default="", max_length=31, description="one of `webhooks`: it is given the caller's number")
    sender: str = Field(
        default="", max_length=40, description="your number that the messages come from; the called one if not set"
    )
    contact: str = Field(
        default="", max_length=80,
        description="where callers can ask for a review, as it is written; contact of the organisation if not set",
    )  # fmt: skip


Receipts = Annotated[
    ReceiptsShape,
    Field(default=ReceiptsShape(), description="what callers get in writing after a closing or a promised call back"),
]
