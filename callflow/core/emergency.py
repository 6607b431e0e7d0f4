"""Which emergency number a line speaks: lines about a threat the police, those about safeguarding the ambulance."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.call import Call, Lock, Prompt, Word
from callflow.core.configuration import Configuration, EmergencyNumbers

ABOUT: Mapping[str, Lock] = MappingProxyType({
    "threat_on": Lock.THREAT, "alert": Lock.THREAT,
    "safeguarding_on": Lock.SAFEGUARDING, "alert_safeguarding": Lock.SAFEGUARDING,
})  # fmt: skip
"""The lines that are about one lock, by their ids."""
ANYWHERE = frozenset({"emergency", "police", "ambulance"})
"""The variables of emergency numbers, which any line of ops may use."""
SERVICE: Mapping[Lock, str] = MappingProxyType({Lock.THREAT: "police", Lock.SAFEGUARDING: "ambulance"})
"""The variable of the number that belongs to a lock."""


def numbers(configuration: Configuration, call: Call) -> EmergencyNumbers:
    """Those of the country in which the caller has called us."""
    known = configuration.organisation
    return known.emergency_numbers_of.get(call.called) or known.emergency_numbers


def police(configuration: Configuration, call: Call) -> str:
    return _digits(numbers(configuration, call).police)


def ambulance(configuration: Configuration, call: Call) -> str:
    return _digits(numbers(configuration, call).ambulance)


def spoken(configuration: Configuration, call: Call, script: str) -> Word:
    """``{emergency}`` in this line: one number, or both with their names where either may be meant."""
    known = numbers(configuration, call)
    if script in ABOUT:
        return _digits(getattr(known, SERVICE[ABOUT[script]]))
    if one := known.general:
        return _digits(one)
    return Prompt("emergency_numbers", {"police": _digits(known.police), "ambulance": _digits(known.ambulance)})


def _digits(number: str) -> str:
    """Spoken digit by digit."""
    return " ".join(number)
