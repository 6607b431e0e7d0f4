"""All checks. To add one, write a function with ``@check(code)`` in a module of this package, and its code in codes.md.

A check takes the draft and yields ``Found``: a place and a sentence for ops. It is skipped if a file that it ``needs``
could not be read, so that one mistake is not reported twice.
"""

from collections.abc import Iterable

from callflow.configuration.checks import (
    answers,
    audio,
    callers,
    conduct,
    duty,
    emergency,
    files,
    flows,
    guidance,
    hours,
    incidents,
    keys,
    laws,
    numbers,
    outgoing,
    parameters,
    people,
    phones,
    prompts,
    reachability,
    receipts,
    retention,
    rules,
    scripts,
    sign_in,
    speech,
    staff_line,
    steps,
    teams,
    telephones,
    translations,
    voices,
    webhooks,
)
from callflow.configuration.checks.registry import Check
from callflow.configuration.codes import Severity
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem

ALL: tuple[Check, ...] = (
    *files.CHECKS,
    *numbers.CHECKS,
    *people.CHECKS,
    *phones.CHECKS,
    *emergency.CHECKS,
    *teams.CHECKS,
    *incidents.CHECKS,
    *guidance.CHECKS,
    *sign_in.CHECKS,
    *telephones.CHECKS,
    *staff_line.CHECKS,
    *outgoing.CHECKS,
    *webhooks.CHECKS,
    *receipts.CHECKS,
    *retention.CHECKS,
    *flows.CHECKS,
    *steps.CHECKS,
    *parameters.CHECKS,
    *hours.CHECKS,
    *duty.CHECKS,
    *laws.CHECKS,
    *reachability.CHECKS,
    *rules.CHECKS,
    *conduct.CHECKS,
    *answers.CHECKS,
    *speech.CHECKS,
    *scripts.CHECKS,
    *prompts.CHECKS,
    *translations.CHECKS,
    *keys.CHECKS,
    *voices.CHECKS,
    *audio.CHECKS,
    *callers.CHECKS,
)
ERRORS = tuple(check for check in ALL if check.severity is Severity.ERROR)
"""The checks that a server runs before it activates a configuration; the others give warnings."""


def run(draft: ConfigurationDraft, chosen: Iterable[Check] = ALL) -> list[Problem]:
    """Run these checks; returns the problems."""
    return [problem for check in chosen for problem in check.problems(draft)]
