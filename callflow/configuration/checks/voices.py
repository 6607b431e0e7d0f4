"""Checks of voices: known, and of the language that they are set to speak."""

import re
from collections.abc import Iterator, Mapping

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import LANGUAGE

CHECKS: list[Check] = []
check = collector(CHECKS)

_POLLY = """
    en-US: Joanna Matthew Salli Kendra Kimberly Kevin Justin Joey Ivy Danielle Gregory Ruth Stephen Patrick Tiffany
    en-GB: Amy Emma Brian Arthur
    en-AU: Nicole Russell Olivia
    en-IN: Raveena Kajal
    en-IE: Niamh
    en-NZ: Aria
    en-ZA: Ayanda
    en-SG: Jasmine
    en-GB-WLS: Geraint
    de-DE: Hans Marlene Vicki Daniel
    de-AT: Hannah
    de-CH: Sabrina
    fr-FR: Celine Lea Mathieu Remi
    fr-CA: Chantal Gabrielle Liam
    fr-BE: Isabelle
    es-ES: Conchita Enrique Lucia Sergio Alba Raul
    es-MX: Mia Andres
    es-US: Lupe Miguel Penelope Pedro
    it-IT: Carla Giorgio Bianca Adriano
    pt-BR: Vitoria Camila Ricardo Thiago
    pt-PT: Ines Cristiano
    nl-NL: Laura Lotte Ruben
    nl-BE: Lisa
    pl-PL: Ewa Jacek Jan Maja Ola
    sv-SE: Astrid Elin
    nb-NO: Liv Ida
    da-DK: Naja Mads Sofie
    fi-FI: Suvi
    is-IS: Dora Karl
    ja-JP: Mizuki Takumi Kazuha Tomoko
    ko-KR: Seoyeon Jihye
    cmn-CN: Zhiyu
    yue-CN: Hiujin
    ru-RU: Maxim Tatyana
    tr-TR: Filiz Burcu
    ro-RO: Carmen
    cy-GB: Gwyneth
    ar-AE: Hala Zayd
    arb: Zeina
    hi-IN: Aditi
    ca-ES: Arlet
    cs-CZ: Jitka
"""
"""The Amazon Polly voices that Twilio supports, by language. An unknown one is only a warning."""
POLLY: Mapping[str, str] = {
    name: row.split(":")[0].strip() for row in _POLLY.strip().splitlines() for name in row.split(":")[1].split()
}
FAMILIES = ("Polly.", "Google.")
PLAIN = frozenset({"man", "woman", "alice"})
"""The provider's basic voices, which speak every language."""
ENGLISH_TOO = frozenset({"Aditi", "Kajal"})
ALIKE = {"zh": "cmn", "ar": "arb", "no": "nb"}
"""Other names of the same language."""


def language_of(voice: str) -> str:
    """The language of a voice; "" if it is unknown or speaks every language."""
    family, _, name = voice.partition(".")
    if family == "Google":
        return "-".join(name.split("-")[:2])
    plain = name.removesuffix("-Neural").removesuffix("-Generative")
    return POLLY.get(plain, "") if family == "Polly" and plain not in ENGLISH_TOO else ""


def base(tag: str) -> str:
    first = tag.split("-")[0].lower()
    return ALIKE.get(first, first)


@check("CF168")
def voices_speak_the_language(draft: ConfigurationDraft) -> Iterator[Found]:
    for code, file in draft.scripts.items():
        voice, tag = file.voice.name, file.voice.language
        speaks = language_of(voice)
        if speaks and base(speaks) != base(tag):
            message = f'"{voice}" speaks {speaks}, but its language is given as {tag}'
            yield Found(draft.script_sources[code], ("voice", "language"), message)
        elif re.match(LANGUAGE, code) and base(code) != base(tag):
            message = f"the file is {code}.yaml, but its voice speaks {tag}"
            yield Found(draft.script_sources[code], ("voice", "language"), message)


@check("CF169")
def voices_are_known(draft: ConfigurationDraft) -> Iterator[Found]:
    for code, file in draft.scripts.items():
        name = file.voice.name
        plain = name.removeprefix("Polly.").removesuffix("-Neural").removesuffix("-Generative")
        if name in PLAIN or name.startswith("Google.") or (name.startswith("Polly.") and plain in POLLY):
            continue
        known = [*PLAIN, *(f"Polly.{one}" for one in POLLY), *(f"Polly.{one}-Neural" for one in POLLY)]
        families = f"; voices begin with {' or '.join(FAMILIES)}" if not name.startswith(FAMILIES) else ""
        message = f'the voice "{name}" is not known here{did_you_mean(name, known)}{families}'
        yield Found(draft.script_sources[code], ("voice", "name"), message)
