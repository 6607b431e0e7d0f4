"""Puts an incident file together. The same call at the same checkpoint gives the same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from callflow.core.records import record
from callflow.evidence.checkpoint import signed_text
from callflow.evidence.keys import SigningKey
from callflow.incident_file import paper, verify
from callflow.incident_file.audiences import View
from callflow.incident_file.collecting import Collected, prompt_file
from callflow.incident_file.facts import facts as facts_of
from callflow.incident_file.signing import Signer
from callflow.incident_file.vcon import VERSIONS, vcon

PROMPTS: Final = "audio/prompts"


@record
class Making:
    """``key``: of the log, None if this machine does not have it. ``url``: where prompts are served, "" if unknown.

    ``signer``: of the vCons, or why they are not signed. ``as_html``: no PDF, though it could be made.
    """

    audio: Path
    key: SigningKey | None = None
    signer: Signer | str = ""
    url: str = ""
    as_html: bool = False
    fonts: Sequence[str] = ()
    font_folders: Sequence[Path] = ()


@record
class Made:
    """``content`` of the file, and ``told``: what whoever makes it should know."""

    content: bytes
    told: Sequence[str]


def make(found: Collected, view: View, making: Making) -> Made:
    """Raises CannotExport."""
    facts = facts_of(found, view)
    shown = {one["file"]: sound for one in facts["recordings"]
             for row, sound in found.recordings if one["file"] == f"audio/{row.id}.wav"}  # fmt: skip
    files: dict[str, bytes] = {**shown, **_prompts(facts, found, making.audio)}
    vcons = {f"vcon-{version}.json": vcon(facts, files, version, making.url) for version in VERSIONS}
    plain = {name: _json(one) for name, one in vcons.items()}
    told = []
    if isinstance(making.signer, Signer):
        files |= {f"{name}.jws": making.signer.signed(plain[name], one["uuid"]) for name, one in vcons.items()}
    else:
        told.append(making.signer)
    if making.as_html or not paper.can_print():
        files["incident.html"] = paper.html(facts)
        told += [] if making.as_html else [paper.NO_TYPST]
    else:
        files["incident.pdf"] = paper.pdf(facts, plain, making.fonts, making.font_folders)
    if view.whole:
        files |= {f"configuration/{name}": text.encode(errors="surrogateescape") for name, text in found.texts.items()}
    files |= {**plain, "facts.json": _json(facts), "evidence.json": _json(_evidence(found, whole=view.whole)),
              "verify.py": Path(verify.__file__).read_bytes()}  # fmt: skip
    return Made(content=_sealed(files, making, told), told=[one for one in told if one])


def _prompts(facts: Mapping[str, Any], found: Collected, folder: Path) -> dict[str, bytes]:
    """The recordings that warnings and closings were played from, if they are still the same."""
    paths = {file["path"] for line in facts["lines"] for file in line["files"]}
    languages = found.configuration.languages.values() if found.configuration else ()
    every = [one for language in languages for script in language.scripts.values()
             for one in (*script.audio.values(), *script.pieces) if not isinstance(one, str)]  # fmt: skip
    there = {one.path: prompt_file(folder, one) for one in every if one.path in paths}
    return {f"{PROMPTS}/{path}": content for path, content in sorted(there.items()) if content}


def _evidence(found: Collected, *, whole: bool) -> dict[str, Any]:
    """What ``verify`` reads. The journal as it is hashed names people: it is for the court only."""
    proof = found.proof
    entries = {"entries": [one._asdict() for one in found.chain]} if whole else {}
    return {
        "call": found.call.id, "origin": found.origin, "head": found.head, **entries, "leaf": found.leaf._asdict(),
        "checkpoint": proof and proof.checkpoint.note, "path": [one.hex() for one in proof.path] if proof else [],
        "seen": [{"witness": one.witness, "at": one.at.isoformat(), "proof": one.proof}
                 for one in (proof.seen if proof else ())],
    }  # fmt: skip


def _sealed(files: dict[str, bytes], making: Making, told: list[str]) -> bytes:
    """The zip with its manifest, signed with the key of the log."""
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    public = making.key.public.text() if making.key else ""
    manifest = _json({"format": verify.FORMAT, "key": public, "files": hashes})
    files["manifest.json"] = manifest
    if making.key:
        text = f"{verify.FORMAT}\n{hashlib.sha256(manifest).hexdigest()}\n"
        files["manifest.note"] = signed_text(text, making.key.public, making.key.sign).encode()
    else:
        told.append("nobody has signed this file: set CALLFLOW_LOG_KEY on this machine (callflow log key)")
    return verify.zipped(files)


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
