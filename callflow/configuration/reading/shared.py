"""The shapes of files that others include, for editors. Their entries are validated in the file that includes them."""

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.scripts import ScriptShape
from callflow.configuration.reading.shapes import Id, Include, StepShape, VariableShape, Version
from callflow.configuration.reading.strict import Shape


class SharedLinesFile(Shape):
    """shared/<name>.yaml, included by scripts/<language>.yaml"""

    version: Version
    include: Include = Field(default_factory=list)
    scripts: dict[Id, ScriptShape] = Field(default_factory=dict, description="id -> one spoken line")
    fragments: dict[Id, Spoken] = Field(default_factory=dict, description="id -> words that complete a line")
    names: dict[str, Spoken] = Field(
        default_factory=dict, description="words written in other files -> as they are said in this language"
    )


class SharedStepsFile(Shape):
    """shared/<name>.yaml, included by flows/<name>.yaml"""

    version: Version
    include: Include = Field(default_factory=list)
    parameters: dict[Id, str] = Field(default_factory=dict, description="name -> what it is")
    variables: dict[Id, VariableShape] = Field(default_factory=dict, description="what the steps ask or look up")
    steps: dict[Id, StepShape] = Field(default_factory=dict, description="name -> one step with one verb")
