"""A witness for the logs of others (C2SP's tlog-witness), which keeps the last checkpoint of each in a folder."""

import os
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from callflow import private_files
from callflow.evidence.checkpoint import Checkpoint, PublicKey, Verify, cosignature, opened
from callflow.evidence.keys import SigningKey
from callflow.evidence.witness import MOST_BYTES, PATH, SIZE_TYPE, Refused, accepted

TEXT = "text/plain; charset=utf-8"
SILENT_SECONDS = 10


class Answer(NamedTuple):
    status: int
    text: str
    kind: str = TEXT


class Witnessing:
    """``logs``: the keys that are trusted. Thread-safe; one process for a folder."""

    def __init__(self, key: SigningKey, logs: Mapping[PublicKey, Verify], folder: Path, seconds: Callable[[], int]
                 ) -> None:  # fmt: skip
        self._key, self._logs, self._folder, self._seconds = key, logs, folder, seconds
        self._lock = Lock()
        private_files.folder(folder)

    def answer(self, body: str) -> Answer:
        """Cosign a checkpoint if its log has only grown. It is kept before it is signed."""
        with self._lock:
            try:
                note = accepted(body, self._logs, self.known)
            except Refused as why:
                return Answer(why.status, why.text, SIZE_TYPE if why.size else TEXT)
            self._keep(note)
        return Answer(200, cosignature(note, self._key.public, self._key.sign, self._seconds()))

    def known(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that was signed here."""
        path = self._path(origin)
        return opened(path.read_text(encoding="utf-8"), {})[0] if path.exists() else None

    def _keep(self, note: str) -> None:
        path = self._path(note.partition("\n")[0])
        new = path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def server(host: str, port: int, witness: Witnessing) -> ThreadingHTTPServer:
    """An HTTP server that is not running yet; a proxy adds TLS."""

    class Handler(BaseHTTPRequestHandler):
        timeout = SILENT_SECONDS

        def do_POST(self) -> None:
            answer = self._answer()
            body = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self) -> Answer:
            length = self.headers.get("Content-Length", "")
            if self.path != PATH:
                return Answer(404, "only checkpoints are taken here\n")
            if not length.isdecimal() or int(length) > MOST_BYTES:
                return Answer(413, "the request is too long, or does not say how long it is\n")
            try:
                return witness.answer(self.rfile.read(int(length)).decode())
            except UnicodeDecodeError:
                return Answer(400, "the request is not text\n")

        def log_message(self, format: str, *values: object) -> None:
            sys.stderr.write(f"{self.log_date_time_string()} {format % values}\n")

    return ThreadingHTTPServer((host, port), Handler)
