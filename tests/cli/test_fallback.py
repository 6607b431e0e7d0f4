"""What the commands say about a fallback outside the process."""

from pathlib import Path

from tests.cli.test_commands import LEFT_OPEN, callflow, local_provider, provider_settings

DOCUMENT = "https://handler.example/twiml/EH1"


@LEFT_OPEN
def test_provision_says_that_there_is_none_and_how_to_have_one(tmp_path: Path) -> None:
    with local_provider() as emulator:
        emulator.add_number("+15550100100")
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=f"http://127.0.0.1:{emulator.serve()}")
        done = callflow("provision", env=ours)
        assert (done.returncode, done.stdout.count("no fallback outside this process")) == (0, 1)
        assert "create a TwiML Bin" in done.stdout


@LEFT_OPEN
def test_provision_prints_the_document_and_points_the_numbers_at_it(tmp_path: Path) -> None:
    with local_provider() as emulator:
        emulator.add_number("+15550100100", voice_fallback_url="http://old.example/fallback")
        ours = provider_settings(tmp_path, TWILIO_API_BASE_URL=f"http://127.0.0.1:{emulator.serve()}",
                                 CALLFLOW_FALLBACK_DOCUMENT=DOCUMENT)  # fmt: skip
        done = callflow("provision", env=ours)
        assert f"voice_fallback_url: http://old.example/fallback -> {DOCUMENT}\n" in done.stdout
        assert f'action="{DOCUMENT}?join={{{{ask}}}}"' in done.stdout
        assert "no fallback" not in done.stdout
