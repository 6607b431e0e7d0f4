"""The environment: defaults, and every way in which it can be incomplete, told at once."""

from pathlib import Path

import pytest

from callflow.settings import Settings, SettingsError
from callflow.variables import VARIABLES

SID, SUB = "AC" + "1" * 32, "AC" + "2" * 32
TOKEN, NEXT = "t" * 32, "n" * 32
COMPLETE = {
    "CALLFLOW_PUBLIC_URL": "https://voice.example.com/",
    "CALLFLOW_SECRET_KEY": "sixteen letters!",
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


def read(**changes: str) -> Settings:
    return Settings.from_environment(COMPLETE | changes)


def problems(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(**changes)
    return caught.value.problems


def test_defaults() -> None:
    settings = read()
    assert settings.config == Path("config")
    assert settings.audio == Path("audio")
    assert settings.database_url == "sqlite:///var/callflow.db"
    assert settings.public_url == settings.fallback_url == "https://voice.example.com"
    assert settings.api_base_url == "https://api.twilio.com"
    assert settings.auth_tokens == {"": (TOKEN,)}
    assert settings.rest_credentials == (SID, TOKEN)
    assert settings.shared_keys == {}
    assert (settings.threads, settings.operations) == (16, ("127.0.0.1", 8009))


def test_everything_given() -> None:
    settings = read(
        CALLFLOW_CONFIG="/etc/callflow",
        CALLFLOW_AUDIO="/srv/audio",
        CALLFLOW_DATABASE_URL="postgresql://me:pw@db/callflow",
        CALLFLOW_PUBLIC_URL="HTTP://Voice.example.com:8080/in/",
        CALLFLOW_FALLBACK_URL="https://b.example.com",
        TWILIO_API_KEY="SK" + "a" * 32,
        TWILIO_API_SECRET="s3cret",
        TWILIO_API_BASE_URL="http://127.0.0.1:8901/",
        TWILIO_SHARED_KEYS="webhooks_sharedkey_1:one, webhooks_sharedkey_2:two",
        CALLFLOW_THREADS="8",
        CALLFLOW_OPERATIONS="[::1]:9000",
    )
    assert (settings.threads, settings.operations) == (8, ("::1", 9000))
    assert read(CALLFLOW_OPERATIONS="off").operations is None
    assert settings.config == Path("/etc/callflow")
    assert settings.public_url == "http://voice.example.com:8080/in"
    assert settings.fallback_url == "https://b.example.com"
    assert settings.rest_credentials == ("SK" + "a" * 32, "s3cret")
    assert settings.api_base_url == "http://127.0.0.1:8901"
    assert settings.shared_keys == {"webhooks_sharedkey_1": "one", "webhooks_sharedkey_2": "two"}


def test_tokens_rotate_and_sub_accounts_have_their_own() -> None:
    settings = read(TWILIO_AUTH_TOKEN=f"{TOKEN}, {NEXT},{SUB}:sub,{SUB}:sub2,{SID}:own,")
    assert settings.auth_tokens == {"": (TOKEN, NEXT, "own"), SUB: ("sub", "sub2")}
    assert settings.rest_credentials == (SID, TOKEN)


def test_secrets_before_the_current_one_are_accepted_while_it_is_rotated() -> None:
    settings = read(CALLFLOW_SECRET_KEY_BEFORE="sixteen letters., another sixteen..")
    assert settings.secrets == ("sixteen letters!", "sixteen letters.", "another sixteen..")
    assert read().secrets == ("sixteen letters!",)
    assert "fewer than 16" in problems(CALLFLOW_SECRET_KEY_BEFORE="sixteen letters.,short")[0]
    assert "another sixteen" not in repr(settings)


def test_who_asks_for_a_sub_account() -> None:
    """Its own key, else its own token, else the main token; never the key of the main account, which is refused."""
    key, main = {"TWILIO_API_KEY": "SK" + "a" * 32, "TWILIO_API_SECRET": "s3cret"}, ("SK" + "a" * 32, "s3cret")
    tokens = f"{TOKEN},{SUB}:sub"
    own = read(TWILIO_AUTH_TOKEN=tokens, TWILIO_SUBACCOUNT_KEYS=f"{SUB}:SK{'b' * 32}:other", **key)
    assert own.credentials_of(SUB) == ("SK" + "b" * 32, "other")
    assert read(TWILIO_AUTH_TOKEN=tokens, **key).credentials_of(SUB) == (SUB, "sub")
    assert read(**key).credentials_of(SUB) == (SID, TOKEN)
    assert own.credentials_of("") == own.credentials_of(SID) == main
    assert (own.sub_accounts, read(**key).sub_accounts) == ((SUB,), ())
    assert "other" not in repr(own)


@pytest.mark.parametrize("keys", [f"{SUB}:secret", "SK1:secret", f"{SUB}:SK1:se cret", f"AC1:SK{'b' * 32}:secret"])
def test_a_key_of_a_sub_account_that_is_misspelt_is_told(keys: str) -> None:
    (problem,) = problems(TWILIO_SUBACCOUNT_KEYS=keys)
    assert problem.startswith("TWILIO_SUBACCOUNT_KEYS")
    assert "secret" not in problem.replace("ACxxx:SKxxx:secret", "")


def test_everything_missing_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"TWILIO_AUTH_TOKEN": "  "})
    names = [problem.split()[0] for problem in caught.value.problems]
    assert names == ["CALLFLOW_PUBLIC_URL", "CALLFLOW_SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
    assert all(VARIABLES[name] in str(caught.value) for name in names)


def test_without_a_provider_nothing_is_needed_but_what_is_given_is_checked() -> None:
    settings = Settings.from_environment({}, need_provider=False)
    assert (settings.public_url, settings.account_sid, settings.rest_credentials) == ("", "", ("", ""))
    with pytest.raises(SettingsError, match="CALLFLOW_SECRET_KEY has fewer"):
        Settings.from_environment({"CALLFLOW_SECRET_KEY": "short"}, need_provider=False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CALLFLOW_PUBLIC_URL", "voice.example.com", "must begin with https://"),
        ("CALLFLOW_PUBLIC_URL", "ftp://voice.example.com", "must begin with https://"),
        ("CALLFLOW_PUBLIC_URL", "https://me:pw@voice.example.com", "user or password"),
        ("CALLFLOW_PUBLIC_URL", "https://voice.example.com/?a=1", "query or fragment"),
        ("CALLFLOW_PUBLIC_URL", "https://voice.example.com#a", "query or fragment"),
        ("CALLFLOW_PUBLIC_URL", "https://my_voice.example.com", "underscore"),
        ("CALLFLOW_PUBLIC_URL", "https://stra\u00dfe.example.com", "xn--"),
        ("CALLFLOW_PUBLIC_URL", "https://", "no readable host"),
        ("CALLFLOW_PUBLIC_URL", "https://a.example.com/a b", "path of other characters"),
        ("CALLFLOW_PUBLIC_URL", "https://a.example.com:port", "cannot be read"),
        ("CALLFLOW_FALLBACK_URL", "https://b_b.example.com", "underscore"),
        ("CALLFLOW_SECRET_KEY", "fifteen letters", "token_urlsafe"),
        ("CALLFLOW_DATABASE_URL", "postgres://me:pw@db/callflow", "postgresql://"),
        ("CALLFLOW_DATABASE_URL", "var/callflow.db", "sqlite:///"),
        ("CALLFLOW_DATABASE_URL", "postgresql://me:s3cret%zz@db/callflow", "write it as %25"),
        ("CALLFLOW_CALLS_PER_SECOND", "fast", "a number above 0"),
        ("CALLFLOW_CALLS_PER_SECOND", "0", "a number above 0"),
        ("CALLFLOW_CALLS_PER_SECOND", "inf", "a number above 0"),
        ("CALLFLOW_THREADS", "0", "a number from 1 to 256"),
        ("CALLFLOW_THREADS", "many", "a number from 1 to 256"),
        ("CALLFLOW_OPERATIONS", "8009", "like 127.0.0.1:8009, or off"),
        ("CALLFLOW_OPERATIONS", "127.0.0.1:70000", "like 127.0.0.1:8009, or off"),
        ("CALLFLOW_CALLS_PER_SECND", "30", "did you mean CALLFLOW_CALLS_PER_SECOND"),
        ("TWILIO_ACCOUNT_SID", "SK" + "1" * 32, "TWILIO_API_KEY"),
        ("TWILIO_ACCOUNT_SID", "AC123", "32 hex digits"),
        ("TWILIO_AUTH_TOKEN", f"{SUB}:", "comma-separated"),
        ("TWILIO_AUTH_TOKEN", ":token", "comma-separated"),
        ("TWILIO_AUTH_TOKEN", "two words", "has a blank"),
        ("TWILIO_AUTH_TOKEN", '"token"', "stands in quotes"),
        ("TWILIO_AUTH_TOKEN", "'token'", "stands in quotes"),
        ("TWILIO_AUTH_TOKEN", 'old,"new"', "a quote"),
        ("TWILIO_AUTH_TOKEN", "to\u00a0ken", "has a blank"),
        ("TWILIO_AUTH_TOKEN", "to\tken", "has a blank"),
        ("TWILIO_AUTH_TOKEN", "to\u200bken", "another character"),
        ("TWILIO_SHARED_KEYS", "id:'secret'", "a quote"),
        ("CALLFLOW_SECRET_KEY", '"a secret of sixteen"', "stands in quotes"),
        ("CALLFLOW_PUBLIC_URL", '"https://voice.example.com"', "stands in quotes"),
        ("TWILIO_AUTH_TOKEN", f"{SUB}:token", "of the account itself"),
        ("TWILIO_API_SECRET", "s3cret", "both or neither"),
        ("TWILIO_API_KEY", "SK" + "1" * 32, "both or neither"),
        ("TWILIO_API_BASE_URL", "http://api.twilio.com", "https"),
        ("TWILIO_SHARED_KEYS", "only-a-secret", "id:secret"),
        ("CALLFLOW_DATABSE_URL", "postgresql://db/callflow", "did you mean CALLFLOW_DATABASE_URL"),
    ],
)
def test_malformed(name: str, value: str, said: str) -> None:
    (problem,) = problems(**{name: value})
    assert said in problem


def test_an_api_key_of_another_shape_is_refused_only_by_twilio() -> None:
    (problem,) = problems(TWILIO_API_KEY="key", TWILIO_API_SECRET="s3cret")
    assert "SK and 32 hex digits" in problem
    other = {"TWILIO_API_BASE_URL": "http://127.0.0.1:8901", "TWILIO_ACCOUNT_SID": "7d4a-uuid"}
    assert read(TWILIO_API_KEY="key", TWILIO_API_SECRET="s3cret", **other).account_sid == "7d4a-uuid"


def test_secrets_are_never_shown() -> None:
    settings = read(
        CALLFLOW_DATABASE_URL="postgresql://me:pass-word@db/callflow",
        TWILIO_API_KEY="SK" + "a" * 32,
        TWILIO_API_SECRET="api-secret",
        TWILIO_SHARED_KEYS="id:shared-secret",
        CALLFLOW_OPERATIONS_TOKEN="token-of-ops",
    )
    secrets = ("token-of-ops", "pass-word", "api-secret", "shared-secret", TOKEN, COMPLETE["CALLFLOW_SECRET_KEY"])
    assert not [secret for secret in secrets if secret in repr(settings)]
    text = str(problems(TWILIO_AUTH_TOKEN="secret one", CALLFLOW_SECRET_KEY="tiny", TWILIO_SHARED_KEYS="hush"))
    assert not [secret for secret in ("secret one", "tiny", "hush") if secret in text]


def test_a_document_that_the_provider_hosts() -> None:
    settings = read(CALLFLOW_FALLBACK_DOCUMENT="https://handler.twilio.com/twiml/EH1")
    assert settings.fallback_document == "https://handler.twilio.com/twiml/EH1"
    assert settings.without_fallback == ""


def test_the_document_is_not_on_this_server_and_not_beside_another_node() -> None:
    bin = "https://handler.twilio.com/twiml/EH1"
    assert "on this server" in problems(CALLFLOW_FALLBACK_DOCUMENT="https://voice.example.com/x")[0]
    both = problems(CALLFLOW_FALLBACK_DOCUMENT=bin, CALLFLOW_FALLBACK_URL="https://b.example.com")
    assert both == ("CALLFLOW_FALLBACK_DOCUMENT is set, and CALLFLOW_FALLBACK_URL too: set one of them",)
    assert "query" in problems(CALLFLOW_FALLBACK_DOCUMENT=f"{bin}?ask=1")[0]


def test_without_a_fallback_outside_this_process_one_line_says_so() -> None:
    line = read().without_fallback
    assert line.startswith("no fallback outside this process")
    assert "\n" not in line
    assert read(CALLFLOW_FALLBACK_URL="https://b.example.com").without_fallback == ""


def test_a_log_can_only_be_written_as_text_or_json() -> None:
    assert problems(CALLFLOW_LOG_FORMAT="xml", CALLFLOW_LOG_LEVEL="loud") == (
        "CALLFLOW_LOG_FORMAT must be one of text, json",
        "CALLFLOW_LOG_LEVEL must be one of info, debug, warning, error",
    )
    assert read(CALLFLOW_LOG_FORMAT="JSON", CALLFLOW_LOG_LEVEL="Warning") == read()
