"""A small configuration, so that the tests of the core do not depend on the shipped one."""

from dataclasses import replace

from callflow.core.configuration import (
    Audio,
    Configuration,
    EmergencyNumbers,
    Flow,
    Language,
    Organisation,
    Person,
    RecordingRules,
    Script,
    Team,
)
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.languages import answer_words
from callflow.core.policy import Policy
from callflow.core.script_catalogue import SCRIPTS

MUSIC = Audio(path="music.wav", digest="0" * 64, seconds=60.0)
FINAL = Audio(path="en/final.wav", digest="1" * 64, seconds=9.0)


def people(*names: str) -> dict[str, Person]:
    return {
        name: Person(id=name, name=name.title(), phone=f"+1555010{number:04}", role="a team leader")
        for number, name in enumerate(names, 100)
    }


def scripts() -> dict[str, Script]:
    """Every script, with 70 to 100 characters (5 to 7 seconds) and all of its variables."""
    named = {id: sorted(words.variables) for id, words in SCRIPTS.items()} | {"reason_menu": [], "leave_message": []}
    lines = {
        id: Script(id=id, text=f"{id} {' '.join(f'{{{one}}}' for one in variables)} ".ljust(70, "."), version=f"v-{id}")
        for id, variables in named.items()
    }
    return lines | {"warning_final": replace(lines["warning_final"], audio={"": FINAL})}


def fragments() -> dict[str, str]:
    """Every fragment, with all of its variables."""
    return {id: " ".join([id, *(f"{{{one}}}" for one in sorted(words.variables))]) for id, words in FRAGMENTS.items()}


FLOW = Flow(
    name="front_desk",
    start="welcome",
    steps={
        step.name: step
        for step in (
            SayStep(name="welcome", script="greeting", next="reason"),
            MenuStep(
                name="reason",
                script="reason_menu",
                otherwise="desk",
                choices={"1": Choice(next="desk", reason="a bill"), "2": Choice(next="desk", reason="a delivery")},
            ),
            ConnectStep(name="desk", team="energy_desk", otherwise="message"),
            VoicemailStep(name="message", script="leave_message"),
        )
    },
)


def configuration(policy: Policy | None = None, flow: Flow = FLOW, team: Team | None = None) -> Configuration:
    """Agents ana and ben, supervisors sam and sky, a number for their team, and the shipped rules."""
    return Configuration(
        digest="d" * 64,
        organisation=Organisation(
            name="Example Energy",
            contact="help at example dot com",
            emergency_numbers=EmergencyNumbers(police="911", ambulance="911", general="911"),
        ),
        caller_id="+15550100100",
        numbers={"+15550100100": flow.name},
        language="en",
        recording=RecordingRules(),
        policy=policy or Policy(),
        agents=people("ana", "ben"),
        supervisors=people("sam", "sky"),
        security=Person(id="security", name="the security desk", phone="+15550100131"),
        teams={"energy_desk": team or Team(id="energy_desk", agents=("ana", "ben"), supervisors=("sam", "sky"))},
        flows={flow.name: flow},
        languages={
            "en": Language(
                code="en",
                voice="Voice",
                tag="en-US",
                scripts=scripts(),
                fragments=fragments(),
                answers=answer_words("en"),
            )
        },
        music=MUSIC,
    )


CONFIGURATION = configuration()
