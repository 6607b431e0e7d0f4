"""The report on paper: a PDF for archives and screen readers, with the vCon inside; and what is signed beside it."""

import json
import shutil
import subprocess
from base64 import b64decode, urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jws
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter
from pypdf import PdfReader

from callflow.core.recordings import RecordingKind
from callflow.core.records import record
from callflow.core.transcription import Purpose
from callflow.incident_file import paper
from callflow.incident_file.audiences import Audience, View
from callflow.incident_file.collecting import CannotExport, Sources, collect
from callflow.incident_file.pack import Making, make
from callflow.incident_file.signing import Signer, signer_of
from callflow.service.recordings import Recording, RecordingState
from callflow.service.transcripts import Transcript, TranscriptState
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import shipped
from tests.incident_file.played import KEY, ROOT, Typing, opened, read

SPKI = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def printed(database: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return Typing(database, tmp_path_factory.mktemp("printed")).made()


def test_the_report_is_for_archives_and_for_screen_readers(printed: bytes) -> None:
    pages = PdfReader(BytesIO(opened(printed)["incident.pdf"]))
    told_of = pages.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    for claim in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in told_of
    assert pages.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert pages.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]
    first = pages.pages[0].extract_text()
    assert "The warning of" in first
    assert "was heard in full" in first
    assert "The journal" not in first


def test_the_vcon_is_inside_the_report(printed: bytes) -> None:
    files = opened(printed)
    attached = PdfReader(BytesIO(files["incident.pdf"])).attachments
    assert {name: content for name, (content,) in attached.items()} == {
        name: files[name] for name in ("vcon-0.4.0.json", "vcon-0.5.0.json")
    }


def test_the_report_is_printed_alike_each_time(database: Path, tmp_path: Path) -> None:
    typing = Typing(database, tmp_path)
    assert typing.made() == typing.made("--checkpoint", "1", name="again.zip")


def test_a_validator_agrees(printed: bytes, tmp_path: Path) -> None:
    verapdf = shutil.which("verapdf")
    if not verapdf:
        pytest.skip("veraPDF, which needs Java, is not installed; typst has checked the report while printing it")
    (tmp_path / "incident.pdf").write_bytes(opened(printed)["incident.pdf"])
    for flavour in ("3a", "ua1"):
        done = subprocess.run([verapdf, "--flavour", flavour, "incident.pdf"], cwd=tmp_path, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert 'isCompliant="true"' in done.stdout, done.stdout


def test_words_that_no_font_has_are_told_with_a_way_out(printed: bytes) -> None:
    facts = read(printed, "facts.json") | {"organisation": "例のエネルギー"}
    with pytest.raises(CannotExport, match="--font NAME --fonts FOLDER, or --html"):
        paper.pdf(facts, {})
    assert "例のエネルギー" in paper.html(facts).decode()


def pem(key: Any) -> bytes:
    """A key and a certificate of it, in one PEM file."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Energy")])
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(begin).not_valid_after(end).sign(key, hashes.SHA256()))  # fmt: skip
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return bytes(private + made.public_bytes(Encoding.PEM))


def test_the_vcon_is_signed_with_the_certificate_beside_it(database: Path, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (tmp_path / "vcon.pem").write_bytes(pem(key))
    typing = Typing(database, tmp_path, CALLFLOW_VCON_PEM=str(tmp_path / "vcon.pem"))
    files = opened(typing.made("--html"))
    for name in ("vcon-0.4.0.json", "vcon-0.5.0.json"):
        signed = json.loads(files[f"{name}.jws"])
        (header,) = [one["header"] for one in signed["signatures"]]
        public = x509.load_der_x509_certificate(b64decode(header["x5c"][0])).public_key()
        assert public == key.public_key()
        registry = JWSRegistry(header_registry={"uuid": HeaderParameter("uuid", "str")}, algorithms=["RS256"])
        registry.max_payload_length = 10_000_000
        jws.deserialize_json(signed, RSAKey.import_key(public.public_bytes(*SPKI)), registry=registry)
        payload = signed["payload"]
        assert urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == files[name]
        assert header["uuid"] == json.loads(files[name])["uuid"]
    assert typing.made("--html", "--checkpoint", "1", name="again.zip") == (tmp_path / "file.zip").read_bytes()


def test_a_key_that_cannot_sign_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert signer_of("") == "the vCons are not signed: CALLFLOW_VCON_PEM is not set"
    with pytest.raises(CannotExport, match="signs differently each time: use RSA or Ed25519"):
        Signer(pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(CannotExport, match="must be a PEM file with an unencrypted private key and its certificates"):
        Signer(b"nothing of the kind")
    with pytest.raises(CannotExport, match="cannot be read"):
        signer_of(str(tmp_path / "vcon.pem"))


@record
class Heard:
    """Recordings of Ana and of the caller, with their words, in files for each audience."""

    files: dict[str, dict[str, bytes]]


@pytest.fixture(scope="module")
def heard(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    typing = Typing(database, tmp_path_factory.mktemp("heard"))
    typing.made("--html")
    store = open_store(typing.environ["CALLFLOW_DATABASE_URL"], SECRETS)
    (call,) = store.calls(live=False)
    found = collect(Sources(store=store, audio=ROOT / "audio", recording=lambda id: None, loaded=lambda _: shipped()),
                    call)  # fmt: skip
    store.close()
    kept = [(Recording(id=f"{call.id}-{number}", call=call.id, kind=kind, person=person, provider_id="RE1",
                       state=RecordingState.FETCHED, at=call.at, seconds=3, hash="00", length=4), sound)
            for number, kind, person, sound in ((8, RecordingKind.NOTE, "ana", b"ANA SPEAKS"),
                                                (9, RecordingKind.CALL, "caller", b"CALLER SPEAKS"))]  # fmt: skip
    said = [Transcript(recording=one.id, call=call.id, purpose=Purpose.NOTE, state=TranscriptState.MADE, at=call.at,
                       engine="vosk", version="0.3", text=f"words of {one.person}") for one, _ in kept]  # fmt: skip
    over = Transcript(recording=kept[1][0].id, call=call.id, purpose=Purpose.TALK_OVER, state=TranscriptState.MADE,
                      at=call.at, engine="webrtcvad", seconds=1.5)  # fmt: skip
    found = replace(found, recordings=kept, transcripts=[*said, over])
    making = Making(audio=ROOT / "audio", key=KEY, as_html=True)
    views = {one: View(audience=one, person="ana" if one is Audience.AGENT else "", call=call,
                       configuration=found.configuration) for one in Audience}  # fmt: skip
    return Heard(files={one.value: opened(make(found, view, making).content) for one, view in views.items()})


@pytest.mark.parametrize(
    ("audience", "theirs", "others"),
    [("court", [b"ANA SPEAKS", b"CALLER SPEAKS"], []), ("agent", [b"ANA SPEAKS"], [b"CALLER SPEAKS"]),
     ("caller", [b"CALLER SPEAKS"], [b"ANA SPEAKS"])],
)  # fmt: skip
def test_everybody_gets_their_own_voice(heard: Heard, audience: str, theirs: list[bytes], others: list[bytes]) -> None:
    sounds = [content for name, content in heard.files[audience].items() if name.endswith(".wav")]
    assert [one for one in (b"ANA SPEAKS", b"CALLER SPEAKS") if one in sounds] == theirs
    assert not any(one in content for one in others for content in heard.files[audience].values())


def test_what_a_machine_wrote_down_is_a_draft(heard: Heard) -> None:
    vcon = json.loads(heard.files["court"]["vcon-0.5.0.json"])
    assert [(one["vendor"], one["schema"], one["body"]) for one in vcon["analysis"]] == [
        ("vosk", "machine draft", "words of ana"), ("vosk", "machine draft", "words of caller")]  # fmt: skip
    assert [one["body"] for one in json.loads(heard.files["caller"]["vcon-0.5.0.json"])["analysis"]] == [
        "words of caller"
    ]
    assert "(a draft, no statement of anybody)" in heard.files["court"]["incident.html"].decode()
