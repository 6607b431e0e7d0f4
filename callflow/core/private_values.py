"""What a stored call holds of a person, apart from the rest of it, so that a store can seal it.

These are the caller's number, what was asked and looked up, the number for a call back, the provider's proof of the
call, and the values of prompts, because some of them are read out of the others. Works on the layout of ``codec``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_WHOLE: Final = ("number", "variables", "call_token")
_PLACE: Final = 8
"""The position of a leg's place in its list."""


def taken_out(found: dict[str, Any]) -> dict[str, Any]:
    """Remove the private values from a call as it is stored, and return them."""
    private: dict[str, Any] = {name: found.pop(name) for name in _WHOLE if name in found}
    if call_back := found.get("call_back"):
        private["call_back"] = call_back.pop("number")
    if values := [prompt.pop() for prompt in _prompts(found)]:
        private["prompts"] = values
    return private


def put_back(found: dict[str, Any], private: Mapping[str, Any]) -> None:
    """Undo ``taken_out``. A value that is missing in ``private``, because it was erased, is empty."""
    found["number"] = private.get("number", "")
    found.update({name: private[name] for name in _WHOLE if name in private})
    if call_back := found.get("call_back"):
        call_back["number"] = private.get("call_back", "")
    prompts = list(_prompts(found))
    for prompt, values in zip(prompts, private.get("prompts") or [{} for _ in prompts], strict=True):
        prompt.append(values)


def _prompts(found: dict[str, Any]) -> Iterator[list[Any]]:
    for leg in found["legs"]:
        place = leg[_PLACE]
        if len(place) > 1:
            yield from place[1]
