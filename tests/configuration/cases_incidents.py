# ruff: noqa: E501 - a message is one line
"""Who answers incidents, and until when."""

from tests.configuration.breaking import PEOPLE, RULES, Case, edit, together

REVIEWERS = "# reviewers: {rae: {name: Rae}, kim: {name: Kim}}"

# fmt: off
CASES: list[Case] = [
    (edit(PEOPLE, REVIEWERS, "reviewers: {rae: {name: Rae}}"),
     ['config/people.yaml:15:1 CF285 only "rae" can answer incidents: if that is late, nobody else is told']),
    (edit(PEOPLE, REVIEWERS, "reviewers: {rae: {name: Rae}, ben: {name: Benedict}}"),
     ['config/people.yaml:15:31 CF286 "ben" is the id of Ben, too: it must be one and the same person']),
    (edit(PEOPLE, REVIEWERS, "reviewers: {rae: {name: Rae}, callflow: {name: Benedict}}"),
     ['config/people.yaml:15:31 CF286 "callflow" is a name of our own; choose another id']),
    (edit(RULES, "  # calendar: office ", "  calendar: office   "),
     ['config/deescalation.yaml:67:13 CF287 there is no calendar "office": there is no calendars.yaml']),
    (edit(RULES, "  # late_to: sky ", "  late_to: skye  "),
     ['config/deescalation.yaml:68:12 CF288 "skye" is neither a reviewer nor a supervisor (did you mean "sky"?)']),
    (edit(RULES, "  answer_days: 2  ", "  answer_days: 20 "),
     ['config/deescalation.yaml:66:16 CF014 "answer_days" is 20; it must be from 1 to 10 (policy rule 32: working days until a reviewer has answered)']),
]
# fmt: on
GOOD = together(
    edit(PEOPLE, REVIEWERS, "reviewers: {rae: {name: Rae}}"), edit(RULES, "  # late_to: sky ", "  late_to: sky   ")
)
"""One reviewer, and a supervisor for what is not answered in time."""
