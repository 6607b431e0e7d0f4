"""A configuration whose flow uses every verb: words, digits, hours, languages, look-ups, call backs, forwarding."""

from dataclasses import replace

from callflow.core.configuration import Configuration, Flow, Language, Script
from callflow.core.flow.ask import AskStep, Digits
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.end import EndStep
from callflow.core.flow.forward import ForwardStep
from callflow.core.flow.hours import Hours, HoursStep
from callflow.core.flow.language import LanguageStep
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice, Step
from callflow.core.languages import answer_words
from tests.core.example import configuration, fragments, scripts

DAY = ((9 * 60, 17 * 60),)
OPEN = Hours(timezone="UTC", weekly=(DAY, DAY, DAY, DAY, ((9 * 60, 12 * 60), (22 * 60, 2 * 60)), (), ()),
             holidays=frozenset({"2026-12-25"}))  # fmt: skip
FIND = Lookup(url="https://crm.example/{account}", values={"name": "customer.name"}, seconds=5, retries=1)

VARIABLES = {"account": "", "name": "our customer", "about": ""}
MAIN = (
    LanguageStep(name="pick", script="pick_language", languages={"1": "en", "2": "es"}, next="opening"),
    HoursStep(name="opening", hours=OPEN, next="reason", otherwise="closed"),
    SubFlowStep(name="closed", flow="night", next="bye"),
    MenuStep(name="reason", script="reason_menu", otherwise="desk", choices={
        "1": Choice(next="account", reason="a bill", words=("bill", "invoice")),
        "2": Choice(next="outside", reason="a delivery", words=("delivery",)),
        "3": Choice(next="ring_me", words=("call me back",)),
        "4": Choice(next="closed"),
    }),
    AskStep(name="account", script="ask_account", into="account", digits=Digits(least=4, most=8), next="find",
            otherwise="about"),
    LookupStep(name="find", script="one_moment", lookup=FIND, next="hello", otherwise="about"),
    SayStep(name="hello", script="hello_name", next="desk"),
    AskStep(name="about", script="ask_about", into="about", next="desk", otherwise="desk"),
    ForwardStep(name="outside", script="one_moment", number="+15550100777", ring_seconds=20, otherwise="ring_me"),
    CallBackStep(name="ring_me", team="energy_desk", next="", otherwise="message"),
    ConnectStep(name="desk", team="energy_desk", otherwise="message", priority=3, progress_seconds=30,
                offer="ring_offer", choices={"1": Choice(next="ring_me"), "2": Choice(next="message")}),
    VoicemailStep(name="message", script="leave_message"),
    EndStep(name="bye", script="goodbye"),
)  # fmt: skip
NIGHT = (
    LanguageStep(name="spanish", language="es", next="leave"),
    VoicemailStep(name="leave", script="leave_message", next="told"),
    SayStep(name="told", script="night_told"),
)
OWN = {
    "pick_language": (), "ask_account": (), "ask_about": (), "one_moment": (), "hello_name": ("name",),
    "ring_offer": (), "night_told": ("about",),
}  # fmt: skip


def flow(name: str, *steps: Step) -> Flow:
    return Flow(name=name, start=steps[0].name, steps={one.name: one for one in steps}, variables=VARIABLES)


def line(id: str, variables: tuple[str, ...]) -> Script:
    text = f"{id} {' '.join(f'{{{one}}}' for one in variables)} ".ljust(70, ".")
    return Script(id=id, text=text, version=f"v-{id}", variables=variables)


def flowing(*steps: Step, night: tuple[Step, ...] = NIGHT) -> Configuration:
    """The whole configuration; with ``steps``, one whose main flow consists of these."""
    base = configuration()
    spoken = scripts() | {id: line(id, variables) for id, variables in OWN.items()}
    spanish = Language(code="es", voice="Voz", tag="es-ES", scripts=spoken, fragments=fragments(),
                       answers=answer_words("es"))  # fmt: skip
    languages = {"en": replace(base.languages["en"], scripts=spoken), "es": spanish}
    flows = {"front_desk": flow("front_desk", *(steps or MAIN)), "night": flow("night", *night)}
    return replace(base, flows=flows, languages=languages)


FLOWING = flowing()
