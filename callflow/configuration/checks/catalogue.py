"""What one file cannot know: every check is one small function with one code. To add one, write it and give it a code.

A check gets the draft and yields what it found: where (source and place in it) and a sentence for ops. It is left out
when a file it ``needs`` could not be read, so that one mistake is not reported twice in other words.
"""

from collections.abc import Iterable

from callflow.configuration.checks import (
    audio,
    conduct,
    files,
    flows,
    keys,
    people,
    phones,
    prompts,
    reachability,
    rules,
    scripts,
    steps,
    teams,
    voices,
)
from callflow.configuration.checks.registry import Check
from callflow.configuration.codes import Severity
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem

ALL: tuple[Check, ...] = (
    *files.CHECKS,
    *people.CHECKS,
    *phones.CHECKS,
    *teams.CHECKS,
    *flows.CHECKS,
    *steps.CHECKS,
    *reachability.CHECKS,
    *rules.CHECKS,
    *conduct.CHECKS,
    *scripts.CHECKS,
    *prompts.CHECKS,
    *keys.CHECKS,
    *voices.CHECKS,
    *audio.CHECKS,
)
ERRORS = tuple(check for check in ALL if check.severity is Severity.ERROR)
"""What a running product asks before it adopts a configuration; the rest is advice for whoever writes it."""


def run(draft: ConfigurationDraft, chosen: Iterable[Check] = ALL) -> list[Problem]:
    """These checks on what could be read."""
    return [problem for check in chosen for problem in check.problems(draft)]
