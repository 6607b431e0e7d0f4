"""What one file cannot know: every check is one small function with one code. To add one, write it and give it a code.

A check gets the draft and yields what it found: where (source and place in it) and a sentence for ops. It is left out
when a file it ``needs`` could not be read, so that one mistake is not reported twice in other words.
"""

from collections.abc import Iterable

from callflow.configuration import (
    checks_audio,
    checks_conduct,
    checks_files,
    checks_flows,
    checks_keys,
    checks_lines,
    checks_people,
    checks_phones,
    checks_rules,
    checks_scripts,
    checks_steps,
    checks_teams,
    checks_voices,
    checks_ways,
)
from callflow.configuration.checking import Check
from callflow.configuration.codes import Severity
from callflow.configuration.draft import Draft
from callflow.configuration.problems import Problem

ALL: tuple[Check, ...] = (
    *checks_files.CHECKS,
    *checks_people.CHECKS,
    *checks_phones.CHECKS,
    *checks_teams.CHECKS,
    *checks_flows.CHECKS,
    *checks_steps.CHECKS,
    *checks_ways.CHECKS,
    *checks_rules.CHECKS,
    *checks_conduct.CHECKS,
    *checks_scripts.CHECKS,
    *checks_lines.CHECKS,
    *checks_keys.CHECKS,
    *checks_voices.CHECKS,
    *checks_audio.CHECKS,
)
ERRORS = tuple(check for check in ALL if check.severity is Severity.ERROR)
"""What a running product asks before it adopts a configuration; the rest is advice for whoever writes it."""


def run(draft: Draft, chosen: Iterable[Check] = ALL) -> list[Problem]:
    """These checks on what could be read."""
    return [problem for check in chosen for problem in check.problems(draft)]
