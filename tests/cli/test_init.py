"""`callflow init`: what it writes passes the check, keeps its comments, and never overwrites."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from phonenumbers.shortnumberinfo import is_emergency_number

from callflow.cli import COMMANDS, program
from callflow.configuration import countries
from callflow.configuration.loading import examine, load
from callflow.configuration.templates import Staff, ids

FLAGS = {
    "--organisation": "Harbour & Sons: \"Water\"", "--number": "+442079460100", "--agent": "Björn Ó=+442079460111",
    "--supervisor": "Sam, the duty manager=+442079460121", "--security": "+442079460131", "--emergency": "999",
    "--timezone": "Europe/London",
}  # fmt: skip


def init(target: Path, changes: dict[str, str | None] | None = None, *more: str) -> Result:
    flags = {**FLAGS, **(changes or {})}
    given = [part for flag, value in flags.items() if value is not None for part in (flag, value)]
    return CliRunner().invoke(program, ["init", str(target), "--yes", *given, *more])


def test_what_is_written_has_not_even_a_warning(tmp_path: Path) -> None:
    done = init(tmp_path / "new")
    assert done.exit_code == 0, done.output
    assert not examine(tmp_path / "new/config", tmp_path / "new/audio").problems


def test_answers_are_where_they_belong(tmp_path: Path) -> None:
    init(tmp_path / "new", None, "--agent", "Ana=+442079460112")
    configuration = load(tmp_path / "new/config", tmp_path / "new/audio")
    assert configuration.organisation.name == 'Harbour & Sons: "Water"'
    assert (configuration.caller_id, dict(configuration.numbers)) == ("+442079460100", {"+442079460100": "front_desk"})
    assert configuration.teams["service_desk"].agents == ("bjorn_o", "ana")
    assert configuration.person("sam").role == "the duty manager"
    assert configuration.timezone == "Europe/London"


def test_its_rehearsals_go_as_written(tmp_path: Path) -> None:
    """With names that need quotes, and a supervisor whose id is a name in the shipped rehearsals."""
    init(tmp_path / "new", {"--agent": 'Sam "Sammy" Ó=+442079460111', "--supervisor": "Ana, the \\ boss=+442079460121"})
    done = CliRunner().invoke(program, ["simulate", "--config", str(tmp_path / "new/config"),
                                        "--audio", str(tmp_path / "new/audio")])  # fmt: skip
    assert (done.exit_code, done.output.startswith("12 of 12 calls went as written")) == (0, True), done.output


def test_whoever_opens_the_folder_reads_what_to_do(tmp_path: Path) -> None:
    init(tmp_path / "new")
    text = (tmp_path / "new/README.md").read_text("utf-8")
    assert text.startswith('# The telephone line of Harbour & Sons: "Water"\n')
    for command in re.findall(r"^    callflow (\S+)", text, re.MULTILINE):
        assert command in COMMANDS


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    done = init(tmp_path / "new", {"--number": "5550100", "--timezone": "Mars", "--agent": None})
    assert [flag for flag in ("--number", "--timezone", "--agent") if flag not in done.stderr] == []


def test_comments_are_kept(tmp_path: Path) -> None:
    init(tmp_path / "new")
    assert "# Rung when somebody presses the threat key" in (tmp_path / "new/config/people.yaml").read_text("utf-8")
    assert "# spoken as {emergency}" in (tmp_path / "new/config/callflow.yaml").read_text("utf-8")


@pytest.mark.parametrize("there", ["config", "audio"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir()
    done = init(tmp_path)
    assert done.exit_code == 1
    assert "is there already; nothing was changed." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [there]


@pytest.mark.parametrize(
    ("flag", "value", "says"),
    [
        ("--organisation", None, "--organisation is needed"),
        ("--agent", None, "--agent is needed at least once"),
        ("--agent", "Ana", "must be a name and a phone"),
        ("--number", "5550100", "must be + and digits only"),
        ("--timezone", "Mars", "must be a time zone"),
        ("--emergency", "nine", "must be 2 to 6 digits"),
        ("--security", "+442079460111", "security has the phone of the agent"),
        ("--agent", "Ana=+442079460100", "is one of our own numbers"),
    ],
)
def test_nothing_is_left_of_a_failed_attempt(tmp_path: Path, flag: str, value: str | None, says: str) -> None:
    done = init(tmp_path / "new", {flag: value})
    assert done.exit_code == 1
    assert says in done.stderr
    assert not (tmp_path / "new").exists()


def test_questions_are_asked_until_they_are_answered(tmp_path: Path) -> None:
    said = ["Acme", "5550100", "+15550100100", "Ana=+15550100111", "", "Sam=+15550100121", "", "+15550100131", "",
            "UTC", ""]  # fmt: skip
    done = CliRunner().invoke(program, ["init", str(tmp_path / "new")], input="\n".join([*said, ""]))
    assert done.exit_code == 0, done.output
    assert "It must be + and digits only" in done.stdout
    assert load(tmp_path / "new/config", tmp_path / "new/audio").person("sam").role == "a team leader"


def test_without_a_checkout_it_says_what_is_missing(tmp_path: Path) -> None:
    done = init(tmp_path / "new", None, "--from", str(tmp_path))
    assert done.exit_code == 1
    assert "give a checkout with --from" in done.stderr


def test_two_of_a_name_have_two_ids() -> None:
    people = [Staff(name=name, phone="") for name in ("Ana", "ana", "Security", "李", "7of9")]
    assert list(ids(people)) == ["ana", "ana_2", "security_2", "person", "person_7of9"]


@pytest.mark.parametrize(
    ("number", "emergency", "timezone"),
    [
        ("+4930123456", "112", "Europe/Berlin"),
        ("+442079460100", "999", "Europe/London"),
        ("+12125550100", "911", "America/New_York"),
        ("+15550100100", "911", ""),  # in no numbering plan, of a country with several time zones
        ("+81312345678", "", "Asia/Tokyo"),  # 110 is the police, 119 the ambulance: one of them is no default
        ("+18765550100", "", "America/Jamaica"),
        ("5550100", "", ""),
    ],
)
def test_a_number_says_which_emergency_number_and_time_zone(number: str, emergency: str, timezone: str) -> None:
    assert (countries.emergency_number(number), countries.timezone(number)) == (emergency, timezone)


def test_every_emergency_number_by_default_is_one_in_its_country() -> None:
    assert [one for one in countries.EMERGENCY.items() if not is_emergency_number(one[1], one[0])] == []


def test_what_the_number_says_is_proposed_and_nothing_else(tmp_path: Path) -> None:
    said = ["Acme", "+4930123456", "Ana=+4930123457", "", "Sam=+4930123458", "", "+4930123459", "", "", ""]
    done = CliRunner().invoke(program, ["init", str(tmp_path / "new")], input="\n".join([*said, ""]))
    assert done.exit_code == 0, done.output
    assert "after a threat (not an emergency number): " in done.stdout
    written = load(tmp_path / "new/config", tmp_path / "new/audio")
    assert (written.organisation.emergency_numbers.police, written.timezone) == ("112", "Europe/Berlin")
    unknown = init(tmp_path / "other", {"--number": "+81312345678", "--emergency": None, "--timezone": None})
    assert "--emergency is needed" in unknown.stderr
    assert "--timezone" not in unknown.stderr
