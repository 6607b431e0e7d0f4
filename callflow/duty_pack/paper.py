"""The pack as sections, and as CSV, PDF (typst, with the extra `evidence`) or HTML where typst is not there."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from callflow import extras
from callflow.configuration.laws import LAWS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.duty_pack.figures import ANSWERED_SECONDS, Figures, quantile, share
from callflow.duty_pack.questions import QUESTIONS, House

LEAST_TEAM: Final = 3
"""A team with fewer agents is told together with other small ones, so that no figure is about one person."""
SMALL_TEAMS: Final = "small teams together"
LAWYER: Final = "Callflow gives figures and settings, and no legal advice: a lawyer decides what the law asks of you."
NO_TYPST: Final = f"the pack is HTML; for PDF {extras.how('evidence')} (typst)"
FONTS: Final = ("Libertinus Serif", "New Computer Modern")
"""Those in typst's own wheel: the same on every machine."""
TEMPLATE: Final = Path(__file__).with_name("pack.typ")
Row = tuple[str, str]


class CannotPrint(Exception):
    """typst is there, and refuses; the message says why."""


class Section(NamedTuple):
    title: str
    rows: Sequence[Row]


def title(figures: Figures, house: House) -> str:
    return f"{house.callflow.organisation.name}: duty pack {figures.year}"


def sections(figures: Figures, house: House) -> list[Section]:
    laws = [Section(f"Questions of the law: {LAWS[law]}", [(text, answer(figures, house))
            for text, answer in QUESTIONS[law]]) for law in dict.fromkeys(house.callflow.duty)]  # fmt: skip
    return [*laws, *_figures(figures, house)]


def _figures(figures: Figures, house: House) -> Iterator[Section]:
    conduct = [(f"incidents with {name}", str(count)) for name, count in sorted(figures.conduct.items())]
    locks = [(f"calls with {name}", str(figures.counts[name])) for name in ("safeguarding", "threat", "relief")]
    waited, soon = sum(figures.answered.values()), figures.answered_soon
    answered = [("callers who waited and were answered", str(waited)),
                (f"of them within {ANSWERED_SECONDS} seconds", f"{soon} ({share(soon, waited)})"),
                ("calls on which a notice of recording was heard", str(figures.counts["recording notices"])),
                ("calls on which recording was agreed to", str(figures.counts["recording agreed"]))]  # fmt: skip
    yield Section("Calls", [("calls", str(figures.calls)), *answered, *conduct, *locks])
    yield Section("The three steps", [*_steps(figures)])
    yield Section("Supervisors", [
        ("supervisors reached", str(sum(figures.reached.values()))),
        ("seconds until half of them were there", _seconds(quantile(figures.reached, 0.5))),
        ("seconds until 95 % of them were there", _seconds(quantile(figures.reached, 0.95))),
        ("calls on which none was reached", str(figures.counts["supervisor not reached"])),
    ])  # fmt: skip
    yield Section("Afterwards", [*_afterwards(figures)])
    yield Section("Breaks", [*_breaks(figures, house)])


def _steps(figures: Figures) -> Iterator[Row]:
    holds, on_time = figures.holds, figures.holds_on_time
    yield "holds", str(holds)
    yield "holds that ended on time", f"{on_time} ({share(on_time, holds)})"
    for outcome in (NoteOutcome.HEARD_IN_FULL, NoteOutcome.CUT_SHORT):
        yield f"warnings {outcome}", str(figures.of(NoteKind.WARNING, outcome))
    yield "calls closed by a person", str(figures.closings)
    yield "closings per 1,000 calls", f"{1000 * figures.closings / figures.calls:.2f}" if figures.calls else "-"


def _afterwards(figures: Figures) -> Iterator[Row]:
    yield "incidents", str(figures.incidents)
    yield "incidents answered in time", (f"{figures.answered_in_time} "
                                         f"({share(figures.answered_in_time, figures.incidents)})")  # fmt: skip
    for outcome in ("no action", "apology", "warning letter", "refer"):
        yield f"incidents answered with {outcome}", str(figures.of("incident", outcome))
    for name in ("kept", "late", "withdrawn"):
        yield f"promises {name}", str(figures.counts[f"promises {name}"])
    for name in ("proposed", "decided", "refused", "appealed", "appeal granted", "appeal refused", "lifted"):
        yield f"contact restrictions {name}", str(figures.restrictions[name])


def _breaks(figures: Figures, house: House) -> Iterator[Row]:
    by_team: dict[tuple[str, str], int] = {}
    for (team, outcome), count in figures.breaks.items():
        known = house.people.teams.get(team)
        name = team if known and len(set(known.agents)) >= LEAST_TEAM else SMALL_TEAMS
        by_team[name, outcome] = by_team.get((name, outcome), 0) + count
    words = {NoteOutcome.BEGUN: "begun", NoteOutcome.LONGER: "made longer", NoteOutcome.SHORTER: "made shorter",
             NoteOutcome.SKIPPED: "skipped"}  # fmt: skip
    for team in sorted({team for team, _ in by_team} or {SMALL_TEAMS}):
        for outcome, word in words.items():
            yield f"breaks {word}: {team}", str(by_team.get((team, outcome), 0))


def _seconds(found: int | None) -> str:
    return "-" if found is None else str(found)


def as_csv(figures: Figures, house: House) -> str:
    """Two columns, figure and value; figures only."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("figure", "value"))
    for one in _figures(figures, house):
        writer.writerows(one.rows)
    return text.getvalue()


def can_print() -> bool:
    return find_spec("typst") is not None


def page(figures: Figures, house: House) -> tuple[str, bytes, str]:
    """The ending of its name, the page, and why it is no PDF, "" if it is one."""
    if not can_print():
        return "html", html(figures, house), NO_TYPST
    try:
        return "pdf", pdf(figures, house), ""
    except CannotPrint as why:
        return "html", html(figures, house), str(why)


def pdf(figures: Figures, house: House) -> bytes:
    """Raises CannotPrint."""
    typst = import_module("typst")
    told = {"title": title(figures, house), "note": LAWYER, "fonts": FONTS, "year": figures.year,
            "sections": [one._asdict() for one in sections(figures, house)]}  # fmt: skip
    with TemporaryDirectory(prefix="callflow-duty-pack-") as name:
        folder = Path(name)
        (folder / "pack.json").write_text(json.dumps(told), encoding="utf-8")
        (folder / "pack.typ").write_bytes(TEMPLATE.read_bytes())
        try:
            made = typst.compile(str(folder / "pack.typ"), root=name, format="pdf", ignore_system_fonts=True,
                                 pdf_standards=["a-3a", "ua-1"], timestamp=0)  # fmt: skip
        except typst.TypstError as error:  # above all a character that is in none of the fonts
            raise CannotPrint(f"the pack is HTML: typst could not print it ({error})") from None
    return bytes(made)


def html(figures: Figures, house: House) -> bytes:
    name = escape(title(figures, house))
    style = "body{font:16px/1.4 serif;max-width:60em;margin:2em auto}td,th{text-align:left;padding:.2em .6em}"
    parts = [f"<h1>{name}</h1><p>{escape(LAWYER)}</p>", *map(_html, sections(figures, house))]
    head = f'<meta charset="utf-8"><title>{name}</title><style>{style}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'.encode()


def _html(one: Section) -> str:
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in one.rows)
    return f"<h2>{escape(one.title)}</h2><table><tbody>{rows}</tbody></table>"
