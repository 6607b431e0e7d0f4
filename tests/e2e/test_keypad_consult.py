"""Whoever joins a room with a consultation in it is announced to those who talk there in private."""

import pytest

from tests.e2e.scenes import consulting, talking


@pytest.mark.parametrize("how", ["time", "key", "safeguarding"])
def test_those_who_consult_are_told_that_the_caller_comes(how: str) -> None:
    """Whatever brings the caller: the end of the time, the key 1 of one of them, or a protective key. A beep follows
    when the caller joins."""
    talk = consulting(talking())
    if how != "time":
        talk.ana.presses("*").hears("whisper_ready").presses("1" if how == "key" else "5")
    talk.sam.heard("caller_joins", within=60)
    talk.ana.heard("safeguarding_on" if how == "safeguarding" else "caller_joins")
    talk.together("caller", "ana", "sam")
    talk.check("beep" in [one.kind for one in talk.sam.phone.heard], "Sam heard no beep")
    talk.over()


def test_those_who_consult_hear_a_beep_when_the_caller_presses_2() -> None:
    """The caller's own document says who is there and leads into the room, so nobody is pulled out of it."""
    talk = consulting(talking()).wait(3)
    talk.caller.presses("2").heard("introduction")
    talk.together("caller", "ana", "sam", within=2).noted("introduction", "caller", key="2")
    talk.wait(5).together("caller", "ana", "sam", within=0.1)
    for person in (talk.ana, talk.sam):
        talk.check("beep" in [one.kind for one in person.phone.heard], f"{person.name} heard no beep")
        person.never_heard("caller_joins")
    talk.over()
