"""What a stored call holds of a person, apart from the rest of it, so that a store can seal it.

These are the caller's number and needs, what was asked and looked up, the number for a call back, the provider's proof
of the call, and what of them is spoken in prompts. Works on the layout of ``codec``.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

PUBLIC: Final = frozenset({
    "about", "agent", "ambulance", "callee", "choices", "conduct", "contact", "emergency", "key", "m", "n",
    "next", "offer", "org", "owner", "police", "reason", "ref", "supervisor", "supervisor_role", "team", "threat",
    "time", "waiting",
})  # fmt: skip
"""Values of prompts (``script_catalogue``) that do not come from the caller. The others are numbers, variables of
flows, which were asked or looked up, and what staff are told of the caller's needs."""
_WHOLE: Final = ("number", "variables", "call_token", "adjustments", "recognised")
_KNOWN: Final = frozenset({*_WHOLE, "call_back", "prompts"})
_LATER: Final = "later_sealed"
"""The field of a call for the private values that only a newer Callflow knows."""
_PLACE: Final = 8
"""The position of a leg's place in its list."""


def taken_out(found: dict[str, Any]) -> dict[str, Any]:
    """Remove the private values from a call as it is stored, and return them."""
    private: dict[str, Any] = {name: found.pop(name) for name in _WHOLE if name in found}
    if call_back := found.get("call_back"):
        private["call_back"] = call_back.pop("number")
    if later := found.pop(_LATER, ""):
        private.update(json.loads(later))
    asked = private.get("variables", ())
    for number, values in enumerate(_values(found)):
        if spoken := {name: values[name] for name in values if name not in PUBLIC or name in asked}:
            for name in spoken:
                del values[name]
            private.setdefault("prompts", {})[str(number)] = spoken
    return private


def put_back(found: dict[str, Any], private: Mapping[str, Any]) -> None:
    """Undo ``taken_out``. What is missing in ``private``, because it was erased, is empty."""
    found["number"] = private.get("number", "")
    found.update({name: private[name] for name in _WHOLE if name in private})
    if not _KNOWN.issuperset(private):
        found[_LATER] = json.dumps({name: value for name, value in private.items() if name not in _KNOWN})
    if call_back := found.get("call_back"):
        call_back["number"] = private.get("call_back", "")
    if spoken := private.get("prompts"):
        for number, values in enumerate(_values(found)):
            values.update(spoken.get(str(number), {}))


def _values(found: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The values of all prompts, of all legs, in order."""
    for leg in found["legs"]:
        place = leg[_PLACE]
        if len(place) > 1:
            for _, values in place[1]:
                yield values
