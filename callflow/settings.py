"""Reads the environment into one frozen value. All problems are reported at once, with what to do about them.

Secrets never appear in the ``repr`` of Settings or in error messages.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from difflib import get_close_matches
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Self

from callflow import base_urls, credentials, log_settings, secret_files, witness_settings
from callflow.configuration.places import audio_of
from callflow.core.records import record
from callflow.variables import VARIABLES

NO_FALLBACK = (
    "no fallback outside this process: while it is down, a key that needs an answer ends that person's call and new "
    "callers are turned away; set CALLFLOW_FALLBACK_DOCUMENT (callflow provision says how) or CALLFLOW_FALLBACK_URL"
)
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
SECRET_LENGTH = 16
MOST_THREADS = 256
OPERATIONS = "127.0.0.1:8009"
PROVIDER = "twilio.com"


class SettingsError(Exception):
    """The environment is invalid or incomplete. ``problems`` has one sentence per variable, in a fixed order."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["the environment is not complete:", *(f"  {problem}" for problem in problems)]))
        self.problems = tuple(problems)


@record
class Settings:
    """The settings of the process. URLs have no trailing slash; optional values that are not set are ""."""

    config: Path = Path("config")
    audio: Path = Path("audio")
    cache: Path = Path("var/cache")
    recordings: str = "var/recordings"
    database_url: str = field(default="sqlite:///var/callflow.db", repr=False)  # may contain a password
    public_url: str = ""
    fallback_url: str = ""
    fallback_document: str = ""
    secret_key: str = field(default="", repr=False)
    secret_keys_before: tuple[str, ...] = field(default=(), repr=False)
    account_sid: str = ""
    auth_tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Tokens by sub-account SID, the account's own under "", the current one first."""
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    account_keys: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)  # by sub-account: key, secret
    api_base_url: str = "https://api.twilio.com"
    shared_keys: Mapping[str, str] = field(default_factory=dict, repr=False)  # secrets by key id
    calls_per_second: float = 1.0  # new outgoing calls; the default is the provider's
    threads: int = 16
    worker: bool = True
    operations: tuple[str, int] | None = None  # address and port of the listener for health and metrics
    operations_token: str = field(default="", repr=False)
    log: witness_settings.WitnessSettings = witness_settings.WitnessSettings()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret key and those before it, which are still accepted. Empty if there is none."""
        return (self.secret_key, *self.secret_keys_before) if self.secret_key else ()

    @property
    def without_fallback(self) -> str:
        """What does not hold if this process is down, in one line, or "" if something else answers then."""
        elsewhere = self.fallback_document or self.fallback_url != self.public_url
        return "" if elsewhere else NO_FALLBACK

    @property
    def rest_credentials(self) -> tuple[str, str]:
        """(user, password) for requests to the provider: the API key if there is one, else account SID and token."""
        if self.api_key:
            return self.api_key, self.api_secret
        return self.account_sid, next(iter(self.auth_tokens.get("", ())), "")

    @property
    def sub_accounts(self) -> tuple[str, ...]:
        """The SIDs of the sub-accounts whose token or API key is known."""
        return tuple(sorted(({*self.auth_tokens, *self.account_keys}) - {"", self.account_sid}))

    def credentials_of(self, account: str) -> tuple[str, str]:
        """(user, password) for requests about a sub-account, by its SID, or "" for the main account."""
        if account in ("", self.account_sid):
            return self.rest_credentials
        return credentials.of_sub_account(account, self.account_keys, self.auth_tokens, self.account_sid)

    def unverifiable(self, accounts: Iterable[str]) -> str:
        return credentials.unverifiable(accounts, self.auth_tokens, self.account_sid)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], need_provider: bool = True) -> Self:
        """Read all variables. Raises SettingsError.

        Commands that do not use the provider (``check``, ``diagram``) pass ``need_provider=False``: then its variables
        may be missing, but must be valid if they are set.
        """
        environ, unusable = secret_files.resolved(environ, VARIABLES)
        read = _Reader(environ, need_provider, unusable)
        config = Path(read.text("CALLFLOW_CONFIG") or "config")
        sid, public = read.account(), read.base_url("CALLFLOW_PUBLIC_URL", needed=True)
        api_key, api_secret = read.api_key()
        settings = cls(
            config=config,
            audio=Path(read.text("CALLFLOW_AUDIO") or audio_of(config)),
            cache=Path(read.text("CALLFLOW_CACHE") or "var/cache"),
            recordings=read.text("CALLFLOW_RECORDINGS") or "var/recordings",
            database_url=read.database(),
            public_url=public,
            fallback_url=read.base_url("CALLFLOW_FALLBACK_URL") or public,
            fallback_document=read.document(public),
            secret_key=read.secret_key(),
            secret_keys_before=read.secret_keys_before(),
            account_sid=sid,
            auth_tokens=read.tokens(sid),
            api_key=api_key,
            api_secret=api_secret,
            account_keys=read.account_keys(),
            api_base_url=read.api(),
            shared_keys=read.shared_keys(),
            calls_per_second=read.pace(),
            threads=read.threads(),
            worker=read.switch("CALLFLOW_WORKER"),
            operations=read.operations(),
            operations_token=read.text("CALLFLOW_OPERATIONS_TOKEN"),
            log=witness_settings.read(environ, read.problems),
        )
        read.finish()
        return settings


class _Reader:
    """Reads the variables and collects the problems, to report all of them at once."""

    def __init__(self, environ: Mapping[str, str], need_provider: bool, problems: dict[str, str]) -> None:
        self.environ, self.need_provider, self.problems = environ, need_provider, problems

    def text(self, name: str, *, needed: bool = False) -> str:
        """The value without surrounding whitespace. A blank value counts as missing."""
        value = self.environ.get(name, "").strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in credentials.QUOTES:
            return self.wrong(name, "stands in quotes, which belong to its value here: remove them")
        if not value and needed and self.need_provider:
            self.wrong(name, f"is not set: {VARIABLES[name]}")
        return value

    def wrong(self, name: str, what: str) -> str:
        self.problems.setdefault(name, f"{name} {what}")
        return ""

    def base_url(self, name: str, *, needed: bool = False) -> str:
        value = self.text(name, needed=needed)
        if not value:
            return ""
        fault = base_urls.fault(value)
        return self.wrong(name, fault) if fault else base_urls.tidied(value)

    def document(self, public: str) -> str:
        """The URL of the hosted document. It must not be ours, and not stand beside another node."""
        url = self.base_url("CALLFLOW_FALLBACK_DOCUMENT")
        if url and self.text("CALLFLOW_FALLBACK_URL"):
            return self.wrong("CALLFLOW_FALLBACK_DOCUMENT", "is set, and CALLFLOW_FALLBACK_URL too: set one of them")
        if url and base_urls.host_of(url) == base_urls.host_of(public):
            return self.wrong("CALLFLOW_FALLBACK_DOCUMENT", "is on this server: it must be hosted by the provider")
        return url

    def api(self) -> str:
        url = self.base_url("TWILIO_API_BASE_URL") or "https://api.twilio.com"
        if url.startswith("http:") and base_urls.host_of(url).endswith(PROVIDER):
            return self.wrong("TWILIO_API_BASE_URL", "must be https there: the token goes with every request")
        return url

    def database(self) -> str:
        url = self.text("CALLFLOW_DATABASE_URL") or "sqlite:///var/callflow.db"
        if url.partition("://")[0] not in DATABASES or "://" not in url:
            return self.wrong("CALLFLOW_DATABASE_URL", "must begin with sqlite:/// or postgresql://")
        if re.search(r"%(?![0-9a-fA-F]{2})", url):  # the driver's own message would contain the URL with its password
            return self.wrong("CALLFLOW_DATABASE_URL", "has a % that stands for itself: in a password write it as %25")
        return url

    def pace(self) -> float:
        try:
            pace = float(self.text("CALLFLOW_CALLS_PER_SECOND") or 1)
        except ValueError:
            pace = 0.0
        if not 0 < pace < inf:
            self.wrong("CALLFLOW_CALLS_PER_SECOND", "must be a number above 0")
        return pace

    def threads(self) -> int:
        given = self.text("CALLFLOW_THREADS") or "16"
        if not given.isdecimal() or not 1 <= int(given) <= MOST_THREADS:
            self.wrong("CALLFLOW_THREADS", f"must be a number from 1 to {MOST_THREADS}")
            return 16
        return int(given)

    def switch(self, name: str) -> bool:
        if self.text(name) not in ("", "on", "off"):
            self.wrong(name, "must be on or off")
        return self.text(name) != "off"

    def operations(self) -> tuple[str, int] | None:
        given = self.text("CALLFLOW_OPERATIONS") or OPERATIONS
        host, _, port = given.rpartition(":")
        if given == "off":
            return None
        if not base_urls.HOST.fullmatch(host) or not port.isdecimal() or not 0 < int(port) < 65536:
            self.wrong("CALLFLOW_OPERATIONS", f"must be an address and a port, like {OPERATIONS}, or off")
            return None
        return host.strip("[]"), int(port)

    def secret_key(self) -> str:
        key = self.text("CALLFLOW_SECRET_KEY", needed=True)
        if key and len(key) < SECRET_LENGTH:
            advice = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
            return self.wrong("CALLFLOW_SECRET_KEY", f"has fewer than {SECRET_LENGTH} characters; {advice}")
        return key

    def secret_keys_before(self) -> tuple[str, ...]:
        found = tuple(one.strip() for one in self.text("CALLFLOW_SECRET_KEY_BEFORE").split(",") if one.strip())
        if any(len(one) < SECRET_LENGTH for one in found):
            self.wrong("CALLFLOW_SECRET_KEY_BEFORE", f"has a secret of fewer than {SECRET_LENGTH} characters")
        return found

    def account(self) -> str:
        """The account SID. Only checked for Twilio, because compatible providers have other formats (twilio.md 9)."""
        sid = self.text("TWILIO_ACCOUNT_SID", needed=True)
        if credentials.API_KEY.fullmatch(sid):
            return self.wrong("TWILIO_ACCOUNT_SID", "is an API key (SK...): that one belongs into TWILIO_API_KEY")
        if sid and self._is_twilio() and not credentials.ACCOUNT.fullmatch(sid):
            return self.wrong("TWILIO_ACCOUNT_SID", "is not AC and 32 hex digits: copy it from the provider's console")
        return sid

    def _is_twilio(self) -> bool:
        url = self.text("TWILIO_API_BASE_URL")
        return not url or base_urls.host_of(url).endswith(PROVIDER)

    def tokens(self, account_sid: str) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for owner, token in self._entries("TWILIO_AUTH_TOKEN", "token or ACxxx:token", needed=True):
            owner = "" if owner == account_sid else owner
            found[owner] = (*found.get(owner, ()), token)
        if found and not found.get(""):
            self.wrong("TWILIO_AUTH_TOKEN", "has no token of the account itself, only of sub-accounts: add it")
        return MappingProxyType(found)

    def shared_keys(self) -> Mapping[str, str]:
        found = self._entries("TWILIO_SHARED_KEYS", "id:secret")
        if not all(name for name, _ in found):
            self.wrong("TWILIO_SHARED_KEYS", "has an entry that is not id:secret")
        return MappingProxyType(dict(found))

    def _entries(self, name: str, shape: str, *, needed: bool = False) -> list[tuple[str, str]]:
        """(owner or "", secret) for each entry of a comma-separated list."""
        text = self.text(name, needed=needed)
        if any(credentials.is_mistyped(entry.strip()) for entry in text.split(",")):
            self.wrong(name, credentials.MISTYPED)
            return []
        if (found := credentials.entries(text)) is None:
            self.wrong(name, f"is a comma-separated list of entries like {shape}, and one of them is not")
        return found or []

    def account_keys(self) -> Mapping[str, tuple[str, str]]:
        found = credentials.account_keys(self._entries("TWILIO_SUBACCOUNT_KEYS", "ACxxx:SKxxx:secret"))
        if found is None or (self._is_twilio() and not all(map(credentials.ACCOUNT.fullmatch, found))):
            self.wrong("TWILIO_SUBACCOUNT_KEYS", "has an entry that is not ACxxx:SKxxx:secret")
        return MappingProxyType(found or {})

    def api_key(self) -> tuple[str, str]:
        key, secret = self.text("TWILIO_API_KEY"), self.text("TWILIO_API_SECRET")
        if credentials.is_mistyped(secret):
            self.wrong("TWILIO_API_SECRET", credentials.MISTYPED)
        elif key and not secret:
            self.wrong("TWILIO_API_SECRET", "is not set, but TWILIO_API_KEY is: set both or neither")
        if secret and not key:
            self.wrong("TWILIO_API_KEY", "is not set, but TWILIO_API_SECRET is: set both or neither")
        if key and self._is_twilio() and not credentials.API_KEY.fullmatch(key):
            self.wrong("TWILIO_API_KEY", "is not SK and 32 hex digits: copy it from the provider's console")
        return key, secret

    def finish(self) -> None:
        """Raise SettingsError with all problems, including misspelt names, which would silently leave a default."""
        self.problems |= log_settings.problems(self.environ)
        for name in sorted(self.environ.keys() - VARIABLES.keys()):
            if name.startswith(("CALLFLOW_", "TWILIO_")):
                meant = get_close_matches(name, VARIABLES, n=1, cutoff=0.9)
                if meant and not self.text(meant[0]):
                    self.wrong(name, f"is unknown: did you mean {meant[0]}?")
        if self.problems:
            order = [*VARIABLES, *self.problems]
            raise SettingsError([self.problems[name] for name in sorted(self.problems, key=order.index)])
