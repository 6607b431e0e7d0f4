"""`callflow provision`, against the local provider over HTTP."""

import shutil
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from callflow.cli import program
from tests.branches import added
from tests.cli.test_commands import LEFT_OPEN, ROOT, local_provider, provider_settings

pytestmark = LEFT_OPEN  # connections that end with the process of a command


class Done(NamedTuple):
    """Without the traceback of a ``Result``, which would keep connections open until the next test."""

    exit_code: int
    stdout: str


def provision(*options: str, env: dict[str, str]) -> Done:
    done = CliRunner().invoke(program, ["provision", *options], env=env)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return Done(done.exit_code, done.stdout)


def test_provisioning_twice_changes_once(tmp_path: Path) -> None:
    with local_provider() as emulator:
        emulator.add_number("+15550100100", voice_url="http://old.example/voice")
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=f"http://127.0.0.1:{emulator.serve()}")
        dry = provision("--dry-run", env=ours)
        assert (dry.exit_code, "+15550100100: would change" in dry.stdout) == (0, True)
        first = provision(env=ours)
        assert (first.exit_code, "+15550100100: changed" in first.stdout) == (0, True)
        assert "http://old.example/voice -> http://127.0.0.1:8000/voice/inbound" in first.stdout
        second = provision(env=ours)
        assert (second.exit_code, second.stdout.splitlines()[0]) == (0, "+15550100100: right")
        assert "no fallback outside this process" in second.stdout
        assert "create a TwiML Bin" in second.stdout
        document = "https://handler.example/twiml/EH1"
        hosted = provision(env={**ours, "CALLFLOW_FALLBACK_DOCUMENT": document})
        assert "voice_fallback_url: http://127.0.0.1:8000/voice/fallback" in hosted.stdout
        assert f"-> {document}\n" in hosted.stdout
        assert "{{#if ask}}" in hosted.stdout
        assert "no fallback" not in hosted.stdout
        wrong = provision(env={**ours, "TWILIO_AUTH_TOKEN": "another"})
        assert (wrong.exit_code, "check the account" in wrong.stdout) == (1, True)


def test_the_domain_of_a_sip_address_is_provisioned_once(tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    both = '"+15550100100": front_desk\n  "sip:desk@example.sip.test": front_desk'
    file.write_text(file.read_text("utf-8").replace('"+15550100100": front_desk', both), "utf-8")
    with local_provider() as emulator:
        emulator.add_number("+15550100100")
        domain = emulator.add_domain("example.sip.test")
        address = f"http://127.0.0.1:{emulator.serve()}"
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=address, CALLFLOW_CONFIG=str(file.parent))
        first, second = provision(env=ours), provision(env=ours)
        assert (first.exit_code, "sip:desk@example.sip.test: changed" in first.stdout) == (0, True)
        assert (second.exit_code, "sip:desk@example.sip.test: right" in second.stdout) == (0, True)
        assert "/voice/inbound" in domain.voice_url
        assert "/voice/status" in domain.status_callback


def test_a_caller_id_that_is_not_ours_is_found_before_the_first_call(tmp_path: Path) -> None:
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    file.write_text(file.read_text("utf-8").replace('id: "+15550100100"', 'id: "+15550100555"'), "utf-8")
    with local_provider() as emulator:
        emulator.add_number("+15550100100")
        address = f"http://127.0.0.1:{emulator.serve()}"
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=address, CALLFLOW_CONFIG=str(file.parent))
        missing = provision(env=ours)
        assert (missing.exit_code, "caller_id +15550100555: missing" in missing.stdout) == (1, True)
        emulator.verify_caller_id("+15550100555")
        assert provision(env=ours).exit_code == 0


def test_numbers_of_a_sub_account_are_set_there_and_its_token_is_checked(tmp_path: Path) -> None:
    sub = "AC" + "5" * 32
    file = Path(shutil.copytree(ROOT / "config", tmp_path / "config")) / "callflow.yaml"
    added(file, '  "+15550100100": front_desk\n', f'  "+15550100300": {{flow: front_desk, account: {sub}}}\n')
    with local_provider() as emulator:
        emulator.add_number("+15550100100")
        emulator.add_sub_account(sub, "its-token")
        emulator.add_number("+15550100300", account=sub)
        address = f"http://127.0.0.1:{emulator.serve()}"
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=address, CALLFLOW_CONFIG=str(file.parent))
        main = ours["TWILIO_AUTH_TOKEN"]
        unsigned = provision(env=ours)  # the main token opens it, but signs none of its webhooks
        assert (unsigned.exit_code, f"add {sub}:token to TWILIO_AUTH_TOKEN" in unsigned.stdout) == (1, True)
        assert f"sub-account {sub}:\n+15550100300: changed" in unsigned.stdout
        known = {**ours, "TWILIO_AUTH_TOKEN": f"{main},{sub}:its-token"}
        good = provision(env=known)
        assert (good.exit_code, "+15550100300: right" in good.stdout) == (0, True)
        keyed = provision(env={**known, "TWILIO_SUBACCOUNT_KEYS": f"{sub}:SK{'b' * 32}:its-token"})
        assert (keyed.exit_code, "+15550100300: right" in keyed.stdout) == (0, True)
        wrong = provision(env={**known, "TWILIO_SUBACCOUNT_KEYS": f"{sub}:SK{'b' * 32}:{main}"})
        assert (wrong.exit_code, "TWILIO_SUBACCOUNT_KEYS" in wrong.stdout) == (1, True)
