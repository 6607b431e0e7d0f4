"""The base of all shapes of files: unknown keys are errors, and nothing is converted silently."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
