"""`callflow doctor` beside a real server and the local provider: all good, then each fault once, with its fix."""

import gc
import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click import Command
from click.testing import CliRunner, Result

from callflow.bootstrap import system_clock
from callflow.cli.doctor import command as doctor
from callflow.cli.provision import command as provision
from callflow.doctor.examination import PARTS, examine
from callflow.doctor.findings import Finding, Level
from callflow.emulator import Emulator, RealClock
from callflow.service.ports import GatewayFailure
from callflow.web.health import HealthPages
from callflow.web.operations import OperationsListener
from tests.doctor.front import answering
from tests.e2e.servers import ROOT, SID, TOKEN, Server, environment, free_port, running
from tests.web.edge import Edge

NUMBER = "+15550100100"
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


class Place(NamedTuple):
    """A machine with a server, and the account at the provider."""

    server: Server
    emulator: Emulator
    environ: dict[str, str]

    def found(self, *parts: str, clock: Any = system_clock, **environ: str) -> list[Finding]:
        return [one for one in examine({**self.environ, **environ}, clock, parts) if one.level is not Level.GOOD]

    def only(self, check: str, **environ: str) -> Finding:
        """The only finding about this part that is not good."""
        parts = (check,) if check in PARTS else ()
        (one,) = [one for one in self.found(*parts, **environ) if one.check == check]
        return one


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("doctor")
    emulator = Emulator(account_sid=SID, auth_token=TOKEN, clock=RealClock())
    provider, document = f"http://127.0.0.1:{emulator.serve()}", "https://handler.example/twiml/EH1"
    emulator.add_number(NUMBER)
    more = {"TWILIO_API_BASE_URL": provider, "CALLFLOW_FALLBACK_DOCUMENT": document}
    with running("serve", folder, **more) as server:
        environ = environment(folder, server.port, CALLFLOW_OPERATIONS=f"127.0.0.1:{server.operations}", **more)
        assert callflow(provision, environ).exit_code == 0
        assert server.post("/voice/status", f"{server.base}/voice/status", CallStatus="completed")[0] == 204
        yield Place(server, emulator, environ)
    emulator.close()
    gc.collect()


def callflow(command: Command, environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, env=environ)


def test_a_machine_that_is_set_up_as_readme_says_has_nothing_to_fix(place: Place) -> None:
    done = callflow(doctor, place.environ)
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    assert "0 errors, 0 warnings" in done.stdout
    assert f"s ago, for {place.server.base}" in done.stdout
    found = json.loads(callflow(doctor, place.environ, "--json").stdout)
    assert {one["check"] for one in found} == {"environment", "configuration", *PARTS}
    assert {one["level"] for one in found} == {"good"}


def test_our_own_request_is_not_taken_for_one_of_the_provider(place: Place) -> None:
    def seconds_ago() -> float:
        report = json.loads(place.server.get("/readyz", port=place.server.operations)[1])
        return float(report["signed_webhooks"][place.server.base])

    before = seconds_ago()
    assert [one.level for one in examine(place.environ, system_clock, ("public-address",))] == [Level.GOOD]
    assert seconds_ago() >= before


def test_every_finding_says_what_to_do_and_the_exit_code_is_one(place: Place) -> None:
    done = callflow(doctor, {**place.environ, "TWILIO_AUTH_TOKEN": "another"})
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    wrong = [n for n, line in enumerate(lines) if line.startswith(("error", "warning"))]
    assert wrong
    assert all(lines[n + 1].startswith("         do: ") for n in wrong)
    assert "another" not in done.stdout.replace("another machine", "").replace("another key", "")


def test_a_setting_that_is_missing_is_named_before_anything_else_is_tried(place: Place) -> None:
    (one,) = place.found(CALLFLOW_SECRET_KEY="")
    assert (one.check, one.level, "CALLFLOW_SECRET_KEY is not set" in one.what) == ("environment", Level.ERROR, True)


def test_numbers_that_would_travel_unencrypted(place: Place) -> None:
    one = place.only("environment", CALLFLOW_PUBLIC_URL="http://voice.invalid")
    assert (one.level, "unencrypted" in one.what) == (Level.WARNING, True)


def test_health_that_nobody_can_see(place: Place) -> None:
    assert "CALLFLOW_OPERATIONS is off" in place.only("environment", CALLFLOW_OPERATIONS="off").what


def test_a_configuration_with_an_error(place: Place, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    file.write_text(file.read_text("utf-8").replace("caller_id:", "caller_idd:"), "utf-8")
    one = place.only("configuration", CALLFLOW_CONFIG=str(file.parent))
    assert (one.level, "callflow check" in one.fix) == (Level.ERROR, True)


def test_a_configuration_with_a_warning(place: Place, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "calendars.yaml"
    shutil.copy(ROOT / "docs" / "flows" / "calendars.yaml", file)  # which no flow names
    one = place.only("configuration", CALLFLOW_CONFIG=str(file.parent))
    assert (one.level, "the first is CF" in one.what) == (Level.WARNING, True), one


def test_a_secret_that_a_webhook_needs_and_nobody_has_set(place: Place, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    file.write_text(
        file.read_text("utf-8") + 'webhooks: {crm: {url: "https://crm.invalid", secret: CRM_SECRET}}\n', "utf-8"
    )
    one = place.only("environment", CALLFLOW_CONFIG=str(file.parent))
    assert (one.level, one.what) == (Level.ERROR, "environment variables are not set: CRM_SECRET (webhook crm)")


def test_a_sub_account_whose_webhooks_could_not_be_verified(place: Place, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    ours, sub = f'"{NUMBER}": front_desk\n', "AC" + "5" * 32
    text = file.read_text("utf-8").replace(ours, f'{ours}  "+15550100300": {{flow: front_desk, account: {sub}}}\n')
    file.write_text(text, "utf-8")
    one = place.only("environment", CALLFLOW_CONFIG=str(file.parent))
    assert f"{sub}:token" in one.fix


def test_a_recording_that_is_gone(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callflow.doctor.local.missing", lambda *_: "recordings are missing: music.wav")
    assert "put the files back" in place.only("audio").fix


def test_a_proxy_that_passes_no_recordings(place: Place) -> None:
    with answering(404) as address:
        found = {one.check: one for one in place.found("audio", "public-address", CALLFLOW_PUBLIC_URL=address)}
    assert "HTTP 404" in found["audio"].what
    assert "pass /voice/ and /audio/" in found["public-address"].fix


@pytest.mark.parametrize(("meta", "fix"), [("1", "callflow db upgrade"), ("99", "run the newer Callflow")])
def test_a_database_of_another_version(place: Place, tmp_path: Path, meta: str, fix: str) -> None:
    file = tmp_path / "calls.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")
    connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", (meta,))
    connection.commit()
    connection.close()
    file.chmod(0o600)
    assert fix in place.only("database", CALLFLOW_DATABASE_URL=f"sqlite:///{file}").what


def test_a_database_file_that_others_can_read(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "calls.db"
    file.touch(mode=0o644)
    one = place.only("database", CALLFLOW_DATABASE_URL=f"sqlite:///{file}")
    assert (one.level, one.fix) == (Level.WARNING, f"chmod 600 {file}")


def test_a_disk_that_is_nearly_full(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callflow.doctor.local.FREE_BYTES", 1 << 62)
    assert "MB are free" in place.only("database").what


@pytest.mark.postgres
def test_a_database_server_that_is_away(place: Place) -> None:
    one = place.only("database", CALLFLOW_DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/calls")
    assert (one.level, "start the database server" in one.fix) == (Level.ERROR, True)


def test_no_server_on_this_machine(place: Place) -> None:
    one = place.only("server", CALLFLOW_OPERATIONS=f"127.0.0.1:{free_port()}")
    assert (one.level, "start it" in one.fix) == (Level.WARNING, True)


def test_no_signed_webhook_has_come_and_others_were_refused(place: Place) -> None:
    edge, port = Edge(), free_port()
    edge.provider.refusal = GatewayFailure("asking for calls: no answer", advice="see the way to the internet")
    edge.post("/voice/inbound", edge.form(), base="http://of.another")
    with OperationsListener(("127.0.0.1", port), HealthPages(edge.callflow.app.extensions["callflow"])):
        found = place.found("server", CALLFLOW_OPERATIONS=f"127.0.0.1:{port}")
    told = [(one.level, one.what.partition(" (")[0].partition(":")[0]) for one in found]
    assert told == [
        (Level.ERROR, "not ready"),
        (Level.WARNING, "a webhook whose signature does not match"),
        (Level.WARNING, "recordings are missing"),
        (Level.WARNING, "no signed webhook has arrived since the server started"),
    ]
    assert "compare TWILIO_AUTH_TOKEN" in found[1].fix


def test_a_provider_that_does_not_answer(place: Place) -> None:
    found = place.found("gateway", "numbers", "clock", TWILIO_API_BASE_URL="http://127.0.0.1:9")
    assert {one.check for one in found} == {"gateway", "numbers", "clock"}
    assert "the provider cannot be reached" in next(one.fix for one in found if one.check == "gateway")


def test_a_public_address_where_nobody_answers(place: Place) -> None:
    one = place.only("public-address", CALLFLOW_PUBLIC_URL=f"http://127.0.0.1:{free_port()}")
    assert (one.level, "DNS, certificate, proxy" in one.fix) == (Level.ERROR, True)


def test_a_server_with_another_token_than_here(place: Place) -> None:
    one = place.only("public-address", TWILIO_AUTH_TOKEN="another")
    assert (one.level, "same CALLFLOW_PUBLIC_URL and TWILIO_AUTH_TOKEN" in one.fix) == (Level.ERROR, True)


def test_nothing_that_answers_while_the_server_is_down(place: Place) -> None:
    one = place.only("fallback", CALLFLOW_FALLBACK_DOCUMENT="")
    assert (one.level, "CALLFLOW_FALLBACK_DOCUMENT" in one.fix) == (Level.WARNING, True)


def test_a_fallback_on_the_same_host_falls_with_it(place: Place) -> None:
    other = f"http://localhost:{place.server.port}"
    one = place.only("fallback", CALLFLOW_FALLBACK_DOCUMENT="", CALLFLOW_FALLBACK_URL=other)
    assert (one.level, "the same host" in one.what) == (Level.WARNING, True)


def test_a_fallback_that_does_not_answer(place: Place) -> None:
    other = f"http://127.0.0.2:{free_port()}"
    one = place.only("fallback", CALLFLOW_FALLBACK_DOCUMENT="", CALLFLOW_FALLBACK_URL=other)
    assert (one.level, "start that node" in one.fix) == (Level.ERROR, True)


def test_credentials_that_are_refused_are_told_once(place: Place) -> None:
    one = place.only("gateway", TWILIO_AUTH_TOKEN="another")
    assert (one.level, "TWILIO_AUTH_TOKEN" in one.fix) == (Level.ERROR, True)


@pytest.mark.parametrize(
    ("right", "what"), [(("GET", "Conferences"), "read rooms"), (("POST", "Calls"), "begin calls")]
)
def test_a_key_that_may_not_do_what_a_call_needs(place: Place, right: tuple[str, str], what: str) -> None:
    place.emulator.exchange.restricted.add(right)
    try:
        found = place.found("gateway")
    finally:
        place.emulator.exchange.restricted.clear()
    assert f"the credentials may not {what}" in [one.what for one in found]
    assert all("TWILIO_API_KEY" in one.fix for one in found)


def test_asking_for_permissions_begins_no_call(place: Place) -> None:
    before = set(place.emulator.legs)
    place.found("gateway")
    assert set(place.emulator.legs) == before


def test_a_number_that_points_elsewhere_at_the_provider(place: Place) -> None:
    number = place.emulator.exchange.numbers[NUMBER]
    right, number.voice_url = number.voice_url, "https://old.example/voice"
    try:
        one = place.only("numbers")
    finally:
        number.voice_url = right
    assert (one.level, "voice_url" in one.what, one.fix) == (Level.ERROR, True, "run `callflow provision`")


def test_a_caller_id_that_the_account_may_not_show(place: Place, tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    file.write_text(file.read_text("utf-8").replace(f'id: "{NUMBER}"', 'id: "+15550100555"'), "utf-8")
    assert "+15550100555: missing" in place.only("numbers", CALLFLOW_CONFIG=str(file.parent)).what


@pytest.mark.parametrize(("seconds", "side"), [(30, "30 s ahead of"), (-30, "30 s behind")])
def test_a_clock_that_is_wrong(place: Place, seconds: int, side: str) -> None:
    def wrong() -> datetime:
        return system_clock() + timedelta(seconds=seconds)

    (one,) = place.found("clock", clock=wrong)
    seen = one.what.replace("29 s", "30 s").replace("31 s", "30 s")
    assert (one.level, side in seen, "timedatectl" in one.fix) == (Level.WARNING, True, True)


def test_a_trial_account_is_told_what_it_cannot_do_here(place: Place) -> None:
    place.emulator.exchange.account_type = "Trial"
    found = place.only("account")
    assert (found.level, "three legs" in found.what, "verify" in found.fix) == (Level.WARNING, True, True)
    place.emulator.exchange.account_type, place.emulator.exchange.account_status = "Full", "suspended"
    found = place.only("account")
    assert (found.level, "is suspended: no call is connected" in found.what) == (Level.ERROR, True)
    place.emulator.exchange.account_status = "active"
    assert place.found("account") == []
