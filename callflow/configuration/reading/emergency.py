"""The shape of emergency numbers. ``checks.emergency`` has what concerns several of them."""

from pydantic import Field

from callflow.configuration.reading.strict import Shape

EMERGENCY = r"^[0-9]{2,6}$"


class EmergencyNumbersShape(Shape):
    """What is not given is ``emergency_number``."""

    police: str | None = Field(default=None, pattern=EMERGENCY, description="spoken by lines about a threat")
    ambulance: str | None = Field(default=None, pattern=EMERGENCY, description="spoken by lines about safeguarding")
