"""The keys of YAML about what is kept of callers: the verb ``adjustments``, and who decides on restrictions."""

from typing import Annotated

from pydantic import Field

KeepsNeeds = Annotated[
    str | None, Field(description="verb: speak this line, and keep what the caller needs for later calls; then `next`")
]
Seniors = Annotated[
    list[str],
    Field(description="ids of those who may decide on contact restrictions, and answer an appeal: at least two"),
]
