"""Contact restrictions in a browser: every read is on record, and a senior who was not there decides."""

from callflow.service.caller_records import RecordKind
from tests.web.pages.after_a_call import Seen, after_a_warning

PAGE = "/incidents/restrictions"


def proposed() -> tuple[Seen, str]:
    """Ana's call was warned, and Rae proposes a restriction. Returns its id."""
    seen = after_a_warning()
    rae = seen.by("rae").sends(f"{PAGE}/propose", reference="nothing", reason="r", scope="s", channel="c")
    rae.reads("Refused: there is no call with this reference")
    rae.sends(f"{PAGE}/propose", reference=seen.call.reference, reason="remarks", scope="calls", channel="letters")
    rae.reads("Proposed. It has no effect before")
    (one,) = seen.store.caller_records(RecordKind.RESTRICTION)
    return seen, one.id


def entries(seen: Seen, id: str) -> list[str]:
    return [f"{one.actor} {one.kind}: {one.reason}" for one in seen.store.caller_record_entries(id)]


def test_nobody_reads_one_without_a_reason_and_each_read_is_on_record() -> None:
    seen, id = proposed()
    sam = (
        seen.by("sam")
        .opens(PAGE)
        .reads("Every read is kept", "Sky, Sam, Kim decide")
        .reads_nothing_of("remarks", "letters")
    )
    sam.sends(f"{PAGE}/list", reason="").reads("Refused: a reason is needed").reads_nothing_of("pending")
    sam.sends(f"{PAGE}/list", reason="the weekly look").reads("1 restriction.", "pending", seen.call.reference)
    sam.sends(f"{PAGE}/of/{id}", reason="the weekly look").reads("remarks", "Stays open letters", "Decide")
    assert entries(seen, id)[1:] == ["sam read: the weekly look"] * 2


def test_a_senior_decides_with_a_letter_and_another_one_answers_the_appeal() -> None:
    seen, id = proposed()
    here = f"{PAGE}/of/{id}"
    rae = seen.by("rae").sends(f"{here}/decide", yes="yes", reason="I want it", letter_sent="2026-01-05")
    rae.reads("Refused: rae is no senior: sky, sam, kim may decide")
    sky = (
        seen.by("sky").sends(f"{here}/decide", yes="yes", reason="three calls").reads("Refused: send the letter first")
    )
    sky.sends(f"{here}/decide", yes="yes", reason="three calls", letter_sent="yesterday").reads(
        "a date is written like"
    )
    sky.sends(f"{here}/decide", yes="yes", reason="three calls", letter_sent="2026-01-05").reads("Decided.", "on")
    rae.sends(f"{here}/appeal", reason="his letter of today").reads(
        "The appeal is taken down", "appeal to be answered by"
    )
    sky.sends(f"{here}/answer", yes="yes", reason="it stays").reads("Refused: sky decided on it: another senior")
    seen.by("sam").sends(f"{here}/answer", yes="no", reason="no").reads("Refused: sam was on the call")
    seen.by("kim").sends(f"{here}/answer", yes="no", reason="he apologised").reads("The appeal is answered.", "lifted")
    assert entries(seen, id)[-2:] == ["kim appeal granted: he apologised", "kim read: he apologised"]


def test_a_senior_renews_and_lifts() -> None:
    seen, id = proposed()
    here = f"{PAGE}/of/{id}"
    sky = seen.by("sky").sends(f"{here}/decide", yes="yes", reason="three calls", letter_sent="2026-01-05")
    sky.sends(f"{here}/renew", reason="again", review="2031-01-01").reads(
        "Refused: the review date must be within a year"
    )
    sky.sends(f"{here}/renew", reason="again", review="2026-09-01").reads("Renewed.", "Lapses on 2026-09-01")
    sky.sends(f"{here}/lift", reason="").reads("Refused: a reason is needed")
    sky.sends(f"{here}/lift", reason="all is well").reads("Lifted.")


def test_agents_ops_and_auditors_have_no_such_page() -> None:
    seen, id = proposed()
    for person in ("ana", "omar", "ada"):
        seen.by(person).opens(PAGE).is_refused()
        seen.by(person).sends(f"{PAGE}/of/{id}", reason="curious").is_refused()
    assert len(entries(seen, id)) == 1


def test_the_addresses_that_are_left_in_the_bar_can_be_opened() -> None:
    seen, id = proposed()
    for address in (f"{PAGE}/list", f"{PAGE}/propose", PAGE):
        seen.by("rae").opens(address).reads("Propose one after a call")
    assert [one.id for one in seen.store.caller_records(RecordKind.RESTRICTION)] == [id]
