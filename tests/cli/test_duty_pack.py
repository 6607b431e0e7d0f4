"""`callflow duty-pack`: figures of a year for the questions of laws, and nobody in them."""

import csv
import json
import re
import shutil
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.cli.duty_pack import house_of
from callflow.duty_pack import paper
from callflow.duty_pack.figures import Figures, counted, quantile
from callflow.duty_pack.questions import QUESTIONS
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import NAMES, Conversation
from tests.e2e.scenes import consulting, holding, steps_tried, talking, warned

ROOT = Path(__file__).parents[2]
LAWS = "duty: [jp-2026, kr, uk-2026, es-2025]\n"


def types(folder: Path, *words: str, config: Path = ROOT / "config") -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_CONFIG": str(config), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["duty-pack", *words], env=environ)


def a_year(folder: Path) -> int:
    """A hold that was kept, a supervisor who came, and a call that was closed. Returns the year."""
    url = f"sqlite:///{folder}/calls.db"
    talk = holding(talking(store=open_store(url, SECRETS)))
    talk.together("caller", "ana").noted("hold", outcome="returned on time")
    over(talk, folder)
    over(consulting(talking(store=open_store(url, SECRETS), seed=1)), folder)
    talk = warned(steps_tried(talking(store=open_store(url, SECRETS), seed=2)), "3").wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.heard("disconnect").is_off(within=2)
    return over(talk, folder)


def over(talk: Conversation, folder: Path) -> int:
    """The year of the call. Everybody is free again for the next one."""
    talk.over()
    talk.callflow.store.close()
    with sqlite3.connect(folder / "calls.db") as database:
        database.execute("DELETE FROM people")
    return talk.clock.now().year


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, Figures]:
    folder = tmp_path_factory.mktemp("pack")
    year = a_year(folder)
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    file = config / "callflow.yaml"
    file.write_text(file.read_text(encoding="utf-8") + LAWS, encoding="utf-8")
    made = types(folder, "--year", str(year), "--out", str(folder / "pack"), config=config)
    assert made.exit_code == 0, made.output
    return folder, year, counted(f"sqlite:///{folder}/calls.db", year)


def rows(folder: Path, year: int) -> dict[str, str]:
    text = (folder / "pack" / f"duty-pack-{year}.csv").read_text(encoding="utf-8")
    return dict(csv.reader(text.splitlines()))


def test_the_figures_are_those_of_the_journals(pack: tuple[Path, int, Figures]) -> None:
    found = rows(*pack[:2])
    assert (found["calls"], found["calls closed by a person"], found["closings per 1,000 calls"]) == (
        "3",
        "1",
        "333.33",
    )
    assert found["holds that ended on time"] == "1 (100.0 %)"
    assert (found["warnings heard in full"], found["incidents with remarks about who someone is"]) == ("1", "1")
    assert found["supervisors reached"] == "1"
    assert 1 <= int(found["seconds until half of them were there"]) <= 20
    assert (found["incidents"], found["incidents answered in time"]) == ("1", "0 (0.0 %)")
    assert found["breaks begun: small teams together"] == "1"
    assert (found["promises kept"], found["calls with threat"]) == ("0", "0")


def test_no_person_no_name_and_no_number_is_in_what_is_written(pack: tuple[Path, int, Figures]) -> None:
    """Rule 40. What is written into a PDF is what is written into the page."""
    folder, year, figures = pack
    house = house_of(folder / "config")
    written = (folder / "pack" / f"duty-pack-{year}.csv").read_text(encoding="utf-8")
    written += paper.html(figures, house).decode()
    agents, supervisors, reviewers = house.people.agents, house.people.supervisors, house.people.reviewers
    spoken = [one.name for one in agents.values()] + [one.name for one in supervisors.values()]
    names = {*agents, *supervisors, *reviewers, *spoken, *NAMES.values()} - {"caller", "security"}
    assert [one for one in names if re.search(rf"\b{one}\b", written)] == []
    assert re.findall(r"\+?\d{7,}", written) == []
    assert not hasattr(figures, "actors")
    assert "actor" not in json.dumps([str(figures)])


def test_every_question_of_every_law_has_an_answer(pack: tuple[Path, int, Figures]) -> None:
    folder, _, figures = pack
    page = paper.html(figures, house_of(folder / "config")).decode()
    assert [text for law in QUESTIONS.values() for text, _ in law if text not in page.replace("&#x27;", "'")] == []
    assert paper.LAWYER in page
    assert "<td></td>" not in page


def test_the_page_is_a_pdf_where_typst_is_there(pack: tuple[Path, int, Figures]) -> None:
    folder, year, figures = pack
    house = house_of(folder / "config")
    if paper.can_print():
        assert paper.pdf(figures, house).startswith(b"%PDF-")
        assert paper.pdf(figures, house) == paper.pdf(figures, house)
    name = f"duty-pack-{year}.{'pdf' if paper.can_print() else 'html'}"
    assert (folder / "pack" / name).stat().st_size > 1000


def test_what_no_font_of_typst_has_is_a_page_all_the_same(pack: tuple[Path, int, Figures]) -> None:
    folder, year, _ = pack
    figures = Figures(year)
    figures.conduct["大声"] = 1
    ending, page, why = paper.page(figures, house_of(folder / "config"))
    assert ending == "html"
    assert "大声" in page.decode()
    assert why.startswith("the pack is HTML: ")


def test_a_year_without_calls_has_no_shares(pack: tuple[Path, int, Figures], tmp_path: Path) -> None:
    folder, year, _ = pack
    made = types(folder, "--year", str(year - 1), "--out", str(tmp_path))
    assert made.output.startswith(f"0 calls of {year - 1}")
    assert "holds that ended on time,0 (-)" in (tmp_path / f"duty-pack-{year - 1}.csv").read_text(encoding="utf-8")


def test_a_team_of_two_is_told_with_other_small_ones(pack: tuple[Path, int, Figures]) -> None:
    """A break that was skipped in a team of two would be about one person."""
    folder, year, _ = pack
    figures = Figures(year)
    figures.breaks.update({("energy_desk", "skipped"): 2})
    assert f"breaks skipped: {paper.SMALL_TEAMS},2" in paper.as_csv(figures, house_of(folder / "config"))


def test_the_seconds_of_a_part() -> None:
    figures = Figures(2026)
    figures.reached.update([1, 2, 2, 9])
    assert (quantile(figures.reached, 0.5), quantile(figures.reached, 0.95)) == (2, 9)
    assert quantile(figures.answered, 0.5) is None


@pytest.mark.long
def test_a_long_year_needs_no_more_memory_than_a_short_one(pack: tuple[Path, int, Figures], tmp_path: Path) -> None:
    folder, year, figures = pack
    peaks = [_peak(folder / "calls.db", tmp_path / f"{times}.db", year, times) for times in (1_000, 10_000)]
    assert peaks[1] < 1.5 * peaks[0]
    assert figures.calls == 3


def _peak(source: Path, target: Path, year: int, times: int) -> int:
    """The most memory while so many copies of the calls are counted, in bytes."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy_of_it:
        whole.backup(copy_of_it)  # with what is only in the log yet
    with sqlite3.connect(target) as database:
        database.executescript("DROP TRIGGER IF EXISTS journal_stays; DROP TRIGGER IF EXISTS journal_is_kept;")
        (last,) = database.execute('SELECT max("row") FROM calls').fetchone()
        columns = [row[1] for row in database.execute("PRAGMA table_info(calls)") if row[1] not in ("row", "id", "sid")]
        named = ", ".join(f'"{one}"' for one in columns)
        journal = 'at, kind, actor, "key", script, version, language, outcome, details'
        for copy in range(1, times):
            more = copy * last
            database.execute(f'INSERT INTO calls ("row", id, {named}) SELECT "row" + {more}, id || \'-{copy}\', '
                             f'{named} FROM calls WHERE "row" <= {last}')  # fmt: skip
            database.execute(f"INSERT INTO journal (call, seq, {journal}) SELECT call + {more}, seq, {journal} "
                             f"FROM journal WHERE call <= {last}")  # fmt: skip
    tracemalloc.start()
    try:
        assert counted(f"sqlite:///{target}", year).calls == 3 * times
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
