"""Calls in a browser: found, read as a timeline, and what is private opened with a reason that is kept."""

import re

import pytest

from callflow.service.page_work import Made
from tests.e2e.conversation import PHONES
from tests.e2e.scenes import holding, talking, warned
from tests.e2e.test_recordings_kept import keeper, left_a_message, run_jobs
from tests.web.pages.after_a_call import Seen, after_a_warning, house

NUMBER = PHONES["caller"]


def test_an_auditor_finds_a_call_and_reads_what_happened_second_by_second() -> None:
    seen = after_a_warning()
    ada = (
        seen.by("ada").opens("/ops/calls").reads(seen.call.reference, "Ana", "a bill", "warnings heard in full: 1 of 1")
    )
    ada.opens(f"/ops/calls?reference={seen.call.reference}").reads("These are all.")
    ada.opens(f"/ops/calls/{seen.call.id}").reads(
        "took the call", "is rung to be told", "warning 3 begun, for remarks about who someone is",
        "heard in full, 12.0 s heard, at least 11.7 s needed", "Caller the call with the caller ended",
        "this store keeps no chain", "The drawing as a table",
    )  # fmt: skip
    ada.reads_nothing_of(NUMBER, NUMBER[-7:])
    opened = [one.subject for one in seen.store.access_entries("ada") if one.kind == "opened"]
    assert opened == [f"timeline of {seen.call.reference}"], "an auditor reads, and it is on record"


@pytest.mark.parametrize(("asked", "found"), [
    ("person=ana", True), ("person=ben", False), ("outcome=caller+hung+up", True), ("outcome=closed", False),
    ("stage=ended", True), ("stage=live", False), ("since=2026-01-05T09:00", True), ("until=2026-01-05T09:00", False),
    ("reference=none", False), ("person=ana&outcome=caller+hung+up&stage=ended", True),
])  # fmt: skip
def test_a_search_finds_what_is_like_that_and_says_so_if_nothing_is(asked: str, found: bool) -> None:
    seen = after_a_warning()
    page = seen.by("ada").opens(f"/ops/calls?{asked}")
    page.reads(seen.call.reference) if found else page.reads("No call is like that")


def test_a_time_that_is_none_is_told_and_shows_no_calls() -> None:
    after_a_warning().by("ada").opens("/ops/calls?since=yesterday").reads("a time is written like")


def test_opening_the_number_is_on_record_with_who_and_why() -> None:
    seen = after_a_warning()
    here = f"/ops/calls/{seen.call.id}"
    ada = seen.by("ada").sends(f"{here}/details", reason="").reads("Refused: say why").reads_nothing_of(NUMBER)
    assert seen.entries("call_read") == []
    ada.sends(f"{here}/details", reason="complaint of 4 January").reads(NUMBER, "Shown once")
    assert seen.entries("call_read") == ["ada: shown"]
    ada.opens(here).reads_nothing_of(NUMBER, "complaint").reads("opened what is private")


def test_operations_see_calls_and_nothing_private() -> None:
    seen = after_a_warning()
    here = f"/ops/calls/{seen.call.id}"
    omar = seen.by("omar").opens(here).reads("are not for operations").reads_nothing_of(NUMBER)
    for act in ("details", "sound", "recordings/x"):
        omar.sends(f"{here}/{act}", reason="curious").is_refused()
    assert seen.entries("call_read") == []


def test_a_supervisor_opens_calls_of_own_teams_only() -> None:
    seen = after_a_warning()
    seen.by("sam").opens(f"/ops/calls/{seen.call.id}").reads("Timeline")
    for person in ("ana", "ben"):
        seen.by(person).opens(f"/ops/calls/{seen.call.id}").is_refused()


def test_a_supervisor_reads_the_timeline_while_the_call_goes_on() -> None:
    seen = Seen(warned(talking(house())))
    sam = seen.by("sam").opens(f"/ops/calls/{seen.call.id}").reads("So far", "talking", "warning 3 begun, for remarks")
    sam.reads("Caller warning heard in full", "1 of 1")
    assert sam.answer
    assert 'class="timeline"' in sam.answer.text


def test_a_live_call_says_what_it_lives_through() -> None:
    seen = Seen(holding(talking(house())))
    seen.by("ada").opens("/ops/calls?stage=live").reads(seen.call.reference, "on hold by consent", "time out: accepted")
    seen.by("ada").opens(f"/ops/calls/{seen.call.id}").reads("So far", "on hold by consent", "Once the call is over.")


def test_more_than_a_page_of_calls_has_a_link_to_the_older_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = after_a_warning()
    first = seen.call.reference
    seen.talk.wait(700).caller.dials(None).hears("greeting")
    second = seen.talk.over().call.reference
    search = seen.store.search_calls
    monkeypatch.setattr(seen.store, "search_calls", lambda query, after: search(query, after, 1))
    ada = seen.by("ada").opens("/ops/calls").reads(second, "of this page").reads_nothing_of(first)
    assert ada.answer
    (older,) = re.findall(r'rel="next" href="([^"]+)"', ada.answer.text)
    ada.opens(older.replace("&amp;", "&")).reads(first, "These are all.").reads_nothing_of(second)


class Sounds:
    """The other process: it is told which call, and is asked again until it is done."""

    made = Made()

    def sound(self, call: str) -> Made:
        return self.made


def test_the_sound_of_a_call_is_made_elsewhere_and_who_listens_is_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = after_a_warning()
    here, sounds = f"/ops/calls/{seen.call.id}", Sounds()
    dependencies = seen.talk.callflow.app.extensions["callflow"]
    object.__setattr__(dependencies, "page_work", sounds)
    rae = seen.by("rae").sends(f"{here}/sound", reason="").reads("Refused: say why")
    rae.sends(f"{here}/sound", reason="a review").reads("It is being made")
    assert seen.entries("call_read") == ["rae: shown"]
    assert rae.answer
    (again,) = set(re.findall(rf"{here}/sound/[^\"/]+", rae.answer.text))
    sounds.made = Made(problem="no voice is installed")
    rae.opens(again).reads("It cannot be made: no voice is installed")
    sounds.made = Made(content=b"RIFF a sound")
    rae.opens(again).reads("The caller is left, staff are right.").opens(f"{again}/call.wav")
    assert rae.answer.data == b"RIFF a sound"
    part = rae.client.get(f"{again}/call.wav", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")
    seen.by("kim").opens(again).is_refused(404)
    assert seen.entries("call_read") == ["rae: shown"], "asking again is no further entry"


def test_a_rehearsal_says_which_command_makes_the_sound() -> None:
    seen = after_a_warning()
    seen.by("ada").sends(f"/ops/calls/{seen.call.id}/sound", reason="a review").reads("callflow replay --wav")


def test_whoever_listens_to_a_recording_is_on_record_and_nobody_else_can_use_the_address() -> None:
    talk = left_a_message(configuration=house())
    run_jobs(talk, keeper(talk))
    seen = Seen(talk)
    here, (message,) = f"/ops/calls/{seen.call.id}", seen.store.recordings(seen.call.id)
    ada = seen.by("ada").opens(here).reads("Voicemail by caller", "fetched")
    ada.sends(f"{here}/recordings/{message.id}", reason="").reads("Refused: say why you listen")
    ada.sends(f"{here}/recordings/another", reason="curious").is_refused(404)
    assert seen.entries("recording_opened") == []
    ada.sends(f"{here}/recordings/{message.id}", reason="a complaint").reads("It can be played for 15 minutes")
    assert seen.entries("recording_opened") == ["ada: played"]
    assert ada.answer
    (address,) = re.findall(rf'src="({here}/audio/[^"]+)"', ada.answer.text)
    ada.opens(address)
    assert ada.answer.data.startswith(b"RIFF")
    seen.by("rae").opens(address).is_refused(404)
    seen.by("ada").opens(address).is_refused(404)  # in another session
    seen.talk.wait(901)
    ada.opens(address).is_refused(404)
