# ruff: noqa: E501 - a message is one line
"""A second language, and people who hear it."""

from tests.configuration.breaking import FLOW, PEOPLE, RULES, SCRIPTS, Case, edit, german, together

STAFF = edit(PEOPLE, '"+15550100111"}', '"+15550100111", language: de}')

CHOSEN = together(
    edit(
        FLOW,
        "start: welcome\nsteps:\n",
        'start: tongue\nsteps:\n  tongue: {language: tongue, languages: {"1": en, "2": de}, next: welcome}\n',
    ),
    edit(SCRIPTS, "scripts:\n", 'scripts:\n  tongue: {text: "For English press 1. Für Deutsch drücken Sie 2."}\n'),
)

# fmt: off
CASES: list[Case] = [
    (STAFF, ['config/people.yaml:7:53 CF047 there is no file scripts/de.yaml; there is en']),
    (together(german(signed=False), STAFF),
     ['config/scripts/de.yaml:5:8 CF250 no native speaker of de has signed these words, and people hear them']),
    (together(german(), CHOSEN),
     ['config/scripts/de.yaml:124:1 CF259 the line "tongue" of a flow is missing: who chose de hears it in another language']),
    (together(german("  personal insults: persönliche Beleidigungen\n", "  personal insult: persönliche Beleidigungen\n")),
     ['config/scripts/de.yaml:8:1 CF192 "personal insults" (deescalation.yaml, line 51) is not in "names" (did you mean "personal insult"?): callers would hear it in the default language']),
    (together(german("  personal insults: persönliche Beleidigungen\n", "  personal insult: persönliche Beleidigungen\n"), STAFF),
     ['config/scripts/de.yaml:8:1 CF191 "personal insults" (deescalation.yaml, line 51) is not in "names" (did you mean "personal insult"?): callers hear it in the default language']),
    (together(german("  a bill: eine Rechnung\n", ""), STAFF),
     ['config/scripts/de.yaml:8:1 CF192 "a bill" (flows/front_desk.yaml, line 19) is not in "names": staff hear it in the default language']),
    (german("  Example Energy: Beispiel-Energie\n", ""),
     ['config/scripts/de.yaml:8:1 CF192 "Example Energy" (callflow.yaml, line 6) is not in "names": callers would hear it in the default language']),
    (together(german(), edit(PEOPLE, "name: Ana,", "name: アナ,")),
     ['config/scripts/de.yaml:8:1 CF192 "アナ" is not in "names": a voice of de cannot read letters that are katakana']),
    (german("Diese Taste hat hier keine Wirkung.", "That key does nothing here."),
     ['config/scripts/de.yaml:210:23 CF193 "unknown_key" is word for word as in the default language; translate it']),
    (german("Danke. Sie sprechen wieder mit {agent}.", "Thanks, so you are with {agent} again."),
     ['config/scripts/de.yaml:182:20 CF193 "carry_on" is not in de: "you", "are", "with" are English']),
    (german("lautes Schreien", "crier contre nous et les autres"),
     ['config/scripts/de.yaml:12:25 CF193 "crier contre nous et les autres" is not in de: "nous", "et", "les" are French']),
    (edit(RULES, "look at your account", "das für Sie zu prüfen"),
     ['config/deescalation.yaml:30:11 CF193 "das für Sie zu prüfen" is not in en: "das", "für", "sie" are German']),
    (german('"{key} mehr"', '"{key} more"'),
     ['config/scripts/de.yaml:74:18 CF194 "choice_repeat" is the same as in the default language; is it translated?']),
    (german("persönliche Beleidigungen", "persönliche Beleidigungen."),
     ['config/scripts/de.yaml:13:21 CF167 "persönliche Beleidigungen." is spoken in the middle of a sentence: no "." at its end']),
    (german("answers: {yes: [meinetwegen], no: [lieber nicht], courtesies: [das geht, machen sie das]}", "answers: {yes: [jo]}", to="nds"),
     ['config/scripts/nds.yaml:6:45 CF168 the file is nds.yaml, but its voice speaks de-DE',
      'config/scripts/nds.yaml:7:1 CF190 callers are asked to say yes or no, and we know no words of "nds": write no in "answers"']),
]
# fmt: on
