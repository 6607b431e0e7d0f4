"""The shape of scripts/<language>.yaml: all of a language, apart from its recordings."""

from typing import Annotated

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.receipts import WRITTEN, Written
from callflow.configuration.reading.shapes import VOICE_LANGUAGE, Id, Include, Version
from callflow.configuration.reading.strict import Shape


class VoiceShape(Shape):
    name: str = Field(min_length=1, description="a voice of the provider")
    language: str = Field(pattern=VOICE_LANGUAGE, description="BCP 47, the language of the voice")
    offline: str | None = Field(
        default=None,
        min_length=1,
        description='for `callflow prompts make`: "flite slt", "espeak-ng de", or a command that writes {file}',
    )
    offline_staff: str | None = Field(default=None, min_length=1, description="the same for lines that staff hear")


class ScriptShape(Shape):
    text: str = Field(min_length=1, max_length=600, description="at most two sentences; {variables} are filled in")
    audio: str | None = Field(default=None, min_length=1, description="a recording, below the audio folder")


Words = Annotated[list[Spoken], Field(max_length=40)]


class AnswersShape(Shape):
    yes: Words = Field(default_factory=list, description="heard as a yes")
    no: Words = Field(default_factory=list, description="heard as a no")
    courtesies: Words = Field(
        default_factory=list, description="the only words that may be said with a yes; alone they are no answer"
    )
    hedges: Words = Field(
        default_factory=list, alias="not", description='with one of these a word does not choose ("not the bill")'
    )


class ScriptsFile(Shape):
    """scripts/<language>.yaml"""

    version: Version
    draft: bool = Field(default=False, description="translated, and no native speaker has signed it yet")
    signed_by: str | None = Field(
        default=None, min_length=1, description="the native speaker who read every line, and when"
    )
    include: Include = Field(default_factory=list)
    voice: VoiceShape = Field(description="says every line without a recording")
    answers: AnswersShape = Field(
        default=AnswersShape(), description="what callers say, besides the words that Callflow knows of the language"
    )
    names: dict[str, Spoken] = Field(
        default_factory=dict, description="words written in other files -> as they are said in this language"
    )
    scripts: dict[Id, ScriptShape] = Field(description="id -> one spoken line")
    fragments: dict[Id, Spoken] = Field(
        default_factory=dict, description="id -> words that complete a line where nobody gave a name"
    )
    written: dict[Id, Written] = WRITTEN
