# ruff: noqa: E501 - a message is one line
"""Emergency numbers: several of them, and the lines that speak one."""

from tests.configuration.breaking import CALLFLOW, SCRIPTS, Break, Case, edit, together
from tests.configuration.workbench import Workbench

ONE = '  emergency_number: "911"'


def several(numbers: str) -> Break:
    return edit(CALLFLOW, ONE, f"  emergency_numbers: {numbers}")


JAPAN = together(
    several('{police: "110", ambulance: "119"}'),
    edit(CALLFLOW, 'caller_id: "+15550100100"', 'caller_id: "+81355501001"'),
    edit(CALLFLOW, '  "+15550100100": front_desk', '  "+81355501001": front_desk'),
    edit(CALLFLOW, "timezone: UTC", "timezone: Asia/Tokyo"),
)


def line(id: str, old: str, new: str) -> Break:
    """One text of a line, which may stand in others as well."""

    def changed(bench: Workbench) -> None:
        path = bench.config / SCRIPTS
        lines = path.read_text("utf-8").splitlines(keepends=True)
        (number,) = [number for number, one in enumerate(lines) if one.startswith(f"  {id}: ")]
        assert old in lines[number]
        lines[number] = lines[number].replace(old, new)
        path.write_text("".join(lines), "utf-8")

    return changed


# fmt: off
CASES: list[Case] = [
    (several('{police: "911"}'),
     ['config/callflow.yaml:8:3 CF122 "ambulance" is missing (policy rule 36: digits, in quotes)']),
    (edit(CALLFLOW, ONE, f'{ONE}\n  emergency_numbers_of: {{"+15550100100": {{ambulance: "911"}}}}'),
     ['config/callflow.yaml:9:26 CF122 "police" is missing (policy rule 36: digits, in quotes)']),
    (several('{police: "911", ambulance: "912"}'),
     ['config/callflow.yaml:8:49 CF121 "912" is not known as an emergency number where our numbers are (US)']),
    (edit(CALLFLOW, ONE, f'{ONE}\n  emergency_numbers_of: {{"+442079460100": {{police: "911", ambulance: "999"}}}}'),
     ['config/callflow.yaml:9:26 CF204 "+442079460100" is not one of our numbers, so nobody hears these',
      'config/callflow.yaml:9:52 CF121 "911" is not known as an emergency number in the country of +442079460100']),
    (edit(CALLFLOW, ONE, f'{ONE}\n  emergency_numbers_of: {{"+34910501820": {{police: "091", ambulance: "061"}}}}'),
     ['config/callflow.yaml:9:26 CF204 "+34910501820" is not one of our numbers, so nobody hears these']),
    (several('{police: "911", ambulance: "nine"}'),
     ['config/callflow.yaml:8:49 CF016 "ambulance": "nine" is not 2 to 6 digits']),
    (together(JAPAN, line("threat_on", "{emergency}", "{ambulance}")),
     ['config/scripts/en.yaml:322:21 CF203 "threat_on" speaks {ambulance}, but is about threat: it must speak {police}']),
    (together(JAPAN, line("alert_safeguarding", "{emergency}", "1 1 0")),
     ['config/scripts/en.yaml:328:30 CF203 "alert_safeguarding" speaks 110, the number of the police, but is about safeguarding: write {emergency}']),
    (line("disconnect", "{emergency}", "1 1 2"),
     ['config/scripts/en.yaml:198:22 CF204 "disconnect" speaks the emergency number 112, which is not in callflow.yaml: write {emergency}']),
    (JAPAN, []),
]
# fmt: on
