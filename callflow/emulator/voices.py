"""Speaks with a voice that is installed on this machine, in a process of its own: flite for English, else espeak-ng."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 20.0
STRETCH = "1.2"
"""Flite speaks 202 words a minute, and 168 with this: about the 14 characters a second of `Switches.pace`."""
FLITE = {"line to a caller": "slt", "line": "awb", "caller": "kal16", "person": "rms"}
"""Lines of the app sound different from people, and lines to a caller from those to staff."""
ESPEAK = {"line to a caller": "f2", "line": "f4", "caller": "m3", "person": "m1"}
"""Variants of one voice."""


class Voices:
    """`language` is a tag ("en-GB") or its first part. Without an installed voice `name` is "", and nothing is said."""

    def __init__(self, language: str = "en") -> None:
        self._language = language.partition("-")[0].lower()
        found = ("flite",) if self._language == "en" else ()
        self.name = next((one for one in (*found, "espeak-ng") if shutil.which(one)), "")

    def speak(self, text: str, speaker: str) -> bytes:
        """A WAV file, or b"" if nothing can speak. `speaker`: line to a caller, line, caller, person."""
        if not self.name:
            return b""
        with TemporaryDirectory(prefix="emulator-voice-") as folder:
            file = Path(folder) / "said.wav"
            try:
                subprocess.run(self._command(speaker, str(file)), input=text.encode(), capture_output=True, check=True,
                               timeout=SECONDS)  # fmt: skip
                return file.read_bytes()
            except (OSError, subprocess.SubprocessError):
                return b""

    def _command(self, speaker: str, file: str) -> list[str]:
        if self.name == "flite":
            return ["flite", "-voice", FLITE[speaker], "--setf", f"duration_stretch={STRETCH}", "-o", file]
        return ["espeak-ng", "-v", f"{self._language}+{ESPEAK[speaker]}", "-s", "155", "-w", file, "--stdin"]
