"""Incidents in a browser: who has each and by when, what people told, and the answer of somebody who was not there."""

import json

from callflow.core.follow_ups import FollowUpKind
from callflow.service.page_work import MAKING, NOT_BEGUN, Made, NoPageWork
from tests.e2e.scenes import consulting, talking, warned
from tests.web.pages.after_a_call import Seen, after_a_warning, house

WORDS = "you people are all the same"


def test_a_reviewer_answers_and_whoever_was_on_the_call_reads_it() -> None:
    seen = after_a_warning()
    here = f"/incidents/of/{seen.call.id}"
    rae = seen.by("rae").opens("/incidents").reads(seen.call.reference, "You answer by 2026-01-07 17:00 UTC", "warning")
    rae.opens(here).reads("Your answer", "heard in full", "for remarks about who someone is")
    rae.sends(f"{here}/answer", answer="warning_letter", words="A letter goes out today.").reads("Answered.")
    assert seen.entries("incident")[-1] == "rae: warning letter"
    seen.by("kim").sends(f"{here}/answer", answer="apology").reads("Refused: rae has answered it already")
    ana = seen.by("ana").opens("/incidents?answered").reads(seen.call.reference, "warning letter", "Rae answered")
    ana.opens(here).reads_nothing_of("A letter goes out").sends(f"{here}/words", reason="it is about me")
    ana.reads("Rae answered warning letter", "A letter goes out today.")
    assert seen.entries("incident_read") == ["ana: shown"]


def test_whoever_was_on_the_call_is_told_why_they_cannot_answer() -> None:
    seen = after_a_warning()
    here = f"/incidents/of/{seen.call.id}"
    seen.by("ana").opens(here).reads_nothing_of("Your answer").sends(f"{here}/answer", answer="no_action").is_refused()
    sam = seen.by("sam").opens(here).reads_nothing_of("Your answer")
    sam.sends(f"{here}/answer", answer="no_action").reads("Refused: sam is not a reviewer: rae, kim may answer")
    seen.by("rae").sends(f"{here}/answer", answer="shrug").reads("choose one of the four answers")
    assert seen.after.incident.state == "given"


def test_ana_tells_what_happened_and_only_a_reader_with_a_reason_sees_her_words() -> None:
    seen = after_a_warning()
    here = f"/incidents/of/{seen.call.id}"
    ana = seen.by("ana").opens(here).reads("Tell what happened", "The exact words of the caller")
    ana.sends(f"{here}/add").reads("Refused: nothing was filled in")
    ana.sends(f"{here}/add", words=WORDS, vulnerable="no", helped="unsure").reads("Thank you.", "Ana has added")
    ana.reads_nothing_of(WORDS)
    rae = seen.by("rae").opens(here).reads("Ana has added: helped, vulnerable, words").reads_nothing_of(WORDS)
    rae.sends(f"{here}/words", reason=" ").reads("Refused: say why you read it").reads_nothing_of(WORDS)
    rae.sends(f"{here}/words", reason="to answer it").reads(WORDS, "You are named in the journal")
    seen.after.incidents.add(seen.call, "ana", {"tried": "a calm voice"})
    ana.sends(f"{here}/words", reason="what I said").reads(WORDS, "a calm voice")
    assert seen.entries("incident_read") == ["rae: shown", "ana: shown"]
    assert WORDS not in str(seen.store.journal(seen.call.id))


def test_an_agent_cannot_open_anothers() -> None:
    seen = after_a_warning()
    ben = seen.by("ben").opens("/incidents").reads("Nothing is to be answered").reads_nothing_of(seen.call.reference)
    ben.opens(f"/incidents/of/{seen.call.id}").is_refused()
    for act in ("add", "words", "copy"):
        ben.sends(f"/incidents/of/{seen.call.id}/{act}", reason="curious", words="x").is_refused()
    assert seen.entries("incident_read") == []


def test_an_agent_reads_their_own_account_and_not_a_colleagues() -> None:
    seen = Seen(consulting(warned(talking(house()))).over())
    here = f"/incidents/of/{seen.call.id}"
    seen.by("sam").sends(f"{here}/add", words="what Sam heard").reads("Thank you.")
    seen.by("ana").sends(f"{here}/add", words="what Ana heard").sends(f"{here}/words", reason="mine").reads(
        "what Ana heard").reads_nothing_of("what Sam heard")  # fmt: skip
    seen.by("rae").sends(f"{here}/words", reason="to answer").reads("what Ana heard", "what Sam heard")


def test_an_agent_takes_home_a_copy_that_names_nobody_else() -> None:
    seen = after_a_warning()
    here = f"/incidents/of/{seen.call.id}/copy"
    taken = seen.by("ana").sends(here).answer
    assert taken
    assert "attachment" in taken.headers["Content-Disposition"]
    assert json.loads(taken.data)["for"] == "ana"
    assert "sam" not in taken.text
    assert seen.after.incidents.sealed_at(seen.call, taken.data) is not None
    seen.by("rae").sends(here).reads("Refused: rae was not on this call")


def test_the_whole_file_is_made_elsewhere_for_whoever_was_on_the_call_alone() -> None:
    seen, asked = after_a_warning(), list[tuple[str, str]]()
    here = f"/incidents/of/{seen.call.id}/file"

    class Files(NoPageWork):
        def own_file(self, call: str, person: str, *, begin: bool) -> Made:
            asked.extend([(call, person)] if begin else [])
            made = Made(content=b"PK a zip") if (call, person) in asked else NOT_BEGUN
            return MAKING if begin else made

    object.__setattr__(seen.talk.callflow.app.extensions["callflow"], "page_work", Files())
    ana = seen.by("ana").opens(here).reads("it is not being made").sends(here).reads("It is being made")
    ana.opens(here).reads("Download it").opens(f"{here}/incident.zip")
    assert ana.answer
    assert ana.answer.data == b"PK a zip"
    seen.by("rae").sends(here).reads("Refused: rae was not on this call").opens(f"{here}/incident.zip").is_refused(404)
    seen.by("ben").sends(here).is_refused()
    assert asked == [(seen.call.id, "ana")]


def test_a_late_answer_is_red_with_a_word_and_comes_first() -> None:
    seen = after_a_warning()
    seen.after.passes(days=4)
    seen.talk.clock.run_for(4 * 86_400)
    seen.by("kim").opens("/incidents").reads(
        "late", "You have it now; the answer was due 2026-01-07 17:00 UTC", "h late"
    )
    assert [one.state for one in seen.store.follow_ups(FollowUpKind.INCIDENT)] == ["late"]


def test_an_incident_that_is_none_is_not_found() -> None:
    seen = after_a_warning()
    seen.by("rae").opens("/incidents/of/CA0").is_refused(404)
