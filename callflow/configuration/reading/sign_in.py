"""The shape of `sign_in` in callflow.yaml: the firm's own accounts."""

from typing import Annotated, Literal

from pydantic import Field

from callflow.configuration.reading.strict import Shape
from callflow.configuration.reading.systems import SECRET_NAME

Role = Literal["agent", "supervisor", "reviewer", "ops", "auditor"]
Claim = Annotated[str, Field(min_length=1, max_length=80)]


class FirmShape(Shape):
    name: str = Field(min_length=1, max_length=40, description="as people know it: it stands on the button")
    issuer: str = Field(min_length=1, max_length=300, description="the https address of the provider of identities")
    client_id: str = Field(min_length=1, max_length=200, description="what the firm calls this Callflow")
    secret: str | None = Field(
        default=None, pattern=SECRET_NAME, description="the environment variable with the secret of this client"
    )
    person: Claim = Field(
        default="preferred_username",
        description="the claim with the id of people.yaml; one that people cannot change themselves",
    )
    domain: str = Field(default="", max_length=80, description="what must follow the id and an @ in that claim")
    people: dict[Claim, str] = Field(
        default_factory=dict, description="value of that claim -> id of people.yaml, where it is another"
    )
    claim: Claim = Field(default="groups", description="the claim whose values `roles` has")
    roles: dict[Claim, Role] = Field(
        default_factory=dict,
        description="value of the claim -> the role that it allows; people.yaml must have it, too. Without any, all of "
        "people.yaml",
    )


class SignInShape(Shape):
    firm: FirmShape | None = Field(default=None, description="people sign in with the accounts of the firm")


SignIn = Annotated[SignInShape, Field(default=SignInShape(), description="how people sign in to the pages")]
