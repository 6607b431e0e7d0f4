"""What pages show that takes seconds: commands in child processes, on a database that both see."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.configuration.snapshots import texts
from callflow.page_work import ChildPageWork
from callflow.runtime.child_results import ChildFailed, ChildResults
from callflow.service.page_work import Made, NoPageWork
from callflow.service.ports import Store
from callflow.settings import Settings
from callflow.store import open_store
from tests.contracts.sample import NOW, SECRETS
from tests.e2e.conversation import AUDIO, ROOT, shipped
from tests.e2e.scenes import talking, warned


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS)
    yield store
    store.close()


def work_on(store: Store, tmp_path: Path, **environment: str) -> ChildPageWork:
    settings = Settings(config=ROOT / "config", audio=AUDIO, database_url="memory:", public_url="https://a.example",
                        fallback_url="https://a.example", account_sid="AC1", secret_key="x" * 16,
                        auth_tokens={"": ("t",)})  # fmt: skip
    return ChildPageWork(settings, store, {
        "CALLFLOW_DATABASE_URL": f"sqlite:///{tmp_path}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
        "CALLFLOW_RECORDINGS": str(tmp_path / "recordings"), **environment,
    })  # fmt: skip


def waited(ask: Callable[[], Made]) -> Made:
    for _ in range(600):
        if not (made := ask()).being_made:
            return made
        time.sleep(0.1)
    raise AssertionError("it takes more than a minute")


@pytest.mark.long
def test_the_checks_of_the_configuration_in_force_are_those_of_the_command(store: Store, tmp_path: Path) -> None:
    files = texts(ROOT / "config")
    files["people.yaml"] = files["people.yaml"].replace("# reviewers: {rae: {name: Rae}, kim: {name: Kim}}",
                                                        "reviewers: {rae: {name: Rae}}")  # fmt: skip
    store.keep_configuration("d" * 64, files, NOW)
    work = work_on(store, tmp_path)
    made = waited(lambda: work.checked("d" * 64))
    assert ["people.yaml", "CF285"] in [[one["file"], one["code"]] for one in json.loads(made.content)]
    assert waited(lambda: work.checked("e" * 64)).problem == "the text of this configuration is not in the database"


@pytest.mark.long
def test_the_sound_and_the_own_file_of_a_call_are_made_by_another_process(store: Store, tmp_path: Path) -> None:
    talk = warned(talking(store=store)).over()
    store.keep_configuration(shipped().digest, texts(ROOT / "config"), talk.clock.now())
    work = work_on(store, tmp_path)
    sound = waited(lambda: work.sound(talk.call.id))
    assert sound.content.startswith(b"RIFF") or "voice" in sound.problem
    assert work.own_file(talk.call.id, "ana", begin=False).problem
    made = waited(lambda: work.own_file(talk.call.id, "ana", begin=True))
    (tmp_path / "own.zip").write_bytes(made.content)
    assert "verify.py" in "".join(ZipFile(tmp_path / "own.zip").namelist())
    assert waited(lambda: work.own_file(talk.call.id, "ben", begin=True)).problem
    talk.noted("incident_file", actor="ana")


def test_asking_again_begins_nothing_anew_and_too_much_is_refused() -> None:
    results, go, begun = ChildResults(), Event(), list[str]()

    def slow() -> bytes:
        begun.append("one")
        go.wait(10)
        return b"done"

    assert results.of("a", slow).being_made
    assert results.of("a", slow).being_made
    many = [results.of(f"more {n}", slow) for n in range(9)]
    assert "too much" in many[-1].problem
    go.set()
    assert waited(lambda: results.of("a", slow)).content == b"done"
    assert begun.count("one") <= 9


def test_a_failure_is_told_and_tried_again_after_a_while() -> None:
    now = [0.0]
    results = ChildResults(lambda: now[0])

    def failing() -> bytes:
        raise ChildFailed("no voice")

    assert waited(lambda: results.of("a", failing)) == Made(problem="no voice")
    assert results.known("a") == Made(problem="no voice")
    now[0] = 31
    assert "ask for it again" in results.known("a").problem
    assert waited(lambda: results.of("a", lambda: b"now")).content == b"now"


def test_a_rehearsal_names_the_commands_instead() -> None:
    made = NoPageWork()
    assert made.checked("d").problem.startswith("run `callflow check`: ")
    assert made.sound("c").problem.startswith("run `callflow replay --wav`: ")
    assert made.own_file("c", "ana", begin=True).problem.startswith("run `callflow incident export --for agent`: ")
    for command, option in ((("replay",), "--wav"), (("incident", "export"), "--for")):
        assert option in CliRunner().invoke(program, [*command, "--help"]).output
