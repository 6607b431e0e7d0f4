"""The numbers and words of a house in some country, as somebody there writes them."""

import unicodedata
from random import Random
from typing import Any

from phonenumbers import PhoneNumberType as Kind

from tests.world.places import COUNTRIES, Country, kinds, numbers
from tests.world.tongues import TONGUES, Tongue


class Texts:
    """What one house writes, ``chance`` deciding: its numbers, and words in its languages."""

    def __init__(self, country: Country, chance: Random) -> None:
        self.country, self.chance = country, chance
        self.tongue: Tongue = TONGUES[chance.choice(country.languages)]
        self.second: Tongue = TONGUES[chance.choice(sorted(set(TONGUES) - {self.tongue.code}))]
        region = chance.choice(("", f"-{country.region}", f"-{country.region.lower()}"))
        self.language, self.other_language = f"{self.tongue.code}{region}", self.second.code
        self.contact = self.long(80)
        called = chance.choice(kinds(country.region))
        self.ours = numbers(country.region, called, 3)
        self.staff = [one for one in numbers(country.region, Kind.MOBILE, 12) if one not in self.ours]
        others = chance.sample([one for one in COUNTRIES if one is not country], 3)
        self.callers = [numbers(one.region, chance.choice(kinds(one.region)), 1)[0] for one in others]

    def spelt(self, text: str) -> str:
        """Composed or not, because several people write these files, with editors of their own."""
        return unicodedata.normalize(self.chance.choice(("NFC", "NFD")), text)

    def long(self, characters: int) -> str:
        """Words up to a limit."""
        text = ""
        while len(longer := f"{text}{self.tongue.blank}{self.chance.choice(self.tongue.words)}".strip()) <= characters:
            text = longer
        return text

    def played(self) -> Any:
        kinds = ("talking", "after_hold", "after_warning", "with_supervisor", "supervisor")
        return {"version": 1, "name": self.phrase(1), "voice": {"name": "Polly.Matthew-Neural", "language": "en-US"},
                "pause_seconds": 9, "hold": "silence", "supervisor": "no", "supervisor_comes": False,
                "lines": {kind: [self.phrase(0)] for kind in kinds}}  # fmt: skip

    def phrase(self, number: int) -> str:
        return self.spelt(self.tongue.phrases[number])

    def name(self, number: int) -> str:
        return self.spelt(self.country.people[number % len(self.country.people)])

    def words(self, count: int) -> list[str]:
        return [self.spelt(one) for one in self.tongue.words[:count]]
