"""The shapes of other systems in callflow.yaml: the provider's rooms, what flows ask, and what is told of calls."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from callflow.configuration.reading.strict import Shape

SECRET_NAME = r"^[A-Z][A-Z0-9_]{2,63}$"
NAME = r"^[a-z][a-z0-9_]{0,30}$"
PATTERNS = {
    NAME: "small letters, digits and _, with a letter first",
    SECRET_NAME: "the name of an environment variable in capitals, like CRM_SECRET: secrets are not written here",
}
Subject = Literal[
    "call", "time_out", "supervisor", "warning", "closing", "threat", "safeguarding", "unlocked", "relief", "promise",
    "alarm", "receipt",
]  # fmt: skip
"""Those of ``core.webhooks.SUBJECTS``; a test compares them."""


class RoomShape(Shape):
    jitter: Literal["off", "small", "medium", "large"] = Field(
        default="small",
        description="the provider's buffer for what each person says: small delays it by 150 to 200 ms, large (the "
        "provider's own default) by 300 to 1,000 ms; a larger one if connections are bad and words are cut",
    )


class LookupsShape(Shape):
    allow_private: list[str] = Field(default_factory=list, description="hosts whose address may be a private one")
    allow_http: list[str] = Field(default_factory=list, description="hosts that may be requested without encryption")


class WebhookShape(Shape):
    url: str = Field(max_length=500, description="an https address of your system, to which events are posted")
    secret: str = Field(
        pattern=SECRET_NAME,
        description="the environment variable with the secret that signs the events: CRM_WEBHOOK_SECRET",
    )
    events: list[Subject] = Field(
        default_factory=lambda: list(get_args(Subject)), min_length=1, description="what is sent; everything if not set"
    )


Webhooks = Annotated[
    dict[Annotated[str, Field(pattern=NAME)], WebhookShape],
    Field(default_factory=dict, description="name -> a system that is told what happens on calls"),
]
