"""Whatever ops type, paste or break: a configuration or its problems, never a traceback. 2,080 edits (260 if quick)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from callflow.configuration.loading import examine
from tests.configuration.workbench import Workbench

EDITS_A_SEED, SEEDS = 260, 8
FILES = (
    "callflow.yaml", "people.yaml", "deescalation.yaml", "guidance.yaml", "flows/front_desk.yaml",
    "flows/every_verb.yaml", "calendars.yaml",
)  # fmt: skip
CALENDARS = (Path(__file__).parents[2] / "docs" / "flows" / "calendars.yaml").read_text(encoding="utf-8")
EVERY_VERB = """\
version: 1
variables:
  account: {description: the account number, default: unknown}
  customer: {description: from the other system}
start: hours
steps:
  hours:
    hours: {timezone: Europe/London, weekly: {monday: ["09:00-17:00"], friday: ["22:00-02:00"]},
            holidays: ["2026-12-25"]}
    open: again
    closed: message
  again: {hours: office, open: pick, closed: message}
  pick: {language: reason_menu, languages: {"1": en, "2": en}, next: number, otherwise: number}
  number: {ask: greeting, into: account, digits: {least: 3, most: 8}, next: look, otherwise: desk, attempts: 2}
  look:
    lookup: "https://crm.example.com/customers/{account}"
    wait: connecting
    method: POST
    headers: {Authorization: $CRM_TOKEN}
    body: {account: "{account}"}
    values: {customer: customer.name}
    next: inside
    failed: desk
    timeout_seconds: 5
    retries: 1
  inside: {flow: front_desk, next: desk}
  desk:
    connect: energy_desk
    priority: 3
    offer: reason_menu
    choices: {"1": {next: promise, words: [call me, later]}}
    otherwise: promise
  promise: {call_back: energy_desk, next: outside, otherwise: message}
  outside: {forward: "+15550100777", ring_seconds: 20, otherwise: message}
  message: {voicemail: leave_message}
"""
LONG = "scripts/en.yaml"
"""Takes ten times as long to read as the others, and is of one kind of line: it is broken less often."""
SCRAPS = (
    "", ":", "- ", "  ", "{", "}", "[", '"', "'", "#", "&a ", "*a", "!b ", "<<: ", "? ", "| ", "\t", "\0", "null",
    "{}", "[]", "1", "-7", "1e999", "0x1F", "0123", "true", "~", "{agent}", "steps:", "version: 1", "é", "%YAML 9",
    "...", "---", "2001-13-45", "99999999999999999999", "start: x", "!!int x", "!!set {a}", "=", "\\", "\u2028",
    "\ufeff", "+1911", '"+15550100100"', ".nan", "-.inf", "1:30:00", "0o17", "yes", "{conduct}", "press 7", "☎", "<x>",
    "\U0001f600", "a" * 700, "[[[[", "!!python/object:os.system", "2: 3: 4", "- - - -", "? ? ?", "٣", "../../etc",
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.ci), *range(1, SEEDS)])
@pytest.mark.usefixtures("quick")
def test_no_edit_breaks_more_than_the_configuration(bench: Workbench, seed: int) -> None:
    dice = random.Random(seed)
    (bench.config / "flows/every_verb.yaml").write_text(EVERY_VERB, encoding="utf-8")
    (bench.config / "calendars.yaml").write_text(CALENDARS, encoding="utf-8")
    for _ in range(EDITS_A_SEED):
        file = LONG if dice.random() < 0.06 else dice.choice(FILES)
        path = bench.config / file
        before = path.read_bytes()
        path.write_bytes(spoiled(before, dice))
        examined = examine(bench.config, bench.audio)
        assert examined.configuration or examined.problems
        assert all(one.line >= 1 and one.column >= 1 and one.message and one.fix for one in examined.problems)
        path.write_bytes(before)


def spoiled(content: bytes, dice: random.Random) -> bytes:
    """One to three edits, most of them of lines, as slips of the hand are; some as a broken disk makes them."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        content = dice.choice((lines, lines, lines, characters, values, truncation, binary))(content, dice)
    return content


def lines(content: bytes, dice: random.Random) -> bytes:
    found = content.decode("utf-8", "replace").splitlines(keepends=True) or ["\n"]
    at = dice.randrange(len(found))
    line, scrap = found[at], dice.choice(SCRAPS)
    cut = dice.randrange(len(line) + 1)
    found[at] = dice.choice([
        "", line * 2, line[:cut] + scrap + line[cut:], line[:cut] + line[cut + 1 :], line[:cut] + scrap + "\n",
        f"  {line}", line.lstrip(), line.replace(": ", f": {scrap} ", 1), line.replace('"', ""), dice.choice(found),
    ])  # fmt: skip
    return "".join(found).encode()


def characters(content: bytes, dice: random.Random) -> bytes:
    text = list(content.decode("utf-8", "replace")) or [" "]
    for _ in range(dice.randrange(1, 5)):
        text[dice.randrange(len(text))] = dice.choice("abz019:{}[]\"'#&*!|>%@`,-? \n\té\0")
    return "".join(text).encode()


def values(content: bytes, dice: random.Random) -> bytes:
    """Swap what stands behind two keys, or put a scrap there."""
    found = content.decode("utf-8", "replace").splitlines(keepends=True)
    keyed = [at for at, line in enumerate(found) if ": " in line]
    if len(keyed) < 2:
        return content
    first, second = dice.sample(keyed, 2)
    (key, _, value), (other, _, swapped) = (found[at].partition(": ") for at in (first, second))
    found[first] = f"{key}: {dice.choice((swapped, dice.choice(SCRAPS) + chr(10)))}"
    found[second] = f"{other}: {value}"
    return "".join(found).encode()


def truncation(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def binary(content: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.randbytes(dice.randrange(1, 9)) + content[at + dice.randrange(4) :]


@pytest.mark.usefixtures("quick")
def test_a_recording_of_any_bytes_is_a_problem_at_most(bench: Workbench, tmp_path: Path) -> None:
    dice = random.Random(0)
    sound = (bench.audio / "en/warning_final_1.wav").read_bytes()
    own = tmp_path / "own"
    (own / "en").mkdir(parents=True)
    for content in broken_sounds(sound, dice):
        (own / "en/warning_final_1.wav").write_bytes(content)
        assert examine(bench.config, own).problems


def broken_sounds(sound: bytes, dice: random.Random) -> Iterator[bytes]:
    for _ in range(30):
        at = dice.randrange(60)
        yield sound[:at] + dice.randbytes(4) + sound[at + 4 : 4000]
        yield sound[: dice.randrange(100)]
