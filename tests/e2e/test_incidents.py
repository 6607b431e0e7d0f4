"""No report without an answer: an incident opens by itself, and a reviewer who was not on the call answers it."""

import json
from dataclasses import replace

import pytest

from callflow.core import incidents
from callflow.core.configuration import Configuration, Person
from callflow.core.follow_ups import FollowUpKind, Refused
from callflow.core.incidents import Answer, IncidentState
from callflow.service.incidents import answered_in_time
from callflow.store.memory import MemoryStore
from tests.e2e.after_calls import AfterCall
from tests.e2e.conversation import shipped
from tests.e2e.scenes import names_conduct, steps_tried, talking, warned


def with_reviewers(*people: str, late_to: str = "") -> Configuration:
    named = {one: Person(id=one, name=one.title(), phone="") for one in people}
    rules = replace(shipped().policy.incidents, late_to=late_to)
    return replace(shipped(), reviewers=named, policy=replace(shipped().policy, incidents=rules))


def after_a_warning(configuration: Configuration | None = None) -> AfterCall:
    """Ana has warned of remarks about who someone is. It is Monday morning."""
    return AfterCall(warned(talking(configuration or with_reviewers("rae", "kim"))).over())


def test_a_warning_opens_one_and_somebody_else_has_it_within_two_working_days() -> None:
    told = after_a_warning()
    assert incidents.reasons(told.incident) == ["warning", "severe conduct"]
    assert (told.incident.state, told.incident.person) == (IncidentState.GIVEN, "rae")
    assert told.at.strftime("%A") == "Monday"
    assert incidents.answer_by(told.incident).strftime("%A %H:%M") == "Wednesday 17:00"
    (given,) = told.noted("incident")
    assert given.note.details["reasons"] == "warning, severe conduct"


def test_an_ordinary_call_has_none() -> None:
    talk = talking().over()
    assert talk.callflow.store.follow_ups(closed=True) == []


def test_a_later_reason_is_added_to_the_same_incident() -> None:
    talk = steps_tried(talking())
    names_conduct(talk, "1").ana.heard("warn_first_done")
    store = talk.callflow.store
    (first,) = store.follow_ups(FollowUpKind.INCIDENT)
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    told = AfterCall(talk.over())
    assert incidents.reasons(first) == ["warning"]
    assert incidents.reasons(told.incident) == ["warning", "threat"]
    assert len(store.follow_ups(FollowUpKind.INCIDENT)) == 1


def test_as_long_as_the_call_goes_on_nobody_has_it() -> None:
    """A reviewer may still come to the call, and could not answer for it then."""
    talk = warned(talking(with_reviewers("sam", "kim")))
    told = AfterCall(talk).passes(minutes=3)
    assert (told.incident.state, told.incident.person) == (IncidentState.OPEN, "")
    with pytest.raises(Refused, match="not over"):
        told.incidents.answer(told.call, "kim", Answer.NO_ACTION, "")


def test_whoever_was_on_the_call_cannot_answer_for_it() -> None:
    told = after_a_warning(with_reviewers("ana", "kim"))
    assert told.incident.person == "kim", "the first on the list was on the call"
    for person, why in (("ana", "ana was on the call"), ("ben", "ben is not a reviewer: ana, kim may answer")):
        with pytest.raises(Refused, match=why):
            told.incidents.answer(told.call, person, Answer.NO_ACTION, "")
    assert told.noted("incident", "ana") == []


def test_an_answer_is_given_once_and_ana_can_read_it() -> None:
    told = after_a_warning()
    told.incidents.answer(told.call, "kim", Answer.WARNING_LETTER, "A letter goes out today.")
    assert (told.incident.state, told.incident.closed) == (IncidentState.ANSWERED, True)
    assert told.outcomes("incident")[-1] == "kim: warning letter"
    with pytest.raises(Refused, match="kim has answered it already"):
        told.incidents.answer(told.call, "rae", Answer.APOLOGY, "")
    assert "A letter" in str(told.incidents.read(told.call, "ana", "it is about me").body)
    assert "A letter" not in str(told.store.journal(told.call.id)), "words are in the incident only"


def test_without_reviewers_a_supervisor_who_was_not_there_answers() -> None:
    assert after_a_warning(with_reviewers()).incident.person == "sam"


def test_ana_adds_what_she_heard_and_is_never_too_late() -> None:
    told = after_a_warning().passes(minutes=61)
    assert told.outcomes("incident")[-1] == "ana: not added in time"
    assert incidents.missing(told.incident) == ("ana",)
    told.incidents.add(told.call, "ana", {"words": "He said: go home.", "vulnerable": "unsure", "tried": ""})
    assert incidents.missing(told.incident) == ()
    (entry,) = told.noted("incident_account", "ana")
    assert entry.note.details == {"parts": "words, vulnerable"}
    with pytest.raises(Refused, match="ben was not on this call; ana was"):
        told.incidents.add(told.call, "ben", {"words": "I heard of it."})


def test_who_adds_in_time_is_not_told_anything() -> None:
    told = after_a_warning()
    told.incidents.add(told.call, "ana", {"words": "He said: go home."})
    told.passes(hours=2)
    assert told.outcomes("incident") == ["rae: given"]


def test_silence_turns_red_one_level_up() -> None:
    told = after_a_warning(with_reviewers("rae", late_to="sky")).passes(days=3)
    assert (told.incident.state, told.incident.person) == (IncidentState.LATE, "sky")
    assert told.outcomes("incident")[-1] == "sky: not answered in time"
    told.incidents.answer(told.call, "sky", Answer.REFER, "To the police.")
    assert told.incident.state == IncidentState.ANSWERED_LATE
    assert answered_in_time([told.incident]) == (0, 1)


def test_ana_takes_her_side_home_and_nobody_elses() -> None:
    talk = warned(talking(with_reviewers("rae")))
    talk.ana.presses("*").hears("menu").presses("7")
    talk.sam.hears("whisper").presses("1")
    talk.together("caller", "sam").sam.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    told = AfterCall(talk.over())
    told.incidents.add(told.call, "ana", {"words": "He said: go home."})
    told.incidents.add(told.call, "sam", {"words": "I calmed him."})
    copy = told.incidents.copy(told.call, "ana")
    text, kept = copy.decode(), json.loads(copy)
    assert "go home" in text
    assert [one for one in ("sam", "I calmed", "rae", told.call.number) if one in text] == []
    (proof,) = kept["heard_in_full"]
    assert proof["elapsed_seconds"] >= proof["needed_seconds"]
    assert {one["who"] for one in [*kept["done"], *kept["offered"]]} == {"ana", "caller", "a colleague"}
    assert told.outcomes("incident_read") == ["ana: copied"]
    assert told.incidents.sealed_at(told.call, copy) == told.at
    assert told.incidents.sealed_at(told.call, copy.replace(b"go home", b"come in")) is None
    with pytest.raises(Refused, match="kim was not on this call"):
        told.incidents.copy(told.call, "kim")


def test_the_page_says_what_was_offered_and_what_was_heard_in_full() -> None:
    told = AfterCall(names_conduct(steps_tried(talking()), "1").wait(20).over())
    facts = told.incidents.facts(told.call, told.incident)
    assert facts.people == ("ana",)
    assert [one.script for one in facts.heard_in_full] == ["warning_first"]
    assert [f"{one.what} {one.outcome}" for one in facts.offered] == [
        "time_out asked",
        "consent no",
        "delegate_upwards asked",
        "consent no",
    ]
    assert [f"{one.what} {one.outcome}" for one in facts.done] == [
        "warning begun",
        "warning heard in full",
        "call_ended caller hung up",
    ]
    assert facts.missing == ("ana",)
    assert told.call.number not in str(facts)


def test_an_erased_call_keeps_no_words_of_its_incident() -> None:
    told = after_a_warning()
    told.incidents.add(told.call, "ana", {"words": "He said: go home."})
    assert isinstance(told.store, MemoryStore)
    told.store.erase(told.call.id)
    assert "go home" not in str(told.store.follow_ups(closed=True))
    assert told.passes(days=5).store.follow_ups() == []


def test_ana_tells_what_happened_by_keys_and_in_her_own_voice() -> None:
    talk = warned(talking()).wait(20)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_confirm").presses("1")
    talk.ana.heard("incident_offer", within=90).presses("7").hears("incident_vulnerable").presses("3")
    talk.ana.hears("incident_helped").presses("2").hears("incident_words").says("He said: go home.", after=1)
    talk.ana.presses("#", after=6).hears("note_saved").hears("wrap_up").presses("#").is_off()
    told = AfterCall(talk.over())
    (recording,) = told.store.recordings(told.call.id)
    assert (recording.kind, recording.person) == ("incident", "ana")
    said = told.incident.body["accounts"]["ana"]
    assert (said["vulnerable"], said["helped"], said["recordings"]) == ("unsure", "no", [int(recording.id[-2:])])
    assert incidents.missing(told.incident) == ()


def test_a_question_is_left_open_with_any_other_key() -> None:
    talk = warned(talking())
    talk.caller.hangs_up()
    talk.ana.heard("incident_offer").presses("7").hears("incident_vulnerable").presses("#").hears("incident_helped")
    told = AfterCall(talk.over())
    assert [one.note.outcome for one in told.noted("incident_account")] == ["begun"]
    assert incidents.missing(told.incident) == ("ana",)


def test_ana_reports_a_call_of_which_nothing_else_says_so() -> None:
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("7").hears("incident_vulnerable").presses("1").hears("incident_helped")
    told = AfterCall(talk.over())
    assert incidents.reasons(told.incident) == ["told"]
    assert told.check_ins == []
