"""Pictures of what runs: nothing lies on top of anything, nothing sticks out, and the committed ones are fresh."""

import os
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration, Flow
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.hours import Hours, HoursStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice, Step
from callflow.core.stages import Stage as S
from callflow.diagrams import changes, flow_chart, graph, ladder_chart, mermaid
from callflow.diagrams.graph import Mark
from callflow.diagrams.ladder import arrows
from callflow.diagrams.layers import MOST_IN_ROW, rows
from callflow.diagrams.svg import width_of
from callflow.proof.prove import machine
from tests.configuration.workbench import AUDIO, ROOT, Workbench
from tests.core.example import CONFIGURATION

DOCS = ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"
COMMITTED = {
    "flow.svg": [],
    "flow.mmd": ["--format", "mermaid"],
    "ladder.svg": ["--ladder"],
    "ladder.mmd": ["--ladder", "--format", "mermaid"],
}
A4 = 1.4143
STEPS = [
    SayStep(name="welcome", script="greeting", next="open"),
    HoursStep(name="open", hours=Hours(timezone="UTC", weekly=((),) * 7), next="reason", otherwise="closed"),
    SayStep(name="closed", script="closed_line", next="message"),
    MenuStep(name="reason", script="reason_menu", otherwise="desk", choices={
        "1": Choice(next="bills"), "2": Choice(next="desk"), "3": Choice(next="desk"), "9": Choice(next="welcome")}),
    MenuStep(name="bills", script="bill_menu", otherwise="desk", choices={
        "1": Choice(next="desk"), "2": Choice(next="message"), "0": Choice(next="reason")}),
    ConnectStep(name="desk", team="energy_desk", otherwise="message"),
    VoicemailStep(name="message", script="leave_message"),
]  # fmt: skip


def flow(*steps: Step) -> Flow:
    return Flow(name="front_desk", start="welcome", steps={step.name: step for step in steps})


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [tuple(float(one.attrib[name]) for name in ("x", "y", "width", "height")) for one in found]  # type: ignore[misc]


def texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, base line, width, words."""
    placed = []
    for one in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        width = width_of(one.text or "", float(one.attrib["font-size"]))
        left = float(one.attrib["x"]) - {"middle": width / 2, "end": width}.get(one.attrib.get("text-anchor", ""), 0.0)
        placed.append((left, float(one.attrib["y"]), width, one.text or ""))
    return placed


def drawn(name: str) -> str:
    if name == "ladder":
        return ladder_chart.draw(CONFIGURATION)
    return flow_chart.draw("A flow", graph.graph(CONFIGURATION, flow(*STEPS)))


@pytest.mark.parametrize("name", COMMITTED)
def test_committed_pictures_are_fresh(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(program, ["diagram", *COMMITTED[name]])
    assert done.exit_code == 0, done.output
    path = DOCS / name
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        path.write_text(done.output, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == done.output, "CALLFLOW_TESTS_REGENERATE=1 pytest tests/configuration"


@pytest.mark.parametrize("name", ["flow", "ladder"])
def test_boxes_do_not_touch(name: str) -> None:
    placed = boxes(drawn(name))
    for number, (x, y, w, h) in enumerate(placed):
        for ox, oy, ow, oh in placed[number + 1 :]:
            assert x + w < ox or ox + ow < x or y + h < oy or oy + oh < y


@pytest.mark.parametrize("name", ["flow", "ladder"])
def test_words_fit(name: str) -> None:
    """Whatever begins in a box ends in it, nothing is off the page, and no words lie on other words."""
    svg = drawn(name)
    page = [float(one) for one in ElementTree.fromstring(svg).attrib["viewBox"].split()]
    words = texts(svg)
    for left, base, width, said in words:
        assert left >= 0, said
        assert left + width <= page[2], said
        inside = [one for one in boxes(svg) if one[0] <= left + width / 2 <= one[0] + one[2]
                  and one[1] <= base <= one[1] + one[3]]  # fmt: skip
        assert all(one[0] <= left and left + width <= one[0] + one[2] for one in inside), said
    for number, (left, base, width, said) in enumerate(words):
        for other, below, wide, more in words[number + 1 :]:
            apart = left + width <= other or other + wide <= left or abs(base - below) >= 10
            assert apart, (said, more)


def test_the_ladder_fits_on_a_page() -> None:
    """A4 across: nothing becomes unreadably small when it is printed to fit."""
    _, _, width, height = (
        float(one) for one in ElementTree.fromstring(ladder_chart.draw(CONFIGURATION)).attrib["viewBox"].split()
    )
    assert width / height < A4
    assert width < 1300


def test_every_arrow_of_the_ladder_happens() -> None:
    """In the explored machine there is a way from the one stage to the other; to a step it leads through the menu."""
    through_the_menu = {S.ASKING_HOLD, S.OFFERING_SUPERVISOR, S.WARNING, S.CLOSING}
    stages = machine(CONFIGURATION, "front_desk", "desk").stages
    for one in arrows(CONFIGURATION):
        start = S.CHOOSING if one.start is S.TALKING and one.end in through_the_menu else one.start
        assert (start, one.end) in stages, one


def test_the_keys_and_seconds_are_those_that_are_set(bench: Workbench) -> None:
    bench.edit("deescalation.yaml", "seconds: 30 ", "seconds: 45 ")
    text = mermaid.ladder(bench.load())
    assert "45 s, heads-up 5 s before the end" in text
    assert "holding --> talking: 45 s" in text


def test_edges_that_lead_back_are_drawn_too() -> None:
    svg = drawn("flow")
    edges = [one for one in ElementTree.fromstring(svg).iter(f"{SVG}path") if "edge" in one.attrib.get("class", "")]
    assert len(edges) == len(graph.graph(CONFIGURATION, flow(*STEPS)).edges)


def test_what_changed_is_marked() -> None:
    old = graph.graph(CONFIGURATION, flow(*STEPS))
    bills, desk = STEPS[4], STEPS[5]
    longer = ConnectStep(name="desk", team="energy_desk", otherwise="message", wait_seconds=60)
    news = SayStep(name="news", script="news", next="desk")
    new = graph.graph(CONFIGURATION, flow(*[step for step in STEPS if step not in (bills, desk)], longer, news))
    marks = {node.name: node.mark for node in graph.compared(old, new).nodes.values()}
    assert {name: mark for name, mark in marks.items() if mark} == {
        "bills": Mark.REMOVED, "desk": Mark.CHANGED, "news": Mark.ADDED,
    }  # fmt: skip
    text = mermaid.flow("what changed", graph.compared(old, new))
    assert '"− bills<br/>' in text
    assert re.search(r"class s\d+ added", text)


def test_compare_lists_steps_and_settings(bench: Workbench, tmp_path: Path) -> None:
    bench.edit("deescalation.yaml", "grace_seconds: 15", "grace_seconds: 20")
    bench.edit("flows/front_desk.yaml", "wait_seconds: 300", "wait_seconds: 200")
    out = tmp_path / "changed.svg"
    argv = [
        "diagram",
        "--audio",
        str(bench.audio),
        "--compare",
        str(ROOT / "config"),
        str(bench.config),
        "--out",
        str(out),
    ]
    done = CliRunner().invoke(program, argv)
    assert done.exit_code == 0, done.output
    assert "~ policy.draw_the_line.grace_seconds: 15 -> 20" in done.output.splitlines()
    assert "~ flows.front_desk.steps.desk.wait_seconds: 300 -> 200" in done.output.splitlines()
    assert "~ desk" in out.read_text(encoding="utf-8")


def test_of_what_is_new_only_what_was_written_is_told(bench: Workbench) -> None:
    before = bench.load()
    bench.edit("flows/front_desk.yaml", "  message:\n", "  news: {say: greeting, next: reason}\n\n  message:\n")
    bench.edit("flows/front_desk.yaml", "    next: reason\n", "    next: news\n")
    told = changes.changes(before, bench.load())
    assert told == [
        "+ flows.front_desk.steps.news.name: news", "+ flows.front_desk.steps.news.next: reason",
        "+ flows.front_desk.steps.news.script: greeting", "+ flows.front_desk.steps.news.verb: say",
        "~ flows.front_desk.steps.welcome.next: reason -> news",
    ]  # fmt: skip


def test_nothing_changed() -> None:
    same = str(ROOT / "config")
    done = CliRunner().invoke(program, ["diagram", "--audio", str(AUDIO), "--compare", same, same])
    assert done.output == "Nothing has changed.\n"


def test_an_unknown_flow_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(program, ["diagram", "--flow", "front_dsk"])
    assert done.exit_code == 1
    assert 'there is no flow "front_dsk" (did you mean "front_desk"?)' in done.output


@pytest.fixture
def reception(bench: Workbench) -> Configuration:
    """The example with every verb, and the flow that it goes through."""
    for name in ("reception", "after_hours"):
        shutil.copyfile(DOCS / "flows" / f"{name}.yaml", bench.config / "flows" / f"{name}.yaml")
    lines = (DOCS / "flows" / "lines.yaml").read_text(encoding="utf-8")
    script = bench.config / "scripts" / "en.yaml"
    script.write_text(f"{script.read_text(encoding='utf-8').rstrip()}\n{lines}", encoding="utf-8")
    bench.edit(
        "callflow.yaml", '  "+15550100100": front_desk', '  "+15550100100": front_desk\n  "+15550100102": reception'
    )
    return bench.load()


def test_what_a_step_does_can_be_read_in_its_box(reception: Configuration) -> None:
    nodes = graph.graph(reception, reception.flows["reception"]).nodes
    assert nodes["opening"].lines == (
        "hours", "Mon 08:00-12:30, 13:30-18:00", "Tue to Thu 08:00-18:00", "Fri 08:00-18:00, 22:00-02:00",
        "Sat to Sun closed", "2 other dates", "Europe/London",
    )  # fmt: skip
    assert "asks GET crm.example.com/customers/{account}" in nodes["find"].lines
    assert "\u201cPress 1 or say bill, press 2 or \u2026\u201d" in nodes["matters"].lines
    assert nodes["matters"].words.startswith("Press 1 or say bill, press 2 or say delivery")


def test_keys_have_their_meaning_and_edges_of_their_own(reception: Configuration) -> None:
    edges = graph.graph(reception, reception.flows["reception"]).edges
    assert [(edge.label, edge.end) for edge in edges if edge.start == "matters"] == [
        ("1 a bill", "account"), ("2 a delivery", "outside"), ("3 call me back", "ring_me"), ("4", "needs"),
        ("no key", "in_words"),
    ]  # fmt: skip
    shipped = graph.graph(CONFIGURATION, flow(*STEPS)).edges
    assert [edge.label for edge in shipped if (edge.start, edge.end) == ("reason", "desk")] == ["2", "3", "no key"]


def test_a_flow_that_others_go_through_leads_back_to_them(reception: Configuration) -> None:
    assert graph.graph(reception, reception.flows["after_hours"]).nodes["(end)"].lines == ("back to reception: bye",)


def test_a_large_flow_is_readable_on_a_page(reception: Configuration) -> None:
    """A4 upright, with margins of 1.5 cm: the words are at least 7 points high."""
    svg = flow_chart.draw("A flow", graph.graph(reception, reception.flows["reception"]))
    _, _, width, height = (float(one) for one in ElementTree.fromstring(svg).attrib["viewBox"].split())
    assert flow_chart.TEXT * min(510 / width, 757 / height) >= 7
    assert not [row for row in rows(graph.graph(reception, reception.flows["reception"]))[0]
                if sum(spot.edge is None for spot in row) > MOST_IN_ROW]  # fmt: skip


def test_a_page_shows_all_words_to_whoever_points_at_a_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(program, ["diagram", "--out", str(tmp_path / "flow.html")]).exit_code == 0
    page = (tmp_path / "flow.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<title>Press 1 for a bill, or 2 for a delivery. For anything else stay on the line" in page


def test_a_picture_is_made_or_refused_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    out = tmp_path / "flow.png"
    assert CliRunner().invoke(program, ["diagram", "--out", str(out)]).exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "typst", None)
    refused = CliRunner().invoke(program, ["diagram", "--out", str(tmp_path / "other.png")])
    assert (refused.exit_code, "`make setup EXTRAS=evidence`" in refused.stderr) == (1, True)
    unknown = CliRunner().invoke(program, ["diagram", "--out", str(tmp_path / "flow.jpg")])
    assert (unknown.exit_code, "write .svg, .html, .png or .mmd" in unknown.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["flow.png"]


def test_the_shipped_flow_is_what_is_drawn() -> None:
    configuration = load(ROOT / "config", AUDIO)
    drawn_names = graph.graph(configuration, configuration.flows["front_desk"]).nodes
    assert set(configuration.flows["front_desk"].steps) <= set(drawn_names)
