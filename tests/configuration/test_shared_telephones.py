"""Three in a shop share a mobile, and say so: whose telephone it is, instead of the same digits twice."""

import pytest

from callflow.configuration.snapshots import people_file, shared_telephones, texts
from tests.configuration.breaking import PEOPLE
from tests.configuration.workbench import Workbench

BEN, SAM, SKY = '"+15550100112"', '"+15550100121"', '"+15550100122"'


def test_two_who_share_a_mobile_say_so_and_nobody_warns_them(bench: Workbench) -> None:
    bench.edit(PEOPLE, BEN, "ana")
    assert bench.problems() == []
    found = bench.load()
    assert found.agents["ben"].phone == found.agents["ana"].phone == "+15550100111"
    assert found.shared_telephones["ben"] == {"ana", "ben"}
    assert shared_telephones(texts(bench.config))["ana"] == {"ana", "ben"}


def test_the_extension_is_taken_along(bench: Workbench) -> None:
    bench.edit(PEOPLE, '"+15550100111"', '"+15550100111", extension: "ww204"')
    bench.edit(PEOPLE, BEN, "ana")
    assert bench.load().agents["ben"].extension == "ww204"


def test_a_third_one_may_name_the_second(bench: Workbench) -> None:
    bench.edit(PEOPLE, BEN, "ana")
    bench.edit(PEOPLE, SAM, "ben")
    assert bench.problems() == []
    assert people_file(texts(bench.config)).supervisors["sam"].phone == "+15550100111"


def test_the_same_digits_twice_may_be_mistyped(bench: Workbench) -> None:
    bench.edit(PEOPLE, BEN, '"+15550100111"')
    (found,) = bench.problems()
    assert found.endswith('busy for both while one talks; if they share it, write "phone: ana"')


def test_help_must_have_another_telephone(bench: Workbench) -> None:
    bench.edit(PEOPLE, SAM, "ana")
    bench.edit(PEOPLE, SKY, "ana")
    found = bench.problems()
    assert len(found) == 2
    assert all("CF126" in one and "that agent would ring alone" in one for one in found)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("anna", 'there is no person "anna" (did you mean "ana"?); write a number or whose telephone it is'),
        ("ben", '"ben" has no telephone; write a number or whose telephone it is'),
    ],
)
def test_nobody_has_that_telephone(bench: Workbench, written: str, said: str) -> None:
    bench.edit(PEOPLE, BEN, written)
    (found,) = bench.problems()
    assert found.endswith(f"CF020 {said}")


def test_a_circle_of_telephones_has_none(bench: Workbench) -> None:
    bench.edit(PEOPLE, BEN, "ana")
    bench.edit(PEOPLE, '"+15550100111"', "ben")
    assert [one.partition(" CF020 ")[2].partition(";")[0] for one in bench.problems()] == [
        '"ben" has no telephone', '"ana" has no telephone',
    ]  # fmt: skip
