"""Whether those who may use the staff line can log in."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from callflow.core.configuration import Configuration
from callflow.doctor.findings import Finding, good, warning
from callflow.doctor.local import SQLITE
from callflow.service.ports import StoreUnavailable
from callflow.settings import Settings
from callflow.store import open_existing
from callflow.store.errors import UnknownDatabase, WrongSchema, WrongSecret

PART = "staff-line"


def pins(settings: Settings, found: Configuration, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """PINs that are missing, locked, or of people who are not there any more."""
    if not found.staff_line.called:
        yield good(PART, "there is no staff line")
        return
    url = settings.database_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        known = {}
    else:
        try:
            with closing(open_existing(url, settings.secrets)) as store:
                known = store.staff_pins()
        except (StoreUnavailable, UnknownDatabase, WrongSchema, WrongSecret):
            return  # told by ``local.database``
    people = {*found.agents, *found.supervisors}
    if not people & set(known):
        yield warning(PART, "nobody has a PIN, so nobody can log in", "callflow people pin NAME")
    for person in sorted(set(known) - people):
        yield warning(PART, f"{person} has a PIN and is not in people.yaml any more",
                      f"callflow people pin {person} --remove")  # fmt: skip
    for person in sorted(one for one in people & set(known) if known[one].locked(clock())):
        yield warning(PART, f"the PIN of {person} is locked after wrong tries",
                      f"callflow people pin {person} --unlock")  # fmt: skip
    if people & set(known):
        yield good(PART, f"people with a PIN: {len(people & set(known))} of {len(people)}")
