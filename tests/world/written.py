"""A whole configuration as a house of some country and language would write it: every field of every file has a value.

Lines are the shipped ones in words of the language, with the same keys and variables (``Tongue.line``).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import available_timezones

from pydantic import BaseModel
from ruamel.yaml import YAML

from callflow.configuration.reading.rules import (
    AftercareShape,
    DelegateUpwardsShape,
    DrawTheLineShape,
    IncidentsShape,
    MenuShape,
    TimeOutShape,
)
from callflow.core.languages import speaking_seconds
from tests.world.flows import front_desk, last_steps, message_step, night, practice, practice_with, reception
from tests.world.own import FIRM, MAILER, OWN_LINES
from tests.world.places import DAYS, Country
from tests.world.texts import Texts
from tests.world.tongues import Tongue

ROOT = Path(__file__).parents[2]
Files = dict[str, Any]
"""Path of a file below the configuration directory -> its content."""
RECORDED_SECONDS = 10
SPECIAL = frozenset(":#{}[],&*!|>'\"%@`?\n")
RESERVED = ("true", "false", "null")
RANGES = (["08:00-12:30", "13:30-18:00"], ["22:00-02:00"], ["00:00-24:00"], ["09:00-17:00"])


def _plain(file: str) -> Any:
    return YAML(typ="safe", pure=True).load((ROOT / "config" / file).read_text("utf-8"))


SHARED, MORE = ("carry_on", "warning_final", "choice_threat"), ("practice_welcome", "note_saved")
"""Lines and fragments of the first language that stand in files of their own."""
PARTS: Mapping[str, type[BaseModel]] = {
    "menu": MenuShape, "time_out": TimeOutShape, "delegate_upwards": DelegateUpwardsShape,
    "draw_the_line": DrawTheLineShape, "aftercare": AftercareShape, "incidents": IncidentsShape,
}  # fmt: skip
PLACES = tuple(sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/")))
"""Time zones that are named after a place, old names among them."""


@cache
def shipped(file: str) -> Any:
    return _plain(file)


@cache
def texts() -> Mapping[str, str]:
    """Every line in English."""
    return {id: one["text"] for id, one in shipped("scripts/en.yaml")["scripts"].items()} | OWN_LINES


class House(Texts):
    """One configuration. ``files`` is what is written."""

    def __init__(self, country: Country, chance: Random) -> None:
        super().__init__(country, chance)
        self.files = self._files()

    def _files(self) -> Files:
        return {
            "callflow.yaml": self.callflow(), "people.yaml": self.people(), "deescalation.yaml": self.rules(),
            "guidance.yaml": self.guidance(), "practice/caller.yaml": self.played(),
            "calendars.yaml": self.calendars(),
            "flows/front_desk.yaml": front_desk(self), "flows/night.yaml": night(),
            "flows/practice.yaml": practice(self), "shared/steps.yaml": last_steps(self),
            "shared/more_steps.yaml": message_step(),
            "shared/lines.yaml": self.shared_lines(), "shared/more_lines.yaml": self.more_lines(),
            "flows/reception.yaml": reception(self, self.hours()),
            f"scripts/{self.language}.yaml": self.scripts(self.tongue),
            f"scripts/{self.other_language}.yaml": self.scripts(self.second),
            "scenarios/known.yaml": self.scenario("known"), "scenarios/then.yaml": self.scenario("then", "known"),
        }  # fmt: skip

    def within(self, known: Mapping[str, Any], shape: type[BaseModel]) -> dict[str, int]:
        """A value for each whole number of this shape: the one that is known, the least or the most."""
        found = {}
        for name, info in shape.model_fields.items():
            ends = [getattr(one, end) for one in info.metadata for end in ("ge", "le") if hasattr(one, end)]
            if len(ends) == 2 and name in known:
                found[name] = self.chance.choice((known[name], *ends))
        return found

    # -- files

    def callflow(self) -> Any:
        country = self.country
        return {
            "version": 1,
            "organisation": {
                "name": self.spelt(country.organisation),
                "contact": self.spelt(self.contact), "consultation": self.spelt(self.long(80)),
                "conduct_notice": "greeting",
                "emergency_number": self.chance.choice(country.emergency),
                "emergency_numbers": {"police": country.emergency[0], "ambulance": country.emergency[-1]},
                "emergency_numbers_of": {self.ours[2]: {"police": country.emergency[-1],
                                                        "ambulance": country.emergency[0]}},
            },
            "caller_id": self.ours[0], "show_caller_number": self.chance.choice(("no", "staff")),
            "outgoing_calls": "no", "duty": [],
            "webhooks": MAILER,
            "receipts": {"by": "webhook", "webhook": "mailer", "sender": self.ours[0],
                         "contact": self.spelt(self.contact)},
            "sign_in": {"firm": {**FIRM, "name": self.spelt(country.organisation)[:40]}},
            "numbers": {self.ours[0]: "front_desk", self.ours[1]: "reception",
                        "sip:staff@example.sip.twilio.com": {"staff": True},
                        "sip:desk@example.sip.twilio.com": "reception",
                        self.ours[2]: {"flow": "practice", "with": practice_with(self), "account": f"AC{'0f' * 16}",
                                       "organisation": {"name": self.phrase(1), "contact": self.spelt(self.long(80))}}},
            "language": self.language, "music": "hold_music.wav", "timezone": country.zone,
            "recording": {"mode": "off", "pause_seconds": self.chance.choice((30, 600)),
                          "delete_at_provider": self.chance.choice((True, False))},
            "history_days": 90,
            "retention": {"recordings_days": 30, "transcripts_days": None, "follow_ups_months": 6, "calls_months": 6,
                          "incidents_months": 36, "hold_review_days": 90, "hold_owner": "sky"},
            "room": {"jitter": self.chance.choice(("off", "small", "medium", "large"))},
            "speech": {"model": "deepgram_nova-3", "engines": {"voicemail": {
                "engine": "faster_whisper", "model_path": "/srv/models/tiny", "sha256": "0f" * 32}}},
            "lookups": {"allow_private": ["crm.internal"], "allow_http": ["crm.internal"]},
        }  # fmt: skip

    def people(self) -> Any:
        phones = iter(self.staff)
        other = self.chance.choice(("sip:ana@pbx.example.com", "client:ana", next(phones)))
        return {
            "version": 1,
            "agents": {
                "ana": {"name": self.name(0), "phone": other, "staff_number": "204",
                        "may_record_prompts": True, "role": self.phrase(1),
                        "language": self.language},
                "ben": {"name": self.name(1), "phone": next(phones), "extension": "ww204#",
                        "language": self.other_language, "on_duty": {"calendar": "office"}},
            },
            "supervisors": {
                "sam": {"name": self.name(2), "phone": next(phones), "role": self.phrase(0), "staff_number": "99",
                        "may_record_prompts": True},
                "sky": {"name": self.name(3), "phone": next(phones), "role": self.phrase(0), "extension": "W17",
                        "language": self.other_language, "on_duty": self.hours()},
            },
            "security": {"name": self.spelt(self.tongue.words[-1]), "phone": next(phones), "extension": "w1",
                         "language": self.language},
            "seniors": ["sky", "sam"],
            "reviewers": {"rae": {"name": self.name(3), "phone": self.staff[0]}, "sam": {"name": self.name(2)}},
            "ops": {"omar": {"name": self.name(1)}}, "auditors": {"ada": {"name": self.name(0)}},
            "teams": {
                "energy_desk": {
                    "name": self.phrase(1), "agents": ["ana", "ben"], "supervisors": ["sam", "sky"],
                    "ring": self.chance.choice(("in_order", "longest_idle", "all")),
                },
            },
        }  # fmt: skip

    def rules(self) -> Any:
        rules = {name: part | self.within(part, PARTS[name]) if name in PARTS else part
                 for name, part in shipped("deescalation.yaml").items()}  # fmt: skip
        hold, care = rules["time_out"], rules["delegate_upwards"]
        hold["seconds"] = min(hold["seconds"], 30)
        hold["total_seconds"] = max(hold["total_seconds"], hold["seconds"] * hold["most_per_call"])
        hold["asks"] = min(hold["asks"], 60 // (hold["answer_seconds"] + 14))
        care["ring_total_seconds"] = max(care["ring_total_seconds"], 2 * care["ring_seconds"])
        rules["menu"]["keys"]["card_data"] = "8"
        care["spoken_briefing"] = self.chance.choice((True, False))
        line = rules["draw_the_line"]
        line["tell_supervisors"], line["co_signature"] = "ring", True
        line["lapse_seconds"] = max(line["lapse_seconds"], 2 * line["grace_seconds"])
        named = zip("1234", (3, 4, 3, 4), (False, False, True, True), strict=True)
        conduct = {key: {"name": self.phrase(number), "severe": severe} for key, number, severe in named}
        return rules | {
            "order": self.chance.choice(("reasoned", "in_order")), "spoken_answers": "provider",
            "alarms": {"closings_per_1000": 2, "locked_minutes": 4},
            "incidents": rules["incidents"] | {"calendar": "office", "late_to": "sky"},
            "time_out": hold | {"reason": self.phrase(2)}, "draw_the_line": line | {"conduct": conduct},
        }  # fmt: skip

    def guidance(self) -> Any:
        card = {"title": self.phrase(1), "words": self.words(5), "say": self.spelt(" ".join(self.tongue.words[:4]))}
        offer = {"name": self.phrase(1), "number": "1", "limits": "-", "reasons": [], "teams": ["energy_desk"]}
        said = {kind: [self.phrase(0)] for kind in ("empathy", "summary")}
        return {"version": 1, "cards": dict.fromkeys(("default", "safeguarding", "threat"), card),
                "offers": {"one": offer}, "sentences": said}  # fmt: skip

    def hours(self) -> Any:
        open_days = [day for day in DAYS if day not in self.country.weekend]
        return {
            "timezone": self.chance.choice((self.country.zone, *PLACES)),
            "weekly": {day: self.chance.choice(RANGES[::3]) for day in open_days}
            | {self.country.weekend[0]: RANGES[1]},
            "holidays": [*self.country.holidays],
            "special_hours": {"02-29": ["09:00-12:00"], "2027-03-13 to 2027-03-15": self.chance.choice(RANGES)},
        }  # fmt: skip

    def calendars(self) -> Any:
        return {"version": 1, "calendars": {"office": self.hours()}}

    def scripts(self, tongue: Tongue) -> Any:
        """All lines; of the first language, those that do not stand in shared files."""
        apart = {*SHARED, *MORE} if tongue is self.tongue else set()
        yes, no, courtesy = tongue.said
        every = (*texts(), *shipped("scripts/en.yaml")["fragments"])
        return {
            "version": 1, "draft": False, "signed_by": self.spelt(yes),
            "voice": {"name": tongue.voice, "language": tongue.tag, "offline": f"espeak-ng {tongue.code}",
                      "offline_staff": "say --to {file}"},
            **({"include": ["shared/lines.yaml"]} if apart else {"names": self.names()}),
            "answers": {"yes": [self.spelt(yes)], "no": [self.spelt(no)], "not": [self.spelt(no)],
                        "courtesies": [self.spelt(courtesy)]},
            **self.lines(tongue, [id for id in every if id not in apart]),
            "written": {id: self.spelt(tongue.line(line, self.chance))
                        for id, line in shipped("scripts/en.yaml")["written"].items()},
        }  # fmt: skip

    def names(self) -> Any:
        """What other files say, in the second language."""
        said = dict(zip(self.tongue.phrases, self.second.phrases, strict=True))
        organisation = self.country.organisation
        own = {organisation: organisation, self.contact: self.second.blank.join(self.second.words[:4])}
        people = {name: name for name in self.country.people}
        answers = dict(zip(self.tongue.words[-2:], self.second.words[-2:], strict=True))
        return {self.spelt(key): self.spelt(value) for key, value in (said | own | people | answers).items()}

    def shared_lines(self) -> Any:
        return {"version": 1, "include": ["shared/more_lines.yaml"], "names": {self.phrase(2): self.phrase(2)},
                **self.lines(self.tongue, SHARED)}  # fmt: skip

    def more_lines(self) -> Any:
        return {"version": 1, **self.lines(self.tongue, MORE)}

    def lines(self, tongue: Tongue, ids: Iterable[str]) -> Any:
        """Lines and fragments in a language."""
        english = shipped("scripts/en.yaml")["fragments"]
        scripts = {id: {"text": self.spelt(tongue.line(texts()[id], self.chance))} for id in ids if id in texts()}
        fragments = {id: self.spelt(tongue.line(english[id], self.chance)) for id in ids if id in english}
        if "warning_final" in scripts:
            scripts["warning_final"] = self._recorded(tongue)
        return {"scripts": scripts, "fragments": fragments}

    def _recorded(self, tongue: Tongue) -> dict[str, str]:
        """The final warning with the shipped recordings, which last eleven seconds."""
        text = tongue.line("We are close to ending this because of {conduct}.", self.chance)
        while speaking_seconds(text, tongue.tag) < RECORDED_SECONDS:
            text = f"{self.chance.choice(tongue.words)}{tongue.blank}{text}"
        return {"text": self.spelt(text), "audio": "en/warning_final_{conduct}.wav"}

    def scenario(self, name: str, before: str = "") -> Any:
        """The beginning of a call, and what a second part adds."""
        said = {"hears": "hello_name", "saying": self.name(3)}
        steps = [{"caller": "calls"}, {"caller": said}, {"caller": {"hears": "reason_menu", "says": self.phrase(5)}},
                 {"ana": {"hears": "offer", "saying": self.phrase(5), "presses": "1"}}]  # fmt: skip
        later = {"settings": {"time_out": {"reason": self.phrase(5)}}, "ring": {"energy_desk": "in_order"},
                 "people": {"ben": "busy"}, "fallback": "document"}  # fmt: skip
        return {
            "version": 1, "name": self.phrase(1), "starts": "2026-12-24 11:59",
            "callers": {"dora": self.callers[0], "eli": "withheld", "caller": self.callers[2]},
            "steps": [{"together": ["caller", "ana"]}] if before else steps,
            "journal": [{"kind": "accepted", "actor": "ana"}], "never": [{"kind": "hold"}, {"sky": "rings"}],
            "answers": {"find": {"body": {"customer": {"name": self.name(0)}}}},
            "faults": {"switches": {}, "chaos": {}},
            **({"continues": before, **later} if before else {"people": {"ben": "by hand"}}),
        }  # fmt: skip


def write(files: Mapping[str, Any], config: Path) -> None:
    """As an editor writes YAML: letters of any script as they are, quotes only where they are needed."""
    for name, content in files.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(_lines(content)) + "\n", encoding="utf-8")


def _lines(node: Any) -> Iterator[str]:
    entries = node.items() if isinstance(node, dict) else ((None, one) for one in node)
    for key, value in entries:
        name = "-" if key is None else f"{_scalar(key)}:"
        if isinstance(value, dict | list) and value:
            inner = _lines(value)
            yield from (name, *(f"  {line}" for line in inner))
        else:
            yield f"{name} {_scalar(value)}"


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and value[:1].isalpha() and not SPECIAL & {*value} and value.lower() not in RESERVED
    return value if plain and value == value.strip() else json.dumps(value, ensure_ascii=False)
