"""What `callflow doctor` says about signing in to the pages."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from callflow.bootstrap import system_clock
from callflow.doctor.findings import Level
from callflow.doctor.sign_in import accounts
from callflow.simulator.world import World
from callflow.store import open_store
from tests.e2e.conversation import shipped


def test_the_passkey_of_whoever_has_left_is_found_with_its_command(tmp_path: Path) -> None:
    settings = replace(World().settings(tmp_path), database_url=f"sqlite:///{tmp_path}/calls.db",
                       public_url="https://calls.example.com")  # fmt: skip
    (nobody,) = accounts(settings, shipped(), system_clock)
    assert (nobody.level, "callflow people invite" in nobody.what) == (Level.GOOD, True)
    with closing(open_store(settings.database_url, settings.secrets)) as store:
        store.put_password("ana", "h", system_clock())
        store.put_password("zoe", "h", system_clock())
    found = [(one.level, one.fix) for one in accounts(settings, shipped(), system_clock)]
    assert found == [(Level.WARNING, "callflow people sign-out zoe --forget"), (Level.GOOD, "")]
    plain = replace(settings, public_url="http://calls.example.com")
    assert "is not https" in [*accounts(plain, shipped(), system_clock)][1].what
