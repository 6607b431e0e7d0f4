"""Whether people can sign in to the pages, and who still could although they have left."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from callflow.base_urls import host_of
from callflow.core.configuration import Configuration
from callflow.doctor.findings import Finding, good, warning
from callflow.doctor.local import SQLITE
from callflow.service.ports import StoreUnavailable
from callflow.service.viewers import roles_of
from callflow.settings import Settings
from callflow.store import open_existing
from callflow.store.errors import UnknownDatabase, WrongSchema, WrongSecret

PART = "sign-in"


def accounts(settings: Settings, found: Configuration, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Passkeys and passwords of people who are not there any more, and an address at which browsers offer none."""
    url = settings.database_url
    try:
        if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
            known = set()
        else:
            with closing(open_existing(url, settings.secrets)) as store:
                known = store.people_with_accounts()
    except (StoreUnavailable, UnknownDatabase, WrongSchema, WrongSecret):
        return  # told by ``local.database``
    gone = sorted(person for person in known if not roles_of(person, found))
    for person in gone:
        yield warning(PART, f"{person} has a passkey or a password and has left people.yaml: whoever gets this "
                      "id next would not be alone with it", f"callflow people sign-out {person} --forget")  # fmt: skip
    host = host_of(settings.public_url)
    if not settings.public_url.startswith("https:") and host != "localhost" and not host.startswith("127."):
        yield warning(PART, "CALLFLOW_PUBLIC_URL is not https: browsers offer no passkeys there, a password is "
                      "sent in clear", "put a TLS proxy before the server: README, going live")  # fmt: skip
    if known - set(gone):
        yield good(PART, f"people with a passkey or a password: {len(known - set(gone))}")
    elif not gone:
        yield good(PART, "nobody signs in to the pages yet: callflow people invite NAME")
