"""The telephones of staff: behind an exchange, with a SIP address or an app, and one for several people."""

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ruamel.yaml import YAML

from callflow.configuration.loading import examine
from callflow.core.configuration import Configuration, Ring
from callflow.emulator import Answers, Busy, Manual, NoAnswer
from callflow.emulator.extensions import address
from callflow.service.people import Presence
from tests.e2e.configurations import rewrite
from tests.e2e.conversation import AUDIO, ROOT, Conversation
from tests.e2e.conversation import Person as Caller
from tests.e2e.scenes import talking
from tests.e2e.test_time_with_people import presence

EXCHANGE = "+15550100140"


@cache
def with_phones(ring: Ring, *phones: tuple[str, str, str]) -> Configuration:
    """The shipped configuration with other phones in people.yaml, as it is loaded: person, phone, extension."""
    people = YAML().load((ROOT / "config" / "people.yaml").read_text("utf-8"))
    for person, phone, extension in phones:
        group = next((people[one] for one in ("agents", "supervisors") if person in people[one]), people)
        group[person] |= {"phone": phone, **({"extension": extension} if extension else {})}
    for team in people["teams"].values():
        team["ring"] = ring.value
    with TemporaryDirectory() as folder:
        config = Path(shutil.copytree(ROOT / "config", Path(folder) / "config"))
        rewrite(config / "people.yaml", people)
        found = examine(config, AUDIO)
    assert {one.code for one in found.problems} <= {"CF027", "CF028", "CF126"}, found.problems
    assert found.configuration
    return found.configuration


class Phones(Conversation):
    """A conversation in which some people have other telephones."""

    def __init__(self, ring: Ring = Ring.IN_ORDER, **phones: tuple[str, str]) -> None:
        super().__init__(with_phones(ring, *((who, *phone) for who, phone in phones.items())))
        self.place(phones)

    def place(self, phones: dict[str, tuple[str, str]]) -> None:
        for name, (phone, extension) in phones.items():
            setattr(self, name, Caller(self, name, address(phone, extension)))


def begun(talk: Conversation, **behaviours: object) -> Conversation:
    for name, behaviour in behaviours.items():
        getattr(talk, name).behaves(behaviour)
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    return talk


def ring_forms(talk: Conversation) -> list[dict[str, str]]:
    return [
        dict(one.form) for one in talk.emulator.rest_log if one.method == "POST" and one.path.endswith("Calls.json")
    ]


# -- an extension


@pytest.mark.parametrize("seconds", [0.5, 3.0, 9.0, 19.0])
def test_an_extension_behind_a_number_is_dialled_and_hears_the_whole_offer(seconds: float) -> None:
    talk = begun(Phones(ana=(EXCHANGE, "ww204#")), ana=Answers(seconds), ben=Busy())
    talk.ana.heard("offer", within=60).presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together")
    assert [one.get("SendDigits") for one in ring_forms(talk)] == ["ww204#"]
    talk.ana.hangs_up()
    talk.caller.hangs_up()
    talk.over()


def test_a_supervisor_behind_an_extension_is_briefed_in_full() -> None:
    talk = begun(Phones(sam=(EXCHANGE, "ww301")), sam=Answers(15.0))
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(1)
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.heard("whisper").presses("1")
    talk.until(lambda: len(talk.company("ana")) == 2, "Ana and Sam together")
    talk.sam.hangs_up()
    talk.over()


def test_security_behind_an_extension_hears_the_alert() -> None:
    talk = begun(Phones(security=(EXCHANGE, "ww900")), security=Answers(12.0))
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(1)
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    talk.security.heard("alert")
    talk.over()


def test_nobody_at_the_extension_is_a_call_not_answered() -> None:
    """The exchange has answered, so only the missing key tells."""
    talk = begun(Phones(ana=(EXCHANGE, "ww204")), ana=NoAnswer())
    talk.ben.hears("offer", within=100).presses("1")
    talk.together("caller", "ben").noted("not_reached", "ana").over()


def test_two_extensions_of_one_number_are_two_telephones() -> None:
    talk = Phones(ana=(EXCHANGE, "ww204"), ben=(EXCHANGE, "ww205"))
    assert not talk.configuration.shared_telephones
    begun(talk, ana=Manual())
    talk.until(lambda: bool(talk.ana.phone.leg and talk.ana.phone.leg.rings), "Ana's extension rings")
    talk.ben.never_rang()
    talk.ana.phone.decline()
    talk.ben.hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ben together")
    talk.ben.never_heard("offer_for")
    talk.over()


# -- SIP and clients


@pytest.mark.parametrize("phone", ["sip:kai@pbx.example.com", "client:lea"])
def test_staff_answer_on_a_sip_phone_or_in_an_app(phone: str) -> None:
    talk = begun(Phones(ana=(phone, "")))
    talk.ana.hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together")
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    assert ring_forms(talk)[0]["To"] == phone
    assert ring_forms(talk)[0]["From"] == talk.configuration.caller_id
    talk.ana.hangs_up()
    talk.over()


# -- one telephone, several people

COUNTER = ("+15550100150", "")


def test_a_telephone_of_two_agents_is_rung_once_and_says_for_whom() -> None:
    talk = begun(Phones(ring=Ring.ALL, ana=COUNTER, ben=COUNTER))
    talk.ana.heard("offer_for", "Ana").heard("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together")
    assert [one["To"] for one in ring_forms(talk)] == [COUNTER[0]]
    talk.ana.hangs_up()
    talk.over()


def test_who_does_not_answer_there_is_followed_by_the_other() -> None:
    talk = begun(Phones(ana=COUNTER, ben=COUNTER), ana=Answers(1.0))
    talk.ana.hears("offer_for", "Ana").hears("offer").presses("2").is_off()
    talk.ana.hears("offer_for", "Ben", within=30).hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ben together").noted("accepted", "ben")
    talk.ana.hangs_up()
    talk.over()


def test_who_lets_it_ring_is_followed_by_the_other_too() -> None:
    talk = begun(Phones(ana=COUNTER, ben=COUNTER), ana=Answers(1.0))
    talk.ana.hears("offer_for", "Ana").hears("offer_missed").is_off()
    talk.ana.hears("offer_for", "Ben", within=30).hears("offer_missed").is_off()
    talk.ana.hears("offer_for", "Ana", within=30).hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together")
    talk.ana.hangs_up()
    talk.over()


def test_while_one_talks_the_others_of_that_telephone_are_busy() -> None:
    talk = begun(Phones(ana=COUNTER, sam=COUNTER), ben=Busy())
    talk.ana.hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together").wait(1)
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sky.hears("whisper").never_heard("offer_for")
    assert [one["To"] for one in ring_forms(talk)] == [COUNTER[0], talk.configuration.supervisors["sky"].phone]
    assert presence(talk, "sam") is Presence.FREE
    talk.ana.hangs_up()
    talk.over()


def test_who_rests_leaves_the_telephone_to_the_others() -> None:
    talk = begun(Phones(ana=COUNTER, ben=COUNTER))
    talk.ana.hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ana together")
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").hangs_up(after=1)
    assert presence(talk, "ana") is Presence.WRAP_UP
    talk.wait(2)
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer_for", "Ben", within=15).hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ben together")
    talk.ana.hangs_up()
    talk.over()


def test_nothing_about_a_telephone_is_in_the_journal_or_the_log(caplog: pytest.LogCaptureFixture) -> None:
    talk = begun(Phones(ana=("sip:kai@pbx.example.com", ""), ben=("client:lea", "")), ana=Busy())
    talk.ben.hears("offer").presses("1")
    talk.until(lambda: len(talk.company("caller")) == 2, "caller and Ben together")
    told = repr(talk.journal) + caplog.text
    assert not re.search(r"sip:|client:|pbx\.example", told)
    talk.ben.hangs_up()
    talk.over()


def test_a_plain_telephone_is_rung_as_before() -> None:
    talk = talking()
    assert all("SendDigits" not in one and "CallToken" not in one for one in ring_forms(talk))
    talk.over()
