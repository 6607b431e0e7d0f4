"""What leaves the house for an agent or a caller has nothing of anybody else: the bytes are searched."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.incident_file.played import WORDS, Typing, opened, play_with_sam, read, told


def everything(content: bytes) -> bytes:
    """All bytes of a file, and the text of its report if it is a PDF."""
    files = opened(content)
    found = b"\n".join([content, *files.values()])
    if "incident.pdf" in files:
        pages = PdfReader(BytesIO(files["incident.pdf"]))
        inside = [one for many in pages.attachments.values() for one in many]
        found += "\n".join(page.extract_text() for page in pages.pages).encode() + b"\n".join(inside)
    return found


def test_the_callers_copy_has_no_name_of_ours_and_no_word_of_theirs_about_it(typing: Typing) -> None:
    whole = everything(typing.made("--for", "caller"))
    for name in (b"ana", b"Ana", b"sam", b"Sam", b"ben", b"security desk"):
        assert not re.search(rb"\b" + name + rb"\b", whole), name
    assert WORDS.encode() not in whole
    assert b"+15550100111" not in whole
    assert typing.call.number.encode() in whole
    assert not any(leg.sid.encode() in whole for leg in typing.call.legs if leg.person)
    assert b"an agent" in whole
    assert told(typing.made("--for", "caller", "--html")) == []


def test_anas_copy_has_her_own_words_and_nothing_of_the_caller(typing: Typing) -> None:
    made = typing.made("--for", "agent", "--person", "ana")
    whole = everything(made)
    assert WORDS.encode() in whole
    for other in (typing.call.number.encode(), b"5550100199", b"+1555"):
        assert other not in whole, other
    assert not re.search(rb"\b[sS]am\b", whole)
    assert told(made) == []
    assert "ben was not on this call; ana was" in typing("--for", "agent", "--person", "ben").output
    assert typing("--for", "agent").exit_code == 2


def test_the_courts_copy_has_everything(typing: Typing) -> None:
    court = typing.made("--html")
    whole = everything(court)
    for part in (WORDS.encode(), typing.call.number.encode(), b"Ana", b"configuration/people.yaml", b"callflow.yaml"):
        assert part in whole
    caller, ana = read(court, "facts.json")["people"]
    assert (caller["provider_ids"], bool(ana["provider_ids"])) == ([typing.call.caller.sid], True)
    assert len(read(court, "evidence.json")["entries"]) == len(read(court, "facts.json")["timeline"])


@pytest.fixture(scope="module")
def with_sam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("with_sam") / "calls.db"
    play_with_sam(path)
    return path


@pytest.mark.long
def test_a_colleague_on_the_call_has_no_name_in_the_copies_of_others(with_sam: Path, tmp_path: Path) -> None:
    typing = Typing(with_sam, tmp_path)
    for who, names, called in (
        (("--for", "agent", "--person", "ana"), rb"\b[sS]am\b", b"a colleague"),
        (("--for", "agent", "--person", "sam"), rb"\b[aA]na\b", b"a colleague"),
        (("--for", "caller"), rb"\b([sS]am|[aA]na)\b", b"a supervisor"),
    ):
        made = typing.made(*who)
        assert told(made) == []
        whole = everything(made)
        assert not re.search(names, whole), who
        assert called in whole
    assert re.search(rb"\bSam\b", everything(typing.made()))
