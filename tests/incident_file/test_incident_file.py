"""A file about a call leaves the house, and whoever gets it can tell whether it is what was written then."""

import hashlib
import json
import random
import shutil
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from callflow.evidence.checkpoint import signed_text
from callflow.evidence.keys import SigningKey, new_key, signing_key
from callflow.incident_file import paper, verify
from callflow.incident_file.vcon import VERSIONS
from callflow.store import open_store
from tests.contracts.sample import SECRETS, a_call, save
from tests.incident_file.played import KEY, ROOT, WORDS, Typing, elsewhere, opened, read, told
from tests.incident_file.vcon_schema import schema

PUBLIC = KEY.public.text()


def test_the_court_verifies_it_without_us(court: bytes, tmp_path: Path) -> None:
    code, said = elsewhere(court, tmp_path)
    assert code == 0, said
    assert "NOT AS IT WAS MADE" not in said
    for held in ("files are those of the manifest", "manifest was signed", "entries of the journal follow",
                 "report tells the entries", "leaf of the log is that of this call",
                 "checkpoint was signed"):  # fmt: skip
        assert held in said
    assert f"fingerprint: {hashlib.sha256(KEY.public.raw).hexdigest()}" in said
    assert "not proved: that what was entered is true" in said
    assert elsewhere(court, tmp_path, "--key", PUBLIC)[0] == 0


def test_a_judge_reads_first_that_the_warning_was_heard_in_full(court: bytes) -> None:
    page = opened(court)["incident.html"].decode()
    first, _, rest = page.partition("<h2>The steps as they were lived</h2>")
    assert rest
    warning, closing = read(court, "facts.json")["lines"]
    (file,) = warning["files"]
    for proof in ("Ana warned the caller because of remarks about who someone is, by key 3. It was played in full.",
                  "caller, answer: no.", "We still want to help, but we are close to ending this call", file["sha256"],
                  f"{warning['elapsed_seconds']} s of at least {warning['needed_seconds']} s",
                  "not measured"):  # fmt: skip
        assert proof in first
    assert hashlib.sha256(opened(court)[f"audio/prompts/{file['path']}"]).hexdigest() == file["sha256"]
    assert warning["elapsed_seconds"] >= warning["needed_seconds"]
    assert closing["in_full"]
    assert closing["text"].startswith("This call ends because remarks about who someone is continued.")


def signed(files: dict[str, bytes], manifest: Any, key: SigningKey = KEY) -> dict[str, bytes]:
    """The files with another manifest, signed by somebody who has a key."""
    content = json.dumps(manifest).encode()
    text = f"{verify.FORMAT}\n{hashlib.sha256(content).hexdigest()}\n"
    return files | {"manifest.json": content, "manifest.note": signed_text(text, key.public, key.sign).encode()}


def smaller(court: bytes) -> dict[str, bytes]:
    """A file with fewer and smaller files, to be quick, that holds like the whole one."""
    files = {name: content for name, content in opened(court).items() if len(content) < 20_000}
    for name in [one for one in files if one.startswith("audio/") and not one.endswith("values/9.wav")]:
        del files[name]
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: one for name, one in manifest["files"].items() if name in files}
    return signed(files, manifest)


def test_every_file_that_was_changed_removed_or_added_is_named(court: bytes) -> None:
    files = smaller(court)
    assert told(verify.zipped(files)) == []
    for name in files.keys() - {"manifest.json", "manifest.note"}:
        without = {one: content for one, content in files.items() if one != name}
        at = len(files[name]) // 2
        flipped = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]
        for edited, fault in (({**files, name: flipped}, f"{name}: was changed"), (without, f"{name}: was removed"),
                              ({**without, f"{name}.x": files[name]}, f"{name}.x: was added")):  # fmt: skip
            faults = told(verify.zipped(edited))
            assert fault in faults or (name.endswith(".json") and faults[0].startswith("broken")), name


def resealed(files: dict[str, bytes], **changed: Any) -> dict[str, bytes]:
    """Somebody edits JSON files, and makes the manifest fit; they do not have the key."""
    edited = files | {f"{name}.json": json.dumps(value).encode() for name, value in changed.items()}
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {name: hashlib.sha256(edited[name]).hexdigest() for name in manifest["files"]}
    return edited | {"manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("text", "evidence.json, entry 8: was changed, added, removed or reordered"),
        ("order", "evidence.json, entry 8: was changed, added, removed or reordered"),
        ("removed", "evidence.json, entry 8: was changed, added, removed or reordered"),
        ("last", "evidence.json: the last entries were removed, or the head was changed"),
        ("origin", "evidence.json, entry 1: was changed, added, removed or reordered"),
        ("leaf", "evidence.json: the path does not lead from the leaf to the checkpoint"),
        ("head", "evidence.json: the leaf is not that of this journal"),
        ("path", "evidence.json: the path does not lead from the leaf to the checkpoint"),
        ("checkpoint", "evidence.json: the signature of the checkpoint is wrong"),
        ("signature", "evidence.json: the signature of the checkpoint is wrong"),
    ],
)
def test_whoever_makes_the_manifest_fit_is_found_out_all_the_same(court: bytes, what: str, fault: str) -> None:
    evidence = read(court, "evidence.json")
    entries = evidence["entries"]
    match what:
        case "text":
            entries[7]["text"] = entries[7]["text"].replace('"no"', '"yes"')
        case "order":
            entries[7:9] = reversed(entries[7:9])
        case "removed":
            del entries[7]
        case "last":
            del entries[-1]
        case "origin" | "head":
            evidence[what] = evidence[what][:-1] + "x"
        case "leaf":
            evidence["leaf"]["body"] = evidence["leaf"]["body"].replace('"ended"', '"live"')
        case "path":
            evidence["path"] = ["00" * 32]
        case "checkpoint":
            evidence["checkpoint"] = evidence["checkpoint"].replace("\n1\n", "\n2\n", 1)
        case "signature":
            body, _, lines = evidence["checkpoint"].partition("\n\n")
            first, second = lines.splitlines()
            evidence["checkpoint"] = f"{body}\n\n{second}\n{first[:-6]}AAAA{first[-2:]}\n"
    faults = told(verify.zipped(resealed(opened(court), evidence=evidence)))
    assert fault in faults
    assert "manifest.json: was changed, or its signature was" in faults


def test_a_report_that_tells_another_story_than_the_journal_is_named(court: bytes) -> None:
    facts = read(court, "facts.json")
    facts["timeline"][7]["outcome"] = "yes"
    heard = next(one for one in facts["timeline"] if one["outcome"] == "heard in full")
    heard["details"]["elapsed_seconds"] = 99
    faults = told(verify.zipped(resealed(opened(court), facts=facts)))
    assert "facts.json, entry 8: another outcome than in the journal" in faults
    assert f"facts.json, entry {heard['seq']}: another detail elapsed_seconds than in the journal" in faults


def test_a_file_that_was_signed_anew_by_somebody_else_has_another_fingerprint(court: bytes, tmp_path: Path) -> None:
    other = signing_key(new_key("callflow.example/log", lambda count: bytes([9]) * count))
    files = opened(court)
    forged = verify.zipped(signed(files, json.loads(files["manifest.json"]) | {"key": other.public.text()}, other))
    assert "evidence.json: the signature of the checkpoint is wrong" in told(forged)  # the log was not signed by them
    code, said = elsewhere(forged, tmp_path, "--key", PUBLIC)
    assert code == 1
    assert "manifest.json: its key is not the one that you gave" in said
    assert hashlib.sha256(KEY.public.raw).hexdigest() not in said


def test_no_signature_at_all_does_not_pass_unnoticed(court: bytes) -> None:
    files = opened(court)
    del files["manifest.note"]
    assert told(verify.zipped(files)) == ["nobody has signed this file: whoever had it could have changed it"]
    assert told(verify.zipped(files), unsigned=True) == []


def test_no_byte_of_the_zip_can_be_changed_unnoticed(court: bytes) -> None:
    random.seed(7)
    whole = verify.zipped(smaller(court))
    assert told(whole) == []
    assert told(whole + b"x") == ["the zip around the files was changed, or has a file twice"]
    for _ in range(60):
        at = random.randrange(len(whole))
        assert told(whole[:at] + bytes([whole[at] ^ (1 << random.randrange(8))]) + whole[at + 1 :]), at


def test_it_is_made_again_byte_for_byte_for_the_same_checkpoint(typing: Typing) -> None:
    first = typing.made("--html")
    assert typing.made("--html", "--checkpoint", "1", name="again.zip") == first
    later = typing.made("--html", name="later.zip")  # it has the entries about the first two
    assert len(read(later, "facts.json")["timeline"]) == len(read(first, "facts.json")["timeline"]) + 2
    refused = typing("--checkpoint", "77")
    assert "nothing of this call was new in checkpoint 77; there is 1, 2" in refused.output


def test_who_took_it_for_whom_and_why_is_in_the_journal(typing: Typing) -> None:
    made = typing.made("--html")
    (entry,) = typing.entries()
    assert (entry.actor, entry.outcome, entry.details["reason"]) == ("sam", "court", "the court asked for it")
    assert entry.details["sha256"] == hashlib.sha256(made).hexdigest()
    assert typing("--reason", " ").exit_code == 2
    assert len(typing.entries()) == 1
    assert (typing.folder / "file.zip").stat().st_mode & 0o077 == 0
    assert b"the court asked for it" not in typing.path.read_bytes()


@pytest.mark.parametrize("who", [("--for", "court"), ("--for", "caller"), ("--for", "agent", "--person", "ana")])
def test_the_call_is_a_vcon_in_both_versions(typing: Typing, who: tuple[str, ...]) -> None:
    made = typing.made("--html", *who)
    for version in VERSIONS:
        assert_vcon(read(made, f"vcon-{version}.json"), version, who)


def assert_vcon(found: Any, version: str, who: tuple[str, ...]) -> None:
    assert [*Draft7Validator(schema(version), format_checker=FormatChecker()).iter_errors(found)] == []
    assert found["parties"][0]["role"] == "caller"
    assert ("tel" in found["parties"][0]) == ("agent" not in who)
    assert ("redacted" in found) == ("court" not in who)
    warning = found["dialog"][1]
    assert warning["application"].startswith("warning: warning_final@")
    assert warning["content_hash"].startswith("sha512-")
    events = found["events"] if version == "0.5.0" else found["dialog"][0]["party_history"]
    kind = "type" if version == "0.5.0" else "event"
    assert [one["button"] for one in events if one[kind] == "keydown"] == ["1", "1", "2", "3", "1"]
    assert {"consent", "tamper evidence"} <= {one["purpose"] for one in found["attachments"]}


def test_where_prompts_are_served_the_vcon_points_at_them(database: Path, tmp_path: Path) -> None:
    typing = Typing(database, tmp_path, CALLFLOW_PUBLIC_URL="https://voice.example.com")
    warning = read(typing.made("--html"), "vcon-0.5.0.json")["dialog"][1]
    sound = read((tmp_path / "file.zip").read_bytes(), "facts.json")["lines"][0]["files"][0]
    assert warning["url"] == f"https://voice.example.com/audio/{sound['sha256']}/{sound['path']}"
    assert "body" not in warning


def test_without_the_key_of_the_log_it_says_that_nobody_has_signed(database: Path, tmp_path: Path) -> None:
    typing = Typing(database, tmp_path, CALLFLOW_LOG_KEY="")
    done = typing("--html")
    assert "nobody has signed this file" in done.output
    assert "no checkpoint of the log has this call" in done.output
    made = (tmp_path / "file.zip").read_bytes()
    assert told(made) == ["nobody has signed this file: whoever had it could have changed it"]
    code, said = elsewhere(made, tmp_path, "--unsigned")
    assert code == 0, said
    assert "no checkpoint was signed" in said


def test_without_the_extra_there_is_html_and_the_reason(typing: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "find_spec", lambda name: None if name == "typst" else util.find_spec(name))
    done = typing()
    assert "the report is HTML; for PDF `make setup EXTRAS=evidence`" in done.output
    assert "incident.html" in opened((typing.folder / "file.zip").read_bytes())


def test_a_prompt_that_was_replaced_since_is_left_out_and_the_report_says_so(typing: Typing, tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    shutil.copytree(ROOT / "audio", folder)
    other = (folder / "en/warning_final_2.wav").read_bytes()
    (folder / "en/warning_final_3.wav").write_bytes(other)
    typing.environ["CALLFLOW_AUDIO"] = str(folder)
    made = typing.made("--html")
    warning, _ = read(made, "facts.json")["lines"]
    assert warning["text"].startswith("We still want to help")  # the words stand in the configuration of the call
    assert warning["files"] == []
    assert "audio/prompts/en/warning_final_3.wav" not in opened(made)
    page = opened(made)["incident.html"].decode()
    assert "not known: spoken by a voice, or replaced since" in page
    assert "Prompts have changed since the call" in page


def test_after_an_erasure_a_file_has_nobodys_words_and_still_verifies(typing: Typing) -> None:
    store = open_store(typing.environ["CALLFLOW_DATABASE_URL"], SECRETS)
    store.erase(typing.call.id)
    store.close()
    made = typing.made("--html")
    assert told(made) == []
    whole = b"".join(opened(made).values())
    assert WORDS.encode() not in whole
    assert typing.call.number.encode() not in whole


def test_what_cannot_be_exported_says_why(typing: Typing) -> None:
    known = typing.reference
    typing.reference = "ZZZZ"
    assert "no call 'ZZZZ'" in typing().output
    typing.reference = known
    store = open_store(typing.environ["CALLFLOW_DATABASE_URL"], SECRETS)
    live = a_call("live", reference="4F7K", digest=typing.call.digest)
    save(store, live)
    store.close()
    typing.reference = "4F7K"
    assert "call 4F7K is not over" in typing().output
