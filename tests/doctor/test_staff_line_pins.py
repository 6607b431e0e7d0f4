"""What `callflow doctor` says about the PINs of the staff line."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from callflow.bootstrap import system_clock
from callflow.core.staff_line.pins import Pin
from callflow.doctor.findings import Level
from callflow.doctor.staff_line import pins
from callflow.simulator.world import World
from callflow.store import open_store
from tests.e2e.conversation import shipped
from tests.e2e.staff_lines import with_staff_line


def test_a_missing_a_locked_and_an_old_pin_are_found_each_with_its_command(tmp_path: Path) -> None:
    settings = replace(World().settings(tmp_path), database_url=f"sqlite:///{tmp_path}/calls.db")
    (nobody,) = pins(settings, with_staff_line(), system_clock)
    assert (nobody.level, nobody.fix) == (Level.WARNING, "callflow people pin NAME")
    with closing(open_store(settings.database_url, settings.secrets)) as store:
        store.put_staff_pin(Pin(person="ana", hash="a:b", locked_until=system_clock() + timedelta(hours=1)))
        store.put_staff_pin(Pin(person="zoe", hash="a:b"))
    found = [(one.level, one.fix) for one in pins(settings, with_staff_line(), system_clock)]
    assert found == [(Level.WARNING, "callflow people pin zoe --remove"),
                     (Level.WARNING, "callflow people pin ana --unlock"), (Level.GOOD, "")]  # fmt: skip
    assert [one.level for one in pins(settings, shipped(), system_clock)] == [Level.GOOD]
