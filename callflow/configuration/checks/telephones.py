"""Checks of what is rung besides plain numbers: extensions, SIP addresses and clients, telephones of several people."""

from collections.abc import Iterator

from callflow.configuration import telephone
from callflow.configuration.checks.phones import telephones
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.convert import shared_telephones
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.script_catalogue import SHARED_TELEPHONE

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF195", needs=("people",))
def addresses_of_staff_can_be_dialled(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        if not telephone.is_number(one.phone) and (why := telephone.not_an_address(one.phone)):
            yield Found(draft.people_source, one.loc, f'the address "{one.phone}" {why}')


@check("CF195", needs=("callflow",))
def called_addresses_can_be_called(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for number in draft.callflow.numbers:
        if telephone.is_number(number):
            continue
        why = telephone.not_an_address(number)
        if not why and telephone.is_client(number):
            why = "is a client, which nobody can call from outside; it can be a sip: address"
        if why:
            yield Found(draft.callflow_source, ("numbers", number), f'the address "{number}" {why}', key=True)


@check("CF196", needs=("people",))
def extensions_can_be_dialled(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        if one.extension and (why := telephone.not_an_extension(one.phone, one.extension)):
            loc = (*one.loc[:-1], "extension")
            yield Found(draft.people_source, loc, f'the extension "{one.extension}" of "{one.id}": {why}')


@check("CF197", needs=("people",))
def extensions_wait_for_the_answer(draft: ConfigurationDraft) -> Iterator[Found]:
    for one in telephones(draft):
        sent = one.extension
        if sent and sent[0] not in telephone.WAITS and not telephone.not_an_extension(one.phone, sent):
            message = f'"{one.id}": the keys come the moment the exchange answers, and may be missed; write "ww{sent}"'
            yield Found(draft.people_source, (*one.loc[:-1], "extension"), message[:200])


@check("CF198", needs=("callflow",))
def called_addresses_differ(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    seen: dict[str, str] = {}
    for number in draft.callflow.numbers:
        before = seen.setdefault(telephone.identity(number), number)
        if before != number and not telephone.is_number(number):
            message = f'"{number}" is another spelling of "{before}", so one of the two flows is never entered'
            yield Found(draft.callflow_source, ("numbers", number), message, key=True)


@check("CF040", needs=("people", "callflow", "default_scripts"))
def those_who_share_are_named(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    assert draft.callflow
    assert draft.default_scripts
    if SHARED_TELEPHONE not in draft.default_scripts.scripts and shared_telephones(draft.people):
        source = draft.script_sources[draft.callflow.language]
        message = f'the line "{SHARED_TELEPHONE}" is missing, which staff hear on a shared telephone'
        yield Found(source, ("scripts",), message, key=True)
