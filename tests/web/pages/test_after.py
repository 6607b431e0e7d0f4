"""What is to be done after calls, in a browser: alarms, promised call backs, check-ins."""

from callflow.core.follow_ups import FollowUpKind
from tests.e2e.conversation import Conversation
from tests.e2e.test_promises import MINUTE, run_jobs
from tests.e2e.test_recordings_kept import left_a_message
from tests.web.pages.after_a_call import Browser, after_a_warning
from tests.web.pages.signed_in import signed_in


def by(talk: Conversation, person: str) -> Browser:
    return Browser(signed_in(talk.callflow.app, person))


def noted(talk: Conversation, call: str) -> list[tuple[str, str, str]]:
    return [(one.note.kind, one.note.actor, one.note.outcome) for one in talk.callflow.store.journal(call)]


def late() -> Conversation:
    """A caller left a message, and nobody rang back in two hours."""
    talk = left_a_message()
    for minutes in (61, 121):
        talk.wait(minutes * MINUTE)
        run_jobs(talk)
    return talk


def test_an_alarm_has_an_owner_until_somebody_says_what_was_done() -> None:
    talk = late()
    talk.callflow.keepers.promises.keeper.look()
    (alarm,) = talk.callflow.store.follow_ups(FollowUpKind.ALARM)
    sam = by(talk, "sam").opens("/incidents/alarms").reads("A promised call back is late", "You have it.")
    sam.sends(f"/incidents/alarms/{alarm.id}/clear", words=" ").reads("Refused: say what was done about it")
    by(talk, "sky").sends(f"/incidents/alarms/{alarm.id}/clear", words="I wrote to them").reads("Cleared.")
    sam.opens("/incidents/alarms").reads("No alarm is on.")
    assert ("alarm", "sky", "done") in noted(talk, alarm.call)
    sam.sends(f"/incidents/alarms/{alarm.id}/clear", words="again").is_refused(200).reads_nothing_of("Cleared.")


def test_a_late_promise_is_red_with_a_word_and_is_kept_given_or_withdrawn() -> None:
    talk = late()
    (promise,) = talk.callflow.store.follow_ups(FollowUpKind.PROMISE)
    here = f"/incidents/call-backs/{promise.id}"
    sam = by(talk, "sam").opens("/incidents/call-backs").reads("late", "has it, by", "min late")
    sam.sends(f"{here}/withdrawn", reason="").reads("Refused:")
    sam.sends(f"{here}/given", to="nobody").reads("Refused:")
    sam.sends(f"{here}/given", to="ben").reads("It has another owner.", "Ben has it")
    sam.sends(f"{here}/kept").reads("Kept: the caller was reached.", "Nobody waits for a call back.")
    assert ("call_back", "sam", "kept") in noted(talk, promise.call)
    sam.sends(f"{here}/kept").reads_nothing_of("Kept: the caller")
    assert sam.opens("/incidents/call-backs").page.count("+1555") == 0


def test_agents_and_reviewers_have_no_alarms_and_promises() -> None:
    seen = after_a_warning()
    for person in ("ana", "rae", "omar"):
        for page in ("alarms", "call-backs"):
            seen.by(person).opens(f"/incidents/{page}").is_refused()


def test_a_check_in_is_answered_by_whom_it_is_for_alone() -> None:
    seen = after_a_warning()
    one = next(one for one in seen.after.check_ins if one.state == "offered")
    here = f"/incidents/check-ins/{one.id}"
    seen.by("ben").opens("/incidents/check-ins").reads("Nothing is offered to you now.").sends(
        f"{here}/no"
    ).is_refused()
    ana = seen.by("ana").opens("/incidents/check-ins").reads("May Sam ask how you are?")
    ana.sends(f"{here}/yes").reads("They will be in touch.")
    sam = seen.by("sam").opens("/incidents/check-ins").reads("Ask Ana how they are by")
    sam.sends(f"{here}/done").reads("Done.", "Nobody has said yes to one that is yours.")
    assert seen.entries("check_in")[-1] == "sam: done"
