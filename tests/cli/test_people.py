"""`callflow people`, as a supervisor or ops type it beside a running server."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.bootstrap import system_clock
from callflow.cli import program
from callflow.configuration.convert_flows import DAYS
from callflow.service import pins
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Store
from callflow.store import open_store
from tests.contracts.sample import SECRETS, a_call, save

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/callflow.db"
    open_store(url, SECRETS).close()
    return url


def types(url: str, *words: str, config: Path = ROOT / "config") -> Result:
    environment = {"CALLFLOW_DATABASE_URL": url, "CALLFLOW_CONFIG": str(config),
                   "CALLFLOW_SECRET_KEY": SECRETS[0],
                   "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["people", *words], env=environment)


def people(url: str, *words: str, config: Path = ROOT / "config") -> dict[str, str]:
    """What the command prints, by the id of the person."""
    done = types(url, *words, config=config)
    assert done.exit_code == 0, done.output
    return {line.split()[0]: line for line in done.output.splitlines()}


def kept(store: Store) -> None:
    now, minute = system_clock(), timedelta(minutes=1)
    save(store, a_call(), people=[
        PersonPresence(person="ana", presence=Presence.ON_CALL, call="c1", since=now - minute),
        PersonPresence(person="ben", presence=Presence.COOL_DOWN, call="c1", since=now - minute, until=now + minute),
        PersonPresence(person="sam", presence=Presence.RUNG, call="c1", since=now - minute),
    ])  # fmt: skip
    store.close()


def test_everybody_is_listed_with_what_they_do(url: str) -> None:
    kept(open_store(url, SECRETS))
    found = people(url)
    assert [found[one].split()[2] for one in ("ana", "ben", "sam", "sky")] == ["talking", "resting", "rung", "free"]
    assert "since 2" in found["ana"]
    assert "until 2" in found["ben"]
    assert list(found) == ["ana", "ben", "sam", "sky"]


def test_somebody_who_goes_home_is_away_until_they_are_back(url: str) -> None:
    assert "away" in people(url, "sky", "--away")["sky"]
    assert "away" in people(url)["sky"]
    assert "away" not in people(url)["sam"]
    assert "free" in people(url, "sky", "--back")["sky"]
    assert "away" not in people(url)["sky"]


def test_who_is_on_a_call_is_away_afterwards(url: str) -> None:
    kept(open_store(url, SECRETS))
    assert people(url, "ana", "--away")["ana"].endswith("then away")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["skye", "--back"], "did you mean sky?"),
        (["x"], "there are ana, ben, sam, sky"),
        (["--away"], "say who"),
        (["sky", "--away", "--back"], "choose one"),
    ],
)
def test_a_wrong_use_is_told_in_words(url: str, words: list[str], said: str) -> None:
    done = types(url, *words)
    assert done.exit_code != 0
    assert said in done.output


def test_who_is_off_duty_is_shown_with_the_next_time_of_duty(url: str, tmp_path: Path) -> None:
    """Ana by the calendar of the house, Sam by hours of her own, which never come."""
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    today = system_clock().date()
    off = f'"{today - timedelta(days=1)} to {today + timedelta(days=1)}"'
    weekly = ", ".join(f'{day}: ["00:00-24:00"]' for day in DAYS)
    (config / "calendars.yaml").write_text(
        f"version: 1\ncalendars:\n  office: {{weekly: {{{weekly}}}, holidays: [{off}]}}\n", "utf-8"
    )
    people_file = config / "people.yaml"
    text = people_file.read_text("utf-8").replace("name: Ana,", "name: Ana, on_duty: office,")
    text = text.replace("name: Sam,", "name: Sam, on_duty: {weekly: {monday: []}},")
    people_file.write_text(text, "utf-8")
    found = people(url, config=config)
    assert found["ana"].endswith(f"off duty  until {today + timedelta(days=2)} 00:00:00Z")
    assert found["sam"].endswith("off duty")
    assert found["ben"].endswith("free")


def test_who_has_a_telephone_with_somebody_is_told_while_it_is_in_use(url: str, tmp_path: Path) -> None:
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    file = config / "people.yaml"
    file.write_text(file.read_text("utf-8").replace("+15550100112", "+15550100111"), "utf-8")
    store = open_store(url, SECRETS)
    now = system_clock()
    save(store, a_call(), people=[PersonPresence(person="ana", presence=Presence.ON_CALL, call="c1", since=now)])
    store.close()
    done = CliRunner().invoke(
        program,
        ["people"],
        env={"CALLFLOW_DATABASE_URL": url, "CALLFLOW_CONFIG": str(config), "CALLFLOW_SECRET_KEY": SECRETS[0]},
    )
    found = {line.split()[0]: line for line in done.output.splitlines()}
    assert "free" in found["ben"]
    assert found["ben"].endswith("telephone in use by Ana")
    assert "in use" not in found["ana"] + found["sam"]


def sets_pin(url: str, digits: str) -> Result:
    environment = {"CALLFLOW_DATABASE_URL": url, "CALLFLOW_CONFIG": str(ROOT / "config"),
                   "CALLFLOW_SECRET_KEY": SECRETS[0], "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["people", "pin", "ana"], input=f"{digits}\n{digits}\n", env=environment)


def test_ops_set_a_pin_that_is_never_shown(url: str) -> None:
    done = sets_pin(url, "271828")
    assert done.exit_code == 0, done.output
    assert "271828" not in done.output
    with closing(open_store(url, SECRETS)) as store:
        assert pins.matches(store.staff_pins()["ana"].hash, SECRETS, "ana", "271828")


@pytest.mark.parametrize("digits", ["1234", "111111", "345678", "987654", "12345a", "2718281828459"])
def test_a_pin_that_anybody_would_try_is_refused(url: str, digits: str) -> None:
    done = sets_pin(url, digits)
    assert done.exit_code == 1
    assert "this PIN" in done.output
    assert digits not in done.output


def test_ops_unlock_and_remove_a_pin(url: str) -> None:
    assert "ana has no PIN" in types(url, "pin", "ana", "--unlock").output
    sets_pin(url, "271828")
    with closing(open_store(url, SECRETS)) as store:
        known = store.staff_pins()["ana"]
        store.put_staff_pin(replace(known, locked_until=system_clock() + timedelta(hours=1)))
    assert "unlocked" in types(url, "pin", "ana", "--unlock").output
    with closing(open_store(url, SECRETS)) as store:
        assert store.staff_pins() == {"ana": known}
    assert "removed" in types(url, "pin", "ana", "--remove").output
    assert "did you mean ana?" in types(url, "pin", "anna").output
