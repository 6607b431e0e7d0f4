"""Checks of who signs in to the pages, and with whose accounts."""

from collections.abc import Iterator

from callflow.base_urls import fault
from callflow.configuration.checks.people import RESERVED
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.variables import SECRETS_OF_OURS

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF276", needs=("people",))
def ops_and_auditors_are_one_person(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    people = draft.people
    groups = (people.agents, people.supervisors, people.reviewers)
    names = {id: one.name for group in groups for id, one in group.items()}
    for group in ("ops", "auditors"):
        for id, one in getattr(people, group).items():
            if id in RESERVED:
                yield Found(
                    draft.people_source, (group, id), f'"{id}" is a name of our own; choose another id', key=True
                )
            elif names.setdefault(id, one.name) != one.name:
                message = f'"{id}" is the id of {names[id]}, too: it must be one and the same person'
                yield Found(draft.people_source, (group, id), message, key=True)


@check("CF277", needs=("callflow",))
def the_firms_sign_in_is_https(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    firm = draft.callflow.sign_in.firm
    if firm and (
        wrong := fault(firm.issuer) or ("" if firm.issuer.startswith("https:") else "must begin with https://")
    ):
        yield Found(draft.callflow_source, ("sign_in", "firm", "issuer"), f'"issuer" {wrong}')


@check("CF278", needs=("callflow", "people"))
def roles_of_the_firm_are_somebodys(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.people
    people, firm = draft.people, draft.callflow.sign_in.firm
    groups = {"ops": people.ops, "auditor": people.auditors,
              "reviewer": people.reviewers or people.supervisors}  # fmt: skip
    for value, role in firm.roles.items() if firm else ():
        if role in groups and not groups[role]:
            message = f"nobody in people.yaml is {role}, so this allows nothing: add them under {_section(role)}"
            yield Found(draft.callflow_source, ("sign_in", "firm", "roles", value), message)


@check("CF279", needs=("callflow",))
def the_firm_has_a_secret_of_its_own(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    firm = draft.callflow.sign_in.firm
    if firm and firm.secret and firm.secret.startswith(SECRETS_OF_OURS):
        message = f'"{firm.secret}" is a secret of this program; take another environment variable'
        yield Found(draft.callflow_source, ("sign_in", "firm", "secret"), message)


def _section(role: str) -> str:
    return "ops" if role == "ops" else f"{role}s"
