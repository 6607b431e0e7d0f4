"""Calls in layout 3, for servers of before that share a database with this Callflow until the upgrade is finished.

They know no fragments in prompts, fewer lines, and other variables in two of them. ``of_layout_3`` converts what they
stored; ``in_layout_3`` makes a call that they can read and speak. What it leaves out is only said, or shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from callflow.core import prompts
from callflow.core.call import Call, Leg, Prompt
from callflow.core.configuration import Configuration
from callflow.core.evidence import Recorded

LAYOUT: Final = 3
ABOUT: Final = frozenset({"offer", "lead_lost_staff"})
"""Lines with the fragment ``about``, which had ``reason`` in its place."""
EMERGENCY: Final = frozenset({"alert", "safeguarding_on", "threat_on"})
"""Lines that did not have the emergency number."""
SPOKEN_AS: Final[Mapping[str, str]] = MappingProxyType({"alert_safeguarding": "alert", "you_are_away": "",
                                                        "offer_for": ""})  # fmt: skip
"""Lines that there were not -> the one spoken instead, or "" for none."""


def of_layout_3(found: dict[str, Any]) -> dict[str, Any]:
    """The fields of a stored call of layout 3 as those of layout 4."""
    for leg in found["legs"]:
        place = leg[8]
        for script, values in place[1] if len(place) > 1 else ():
            if script in ABOUT and "about" not in values:
                reason = values.get("reason", "")
                values["about"] = {"about": {"reason": reason}} if reason else ""
            if script in EMERGENCY:
                for name in ("emergency", "police", "ambulance"):
                    values.setdefault(name, "")
    return found


def in_layout_3(call: Call, configuration: Configuration) -> Call:
    """The call as it can be stored in layout 3, its prompts in the words of whoever hears them."""
    return call.but(
        call_token="",
        recording=Recorded.OFF,
        briefing=0,
        legs=tuple([_leg(call, leg, configuration) for leg in call.legs]),
    )


def _leg(call: Call, leg: Leg, configuration: Configuration) -> Leg:
    if not leg.place.prompts:
        return leg
    language = prompts.heard_by(configuration, call, leg)
    spoken = [_prompt(one, language, configuration) for one in leg.place.prompts if SPOKEN_AS.get(one.script, "as is")]
    return leg.but(place=replace(leg.place, prompts=tuple(spoken)))


def _prompt(spoken: Prompt, language: str, configuration: Configuration) -> Prompt:
    values = dict(spoken.values)
    if spoken.script in ABOUT:
        about = values.get("about")
        values.setdefault("reason", about.values["reason"] if isinstance(about, Prompt) else "")
    script = SPOKEN_AS.get(spoken.script, spoken.script)
    return Prompt(script, prompts.words(configuration, language, Prompt(spoken.script, values)))
