"""The shape of how long things are kept. The numbers say what ``core.retention`` says."""

from typing import Annotated

from pydantic import Field

from callflow.configuration.reading.strict import Shape

DAYS, MONTHS = 3650, 240


class RetentionShape(Shape):
    recordings_days: int | None = Field(
        default=90, ge=1, le=DAYS, description="messages, notes and calls that were recorded, here and at the provider"
    )
    transcripts_days: int | None = Field(default=90, ge=1, le=DAYS, description="what a machine wrote down of them")
    follow_ups_months: int | None = Field(
        default=12, ge=1, le=MONTHS, description="what was said about promises and check-ins that are closed"
    )
    calls_months: int | None = Field(
        default=12, ge=1, le=MONTHS, description="numbers and words of people in calls, after their end"
    )
    incidents_months: int | None = Field(
        default=24, ge=1, le=MONTHS,
        description="the same in calls with a warning, a closing, a threat, safeguarding or relief",
    )  # fmt: skip
    hold_review_days: int = Field(
        default=180, ge=1, le=730, description="until a legal hold that the threat key has set must be looked at"
    )
    hold_owner: str = Field(
        default="", description="who owns such a hold, an id of people.yaml; else the first supervisor of the team"
    )


Kept = Annotated[RetentionShape, Field(description="when what is held of people ends (docs/retention.md)")]
