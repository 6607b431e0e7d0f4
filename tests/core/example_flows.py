"""A configuration whose flow uses every verb: words, digits, hours, languages, look-ups, call backs, forwarding."""

from dataclasses import replace

from callflow.core.configuration import Choice, Configuration, Digits, Flow, Hours, Language, Lookup, Script, Step
from tests.core.example import configuration, fragments, scripts

DAY = ((9 * 60, 17 * 60),)
OPEN = Hours(timezone="UTC", weekly=(DAY, DAY, DAY, DAY, ((9 * 60, 12 * 60), (22 * 60, 2 * 60)), (), ()),
             holidays=frozenset({"2026-12-25"}))  # fmt: skip
FIND = Lookup(url="https://crm.example/{account}", values={"name": "customer.name"}, seconds=5, retries=1)

VARIABLES = {"account": "", "name": "our customer", "about": ""}
MAIN = (
    Step(name="pick", verb="language", script="pick_language", languages={"1": "en", "2": "es"}, next="opening"),
    Step(name="opening", verb="hours", hours=OPEN, next="reason", otherwise="closed"),
    Step(name="closed", verb="flow", flow="night", next="bye"),
    Step(name="reason", verb="menu", script="reason_menu", otherwise="desk", choices={
        "1": Choice(next="account", reason="a bill", words=("bill", "invoice")),
        "2": Choice(next="outside", reason="a delivery", words=("delivery",)),
        "3": Choice(next="ring_me", words=("call me back",)),
        "4": Choice(next="closed"),
    }),
    Step(name="account", verb="ask", script="ask_account", into="account", digits=Digits(least=4, most=8), next="find",
         otherwise="about"),
    Step(name="find", verb="lookup", script="one_moment", lookup=FIND, next="hello", otherwise="about"),
    Step(name="hello", verb="say", script="hello_name", next="desk"),
    Step(name="about", verb="ask", script="ask_about", into="about", next="desk", otherwise="desk"),
    Step(name="outside", verb="forward", script="one_moment", number="+15550100777", seconds=20, otherwise="ring_me"),
    Step(name="ring_me", verb="call_back", team="energy_desk", next="", otherwise="message"),
    Step(name="desk", verb="connect", team="energy_desk", otherwise="message", priority=3, progress_seconds=30,
         offer="ring_offer", choices={"1": Choice(next="ring_me"), "2": Choice(next="message")}),
    Step(name="message", verb="voicemail", script="leave_message"),
    Step(name="bye", verb="end", script="goodbye"),
)  # fmt: skip
NIGHT = (
    Step(name="spanish", verb="language", language="es", next="leave"),
    Step(name="leave", verb="voicemail", script="leave_message", next="told"),
    Step(name="told", verb="say", script="night_told"),
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
    """The whole configuration; with ``steps``, a configuration whose main flow is these."""
    base = configuration()
    spoken = scripts() | {id: line(id, variables) for id, variables in OWN.items()}
    spanish = Language(code="es", voice="Voz", tag="es-ES", scripts=spoken, fragments=fragments())
    languages = {"en": replace(base.languages["en"], scripts=spoken), "es": spanish}
    flows = {"front_desk": flow("front_desk", *(steps or MAIN)), "night": flow("night", *night)}
    return replace(base, flows=flows, languages=languages)


FLOWING = flowing()
