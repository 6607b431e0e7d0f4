# ruff: noqa: E501 - a message is one line
"""Numbers of other countries, and lines in other scripts."""

from tests.configuration.breaking import CALLFLOW, FLOW, PEOPLE, RULES, SCRIPTS, Break, Case, edit, german, together

CHOICES, GREETING = "Press 1 to hold, or 2 to keep talking.", 'Thank you for calling {org}."}\n  reason'
BILL, DELIVERY = "reason: a bill}", "reason: a delivery}"
NEXT = '"}\n  reason'


def words(first: str, second: str) -> Break:
    """Words for the two choices of the menu."""
    return together(edit(FLOW, BILL, f"reason: a bill, words: [{first}]}}"),
                    edit(FLOW, DELIVERY, f"reason: a delivery, words: [{second}]}}"))  # fmt: skip


ASKED = together(
    german("lautes Schreien", "lautes Schreien"),
    edit(SCRIPTS, 'Thank you for calling {org}."}\n  reason', 'Thank you for calling {org} about {day}."}\n  reason'),
    edit(
        FLOW,
        "start: welcome\nsteps:\n",
        "start: day\nvariables: {day: {description: when we come}}\nsteps:\n"
        "  day: {ask: greeting, into: day, words: {Monday: [Monday, Montag]}, next: welcome, otherwise: reason}\n",
    ),
)
"""A flow that asks for a day and speaks it, in two languages."""

# fmt: off
CASES: list[Case] = [
    # ---- numbers
    (edit(PEOPLE, "+15550100112", "+49030123456"),
     ['config/people.yaml:8:27 CF020 the phone number "+49030123456" must be written "+4930123456", without what is dialled only inside the country']),
    (edit(PEOPLE, "+15550100112", "+39612345678"),
     ['config/people.yaml:8:27 CF020 the phone number "+39612345678" must be written "+390612345678": in its country the zero belongs to the number']),
    (edit(CALLFLOW, '  "+15550100100": front_desk', '  "+15550100100": front_desk\n  "+44(0)2079460100": front_desk'),
     ['config/callflow.yaml:15:3 CF020 the phone number "+44(0)2079460100" must be written "+442079460100", without what is dialled only inside the country']),
    (edit(PEOPLE, "+15550100112", "+1 555 010 0111"),
     ['config/people.yaml:8:27 CF020 the phone number "+1 555 010 0111" must be written "+15550100111"',
      'config/people.yaml:8:27 CF027 "ben" has the phone of "ana": it is rung once, and busy for both while one talks; if they share it, write "phone: ana"']),
    (edit(PEOPLE, "+15550100112", "+10000000000"),
     ['config/people.yaml:8:27 CF020 the phone number "+10000000000" is what networks show for a withheld number']),
    (edit(PEOPLE, "+15550100112", "+7378742833"),
     ['config/people.yaml:8:27 CF020 the phone number "+7378742833" is what networks show for a withheld number']),
    (edit(PEOPLE, "+15550100112", "+491"),
     ['config/people.yaml:8:27 CF020 the phone number "+491" has too few or too many digits for its country']),
    (edit(PEOPLE, "+15550100112", "+999123456"),
     ['config/people.yaml:8:27 CF020 the phone number "+999123456" begins with the code of no country']),
    # ---- characters that cannot be seen, in each file
    (edit(CALLFLOW, "caller_id: \"+1555", "caller_id: \"\u202a+1555"),
     ['config/callflow.yaml:10:13 CF080 U+202A LEFT-TO-RIGHT EMBEDDING cannot be seen here: delete it']),
    (edit(RULES, "look at your account", "look at\u200b your account"),
     ['config/deescalation.yaml:30:18 CF080 U+200B ZERO WIDTH SPACE cannot be seen here: delete it']),
    (edit(FLOW, "reason: a bill", "reason: a bi\u00adll"),
     ['config/flows/front_desk.yaml:19:37 CF080 U+00AD SOFT HYPHEN cannot be seen here: delete it']),
    (edit(SCRIPTS, CHOICES, f"\ufeff{CHOICES}"),
     ['config/scripts/en.yaml:161:25 CF080 U+FEFF ZERO WIDTH NO-BREAK SPACE cannot be seen here: delete it']),
    # ---- other scripts
    (edit(SCRIPTS, CHOICES, "按1继续等待。"),
     ['config/scripts/en.yaml:161:24 CF142 "hold_choices" does not say what 2 is for']),
    (edit(SCRIPTS, CHOICES, "1번, 2번 또는 ３번을 누르세요."),
     ['config/scripts/en.yaml:161:24 CF143 "hold_choices" names 3, which does nothing there',
      'config/scripts/en.yaml:161:24 CF193 "hold_choices" is not in en: its letters are hangul']),
    (edit(SCRIPTS, GREETING, f"ありがとうございます。{{org}}です。少々お待ちください。{NEXT}"),
     ['config/scripts/en.yaml:124:20 CF045 "greeting" has 3 sentences; at most 2 are heard by an angry caller (policy rule 45)',
      'config/scripts/en.yaml:124:20 CF193 "greeting" is not in en: its letters are hiragana']),
    (edit(SCRIPTS, GREETING, f"धन्यवाद। {{org}}। कृपया रुकिए।{NEXT}"),
     ['config/scripts/en.yaml:124:20 CF045 "greeting" has 3 sentences; at most 2 are heard by an angry caller (policy rule 45)',
      'config/scripts/en.yaml:124:20 CF193 "greeting" is not in en: its letters are devanagari']),
    (edit(SCRIPTS, GREETING, f"شكراً؟ {{org}}؟ لحظة.{NEXT}"),
     ['config/scripts/en.yaml:124:20 CF045 "greeting" has 3 sentences; at most 2 are heard by an angry caller (policy rule 45)',
      'config/scripts/en.yaml:124:20 CF193 "greeting" is not in en: its letters are arabic']),
    # ---- one text is one text, composed or not
    (edit(SCRIPTS, 'yes: [by all means], no: [not now]', 'yes: ["si\\u0301"], no: ["s\\u00ed"]'),
     ['config/scripts/en.yaml:7:17 CF036 "sí" is among the no words, too: it can only be one of them',
      'config/scripts/en.yaml:7:35 CF036 "sí" is among the yes words, too: it can only be one of them']),
    (together(edit(PEOPLE, "name: Ana,", "name: Jose\u0301,"), edit(PEOPLE, "name: Sam,", "name: Jos\u00e9,")),
     ['config/people.yaml:12:15 CF127 callers hear "José" for "ana" and for "sam" when one introduces the other']),
    (words("caf\u00e9", "CAFE\u0301"),
     ['config/flows/front_desk.yaml:20:53 CF078 "CAFÉ" means 2 and 1: words choose only if they are clear']),
    (words("HAYIR", "hayır"),
     ['config/flows/front_desk.yaml:20:53 CF078 "hayır" means 2 and 1: words choose only if they are clear']),
    (words("月曜", "月曜！"),
     ['config/flows/front_desk.yaml:20:53 CF078 "月曜！" means 2 and 1: words choose only if they are clear']),
    # ---- known answers, in a second language
    (ASKED,
     ['config/scripts/de.yaml:8:1 CF192 "Monday" (flows/front_desk.yaml, line 13) is not in "names": callers would hear it in the default language']),
    # ---- time with people
    (edit(RULES, "wrap_up_seconds: 60", "wrap_up_seconds: 5"),
     ['config/deescalation.yaml:60:20 CF014 "wrap_up_seconds" is 5; it must be from 10 to 600 (policy rule 38: after an ordinary call)']),
]
# fmt: on
