"""What must be true of every call when it is over, whatever the network did (design, section 4).

It compares what people heard, as the emulator recorded it, with our journal.
"""

from itertools import pairwise

from callflow.core.stages import Stage
from callflow.emulator.legs import Heard
from tests.e2e.conversation import Conversation, words_of
from tests.e2e.people import People

SILENT_SECONDS = 45
ALONE_SECONDS = 60
LET_GO_SECONDS = 120
COMPANY = frozenset({"say", "play", "people", "music", "ringing", "speech", "tone", "beep"})


def is_sound(talk: Conversation, people: People) -> None:
    """Check everything. A failure shows the whole call."""
    talk.until(lambda: not any(leg.live for leg in talk.emulator.legs.values()), "all legs over", LET_GO_SECONDS)
    talk.check(all(call.stage is Stage.ENDED for call in talk.callflow.store.calls(live=False)), "not ENDED")
    talk.check(people.longest_alone <= ALONE_SECONDS, f"the caller was alone for {people.longest_alone} s")
    holds_by_consent(talk)
    closing_by_the_gate(talk)
    warnings_as_heard(talk)
    ended_by_somebody(talk)
    never_in_silence(talk)
    only_accepted(talk, people)
    talk.not_noted("impossible_event").check(not talk.callflow.metrics.value("failures"), "a webhook failed")


def spoken(talk: Conversation, script: str) -> list[Heard]:
    """Every time that the caller heard this script, or part of it."""
    heard = talk.caller.phone.heard
    return [one for one in heard if one.kind in ("say", "play") and words_of(script).fullmatch(one.text_or_url)]


def holds_by_consent(talk: Conversation) -> None:
    """F1. No hold without a yes to it that was noted before it began."""
    consents = [one for script in ("hold_request", "hold_checkin")
                for one in talk.notes("consent", "caller", script=script, outcome="yes")]  # fmt: skip
    begun = talk.notes("hold", outcome="begun")
    talk.check(len(begun) == len(consents), f"{len(begun)} holds, {len(consents)} consents")
    first = min((one.at for one in consents), default=None)
    talk.check(all(first and one.at >= first for one in spoken(talk, "hold_start")), "held before the yes")


def closing_by_the_gate(talk: Conversation) -> None:
    """F2. Nobody hears the closing without having heard a final warning in full, and the grace after it."""
    grace = talk.configuration.policy.draw_the_line.grace_seconds
    full = [one.monotonic + one.seconds_heard for one in spoken(talk, "warning_final") if one.complete]
    for closing in spoken(talk, "disconnect"):
        talk.check(any(end + grace <= closing.monotonic for end in full), "closed without a warning heard in full")
        talk.check(bool(talk.notes("closing", outcome="decided")), "closed without a decision")


def warnings_as_heard(talk: Conversation) -> None:
    """The journal says "heard in full" only of warnings that were."""
    for script in ("warning_first", "warning_final"):
        noted = talk.notes("warning", "caller", script=script, outcome="heard in full")
        full = [one for one in spoken(talk, script) if one.complete]
        talk.check(len(noted) <= len(full), f"{len(noted)} {script} on record, {len(full)} heard")


def ended_by_somebody(talk: Conversation) -> None:
    """F3. The caller's leg is ended by the caller, or by a closing that a person decided on."""
    leg = talk.caller.phone.legs[0]
    closed = bool(talk.notes("call_ended", outcome="closed")) and bool(spoken(talk, "disconnect"))
    talk.check(leg.ended_by == "phone" or closed, f"the caller's line was ended by {leg.ended_by}")


def never_in_silence(talk: Conversation) -> None:
    """F4. A caller is with somebody or hears something, apart from short silences."""
    sounds = [one for one in talk.caller.phone.heard if one.kind in COMPANY]
    gaps = [after.monotonic - (one.monotonic + one.seconds_heard) for one, after in pairwise(sounds)]
    talk.check(max(gaps, default=0.0) <= SILENT_SECONDS, f"silence of {max(gaps, default=0.0):.0f} s")


def only_accepted(talk: Conversation, people: People) -> None:
    """F5. Only people who pressed 1 on this call are with the caller."""
    staff = {name for company in people.crowds for name in company} - {"caller"}
    accepted = {entry.note.actor for entry in talk.notes("accepted")}
    talk.check(staff <= accepted, f"{staff - accepted} never accepted")
