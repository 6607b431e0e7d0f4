"""The choices that the star menus speak: those that are open now, a threat first. The repeat key speaks all of them."""

from callflow.core import ladder, locks, offers
from callflow.core.call import Lock, Word
from callflow.core.draft import DecisionDraft, listed
from callflow.core.evidence import RUNNING

WORDS = {
    "time_out": "choice_time_out", "supervisor": "choice_supervisor", "civility": "choice_warning",
    "end_call": "choice_end_call", "safeguarding": "choice_safeguarding", "threat": "choice_threat",
    "relief": "choice_relief", "skip": "choice_skip", "repeat": "choice_repeat", "card_data": "choice_card_data",
    "unlock": "choice_unlock",
}  # fmt: skip
"""The fragments that name the choices."""


def of_steps(draft: DecisionDraft, leg: str) -> Word:
    """What this lead can do now. Rare choices are left to the repeat key, because the caller waits meanwhile."""
    call, policy = draft.call, draft.policy
    refusals = {
        "time_out": ladder.time_out(call, policy),
        "supervisor": ladder.delegate_upwards(call, policy),
        "civility": ladder.warnings(call, policy),
        "end_call": ladder.closing(call, policy),
    }
    steps = [_words(draft, name) for name, no in refusals.items() if not no or no.script == ladder.CO_SIGN]
    card = [_words(draft, "card_data")] if call.recording in RUNNING else []
    return listed([*_protective(draft, leg), *steps, *card, _words(draft, "repeat")])


def protective(draft: DecisionDraft, leg: str) -> Word:
    """What can be done while others are called or asked."""
    return listed(_protective(draft, leg))


def of_offers(draft: DecisionDraft) -> Word:
    """What may be offered on this call, by its number."""
    return listed((f"{one.number} ", one.name) for one in offers.open_to(draft))


def every(draft: DecisionDraft) -> Word:
    unspoken = {"repeat"} if draft.call.recording in RUNNING else {"repeat", "card_data"}
    spoken = [_words(draft, name) for name in draft.policy.menu.keys if name not in unspoken]
    silence = "choice_offers" if offers.open_to(draft) else "choice_silence"
    return listed([*spoken, draft.fragment(silence)])


def _protective(draft: DecisionDraft, leg: str) -> list[Word]:
    """Threat, safeguarding and relief as far as they are open. A lock that is on can only be lifted."""
    call = draft.call
    spoken: list[Word] = []
    for kind in (Lock.THREAT, Lock.SAFEGUARDING):
        if kind not in call.locks:
            spoken.append(_words(draft, kind.value))
        elif locks.may_unlock(draft, leg):
            spoken.append(_words(draft, "unlock", kind.value))
    return spoken if ladder.relief(call, draft.policy) else [*spoken, _words(draft, "relief")]


def _words(draft: DecisionDraft, choice: str, key: str = "") -> Word:
    return draft.fragment(WORDS[choice], key=draft.policy.menu.keys[key or choice])
