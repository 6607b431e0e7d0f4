"""What is kept of callers: adjustments have their lines, restrictions people who decide on them."""

# ruff: noqa: E501 - one case is one line, so that message and mistake stand together
from tests.configuration.breaking import PEOPLE, SCRIPTS, Case, edit, together

FLOW = "flows/front_desk.yaml"
ASKS = edit(
    FLOW,
    "    say: greeting\n    next: reason",
    "    say: greeting\n    next: needs\n  needs: {adjustments: adjustments_menu, next: reason}",
)
LAST = "# seniors: [sky, sam]"

# fmt: off
CASES: list[Case] = [
    (together(ASKS, edit(SCRIPTS, "  adjustments_pin: {", "  my_own: {")),
     ['config/scripts/en.yaml:122:1 CF270 "adjustments_pin" is missing, but callers can say what they need (the verb adjustments)',
      'config/scripts/en.yaml:147:3 CF042 the line "my_own" is not one of ours, and no flow speaks it']),
    (edit(PEOPLE, LAST, "seniors: [sky, sma]"),
     ['config/people.yaml:27:16 CF271 nobody has the id "sma" (did you mean "sam"?)']),
    (edit(PEOPLE, LAST, "seniors: [sky]"),
     ['config/people.yaml:27:10 CF272 an appeal is answered by another senior than the one who decided: name at least two (policy rule 33)']),
]
# fmt: on
