"""The shape of what is said about recordings: of calls, and of the messages, notes and briefings that people leave."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from callflow.configuration.reading.strict import Shape

Mode = Literal["off", "notice", "ask"]
MODES = "'off', 'notice' or 'ask'"
OFF_BY_DEFAULT: dict[str, Any] = {"rule": "41", "says": "off by default"}


class RecordingShape(Shape):
    """``recording: ask`` is read as ``recording: {mode: ask}``."""

    WRITTEN_AS: ClassVar[str] = "mode"

    mode: Mode = Field(
        default="off",
        description="of calls; notice: callers are told, ask: only after a yes",
        json_schema_extra=OFF_BY_DEFAULT,
    )
    pause_seconds: int = Field(
        default=120, ge=30, le=600, description="without recording after the key for card data, then it goes on",
        json_schema_extra={"rule": "42", "says": "120 by default"},
    )  # fmt: skip
    delete_at_provider: bool = Field(
        default=False, description="every recording is deleted at the provider once it is stored here"
    )


def named_mode(value: Any) -> Any:
    """A wrong mode is an error of ``recording`` itself, which has a place in the file, unlike a mode in it."""
    if isinstance(value, str) and value not in get_args(Mode):
        raise PydanticKnownError("literal_error", {"expected": MODES})
    return {"mode": value} if isinstance(value, str) else value


class _OrAMode:
    """For editors: the mode is enough."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": ["off", "notice", "ask"]}, handler(core)]}


CallRecording = Annotated[RecordingShape, BeforeValidator(named_mode), _OrAMode()]
