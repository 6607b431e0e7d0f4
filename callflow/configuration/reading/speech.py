"""The shape of ``speech`` in callflow.yaml: how words are recognised during a call, and in recordings."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from callflow.configuration.reading.strict import Shape

SPEECH_MODEL = r"^[a-z][a-z0-9_]{0,39}(-[a-z0-9]{1,20})*$|^$"
SHA256 = r"^[0-9a-fA-F]{64}$|^$"
PATTERNS = {
    SPEECH_MODEL: "a model of the provider like deepgram_nova-3",
    SHA256: "a SHA-256 of 64 hex digits",
}  # fmt: skip

EngineName = Literal["pocketsphinx", "faster_whisper", "vosk", "whisper_cpp", "google_cloud", "openai", "groq",
                     "webrtcvad"]  # fmt: skip
PurposeName = Literal["consent", "briefing", "note", "voicemail", "call", "incident", "prompt", "talk_over"]


class EngineShape(Shape):
    """``voicemail: pocketsphinx`` is read as ``voicemail: {engine: pocketsphinx}``."""

    engine: EngineName = Field(description="who recognises the words; webrtcvad only measures for how long one speaks")
    model_path: str = Field(default="", description="the file or folder of the model, for engines that need one")
    sha256: str = Field(default="", pattern=SHA256, description="of the model; another one is not loaded")


def named(value: Any) -> Any:
    return {"engine": value} if isinstance(value, str) else value


class _OrAName:
    """For editors: the name of an engine is enough."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"enum": list(get_args(EngineName))}]}


class SpeechShape(Shape):
    model: str = Field(
        default="",
        pattern=SPEECH_MODEL,
        description="the provider's model for answers in words; without it the provider chooses, and takes another one "
        "when that fails",
    )
    engines: dict[PurposeName, Annotated[EngineShape, BeforeValidator(named), _OrAName()]] = Field(
        default_factory=dict,
        description="what a recording is for -> who recognises its words, after the call; nobody if it is not listed",
    )
