"""The URLs that we pass to the provider."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from callflow.core.call import Call
from callflow.telephony.signature import is_safe_room_token
from callflow.telephony.urls import OVERRIDES, Urls, room_name

URLS = Urls("https://a.example", "https://b.example/in", "a secret of ours", overrides="")


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (URLS.leg("c7", "s2", "menu", 4), "/voice/c7/s2/4/menu"),
        (URLS.enter("c7", "caller", 9), "/voice/c7/caller/9/enter"),
        (URLS.leg_status("c7", "s2"), "/voice/c7/s2/status"),
        (URLS.room("c7"), "/voice/c7/room"),
        (URLS.inbound(), "/voice/inbound"),
        (URLS.status(), "/voice/status"),
        (URLS.audio("abc", "en/hold start.wav"), "/audio/abc/en/hold%20start.wav"),
        (URLS.music("abc", 30), "/audio/music/abc/30.wav"),
    ],
)
def test_paths(built: str, expected: str) -> None:
    assert built == "https://a.example" + expected


def test_the_fallback_of_a_node_names_the_room_and_is_signed() -> None:
    for staff in (False, True):
        parts = urlsplit(URLS.fallback("c7", staff=staff))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (parts.netloc, parts.path) == ("b.example", "/in/voice/fallback")
        assert (query["room"], query["lead"]) == ("call-c7", str(int(staff)))
        assert list(query) == sorted(query), "a provider that sorts the query signs the same URL"
        assert is_safe_room_token((URLS.secret,), "call-c7", query["sig"], lead=staff)
    assert URLS.fallback() == "https://b.example/in/voice/fallback"


def test_the_hosted_document_knows_callers_by_their_id_and_asks_staff_for_a_key() -> None:
    urls = replace(URLS, document="https://handler.example/twiml/EH1")
    assert urls.fallback() == urls.fallback("c7") == "https://handler.example/twiml/EH1"
    assert urls.fallback("c7", staff=True) == "https://handler.example/twiml/EH1?ask=c7"
    assert urls.node_fallback("call-c7", lead=True) == URLS.fallback("c7", staff=True), (
        "while only the database is away"
    )


def test_what_is_fetched_again_says_so_in_a_fragment() -> None:
    urls = Urls("https://a.example", "https://a.example", "a secret of ours")
    documents = [
        urls.enter("c7", "s2", 1),
        urls.fallback("c7"),
        urls.fallback(),
        urls.inbound(),
        urls.room("c7"),
        urls.status(),
        urls.leg_status("c7", "s2"),
    ]
    assert [url for url in documents if not url.endswith(OVERRIDES)] == []
    assert [url for url in (urls.audio("d", "a.wav"), urls.music("d", 30)) if "#" in url] == []


def test_only_unreserved_characters() -> None:
    """So that nobody on the way encodes the signed URL differently."""
    built = [URLS.enter("c7", "s2", 1), URLS.fallback("c7"), URLS.music("d", 30), URLS.leg("c-7", "s2", "é/&", 1)]
    for url in built:
        assert re.fullmatch(r"https://[a-z.]+(/[A-Za-z0-9._~%-]+)+(\?[A-Za-z0-9._~=&-]+)?", url)


def test_the_secret_is_not_shown() -> None:
    assert URLS.secret not in repr(URLS)


def test_the_room_is_named_as_in_the_core() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    call = Call(id="c7", reference="7", digest="", language="en", flow="", number="", called="", started_at=now, at=now)
    assert room_name("c7") == call.room


def every_address(urls: Urls) -> dict[str, str]:
    """Each address that ``Urls`` builds, with every parameter given. A new one must be listed here."""
    built = {
        "leg": urls.leg("c7", "s2", "menu", 4),
        "enter": urls.enter("c7", "s2", 4),
        "leg_status": urls.leg_status("c7", "s2"),
        "room": urls.room("c7"),
        "fallback": urls.fallback("c7", staff=True),
        "node_fallback": urls.node_fallback("call-c7", lead=True),
        "star": urls.star("c7", "https://b.example"),
        "inbound": urls.inbound(again=2),
        "waiting": urls.waiting("c7", "s2", begun=True),
        "status": urls.status(),
        "staff_line": urls.staff_line("c7", 4),
        "practice": urls.practice("c7", 2, "menu", 4),
        "audio": urls.audio("abc", "en/hold.wav"),
        "joined": urls.joined("hold_start", ["abc", "def"]),
        "music": urls.music("abc", 30),
        "sound": urls.sound("tick", 3),
        "spoken": urls.spoken("c1", 7),
    }
    assert built.keys() == {name for name in vars(Urls) if callable(getattr(Urls, name)) and not name.startswith("_")}
    return built


def test_the_names_of_every_query_are_in_alphabetical_order() -> None:
    """A provider that sorts the query sends what it signed."""
    hosted = replace(URLS, document="https://documents.example/bin")
    for name, url in [*every_address(URLS).items(), *every_address(hosted).items()]:
        names = [field.partition("=")[0] for field in urlsplit(url).query.split("&")]
        assert names == sorted(names), name
